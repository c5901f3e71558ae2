/* Nouns and values: what paths and literals are called in a sentence. */
#include "lang/prose/inside.h"

#include <ctype.h>
#include <string.h>

const char *prose_words(struct arena *arena, const char *name) {
    char *words = arena_copy_string(arena, name);
    for (char *at = words; *at; at++)
        if (*at == '_')
            *at = ' ';
    return words;
}

const char *prose_title(struct arena *arena, const char *title) {
    char *words = arena_copy_string(arena, title);
    bool is_short = isupper((unsigned char)words[0]) && words[1] && isupper((unsigned char)words[1]); /* an abbreviation */
    if (!is_short)
        words[0] = (char)tolower((unsigned char)words[0]);
    return words;
}

const char *with_article(struct arena *arena, const char *noun) {
    return arena_format(arena, "%s %s", *noun && strchr("aeiouAEIOU", *noun) ? "an" : "a", noun);
}

const char *name_of(const struct node *node) {
    return node && node->kind == NODE_NAME ? ((const struct node_name *)(const void *)node)->text : NULL;
}

const char *plain_text(const struct node *node) {
    if (!node || node->kind != NODE_TEXT_LITERAL)
        return NULL;
    const struct node_text_literal *literal = (const void *)node;
    if (literal->parts.count == 0)
        return "";
    return literal->parts.count == 1 && literal->parts.items[0]->kind == NODE_TEXT_PART ? ((const struct node_text_part *)(const void *)literal->parts.items[0])->text : NULL;
}

const char *written(const struct prose *prose, const struct node *node) {
    char *words = arena_copy_string(prose->arena, source_quote(prose->arena, prose->sources, node->span));
    for (char *at = words; *at; at++)
        if (*at == '`')
            *at = '\'';
    return arena_format(prose->arena, "`%s`", words);
}

static bool is_binder(const struct prose *prose, const struct node *node) {
    const char *name = name_of(node);
    return name && prose->binder && strcmp(name, prose->binder) == 0;
}

bool is_own_path(const struct prose *prose, const struct node *path) {
    return path->kind == NODE_NAME || (path->kind == NODE_MEMBER && is_binder(prose, ((const struct node_member *)(const void *)path)->base));
}

/* The record that a base stands for: the element itself, or what a reference leads to. */
static const struct record_type *record_of(const struct prose *prose, const struct node *base) {
    if (is_binder(prose, base))
        return prose->record;
    const struct field *field = path_field(prose, base);
    return field && field->type.kind == TYPE_RECORD ? field->type.record : NULL;
}

const struct field *path_field(const struct prose *prose, const struct node *path) {
    const struct record_type *record = prose->record;
    const char *name = name_of(path);
    if (path->kind == NODE_MEMBER) {
        const struct node_member *member = (const void *)path;
        record = record_of(prose, member->base);
        name = name_of(member->name);
    }
    return record && name ? record_find_field(record, name) : NULL;
}

const struct record_type *elements_of(const struct prose *prose, const struct node *collection) {
    if (collection->kind == NODE_FILTER)
        return elements_of(prose, ((const struct node_filter *)(const void *)collection)->base);
    const struct field *field = path_field(prose, collection);
    if (field)
        return field->type.kind == TYPE_COLLECTION && field->type.element->kind == TYPE_RECORD ? field->type.element->record : NULL;
    return name_of(collection) ? program_find_record(prose->program, name_of(collection)) : NULL;
}

const char *noun_of(const struct prose *prose, const struct node *path) {
    const struct field *field = path_field(prose, path);
    if (!field)
        return NULL;
    const char *own = prose_words(prose->arena, field->name);
    if (path->kind != NODE_MEMBER || is_binder(prose, ((const struct node_member *)(const void *)path)->base))
        return own;
    const char *base = noun_of(prose, ((const struct node_member *)(const void *)path)->base);
    return base ? arena_format(prose->arena, "%s's %s", base, own) : NULL;
}

/* ---- values ---- */

static const char *in_words(const struct prose *prose, const struct node_binary *binary) {
    struct node *left = binary->left, *right = binary->right;
    bool is_share = right->kind == NODE_DECIMAL_LITERAL && text_ends(((const struct node_decimal_literal *)(const void *)right)->text, "%");
    if (binary->operator == OPERATOR_MULTIPLY && is_share)
        return arena_format(prose->arena, "%s of %s", ((const struct node_decimal_literal *)(const void *)right)->text, value_of(prose, left));
    bool is_length = right->kind == NODE_QUANTITY && (binary->operator == OPERATOR_ADD || binary->operator == OPERATOR_SUBTRACT);
    if (is_length && (noun_of(prose, left) || name_of(left)))
        return arena_format(prose->arena, "%s %s %s", source_quote(prose->arena, prose->sources, right->span), binary->operator == OPERATOR_ADD ? "after" : "before", value_of(prose, left));
    return NULL;
}

/* A value of an enum, or the key of a declared record. */
static bool is_constant(const struct prose *prose, const char *name) {
    const struct program *program = prose->program;
    for (int i = 0; i < program->enums.count; i++)
        if (enum_find_value(program->enums.items[i], name) >= 0)
            return true;
    for (int i = 0; i < program->instances.count; i++)
        if (program->instances.items[i]->key && strcmp(program->instances.items[i]->key, name) == 0)
            return true;
    return strcmp(name, "today") == 0 || strcmp(name, "now") == 0;
}

const char *value_of(const struct prose *prose, struct node *value) {
    const char *noun = noun_of(prose, value), *name = name_of(value), *result = NULL;
    if (noun)
        return arena_format(prose->arena, "its %s", noun);
    switch (value->kind) {
    case NODE_INT_LITERAL: case NODE_DECIMAL_LITERAL: case NODE_MONEY_LITERAL: case NODE_DATE_LITERAL: case NODE_DATETIME_LITERAL: case NODE_PERIOD_LITERAL: case NODE_QUANTITY:
        return source_quote(prose->arena, prose->sources, value->span);
    case NODE_TEXT_LITERAL:
        return plain_text(value) ? arena_format(prose->arena, "“%s”", plain_text(value)) : written(prose, value);
    case NODE_BINARY:
        result = in_words(prose, AS(binary, BINARY, value));
        break;
    default:
        result = name ? strcmp(name, "period") == 0 ? "that period" : is_constant(prose, name) ? prose_words(prose->arena, name) : NULL : NULL;
    }
    return result ? result : written(prose, value);
}
