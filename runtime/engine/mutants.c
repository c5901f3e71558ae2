/* Small changes to the text of rules and mandates. See mutants.h.
 * Places come from the syntax tree; which names are values of an enum only the typed declaration knows. */
#include "lang/base/civil.h"
#include "lang/base/limits.h"
#include "runtime/engine/mutants.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct enum_place {
    struct span span;
    const struct enum_type *enumeration;
    const struct texpr *among; /* the TEXPR_IN that lists it, or NULL */
    int64_t ordinal;
};
struct finding_mutants {
    struct session *session;
    const char *name;        /* of the declaration */
    struct span declaration;
    const char *text;        /* of its file */
    struct mutant_list *list;
    struct span within;
    LIST_OF(struct enum_place) places;
};

static void add(struct finding_mutants *finding, struct span span, const char *replacement) {
    struct mutant mutant = {finding->name, finding->declaration, span, replacement, finding->within};
    if (finding->list->count == LIMIT_MUTANTS)
        finding->list->left_out++;
    else
        LIST_ADD(finding->session->arena, finding->list, mutant);
}

/* ---- numbers: one more and one less in the last digit that is written ---- */

/* "110%" and 1 give "111%"; NULL for numbers too long to be thresholds. */
static const char *step_number(struct arena *arena, const char *written, int step) {
    enum { DIGITS_MOST = 17 };
    char digits[DIGITS_MOST + 1];
    int count = 0, decimals = 0;
    bool after_point = false;
    for (; isdigit((unsigned char)*written) || *written == '_' || *written == '.'; written++) {
        after_point = after_point || *written == '.';
        if (!isdigit((unsigned char)*written))
            continue;
        if (count == DIGITS_MOST)
            return NULL;
        digits[count++] = *written;
        decimals += after_point;
    }
    digits[count] = '\0';
    long long value = strtoll(digits, NULL, 10) + step, power = 1;
    for (int i = 0; i < decimals; i++)
        power *= 10;
    long long size = value < 0 ? -value : value;
    const char *sign = value < 0 ? "-" : "";
    return decimals ? arena_format(arena, "%s%lld.%0*lld%s", sign, size / power, decimals, size % power, written) : arena_format(arena, "%s%lld%s", sign, size, written);
}

static void change_number(struct finding_mutants *finding, const struct node *node, const char *written, const char *after) {
    for (int step = 1; step >= -1; step -= 2) {
        const char *number = step_number(finding->session->arena, written, step);
        if (number)
            add(finding, node->span, arena_format(finding->session->arena, "%s%s", number, after));
    }
}

static void change_quantity(struct finding_mutants *finding, const struct node_quantity *quantity) {
    for (int step = 1; step >= -1; step -= 2) {
        const char *number = step_number(finding->session->arena, quantity->amount, step);
        if (number)
            add(finding, quantity->head.span, arena_format(finding->session->arena, "%s %s%s", number, unit_name((enum unit)quantity->unit), strcmp(number, "1") == 0 ? "" : "s"));
    }
}

static void change_date(struct finding_mutants *finding, const struct node_date_literal *date) {
    int64_t day;
    for (int step = 1; date_parse(date->text, strlen(date->text), &day) && step >= -1; step -= 2) {
        struct buffer words = {0};
        date_write(&words, day + step);
        add(finding, date->head.span, arena_copy_string(finding->session->arena, buffer_string(&words)));
        buffer_free(&words);
    }
}

/* ---- words and signs ---- */

/* Past what is no operator: spaces, brackets, comments. */
static uint32_t skip_to_operator(const char *text, uint32_t at, uint32_t end) {
    while (at < end && (isspace((unsigned char)text[at]) || text[at] == '(' || text[at] == ')' || text[at] == '#'))
        at += text[at] == '#' ? (uint32_t)strcspn(text + at, "\n") : 1;
    return at;
}

static const char *opposite_of(enum operator operator) {
    static const char *const opposites[OPERATOR_COUNT] = {
        [OPERATOR_AND] = "or", [OPERATOR_OR] = "and", [OPERATOR_EQUAL] = "!=", [OPERATOR_NOT_EQUAL] = "=", [OPERATOR_LESS] = "<=", [OPERATOR_AT_MOST] = "<",
        [OPERATOR_GREATER] = ">=", [OPERATOR_AT_LEAST] = ">", [OPERATOR_IN] = "not in", [OPERATOR_NOT_IN] = "in"};
    return opposites[operator];
}

