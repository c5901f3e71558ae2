/* The run of lint, and what its groups of rules share. See lint.h, linter.h. */
#include "lang/lint/linter.h"

#include "lang/base/civil.h"
#include <stdlib.h>
#include <string.h>

static const struct lint_row rows[LINT_COUNT] = {
#define LINT(symbol, name, number, severity, fixes, summary, message, mend, reason, bad, good) \
    [LINT_##symbol] = {name, number, SEVERITY_##severity, fixes, summary, message, mend, reason, bad, good},
#include "lang/lint/lint.def"
#undef LINT
};

const struct lint_row *lint_row(enum lint_rule rule) {
    return &rows[rule];
}

enum lint_rule lint_find(const char *name) {
    bool is_code = (*name == 'L' || *name == 'l') && name[1] && name[1 + strspn(name + 1, "0123456789")] == '\0';
    for (int rule = 0; rule < LINT_COUNT; rule++)
        if (is_code ? atoi(name + 1) == rows[rule].number : strcmp(name, rows[rule].name) == 0)
            return (enum lint_rule)rule;
    return LINT_COUNT;
}

void lint_offer_names(struct nearest *search) {
    for (int rule = 0; rule < LINT_COUNT; rule++)
        nearest_offer(search, rows[rule].name);
}

/* ---- saying ---- */

struct lint_finding *lint_say(struct linter *linter, enum lint_rule rule, struct span span, ...) {
    struct lint_finding *finding = ARENA_NEW(linter->arena, struct lint_finding);
    struct diagnostic *diagnostic = ARENA_NEW(linter->arena, struct diagnostic);
    *finding = (struct lint_finding){.rule = rule, .diagnostic = diagnostic};
    va_list arguments;
    va_start(arguments, span);
    *diagnostic = (struct diagnostic){.code = DIAG_LINT, .severity = rows[rule].severity, .span = span, .hint = rows[rule].mend};
    diagnostic->label = arena_format(linter->arena, "L%03d %s", rows[rule].number, rows[rule].name);
    diagnostic->message = arena_format_list(linter->arena, rows[rule].message, arguments);
    va_end(arguments);
    if (!linter->input->leaves_out[rule] && is_own_file(linter, span.file))
        LIST_ADD(linter->arena, &linter->findings, finding);
    return finding;
}

void lint_hint(struct linter *linter, struct lint_finding *finding, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    finding->diagnostic->hint = arena_format_list(linter->arena, format, arguments);
    va_end(arguments);
}

void lint_second(struct linter *linter, struct lint_finding *finding, struct span span, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    finding->diagnostic->second_label = arena_format_list(linter->arena, format, arguments);
    finding->diagnostic->second = span;
    va_end(arguments);
}

bool lint_said_within(const struct linter *linter, enum lint_rule rule, struct span span) {
    for (int i = 0; i < linter->findings.count; i++)
        if (linter->findings.items[i]->rule == rule && span_holds(span, linter->findings.items[i]->diagnostic->span))
            return true;
    return false;
}

const char *lint_words(const struct linter *linter, struct span span) {
    return source_quote(linter->arena, linter->input->sources, span);
}

const char *lint_short(const struct linter *linter, struct span span) {
    enum { COLUMNS_MOST = 70 };
    const char *words = lint_words(linter, span);
    size_t length = strlen(words), kept = text_prefix(words, length, COLUMNS_MOST);
    return kept == length ? words : arena_format(linter->arena, "%.*s…", (int)kept, words);
}

const char *lint_text(const struct linter *linter, struct span span) {
    return arena_copy(linter->arena, source_get(linter->input->sources, span.file)->text + span.start, span.end - span.start);
}

/* ---- looking ---- */

bool span_holds(struct span outer, struct span inner) {
    return outer.file == inner.file && outer.start <= inner.start && inner.end <= outer.end;
}

struct walk {
    bool (*visit)(struct node *node, void *context);
    void *context;
};

static void walk_child(struct node *child, void *context) {
    const struct walk *walk = context;
    lint_walk(child, walk->visit, walk->context);
}

void lint_walk(struct node *node, bool (*visit)(struct node *node, void *context), void *context) {
    struct walk walk = {visit, context};
    if (node && visit(node, context))
        node_each_child(node, walk_child, &walk);
}

bool is_own_file(const struct linter *linter, uint32_t file) {
    for (int i = 0; i < linter->input->file_count; i++)
        if (linter->input->files[i].file == file)
            return !linter->input->files[i].is_library;
    return false;
}

void lint_each_item(struct linter *linter, void (*visit)(struct linter *linter, struct node *item)) {
    for (int f = 0; f < linter->input->file_count; f++) {
        const struct node_list *items = &AS(program, PROGRAM, linter->input->files[f].tree)->items;
        for (int i = 0; i < items->count && !linter->input->files[f].is_library; i++)
            visit(linter, items->items[i]);
    }
}

const char *node_words(const struct node *node) {
    if (!node)
        return NULL;
    if (node->kind == NODE_NAME)
        return ((const struct node_name *)(const void *)node)->text;
    const struct node_text_literal *literal = (const void *)node;
    if (node->kind == NODE_TEXT_LITERAL && literal->parts.count == 0)
        return "";
    if (node->kind == NODE_TEXT_LITERAL && literal->parts.count == 1 && literal->parts.items[0]->kind == NODE_TEXT_PART)
        return ((const struct node_text_part *)(const void *)literal->parts.items[0])->text;
    return NULL;
}

struct node *find_clause(const struct node_list *clauses, enum node_kind kind) {
    for (int i = 0; i < clauses->count; i++)
        if (clauses->items[i]->kind == kind)
            return clauses->items[i];
    return NULL;
}

const struct tassignment *instance_value(const struct tinstance *instance, const char *field) {
    for (int i = 0; i < instance->assignment_count; i++)
        if (strcmp(instance->assignments[i].field->name, field) == 0)
            return &instance->assignments[i];
    return NULL;
}

const char *instance_text(const struct tinstance *instance, const char *field) {
    const struct tassignment *assignment = instance_value(instance, field);
    if (!assignment || !assignment->value)
        return NULL;
    if (assignment->value->kind == TEXPR_REFERENCE)
        return assignment->value->text;
    return assignment->value->kind == TEXPR_CONSTANT && assignment->value->type.kind == TYPE_TEXT ? assignment->value->constant.text : NULL;
}

bool instance_day(const struct tinstance *instance, const char *field, int64_t *day) {
    const struct tassignment *assignment = instance_value(instance, field);
    bool is_constant = assignment && assignment->value && assignment->value->kind == TEXPR_CONSTANT && assignment->value->type.kind == TYPE_DATE;
    if (is_constant)
        *day = assignment->value->constant.integer;
    return is_constant;
}

const char *day_text(struct arena *arena, int64_t day) {
    struct buffer out = {0};
    date_write(&out, day);
    const char *text = arena_copy_string(arena, buffer_string(&out));
    buffer_free(&out);
    return text;
}

/* ---- names in use ---- */

static bool note_name(struct node *node, void *context) {
    struct linter *linter = context;
    if (node->kind == NODE_NAME) {
        struct name_use use = {AS(name, NAME, node)->text, node->span};
        LIST_ADD(linter->arena, &linter->names, use);
    }
    return true;
}

static void note_names(struct linter *linter, struct node *item) {
    lint_walk(item, note_name, linter);
}

static int compare_uses(const void *a, const void *b) {
    const struct name_use *first = a, *second = b;
    if (first->text != second->text)
        return (uintptr_t)first->text < (uintptr_t)second->text ? -1 : 1;
    if (first->span.file != second->span.file)
        return first->span.file < second->span.file ? -1 : 1;
    return first->span.start < second->span.start ? -1 : first->span.start > second->span.start;
}

bool name_is_used(const struct linter *linter, const char *name, struct span outside, const struct span *inside) {
    int low = 0, high = linter->names.count;
    while (low < high) { /* the first of that name */
        int middle = low + (high - low) / 2;
        if ((uintptr_t)linter->names.items[middle].text < (uintptr_t)name)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < linter->names.count && linter->names.items[low].text == name; low++)
        if (!span_holds(outside, linter->names.items[low].span) && (!inside || span_holds(*inside, linter->names.items[low].span)))
            return true;
    return false;
}

/* ---- the run ---- */

static int compare_findings(const void *a, const void *b) {
    const struct lint_finding *first = *(struct lint_finding *const *)a, *second = *(struct lint_finding *const *)b;
    struct span one = first->diagnostic->span, other = second->diagnostic->span;
    if (one.file != other.file)
        return one.file < other.file ? -1 : 1;
    if (one.start != other.start)
        return one.start < other.start ? -1 : 1;
    return rows[first->rule].number - rows[second->rule].number;
}

static void drop_notes(struct lint_findings *findings) {
    int kept = 0;
    for (int i = 0; i < findings->count; i++)
        if (rows[findings->items[i]->rule].severity != SEVERITY_NOTE)
            findings->items[kept++] = findings->items[i];
    findings->notes_left_out = findings->count - kept;
    findings->count = kept;
}

struct lint_findings lint_run(struct arena *arena, const struct lint_input *input, struct diagnostics *diagnostics) {
    struct linter linter = {.arena = arena, .input = input, .program = input->program, .diagnostics = diagnostics, .variable_count = input->program->variable_count};
    lint_each_item(&linter, note_names);
    if (linter.names.count)
        qsort(linter.names.items, (size_t)linter.names.count, sizeof *linter.names.items, compare_uses);
    lint_names(&linter);
    lint_expressions(&linter);
    lint_conditions(&linter);
    lint_thresholds(&linter);
    lint_declarations(&linter);
    lint_organisation(&linter);
    lint_reports(&linter);
    lint_tests(&linter);
    lint_allowances(&linter);
    if (input->leaves_out_notes)
        drop_notes(&linter.findings);
    if (linter.findings.count)
        qsort(linter.findings.items, (size_t)linter.findings.count, sizeof *linter.findings.items, compare_findings);
    for (int i = 0; i < linter.findings.count; i++) {
        LIST_ADD(diagnostics->arena, &diagnostics->list, linter.findings.items[i]->diagnostic);
        diagnostics->error_count += linter.findings.items[i]->diagnostic->severity == SEVERITY_ERROR;
    }
    diagnostics_sort(diagnostics);
    return linter.findings;
}
