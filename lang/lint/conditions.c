/* Conditions that never hold, or always; parts of them that change nothing; exceptions that never apply, or always.
 * Knows: rules, mandates, reports, derived fields and what conditions can hold together (reason.h). Does not know: how conditions are written. */
#include "lang/lint/linter.h"
#include "lang/lint/reason.h"

#include <string.h>

enum { CLAIMS_MAX = 64 };

/* What holds already where a condition is asked. */
struct claims {
    struct claim items[CLAIMS_MAX];
    int count;
};

static void add_claim(struct claims *claims, const struct texpr *condition, bool negated) {
    if (condition && claims->count < CLAIMS_MAX)
        claims->items[claims->count++] = (struct claim){condition, negated};
}

static bool can_hold_with(struct linter *linter, const struct claims *claims, const struct texpr *condition, bool negated) {
    struct claims all = *claims;
    add_claim(&all, condition, negated);
    return claims_can_hold(all.items, all.count, &linter->variable_count);
}

/* ---- parts ---- */

struct parts {
    const struct texpr *items[CLAIMS_MAX];
    int count;
};

static void take_parts(const struct texpr *condition, enum texpr_kind kind, struct parts *parts) {
    if (condition->kind == kind) {
        take_parts(condition->arguments[0], kind, parts);
        take_parts(condition->arguments[1], kind, parts);
    } else if (parts->count < CLAIMS_MAX)
        parts->items[parts->count++] = condition;
}

/* What was written there, and not in a definition or a derived field that it goes back to. */
static struct span place_of(const struct texpr *part, const struct texpr *whole) {
    return span_holds(whole->span, part->span) ? part->span : whole->span;
}

/* Says which part is in the way of which. */
static void say_never(struct linter *linter, const struct claims *claims, const struct texpr *condition) {
    struct parts parts = {0};
    struct claims so_far = *claims;
    take_parts(condition, TEXPR_AND, &parts);
    int last = 0;
    while (last < parts.count && can_hold_with(linter, &so_far, parts.items[last], false))
        add_claim(&so_far, parts.items[last++], false);
    if (last == parts.count)
        last = parts.count - 1;
    struct span place = place_of(parts.items[last], condition);
    struct lint_finding *finding = lint_say(linter, LINT_NEVER_HOLDS, place, lint_short(linter, place));
    struct claim alone = {parts.items[last], false};
    if (!claims_can_hold(&alone, 1, &linter->variable_count))
        return;
    for (int i = 0; i < last; i++) {
        struct claim both[2] = {{parts.items[i], false}, {parts.items[last], false}};
        if (!claims_can_hold(both, 2, &linter->variable_count)) {
            struct span other = place_of(parts.items[i], condition);
            if (other.start != place.start)
                lint_second(linter, finding, other, "not together with this");
            return;
        }
    }
    for (int i = 0; i < claims->count; i++) {
        struct claim both[2] = {claims->items[i], {parts.items[last], false}};
        if (!claims_can_hold(both, 2, &linter->variable_count) && is_own_file(linter, claims->items[i].condition->span.file)) {
            lint_second(linter, finding, claims->items[i].condition->span, claims->items[i].negated ? "where this holds, an exception before it applies" : "not together with this");
            return;
        }
    }
}

/* The text between two parts, where it is the word alone: then one of them can go with it. */
static bool is_joined_plainly(const struct linter *linter, struct span before, struct span after, const char *word) {
    if (before.file != after.file || before.end >= after.start)
        return false;
    const char *text = source_get(linter->input->sources, before.file)->text;
    uint32_t at = before.end, end = after.start;
    while (at < end && strchr(" \t\r\n", text[at]))
        at++;
    while (end > at && strchr(" \t\r\n", text[end - 1]))
        end--;
    return end - at == strlen(word) && strncmp(text + at, word, end - at) == 0;
}

