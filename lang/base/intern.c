/* Interned names in an open hash table; the nearest spelling. See intern.h. */
#include "lang/base/intern.h"
#include "lang/base/arena.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

struct entry {
    const char *name;
    uint32_t hash, length;
};
struct intern {
    struct arena *arena;
    struct entry *entries; /* size of them, a power of two; name NULL: free */
    uint32_t size, count;
};

struct intern *intern_create(struct arena *arena) {
    struct intern *names = ARENA_NEW(arena, struct intern);
    names->arena = arena;
    names->size = 256;
    names->entries = ARENA_ARRAY(arena, struct entry, names->size);
    return names;
}

static uint32_t hash_bytes(const char *bytes, size_t length) { /* FNV-1a */
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * 16777619u;
    return hash;
}

static void grow(struct intern *names) {
    struct entry *old = names->entries;
    uint32_t old_size = names->size;
    names->size *= 2;
    names->entries = ARENA_ARRAY(names->arena, struct entry, names->size);
    for (uint32_t i = 0; i < old_size; i++) {
        if (!old[i].name)
            continue;
        uint32_t at = old[i].hash & (names->size - 1);
        while (names->entries[at].name)
            at = (at + 1) & (names->size - 1);
        names->entries[at] = old[i];
    }
}

const char *intern_name(struct intern *names, const char *bytes, size_t length) {
    uint32_t hash = hash_bytes(bytes, length);
    uint32_t at = hash & (names->size - 1);
    for (; names->entries[at].name; at = (at + 1) & (names->size - 1)) {
        const struct entry *entry = &names->entries[at];
        if (entry->hash == hash && entry->length == length && memcmp(entry->name, bytes, length) == 0)
            return entry->name;
    }
    const char *name = arena_copy(names->arena, bytes, length);
    names->entries[at] = (struct entry){name, hash, (uint32_t)length};
    if (++names->count * 2 > names->size)
        grow(names);
    return name;
}

const char *intern_string(struct intern *names, const char *string) {
    return intern_name(names, string, strlen(string));
}

/* ---- the nearest name ---- */

enum { COMPARED_MAX = 64 }; /* longer names are never near a misspelling */

static int least(int a, int b) {
    return a < b ? a : b;
}

int nearest_distance(const char *a, const char *b, int most) {
    int a_length = (int)strlen(a), b_length = (int)strlen(b);
    if (a_length > COMPARED_MAX || b_length > COMPARED_MAX || a_length - b_length > most || b_length - a_length > most)
        return most + 1;
    int rows[3][COMPARED_MAX + 1];
    for (int j = 0; j <= b_length; j++)
        rows[0][j] = j;
    for (int i = 1; i <= a_length; i++) {
        int *row = rows[i % 3], *above = rows[(i - 1) % 3], *above2 = rows[(i + 1) % 3];
        row[0] = i;
        int best = i;
        for (int j = 1; j <= b_length; j++) {
            int x = tolower((unsigned char)a[i - 1]), y = tolower((unsigned char)b[j - 1]);
            row[j] = least(least(above[j], row[j - 1]) + 1, above[j - 1] + (x != y));
            if (i > 1 && j > 1 && x == tolower((unsigned char)b[j - 2]) && tolower((unsigned char)a[i - 2]) == y)
                row[j] = least(row[j], above2[j - 2] + 1);
            best = least(best, row[j]);
        }
        if (best > most)
            return most + 1;
    }
    int distance = rows[a_length % 3][b_length];
    return distance > most ? most + 1 : distance;
}

void nearest_start(struct nearest *search, const char *wanted) {
    *search = (struct nearest){.wanted = wanted};
}

void nearest_offer(struct nearest *search, const char *candidate) {
    size_t length = strlen(search->wanted);
    int most = length <= 4 ? 1 : length <= 8 ? 2 : 3;
    if (most >= (int)length)
        most = (int)length - 1;
    if (search->best && search->distance - 1 < most)
        most = search->distance - 1;
    if (most < 0)
        return;
    int distance = nearest_distance(search->wanted, candidate, most);
    if (distance <= most) {
        search->best = candidate;
        search->distance = distance;
    }
}
