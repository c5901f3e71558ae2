/* Arenas: blocks of memory in a chain, given out from the front one. See arena.h. */
#include "lang/base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 64 * 1024, ALIGNMENT = 16 };

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
static void *allocate(size_t size) {
    void *memory = malloc(size);
    if (!memory) {
        fputs("remit: out of memory\n", stderr);
        abort();
    }
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

void *arena_alloc(struct arena *arena, size_t size) {
    size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    struct block *block = arena->blocks;
    if (!block || block->size - block->used < size) {
        size_t wanted = size > BLOCK_BYTES ? size : BLOCK_BYTES;
        struct block *fresh = block_create(wanted);
        if (block)
            arena->used_before += block->used;
        fresh->next = block;
        arena->blocks = block = fresh;
    }
    void *memory = block->bytes + block->used;
    block->used += size;
    memset(memory, 0, size);
    return memory;
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
    int grown = *capacity ? *capacity * 2 : 8;
    void *copy = arena_alloc(arena, (size_t)grown * item_size);
    if (*capacity)
        memcpy(copy, items, (size_t)*capacity * item_size);
    *capacity = grown;
    return copy;
}
