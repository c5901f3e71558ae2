/* Making, copying and comparing typed expressions: see texpr.h. */
#include "lang/check/texpr.h"

#include <string.h>

static const struct {
    const char *name;
    bool fails;
} operation_table[OPERATION_COUNT] = {
#define OPERATION(constant, dump, arity, fails, missing) [OPERATION_##constant] = {dump, fails},
#include "lang/check/operations.def"
#undef OPERATION
};

const char *operation_name(enum operation operation) {
    return operation_table[operation].name;
}

bool operation_may_fail(enum operation operation) {
    return operation_table[operation].fails;
}

struct type type_of_kind(enum type_kind kind) {
    return (struct type){.kind = kind};
}

struct type type_optional(struct type type, bool optional) {
    if (type.kind != TYPE_COLLECTION && type.kind != TYPE_POISON)
        type.optional = optional;
    return type;
}

struct type type_of_record(struct record_type *record) {
    return (struct type){.kind = TYPE_RECORD, .record = record};
}

struct type type_of_collection(struct arena *arena, struct type element) {
    struct type *kept = ARENA_NEW(arena, struct type);
    *kept = element;
    return (struct type){.kind = TYPE_COLLECTION, .element = kept};
}

struct texpr *texpr_create(struct arena *arena, enum texpr_kind kind, struct type type, struct span span) {
    struct texpr *expression = ARENA_NEW(arena, struct texpr);
    expression->kind = kind;
    expression->type = type;
    expression->span = span;
    return expression;
}

struct texpr *texpr_poison(struct arena *arena, struct span span) {
    return texpr_create(arena, TEXPR_POISON, type_of_kind(TYPE_POISON), span);
}

struct texpr *texpr_int(struct arena *arena, enum type_kind kind, int64_t value, struct span span) {
    struct texpr *expression = texpr_create(arena, TEXPR_CONSTANT, type_of_kind(kind), span);
    expression->constant.integer = value;
    return expression;
}

struct texpr *texpr_text(struct arena *arena, const char *text, size_t length, struct span span) {
    struct texpr *expression = texpr_create(arena, TEXPR_CONSTANT, type_of_kind(TYPE_TEXT), span);
    expression->constant.text = text;
    expression->constant.text_length = length;
    return expression;
}

struct texpr *texpr_variable(struct arena *arena, struct tvar *variable, struct span span) {
    struct texpr *expression = texpr_create(arena, TEXPR_VARIABLE, variable->type, span);
    expression->variable = variable;
    return expression;
}

static bool part_fails(const struct texpr *part) {
    return part && part->may_fail;
}

bool tquery_may_fail(const struct tquery *query) {
    bool fails = part_fails(query->condition) || part_fails(query->keep) || part_fails(query->take) || part_fails(query->as_of);
    for (int i = 0; i < query->source_count && !fails; i++)
        fails = part_fails(query->sources[i].collection);
    for (int i = 0; i < query->group_count && !fails; i++)
        fails = part_fails(query->groups[i].value);
    for (int i = 0; i < query->column_count && !fails; i++)
        fails = part_fails(query->columns[i].value);
    for (int i = 0; i < query->order_count && !fails; i++)
        fails = part_fails(query->order[i].value);
    return fails;
}

/* Sums may overflow. A derived field that has not been checked yet is taken to be able to fail. */
void texpr_note_failing(struct texpr *expression) {
    bool fails = part_fails(expression->base) || part_fails(expression->source) || part_fails(expression->condition) ||
                 part_fails(expression->value) || part_fails(expression->by);
    for (int i = 0; i < expression->argument_count && !fails; i++)
        fails = part_fails(expression->arguments[i]);
    if (expression->kind == TEXPR_OPERATION)
        fails = fails || operation_may_fail(expression->operation);
    else if (expression->kind == TEXPR_REQUIRE)
        fails = true;
    else if (expression->kind == TEXPR_QUERY)
        fails = fails || tquery_may_fail(expression->query);
    else if (expression->kind == TEXPR_DERIVED)
        fails = fails || !expression->field->value || expression->field->value->may_fail;
    else if (expression->kind == TEXPR_AGGREGATE)
        fails = fails || expression->aggregate == AGGREGATE_SUM || expression->aggregate == AGGREGATE_AVERAGE;
    expression->may_fail = fails;
}

