/* Arenas: blocks of memory in a chain, given out from the front one. See arena.h. */
#include "lang/base/arena.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A piece larger than LARGE_BYTES that does not fit gets a block of its own, so that the block in use is not given up for it. */
enum { BLOCK_BYTES = 64 * 1024, LARGE_BYTES = BLOCK_BYTES / 4, ALIGNMENT = 16 };

struct block {
    struct block *next;
    size_t size, used; /* of the bytes after this head */
    _Alignas(ALIGNMENT) char bytes[];
};
struct arena {
    struct block *blocks; /* the one in use first */
    size_t used_before;   /* bytes handed out from the others */
};

/* A policy that outgrows memory cannot be carried on with: nothing of it has been written yet. */
static _Noreturn void give_up(void) {
    fputs("remit: out of memory\n", stderr);
    abort();
}

static void *allocate(size_t size) {
    void *memory = malloc(size);
    if (!memory)
        give_up();
    return memory;
}

static struct block *block_create(size_t size) {
    struct block *block = allocate(sizeof *block + size);
    block->next = NULL;
    block->size = size;
    block->used = 0;
    return block;
}

struct arena *arena_create(void) {
    struct arena *arena = allocate(sizeof *arena);
    arena->blocks = NULL;
    arena->used_before = 0;
    return arena;
}

static void free_blocks(struct block *block) {
    while (block) {
        struct block *next = block->next;
        free(block);
        block = next;
    }
}

void arena_destroy(struct arena *arena) {
    if (!arena)
        return;
    free_blocks(arena->blocks);
    free(arena);
}

void arena_reset(struct arena *arena) {
    arena->used_before = 0;
    if (!arena->blocks)
        return;
    free_blocks(arena->blocks->next);
    arena->blocks->next = NULL;
    arena->blocks->used = 0;
}

/* The rare way: a new block, in front of the others or, for a large piece, behind the one in use. */
static void *take_from_new_block(struct arena *arena, size_t size) {
    struct block *front = arena->blocks;
    struct block *fresh = block_create(size > LARGE_BYTES && front ? size : size > BLOCK_BYTES ? size : BLOCK_BYTES);
    fresh->used = size;
    if (size > LARGE_BYTES && front) {
        fresh->next = front->next;
        front->next = fresh;
        arena->used_before += size;
    } else {
        fresh->next = front;
        arena->used_before += front ? front->used : 0;
        arena->blocks = fresh;
    }
    return memset(fresh->bytes, 0, size);
}

void *arena_alloc(struct arena *arena, size_t size) {
    if (size > PTRDIFF_MAX - BLOCK_BYTES)
        give_up();
    size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    struct block *block = arena->blocks;
    if (!block || block->size - block->used < size)
        return take_from_new_block(arena, size);
    void *memory = block->bytes + block->used;
    block->used += size;
    return memset(memory, 0, size);
}

char *arena_copy(struct arena *arena, const char *bytes, size_t length) {
    char *copy = arena_alloc(arena, length + 1);
    if (length)
        memcpy(copy, bytes, length);
    return copy;
}

char *arena_copy_string(struct arena *arena, const char *string) {
    return arena_copy(arena, string, strlen(string));
}

char *arena_format_list(struct arena *arena, const char *format, va_list arguments) {
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    char *text = arena_alloc(arena, (size_t)(length < 0 ? 0 : length) + 1);
    vsnprintf(text, (size_t)(length < 0 ? 0 : length) + 1, format, again);
    va_end(again);
    return text;
}

char *arena_format(struct arena *arena, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *text = arena_format_list(arena, format, arguments);
    va_end(arguments);
    return text;
}

size_t arena_used(const struct arena *arena) {
    return arena->used_before + (arena->blocks ? arena->blocks->used : 0);
}

void *arena_grow_list(struct arena *arena, void *items, int *capacity, size_t item_size) {
    if (*capacity > INT_MAX / 2)
        give_up();
    int grown = *capacity ? *capacity * 2 : 8;
    void *copy = arena_alloc(arena, (size_t)grown * item_size);
    if (*capacity)
        memcpy(copy, items, (size_t)*capacity * item_size);
    *capacity = grown;
    return copy;
}
