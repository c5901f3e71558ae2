/* Values as they were: `x at DATE`, `x at baseline "…"`, `history(x)`, `as of`, and the command that fixes a baseline.
 * Knows: which records an expression is about. Does not know: changes and where the store keeps them. */
#include "lang/base/text.h"
#include "lang/check/checker.h"

#include <string.h>

/* ---- what an expression is about ---- */

/* The records that it starts from: elements that are bound around it, and records that it names in order to read of them. */
struct roots {
    struct arena *arena;
    LIST_OF(const struct tvar *) bound;
    LIST_OF(struct texpr *) records;
    bool uses_group;
};

static bool note_bound(const struct texpr *part, void *context) {
    struct roots *roots = context;
    if (part->kind != TEXPR_VARIABLE && part->variable)
        LIST_ADD(roots->arena, &roots->bound, part->variable);
    for (int i = 0; part->query && i < part->query->source_count; i++)
        LIST_ADD(roots->arena, &roots->bound, part->query->sources[i].variable);
    return true;
}

static void add_root(struct roots *roots, const struct texpr *record) {
    for (int i = 0; i < roots->bound.count && record->kind == TEXPR_VARIABLE; i++)
        if (roots->bound.items[i] == record->variable)
            return;
    for (int i = 0; i < roots->records.count; i++)
        if (texpr_equal(roots->records.items[i], record))
            return;
    struct texpr *copy = ARENA_NEW(roots->arena, struct texpr);
    *copy = *record;
    LIST_ADD(roots->arena, &roots->records, copy);
}

static bool note_root(const struct texpr *part, void *context) {
    if (part->kind == TEXPR_VARIABLE && part->type.kind == TYPE_RECORD)
        add_root(context, part);
    if (part->base && part->base->kind == TEXPR_REFERENCE)
        add_root(context, part->base);
    return true;
}

/* Of the group around it; nested queries have groups of their own. */
static bool note_group(const struct texpr *part, void *context) {
    struct roots *roots = context;
    roots->uses_group = roots->uses_group || part->kind == TEXPR_KEY_OF_GROUP || part->kind == TEXPR_GROUP;
    return part->kind != TEXPR_QUERY;
}

static struct roots find_roots(struct checker *checker, const struct texpr *expression) {
    struct roots roots = {.arena = checker->arena};
    texpr_walk(expression, note_bound, &roots);
    texpr_walk(expression, note_root, &roots);
    texpr_walk(expression, note_group, &roots);
    return roots;
}

/* ---- which change ---- */

static struct texpr *change_on(struct checker *checker, struct texpr *day) {
    struct texpr *change = texpr_unary(checker->arena, TEXPR_CHANGE_ON, type_optional(type_of_kind(TYPE_INT), day->type.optional), day);
    return change;
}

static struct texpr *check_day(struct context *context, struct node *node) {
    struct checker *checker = context->checker;
    struct type date = type_of_kind(TYPE_DATE);
    struct texpr *day = check_expression(context, node, &date);
    if (is_poison(day))
        return day;
    if (day->type.kind == TYPE_DATE)
        return change_on(checker, day);
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_AT_WHAT_DAY, node->span, type_words(checker, type_optional(day->type, false)));
    if (node->kind == NODE_NAME && strcmp(name_text(node), "baseline") == 0)
        diagnostic_hint(checker->diagnostics, said, "Say which: `at baseline \"Gate 2\"`, `at original baseline` or `at current baseline`.");
    else if (day->type.kind == TYPE_DATETIME)
        diagnostic_hint(checker->diagnostics, said, "Take its day: `%s.date`.", source_words(checker, node));
    else if (day->type.kind == TYPE_PERIOD)
        diagnostic_hint(checker->diagnostics, said, "Take a day of it: `(%s).end`.", source_words(checker, node));
    else if (day->type.kind == TYPE_DURATION || day->type.kind == TYPE_SPAN)
        diagnostic_hint(checker->diagnostics, said, "A day that is worked out stands in brackets: `at (today - 30 days)`.");
    return poison(context, node);
}

static struct texpr *change_of_baseline(struct context *context, struct texpr *record, const struct node_baseline_time *time) {
    struct checker *checker = context->checker;
    const char *name = record->type.record->name;
    struct context inner = *context;
    inner.facts = NULL;
    struct texpr *arguments[] = {texpr_text(checker->arena, name, strlen(name), record->span), make_field(&inner, record, record->type.record->fields[FIELD_KEY], record->span)};
    struct texpr *change = texpr_with(checker->arena, TEXPR_BASELINE, type_optional(type_of_kind(TYPE_INT), true), time->head.span, 2, arguments);
    change->number = time->which;
    change->text = time->label ? name_text(time->label) : NULL;
    return change;
}

