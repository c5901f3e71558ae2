/* The account of what a mandate requires of a record, and what became of it; of a gate, what would become of the change. See account.h.
 * Knows: mandates, obligations, waivers, decisions. Does not know: how conditions are taken apart, how an account is shown. */
#include "lang/check/texpr.h"
#include "runtime/engine/gates.h"
#include "runtime/engine/parts.h"
#include "runtime/engine/scratch.h"
#include "runtime/engine/why_standing.h"

#include <string.h>

static struct effective effective_of(const struct tmandate *mandate) {
    return (struct effective){mandate->effective_from, mandate->effective_until};
}

static struct type type_named(const struct session *session, const char *name) {
    struct program *program = session->program;
    return (struct type){.kind = TYPE_ENUM, .enumeration = program->enums.items[name_table_find(&program->enum_names, name)]};
}

/* ---- what became of it ---- */

static const struct obligation *last_breached(const struct obligation_list *list) {
    for (int i = list->count - 1; i >= 0; i--)
        if (list->items[i].state == OBLIGATION_BREACHED)
            return &list->items[i];
    return NULL;
}

static int exception_number(const struct tmandate *mandate, const char *label) {
    for (int i = 0; label && i < mandate->exception_count; i++)
        if (strcmp(mandate->exceptions[i].label, label) == 0)
            return i + 1;
    return 0;
}

static bool take_change(void *context, const struct asked *asked, struct failure *failure) {
    struct standing *standing = context;
    static const struct kept_obligation nothing_kept;
    (void)failure;
    standing->is_required = true;
    standing->verdict = waivers_judge(standing->mandate, asked, &nothing_kept, standing->found, standing->found_count, false, standing->session->options.today);
    standing->exception = standing->verdict.exception;
    return true;
}

/* The gate's field as it is, and whether the gate is behind it. */
static bool look_at_gate(struct standing *standing, struct value *before, struct failure *failure) {
    struct account *account = standing->account;
    const struct tmandate *mandate = standing->mandate;
    struct value passed;
    struct texpr *field = texpr_create(account->arena, TEXPR_FIELD, mandate->gate_field->type, mandate->gate_value->span);
    field->base = texpr_variable(account->arena, mandate->element, mandate->gate_value->span);
    field->field = mandate->gate_field;
    if (!session_evaluate(standing->session, mandate->passed, &passed, failure) || !session_evaluate(standing->session, field, before, failure))
        return false;
    *before = value_keep(account->arena, *before);
    standing->is_at_gate = passed.kind == VALUE_MISSING || !passed.integer;
    bool is_by_order = mandate->gate_field->type.kind == TYPE_ENUM && mandate->gate_value->constant.integer > 0;
    if (!standing->is_at_gate || is_by_order)
        *before = gate_value_before(mandate, *before);
    return true;
}

static bool look(struct standing *standing, struct failure *failure) {
    struct session *session = standing->session;
    struct tmandate *mandate = standing->mandate;
    struct arena *arena = standing->account->arena;
    if (!waivers_read(session, arena, &standing->waivers, failure) || !mandate_obligations(session, mandate, standing->subject, &standing->waivers, arena, &standing->list, failure))
        return false;
    standing->found = waivers_find(&standing->waivers, mandate, standing->account->element, strlen(standing->account->element), &standing->found_count);
    standing->meant = standing->wanted == NO_DAY ? last_breached(&standing->list) : NULL;
    if (!standing->meant)
        standing->meant = mandate_obligation_meant(session, &standing->list, standing->wanted);
    standing->exception = standing->meant ? exception_number(mandate, standing->meant->exception) : 0;
    if (mandate->timing != TIMING_GATE)
        return true;
    if (!look_at_gate(standing, &standing->before, failure))
        return false;
    account_give(standing->account, mandate->before, standing->before);
    return !standing->is_at_gate || !mandate_is_asked(session, mandate) || mandate_ask_change(session, mandate, standing->subject, standing->before, take_change, standing, failure);
}

