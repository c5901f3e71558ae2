/* One JSON object as properties. See json.h.
 * A reader of our own and not a library's, because libraries give numbers as doubles, and an amount of money must never pass through one: here a number is a
 * cell with the digits of the file. */
#include "runtime/load/json.h"
#include "lang/base/limits.h"

#include <string.h>

struct parser {
    struct arena *arena;
    const char *start, *at, *end;
    struct json_object *object;
};

static bool broken(struct parser *parser, const char *problem) {
    if (!parser->object->problem) {
        parser->object->problem = problem;
        parser->object->place = (size_t)(parser->at - parser->start);
    }
    return false;
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* The next byte that is no space, or 0 at the end; a byte 0 is not UTF-8 here. */
static char skip_space(struct parser *parser) {
    while (parser->at < parser->end && (*parser->at == ' ' || *parser->at == '\n' || *parser->at == '\r' || *parser->at == '\t'))
        parser->at++;
    return parser->at < parser->end ? *parser->at : '\0';
}

static bool take(struct parser *parser, char wanted, const char *problem) {
    if (skip_space(parser) != wanted)
        return broken(parser, problem);
    parser->at++;
    return true;
}

/* ---- texts ---- */

static int read_hex(const char *at) {
    int value = 0;
    for (int i = 0; i < 4; i++) {
        int digit = is_digit(at[i]) ? at[i] - '0' : (at[i] | 0x20) >= 'a' && (at[i] | 0x20) <= 'f' ? (at[i] | 0x20) - 'a' + 10 : -1;
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

static size_t write_character(char *out, unsigned character) {
    if (character < 0x80) {
        out[0] = (char)character;
        return 1;
    }
    size_t size = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    for (size_t i = size - 1; i > 0; i--, character >>= 6)
        out[i] = (char)(0x80 | (character & 0x3F));
    out[0] = (char)((size == 2 ? 0xC0 : size == 3 ? 0xE0 : 0xF0) | character);
    return size;
}

/* \uXXXX, two of them for a character past U+FFFF; `at` stands after the u. */
static bool read_escape(struct parser *parser, char **out) {
    int unit = parser->end - parser->at >= 4 ? read_hex(parser->at) : -1;
    if (unit <= 0)
        return broken(parser, "an escape `\\u` needs four hexadecimal digits, and not all of them 0");
    unsigned character = (unsigned)unit;
    const char *next = parser->at + 4;
    if (unit >= 0xD800 && unit < 0xDC00) {
        int low = parser->end - next >= 6 && next[0] == '\\' && next[1] == 'u' ? read_hex(next + 2) : -1;
        if (low < 0xDC00 || low > 0xDFFF)
            return broken(parser, "an escape `\\u` stands for half of a character");
        character = 0x10000 + (((unsigned)unit - 0xD800) << 10) + ((unsigned)low - 0xDC00);
        next += 6;
    } else if (unit >= 0xDC00 && unit <= 0xDFFF)
        return broken(parser, "an escape `\\u` stands for half of a character");
    parser->at = next;
    *out += write_character(*out, character);
    return true;
}

/* The rest of a text with an escape in it; `at` stands at the first backslash. */
static bool read_escaped(struct parser *parser, const char *start, struct cell *cell) {
    const char *close = parser->at;
    while (close < parser->end && *close != '"')
        close += *close == '\\' ? 2 : 1;
    if (close >= parser->end)
        return broken(parser, "a text has no closing quote");
    char *text = arena_alloc(parser->arena, (size_t)(close - start) + 1), *out = text + (parser->at - start);
    memcpy(text, start, (size_t)(parser->at - start));
    while (parser->at < close) {
        char c = *parser->at;
        if ((unsigned char)c < ' ')
            return broken(parser, "a text holds a control character, which JSON writes as an escape");
        parser->at++;
        if (c != '\\') {
            *out++ = c;
            continue;
        }
        static const char written[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
        c = *parser->at++;
        const char *known = c ? strchr(written, c) : NULL;
        if (known)
            *out++ = meant[known - written];
        else if (c != 'u')
            return broken(parser, "a text holds an escape that JSON does not have");
        else if (!read_escape(parser, &out))
            return false;
    }
    parser->at++;
    *cell = (struct cell){text, (size_t)(out - text), false};
    return true;
}

static bool read_text(struct parser *parser, struct cell *cell) {
    if (!take(parser, '"', "a text in double quotes is wanted"))
        return false;
    const char *start = parser->at;
    while (parser->at < parser->end && *parser->at != '"' && *parser->at != '\\' && (unsigned char)*parser->at >= ' ')
        parser->at++;
    if (parser->at == parser->end)
        return broken(parser, "a text has no closing quote");
    if (*parser->at == '\\')
        return read_escaped(parser, start, cell);
    if (*parser->at != '"')
        return broken(parser, "a text holds a control character, which JSON writes as an escape");
    *cell = (struct cell){start, (size_t)(parser->at++ - start), false}; /* no escapes: a slice */
    return true;
}

/* ---- other values ---- */

static bool read_word(struct parser *parser, const char *word) {
    size_t size = strlen(word);
    if ((size_t)(parser->end - parser->at) < size || memcmp(parser->at, word, size) != 0)
        return broken(parser, "a value is wanted: text, number, true, false, null, an object or a list");
    parser->at += size;
    return true;
}

static bool pass_digits(struct parser *parser) {
    const char *start = parser->at;
    while (parser->at < parser->end && is_digit(*parser->at))
        parser->at++;
    return parser->at > start;
}

static bool next_is(const struct parser *parser, char a, char b) {
    return parser->at < parser->end && (*parser->at == a || *parser->at == b);
}

static bool read_number(struct parser *parser) {
    static const char problem[] = "a number is not written as JSON writes it";
    parser->at += next_is(parser, '-', '-');
    const char *whole = parser->at;
    if (!pass_digits(parser))
        return broken(parser, problem);
    if (*whole == '0' && parser->at > whole + 1)
        return broken(parser, "a number begins with a 0 that means nothing; digits that are a name stand in quotes");
    if (next_is(parser, '.', '.') && (parser->at++, !pass_digits(parser)))
        return broken(parser, problem);
    if (next_is(parser, 'e', 'E')) {
        parser->at++;
        parser->at += next_is(parser, '+', '-');
        if (!pass_digits(parser))
            return broken(parser, problem);
    }
    return true;
}

/* ---- values inside values ---- */

/* A property by its full name. name NULL: inside a list, which is kept as its text, so nothing is noted. */
static bool read_value(struct parser *parser, const struct json_property *name, int depth);

static bool read_members(struct parser *parser, const struct json_property *prefix, bool is_noted, int depth) {
    if (depth > LIMIT_JSON_DEPTH)
        return broken(parser, "it is nested over 64 deep");
    if (!take(parser, '{', "an object is wanted"))
        return false;
    if (skip_space(parser) == '}') {
        parser->at++;
        return true;
    }
    do {
        struct cell name;
        if (!read_text(parser, &name) || !take(parser, ':', "a `:` is wanted after a property's name"))
            return false;
        struct json_property property = {.name = name.text, .name_length = name.length};
        if (prefix && is_noted) {
            property.name_length = prefix->name_length + 1 + name.length;
            char *full = arena_alloc(parser->arena, property.name_length + 1);
            memcpy(full, prefix->name, prefix->name_length);
            full[prefix->name_length] = '.';
            memcpy(full + prefix->name_length + 1, name.text, name.length);
            property.name = full;
        }
        if (!read_value(parser, is_noted ? &property : NULL, depth + 1))
            return false;
    } while (skip_space(parser) == ',' && parser->at++);
    return take(parser, '}', "a `,` or `}` is wanted in an object");
}

static bool read_list(struct parser *parser, int depth) {
    if (depth > LIMIT_JSON_DEPTH)
        return broken(parser, "it is nested over 64 deep");
    parser->at++;
    if (skip_space(parser) == ']') {
        parser->at++;
        return true;
    }
    do
        if (!read_value(parser, NULL, depth + 1))
            return false;
    while (skip_space(parser) == ',' && parser->at++);
    return take(parser, ']', "a `,` or `]` is wanted in a list");
}

static bool read_other(struct parser *parser, char first, int depth) {
    if (first == '[')
        return read_list(parser, depth);
    if (first == '-' || is_digit(first))
        return read_number(parser);
    return read_word(parser, first == 't' ? "true" : first == 'f' ? "false" : "null");
}

static bool read_value(struct parser *parser, const struct json_property *name, int depth) {
    char first = skip_space(parser);
    const char *start = parser->at;
    struct json_property property = name ? *name : (struct json_property){0};
    if (first == '{') {
        int index = parser->object->properties.count;
        property.is_object = true;
        if (name)
            LIST_ADD(parser->arena, &parser->object->properties, property);
        if (!read_members(parser, name, name != NULL, depth))
            return false;
        if (name)
            parser->object->properties.items[index].cell = (struct cell){start, (size_t)(parser->at - start), false};
        return true;
    }
    if (first == '"' ? !read_text(parser, &property.cell) : !read_other(parser, first, depth))
        return false;
    if (first != '"')
        property.cell = (struct cell){start, (size_t)(parser->at - start), first == 'n'};
    if (name)
        LIST_ADD(parser->arena, &parser->object->properties, property);
    return true;
}

bool json_read_object(struct arena *arena, const char *text, size_t length, struct json_object *object) {
    *object = (struct json_object){0};
    struct parser parser = {arena, text, text, text + length, object};
    if (!read_members(&parser, NULL, true, 1))
        return false;
    skip_space(&parser);
    return parser.at == parser.end || broken(&parser, "something stands after the object");
}

bool json_read_text(struct arena *arena, const char *text, size_t length, struct cell *cell) {
    struct json_object object = {0};
    struct parser parser = {arena, text, text, text + length, &object};
    return read_text(&parser, cell) && parser.at == parser.end;
}
