/* The parts of a declaration, and which of them differ between two. Clauses are matched by what they are, exceptions and `let`s by their name, whatever their order. See diff.h.
 * Knows: which parts each declaration has. Does not know: what a difference means (loosen.c). */
#include "lang/diff/diff.h"

#include "lang/base/text.h"
#include "lang/format/format.h"
#include <string.h>

struct part {
    const char *clause, *label;
    int number;             /* among those with that clause and label */
    const struct node *node;
    const char *before;     /* the word before it, where the node itself does not say it: "by" */
    bool is_matched;
};
struct part_list {
    struct part *items;
    int count, capacity;
};

static void add(struct arena *arena, struct part_list *list, const char *clause, const char *label, const char *before, const struct node *node) {
    if (!node)
        return;
    struct part part = {.clause = clause, .label = label, .node = node, .before = before};
    for (int i = 0; i < list->count; i++)
        part.number += strcmp(list->items[i].clause, clause) == 0 && strcmp(list->items[i].label ? list->items[i].label : "", label ? label : "") == 0;
    LIST_ADD(arena, list, part);
}

static const char *clause_word(const struct node *clause) {
    if (clause->kind == NODE_REQUIREMENT)
        return "shall";
    return node_label(clause->kind);
}

static void add_clauses(struct arena *arena, struct part_list *list, const struct node_list *clauses) {
    for (int i = 0; i < clauses->count; i++) {
        const struct node *clause = clauses->items[i];
        const char *label = clause->kind == NODE_EXCEPT ? diff_name_of(((const struct node_except *)(const void *)clause)->label)
                            : clause->kind == NODE_LET  ? diff_name_of(((const struct node_let *)(const void *)clause)->name)
                                                        : NULL;
        add(arena, list, clause_word(clause), label, NULL, clause);
    }
}

static void add_fields(struct arena *arena, struct part_list *list, const struct diff *diff, bool is_old, const struct node_list *fields) {
    for (int i = 0; i < fields->count; i++) {
        const struct node_value_of *field = (const void *)fields->items[i];
        const char *name = diff_name_of(field->name);
        for (int r = 0; is_old && r < diff->renames.count; r++)
            if (strcmp(diff->renames.items[r].old, name) == 0)
                name = diff->renames.items[r].new;
        add(arena, list, name, NULL, NULL, field->value);
    }
}

static void add_list(struct arena *arena, struct part_list *list, const char *clause, const struct node_list *nodes) {
    for (int i = 0; i < nodes->count; i++)
        add(arena, list, clause, NULL, NULL, nodes->items[i]);
}

static void add_values(struct arena *arena, struct part_list *list, const struct node_list *values) {
    for (int i = 0; i < values->count; i++)
        add(arena, list, "value", diff_name_of(((const struct node_enum_value *)(const void *)values->items[i])->name), NULL, values->items[i]);
}

static void add_key(struct arena *arena, struct part_list *list, const struct node_list *members) {
    for (int i = 0; i < members->count; i++)
        if (members->items[i]->kind == NODE_KEY)
            add(arena, list, "key", NULL, NULL, members->items[i]);
}

static void add_type(struct arena *arena, struct part_list *list, const struct node_field *field) {
    add(arena, list, "type", NULL, NULL, field->type);
    add(arena, list, "inverse", NULL, "inverse", field->inverse);
    add(arena, list, "default", NULL, "default", field->standard);
}