/* ---- clauses ---- */

static struct texpr *condition_of(struct account *account, const struct part_list *parts, enum part_kind kind, int exception) {
    struct texpr *whole = NULL;
    for (int i = 0; i < parts->count; i++)
        if (parts->items[i].kind == kind && parts->items[i].exception == exception)
            whole = texpr_and(account->arena, whole, parts->items[i].condition);
    return whole;
}

/* The modal's `not` is taken into the requirement: here the modal says it. */
static bool add_requirement(struct standing *standing, const struct part_list *parts, struct failure *failure) {
    static const char *const names[] = {[MODAL_SHALL] = "shall", [MODAL_SHALL_NOT] = "shall not", [MODAL_SHOULD] = "should", [MODAL_SHOULD_NOT] = "should not"};
    const struct tmandate *mandate = standing->mandate;
    enum modal modal = standing->exception ? mandate->exceptions[standing->exception - 1].modal : mandate->modal;
    struct texpr *required = condition_of(standing->account, parts, PART_REQUIRED, standing->exception);
    bool is_not = required && (modal == MODAL_SHALL_NOT || modal == MODAL_SHOULD_NOT);
    return account_add_clause(standing->account, names[modal], NULL, is_not ? required->arguments[0] : required, !is_not, failure);
}

static bool add_exceptions(struct standing *standing, const struct part_list *parts, struct failure *failure) {
    int last = standing->exception ? standing->exception : standing->mandate->exception_count;
    for (int i = 1; i <= last; i++) {
        struct texpr *condition = condition_of(standing->account, parts, PART_EXCEPTION, i);
        if (!account_add_clause(standing->account, "except", standing->mandate->exceptions[i - 1].label, condition, i == standing->exception, failure))
            return false;
    }
    return true;
}

static bool add_clauses(struct standing *standing, struct failure *failure) {
    struct account *account = standing->account;
    struct part_list parts = parts_of_mandate(account->arena, standing->mandate);
    bool is_asked = mandate_is_asked(standing->session, standing->mandate);
    if (!is_asked && !why_add_effective(account, effective_of(standing->mandate), failure))
        return false;
    if (!account_add_clause(account, "where", NULL, condition_of(account, &parts, PART_WHERE, 0), true, failure))
        return false;
    if (!standing->is_required)
        return account_fails(account) || standing_add_timing(standing, failure);
    return add_exceptions(standing, &parts, failure) && add_requirement(standing, &parts, failure);
}

/* ---- what is known of it ---- */

static struct value text_or_missing(const char *text) {
    return text ? value_text(text, strlen(text)) : value_missing();
}

static void add_obligation(struct standing *standing) {
    static const char *const state_words[OBLIGATION_STATES] = {"is met", "is met late", "is pending", "is waived", "is breached"};
    struct account *account = standing->account;
    const struct obligation *meant = standing->meant;
    const struct tmandate *mandate = standing->mandate;
    bool is_excused = standing->exception && !mandate->exceptions[standing->exception - 1].requirement;
    const char *in = meant->period == NO_DAY ? "" : arena_format(account->arena, " in %s", standing_period_words(standing, meant->period));
    account->verdict = arena_format(account->arena, "%s%s%s for", state_words[meant->state], is_excused ? " by exception" : "", in);
    bool is_breached = meant->state == OBLIGATION_BREACHED;
    account_add_fact(account, "state", NULL, type_named(standing->session, "obligation_state"), value_int(meant->state), NULL);
    account_add_fact(account, "period", NULL, type_of_kind(TYPE_PERIOD), scratch_int(meant->period, NO_DAY), NULL);
    account_add_fact(account, "due", meant->due == NO_DAY ? NULL : "due", why_date(), scratch_int(meant->due, NO_DAY), NULL);
    account_add_fact(account, "since", "since", why_date(), value_int(meant->since),
                     !meant->is_kept ? "not kept yet: no check has seen it" : !meant->is_kept_so ? "not kept so yet: no check has seen it since it changed" : NULL);
    account_add_fact(account, "in_a_row", NULL, type_of_kind(TYPE_INT), value_int(meant->in_a_row), NULL);
    if (is_breached && mandate->timing == TIMING_EVERY)
        account_add_text(account, NULL, "breaches", arena_format(account->arena, "%d in a row", meant->in_a_row));
    account_add_text(account, "escalated_to", "escalated", meant->escalated);
    account_add_text(account, "exception", NULL, meant->exception);
    account_add_text(account, "waiver", "waived by", meant->waiver);
}

