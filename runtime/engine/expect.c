/* Expectations: whether what is expected holds, and the values that made it fail. See session.h.
 * In a script one that fails ends the run; in a test it is taken down and the test goes on. */
#include "lang/base/civil.h"
#include "runtime/engine/mandates.h"
#include "runtime/engine/parts.h"

#include <string.h>

/* ---- the values that a condition read: its parts that are no constants, each once, with the words of the policy ---- */

struct reading {
    struct session *session;
    struct buffer *out;
    int shown;
};
enum { VALUES_SHOWN = 8, KEYS_SHOWN = 3 };

static bool is_logic(const struct texpr *expression) {
    return expression->kind == TEXPR_AND || expression->kind == TEXPR_OR || expression->kind == TEXPR_NOT || expression->kind == TEXPR_IN ||
           (expression->kind == TEXPR_OPERATION && expression->type.kind == TYPE_BOOL) || expression->kind == TEXPR_IS_KNOWN || expression->kind == TEXPR_IS_MISSING;
}

/* Writes "`words` is " with what goes before it; false when that was said, or enough was. */
static bool begin_value(struct reading *reading, const char *words, const char *verb) {
    const char *said = arena_format(reading->session->arena, "`%s` %s ", words, verb);
    if (strstr(buffer_string(reading->out), said) || reading->shown++ >= VALUES_SHOWN)
        return false;
    buffer_add_format(reading->out, "%s%s", reading->out->length ? ", " : "", said);
    return true;
}

static const char *words_of(struct reading *reading, const struct texpr *expression) {
    return session_source_words(reading->session, expression->span);
}

/* "" when it cannot be had. */
static const char *key_of(struct reading *reading, struct record_type *record, int64_t id) {
    struct failure ignored = {0};
    const char *key;
    session_key_of(reading->session, record, id, reading->session->arena, &key, &ignored);
    return key;
}

static void show_record(struct reading *reading, const char *words, const struct texpr *expression) {
    struct value id;
    struct failure failure = {0};
    if (!session_evaluate(reading->session, expression, &id, &failure) || !begin_value(reading, words, "is"))
        return;
    if (id.kind == VALUE_MISSING)
        buffer_add_string(reading->out, "—");
    else
        buffer_add_format(reading->out, "`%s`", key_of(reading, expression->type.record, id.integer));
}

/* Of `exists C` the elements. */
static void show_elements(struct reading *reading, const struct texpr *collection) {
    int64_t *ids;
    int count;
    struct failure failure = {0};
    if (!session_collect_ids(reading->session, collection, &ids, &count, &failure) || !begin_value(reading, words_of(reading, collection), count ? "holds" : "is"))
        return;
    if (count == 0)
        buffer_add_string(reading->out, "empty");
    for (int i = 0; i < count && i < KEYS_SHOWN; i++)
        buffer_add_format(reading->out, "%s`%s`", i ? ", " : "", key_of(reading, collection->type.element->record, ids[i]));
    if (count > KEYS_SHOWN)
        buffer_add_format(reading->out, " and %d more", count - KEYS_SHOWN);
}

/* The elements of loops that a condition is about. One without a name of its own goes by its record type. */
static bool show_element(const struct texpr *part, void *context) {
    struct reading *reading = context;
    for (int i = 0; part->kind == TEXPR_VARIABLE && part->type.kind == TYPE_RECORD && i < reading->session->bindings.count; i++)
        if (reading->session->bindings.items[i].variable == part->variable) {
            const char *words = words_of(reading, part);
            show_record(reading, part->variable->name && strcmp(words, part->variable->name) == 0 ? words : part->type.record->name, part);
        }
    return true;
}

static void show_values(struct reading *reading, const struct texpr *expression) {
    if (is_logic(expression)) {
        for (int i = 0; i < expression->argument_count; i++)
            show_values(reading, expression->arguments[i]);
        return;
    }
    if (expression->kind == TEXPR_AGGREGATE && expression->aggregate == AGGREGATE_EXISTS && expression->source->type.element->kind == TYPE_RECORD) {
        show_elements(reading, expression->source);
        return;
    }
    if (expression->type.kind == TYPE_RECORD && expression->kind != TEXPR_REFERENCE) {
        show_record(reading, words_of(reading, expression), expression);
        return;
    }
    if (expression->kind == TEXPR_CONSTANT || expression->kind == TEXPR_REFERENCE || expression->type.kind == TYPE_COLLECTION)
        return;
    struct value value;
    struct failure failure = {0};
    if (session_evaluate(reading->session, expression, &value, &failure) && begin_value(reading, words_of(reading, expression), "is"))
        value_write(reading->out, value, expression->type, VALUE_SHOWN);
}

/* ---- what a rule finds, and why ---- */

static void say_not_in_force(struct session *session, const struct trule *rule, struct buffer *out) {
    bool is_early = session->options.today < rule->effective_from;
    buffer_add_format(out, "`%s` is in force %s ", rule->name, is_early ? "from" : "until");
    date_write(out, is_early ? rule->effective_from : rule->effective_until);
    buffer_add_string(out, ", and the day is ");
    date_write(out, session->options.today);
}

