/* What gates would do with a change under the one policy and under the other, for those that have not passed them yet. See plan.h.
 * Knows: gates, waivers. Does not know: what changed. Each subject is asked on its own, so only the first GATE_SUBJECTS are. */
#include "runtime/engine/gates.h"
#include "runtime/engine/mandates.h"
#include "runtime/engine/account.h"
#include "runtime/engine/plan.h"
#include "lang/check/texpr.h"

#include <string.h>

enum { GATE_SUBJECTS = 200 };

/* Worse is more; NOT_ASKED: the gate does not look at it, or is behind it. */
enum at_gate { NOT_ASKED, PASSES, WAIVED, ADVISES, REFUSES };
static const char *const words[] = {"not looked at", "would pass", "would pass by a waiver", "would pass with advice", "would be refused"};

struct plan_gate_row {
    int64_t id;
    enum at_gate state;
};

struct asking {
    struct plan *plan;
    struct session *session;
    struct tmandate *mandate;
    struct waivers *waivers;
    const char *element;
    enum at_gate state;
};

static bool take(void *context, const struct asked *asked, struct failure *failure) {
    static const struct kept_obligation nothing_kept;
    static const enum at_gate states[] = {[DECISION_PASSED] = PASSES, [DECISION_ADVISED] = ADVISES, [DECISION_WAIVED] = WAIVED, [DECISION_REFUSED] = REFUSES};
    struct asking *asking = context;
    (void)failure;
    int count;
    struct waiver *found = waivers_find(asking->waivers, asking->mandate, asking->element, strlen(asking->element), &count);
    struct verdict verdict = waivers_judge(asking->mandate, asked, &nothing_kept, found, count, false, asking->session->options.today);
    asking->state = states[gate_outcome(asking->mandate, &verdict)];
    return true;
}

static struct texpr *gate_field(struct plan *plan, const struct tmandate *mandate) {
    struct texpr *field = texpr_create(plan->arena, TEXPR_FIELD, mandate->gate_field->type, mandate->gate_value->span);
    field->base = texpr_variable(plan->arena, mandate->element, mandate->gate_value->span);
    field->field = mandate->gate_field;
    return field;
}

static bool ask_subject(struct asking *asking, struct texpr *field, int64_t id, struct failure *failure) {
    struct session *session = asking->session;
    struct value passed, before;
    int kept = session->bindings.count;
    asking->state = NOT_ASKED;
    session_bind(session, asking->mandate->element, value_int(id));
    bool good = session_evaluate(session, asking->mandate->passed, &passed, failure) && session_evaluate(session, field, &before, failure);
    session->bindings.count = kept;
    if (!good || (passed.kind == VALUE_INT && passed.integer))
        return good;
    return session_key_of(session, asking->mandate->record, id, asking->plan->arena, &asking->element, failure) &&
           mandate_ask_change(session, asking->mandate, id, before, take, asking, failure);
}

static bool list_subjects(struct plan *plan, const struct record_type *record, struct plan_found *ids, struct failure *failure) {
    struct statement *statement = store_prepare(plan->new->store, arena_format(plan->arena, "SELECT _id FROM %s ORDER BY _id LIMIT %d", store_table_name(plan->arena, record), GATE_SUBJECTS + 1), failure);
    if (!statement)
        return false;
    ids->ids = ARENA_ARRAY(plan->arena, int64_t, GATE_SUBJECTS + 1);
    enum statement_step step;
    while ((step = statement_step(statement, failure)) == STATEMENT_ROW)
        ids->ids[ids->count++] = statement_value(statement, 0).integer;
    statement_close(statement);
    return step == STATEMENT_DONE;
}

static bool ask_gate(struct plan *plan, int position, int side, struct waivers *waivers, struct failure *failure) {
    struct plan_impact *impact = &plan->impacts.items[position];
    struct session *session = side ? plan->new : plan->old;
    struct tmandate *mandate = side ? impact->new_mandate : impact->old_mandate;
    struct plan_found subjects = {0};
    if (!mandate || mandate->timing != TIMING_GATE || !mandate_is_asked(session, mandate))
        return true;
    if (!list_subjects(plan, mandate->record, &subjects, failure))
        return false;
    impact->is_cut = impact->is_cut || subjects.count > GATE_SUBJECTS;
    int count = (int)(subjects.count > GATE_SUBJECTS ? GATE_SUBJECTS : subjects.count);
    struct asking asking = {.plan = plan, .session = session, .mandate = mandate, .waivers = waivers};
    struct texpr *field = gate_field(plan, mandate);
    struct plan_gate *gate = &plan->gates[side][position];
    gate->rows = ARENA_ARRAY(plan->arena, struct plan_gate_row, count);
    for (int i = 0; i < count; i++) {
        if (!ask_subject(&asking, field, subjects.ids[i], failure))
            return false;
        if (asking.state != NOT_ASKED)
            gate->rows[gate->count++] = (struct plan_gate_row){subjects.ids[i], asking.state};
    }
    return true;
}

