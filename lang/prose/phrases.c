/* Phrases: what a condition says of one thing, as far as there are plain words for it. */
#include "lang/prose/inside.h"

#include <string.h>

static struct phrase phrase(enum phrase_kind kind, const char *text) {
    return (struct phrase){kind, text};
}

static struct phrase as_written(const struct prose *prose, const struct node *node) {
    return phrase(PHRASE_WRITTEN, written(prose, node));
}

/* ---- comparisons ---- */

struct comparison {
    const struct field *field;
    const char *noun, *value;
    int operator, moved_by; /* moved_by: the value is so long after (OPERATOR_ADD) or before another; OPERATOR_COUNT: it is none */
};

/* "a budget of more than 1M USD"; what is computed goes without an article, since it may be no noun, and several are counted: "at least 2 late milestones". */
static const char *amount_words(struct arena *arena, const struct comparison *comparison) {
    static const char *const words[] = {[OPERATOR_EQUAL] = "", [OPERATOR_NOT_EQUAL] = "other than ", [OPERATOR_LESS] = "less than ", [OPERATOR_AT_MOST] = "at most ", [OPERATOR_GREATER] = "more than ", [OPERATOR_AT_LEAST] = "at least "};
    const char *noun = comparison->noun, *word = words[comparison->operator];
    size_t length = strlen(noun);
    bool is_several = comparison->field->type.kind == TYPE_INT && length > 2 && noun[length - 1] == 's' && noun[length - 2] != 's';
    if (is_several)
        return arena_format(arena, "%s%s %s", word, comparison->value, noun);
    return arena_format(arena, "%s of %s%s", comparison->field->kind == FIELD_DERIVED ? noun : with_article(arena, noun), word, comparison->value);
}

/* "forecast end more than 3 months after its due". */
static const char *moved_words(int operator, int moved_by) {
    bool later = operator == OPERATOR_GREATER || operator == OPERATOR_AT_LEAST, strict = operator == OPERATOR_GREATER || operator == OPERATOR_LESS;
    if (operator == OPERATOR_EQUAL || operator == OPERATOR_NOT_EQUAL || moved_by == OPERATOR_COUNT)
        return NULL;
    if (later == (moved_by == OPERATOR_ADD))
        return strict ? "more than" : "at least";
    return later ? strict ? "later than" : "not earlier than" : strict ? "earlier than" : "not later than";
}

static const char *time_words(struct arena *arena, const struct comparison *comparison) {
    if (moved_words(comparison->operator, comparison->moved_by))
        return arena_format(arena, "%s %s %s", comparison->noun, moved_words(comparison->operator, comparison->moved_by), comparison->value);
    static const char *const words[] = {[OPERATOR_EQUAL] = "on", [OPERATOR_NOT_EQUAL] = "not on", [OPERATOR_LESS] = "before", [OPERATOR_AT_MOST] = "on or before", [OPERATOR_GREATER] = "after", [OPERATOR_AT_LEAST] = "on or after"};
    return arena_format(arena, "%s %s %s", comparison->noun, words[comparison->operator], comparison->value);
}

static const char *value_words(struct arena *arena, const struct comparison *comparison) {
    const char *noun = comparison->noun, *value = comparison->value;
    switch (comparison->operator) {
    case OPERATOR_EQUAL: return arena_format(arena, "the %s %s", noun, value);
    case OPERATOR_NOT_EQUAL: return arena_format(arena, "%s other than %s", with_article(arena, noun), value);
    case OPERATOR_LESS: return arena_format(arena, "%s before %s", with_article(arena, noun), value);
    case OPERATOR_AT_MOST: return arena_format(arena, "the %s %s or an earlier one", noun, value);
    case OPERATOR_GREATER: return arena_format(arena, "%s after %s", with_article(arena, noun), value);
    default: return arena_format(arena, "the %s %s or a later one", noun, value);
    }
}