static void edit_out(struct linter *linter, struct lint_finding *finding, const struct parts *parts, int at, const struct texpr *whole, const char *word) {
    struct span span = parts->items[at]->span;
    for (int i = 0; i < parts->count; i++)
        if (!span_holds(whole->span, parts->items[i]->span) || parts->items[i]->kind == TEXPR_AND || parts->items[i]->kind == TEXPR_OR)
            return; /* brackets may stand about it */
    if (at > 0 && is_joined_plainly(linter, parts->items[at - 1]->span, span, word))
        lint_edit(linter, finding, (struct span){parts->items[at - 1]->span.end, span.end, span.file}, "");
    else if (at == 0 && is_joined_plainly(linter, span, parts->items[1]->span, word))
        lint_edit(linter, finding, (struct span){span.start, parts->items[1]->span.start, span.file}, "");
}

/* Of `and`, a part that holds where all the others do; of `or`, one that holds only where another does. */
static void look_for_needless(struct linter *linter, const struct claims *claims, const struct texpr *condition) {
    bool is_and = condition->kind == TEXPR_AND;
    struct parts parts = {0};
    take_parts(condition, condition->kind, &parts);
    for (int i = 0; i < parts.count && parts.count > 1; i++) {
        struct claims others = *claims;
        for (int k = 0; k < parts.count; k++)
            if (k != i)
                add_claim(&others, parts.items[k], !is_and);
        if (can_hold_with(linter, &others, parts.items[i], is_and))
            continue;
        struct span place = place_of(parts.items[i], condition);
        struct lint_finding *finding = lint_say(linter, LINT_NEEDLESS_PART, place, lint_short(linter, place), is_and ? "holds wherever the rest does" : "holds only where the rest does");
        edit_out(linter, finding, &parts, i, condition, is_and ? "and" : "or");
        return; /* without it another may be needed */
    }
}

static bool was_said(const struct linter *linter, struct span span) {
    static const enum lint_rule others[] = {LINT_REPEATED_PART, LINT_NEVER_HOLDS, LINT_ALWAYS_HOLDS, LINT_LETTER_CASE};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (lint_said_within(linter, others[i], span))
            return true;
    return false;
}

/* Gives whether it can hold at all. */
static bool look_at(struct linter *linter, const struct claims *claims, const struct texpr *condition) {
    if (!condition || !is_own_file(linter, condition->span.file) || was_said(linter, condition->span))
        return true;
    if (!can_hold_with(linter, claims, condition, false)) {
        say_never(linter, claims, condition);
        return false;
    }
    if (!can_hold_with(linter, claims, condition, true))
        lint_say(linter, LINT_ALWAYS_HOLDS, condition->span, lint_short(linter, condition->span));
    else if (condition->kind == TEXPR_AND || condition->kind == TEXPR_OR)
        look_for_needless(linter, claims, condition);
    if (condition->kind == TEXPR_OR) {
        struct parts parts = {0};
        take_parts(condition, TEXPR_OR, &parts);
        for (int i = 0; i < parts.count; i++)
            if (parts.items[i]->kind == TEXPR_AND && span_holds(condition->span, parts.items[i]->span))
                look_at(linter, claims, parts.items[i]);
    }
    return true;
}

/* ---- filters within expressions ---- */

static bool look_at_filter(const struct texpr *part, void *context) {
    static const struct claims nothing;
    if (part->kind == TEXPR_FILTER)
        look_at(context, &nothing, part->condition);
    return true;
}

static void look_within(struct linter *linter, const struct texpr *expression) {
    if (expression)
        texpr_walk(expression, look_at_filter, linter);
}

/* ---- exceptions ---- */

