/* Interned names in an open hash table; the nearest spelling. See intern.h. */
#include "lang/base/intern.h"
#include "lang/base/arena.h"
#include "lang/base/limits.h"
#include "lang/base/text.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>
#include <utf8proc.h>

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

/* Longer texts are no names, and never near to one. */
enum { COMPARED_MAX = LIMIT_NAME_BYTES };

/* The letters of a name, without case: at most COMPARED_MAX of them, or -1 when there are more. */
static int read_letters(const char *name, int32_t letters[COMPARED_MAX]) {
    size_t length = strlen(name), at = 0;
    int count = 0;
    while (at < length) {
        if (count == COMPARED_MAX)
            return -1;
        utf8proc_int32_t letter = (unsigned char)name[at];
        utf8proc_ssize_t size = 1;
        if (letter >= 0x80)
            size = utf8proc_iterate((const utf8proc_uint8_t *)name + at, (utf8proc_ssize_t)(length - at), &letter);
        letters[count++] = letter < 0x80 ? tolower(letter) : utf8proc_tolower(letter); /* -1 for what is not UTF-8 */
        at += size > 0 ? (size_t)size : 1;
    }
    return count;
}

static int least(int a, int b) {
    return a < b ? a : b;
}

int nearest_distance(const char *a, const char *b, int most) {
    int32_t x[COMPARED_MAX], y[COMPARED_MAX];
    int x_count = read_letters(a, x), y_count = read_letters(b, y);
    if (x_count < 0 || y_count < 0 || x_count - y_count > most || y_count - x_count > most)
        return most + 1;
    int rows[3][COMPARED_MAX + 1];
    for (int j = 0; j <= y_count; j++)
        rows[0][j] = j;
    for (int i = 1; i <= x_count; i++) {
        int *row = rows[i % 3], *above = rows[(i - 1) % 3], *above2 = rows[(i + 1) % 3];
        row[0] = i;
        int best = i;
        for (int j = 1; j <= y_count; j++) {
            row[j] = least(least(above[j], row[j - 1]) + 1, above[j - 1] + (x[i - 1] != y[j - 1]));
            if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1])
                row[j] = least(row[j], above2[j - 2] + 1);
            best = least(best, row[j]);
        }
        if (best > most)
            return most + 1;
    }
    return least(rows[x_count % 3][y_count], most + 1);
}

/* The letters of an ASCII name as bits, and how many there are; false for any other name. */
static bool read_plain(const char *name, uint64_t *letters, int *length) {
    *letters = 0;
    *length = 0;
    for (; *name; name++, (*length)++) {
        if ((unsigned char)*name >= 0x80)
            return false;
        *letters |= (uint64_t)1 << (tolower((unsigned char)*name) & 63);
    }
    return true;
}

void nearest_start(struct nearest *search, const char *wanted) {
    *search = (struct nearest){.wanted = wanted};
    search->is_plain = read_plain(wanted, &search->letters, &search->length);
    int64_t length = text_length(wanted, strlen(wanted));
    search->most = length <= 4 ? 1 : length <= 8 ? 2 : 3;
    if (search->most >= length)
        search->most = (int)length - 1;
}

/* A step takes at most one kind of letter away and brings at most one; it makes a name longer or shorter by one at most. */
static bool is_far(const struct nearest *search, const char *candidate, int most) {
    uint64_t letters;
    int length;
    if (!search->is_plain || !read_plain(candidate, &letters, &length))
        return false;
    return length - search->length > most || search->length - length > most || __builtin_popcountll(letters ^ search->letters) > 2 * most;
}

void nearest_offer(struct nearest *search, const char *candidate) {
    int most = search->best && search->distance - 1 < search->most ? search->distance - 1 : search->most;
    if (most < 0 || is_far(search, candidate, most))
        return;
    int distance = nearest_distance(search->wanted, candidate, most);
    if (distance <= most) {
        search->best = candidate;
        search->distance = distance;
    }
}