static struct phrase compare(const struct prose *prose, const struct type type, const struct comparison *comparison, const struct node *whole) {
    switch (type.kind) {
    case TYPE_MONEY: case TYPE_INT: case TYPE_NUMBER: case TYPE_DURATION: case TYPE_SPAN: case TYPE_WORKING_DAYS: return phrase(PHRASE_HAS, amount_words(prose->arena, comparison));
    case TYPE_DATE: case TYPE_DATETIME: return phrase(PHRASE_HAS, time_words(prose->arena, comparison));
    case TYPE_ENUM: return phrase(PHRASE_HAS, value_words(prose->arena, comparison));
    case TYPE_TEXT: case TYPE_RECORD:
        if (comparison->operator == OPERATOR_EQUAL || comparison->operator == OPERATOR_NOT_EQUAL)
            return phrase(PHRASE_HAS, value_words(prose->arena, comparison));
        break;
    default: break;
    }
    return as_written(prose, whole);
}

static int turned_round(int operator) {
    switch (operator) {
    case OPERATOR_LESS: return OPERATOR_GREATER;
    case OPERATOR_GREATER: return OPERATOR_LESS;
    case OPERATOR_AT_MOST: return OPERATOR_AT_LEAST;
    case OPERATOR_AT_LEAST: return OPERATOR_AT_MOST;
    default: return operator;
    }
}

/* ---- collections ---- */

/* "status report with …" of statuses[…]; several: "statuses with …". NULL: it is no collection of the element. */
static const char *collection_words(const struct prose *prose, struct node *collection, bool several) {
    struct node *base = collection->kind == NODE_FILTER ? AS(filter, FILTER, collection)->base : collection;
    const struct record_type *elements = elements_of(prose, base);
    const struct field *field = path_field(prose, base);
    if ((!field && !elements) || !is_own_path(prose, base)) /* of another, `parent.statuses`: no plain words */
        return NULL;
    bool is_named = field && (field->kind == FIELD_DERIVED || several || !elements || elements == prose->record);
    struct buffer out = {0};
    buffer_add_string(&out, is_named ? prose_words(prose->arena, field->name) : elements ? prose_title(prose->arena, elements->title ? elements->title : elements->name) : "");
    if (collection->kind == NODE_FILTER) {
        struct prose within = *prose;
        within.record = elements;
        within.binder = NULL;
        write_attributes(&out, &within, AS(filter, FILTER, collection)->condition, several);
    }
    const char *words = arena_copy_string(prose->arena, buffer_string(&out));
    buffer_free(&out);
    return words;
}

static struct phrase quantified(const struct prose *prose, struct node *node) {
    const struct node_quantifier *quantifier = AS(quantifier, QUANTIFIER, node);
    const struct field *field = path_field(prose, quantifier->collection);
    const char *words = collection_words(prose, quantifier->collection, false);
    if (!words)
        return as_written(prose, node);
    if (quantifier->negated)
        return phrase(PHRASE_HAS, arena_format(prose->arena, "no %s", words));
    bool is_several = field && (field->kind == FIELD_DERIVED || elements_of(prose, quantifier->collection) == prose->record); /* called by the name of the collection */
    return phrase(PHRASE_HAS, is_several ? words : with_article(prose->arena, words));
}

/* count(C) >= 2: "at least 2 milestones that are late". */
static struct phrase counted(const struct prose *prose, const struct node_binary *binary) {
    static const char *const words[] = {[OPERATOR_EQUAL] = "", [OPERATOR_LESS] = "less than ", [OPERATOR_AT_MOST] = "at most ", [OPERATOR_GREATER] = "more than ", [OPERATOR_AT_LEAST] = "at least "};
    const struct node_call *call = AS(call, CALL, binary->left);
    bool is_count = name_of(call->callee) && strcmp(name_of(call->callee), "count") == 0 && call->arguments.count == 1 && binary->right->kind == NODE_INT_LITERAL;
    const struct node_argument *argument = is_count ? AS(argument, ARGUMENT, call->arguments.items[0]) : NULL;
    const char *collection = argument && argument->value && !argument->condition && binary->operator != OPERATOR_NOT_EQUAL ? collection_words(prose, argument->value, true) : NULL;
    if (!collection)
        return as_written(prose, &binary->head);
    return phrase(PHRASE_HAS, arena_format(prose->arena, "%s%s %s", words[binary->operator], value_of(prose, binary->right), collection));
}

