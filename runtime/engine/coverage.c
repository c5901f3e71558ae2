/* What the tests looked at. See coverage.h. */
#include "runtime/engine/coverage.h"
#include "lang/check/texpr.h"
#include "runtime/engine/mandates.h"

#include <string.h>

/* ---- the items ---- */

static void add_declaration(struct coverage *coverage, struct session *session, struct coverage_item whole, const struct part_list *parts) {
    static const enum coverage_kind kinds[] = {[PART_WHERE] = COVERAGE_WHERE, [PART_WHEN] = COVERAGE_WHEN, [PART_EXCEPTION] = COVERAGE_EXCEPTION, [PART_REQUIRED] = COVERAGE_REQUIRED};
    LIST_ADD(session->arena, coverage, whole);
    for (int i = 0; i < parts->count; i++) {
        const struct part *part = &parts->items[i];
        struct coverage_item item = whole;
        item.kind = kinds[part->kind];
        item.label = part->kind == PART_REQUIRED && part->exception ? whole.mandate->exceptions[part->exception - 1].label : part->label;
        item.condition = part->condition;
        item.span = part->condition->span;
        LIST_ADD(session->arena, coverage, item);
    }
}

struct coverage *coverage_create(struct session *session) {
    struct coverage *coverage = ARENA_NEW(session->arena, struct coverage);
    const struct program *program = session->program;
    for (int i = 0; i < program->rules.count; i++) {
        const struct trule *rule = program->rules.items[i];
        struct part_list parts = parts_of_rule(session->arena, rule);
        if (session_is_own(session, rule->span))
            add_declaration(coverage, session, (struct coverage_item){.kind = COVERAGE_RULE, .name = rule->name, .rule = rule, .span = rule->span}, &parts);
    }
    for (int i = 0; i < program->mandates.count; i++) {
        const struct tmandate *mandate = program->mandates.items[i];
        struct part_list parts = parts_of_mandate(session->arena, mandate);
        if (session_is_own(session, mandate->span))
            add_declaration(coverage, session, (struct coverage_item){.kind = COVERAGE_MANDATE, .name = mandate->name, .mandate = mandate, .span = mandate->span}, &parts);
    }
    return coverage;
}

/* The position of the rule or mandate, or -1. */
static int find_whole(const struct coverage *coverage, const char *name) {
    for (int i = 0; i < coverage->count; i++)
        if (coverage_is_whole(&coverage->items[i]) && strcmp(coverage->items[i].name, name) == 0)
            return i;
    return -1;
}

/* ---- looking ---- */

static void note_state(struct coverage_item *item, bool holds) {
    item->was_true = item->was_true || holds;
    item->was_false = item->was_false || !holds;
}

static void note_parts(struct coverage *coverage, int at, const struct part_list *parts, const enum part_state *states) {
    for (int i = 0; i < parts->count; i++)
        if (states[i] != PART_UNSEEN)
            note_state(&coverage->items[at + 1 + i], states[i] == PART_HOLDS);
}

/* What cannot be evaluated is said by the expectation itself. */
static void look_at_element(struct coverage *coverage, struct session *session, int at, int64_t id) {
    const struct trule *rule = coverage->items[at].rule;
    if (!rule_is_in_force(session, rule)) {
        note_state(&coverage->items[at], false);
        return;
    }
    struct failure ignored = {0};
    struct part_list parts = parts_of_rule(session->arena, rule);
    enum part_state *states = ARENA_ARRAY(session->arena, enum part_state, parts.count + 1);
    int kept = session->bindings.count;
    session_bind(session, rule->element, value_int(id));
    bool good = parts_look(session, &parts, states, &ignored);
    session->bindings.count = kept;
    if (!good)
        return;
    note_state(&coverage->items[at], parts_hold(&parts, states));
    note_parts(coverage, at, &parts, states);
}

/* ---- mandates ---- */

/* The element stands for the subject, and the period, if any, for the one that it is asked in. Only conditions of `where`: nothing is known to be required. */
static void look_at_subject(struct coverage *coverage, struct session *session, int at, int64_t subject, int64_t period, bool only_where) {
    const struct tmandate *mandate = coverage->items[at].mandate;
    const struct tquery *question = parts_question(mandate);
    struct failure ignored = {0};
    struct part_list parts = parts_of_mandate(session->arena, mandate);
    enum part_state *states = ARENA_ARRAY(session->arena, enum part_state, parts.count + 1);
    bool holds;
    while (only_where && parts.count && parts.items[parts.count - 1].kind != PART_WHERE)
        parts.count--;
    session_bind(session, question->sources[0].variable, value_int(subject));
    if (period != NO_DAY)
        session_bind(session, question->sources[1].variable, value_int(period));
    if (!parts_look(session, &parts, states, &ignored))
        return;
    note_parts(coverage, at, &parts, states);
    if (!only_where && parts_require(&parts, states, &holds))
        note_state(&coverage->items[at], holds);
}

struct periods {
    struct session *session;
    int64_t wanted;
    bool only_last;
    LIST_OF(int64_t) found;
};

static bool note_period(void *context, const struct asked *asked, struct failure *failure) {
    struct periods *periods = context;
    (void)failure;
    if (!mandate_period_is_meant(periods->session, periods->wanted, asked->period))
        return true;
    if (periods->only_last)
        periods->found.count = 0;
    LIST_ADD(periods->session->arena, &periods->found, asked->period);
    return true;
}