/* The baseline of the nearest record that has it: along the path from its end, then of what the record at its beginning belongs to. */
static struct texpr *nearest_baseline(struct context *context, struct texpr *record, bool is_path, const struct node_baseline_time *time) {
    struct checker *checker = context->checker;
    struct texpr *change = change_of_baseline(context, record, time), *next = NULL;
    is_path = is_path && (record->kind == TEXPR_FIELD || record->kind == TEXPR_DERIVED) && record->base->type.kind == TYPE_RECORD;
    if (is_path)
        next = record->base;
    else if (record->type.record->owner)
        next = make_field(context, record, record->type.record->owner, record->span);
    return next ? texpr_binary(checker->arena, TEXPR_DEFAULT, change->type, change, nearest_baseline(context, next, is_path, time)) : change;
}

static struct texpr *check_baseline_time(struct context *context, struct node *node, const struct texpr *body, const struct roots *roots) {
    const struct node_baseline_time *time = AS(baseline_time, BASELINE_TIME, node);
    bool is_path = (body->kind == TEXPR_FIELD || body->kind == TEXPR_DERIVED) && body->base->type.kind == TYPE_RECORD;
    struct texpr *record = is_path ? body->base : roots->records.count == 1 ? roots->records.items[0] : NULL;
    if (record)
        return nearest_baseline(context, record, true, time);
    diagnostic_add(context->checker->diagnostics, DIAG_BASELINE_OF_WHAT, node->span);
    return poison(context, node);
}

/* ---- x at … ---- */

static bool refuse_body(struct context *context, const struct node_at *at, const struct texpr *body, const struct roots *roots) {
    struct checker *checker = context->checker;
    if (body->type.kind == TYPE_COLLECTION || body->type.kind == TYPE_ROW) {
        diagnostic_add(checker->diagnostics, DIAG_AT_OF_MANY, at->value->span, type_words(checker, body->type));
        return true;
    }
    if (body->type.kind == TYPE_NOTHING) {
        diagnostic_add(checker->diagnostics, DIAG_ONLY_MISSING, at->value->span);
        return true;
    }
    if (roots->uses_group)
        diagnostic_add(checker->diagnostics, DIAG_AT_OF_GROUP, at->head.span);
    return roots->uses_group;
}

/* body as of the change, of the records. */
static struct texpr *make_at(struct checker *checker, struct texpr *body, struct texpr *change, const struct roots *roots, struct span span) {
    struct texpr **arguments = ARENA_ARRAY(checker->arena, struct texpr *, roots->records.count + 2);
    arguments[0] = body;
    arguments[1] = change;
    for (int i = 0; i < roots->records.count; i++)
        arguments[i + 2] = roots->records.items[i];
    bool optional = body->type.optional || change->type.optional || roots->records.count > 0;
    return texpr_with(checker->arena, TEXPR_AT, type_optional(body->type, optional), span, roots->records.count + 2, arguments);
}

struct texpr *check_at(struct context *context, struct node *node) {
    struct checker *checker = context->checker;
    struct node_at *at = AS(at, AT, node);
    struct context inner = *context;
    inner.facts = NULL; /* what is known now need not have been known then */
    struct texpr *body = check_expression(&inner, at->value, NULL);
    if (!is_poison(body) && body->type.kind == TYPE_DECIMAL)
        body = convert_to(checker, body, type_of_kind(TYPE_NUMBER));
    struct roots roots = find_roots(checker, body);
    if (!is_poison(body) && refuse_body(context, at, body, &roots))
        return poison(context, node);
    struct texpr *change = at->time->kind == NODE_BASELINE_TIME && !is_poison(body) ? check_baseline_time(context, at->time, body, &roots)
                           : at->time->kind == NODE_BASELINE_TIME                   ? body
                                                                                    : check_day(context, at->time);
    if (is_poison(body) || is_poison(change))
        return poison(context, node);
    return make_at(checker, body, change, &roots, node->span);
}

struct texpr *shown_at(struct context *context, struct texpr *at, int which) {
    struct checker *checker = context->checker;
    struct texpr *body = at->arguments[0];
    struct context inner = *context;
    inner.facts = NULL;
    struct texpr *shown = make_field(&inner, body, body->type.record->fields[which], at->span);
    struct roots roots = find_roots(checker, body);
    return make_at(checker, shown, at->arguments[1], &roots, at->span);
}

/* ---- as of ---- */

static bool note_varying(const struct texpr *part, void *context) {
    bool *varies = context;
    *varies = *varies || part->kind == TEXPR_FIELD || part->kind == TEXPR_AGGREGATE || part->kind == TEXPR_DERIVED || part->kind == TEXPR_COLUMN || part->kind == TEXPR_BASELINE ||
              part->kind == TEXPR_KEY_OF_GROUP;
    return !*varies;
}

struct texpr *check_as_of(struct context *context, struct node *node) {
    struct checker *checker = context->checker;
    if (!node)
        return NULL;
    struct texpr *day = check_as(context, node, type_of_kind(TYPE_DATE), "`as of`");
    if (is_poison(day))
        return day;
    bool varies = false;
    texpr_walk(day, note_varying, &varies);
    if (!varies)
        return change_on(checker, day);
    diagnostic_add(checker->diagnostics, DIAG_AS_OF_VARIES, node->span);
    return poison(context, node);
}