struct texpr *texpr_with(struct arena *arena, enum texpr_kind kind, struct type type, struct span span, int count, struct texpr *const *arguments) {
    struct texpr *expression = texpr_create(arena, kind, type, span);
    expression->arguments = ARENA_ARRAY(arena, struct texpr *, count);
    memcpy(expression->arguments, arguments, sizeof *arguments * (size_t)count);
    expression->argument_count = count;
    texpr_note_failing(expression);
    return expression;
}

struct texpr *texpr_operation(struct arena *arena, enum operation operation, struct type type, struct span span, int count, struct texpr *const *arguments) {
    struct texpr *expression = texpr_with(arena, TEXPR_OPERATION, type, span, count, arguments);
    expression->operation = operation;
    texpr_note_failing(expression);
    return expression;
}

struct texpr *texpr_unary(struct arena *arena, enum texpr_kind kind, struct type type, struct texpr *argument) {
    return texpr_with(arena, kind, type, argument->span, 1, &argument);
}

struct texpr *texpr_binary(struct arena *arena, enum texpr_kind kind, struct type type, struct texpr *left, struct texpr *right) {
    struct texpr *arguments[] = {left, right};
    return texpr_with(arena, kind, type, span_join(left->span, right->span), 2, arguments);
}

struct texpr *texpr_and(struct arena *arena, struct texpr *left, struct texpr *right) {
    if (!left || !right)
        return left ? left : right;
    return texpr_binary(arena, TEXPR_AND, type_of_kind(TYPE_BOOL), left, right);
}

/* ---- comparing ---- */

/* How variables that come from outside are compared; NULL: by what they are. */
struct matching {
    bool (*is_same)(void *context, const struct tvar *a, const struct tvar *b);
    void *context;
};

/* Variables bound on the way down, side by side. */
struct match {
    const struct match *outer;
    const struct tvar *a, *b;
};

static bool variables_match(const struct matching *matching, const struct match *bound, const struct tvar *a, const struct tvar *b) {
    for (; bound; bound = bound->outer)
        if (bound->a == a || bound->b == b)
            return bound->a == a && bound->b == b;
    return matching ? matching->is_same(matching->context, a, b) : a == b;
}

static bool constants_equal(const struct texpr *a, const struct texpr *b) {
    const struct constant *x = &a->constant, *y = &b->constant;
    switch (a->type.kind) {
    case TYPE_TEXT:
        return x->text_length == y->text_length && memcmp(x->text, y->text, x->text_length) == 0;
    case TYPE_NUMBER:
        return memcmp(&x->number, &y->number, sizeof x->number) == 0;
    case TYPE_DECIMAL:
        return x->decimal.mantissa == y->decimal.mantissa && x->decimal.scale == y->decimal.scale;
    default:
        return x->integer == y->integer;
    }
}

static bool parts_equal(const struct matching *matching, const struct texpr *a, const struct texpr *b, const struct match *bound) {
    if (a == b && !bound && !matching)
        return true;
    if (!a || !b)
        return a == b;
    if (a->kind != b->kind || a->type.kind != b->type.kind || a->field != b->field || a->operation != b->operation ||
        a->argument_count != b->argument_count || a->number != b->number || a->oldest != b->oldest || a->aggregate != b->aggregate ||
        a->query != b->query || a->cadence.unit != b->cadence.unit || a->cadence.count != b->cadence.count)
        return false;
    if (matching && a->query)
        return false;
    if ((a->text == NULL) != (b->text == NULL) || (a->text && strcmp(a->text, b->text) != 0))
        return false;
    if (a->kind == TEXPR_CONSTANT && (!constants_equal(a, b) || !type_same(a->type, b->type)))
        return false;
    if (a->kind == TEXPR_REFERENCE && a->type.record != b->type.record)
        return false;
    if (a->kind == TEXPR_ALL && a->type.element->record != b->type.element->record)
        return false;
    if (a->kind == TEXPR_VARIABLE)
        return variables_match(matching, bound, a->variable, b->variable);
    struct match inner = {bound, a->variable, b->variable};
    const struct match *within = a->variable || b->variable ? &inner : bound;
    if (!parts_equal(matching, a->base, b->base, bound) || !parts_equal(matching, a->source, b->source, bound) || !parts_equal(matching, a->condition, b->condition, within) ||
        !parts_equal(matching, a->value, b->value, within) || !parts_equal(matching, a->by, b->by, within))
        return false;
    for (int i = 0; i < a->argument_count; i++)
        if (!parts_equal(matching, a->arguments[i], b->arguments[i], a->kind == TEXPR_LET && i == 1 ? within : bound))
            return false;
    return true;
}

