/* Gates. See gates.h.
 *   remit_before_N(id, before0, before1, …)   the rows of record type N that were noted, with the fields that gates are on; of the guard's, remit_guarded_N */
#include "runtime/engine/gates.h"
#include "runtime/engine/decisions.h"
#include "runtime/engine/guard.h"
#include "runtime/engine/mandates.h"
#include "runtime/engine/scratch.h"

#include <string.h>

struct gate_notes {
    struct session *session;
    struct record_type *record;
    struct arena *arena;
    const char *table;         /* NULL: no gate is on the type */
    struct gate_notes *guards; /* the same for the guard's gates; or NULL */
};

/* A row that passes a gate; or that had passed it, and is before it again. */
struct passing {
    int64_t id;
    bool is_known;       /* what the field was before */
    struct value before, after;
    bool is_undone;
};

struct asking {
    const struct gate_notes *notes; /* of the run's own gates, or of the guard's */
    struct session *session;        /* its own, or the guard */
    struct session *run;
    struct arena *arena;            /* lives as long as the asking */
    struct tmandate *mandate;
    struct waivers waivers;
    bool has_waivers;    /* they were read */
    LIST_OF(struct passing) passings;
    LIST_OF(struct decision) decisions, refusals;
    const struct tmandate *refusing; /* the first that refused */
    const char *flaw;    /* of a waiver for it that does not count */
};

static bool is_in_force(const struct session *session, const struct tmandate *mandate) {
    return session->options.today >= mandate->effective_from && session->options.today <= mandate->effective_until;
}

static bool has_gate(const struct session *session, const struct tmandate *mandate, const struct record_type *record) {
    return mandate->timing == TIMING_GATE && mandate->record == record && is_in_force(session, mandate);
}

static bool any_gate(const struct session *session, const struct record_type *record) {
    for (int i = 0; i < session->program->mandates.count; i++)
        if (has_gate(session, session->program->mandates.items[i], record))
            return true;
    return false;
}

static struct record_type *guards_type(const struct session *session, const struct record_type *record) {
    return session->guard ? program_find_record(session->guard->program, record->name) : NULL;
}

bool gates_are_on(const struct session *session, const struct record_type *record) {
    const struct record_type *guarded = guards_type(session, record);
    return any_gate(session, record) || (guarded && any_gate(session->guard, guarded));
}

/* ---- before ---- */

static const char *id_list(struct arena *arena, const int64_t *ids, int count) {
    struct buffer out = {0};
    for (int i = 0; i < count; i++)
        buffer_add_format(&out, "%s%lld", i ? ", " : "", (long long)ids[i]);
    const char *list = arena_copy_string(arena, buffer_string(&out));
    buffer_free(&out);
    return list;
}

static bool note_rows(struct gate_notes *notes, const int64_t *ids, int count, struct failure *failure) {
    struct session *session = notes->session;
    struct buffer columns = {0};
    for (int i = 0; i < session->program->mandates.count; i++)
        if (has_gate(session, session->program->mandates.items[i], notes->record))
            buffer_add_format(&columns, ", %s AS before%d", store_column_name(notes->arena, session->program->mandates.items[i]->gate_field), i);
    const char *which = ids ? arena_format(notes->arena, " WHERE _id IN (%s)", id_list(notes->arena, ids, count)) : "";
    const char *sql = arena_format(notes->arena, "DROP TABLE IF EXISTS temp.%s; CREATE TEMP TABLE %s AS SELECT _id AS id%s FROM %s%s; CREATE INDEX temp.%s_id ON %s(id)", notes->table, notes->table,
                                   buffer_string(&columns), store_table_name(notes->arena, notes->record), which, notes->table, notes->table);
    buffer_free(&columns);
    return store_execute(session->store, sql, failure);
}

static struct gate_notes *note(struct session *session, struct record_type *record, const int64_t *ids, int count, struct failure *failure) {
    struct arena *arena = arena_create();
    struct gate_notes *notes = ARENA_NEW(arena, struct gate_notes);
    *notes = (struct gate_notes){.session = session, .record = record, .arena = arena};
    if (!any_gate(session, record))
        return notes;
    notes->table = arena_format(arena, session->is_guard ? "remit_guarded_%d" : "remit_before_%d", record->index);
    if (note_rows(notes, ids, count, failure))
        return notes;
    gates_forget(notes);
    return NULL;
}

struct gate_notes *gates_note(struct session *session, struct record_type *record, const int64_t *ids, int count, struct failure *failure) {
    struct gate_notes *notes = note(session, record, ids, count, failure);
    struct record_type *guarded = guards_type(session, record);
    if (!notes || !guarded)
        return notes;
    notes->guards = note(session->guard, guarded, ids, count, failure);
    if (notes->guards)
        return notes;
    gates_forget(notes);
    return NULL;
}