static void change_operator(struct finding_mutants *finding, const struct node_binary *binary) {
    enum operator operator = (enum operator)binary->operator;
    const char *opposite = opposite_of(operator), *spelling = operator_spelling(operator);
    struct span span = {skip_to_operator(finding->text, binary->left->span.end, binary->right->span.start), 0, binary->head.span.file};
    if (!opposite)
        return;
    span.end = span.start;
    for (; *spelling; spelling++) /* between the words of `not in` there may be any space */
        if (*spelling == ' ')
            while (isspace((unsigned char)finding->text[span.end]))
                span.end++;
        else if (finding->text[span.end++] != *spelling)
            return;
    add(finding, span, opposite);
}

/* The first word of the node, replaced: `not` left out, `exists` for `no`. */
static void change_first_word(struct finding_mutants *finding, const struct node *node, const char *word, const char *replacement) {
    struct span span = {node->span.start, node->span.start + (uint32_t)strlen(word), node->span.file};
    if (strncmp(finding->text + span.start, word, strlen(word)) == 0)
        add(finding, span, replacement);
}

static bool is_among(const struct texpr *list, int64_t ordinal) {
    for (int i = 1; list && i < list->argument_count; i++)
        if (list->arguments[i]->kind == TEXPR_CONSTANT && list->arguments[i]->constant.integer == ordinal)
            return true;
    return false;
}

/* The next value that is not there beside it, round and round. */
static void change_enum_value(struct finding_mutants *finding, const struct node *node) {
    for (int i = 0; i < finding->places.count; i++) {
        const struct enum_place *place = &finding->places.items[i];
        if (place->span.start != node->span.start || place->span.end != node->span.end)
            continue;
        for (int step = 1; step < place->enumeration->value_count; step++) {
            int64_t other = (place->ordinal + step) % place->enumeration->value_count;
            if (!is_among(place->among, other)) {
                add(finding, node->span, place->enumeration->values[other].name);
                return;
            }
        }
    }
}

/* ---- conditions ---- */

static bool is_comparison(enum operator operator) {
    return operator != OPERATOR_AND && operator != OPERATOR_OR && opposite_of(operator);
}

static void change_parts(struct node *node, void *context) {
    struct finding_mutants *finding = context;
    struct span within = finding->within;
    switch (node->kind) {
    case NODE_INT_LITERAL: change_number(finding, node, AS(int_literal, INT_LITERAL, node)->text, ""); break;
    case NODE_DECIMAL_LITERAL: change_number(finding, node, AS(decimal_literal, DECIMAL_LITERAL, node)->text, ""); break;
    case NODE_MONEY_LITERAL:
        change_number(finding, node, AS(money_literal, MONEY_LITERAL, node)->amount, arena_format(finding->session->arena, " %s", AS(money_literal, MONEY_LITERAL, node)->currency));
        break;
    case NODE_QUANTITY: change_quantity(finding, AS(quantity, QUANTITY, node)); break;
    case NODE_DATE_LITERAL: change_date(finding, AS(date_literal, DATE_LITERAL, node)); break;
    case NODE_BOOL_LITERAL: add(finding, node->span, AS(bool_literal, BOOL_LITERAL, node)->value ? "false" : "true"); break;
    case NODE_NAME: change_enum_value(finding, node); break;
    case NODE_UNARY:
        if (AS(unary, UNARY, node)->operator == OPERATOR_NOT)
            change_first_word(finding, node, "not", "");
        break;
    case NODE_QUANTIFIER: {
        bool is_negated = AS(quantifier, QUANTIFIER, node)->negated != 0;
        change_first_word(finding, node, is_negated ? "no" : "exists", is_negated ? "exists" : "no");
        break;
    }
    case NODE_BINARY:
        if (is_comparison((enum operator)AS(binary, BINARY, node)->operator))
            finding->within = node->span;
        change_operator(finding, AS(binary, BINARY, node));
        break;
    case NODE_TEXT_LITERAL: return; /* words, not thresholds */
    default: break;
    }
    node_each_child(node, change_parts, finding);
    finding->within = within;
}