/* ---- lists and periods ---- */

static const char *either_of(const struct prose *prose, const struct node_list *items) {
    struct buffer out = {0};
    for (int i = 0; i < items->count; i++)
        buffer_add_format(&out, "%s%s", i == 0 ? "" : i + 1 == items->count ? " or " : ", ", value_of(prose, items->items[i]));
    const char *words = arena_copy_string(prose->arena, buffer_string(&out));
    buffer_free(&out);
    return words;
}

static struct phrase within(const struct prose *prose, const struct node_binary *binary) {
    const char *noun = noun_of(prose, binary->left), *not = binary->operator == OPERATOR_NOT_IN ? "not " : "";
    struct node *right = binary->right;
    if (!noun)
        return as_written(prose, &binary->head);
    if (right->kind == NODE_LIST) {
        const char *either = either_of(prose, &AS(list_expression, LIST, right)->items);
        return phrase(PHRASE_HAS, *not ? arena_format(prose->arena, "%s other than %s", with_article(prose->arena, noun), either) : arena_format(prose->arena, "the %s %s", noun, either));
    }
    if (right->kind == NODE_BINARY && AS(binary, BINARY, right)->operator == OPERATOR_RANGE)
        return phrase(PHRASE_HAS, arena_format(prose->arena, "%s %sfrom %s to %s", noun, not, value_of(prose, AS(binary, BINARY, right)->left), value_of(prose, AS(binary, BINARY, right)->right)));
    return phrase(PHRASE_HAS, arena_format(prose->arena, "%s %sin %s", noun, not, value_of(prose, right)));
}

/* ---- the whole ---- */

static struct phrase of_binary(const struct prose *prose, const struct node_binary *binary) {
    if (binary->operator == OPERATOR_IN || binary->operator == OPERATOR_NOT_IN)
        return within(prose, binary);
    if (binary->operator < OPERATOR_EQUAL || binary->operator > OPERATOR_AT_LEAST)
        return as_written(prose, &binary->head);
    if (binary->left->kind == NODE_CALL)
        return counted(prose, binary);
    const struct field *left = path_field(prose, binary->left), *right = path_field(prose, binary->right);
    bool is_turned = !left && right;
    const char *noun = noun_of(prose, is_turned ? binary->right : binary->left);
    if ((!left && !right) || !noun)
        return as_written(prose, &binary->head);
    struct node *value = is_turned ? binary->left : binary->right;
    struct comparison comparison = {is_turned ? right : left, noun, value_of(prose, value), is_turned ? turned_round(binary->operator) : binary->operator, OPERATOR_COUNT};
    bool is_moved = value->kind == NODE_BINARY && AS(binary, BINARY, value)->right->kind == NODE_QUANTITY && comparison.value[0] != '`';
    if (is_moved)
        comparison.moved_by = AS(binary, BINARY, value)->operator;
    return compare(prose, (is_turned ? right : left)->type, &comparison, &binary->head);
}

static struct phrase opposite(const struct prose *prose, struct phrase given, const struct node *whole) {
    switch (given.kind) {
    case PHRASE_HAS: return strncmp(given.text, "no ", 3) == 0 ? as_written(prose, whole) : phrase(PHRASE_HAS_NOT, given.text);
    case PHRASE_IS: return phrase(PHRASE_IS_NOT, given.text);
    case PHRASE_IS_NOT: return phrase(PHRASE_IS, given.text);
    case PHRASE_HAS_NOT: return phrase(PHRASE_HAS, given.text);
    default: return as_written(prose, whole);
    }
}

static struct phrase of_unary(const struct prose *prose, const struct node_unary *unary) {
    if (unary->operator == OPERATOR_NOT)
        return opposite(prose, phrase_of(prose, unary->operand), &unary->head);
    const struct field *field = path_field(prose, unary->operand);
    const char *noun = noun_of(prose, unary->operand);
    if (!noun || (unary->operator != OPERATOR_IS_KNOWN && unary->operator != OPERATOR_IS_MISSING))
        return as_written(prose, &unary->head);
    const char *known = field->type.kind == TYPE_RECORD ? noun : arena_format(prose->arena, "value for %s", noun);
    return phrase(PHRASE_HAS, unary->operator == OPERATOR_IS_KNOWN ? with_article(prose->arena, known) : arena_format(prose->arena, "no %s", known));
}