void gates_forget(struct gate_notes *notes) {
    struct failure ignored = {0}; /* it goes with the connection at the latest */
    if (!notes)
        return;
    gates_forget(notes->guards);
    if (notes->table)
        store_execute(notes->session->store, arena_format(notes->arena, "DROP TABLE IF EXISTS temp.%s", notes->table), &ignored);
    arena_destroy(notes->arena);
}

/* ---- which rows pass ---- */

/* What a new record's field is before it is set: its default, where that is fixed. */
static bool start_value(const struct tmandate *mandate, struct value *start) {
    const struct texpr *standard = mandate->gate_field->standard;
    if (!standard || standard->kind != TEXPR_CONSTANT)
        return false;
    *start = value_from_constant(standard->type, &standard->constant);
    return true;
}

static bool gate_value(struct session *session, const struct tmandate *mandate, struct value *value, struct failure *failure) {
    return session_evaluate(session, mandate->gate_value, value, failure);
}

/* Enums pass by their order; any other value is the gate's or is not. */
static bool passes(const struct tmandate *mandate, const struct passing *passing, struct value gate) {
    struct value after = passing->after;
    if (after.kind == VALUE_MISSING)
        return false;
    bool is_known = passing->is_known && passing->before.kind != VALUE_MISSING;
    if (after.kind == VALUE_INT)
        return mandate_gate_is_passed(mandate, is_known, passing->before.integer, after.integer, gate.integer);
    return value_compare(after, gate) == 0 && (!is_known || value_compare(passing->before, gate) != 0);
}

static bool is_behind(const struct tmandate *mandate, struct value value, struct value gate) {
    if (value.kind == VALUE_MISSING)
        return false;
    return mandate_gate_goes_by_order(mandate) ? value.integer >= gate.integer : value_compare(value, gate) == 0;
}

static bool find_passings(struct asking *asking, int number, const int64_t *ids, int count, struct failure *failure) {
    struct session *session = asking->session;
    const struct tmandate *mandate = asking->mandate;
    const char *field = store_column_name(asking->arena, mandate->gate_field);
    struct value gate, start = value_missing();
    bool has_start = start_value(mandate, &start);
    if (!gate_value(session, mandate, &gate, failure))
        return false;
    gate = value_keep(asking->arena, gate);
    const char *sql = arena_format(asking->arena, "SELECT t._id, b.id IS NOT NULL, b.before%d, t.%s FROM %s AS t LEFT JOIN temp.%s AS b ON b.id = t._id WHERE t.%s IS NOT b.before%d%s", number, field,
                                   store_table_name(asking->arena, mandate->record), asking->notes->table, field, number, ids ? arena_format(asking->arena, " AND t._id IN (%s)", id_list(asking->arena, ids, count)) : "");
    struct statement *statement = store_prepare(session->store, sql, failure);
    enum statement_step step = STATEMENT_FAILED;
    asking->passings.count = 0;
    while (statement && (step = statement_step(statement, failure)) == STATEMENT_ROW) {
        bool was_there = statement_value(statement, 1).integer != 0;
        struct passing passing = {statement_value(statement, 0).integer, was_there || has_start, was_there ? value_keep(asking->arena, statement_value(statement, 2)) : start,
                                  value_keep(asking->arena, statement_value(statement, 3)), false};
        passing.is_undone = was_there && is_behind(mandate, passing.before, gate) && !is_behind(mandate, passing.after, gate);
        if (passing.is_undone || passes(mandate, &passing, gate))
            LIST_ADD(asking->arena, &asking->passings, passing);
    }
    statement_close(statement);
    return step == STATEMENT_DONE;
}

/* ---- what was decided ---- */

/* What was required, as the policy says it. */
static const char *required_words(struct session *session, const struct tmandate *mandate, int exception) {
    const struct texpr *requirement = exception ? mandate->exceptions[exception - 1].requirement : mandate->requirement;
    enum modal modal = exception ? mandate->exceptions[exception - 1].modal : mandate->modal;
    if (!requirement)
        return "nothing";
    bool is_not = modal == MODAL_SHALL_NOT || modal == MODAL_SHOULD_NOT; /* the modal's `not` is taken into the requirement */
    return arena_format(session->arena, "%s%s", is_not ? "not " : "", source_quote(session->arena, session->sources, (is_not ? requirement->arguments[0] : requirement)->span));
}

