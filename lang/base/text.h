/* Text: UTF-8 bytes, checking and normalising them, their width on a terminal, and a buffer to write into.
 * Knows: Unicode (through utf8proc). Does not know: the language. */
#ifndef REMIT_LANG_BASE_TEXT_H
#define REMIT_LANG_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* Offset of the first byte that is not well-formed UTF-8 (RFC 3629; a zero byte is refused too), or length if all is well. */
size_t text_find_bad_utf8(const char *bytes, size_t length);
/* The NFC form (Unicode Standard Annex 15) of well-formed UTF-8; the same pointer when bytes are ASCII, else taken from the arena.
 * *result_length is its length in bytes. The result ends in a zero byte only when it was copied. */
const char *text_normalize(struct arena *arena, const char *bytes, size_t length, size_t *result_length);
/* Columns on a terminal: wide characters count two, combining marks none, control characters and bytes that are not UTF-8 one. */
int text_width(const char *bytes, size_t length);
/* Code points. */
int64_t text_length(const char *bytes, size_t length);
/* Bytes of the longest prefix of at most columns_max terminal columns that does not split a character. */
size_t text_prefix(const char *bytes, size_t length, int columns_max);
/* Simple Unicode case mapping by code point; taken from the arena, zero-terminated. */
char *text_lower(struct arena *arena, const char *bytes, size_t length, size_t *result_length);
char *text_upper(struct arena *arena, const char *bytes, size_t length, size_t *result_length);
/* By code point, which for UTF-8 is by byte: negative, 0 or positive. */
int text_compare(const char *a, size_t a_length, const char *b, size_t b_length);
bool text_starts(const char *string, const char *prefix);
bool text_ends(const char *string, const char *suffix);

/* A growing buffer from malloc: zero it, write, take bytes/length, then buffer_free. bytes is zero-terminated once anything was written
 * (buffer_string gives "" before that). */
struct buffer {
    char *bytes;
    size_t length;
    size_t capacity;
};
void buffer_add(struct buffer *buffer, const char *bytes, size_t length);
void buffer_add_string(struct buffer *buffer, const char *string);
void buffer_add_char(struct buffer *buffer, char c);
void buffer_add_repeated(struct buffer *buffer, char c, int count);
void buffer_add_format(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *buffer_string(const struct buffer *buffer);
void buffer_clear(struct buffer *buffer); /* length 0, memory kept */
void buffer_free(struct buffer *buffer);

#endif