static void change_within(struct finding_mutants *finding, struct node *part, struct span within) {
    finding->within = within;
    if (part)
        change_parts(part, finding);
    finding->within = (struct span){0};
}

static void change_condition(struct finding_mutants *finding, struct node *condition) {
    if (condition)
        change_within(finding, condition, condition->span);
}

/* ---- clauses ---- */

/* From the word on to the end of the clause. */
static struct span from_word(const struct finding_mutants *finding, const struct node *clause, uint32_t after, const char *word) {
    struct span span = clause->span;
    span.start = skip_to_operator(finding->text, after, span.end);
    if (strncmp(finding->text + span.start, word, strlen(word)) != 0)
        span.start = span.end;
    return span;
}

/* Past a word, and the space after it. */
static uint32_t past_word(const struct finding_mutants *finding, uint32_t at, const char *word) {
    if (strncmp(finding->text + at, word, strlen(word)) != 0)
        return at;
    at += (uint32_t)strlen(word);
    return at + (uint32_t)strspn(finding->text + at, " \t\r\n");
}

/* `when C` becomes `when not (C)`, `shall C` `shall not (C)`, `shall not C` `shall C`. */
static void turn_round(struct finding_mutants *finding, const struct node *clause, const char *word, bool is_negated) {
    uint32_t at = past_word(finding, clause->span.start, word), end = clause->span.end;
    if (is_negated)
        at = past_word(finding, at, "not");
    add(finding, clause->span, arena_format(finding->session->arena, is_negated ? "%s %.*s" : "%s not (%.*s)", word, (int)(end - at), finding->text + at));
}

static void change_requirement(struct finding_mutants *finding, struct node *clause) {
    struct node_requirement *requirement = AS(requirement, REQUIREMENT, clause);
    enum modal modal = (enum modal)requirement->modal;
    turn_round(finding, clause, modal == MODAL_SHALL || modal == MODAL_SHALL_NOT ? "shall" : "should", modal == MODAL_SHALL_NOT || modal == MODAL_SHOULD_NOT);
    change_condition(finding, requirement->condition);
}

static void change_source(struct finding_mutants *finding, struct node *clause) {
    struct node_for_clause *written = AS(for_clause, FOR, clause);
    struct span where = from_word(finding, clause, written->source->span.end, "where");
    if (written->condition && where.start < where.end)
        add(finding, where, "");
    change_condition(finding, written->source);
    change_condition(finding, written->condition);
}

static void change_clause(struct finding_mutants *finding, struct node *clause) {
    switch (clause->kind) {
    case NODE_FOR: change_source(finding, clause); break;
    case NODE_WHEN:
        turn_round(finding, clause, "when", false);
        change_condition(finding, AS(when, WHEN, clause)->condition);
        break;
    case NODE_REQUIREMENT: change_requirement(finding, clause); break;
    case NODE_EXCEPT:
        add(finding, clause->span, "");
        change_condition(finding, AS(except, EXCEPT, clause)->condition);
        if (AS(except, EXCEPT, clause)->requirement)
            change_requirement(finding, AS(except, EXCEPT, clause)->requirement);
        break;
    case NODE_LET: change_condition(finding, AS(let, LET, clause)->value); break;
    case NODE_EFFECTIVE:
        change_within(finding, AS(effective, EFFECTIVE, clause)->from, clause->span);
        change_within(finding, AS(effective, EFFECTIVE, clause)->until, clause->span);
        break;
    case NODE_EVERY:
        change_within(finding, AS(every, EVERY, clause)->cadence, clause->span);
        change_within(finding, AS(every, EVERY, clause)->from, clause->span);
        change_within(finding, AS(every, EVERY, clause)->until, clause->span);
        break;
    case NODE_BY_DATE: change_within(finding, AS(by_date, BY_DATE, clause)->date, clause->span); break;
    case NODE_BEFORE: change_within(finding, AS(before, BEFORE, clause)->value, clause->span); break;
    case NODE_WITHIN: change_within(finding, AS(within, WITHIN, clause)->grace, clause->span); break;
    case NODE_DATED: change_within(finding, AS(dated, DATED, clause)->date, clause->span); break;
    case NODE_WAIVABLE: change_within(finding, AS(waivable, WAIVABLE, clause)->up_to, clause->span); break;
    case NODE_ESCALATE: change_within(finding, AS(escalate, ESCALATE, clause)->after, clause->span); break;
    default: break; /* words, and what it takes to meet it: nothing that a test could see */
    }
}

