/* Source texts and places in them.
 * Knows: bytes, lines and columns. Does not know: files (the caller reads them), the language. */
#ifndef REMIT_LANG_SOURCE_SOURCE_H
#define REMIT_LANG_SOURCE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* Bytes start .. end-1 of a source. file is the source's number in its source_set; an empty span (start == end) is a point. */
struct span {
    uint32_t start, end;
    uint32_t file;
};

struct source {
    const char *path; /* as the user would name it: "policy/gates.remit", "<query>", "<prelude>" */
    const char *text; /* zero-terminated */
    uint32_t length;
    const uint32_t *line_starts; /* byte offset of each line; line_count of them, at least 1 */
    uint32_t line_count;
    bool is_made; /* nobody wrote it: its places mean nothing to anyone and are not shown */
};

struct source_set {
    struct arena *arena;
    struct source **sources;
    int count, capacity;
};

struct place {
    uint32_t line;   /* from 1 */
    uint32_t column; /* from 1, in code points */
};

struct source_set *source_set_create(struct arena *arena);
/* Adds a text (copied); gives its number. length is below 4 GB; that it is at most LIMIT_SOURCE_BYTES is for the parser to say. */
uint32_t source_add(struct source_set *set, const char *path, const char *text, size_t length);
/* The texts of that path were made by the program. */
void source_note_made(struct source_set *set, const char *path);
const struct source *source_get(const struct source_set *set, uint32_t file);
/* Bytes of the byte-order mark that the text begins with: 3 or 0. It is no part of the first line. */
uint32_t source_mark_bytes(const struct source *source);
/* The place of a byte; of the end for an offset past it. */
struct place source_place(const struct source_set *set, uint32_t file, uint32_t offset);
struct span span_join(struct span first, struct span last); /* first.start .. last.end */

/* What stands there, with runs of spaces and new lines folded into one space. In the arena. */
const char *source_quote(struct arena *arena, const struct source_set *set, struct span span);

#endif