bool plan_ask_gates(struct plan *plan, bool is_old, struct failure *failure) {
    struct arena *arena = arena_create();
    struct waivers waivers = {0};
    int side = is_old ? 0 : 1;
    if (!plan->gates[side])
        plan->gates[side] = ARENA_ARRAY(plan->arena, struct plan_gate, plan->impacts.count);
    bool good = waivers_read(is_old ? plan->old : plan->new, arena, &waivers, failure);
    for (int i = 0; good && i < plan->impacts.count; i++)
        if (plan->impacts.items[i].is_at_gate)
            good = ask_gate(plan, i, side, &waivers, failure);
    arena_destroy(arena);
    return good;
}

/* ---- comparing ---- */

static const char *reasons(struct plan *plan, const struct plan_impact *impact, int64_t id, struct failure *failure) {
    if (!impact->new_mandate)
        return "the gate is gone";
    struct account *account = account_of_mandate(plan->new, impact->new_mandate, id, NO_DAY, failure);
    if (!account)
        return "";
    struct buffer out = {0};
    account_quote_reasons(&out, account);
    const char *because = arena_copy_string(plan->arena, buffer_string(&out));
    buffer_free(&out);
    account_destroy(account);
    return because;
}

static void count_step(struct plan *plan, struct plan_impact *impact, enum at_gate before, enum at_gate after) {
    for (int i = 0; i < impact->steps.count; i++)
        if (impact->steps.items[i].before == words[before] && impact->steps.items[i].after == words[after]) {
            impact->steps.items[i].count++;
            return;
        }
    struct plan_step step = {words[before], words[after], 1};
    LIST_ADD(plan->arena, &impact->steps, step);
}

static bool add_verdict(struct plan *plan, struct plan_impact *impact, int64_t id, enum at_gate before, enum at_gate after, struct failure *failure) {
    int64_t *counted = after > before ? &impact->stronger : &impact->weaker;
    count_step(plan, impact, before, after);
    if ((*counted)++ >= PLAN_EXAMPLES)
        return true;
    struct plan_verdict verdict = {.before = words[before], .after = words[after], .is_stronger = after > before};
    struct record_type *record = program_find_record(plan->new->program, (impact->new_mandate ? impact->new_mandate : impact->old_mandate)->record->name);
    verdict.because = reasons(plan, impact, id, failure);
    verdict.element = arena_format(plan->arena, "%lld", (long long)id);
    if (failure->kind != FAILURE_NONE || (record && !session_key_of(plan->new, record, id, plan->arena, &verdict.element, failure)))
        return false;
    LIST_ADD(plan->arena, &impact->examples, verdict);
    return true;
}

static bool compare_gate(struct plan *plan, int position, struct failure *failure) {
    struct plan_impact *impact = &plan->impacts.items[position];
    const struct plan_gate *old = &plan->gates[0][position], *new = &plan->gates[1][position];
    int o = 0, n = 0;
    impact->before = old->count;
    impact->after = new->count;
    while (o < old->count || n < new->count) {
        bool has_old = o < old->count && (n == new->count || old->rows[o].id <= new->rows[n].id), has_new = n < new->count && (o == old->count || new->rows[n].id <= old->rows[o].id);
        enum at_gate before = has_old ? old->rows[o].state : NOT_ASKED, after = has_new ? new->rows[n].state : NOT_ASKED;
        int64_t id = has_old ? old->rows[o].id : new->rows[n].id;
        if (before != after && !add_verdict(plan, impact, id, before, after, failure))
            return false;
        o += has_old;
        n += has_new;
    }
    return true;
}

bool plan_compare_gates(struct plan *plan, struct failure *failure) {
    for (int i = 0; i < plan->impacts.count; i++)
        if (plan->impacts.items[i].is_at_gate && !compare_gate(plan, i, failure))
            return false;
    return true;
}
