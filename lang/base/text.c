/* Text: checking, normalising and measuring UTF-8; buffers. See text.h. */
#include "lang/base/text.h"
#include "lang/base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

/* ---- UTF-8 ---- */

static bool is_ascii(const char *bytes, size_t length) {
    size_t i = 0;
    for (; i + 8 <= length; i += 8) {
        uint64_t word;
        memcpy(&word, bytes + i, 8);
        if (word & UINT64_C(0x8080808080808080))
            return false;
    }
    for (; i < length; i++)
        if ((unsigned char)bytes[i] >= 0x80)
            return false;
    return true;
}

/* Bytes of the well-formed character at the start, or 0 (RFC 3629: no overlong forms, no surrogates, nothing past U+10FFFF). */
static size_t character_size(const unsigned char *at, size_t left) {
    if (at[0] < 0x80)
        return at[0] != 0;
    size_t size = at[0] >= 0xC2 && at[0] <= 0xDF ? 2 : (at[0] & 0xF0) == 0xE0 ? 3 : at[0] >= 0xF0 && at[0] <= 0xF4 ? 4 : 0;
    if (!size || size > left)
        return 0;
    for (size_t i = 1; i < size; i++)
        if ((at[i] & 0xC0) != 0x80)
            return 0;
    if ((at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xED && at[1] > 0x9F) || (at[0] == 0xF0 && at[1] < 0x90) || (at[0] == 0xF4 && at[1] > 0x8F))
        return 0;
    return size;
}

/* Eight bytes from 0x01 to 0x7F: no high bit, and no byte that borrows one when 1 is taken away. */
static bool is_plain_word(const char *bytes) {
    uint64_t word;
    memcpy(&word, bytes, 8);
    return !((word | (word - UINT64_C(0x0101010101010101))) & UINT64_C(0x8080808080808080));
}

size_t text_find_bad_utf8(const char *bytes, size_t length) {
    size_t i = 0;
    while (i < length) {
        if (i + 8 <= length && is_plain_word(bytes + i)) {
            i += 8;
            continue;
        }
        size_t size = character_size((const unsigned char *)bytes + i, length - i);
        if (!size)
            return i;
        i += size;
    }
    return length;
}