/* ---- history(x) ---- */

static const struct tquery *history_rows(struct checker *checker, struct type value, struct span span) {
    static const char *const labels[HISTORY_COLUMNS] = {[HISTORY_VALUE] = "value", [HISTORY_FROM] = "from", [HISTORY_UNTIL] = "until", [HISTORY_BY] = "by"};
    struct tquery *rows = ARENA_NEW(checker->arena, struct tquery);
    rows->span = span;
    rows->columns = ARENA_ARRAY(checker->arena, struct tcolumn, HISTORY_COLUMNS);
    rows->column_count = HISTORY_COLUMNS;
    for (int i = 0; i < HISTORY_COLUMNS; i++)
        rows->columns[i] = (struct tcolumn){.label = intern_string(checker->names, labels[i]), .type = type_of_kind(TYPE_DATE)};
    rows->columns[HISTORY_VALUE].type = value;
    rows->columns[HISTORY_UNTIL].type = type_optional(type_of_kind(TYPE_DATE), true);
    rows->columns[HISTORY_BY].type = type_of_kind(TYPE_TEXT);
    return rows;
}

struct texpr *check_history(struct context *context, struct node *node) {
    struct checker *checker = context->checker;
    struct node_call *call = AS(call, CALL, node);
    struct node_argument *argument = call->arguments.count == 1 ? AS(argument, ARGUMENT, call->arguments.items[0]) : NULL;
    if (!argument || !argument->value || argument->name || argument->by || argument->condition) {
        diagnostic_add(checker->diagnostics, DIAG_ARGUMENTS_DO_NOT_FIT, node->span, "history");
        return poison(context, node);
    }
    struct texpr *path = check_expression(context, argument->value, NULL);
    if (is_poison(path))
        return path;
    if (path->kind != TEXPR_FIELD) {
        const char *what = path->kind == TEXPR_DERIVED ? arena_format(checker->arena, "`%s`, which is computed,", path->field->name) : "this";
        diagnostic_add(checker->diagnostics, DIAG_HISTORY_OF_WHAT, argument->value->span, what);
        return poison(context, node);
    }
    struct type row = {.kind = TYPE_ROW, .row = history_rows(checker, path->field->type, node->span)};
    struct texpr *history = texpr_create(checker->arena, TEXPR_HISTORY, type_of_collection(checker->arena, row), node->span);
    history->base = path->base;
    history->field = path->field;
    texpr_note_failing(history);
    return history;
}

/* ---- baseline KEY "…" ---- */

/* A key in quotes: of an initiative before any other record. */
static struct texpr *record_of_text(struct context *context, struct node *node) {
    struct checker *checker = context->checker;
    const char *key = name_text(node);
    struct record_type *found = program_find_record(checker->program, "initiative");
    if (found && !key_exists(checker, found, key))
        found = NULL;
    for (int i = 0; i < checker->program->records.count && !found; i++) {
        struct record_type *record = checker->program->records.items[i];
        if (!record->runtime_filled && key_exists(checker, record, key))
            found = record;
    }
    if (found)
        return key_reference(context, found, key, node->span);
    diagnostic_add(checker->diagnostics, DIAG_BASELINE_OF_NO_RECORD, node->span, key);
    return poison(context, node);
}

static struct texpr *record_of_key(struct context *context, struct node *node) {
    if (node->kind == NODE_TEXT_LITERAL)
        return record_of_text(context, node);
    return name_is_in_scope(context, name_text(node)) ? require_known(context, check_expression(context, node, NULL), node) : record_of_text(context, node);
}

struct tcommand *check_baseline(struct context *context, struct node *node) {
    struct checker *checker = context->checker;
    struct node_baseline *baseline = AS(baseline, BASELINE, node);
    struct tcommand *command = ARENA_NEW(checker->arena, struct tcommand);
    command->kind = COMMAND_BASELINE;
    command->span = node->span;
    command->value = record_of_key(context, baseline->key);
    command->name = name_text(baseline->title);
    if (!baseline->title || !*command->name) {
        diagnostic_add(checker->diagnostics, DIAG_BASELINE_WITHOUT_NAME, node->span);
        return NULL;
    }
    if (is_poison(command->value))
        return NULL;
    if (command->value->type.kind != TYPE_RECORD) {
        diagnostic_add(checker->diagnostics, DIAG_BASELINE_OF_NO_RECORD, baseline->key->span, name_text(baseline->key));
        return NULL;
    }
    if (!command->value->type.record->runtime_filled)
        return command;
    diagnostic_add(checker->diagnostics, DIAG_BASELINE_OF_KEPT, baseline->key->span, command->value->type.record->name);
    return NULL;
}
