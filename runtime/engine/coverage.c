/* What the tests looked at. See coverage.h. */
#include "runtime/engine/coverage.h"
#include "lang/check/texpr.h"

#include <string.h>

/* ---- the items ---- */

static void add_rule(struct coverage *coverage, struct session *session, const struct trule *rule) {
    static const enum coverage_kind kinds[] = {[PART_WHERE] = COVERAGE_WHERE, [PART_WHEN] = COVERAGE_WHEN, [PART_EXCEPTION] = COVERAGE_EXCEPTION};
    struct coverage_item whole = {.kind = COVERAGE_RULE, .rule = rule, .span = rule->span};
    LIST_ADD(session->arena, coverage, whole);
    struct part_list parts = parts_of_rule(session->arena, rule);
    for (int i = 0; i < parts.count; i++) {
        struct coverage_item item = {.kind = kinds[parts.items[i].kind], .rule = rule, .label = parts.items[i].label, .span = parts.items[i].condition->span};
        LIST_ADD(session->arena, coverage, item);
    }
}

struct coverage *coverage_create(struct session *session) {
    struct coverage *coverage = ARENA_NEW(session->arena, struct coverage);
    for (int i = 0; i < session->program->rules.count; i++)
        if (session_is_own(session, session->program->rules.items[i]->span))
            add_rule(coverage, session, session->program->rules.items[i]);
    return coverage;
}

static int find_rule(const struct coverage *coverage, const struct trule *rule) {
    for (int i = 0; i < coverage->count; i++)
        if (coverage->items[i].rule == rule)
            return i;
    return -1;
}

/* ---- looking ---- */

static void note_state(struct coverage_item *item, bool holds) {
    item->was_true = item->was_true || holds;
    item->was_false = item->was_false || !holds;
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
    for (int i = 0; i < parts.count; i++)
        if (states[i] != PART_UNSEEN)
            note_state(&coverage->items[at + 1 + i], states[i] == PART_HOLDS);
}

static void look_at_all(struct coverage *coverage, struct session *session, int at) {
    enum { ELEMENTS_MOST = 1000 };
    struct failure ignored = {0};
    int64_t *ids;
    int count;
    struct type type = type_of_collection(session->arena, type_of_record(coverage->items[at].rule->record));
    struct texpr *all = texpr_create(session->arena, TEXPR_ALL, type, coverage->items[at].span);
    if (session_collect_ids(session, all, &ids, &count, &ignored))
        for (int i = 0; i < count && i < ELEMENTS_MOST; i++)
            look_at_element(coverage, session, at, ids[i]);
}

/* ---- conditions that read findings: those of the rules that they name, or of all ---- */

struct naming {
    const struct coverage *coverage;
    bool reads_findings, names_any;
    bool *is_named; /* for each item */
};

static bool note_names(const struct texpr *part, void *context) {
    struct naming *naming = context;
    if (part->kind == TEXPR_ALL && strcmp(part->type.element->record->name, "finding") == 0)
        naming->reads_findings = true;
    for (int i = 0; part->kind == TEXPR_CONSTANT && part->type.kind == TYPE_TEXT && i < naming->coverage->count; i++) {
        const struct coverage_item *item = &naming->coverage->items[i];
        if (item->kind == COVERAGE_RULE && strlen(item->rule->name) == part->constant.text_length && memcmp(item->rule->name, part->constant.text, part->constant.text_length) == 0)
            naming->is_named[i] = naming->names_any = true;
    }
    return true;
}

static void note_condition(struct coverage *coverage, struct session *session, const struct texpr *condition) {
    struct naming naming = {.coverage = coverage, .is_named = ARENA_ARRAY(session->arena, bool, coverage->count + 1)};
    texpr_walk(condition, note_names, &naming);
    for (int i = 0; naming.reads_findings && i < coverage->count; i++)
        if (coverage->items[i].kind == COVERAGE_RULE && (naming.is_named[i] || !naming.names_any))
            look_at_all(coverage, session, i);
}

void coverage_note(struct coverage *coverage, struct session *session, const struct tcommand *expectation) {
    struct failure ignored = {0};
    struct value id;
    if (expectation->kind == COMMAND_EXPECT && session->has_checked)
        note_condition(coverage, session, expectation->value);
    if (expectation->kind != COMMAND_EXPECT_RAISED)
        return;
    int at = find_rule(coverage, program_find_rule(session->program, expectation->name));
    if (at >= 0 && session_evaluate(session, expectation->value, &id, &ignored))
        look_at_element(coverage, session, at, id.integer);
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