static void add_change(struct standing *standing) {
    static const char *const outcomes[] = {[DECISION_PASSED] = "passed", [DECISION_ADVISED] = "advised", [DECISION_WAIVED] = "waived", [DECISION_REFUSED] = "refused"};
    static const char *const words[] = {[DECISION_PASSED] = "would let pass", [DECISION_ADVISED] = "would advise against, and let pass", [DECISION_WAIVED] = "is waived, and would let pass", [DECISION_REFUSED] = "would refuse"};
    struct account *account = standing->account;
    enum decision_outcome outcome = gate_outcome(standing->mandate, &standing->verdict);
    account->verdict = words[outcome];
    account_add_text(account, "would_be", NULL, outcomes[outcome]);
    account_add_text(account, "exception", NULL, standing->exception ? standing->mandate->exceptions[standing->exception - 1].label : NULL);
    if (outcome == DECISION_WAIVED) {
        const struct waiver *waiver = &standing->found[standing->verdict.waiver];
        account_add_text(account, "waiver", "waived by", arena_format(account->arena, "%s %s", waiver->granted_by, why_with_day(account, "until %s", waiver->days.until)));
    }
}

/* ---- tables ---- */

static struct row_column column(const char *label, struct type type) {
    return (struct row_column){.label = label, .type = type};
}

static void add_periods_table(struct standing *standing) {
    struct account *account = standing->account;
    struct type text = type_of_kind(TYPE_TEXT);
    struct row_column columns[] = {column("period", type_of_kind(TYPE_PERIOD)), column("state", type_named(standing->session, "obligation_state")), column("due", why_date()), column("since", why_date()), column("exception", text), column("waiver", text)};
    if (standing->mandate->timing != TIMING_EVERY || standing->list.count < 2)
        return;
    struct account_table *table = account_add_table(account, "periods", columns, sizeof columns / sizeof *columns);
    for (int i = standing->list.count - 1; i >= 0; i--) {
        const struct obligation *one = &standing->list.items[i];
        struct value values[] = {value_int(one->period), value_int(one->state), scratch_int(one->due, NO_DAY), value_int(one->since), text_or_missing(one->exception), text_or_missing(one->waiver)};
        account_add_row(account, table, values);
    }
}

/* What is required in a period must be waived on the day on which it is due. */
static const char *beside_words(const struct standing *standing, const struct waiver *waiver) {
    struct account *account = standing->account;
    const struct obligation *meant = standing->meant;
    bool has_day = meant && standing->mandate->timing == TIMING_EVERY && meant->due != NO_DAY;
    if (has_day && waiver->days.from > meant->due)
        return why_with_day(account, "begins after %s, when it was due", meant->due);
    if (has_day && waiver->days.until < meant->due)
        return why_with_day(account, "ends before %s, when it was due", meant->due);
    return NULL;
}

static const char *waiver_words(const struct standing *standing, const struct waiver *waiver) {
    const char *beside = waiver->flaw ? NULL : beside_words(standing, waiver);
    if (beside)
        return beside;
    switch (waiver_state(waiver, standing->session->options.today)) {
    case WAIVER_FLAWED: return waiver->flaw;
    case WAIVER_ENDED: return standing->mandate->timing == TIMING_EVERY ? "counts" : "has ended";
    case WAIVER_TO_COME: return "has not begun";
    case WAIVER_NEEDLESS: return "is not needed";
    default: return "counts";
    }
}