/* ---- declarations ---- */

static bool note_enum_place(const struct texpr *part, void *context) {
    struct finding_mutants *finding = context;
    for (int i = 0; i < (part->kind == TEXPR_IN ? part->argument_count : 1); i++) {
        const struct texpr *constant = part->kind == TEXPR_IN ? part->arguments[i] : part;
        bool is_known = constant->kind != TEXPR_CONSTANT || constant->type.kind != TYPE_ENUM || constant->span.file != finding->declaration.file;
        for (int p = 0; p < finding->places.count && !is_known; p++)
            is_known = finding->places.items[p].span.start == constant->span.start;
        struct enum_place place = {constant->span, constant->type.enumeration, part->kind == TEXPR_IN ? part : NULL, constant->constant.integer};
        if (!is_known)
            LIST_ADD(finding->session->arena, &finding->places, place);
    }
    return true;
}

static void note_rule(struct finding_mutants *finding, const struct trule *rule) {
    texpr_walk(rule->where, note_enum_place, finding);
    texpr_walk(rule->when, note_enum_place, finding);
    for (int i = 0; i < rule->exception_count; i++)
        texpr_walk(rule->exceptions[i].condition, note_enum_place, finding);
}

static void note_mandate(struct finding_mutants *finding, const struct tmandate *mandate) {
    const struct texpr *const parts[] = {mandate->where, mandate->requirement, mandate->from, mandate->until, mandate->by, mandate->within, mandate->dated, mandate->gate_value};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        texpr_walk(parts[i], note_enum_place, finding);
    for (int i = 0; i < mandate->exception_count; i++) {
        texpr_walk(mandate->exceptions[i].condition, note_enum_place, finding);
        texpr_walk(mandate->exceptions[i].requirement, note_enum_place, finding);
    }
}

/* The trees of the files, read once more: the checker's are gone by now. */
struct trees {
    struct session *session;
    uint32_t file;
    struct node_list items; /* of the file read last */
};

static struct node *find_declaration(struct trees *trees, struct span span) {
    struct session *session = trees->session;
    if (span.file != trees->file) {
        struct diagnostics *unheard = diagnostics_create(session->arena, session->sources);
        trees->items = AS(program, PROGRAM, parse_source(session->arena, session->names, unheard, span.file, PARSE_PROGRAM).tree)->items;
        trees->file = span.file;
    }
    for (int i = 0; i < trees->items.count; i++)
        if (trees->items.items[i]->span.start == span.start)
            return trees->items.items[i];
    return NULL;
}

static void change_declaration(struct finding_mutants *finding, struct node_list clauses) {
    for (int i = 0; i < clauses.count; i++)
        change_clause(finding, clauses.items[i]);
}

static struct finding_mutants begin(struct session *session, struct mutant_list *list, const char *name, struct span span) {
    return (struct finding_mutants){.session = session, .name = name, .declaration = span, .text = source_get(session->sources, span.file)->text, .list = list};
}

struct mutant_list mutants_find(struct session *session) {
    struct mutant_list list = {0};
    struct trees trees = {session, UINT32_MAX, {0}};
    const struct program *program = session->program;
    for (int i = 0; i < program->rules.count; i++) {
        const struct trule *rule = program->rules.items[i];
        struct finding_mutants finding = begin(session, &list, rule->name, rule->span);
        struct node *node = session_is_own(session, rule->span) ? find_declaration(&trees, rule->span) : NULL;
        note_rule(&finding, rule);
        if (node && node->kind == NODE_RULE)
            change_declaration(&finding, AS(rule, RULE, node)->clauses);
    }
    for (int i = 0; i < program->mandates.count; i++) {
        const struct tmandate *mandate = program->mandates.items[i];
        struct finding_mutants finding = begin(session, &list, mandate->name, mandate->span);
        struct node *node = session_is_own(session, mandate->span) ? find_declaration(&trees, mandate->span) : NULL;
        note_mandate(&finding, mandate);
        if (node && node->kind == NODE_MANDATE)
            change_declaration(&finding, AS(mandate, MANDATE, node)->clauses);
    }
    return list;
}