/* "stage becomes delivery"; "stage becomes idea", before the gate again */
static const char *change_words(struct session *session, const struct tmandate *mandate, const struct passing *passing) {
    struct buffer out = {0};
    struct type type = mandate->gate_field->type;
    buffer_add_format(&out, "%s becomes ", mandate->gate_field->name);
    if (passing->after.kind == VALUE_MISSING)
        buffer_add_string(&out, "missing");
    else if (mandate->gate_value->kind != TEXPR_REFERENCE)
        value_write(&out, passing->after, type, VALUE_PLAIN);
    else
        buffer_add_format(&out, "%s%s", passing->is_undone ? "another than " : "", mandate->gate_value->text);
    const char *words = arena_copy_string(session->arena, buffer_string(&out));
    buffer_free(&out);
    return words;
}

static bool need_waivers(struct asking *asking, struct failure *failure) {
    bool good = asking->has_waivers || waivers_read(asking->session, asking->arena, &asking->waivers, failure);
    asking->has_waivers = good;
    return good;
}

/* ---- asking ---- */

struct answer {
    bool is_asked;
    struct asked asked;
};

static bool take_answer(void *context, const struct asked *asked, struct failure *failure) {
    struct answer *answer = context;
    (void)failure;
    *answer = (struct answer){true, *asked};
    return true;
}

static void note_advice(struct session *session, const struct decision *decision) {
    buffer_add_format(&session->notes, "advice of %s: %s, %s, without what `%s` asks for: %s\n", decision->mandate->office, decision->element, decision->change, decision->mandate->name, decision->reason);
}

enum decision_outcome gate_outcome(const struct tmandate *mandate, const struct verdict *verdict) {
    return verdict->holds ? DECISION_PASSED : verdict->waiver >= 0 ? DECISION_WAIVED : mandate->is_mandatory ? DECISION_REFUSED : DECISION_ADVISED;
}

static bool begin_decision(struct asking *asking, const struct passing *passing, struct decision *decision, struct failure *failure) {
    struct session *session = asking->session;
    *decision = (struct decision){.mandate = asking->mandate, .change = change_words(session, asking->mandate, passing)};
    session_mandate_fingerprint(session, asking->mandate);
    return session_key_of(session, asking->mandate->record, passing->id, session->arena, &decision->element, failure);
}

/* Whoever passes again is asked again: that is written down, so that a check knows of it. */
static bool note_undone(struct asking *asking, const struct passing *passing, struct failure *failure) {
    struct decision decision;
    if (!begin_decision(asking, passing, &decision, failure))
        return false;
    decision.outcome = DECISION_UNDONE;
    LIST_ADD(asking->arena, &asking->decisions, decision);
    return true;
}

static bool decide(struct asking *asking, const struct passing *passing, const struct asked *asked, struct failure *failure) {
    struct session *session = asking->session;
    struct tmandate *mandate = asking->mandate;
    struct decision decision;
    static const struct kept_obligation nothing_kept;
    int count;
    if (!begin_decision(asking, passing, &decision, failure) || !need_waivers(asking, failure))
        return false;
    struct waiver *found = waivers_find(&asking->waivers, mandate, decision.element, strlen(decision.element), &count);
    struct verdict verdict = waivers_judge(mandate, asked, &nothing_kept, found, count, false, session->options.today);
    if (verdict.exception)
        decision.exception = mandate->exceptions[verdict.exception - 1].label;
    if (verdict.waiver >= 0)
        decision.waiver = arena_copy_string(session->arena, found[verdict.waiver].granted_by);
    if (!verdict.holds)
        decision.reason = required_words(session, mandate, verdict.exception);
    decision.outcome = gate_outcome(mandate, &verdict);
    if (decision.outcome != DECISION_REFUSED) {
        LIST_ADD(asking->arena, &asking->decisions, decision);
        return true;
    }
    if (!asking->refusing) {
        asking->refusing = mandate;
        for (int i = 0; i < count && !asking->flaw; i++)
            asking->flaw = found[i].flaw ? arena_copy_string(session->arena, found[i].flaw) : NULL;
    }
    LIST_ADD(asking->arena, &asking->refusals, decision);
    return true;
}

/* As for those that have passed already (value_before in lang/check/obligations.c). */
struct value gate_value_before(const struct tmandate *mandate, struct value after) {
    struct type type = mandate->gate_field->type;
    const struct texpr *gate = mandate->gate_value;
    if (type.kind == TYPE_ENUM && gate->constant.integer > 0)
        return value_int(gate->constant.integer - 1);
    if (type.optional)
        return value_missing();
    return type.kind == TYPE_BOOL ? value_int(!gate->constant.integer) : after;
}