const char *text_normalize(struct arena *arena, const char *bytes, size_t length, size_t *result_length) {
    *result_length = length;
    if (is_ascii(bytes, length))
        return bytes;
    utf8proc_uint8_t *normal = NULL;
    utf8proc_ssize_t size = utf8proc_map((const utf8proc_uint8_t *)bytes, (utf8proc_ssize_t)length, &normal, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    if (size < 0) {
        free(normal);
        return bytes;
    }
    char *copy = arena_copy(arena, (const char *)normal, (size_t)size);
    free(normal);
    *result_length = (size_t)size;
    return copy;
}

/* A control character has no width of its own; it counts one column, as it does where a text is ASCII and is not looked at. */
static int character_width(utf8proc_int32_t character) {
    return character < 0x20 || (character >= 0x7F && character < 0xA0) ? 1 : utf8proc_charwidth(character);
}

int text_width(const char *bytes, size_t length) {
    if (is_ascii(bytes, length))
        return (int)length;
    int width = 0;
    size_t i = 0;
    while (i < length) {
        utf8proc_int32_t character;
        utf8proc_ssize_t size = utf8proc_iterate((const utf8proc_uint8_t *)bytes + i, (utf8proc_ssize_t)(length - i), &character);
        if (size <= 0) {
            width++;
            i++;
            continue;
        }
        width += character_width(character);
        i += (size_t)size;
    }
    return width;
}

int64_t text_length(const char *bytes, size_t length) {
    int64_t count = 0;
    for (size_t i = 0; i < length; i++)
        count += ((unsigned char)bytes[i] & 0xC0) != 0x80;
    return count;
}

size_t text_prefix(const char *bytes, size_t length, int columns_max) {
    int width = 0;
    size_t i = 0;
    while (i < length) {
        utf8proc_int32_t character;
        utf8proc_ssize_t size = utf8proc_iterate((const utf8proc_uint8_t *)bytes + i, (utf8proc_ssize_t)(length - i), &character);
        int columns = size <= 0 ? 1 : character_width(character);
        if (width + columns > columns_max)
            return i;
        width += columns;
        i += size <= 0 ? 1 : (size_t)size;
    }
    return length;
}

static char *map_case(struct arena *arena, const char *bytes, size_t length, size_t *result_length, utf8proc_int32_t (*map)(utf8proc_int32_t)) {
    char *result = arena_alloc(arena, length * 2 + 4); /* no simple mapping more than doubles a character's bytes */
    size_t out = 0, i = 0;
    while (i < length) {
        utf8proc_int32_t character;
        utf8proc_ssize_t size = utf8proc_iterate((const utf8proc_uint8_t *)bytes + i, (utf8proc_ssize_t)(length - i), &character);
        if (size <= 0) {
            result[out++] = bytes[i++];
            continue;
        }
        out += (size_t)utf8proc_encode_char(map(character), (utf8proc_uint8_t *)result + out);
        i += (size_t)size;
    }
    result[out] = '\0';
    *result_length = out;
    return result;
}

char *text_lower(struct arena *arena, const char *bytes, size_t length, size_t *result_length) {
    return map_case(arena, bytes, length, result_length, utf8proc_tolower);
}

char *text_upper(struct arena *arena, const char *bytes, size_t length, size_t *result_length) {
    return map_case(arena, bytes, length, result_length, utf8proc_toupper);
}

int text_compare(const char *a, size_t a_length, const char *b, size_t b_length) {
    size_t shared = a_length < b_length ? a_length : b_length;
    int order = shared ? memcmp(a, b, shared) : 0;
    return order ? order : (a_length > b_length) - (a_length < b_length);
}

bool text_starts(const char *string, const char *prefix) {
    return strncmp(string, prefix, strlen(prefix)) == 0;
}

bool text_ends(const char *string, const char *suffix) {
    size_t length = strlen(string), size = strlen(suffix);
    return length >= size && memcmp(string + length - size, suffix, size) == 0;
}

/* ---- buffers ---- */

static void make_room(struct buffer *buffer, size_t more) {
    if (buffer->capacity - buffer->length > more)
        return;
    size_t capacity = buffer->capacity ? buffer->capacity * 2 : 256;
    while (capacity - buffer->length <= more)
        capacity *= 2;
    char *grown = realloc(buffer->bytes, capacity);
    if (!grown) {
        fputs("remit: out of memory\n", stderr);
        abort();
    }
    buffer->bytes = grown;
    buffer->capacity = capacity;
}

void buffer_add(struct buffer *buffer, const char *bytes, size_t length) {
    make_room(buffer, length);
    if (length)
        memcpy(buffer->bytes + buffer->length, bytes, length);
    buffer->length += length;
    buffer->bytes[buffer->length] = '\0';
}

void buffer_add_string(struct buffer *buffer, const char *string) {
    buffer_add(buffer, string, strlen(string));
}

void buffer_add_char(struct buffer *buffer, char c) {
    make_room(buffer, 1);
    buffer->bytes[buffer->length++] = c;
    buffer->bytes[buffer->length] = '\0';
}

void buffer_add_repeated(struct buffer *buffer, char c, int count) {
    if (count <= 0)
        return;
    make_room(buffer, (size_t)count);
    memset(buffer->bytes + buffer->length, c, (size_t)count);
    buffer->length += (size_t)count;
    buffer->bytes[buffer->length] = '\0';
}

void buffer_add_format(struct buffer *buffer, const char *format, ...) {
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    char quick[256];
    int length = vsnprintf(quick, sizeof quick, format, arguments);
    va_end(arguments);
    if (length >= 0 && (size_t)length < sizeof quick)
        buffer_add(buffer, quick, (size_t)length);
    else if (length >= 0) {
        make_room(buffer, (size_t)length);
        vsnprintf(buffer->bytes + buffer->length, (size_t)length + 1, format, again);
        buffer->length += (size_t)length;
    }
    va_end(again);
}

const char *buffer_string(const struct buffer *buffer) {
    return buffer->length ? buffer->bytes : "";
}

void buffer_clear(struct buffer *buffer) {
    buffer->length = 0;
    if (buffer->bytes)
        buffer->bytes[0] = '\0';
}

void buffer_free(struct buffer *buffer) {
    free(buffer->bytes);
    *buffer = (struct buffer){0};
}
