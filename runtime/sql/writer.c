/* Parameters, aliases and environments: see writer.h. */
#include "runtime/sql/writer.h"

#include "lang/base/limits.h"

#include <assert.h>
#include <inttypes.h>

void writer_start(struct writer *writer, struct arena *arena, const struct engine_inputs *inputs, struct failure *failure) {
    *writer = (struct writer){.arena = arena, .inputs = inputs, .failure = failure};
    LIST_ADD(arena, &writer->uses, 0); /* alias 0 is none */
}

int writer_alias(struct writer *writer) {
    LIST_ADD(writer->arena, &writer->uses, 0);
    return writer->uses.count - 1;
}

void writer_use(struct writer *writer, int alias) {
    writer->uses.items[alias]++;
    writer->use_count++;
}

void write_alias(struct writer *writer, struct buffer *out, int alias) {
    writer_use(writer, alias);
    buffer_add_format(out, "a%d", alias);
}

void write_column(struct writer *writer, struct buffer *out, int alias, const char *name) {
    write_alias(writer, out, alias);
    buffer_add_char(out, '.');
    buffer_add_string(out, name);
}

static bool is_same_value(struct value a, struct value b) {
    if (a.kind != b.kind)
        return false;
    switch ((enum value_kind)a.kind) {
    case VALUE_INT:
        return a.integer == b.integer;
    case VALUE_NUMBER:
        return memcmp(&a.number, &b.number, sizeof a.number) == 0;
    case VALUE_TEXT:
        return a.length == b.length && memcmp(a.text, b.text, a.length) == 0;
    case VALUE_MISSING:
        return true;
    }
    return false;
}

/* The search is bounded: a long list of ids repeats nothing. */
enum { PARAMETERS_COMPARED = 40 };

void write_parameter(struct writer *writer, struct buffer *out, struct value value) {
    int count = writer->parameters.count;
    for (int i = count > PARAMETERS_COMPARED ? count - PARAMETERS_COMPARED : 0; i < count; i++)
        if (is_same_value(writer->parameters.items[i], value)) {
            buffer_add_format(out, "?%d", i + 1);
            return;
        }
    LIST_ADD(writer->arena, &writer->parameters, value);
    buffer_add_format(out, "?%d", writer->parameters.count);
}

const char *writer_take(struct writer *writer, struct buffer *buffer) {
    const char *kept = arena_copy(writer->arena, buffer_string(buffer), buffer->length);
    buffer_free(buffer);
    return kept;
}

void writer_bind(struct writer *writer, const struct tvar *variable, struct sql_place place) {
    struct environment *bound = ARENA_NEW(writer->arena, struct environment);
    *bound = (struct environment){writer->environment, variable, place};
    writer->environment = bound;
}

struct sql_place place_of_text(const char *text, int alias) {
    return (struct sql_place){.kind = PLACE_TEXT, .text = text, .alias = alias};
}

struct sql_place place_of_expression(const struct writer *writer, const struct texpr *expression) {
    return (struct sql_place){.kind = PLACE_CLOSURE, .expression = expression, .environment = writer->environment, .stage = writer->stage, .past = writer->past};
}

struct sql_place writer_find(struct writer *writer, const struct tvar *variable) {
    for (const struct environment *bound = writer->environment; bound; bound = bound->outer)
        if (bound->variable == variable)
            return bound->place;
    struct buffer text = {0};
    for (int i = 0; i < writer->inputs->binding_count; i++)
        if (writer->inputs->bindings[i].variable == variable) {
            write_parameter(writer, &text, writer->inputs->bindings[i].value);
            return place_of_text(writer_take(writer, &text), 0);
        }
    struct texpr use = {.kind = TEXPR_VARIABLE, .type = variable->type};
    use.variable = (struct tvar *)(uintptr_t)variable;
    int key = find_group_key(writer, &use);
    assert(key >= 0 && "a variable that nothing binds");
    write_group_key(writer, &text, key);
    return place_of_text(writer_take(writer, &text), writer->stage->alias);
}

int64_t writer_find_reference(struct writer *writer, const struct texpr *reference) {
    int64_t id = 0;
    if (writer->has_failed)
        return 0;
    struct record_type *record = reference->type.record;
    if (!store_find_reference(writer->inputs->store, record, reference->text, strlen(reference->text), &id, writer->failure))
        writer->has_failed = true;
    else if (id == 0) {
        failure_set(writer->failure, DIAG_UNKNOWN_KEY, record->name, reference->text);
        writer->failure->span = reference->span;
        writer->failure->has_span = true;
        writer->has_failed = true;
    }
    return id;
}

bool writer_count(struct writer *writer) {
    if (writer->part_count++ < LIMIT_EXPRESSION_NODES)
        return !writer->has_failed;
    if (!writer->has_failed)
        failure_set(writer->failure, DIAG_QUESTION_TOO_DEEP);
    writer->has_failed = true;
    return false;
}