bool texpr_equal(const struct texpr *a, const struct texpr *b) {
    return parts_equal(NULL, a, b, NULL);
}

bool texpr_equal_under(const struct texpr *a, const struct texpr *b, bool (*is_same)(void *context, const struct tvar *a, const struct tvar *b), void *context) {
    return parts_equal(&(struct matching){is_same, context}, a, b, NULL);
}

static uint64_t mix(uint64_t hash, uint64_t part) {
    hash = (hash ^ part) * 0x9E3779B97F4A7C15u;
    return hash ^ (hash >> 32);
}

static uint64_t hash_text(uint64_t hash, const char *text, size_t length) {
    for (size_t i = 0; i < length; i++)
        hash = mix(hash, (unsigned char)text[i]);
    return hash;
}

static uint64_t hash_constant(uint64_t hash, const struct texpr *expression) {
    const struct constant *constant = &expression->constant;
    uint64_t bits;
    switch (expression->type.kind) {
    case TYPE_TEXT:
        return hash_text(hash, constant->text, constant->text_length);
    case TYPE_NUMBER:
        memcpy(&bits, &constant->number, sizeof bits);
        return mix(hash, bits);
    case TYPE_DECIMAL:
        return mix(mix(hash, (uint64_t)constant->decimal.mantissa), (uint64_t)constant->decimal.scale);
    default:
        return mix(hash, (uint64_t)constant->integer);
    }
}

uint64_t texpr_hash(const struct texpr *expression) {
    if (!expression)
        return 1;
    /* Which variable it is does not count: those bound within are matched to one another. */
    uint64_t hash = mix((uint64_t)expression->kind, (uint64_t)expression->type.kind);
    hash = mix(mix(mix(hash, (uintptr_t)expression->field), (uint64_t)expression->operation), (uint64_t)expression->aggregate);
    if (expression->kind == TEXPR_CONSTANT)
        hash = hash_constant(hash, expression);
    if (expression->kind == TEXPR_PERIODS)
        hash = mix(mix(hash, (uint64_t)expression->cadence.unit), (uint64_t)expression->cadence.count);
    if (expression->text)
        hash = hash_text(hash, expression->text, strlen(expression->text));
    hash = mix(mix(mix(hash, texpr_hash(expression->base)), texpr_hash(expression->source)), texpr_hash(expression->condition));
    hash = mix(mix(hash, texpr_hash(expression->value)), texpr_hash(expression->by));
    for (int i = 0; i < expression->argument_count; i++)
        hash = mix(hash, texpr_hash(expression->arguments[i]));
    return hash;
}

/* ---- copying ---- */

struct renaming {
    struct renaming *outer;
    const struct tvar *from;
    struct texpr *to;
};
struct copying {
    struct arena *arena;
    int *variable_count;
    int64_t *budget;
    const struct texpr *(*replace)(const struct texpr *part, void *context); /* or NULL */
    void *context;
};

static struct tvar *copy_variable(struct copying *copying, const struct tvar *variable) {
    struct tvar *copy = ARENA_NEW(copying->arena, struct tvar);
    *copy = *variable;
    copy->id = (*copying->variable_count)++;
    return copy;
}

static struct texpr *copy_part(struct copying *copying, const struct texpr *expression, struct renaming *names);