static struct part_list parts_of(struct arena *arena, const struct diff *diff, const struct node *node, bool is_old) {
    struct part_list list = {0};
    switch (node->kind) {
    case NODE_RULE: {
        const struct node_rule *rule = (const void *)node;
        add(arena, &list, "title", NULL, NULL, rule->title);
        add(arena, &list, "office", NULL, "by", rule->office);
        add(arena, &list, "domain", NULL, "on", rule->domain);
        add_clauses(arena, &list, &rule->clauses);
        break;
    }
    case NODE_MANDATE: {
        const struct node_mandate *mandate = (const void *)node;
        add(arena, &list, "title", NULL, NULL, mandate->title);
        add(arena, &list, "office", NULL, "by", mandate->office);
        add(arena, &list, "domain", NULL, "on", mandate->domain);
        add_clauses(arena, &list, &mandate->clauses);
        break;
    }
    case NODE_REPORT: {
        const struct node_report *report = (const void *)node;
        add(arena, &list, "title", NULL, NULL, report->title);
        add(arena, &list, "office", NULL, "by", report->office);
        add(arena, &list, "domain", NULL, "on", report->domain);
        add_list(arena, &list, "parameter", &report->parameters);
        add_clauses(arena, &list, &report->clauses);
        add(arena, &list, "question", NULL, NULL, report->query);
        break;
    }
    case NODE_RECORD:
        add(arena, &list, "title", NULL, NULL, ((const struct node_record *)(const void *)node)->title);
        add_key(arena, &list, &((const struct node_record *)(const void *)node)->members);
        break;
    case NODE_FIELD:
        add_type(arena, &list, (const void *)node);
        break;
    case NODE_DERIVED:
        add(arena, &list, "formula", NULL, "=", ((const struct node_derived *)(const void *)node)->value);
        break;
    case NODE_ENUMERATION:
        add(arena, &list, "title", NULL, NULL, ((const struct node_enumeration *)(const void *)node)->title);
        add_values(arena, &list, &((const struct node_enumeration *)(const void *)node)->values);
        break;
    case NODE_DEFINE: {
        const struct node_define *define = (const void *)node;
        add_list(arena, &list, "parameter", &define->parameters);
        add(arena, &list, "type", NULL, NULL, define->type);
        add(arena, &list, "formula", NULL, "=", define->body);
        break;
    }
    case NODE_INSTANCE:
        add(arena, &list, "name", NULL, NULL, ((const struct node_instance *)(const void *)node)->title);
        add_fields(arena, &list, diff, is_old, &((const struct node_instance *)(const void *)node)->fields);
        break;
    case NODE_VALUE_OF:
        add(arena, &list, "value", NULL, NULL, ((const struct node_value_of *)(const void *)node)->value);
        break;
    case NODE_TEST:
        add_list(arena, &list, "step", &((const struct node_test *)(const void *)node)->items);
        break;
    case NODE_SCENARIO:
        add_list(arena, &list, "step", &((const struct node_scenario *)(const void *)node)->items);
        break;
    default:
        break;
    }
    return list;
}

static struct part *find_part(struct part_list *list, const struct part *wanted) {
    for (int i = 0; i < list->count; i++) {
        struct part *part = &list->items[i];
        bool is_it = strcmp(part->clause, wanted->clause) == 0 && part->number == wanted->number && strcmp(part->label ? part->label : "", wanted->label ? wanted->label : "") == 0;
        if (is_it && !part->is_matched)
            return part;
    }
    return NULL;
}

static const char *words_of(struct arena *arena, const struct part *part) {
    if (!part)
        return NULL;
    const char *words = diff_words(arena, part->node);
    return part->before ? arena_format(arena, "%s %s", part->before, words) : words;
}

static void add_difference(struct arena *arena, struct diff_change *change, const struct part *old, const struct part *new) {
    const struct part *either = new ? new : old;
    struct diff_part part = {either->clause, either->label, old ? old->node : NULL, new ? new->node : NULL, words_of(arena, old), words_of(arena, new)};
    LIST_ADD(arena, &change->parts, part);
}

static bool has_order(const struct part *part) {
    return part->label && (strcmp(part->clause, "except") == 0 || strcmp(part->clause, "value") == 0);
}

/* Exceptions are asked in the order in which they stand, and values of an enum are greater in theirs: those that both have. */
static const char *order_of(struct arena *arena, const struct part_list *list, const struct part_list *other) {
    struct buffer order = {0};
    for (int i = 0; i < list->count; i++)
        for (int j = 0; has_order(&list->items[i]) && j < other->count; j++)
            if (has_order(&other->items[j]) && strcmp(other->items[j].label, list->items[i].label) == 0)
                buffer_add_format(&order, "%s`%s`", order.length ? ", then " : "", list->items[i].label);
    const char *words = arena_copy_string(arena, buffer_string(&order));
    buffer_free(&order);
    return words;
}

void diff_find_parts(struct arena *arena, const struct diff *diff, struct diff_change *change) {
    struct part_list old = parts_of(arena, diff, change->old, true), new = parts_of(arena, diff, change->new, false);
    for (int i = 0; i < new.count; i++) {
        struct part *before = find_part(&old, &new.items[i]);
        if (before)
            before->is_matched = true;
        if (!before || !diff_means_same(diff, before->node, new.items[i].node))
            add_difference(arena, change, before, &new.items[i]);
    }
    for (int i = 0; i < old.count; i++)
        if (!old.items[i].is_matched)
            add_difference(arena, change, &old.items[i], NULL);
    const char *order_before = order_of(arena, &old, &new), *order = order_of(arena, &new, &old);
    if (strcmp(order_before, order) != 0) {
        struct diff_part part = {"order", NULL, NULL, NULL, order_before, order};
        LIST_ADD(arena, &change->parts, part);
    }
}
