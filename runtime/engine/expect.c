/* Expectations: whether what is expected holds, and the values that made it fail. See session.h.
 * In a script one that fails ends the run; in a test it is taken down and the test goes on. */
#include "lang/base/civil.h"
#include "runtime/engine/account.h"
#include "runtime/engine/mandates.h"

#include <string.h>

/* ---- the elements of loops that a condition is about ---- */

struct naming {
    struct session *session;
    struct buffer *out;
};

/* One without a name of its own goes by its record type. Each is said once. */
static bool name_element(const struct texpr *part, void *context) {
    struct naming *naming = context;
    struct session *session = naming->session;
    for (int i = 0; part->kind == TEXPR_VARIABLE && part->type.kind == TYPE_RECORD && i < session->bindings.count; i++) {
        const struct binding *binding = &session->bindings.items[i];
        if (binding->variable != part->variable || binding->value.kind == VALUE_MISSING)
            continue;
        struct failure ignored = {0}; /* then it has no name */
        const char *words = session_source_words(session, part->span), *key = "";
        bool has_name = part->variable->name && strcmp(words, part->variable->name) == 0;
        session_key_of(session, part->type.record, binding->value.integer, session->arena, &key, &ignored);
        const char *said = arena_format(session->arena, "`%s` is `%s`", has_name ? words : part->type.record->name, key);
        if (!strstr(buffer_string(naming->out), said))
            buffer_add_format(naming->out, "%s%s", naming->out->length ? ", " : "", said);
    }
    return true;
}

/* ---- what a rule finds, and why ---- */

static void say_not_in_force(struct session *session, const struct trule *rule, struct buffer *out) {
    bool is_early = session->options.today < rule->effective_from;
    buffer_add_format(out, "`%s` is in force %s ", rule->name, is_early ? "from" : "until");
    date_write(out, is_early ? rule->effective_from : rule->effective_until);
    buffer_add_string(out, ", and the day is ");
    date_write(out, session->options.today);
}

/* The parts that decided, with their values. */
static bool explain_rule(struct session *session, struct trule *rule, int64_t id, struct buffer *out, struct failure *failure) {
    struct account *account = account_of_rule(session, rule, id, failure);
    if (account)
        account_quote_reasons(out, account);
    account_destroy(account);
    return account != NULL;
}

bool session_expect_outcome(struct session *session, const struct tcommand *command, bool *holds, struct buffer *values, struct failure *failure) {
    struct trule *rule = program_find_rule(session->program, command->name);
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
    return *holds != command->negated || explain_rule(session, rule, id.integer, values, failure);
}

/* ---- what a mandate requires ---- */

static bool explain_mandate(struct session *session, struct tmandate *mandate, int64_t subject, int64_t period, struct buffer *out, struct failure *failure) {
    struct account *account = account_of_mandate(session, mandate, subject, period, failure);
    struct buffer reasons = {0};
    if (account)
        account_quote_reasons(&reasons, account);
    buffer_add_format(out, "%s%s", reasons.length ? ": " : "", buffer_string(&reasons));
    buffer_free(&reasons);
    account_destroy(account);
    return account != NULL;
}

/* What it is instead, and why. */
static bool expect_state(struct session *session, const struct tcommand *command, bool *holds, struct buffer *values, struct failure *failure) {
    struct tmandate *mandate = program_find_mandate(session->program, command->name);
    struct value subject, wanted = value_missing();
    enum obligation_state state;
    int64_t period = NO_DAY;
    if (!session_evaluate(session, command->value, &subject, failure) || (command->period && !session_evaluate(session, command->period, &wanted, failure)) ||
        !mandate_state(session, mandate, subject.integer, asked_day(wanted), &state, &period, failure))
        return false;
    *holds = state == obligation_state_parse(command->state);
    if (*holds != command->negated)
        return true;
    if (state == OBLIGATION_STATES)
        buffer_add_format(values, "`%s` requires nothing there", mandate->name);
    else
        buffer_add_format(values, "it is %s", obligation_state_name(state));
    return explain_mandate(session, mandate, subject.integer, state == OBLIGATION_STATES ? asked_day(wanted) : period, values, failure);
}

/* ---- the four kinds ---- */

static bool explain_condition(struct session *session, struct texpr *condition, struct buffer *values, struct failure *failure) {
    struct naming naming = {session, values};
    texpr_walk(condition, name_element, &naming);
    struct account *account = account_create(session);
    struct buffer read = {0};
    bool good = account_add_clause(account, "expect", NULL, condition, true, failure);
    if (good)
        account_quote_values(&read, account);
    buffer_add_format(values, "%s%s", values->length && read.length ? ", " : "", buffer_string(&read));
    buffer_free(&read);
    account_destroy(account);
    return good;
}

static bool ask_condition(struct session *session, const struct tcommand *command, bool *holds, struct buffer *values, struct failure *failure) {
    struct value value;
    if (!session_evaluate(session, command->value, &value, failure))
        return false;
    *holds = value.integer != 0;
    return *holds != command->negated || explain_condition(session, command->value, values, failure);
}

static bool note_kept(const struct texpr *part, void *context) {
    bool *reads = context;
    const char *record = part->kind == TEXPR_ALL ? part->type.element->record->name : "";
    *reads = *reads || strcmp(record, "finding") == 0 || strcmp(record, "obligation") == 0;
    return !*reads;
}

/* A test that looks at findings or obligations before any were kept looks at what a check would keep now; nothing of that check is left. */
static bool expect_condition(struct session *session, const struct tcommand *command, bool *holds, struct buffer *values, struct failure *failure) {
    struct check_options options = {.persist = true, .shows_nothing = true};
    bool reads = false;
    texpr_walk(command->value, note_kept, &reads);
    if (!reads || !session->taker || session->has_checked)
        return ask_condition(session, command, holds, values, failure);
    if (!store_savepoint(session->store, failure))
        return false;
    int status = session->exit_status;
    bool good = session_check(session, &options, failure) && ask_condition(session, command, holds, values, failure);
    session->exit_status = status;
    session->has_checked = false;
    store_savepoint_rollback(session->store);
    return good;
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
