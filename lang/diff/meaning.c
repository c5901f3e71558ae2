/* Whether two trees mean the same: names that were renamed are the same name, numbers count by their value, lists by what is in them; documentation does not count. See diff.h.
 * Knows: every node, through nodes.def. Does not know: declarations. */
#include "lang/diff/diff.h"

#include "lang/base/decimal.h"
#include "lang/base/text.h"
#include "lang/format/format.h"
#include <string.h>

const char *diff_name_of(const struct node *node) {
    if (node && node->kind == NODE_NAME)
        return ((const struct node_name *)(const void *)node)->text;
    const struct node_text_literal *text = (const void *)node;
    if (node && node->kind == NODE_TEXT_LITERAL && text->parts.count == 1 && text->parts.items[0]->kind == NODE_TEXT_PART)
        return ((const struct node_text_part *)(const void *)text->parts.items[0])->text;
    return "";
}

const char *diff_words(struct arena *arena, const struct node *node) {
    if (!node)
        return NULL;
    struct buffer out = {0};
    bool is_value = node->kind == NODE_NAME || node->kind >= NODE_INT_LITERAL;
    if (is_value)
        format_expression(&out, node);
    else
        format_part(&out, node);
    /* Where it was broken over lines it goes on behind a space. */
    char *words = arena_copy_string(arena, buffer_string(&out)), *to = words;
    buffer_free(&out);
    for (const char *from = words; *from;) {
        if (*from == '\n') {
            from += strspn(from, "\n ");
            *to++ = ' ';
        } else
            *to++ = *from++;
    }
    *to = '\0';
    return words;
}

/* ---- numbers ---- */

/* Digits, and behind them `%`, k, M or bn. */
static bool read_number(const char *text, struct decimal *value) {
    static const struct {
        const char *suffix;
        int power;
    } suffixes[] = {{"%", -2}, {"bn", 9}, {"k", 3}, {"M", 6}};
    size_t length = strlen(text);
    int power = 0;
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes && !power; i++)
        if (text_ends(text, suffixes[i].suffix)) {
            power = suffixes[i].power;
            length -= strlen(suffixes[i].suffix);
        }
    return decimal_parse(text, length, value, NULL) == DECIMAL_OK && decimal_shift(*value, power, value) == DECIMAL_OK;
}

static bool same_number(const char *a, const char *b) {
    struct decimal x, y;
    if (strcmp(a, b) == 0)
        return true;
    return read_number(a, &x) && read_number(b, &y) && decimal_compare(x, y) == 0;
}

static const char *number_of(const struct node *node) {
    if (node->kind == NODE_INT_LITERAL)
        return ((const struct node_int_literal *)(const void *)node)->text;
    return node->kind == NODE_DECIMAL_LITERAL ? ((const struct node_decimal_literal *)(const void *)node)->text : NULL;
}

/* ---- trees ---- */

static bool same_name(const struct diff *diff, const char *old, const char *new) {
    if (strcmp(old, new) == 0)
        return true;
    for (int i = 0; i < diff->renames.count; i++)
        if (strcmp(diff->renames.items[i].old, old) == 0 && strcmp(diff->renames.items[i].new, new) == 0)
            return true;
    return false;
}

static bool same_list(const struct diff *diff, const struct node_list *old, const struct node_list *new) {
    if (old->count != new->count)
        return false;
    for (int i = 0; i < old->count; i++)
        if (!diff_means_same(diff, old->items[i], new->items[i]))
            return false;
    return true;
}

/* A list written out says what is in it, in whatever order. */
static bool same_members(const struct diff *diff, const struct node_list *old, const struct node_list *new) {
    if (old->count != new->count)
        return false;
    for (int i = 0; i < old->count; i++) {
        int of_old = 0, of_new = 0;
        for (int j = 0; j < old->count; j++) {
            of_old += diff_means_same(diff, old->items[j], old->items[i]);
            of_new += diff_means_same(diff, old->items[i], new->items[j]);
        }
        if (of_old != of_new)
            return false;
    }
    return true;
}

static bool same_text(const char *a, const char *b) {
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* Fields that are documentation, or the name that a thing had. */
static bool is_no_meaning(const char *field) {
    return strcmp(field, "doc") == 0 || strcmp(field, "was") == 0;
}

static bool same_nodes(const struct diff *diff, const struct node *a, const struct node *b) {
    switch (a->kind) {
#define C(field) &&(is_no_meaning(#field) || diff_means_same(diff, left->field, right->field))
#define L(field) &&same_list(diff, &left->field, &right->field)
#define S(field) &&(is_no_meaning(#field) || same_text(left->field, right->field))
#define F(field) &&left->field == right->field
#define NODE(constant, name, label, fields)                                           \
    case NODE_##constant: {                                                           \
        const struct node_##name *left = (const struct node_##name *)(const void *)a;  \
        const struct node_##name *right = (const struct node_##name *)(const void *)b; \
        (void)left;                                                                   \
        (void)right;                                                                  \
        return true fields;                                                           \
    }
#include "lang/syntax/nodes.def"
#undef NODE
#undef C
#undef L
#undef S
#undef F
    case NODE_COUNT:
        break;
    }
    return false;
}

bool diff_means_same(const struct diff *diff, const struct node *old, const struct node *new) {
    if (!old || !new)
        return old == new;
    if (number_of(old) && number_of(new))
        return same_number(number_of(old), number_of(new));
    if (old->kind != new->kind)
        return false;
    if (old->kind == NODE_NAME)
        return same_name(diff, diff_name_of(old), diff_name_of(new));
    if (old->kind == NODE_LIST)
        return same_members(diff, &((const struct node_list_expression *)(const void *)old)->items, &((const struct node_list_expression *)(const void *)new)->items);
    if (old->kind == NODE_MONEY_LITERAL) {
        const struct node_money_literal *a = (const void *)old, *b = (const void *)new;
        return strcmp(a->currency, b->currency) == 0 && same_number(a->amount, b->amount);
    }
    if (old->kind == NODE_QUANTITY) {
        const struct node_quantity *a = (const void *)old, *b = (const void *)new;
        return a->unit == b->unit && same_number(a->amount, b->amount);
    }
    return same_nodes(diff, old, new);
}
