/* The AST: making nodes, walking, comparing and dumping them, all from nodes.def. Implements ast.h. */
#include "lang/syntax/ast.h"

#include "lang/base/text.h"
#include <assert.h>
#include <string.h>

static const struct {
    size_t size;
    const char *label;
} kinds[NODE_COUNT] = {
#define NODE(constant, name, label, fields) {sizeof(struct node_##name), label},
#include "lang/syntax/nodes.def"
#undef NODE
};

static const struct {
    const char *spelling;
    int precedence;
} operators[OPERATOR_COUNT] = {
#define OPERATOR(constant, spelling, precedence) {spelling, precedence},
#include "lang/syntax/operators.def"
#undef OPERATOR
};

struct node *node_check(struct node *node, enum node_kind kind) {
    assert(node != NULL && node->kind == kind);
    (void)kind;
    return node;
}

struct node *node_create(struct arena *arena, enum node_kind kind, struct span span) {
    assert(kind < NODE_COUNT);
    struct node *node = arena_alloc(arena, kinds[kind].size);
    node->kind = kind;
    node->span = span;
    return node;
}

const char *node_label(enum node_kind kind) {
    assert(kind < NODE_COUNT);
    return kinds[kind].label;
}

const char *operator_spelling(enum operator operator) {
    assert(operator < OPERATOR_COUNT);
    return operators[operator].spelling;
}

int operator_precedence(enum operator operator) {
    assert(operator < OPERATOR_COUNT);
    return operators[operator].precedence;
}

const char *unit_name(enum unit unit) {
    static const char *const names[] = {"second", "minute", "hour", "day", "week", "month", "quarter", "year", "working day"};
    assert((size_t)unit < sizeof names / sizeof *names);
    return names[unit];
}

/* One function for each way of going through a node's fields: the rows of nodes.def expand to one case a node. */

void node_each_child(const struct node *node, void (*visit)(struct node *child, void *context), void *context) {
    switch (node->kind) {
#define C(field)       \
    if (self->field)   \
        visit(self->field, context);
#define L(field)                                \
    for (int i = 0; i < self->field.count; i++) \
        visit(self->field.items[i], context);
#define S(field)
#define F(field)
#define NODE(constant, name, label, fields)                                 \
    case NODE_##constant: {                                                 \
        const struct node_##name *self = (const struct node_##name *)node;  \
        (void)self;                                                         \
        fields                                                              \
        break;                                                              \
    }
#include "lang/syntax/nodes.def"
#undef NODE
#undef C
#undef L
#undef S
#undef F
    case NODE_COUNT:
        assert(false);
    }
}

static bool list_equal(const struct node_list *a, const struct node_list *b) {
    if (a->count != b->count)
        return false;
    for (int i = 0; i < a->count; i++)
        if (!node_equal(a->items[i], b->items[i]))
            return false;
    return true;
}

static bool string_equal(const char *a, const char *b) {
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

bool node_equal(const struct node *a, const struct node *b) {
    if (a == NULL || b == NULL)
        return a == b;
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
#define C(field) &&node_equal(left->field, right->field)
#define L(field) &&list_equal(&left->field, &right->field)
#define S(field) &&string_equal(left->field, right->field)
#define F(field) &&left->field == right->field
#define NODE(constant, name, label, fields)                               \
    case NODE_##constant: {                                               \
        const struct node_##name *left = (const struct node_##name *)a;   \
        const struct node_##name *right = (const struct node_##name *)b;  \
        (void)left;                                                       \
        (void)right;                                                      \
        return true fields;                                               \
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
    assert(false);
    return false;
}

/* ---- the dump ---- */

struct dump {
    struct buffer *out;
    int depth;
    bool with_spans;
};

static void dump_node(const struct dump *dump, const char *field, const struct node *node);

static void dump_text(const struct dump *dump, const char *text) {
    if (text == NULL)
        return;
    buffer_add_string(dump->out, " \"");
    for (; *text; text++)
        if (*text == '\n')
            buffer_add_string(dump->out, "\\n");
        else {
            if (*text == '"' || *text == '\\')
                buffer_add_char(dump->out, '\\');
            buffer_add_char(dump->out, *text);
        }
    buffer_add_char(dump->out, '"');
}

static void dump_list(const struct dump *dump, const char *field, const struct node_list *list) {
    for (int i = 0; i < list->count; i++)
        dump_node(dump, field, list->items[i]);
}

static bool has_operator(enum node_kind kind) {
    return kind == NODE_UNARY || kind == NODE_BINARY;
}

static void dump_flag(const struct dump *dump, const struct node *node, const char *field, int value) {
    if (has_operator(node->kind))
        buffer_add_format(dump->out, " %s", operator_spelling((enum operator)value));
    else if (strcmp(field, "unit") == 0)
        buffer_add_format(dump->out, " %s", unit_name((enum unit)value));
    else if (strcmp(field, "modal") == 0)
        buffer_add_format(dump->out, " %s", (const char *const[]){"shall", "shall not", "should", "should not"}[value]);
    else if (node->kind == NODE_TRANSACTION)
        buffer_add_format(dump->out, " %s", (const char *const[]){"begin", "commit", "rollback"}[value]);
    else if (node->kind == NODE_BOOL_LITERAL)
        buffer_add_string(dump->out, value ? " true" : " false");
    else if (value)
        buffer_add_format(dump->out, " %s", field);
}

static void dump_node(const struct dump *dump, const char *field, const struct node *node) {
    if (node == NULL)
        return;
    buffer_add_repeated(dump->out, ' ', 2 * dump->depth);
    if (field != NULL)
        buffer_add_format(dump->out, "%s: ", field);
    buffer_add_string(dump->out, node_label(node->kind));
    const struct dump inner = {dump->out, dump->depth + 1, dump->with_spans};
    /* Texts and flags stand on the node's own line, so they go first whatever the order of the fields. */
    switch (node->kind) {
#define C(field)
#define L(field)
#define S(field) dump_text(dump, self->field);
#define F(field) dump_flag(dump, node, #field, self->field);
#define NODE(constant, name, label, fields)                                \
    case NODE_##constant: {                                                \
        const struct node_##name *self = (const struct node_##name *)node; \
        (void)self;                                                        \
        fields                                                             \
        break;                                                             \
    }
#include "lang/syntax/nodes.def"
#undef C
#undef L
#undef S
#undef F
    case NODE_COUNT:
        assert(false);
    }
    if (dump->with_spans)
        buffer_add_format(dump->out, " %u..%u", (unsigned)node->span.start, (unsigned)node->span.end);
    buffer_add_char(dump->out, '\n');
    switch (node->kind) {
#define C(field) dump_node(&inner, #field, self->field);
#define L(field) dump_list(&inner, #field, &self->field);
#define S(field)
#define F(field)
#include "lang/syntax/nodes.def"
#undef NODE
#undef C
#undef L
#undef S
#undef F
    case NODE_COUNT:
        assert(false);
    }
}

void node_dump(struct buffer *out, const struct node *node, bool with_spans) {
    dump_node(&(struct dump){out, 0, with_spans}, NULL, node);
}