static bool ask_passing(struct asking *asking, const struct passing *passing, struct failure *failure) {
    struct answer answer = {0};
    if (passing->is_undone)
        return note_undone(asking, passing, failure);
    bool is_by_order = asking->mandate->gate_field->type.kind == TYPE_ENUM && asking->mandate->gate_value->constant.integer > 0;
    bool is_known = passing->is_known && passing->before.kind != VALUE_MISSING && !is_by_order;
    struct value before = is_known ? passing->before : gate_value_before(asking->mandate, passing->after);
    const struct expectation_taker *taker = asking->session->taker;
    if (taker)
        taker->passes(taker->context, asking->mandate, passing->id, before);
    if (!mandate_ask_change(asking->session, asking->mandate, passing->id, before, take_answer, &answer, failure))
        return false;
    return !answer.is_asked || decide(asking, passing, &answer.asked, failure); /* else the gate is none of its business */
}

static bool ask_gate(struct asking *asking, int number, const int64_t *ids, int count, struct failure *failure) {
    asking->mandate = asking->session->program->mandates.items[number];
    if (!find_passings(asking, number, ids, count, failure))
        return false;
    for (int i = 0; i < asking->passings.count; i++)
        if (!ask_passing(asking, &asking->passings.items[i], failure))
            return false;
    return true;
}

/* ---- what comes of it ---- */

static bool refuse(struct asking *asking, struct failure *failure) {
    struct session *session = asking->run;
    const struct decision *first = &asking->refusals.items[0];
    for (int i = 0; i < asking->refusals.count; i++)
        LIST_ADD(session->arena, &session->refusals, asking->refusals.items[i]);
    session->exit_status = 1;
    failure_set(failure, DIAG_GATE_REFUSES, first->mandate->name, first->element, first->change,
                asking->refusals.count > 1 ? arena_format(asking->arena, ", and %d more", asking->refusals.count - 1) : "");
    failure_hint(failure, "%s requires before: %s. %s%s%s%s%s%s", first->mandate->office, first->reason, waivers_words(asking->arena, first->mandate), asking->flaw ? " A waiver does not count: " : "",
                 asking->flaw ? asking->flaw : "", asking->flaw ? "." : "", first->mandate->remedy ? " " : "", first->mandate->remedy ? first->mandate->remedy : "");
    return false;
}

static bool let_through(struct asking *asking, struct failure *failure) {
    for (int i = 0; i < asking->decisions.count; i++) {
        if (!decision_write(asking->run, &asking->decisions.items[i], failure))
            return false;
        if (asking->decisions.items[i].outcome == DECISION_ADVISED)
            note_advice(asking->run, &asking->decisions.items[i]);
    }
    return true;
}

static bool ask_gates(struct asking *asking, const int64_t *ids, int count, struct failure *failure) {
    const struct program *program = asking->session->program;
    for (int i = 0; i < program->mandates.count && asking->notes->table; i++) {
        struct tmandate *mandate = program->mandates.items[i];
        bool is_asked = has_gate(asking->session, mandate, asking->notes->record) && !(asking->session->is_guard && guard_is_own(asking->run, mandate));
        if (is_asked && !ask_gate(asking, i, ids, count, failure))
            return false;
    }
    return true;
}

static bool ask_guard(struct asking *asking, const int64_t *ids, int count, struct failure *failure) {
    struct session *run = asking->run;
    asking->notes = asking->notes->guards;
    asking->session = run->guard;
    asking->has_waivers = false; /* they are told by its mandates */
    bool good = guard_enter(run, failure) && ask_gates(asking, ids, count, failure);
    struct failure after = {0};
    bool is_left = guard_leave(run, &after);
    if (good && !is_left)
        *failure = after;
    return good && is_left;
}

bool gates_ask(struct gate_notes *notes, const int64_t *ids, int count, struct failure *failure) {
    struct asking asking = {.notes = notes, .session = notes->session, .run = notes->session, .arena = notes->arena};
    bool has_guard = notes->guards && notes->guards->table;
    if (!ask_gates(&asking, ids, count, failure) || (has_guard && !ask_guard(&asking, ids, count, failure)))
        return false;
    return asking.refusals.count ? refuse(&asking, failure) : let_through(&asking, failure);
}

bool gates_write_refusals(struct session *session, struct failure *failure) {
    if (!session->refusals.count || store_is_read_only(session->store))
        return true;
    bool is_own = !store_in_transaction(session->store);
    bool good = !is_own || (session_begin(session, "refused by a gate", failure) && store_apply_schema(session->store, session->program, failure));
    for (int i = 0; i < session->refusals.count && good; i++)
        good = decision_write(session, &session->refusals.items[i], failure);
    if (is_own && good)
        good = store_commit(session->store, failure);
    else if (is_own)
        store_rollback(session->store);
    if (is_own)
        session->refusals.count = 0;
    return good;
}