static struct tquery *copy_query(struct copying *copying, const struct tquery *query, struct renaming *names) {
    struct tquery *copy = ARENA_NEW(copying->arena, struct tquery);
    *copy = *query;
    copy->sources = ARENA_ARRAY(copying->arena, struct tsource, query->source_count);
    for (int i = 0; i < query->source_count; i++) {
        copy->sources[i].collection = copy_part(copying, query->sources[i].collection, names);
        copy->sources[i].variable = copy_variable(copying, query->sources[i].variable);
        struct renaming *renaming = ARENA_NEW(copying->arena, struct renaming);
        *renaming = (struct renaming){names, query->sources[i].variable, texpr_variable(copying->arena, copy->sources[i].variable, query->span)};
        names = renaming;
    }
    copy->condition = copy_part(copying, query->condition, names);
    copy->groups = ARENA_ARRAY(copying->arena, struct tcolumn, query->group_count);
    for (int i = 0; i < query->group_count; i++) {
        copy->groups[i] = query->groups[i];
        copy->groups[i].value = copy_part(copying, query->groups[i].value, names);
        copy->groups[i].shown = query->groups[i].shown == query->groups[i].value ? copy->groups[i].value : copy_part(copying, query->groups[i].shown, names);
    }
    copy->columns = ARENA_ARRAY(copying->arena, struct tcolumn, query->column_count);
    for (int i = 0; i < query->column_count; i++) {
        copy->columns[i] = query->columns[i];
        copy->columns[i].value = copy_part(copying, query->columns[i].value, names);
        copy->columns[i].shown = query->columns[i].shown == query->columns[i].value ? copy->columns[i].value : copy_part(copying, query->columns[i].shown, names);
    }
    copy->keep = copy_part(copying, query->keep, names);
    copy->order = ARENA_ARRAY(copying->arena, struct tsort, query->order_count);
    for (int i = 0; i < query->order_count; i++)
        copy->order[i] = (struct tsort){copy_part(copying, query->order[i].value, names), query->order[i].descending};
    copy->take = copy_part(copying, query->take, names);
    copy->as_of = copy_part(copying, query->as_of, names);
    return copy;
}

static struct texpr *copy_whole(struct copying *copying, const struct texpr *expression, struct renaming *names);

/* What is put in place of a variable is of the present, and inside AT it would be read as of another time: it is worked out before. */
static struct texpr *copy_at(struct copying *copying, const struct texpr *at, struct renaming *names) {
    for (struct renaming *name = names; name; name = name->outer) {
        bool is_read = name->to->kind == TEXPR_FIELD || name->to->kind == TEXPR_DERIVED || name->to->kind == TEXPR_AGGREGATE || name->to->kind == TEXPR_CASE || name->to->kind == TEXPR_DEFAULT;
        if (!is_read || !texpr_uses(at, name->from))
            continue;
        struct texpr *let = texpr_create(copying->arena, TEXPR_LET, at->type, at->span);
        let->variable = copy_variable(copying, name->from);
        let->variable->type = name->to->type;
        struct renaming inner = {names, name->from, texpr_variable(copying->arena, let->variable, at->span)};
        name->from = NULL; /* it is `inner` that stands for it here */
        let->arguments = ARENA_ARRAY(copying->arena, struct texpr *, 2);
        let->argument_count = 2;
        let->arguments[0] = name->to;
        let->arguments[1] = copy_at(copying, at, &inner);
        name->from = inner.from;
        texpr_note_failing(let);
        return let;
    }
    const struct texpr *(*replace)(const struct texpr *part, void *context) = copying->replace;
    copying->replace = NULL; /* nothing else stands for what was */
    struct texpr *copy = copy_whole(copying, at, names);
    copying->replace = replace;
    return copy;
}

static struct texpr *copy_part(struct copying *copying, const struct texpr *expression, struct renaming *names) {
    if (!expression)
        return NULL;
    for (const struct texpr *other; copying->replace && (other = copying->replace(expression, copying->context)) != NULL;)
        expression = other;
    if (expression->kind == TEXPR_VARIABLE) {
        for (struct renaming *name = names; name; name = name->outer)
            if (name->from == expression->variable) {
                if (name->to->kind != TEXPR_VARIABLE || name->to->variable->type.kind != expression->type.kind)
                    return name->to;
                /* A use that was proven known stays so. */
                struct texpr *copy = texpr_variable(copying->arena, name->to->variable, expression->span);
                copy->type = expression->type;
                return copy;
            }
    }
    return expression->kind == TEXPR_AT ? copy_at(copying, expression, names) : copy_whole(copying, expression, names);
}

