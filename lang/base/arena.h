/* Arenas: memory that is given out piece by piece and freed all at once.
 * Knows: bytes. Does not know: what is kept in them.
 * An arena belongs to whoever made it; everything taken from it lives until arena_destroy or arena_reset.
 * Running out of memory ends the process with one line on standard error (the one place where that is allowed to happen). */
#ifndef REMIT_LANG_BASE_ARENA_H
#define REMIT_LANG_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_create(void);
void arena_destroy(struct arena *arena); /* NULL is allowed */
/* Forgets everything taken, keeps one block for reuse: for loops that need scratch memory each turn. */
void arena_reset(struct arena *arena);
/* Bytes set to zero, aligned for any type. size may be 0. Never returns NULL. */
void *arena_alloc(struct arena *arena, size_t size);
/* A copy of length bytes with a zero byte after them. */
char *arena_copy(struct arena *arena, const char *bytes, size_t length);
char *arena_copy_string(struct arena *arena, const char *string);
char *arena_format(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_format_list(struct arena *arena, const char *format, va_list arguments);
/* Bytes handed out since creation or the last reset. */
size_t arena_used(const struct arena *arena);

/* One zeroed object of a type, or an array of count of them. */
#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_alloc((arena), sizeof(type) * (size_t)(count)))

/* A growing array kept in an arena. Declare with LIST_OF(struct thing), zero it, LIST_ADD(arena, &list, item);
 * items are list.items[0 .. list.count-1]. Growing moves the items, so keep no pointer to one across LIST_ADD. */
#define LIST_OF(type) \
    struct {          \
        type *items;  \
        int count;    \
        int capacity; \
    }
#define LIST_ADD(arena, list, item)                                                                            \
    do {                                                                                                       \
        if ((list)->count == (list)->capacity)                                                                 \
            (list)->items = arena_grow_list((arena), (list)->items, &(list)->capacity, sizeof *(list)->items); \
        (list)->items[(list)->count++] = (item);                                                               \
    } while (0)
/* Used by LIST_ADD: a larger copy of items; *capacity is doubled (from 0 to 8). */
void *arena_grow_list(struct arena *arena, void *items, int *capacity, size_t item_size);

#endif
