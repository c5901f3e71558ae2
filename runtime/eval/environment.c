/* The walker's beginning and end, and the values of variables. See walk.h.
 * Knows: variables, which fields expressions read. Does not know: kinds of expressions. */
#include "runtime/eval/walk.h"

#include <stdlib.h>
#include <string.h>

static void reserve_slots(struct walker *walker, int count) {
    if (count <= walker->slot_count)
        return;
    struct slot *slots = ARENA_ARRAY(walker->arena, struct slot, count);
    if (walker->slot_count)
        memcpy(slots, walker->slots, sizeof *slots * (size_t)walker->slot_count);
    walker->slots = slots;
    walker->slot_count = count;
}

void walker_start(struct walker *walker, const struct engine_inputs *inputs, struct failure *failure) {
    *walker = (struct walker){.inputs = inputs, .failure = failure, .arena = arena_create(), .scratch = arena_create(), .as_of = STORE_PRESENT, .sees_past = store_as_of(inputs->store) != STORE_PRESENT};
    reserve_slots(walker, inputs->program->variable_count + 1);
    walker->reader_count = inputs->program->records.count;
    walker->readers = ARENA_ARRAY(walker->arena, struct reader *, walker->reader_count);
    for (int i = 0; i < inputs->binding_count; i++)
        walker_bind(walker, inputs->bindings[i].variable, (struct element){inputs->bindings[i].value, NULL});
}

void walker_finish(struct walker *walker) {
    readers_close(walker);
    free(walker->memos);
    arena_destroy(walker->scratch);
    arena_destroy(walker->arena);
    *walker = (struct walker){0};
}

void walker_release(struct walker *walker) {
    arena_reset(walker->scratch);
    operator_context_release_texts(walker->inputs->operators);
}

struct slot walker_bind(struct walker *walker, const struct tvar *variable, struct element element) {
    if (variable->id >= walker->slot_count)
        reserve_slots(walker, variable->id * 2 + 1);
    struct slot before = walker->slots[variable->id];
    walker->slots[variable->id] = (struct slot){element, true};
    return before;
}

void walker_unbind(struct walker *walker, const struct tvar *variable, struct slot before) {
    walker->slots[variable->id] = before;
}

/* ---- fields that are read ---- */

struct noting {
    struct walker *walker;
    LIST_OF(const struct field *) entered; /* derived fields whose values have been gone through */
};

static bool was_entered(const struct noting *noting, const struct field *field) {
    for (int i = 0; i < noting->entered.count; i++)
        if (noting->entered.items[i] == field)
            return true;
    return false;
}

static bool note_part(const struct texpr *part, void *context) {
    struct noting *noting = context;
    if (part->kind == TEXPR_AT || part->kind == TEXPR_CHANGE_ON || part->kind == TEXPR_HISTORY)
        noting->walker->sees_past = true;
    if (part->kind == TEXPR_FIELD)
        reader_want(noting->walker, part->field);
    if (part->kind == TEXPR_DERIVED && !was_entered(noting, part->field)) {
        LIST_ADD(noting->walker->arena, &noting->entered, part->field);
        texpr_walk(part->field->value, note_part, noting);
    }
    return true;
}

void walker_note(struct walker *walker, const struct texpr *expression) {
    struct noting noting = {.walker = walker};
    texpr_walk(expression, note_part, &noting);
}

void walker_note_query(struct walker *walker, const struct tquery *query) {
    struct noting noting = {.walker = walker};
    tquery_walk(query, note_part, &noting);
}