/* Why what was not met is not waived either, or why nothing was asked. */
static void add_remark(struct standing *standing) {
    struct account *account = standing->account;
    bool is_waived = standing->meant ? standing->meant->state == OBLIGATION_WAIVED : standing->verdict.waiver >= 0;
    if (!standing->is_required || account->holds || is_waived || !standing->found_count)
        return;
    const struct waiver *last = &standing->found[standing->found_count - 1];
    account->remark = arena_format(account->arena, "a waiver of %s does not excuse it: %s%s", last->granted_by, last->flaw ? "" : "it ", waiver_words(standing, last));
}

static void add_waivers_table(struct standing *standing) {
    struct type text = type_of_kind(TYPE_TEXT);
    struct row_column columns[] = {column("granted_by", text), column("endorsed_by", text), column("from", why_date()), column("until", why_date()), column("state", text), column("reason", text)};
    if (!standing->found_count)
        return;
    struct account_table *table = account_add_table(standing->account, "waivers", columns, sizeof columns / sizeof *columns);
    for (int i = standing->found_count - 1; i >= 0; i--) {
        const struct waiver *waiver = &standing->found[i];
        struct value values[] = {text_or_missing(waiver->granted_by), text_or_missing(waiver->endorsed_by), value_int(waiver->days.from), value_int(waiver->days.until),
                                 text_or_missing(waiver_words(standing, waiver)), text_or_missing(waiver->reason)};
        account_add_row(standing->account, table, values);
    }
}

static bool add_decisions_table(struct standing *standing, struct failure *failure) {
    struct account *account = standing->account;
    struct record_type *decision = program_find_record(standing->session->program, "decision");
    struct type text = type_of_kind(TYPE_TEXT);
    struct row_column columns[] = {column("on", why_date()), column("change", text), column("outcome", record_find_field(decision, "outcome")->type), column("by", text), column("reason", text)};
    enum { COLUMNS = sizeof columns / sizeof *columns };
    struct statement *statement =
        store_prepare(standing->session->store, "SELECT \"on\", change, outcome, \"by\", reason FROM t_decision WHERE gate = ?1 AND record = ?2 AND element = ?3 ORDER BY _id DESC", failure);
    if (!statement)
        return false;
    const char *texts[] = {standing->mandate->name, standing->mandate->record->name, account->element};
    for (int i = 0; i < 3; i++)
        statement_bind(statement, i + 1, scratch_text(texts[i]));
    struct account_table *table = NULL;
    enum statement_step step;
    while ((step = statement_step(statement, failure)) == STATEMENT_ROW) {
        struct value values[COLUMNS];
        for (int c = 0; c < COLUMNS; c++)
            values[c] = statement_value(statement, c);
        if (!table)
            table = account_add_table(account, "decisions", columns, COLUMNS);
        account_add_row(account, table, values);
    }
    statement_close(statement);
    return step == STATEMENT_DONE;
}

/* ---- all of it ---- */

/* The day from which periods are counted, where the mandate does not say it. */
static bool add_since(struct standing *standing, struct failure *failure) {
    struct session *session = standing->session;
    struct texpr *since = texpr_variable(standing->account->arena, standing->mandate->since, standing->mandate->name_span);
    struct value day;
    int kept = session->bindings.count;
    bool good = mandate_bind_since(session, standing->mandate, failure) && session_evaluate(session, since, &day, failure);
    session->bindings.count = kept;
    if (good)
        account_add_fact(standing->account, "counted_from", "counted", why_date(), day, "the first day on which it is asked for: it does not say from when");
    if (good && !standing->is_required && !account_fails(standing->account))
        standing->account->remark = why_with_day(standing->account, "it does not say from when, and periods are counted from %s", day.integer);
    return good;
}