/* The part that decided, with its values; where all conditions hold, the values of `when`. */
static void explain_rule(struct session *session, const struct trule *rule, int64_t id, struct buffer *out) {
    struct buffer values = {0};
    struct reading reading = {session, &values, 0};
    struct failure failure = {0};
    struct part_list parts = parts_of_rule(session->arena, rule);
    enum part_state *states = ARENA_ARRAY(session->arena, enum part_state, parts.count + 1);
    int kept = session->bindings.count;
    session_bind(session, rule->element, value_int(id));
    bool good = parts_look(session, &parts, states, &failure), holds = good && parts_hold(&parts, states);
    for (int i = 0; good && i < parts.count; i++) {
        const struct part *part = &parts.items[i];
        bool decided = states[i] != PART_UNSEEN && (states[i] == PART_HOLDS) == (part->kind == PART_EXCEPTION);
        if (decided && part->kind == PART_EXCEPTION)
            buffer_add_format(out, "the exception \"%s\" applies", part->label);
        else if (decided)
            buffer_add_format(out, "`%s` does not hold", session_source_words(session, part->condition->span));
        if (decided || (holds && part->kind == PART_WHEN))
            show_values(&reading, part->condition);
    }
    session->bindings.count = kept;
    if (values.length)
        buffer_add_format(out, "%s%s", out->length ? ": " : "", buffer_string(&values));
    buffer_free(&values);
}

bool session_expect_outcome(struct session *session, const struct tcommand *command, bool *holds, struct buffer *values, struct failure *failure) {
    const struct trule *rule = program_find_rule(session->program, command->name);
    struct value id;
    if (!session_evaluate(session, command->value, &id, failure))
        return false;
    if (!rule_is_in_force(session, rule)) {
        *holds = false;
        say_not_in_force(session, rule, values);
        return true;
    }
    if (!session_rule_finds(session, rule, id.integer, holds, failure))
        return false;
    if (*holds == command->negated)
        explain_rule(session, rule, id.integer, values);
    return true;
}

/* ---- what a mandate requires ---- */

/* What it is instead. */
static bool expect_state(struct session *session, const struct tcommand *command, bool *holds, struct buffer *values, struct failure *failure) {
    struct tmandate *mandate = program_find_mandate(session->program, command->name);
    struct value subject, period = value_missing();
    enum obligation_state state;
    if (!session_evaluate(session, command->value, &subject, failure) || (command->period && !session_evaluate(session, command->period, &period, failure)) ||
        !mandate_state(session, mandate, subject.integer, period.kind == VALUE_INT ? period.integer : NO_DAY, &state, failure))
        return false;
    *holds = state == obligation_state_parse(command->state);
    if (state == OBLIGATION_STATES)
        buffer_add_format(values, "`%s` requires nothing there", mandate->name);
    else if (!*holds)
        buffer_add_format(values, "it is %s", obligation_state_name(state));
    return true;
}

/* ---- the four kinds ---- */

static bool expect_condition(struct session *session, const struct tcommand *command, bool *holds, struct buffer *values, struct failure *failure) {
    struct value value;
    if (!session_evaluate(session, command->value, &value, failure))
        return false;
    *holds = value.integer != 0;
    if (*holds == command->negated) {
        struct reading reading = {session, values, 0};
        texpr_walk(command->value, show_element, &reading);
        show_values(&reading, command->value);
    }
    return true;
}

/* Is the gate among those that have refused since then? */
static bool has_refused(const struct session *session, int from, const char *gate) {
    bool found = false;
    for (int i = from; i < session->refusals.count; i++)
        found = found || strcmp(session->refusals.items[i].mandate->name, gate) == 0;
    return found;
}

/* Nothing of the commands is left, whether they were refused or not: no decision of a gate either. */
static bool expect_refused(struct session *session, const struct tcommand *command, bool *holds, struct buffer *values, struct failure *failure) {
    if (!store_savepoint(session->store, failure))
        return false;
    struct failure refused = {0};
    int status = session->exit_status, refusals = session->refusals.count;
    bool is_refused = !session_run_body(session, command->body, command->body_count, &refused);
    *holds = is_refused && (!command->name || has_refused(session, refusals, command->name));
    session->exit_status = status;
    session->refusals.count = refusals;
    store_savepoint_rollback(session->store);
    if (refused.kind == FAILURE_STORE || refused.kind == FAILURE_STOPPED) {
        *failure = refused;
        return false;
    }
    buffer_add_string(values, is_refused ? refused.message : "All its commands were carried out.");
    return session_refresh_inputs(session, failure); /* holidays among them are gone again */
}

/* In the words that follow "what is expected". */
static const char *problem_of(const struct tcommand *command) {
    switch (command->kind) {
    case COMMAND_EXPECT_RAISED: return command->negated ? "is raised, and should not be" : "is not raised";
    case COMMAND_EXPECT_STATE: return command->negated ? "is so, and should not be" : "is not so";
    case COMMAND_EXPECT_REFUSED:
        if (command->name)
            return command->negated ? "is refused by this gate, and should not be" : "is not refused by this gate";
        return command->negated ? "is refused, and should not be" : "is not refused";
    default: return command->negated ? "holds, and should not" : "does not hold";
    }
}

bool session_expect(struct session *session, const struct tcommand *command, struct failure *failure) {
    struct buffer values = {0};
    bool holds = false, good;
    switch (command->kind) {
    case COMMAND_EXPECT_RAISED: good = session_expect_outcome(session, command, &holds, &values, failure); break;
    case COMMAND_EXPECT_STATE: good = expect_state(session, command, &holds, &values, failure); break;
    case COMMAND_EXPECT_REFUSED: good = expect_refused(session, command, &holds, &values, failure); break;
    default: good = expect_condition(session, command, &holds, &values, failure); break;
    }
    struct expectation expectation = {command, holds != command->negated, problem_of(command), buffer_string(&values)};
    if (good && session->taker)
        session->taker->take(session->taker->context, &expectation);
    else if (good && !expectation.is_met) {
        session->exit_status = 1;
        failure_set(failure, DIAG_EXPECTATION_FAILED, expectation.problem);
        if (values.length)
            failure_hint(failure, "%s", buffer_string(&values));
        good = false;
    }
    buffer_free(&values);
    return good;
}