static struct phrase of_path(const struct prose *prose, struct node *node) {
    const struct field *field = path_field(prose, node);
    const char *noun = noun_of(prose, node);
    if (!field || !noun || field->type.kind != TYPE_BOOL || !is_own_path(prose, node))
        return as_written(prose, node);
    if (strncmp(noun, "has ", 4) == 0)
        return phrase(PHRASE_HAS, noun + 4);
    return phrase(PHRASE_IS, strncmp(noun, "is ", 3) == 0 ? noun + 3 : noun);
}

struct phrase phrase_of(const struct prose *prose, struct node *condition) {
    switch (condition->kind) {
    case NODE_BINARY: return of_binary(prose, AS(binary, BINARY, condition));
    case NODE_UNARY: return of_unary(prose, AS(unary, UNARY, condition));
    case NODE_QUANTIFIER: return quantified(prose, condition);
    case NODE_NAME: case NODE_MEMBER: return of_path(prose, condition);
    default: return as_written(prose, condition);
    }
}

static void write_predicate(struct buffer *out, const struct prose *prose, struct node *condition, bool flag);

static void write_joined(struct buffer *out, const struct prose *prose, struct node *condition, void (*write)(struct buffer *, const struct prose *, struct node *, bool), bool flag) {
    const struct node_binary *binary = AS(binary, BINARY, condition);
    bool is_and = binary->operator == OPERATOR_AND;
    struct node *sides[2] = {binary->left, binary->right};
    for (int i = 0; i < 2; i++) {
        const struct node_binary *side = sides[i]->kind == NODE_BINARY ? AS(binary, BINARY, sides[i]) : NULL;
        bool is_other = side && (side->operator == OPERATOR_AND || side->operator == OPERATOR_OR) && (side->operator == OPERATOR_AND) != is_and;
        if (i)
            buffer_add_string(out, is_and ? " and" : write == write_predicate ? ", or" : " or");
        if (is_other)
            buffer_add_string(out, is_and ? " either" : " both");
        write(out, prose, sides[i], flag);
    }
}

static bool is_joined(const struct node *condition) {
    return condition->kind == NODE_BINARY && (((const struct node_binary *)(const void *)condition)->operator == OPERATOR_AND || ((const struct node_binary *)(const void *)condition)->operator == OPERATOR_OR);
}

void write_attributes(struct buffer *out, const struct prose *prose, struct node *condition, bool several) {
    if (is_joined(condition)) {
        write_joined(out, prose, condition, write_attributes, several);
        return;
    }
    struct phrase said = phrase_of(prose, condition);
    static const char *const one[] = {" with %s", " without %s", " that is %s", " that is not %s", " for which %s holds"};
    static const char *const many[] = {" with %s", " without %s", " that are %s", " that are not %s", " for which %s holds"};
    const char *form = (several ? many : one)[said.kind], *place = strstr(form, "%s");
    buffer_add(out, form, (size_t)(place - form));
    buffer_add_string(out, said.text);
    buffer_add_string(out, place + 2);
}

static void write_predicate(struct buffer *out, const struct prose *prose, struct node *condition, bool flag) {
    if (is_joined(condition)) {
        write_joined(out, prose, condition, write_predicate, flag);
        return;
    }
    struct phrase said = phrase_of(prose, condition);
    static const char *const before[] = {" has ", " does not have ", " is ", " is not ", " meets "};
    buffer_add_string(out, before[said.kind]);
    buffer_add_string(out, said.text);
}

void prose_predicate(struct buffer *out, const struct prose *prose, struct node *condition) {
    struct buffer words = {0};
    write_predicate(&words, prose, condition, false);
    buffer_add_string(out, buffer_string(&words) + 1); /* without the space before the first */
    buffer_free(&words);
}