static bool add_facts(struct standing *standing, struct failure *failure) {
    struct account *account = standing->account;
    struct tmandate *mandate = standing->mandate;
    account_add_fact(account, "mandatory", NULL, type_of_kind(TYPE_BOOL), value_int(mandate->is_mandatory), NULL);
    account_add_text(account, "timing", NULL, mandate_timing_words(standing->session, mandate));
    account->statement = arena_format(account->arena, "%s, %s", mandate->is_mandatory ? "mandatory" : "advice", mandate_timing_words(standing->session, mandate));
    if (standing->meant)
        add_obligation(standing);
    else if (standing->is_at_gate && standing->is_required)
        add_change(standing);
    if (mandate->since && !add_since(standing, failure))
        return false;
    if (standing->meant && mandate->timing == TIMING_GATE)
        account_add_fact(account, "before", "before", mandate->gate_field->type, standing->before, arena_format(account->arena, "what %s is taken to have been", mandate->gate_field->name));
    bool is_waiver_of_use = !account->holds && standing->is_required && (mandate->is_mandatory || mandate->granter_count);
    account_add_text(account, "may_be_waived", is_waiver_of_use ? "waiver" : NULL, waivers_words(account->arena, mandate));
    account_add_text(account, "remedy", account->holds ? NULL : "remedy", mandate->remedy);
    account_add_text(account, "because", "because", mandate->because);
    account_add_text(account, "source", "source", mandate->citation);
    why_add_authority(account, mandate->office, mandate->domain, effective_of(mandate));
    why_add_place(account, mandate->span, session_mandate_fingerprint(standing->session, mandate));
    add_periods_table(standing);
    add_waivers_table(standing);
    add_remark(standing);
    return mandate->timing != TIMING_GATE || add_decisions_table(standing, failure);
}

static void conclude(struct standing *standing) {
    struct account *account = standing->account;
    if (standing->meant) {
        standing->is_required = true;
        account->holds = standing->meant->state == OBLIGATION_MET || standing->meant->state == OBLIGATION_MET_LATE;
    } else if (standing->is_required)
        account->holds = standing->verdict.holds;
    account->verdict = "requires nothing of";
    if (!standing->is_required && standing->wanted != NO_DAY)
        account->verdict = arena_format(account->arena, "in %s requires nothing of", standing_period_words(standing, standing->wanted));
    account->would = !standing->is_required ? "require something" : standing->meant ? "be met" : "let it pass";
}

struct account *account_of_mandate(struct session *session, struct tmandate *mandate, int64_t id, int64_t period, struct failure *failure) {
    struct account *account = account_create(session);
    struct standing standing = {.account = account, .session = session, .mandate = mandate, .subject = id, .wanted = period};
    const struct tquery *question = parts_question(mandate);
    account->lets = mandate->lets;
    account->let_count = mandate->let_count;
    account->kind = "mandate";
    account->name = mandate->name;
    account->title = mandate->title;
    account->record = mandate->record->name;
    account_give(account, mandate->element, value_int(id)); /* values of `let` are in the mandate's own variables, parts in the question's */
    account_give(account, question->sources[0].variable, value_int(id));
    bool good = mandate_period_fits(session, mandate, period, failure) && why_name_element(account, mandate->element, mandate->record, failure) && look(&standing, failure);
    if (good) {
        conclude(&standing);
        if (standing.meant && standing.meant->period != NO_DAY) {
            account_give(account, mandate->period, value_int(standing.meant->period));
            account_give(account, question->sources[1].variable, value_int(standing.meant->period));
        }
        account->also = standing.meant ? standing_stays_asked(&standing) : NULL;
        good = add_clauses(&standing, failure) && add_facts(&standing, failure);
    }
    if (good)
        return account;
    account_destroy(account);
    return NULL;
}