/* claims: where one is asked at all. */
static void look_at_exception(struct linter *linter, struct claims *claims, const char *label, const struct texpr *condition, const struct texpr *requirement) {
    if (!condition)
        return;
    look_within(linter, condition);
    if (!can_hold_with(linter, claims, condition, false)) {
        struct lint_finding *finding = lint_say(linter, LINT_DEAD_EXCEPTION, condition->span, label);
        for (int i = 0; i < claims->count; i++) {
            struct claim both[2] = {claims->items[i], {condition, false}};
            if (!claims_can_hold(both, 2, &linter->variable_count) && is_own_file(linter, claims->items[i].condition->span.file)) {
                lint_second(linter, finding, claims->items[i].condition->span, claims->items[i].negated ? "an exception before it applies wherever it could" : "not together with this");
                break;
            }
        }
    } else if (!can_hold_with(linter, claims, condition, true))
        lint_say(linter, LINT_EXCEPTION_FOR_ALL, condition->span, label);
    look_within(linter, requirement);
    add_claim(claims, condition, true);
}

/* ---- declarations ---- */

static void look_at_rule(struct linter *linter, const struct trule *rule) {
    struct claims claims = {0};
    look_within(linter, rule->where);
    look_within(linter, rule->when);
    if (!look_at(linter, &claims, rule->where))
        return;
    add_claim(&claims, rule->where, false);
    if (!look_at(linter, &claims, rule->when))
        return;
    add_claim(&claims, rule->when, false);
    for (int i = 0; i < rule->exception_count; i++)
        look_at_exception(linter, &claims, rule->exceptions[i].label, rule->exceptions[i].condition, NULL);
}

static void look_at_mandate(struct linter *linter, const struct tmandate *mandate) {
    struct claims claims = {0};
    look_within(linter, mandate->where);
    look_within(linter, mandate->requirement);
    if (!look_at(linter, &claims, mandate->where))
        return;
    add_claim(&claims, mandate->where, false);
    for (int i = 0; i < mandate->exception_count; i++)
        look_at_exception(linter, &claims, mandate->exceptions[i].label, mandate->exceptions[i].condition, mandate->exceptions[i].requirement);
    if (!mandate->requirement || was_said(linter, mandate->requirement->span))
        return;
    bool is_all = claims_can_hold(claims.items, claims.count, &linter->variable_count);
    if (is_all && !can_hold_with(linter, &claims, mandate->requirement, false))
        lint_say(linter, LINT_REQUIREMENT_NEVER_MET, mandate->requirement->span, mandate->name, lint_short(linter, mandate->requirement->span));
    else if (is_all && !can_hold_with(linter, &claims, mandate->requirement, true))
        lint_say(linter, LINT_REQUIREMENT_ALWAYS_MET, mandate->requirement->span, mandate->name, lint_short(linter, mandate->requirement->span));
    else if (is_all && (mandate->requirement->kind == TEXPR_AND || mandate->requirement->kind == TEXPR_OR))
        look_for_needless(linter, &claims, mandate->requirement);
}

static void look_at_query(struct linter *linter, const struct tquery *query) {
    static const struct claims nothing;
    tquery_walk(query, look_at_filter, linter);
    look_at(linter, &nothing, query->condition);
}

void lint_conditions(struct linter *linter) {
    const struct program *program = linter->program;
    for (int i = 0; i < program->rules.count; i++)
        if (is_own_file(linter, program->rules.items[i]->span.file))
            look_at_rule(linter, program->rules.items[i]);
    for (int i = 0; i < program->mandates.count; i++)
        if (is_own_file(linter, program->mandates.items[i]->span.file))
            look_at_mandate(linter, program->mandates.items[i]);
    for (int i = 0; i < program->reports.count; i++)
        if (is_own_file(linter, program->reports.items[i]->span.file))
            look_at_query(linter, program->reports.items[i]->query);
    for (int r = 0; r < program->records.count; r++)
        for (int f = 0; f < program->records.items[r]->field_count; f++) {
            const struct field *field = program->records.items[r]->fields[f];
            if (field->kind == FIELD_DERIVED && is_own_file(linter, field->span.file))
                look_within(linter, field->value);
        }
}