/* Of one that has passed a gate it is not known what its field was: that is seen when it passes. */
static void look_at_obligations(struct coverage *coverage, struct session *session, int at, int64_t subject, int64_t wanted, bool only_last) {
    struct tmandate *mandate = program_find_mandate(session->program, coverage->items[at].name);
    struct periods periods = {.session = session, .wanted = wanted, .only_last = only_last};
    struct failure ignored = {0};
    if (mandate->change || !mandate_ask(session, mandate, subject, note_period, &periods, &ignored))
        return;
    int kept = session->bindings.count;
    for (int i = 0; i < periods.found.count; i++)
        look_at_subject(coverage, session, at, subject, periods.found.items[i], false);
    if (!periods.found.count)
        look_at_subject(coverage, session, at, subject, NO_DAY, true);
    session->bindings.count = kept;
}

void coverage_note_gate(struct coverage *coverage, struct session *session, const struct tmandate *mandate, int64_t subject, struct value before) {
    int at = find_whole(coverage, mandate->name), kept = session->bindings.count;
    if (at < 0)
        return;
    session_bind(session, mandate->before, before);
    look_at_subject(coverage, session, at, subject, NO_DAY, false);
    session->bindings.count = kept;
}

/* ---- conditions that read what checks kept: of the rules and mandates that they name, or of all ---- */

struct naming {
    const struct coverage *coverage;
    bool reads_findings, reads_obligations, names_any;
    bool *is_named; /* for each item */
};

static bool note_names(const struct texpr *part, void *context) {
    struct naming *naming = context;
    const char *record = part->kind == TEXPR_ALL ? part->type.element->record->name : "";
    naming->reads_findings = naming->reads_findings || strcmp(record, "finding") == 0;
    naming->reads_obligations = naming->reads_obligations || strcmp(record, "obligation") == 0;
    for (int i = 0; part->kind == TEXPR_CONSTANT && part->type.kind == TYPE_TEXT && i < naming->coverage->count; i++) {
        const struct coverage_item *item = &naming->coverage->items[i];
        if (coverage_is_whole(item) && strlen(item->name) == part->constant.text_length && memcmp(item->name, part->constant.text, part->constant.text_length) == 0)
            naming->is_named[i] = naming->names_any = true;
    }
    return true;
}

static void look_at_all(struct coverage *coverage, struct session *session, int at) {
    enum { ELEMENTS_MOST = 1000 };
    const struct coverage_item *item = &coverage->items[at];
    struct failure ignored = {0};
    int64_t *ids;
    int count;
    struct type type = type_of_collection(session->arena, type_of_record(item->rule ? item->rule->record : item->mandate->record));
    struct texpr *all = texpr_create(session->arena, TEXPR_ALL, type, item->span);
    if (!session_collect_ids(session, all, &ids, &count, &ignored))
        return;
    for (int i = 0; i < count && i < ELEMENTS_MOST; i++)
        if (item->rule)
            look_at_element(coverage, session, at, ids[i]);
        else
            look_at_obligations(coverage, session, at, ids[i], NO_DAY, false);
}

static void note_condition(struct coverage *coverage, struct session *session, const struct texpr *condition) {
    struct naming naming = {.coverage = coverage, .is_named = ARENA_ARRAY(session->arena, bool, coverage->count + 1)};
    texpr_walk(condition, note_names, &naming);
    for (int i = 0; i < coverage->count; i++) {
        bool is_read = coverage->items[i].kind == COVERAGE_RULE ? naming.reads_findings : coverage->items[i].kind == COVERAGE_MANDATE && naming.reads_obligations;
        if (is_read && (naming.is_named[i] || !naming.names_any))
            look_at_all(coverage, session, i);
    }
}

void coverage_note(struct coverage *coverage, struct session *session, const struct tcommand *expectation) {
    struct failure ignored = {0};
    struct value id, period = value_missing();
    if (expectation->kind == COMMAND_EXPECT)
        note_condition(coverage, session, expectation->value);
    if (expectation->kind != COMMAND_EXPECT_RAISED && expectation->kind != COMMAND_EXPECT_STATE)
        return;
    int at = find_whole(coverage, expectation->name);
    bool good = at >= 0 && session_evaluate(session, expectation->value, &id, &ignored) && (!expectation->period || session_evaluate(session, expectation->period, &period, &ignored));
    if (good && coverage->items[at].rule)
        look_at_element(coverage, session, at, id.integer);
    else if (good)
        look_at_obligations(coverage, session, at, id.integer, period.kind == VALUE_INT ? period.integer : NO_DAY, true);
}

/* ---- between processes ---- */

void coverage_write(const struct coverage *coverage, struct buffer *out) {
    for (int i = 0; i < coverage->count; i++)
        buffer_add_char(out, (char)('0' + coverage->items[i].was_true + 2 * coverage->items[i].was_false));
}

bool coverage_add(struct coverage *coverage, const char *bytes, size_t length) {
    if (length != (size_t)coverage->count)
        return false;
    for (int i = 0; i < coverage->count; i++) {
        coverage->items[i].was_true = coverage->items[i].was_true || ((bytes[i] - '0') & 1);
        coverage->items[i].was_false = coverage->items[i].was_false || ((bytes[i] - '0') & 2);
    }
    return true;
}