static struct texpr *copy_whole(struct copying *copying, const struct texpr *expression, struct renaming *names) {
    struct texpr *copy = ARENA_NEW(copying->arena, struct texpr);
    *copy = *expression;
    if (--*copying->budget < 0)
        return copy;
    copy->base = copy_part(copying, expression->base, names);
    copy->source = copy_part(copying, expression->source, names);
    struct renaming inner = {names, expression->variable, NULL};
    struct renaming *within = names;
    if (expression->variable && expression->kind != TEXPR_VARIABLE) {
        copy->variable = copy_variable(copying, expression->variable);
        inner.to = texpr_variable(copying->arena, copy->variable, expression->span);
        within = &inner;
    }
    copy->condition = copy_part(copying, expression->condition, within);
    copy->value = copy_part(copying, expression->value, within);
    copy->by = copy_part(copying, expression->by, within);
    if (expression->argument_count) {
        copy->arguments = ARENA_ARRAY(copying->arena, struct texpr *, expression->argument_count);
        for (int i = 0; i < expression->argument_count; i++)
            copy->arguments[i] = copy_part(copying, expression->arguments[i], expression->kind == TEXPR_LET && i == 1 ? within : names);
    }
    if (expression->query) {
        struct tquery *query = copy_query(copying, expression->query, names);
        copy->query = query;
        if (expression->type.kind == TYPE_COLLECTION && expression->type.element->kind == TYPE_ROW) {
            struct type element = *expression->type.element;
            element.row = query;
            copy->type = type_of_collection(copying->arena, element);
        }
    }
    texpr_note_failing(copy); /* what took a variable's place may fail */
    return copy;
}

struct texpr *texpr_substitute(struct arena *arena, const struct texpr *expression, const struct tvar *from, struct texpr *to, int *variable_count, int64_t *budget) {
    struct copying copying = {.arena = arena, .variable_count = variable_count, .budget = budget};
    struct renaming names = {NULL, from, to};
    return copy_part(&copying, expression, from ? &names : NULL);
}

struct texpr *texpr_replace(struct arena *arena, const struct texpr *expression, const struct texpr *(*replace)(const struct texpr *part, void *context), void *context, int *variable_count,
                            int64_t *budget) {
    struct copying copying = {arena, variable_count, budget, replace, context};
    return copy_part(&copying, expression, NULL);
}

/* ---- walking ---- */

void texpr_walk(const struct texpr *expression, bool (*visit)(const struct texpr *part, void *context), void *context) {
    if (!expression || !visit(expression, context))
        return;
    texpr_walk(expression->base, visit, context);
    texpr_walk(expression->source, visit, context);
    for (int i = 0; i < expression->argument_count; i++)
        texpr_walk(expression->arguments[i], visit, context);
    texpr_walk(expression->condition, visit, context);
    texpr_walk(expression->value, visit, context);
    texpr_walk(expression->by, visit, context);
    if (expression->query)
        tquery_walk(expression->query, visit, context);
}

void tquery_walk(const struct tquery *query, bool (*visit)(const struct texpr *part, void *context), void *context) {
    for (int i = 0; i < query->source_count; i++)
        texpr_walk(query->sources[i].collection, visit, context);
    texpr_walk(query->condition, visit, context);
    for (int i = 0; i < query->group_count; i++)
        texpr_walk(query->groups[i].value, visit, context);
    for (int i = 0; i < query->column_count; i++) {
        texpr_walk(query->columns[i].value, visit, context);
        if (query->columns[i].shown != query->columns[i].value)
            texpr_walk(query->columns[i].shown, visit, context);
    }
    texpr_walk(query->keep, visit, context);
    for (int i = 0; i < query->order_count; i++)
        texpr_walk(query->order[i].value, visit, context);
    texpr_walk(query->take, visit, context);
    texpr_walk(query->as_of, visit, context);
}

struct use {
    const struct tvar *variable;
    bool found;
};

static bool visit_use(const struct texpr *part, void *context) {
    struct use *use = context;
    if (part->kind == TEXPR_VARIABLE && part->variable == use->variable)
        use->found = true;
    return !use->found;
}

bool texpr_uses(const struct texpr *expression, const struct tvar *variable) {
    struct use use = {variable, false};
    texpr_walk(expression, visit_use, &use);
    return use.found;
}
