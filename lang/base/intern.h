/* Interned names: one pointer for each spelling, so names compare with ==; and the nearest name to a misspelt one.
 * Knows: names. Does not know: what they name. */
#ifndef REMIT_LANG_BASE_INTERN_H
#define REMIT_LANG_BASE_INTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct intern;

/* A table whose names live in the arena, and as long as it. */
struct intern *intern_create(struct arena *arena);
/* The one pointer for this spelling, zero-terminated. */
const char *intern_name(struct intern *names, const char *bytes, size_t length);
const char *intern_string(struct intern *names, const char *string);

/* Collects candidates and keeps the nearest to `wanted` by the optimal string alignment distance (a swap of neighbours is one step;
 * letters compare without case). Only near ones count: distance at most 1 for up to 4 letters, 2 for up to 8, else 3, and always less
 * than the length of wanted. Of equally near ones the first offered stays. */
struct nearest {
    const char *wanted;
    const char *best; /* NULL while none is near enough */
    int distance;
    int most;         /* how far a name may be */
    uint64_t letters; /* of wanted, one bit for each of those alike: what shares too few of them is not measured */
    int length;       /* of wanted in letters, when is_plain: ASCII alone */
    bool is_plain;
};
void nearest_start(struct nearest *search, const char *wanted);
void nearest_offer(struct nearest *search, const char *candidate);
/* The distance itself, at most `most`+1; in letters (code points), not bytes. Texts longer than LIMIT_NAME_BYTES letters are never near. */
int nearest_distance(const char *a, const char *b, int most);

#endif
