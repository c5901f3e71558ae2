/* Source texts and their lines. See source.h. */
#include "lang/source/source.h"
#include "lang/base/arena.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

struct source_set *source_set_create(struct arena *arena) {
    struct source_set *set = ARENA_NEW(arena, struct source_set);
    set->arena = arena;
    return set;
}

static void find_lines(struct arena *arena, struct source *source) {
    uint32_t count = 1;
    for (const char *at = source->text, *end = at + source->length; (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++)
        count++;
    uint32_t *starts = ARENA_ARRAY(arena, uint32_t, count);
    uint32_t line = 1;
    for (const char *at = source->text, *end = at + source->length; (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++)
        starts[line++] = (uint32_t)(at - source->text) + 1;
    source->line_starts = starts;
    source->line_count = count;
}

uint32_t source_add(struct source_set *set, const char *path, const char *text, size_t length) {
    assert(length < UINT32_MAX);
    struct source *source = ARENA_NEW(set->arena, struct source);
    source->path = arena_copy_string(set->arena, path);
    source->text = arena_copy(set->arena, text, length);
    source->length = (uint32_t)length;
    find_lines(set->arena, source);
    if (set->count == set->capacity)
        set->sources = arena_grow_list(set->arena, set->sources, &set->capacity, sizeof *set->sources);
    set->sources[set->count] = source;
    return (uint32_t)set->count++;
}

void source_note_made(struct source_set *set, const char *path) {
    for (int i = 0; i < set->count; i++)
        if (strcmp(set->sources[i]->path, path) == 0)
            set->sources[i]->is_made = true;
}

const struct source *source_get(const struct source_set *set, uint32_t file) {
    assert(file < (uint32_t)set->count);
    return set->sources[file];
}

uint32_t source_mark_bytes(const struct source *source) {
    return source->length >= 3 && memcmp(source->text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

struct place source_place(const struct source_set *set, uint32_t file, uint32_t offset) {
    const struct source *source = source_get(set, file);
    if (offset > source->length)
        offset = source->length;
    uint32_t low = 0, high = source->line_count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (source->line_starts[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    uint32_t column = 1;
    for (uint32_t i = low ? source->line_starts[low] : source_mark_bytes(source); i < offset; i++)
        column += ((unsigned char)source->text[i] & 0xC0) != 0x80;
    return (struct place){low + 1, column};
}

struct span span_join(struct span first, struct span last) {
    return (struct span){first.start, last.end > first.end ? last.end : first.end, first.file};
}

const char *source_quote(struct arena *arena, const struct source_set *set, struct span span) {
    const char *text = source_get(set, span.file)->text + span.start;
    size_t length = span.end - span.start, count = 0;
    char *words = arena_alloc(arena, length + 1);
    for (size_t i = 0; i < length; i++) {
        bool is_space = text[i] == ' ' || text[i] == '\n' || text[i] == '\t' || text[i] == '\r';
        if (!is_space)
            words[count++] = text[i];
        else if (count && words[count - 1] != ' ')
            words[count++] = ' ';
    }
    words[count] = '\0';
    return words;
}
