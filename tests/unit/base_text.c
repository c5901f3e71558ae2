/* Text: well-formed UTF-8, normal forms, widths, prefixes, case; buffers. */
#include "lang/base/arena.h"
#include "lang/base/text.h"
#include "tests/unit/unit.h"

#include <limits.h>

static size_t bad(const char *text) {
    return text_find_bad_utf8(text, strlen(text));
}

static size_t encode(uint32_t point, char *out) {
    if (point < 0x80) {
        out[0] = (char)point;
        return 1;
    }
    if (point < 0x800) {
        out[0] = (char)(0xC0 | point >> 6);
        out[1] = (char)(0x80 | (point & 0x3F));
        return 2;
    }
    if (point < 0x10000) {
        out[0] = (char)(0xE0 | point >> 12);
        out[1] = (char)(0x80 | (point >> 6 & 0x3F));
        out[2] = (char)(0x80 | (point & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | point >> 18);
    out[1] = (char)(0x80 | (point >> 12 & 0x3F));
    out[2] = (char)(0x80 | (point >> 6 & 0x3F));
    out[3] = (char)(0x80 | (point & 0x3F));
    return 4;
}

static void test_every_code_point(void) {
    int wrong = 0;
    for (uint32_t point = 0; point < 0x110400; point++) {
        char bytes[4];
        size_t size = encode(point, bytes);
        bool is_good = point != 0 && point < 0x110000 && (point < 0xD800 || point > 0xDFFF);
        wrong += text_find_bad_utf8(bytes, size) != (is_good ? size : 0);
        if (size > 1) /* cut short */
            wrong += text_find_bad_utf8(bytes, size - 1) != 0;
    }
    CHECK_INT(wrong, 0);
}

static void test_bad_utf8(void) {
    CHECK_INT(text_find_bad_utf8("", 0), 0);
    CHECK_INT(bad("plain"), 5);
    CHECK_INT(bad("Zürich 東京 😀"), strlen("Zürich 東京 😀"));
    CHECK_INT(bad("ab\x80"), 2);             /* a continuation alone */
    CHECK_INT(bad("ab\xC3"), 2);             /* the text ends inside a character */
    CHECK_INT(bad("ab\xC3(x"), 2);
    CHECK_INT(bad("\xC0\xAF"), 0);           /* overlong forms */
    CHECK_INT(bad("\xC1\xBF"), 0);
    CHECK_INT(bad("\xE0\x9F\xBF"), 0);
    CHECK_INT(bad("\xF0\x8F\xBF\xBF"), 0);
    CHECK_INT(bad("\xED\xA0\x80"), 0);       /* surrogates */
    CHECK_INT(bad("\xED\xBF\xBF"), 0);
    CHECK_INT(bad("\xF4\x90\x80\x80"), 0);   /* past U+10FFFF */
    CHECK_INT(bad("\xF5\x80\x80\x80"), 0);
    CHECK_INT(bad("\xFE"), 0);
    CHECK_INT(bad("\xFF"), 0);
    CHECK_INT(bad("caf\xE9 au lait"), 3);    /* Latin-1 */
    CHECK_INT(text_find_bad_utf8("ab\0cd", 5), 2);
}

/* One wrong byte at each place of a long text: nothing is skipped when bytes are read by the word. */
static void test_bad_byte_at_each_place(void) {
    for (size_t length = 1; length < 40; length++)
        for (size_t at = 0; at < length; at++) {
            char text[40];
            memset(text, 'a', length);
            text[at] = '\0';
            CHECK_INT(text_find_bad_utf8(text, length), at);
            text[at] = '\x80';
            CHECK_INT(text_find_bad_utf8(text, length), at);
            text[at] = '\x01';
            CHECK_INT(text_find_bad_utf8(text, length), length);
            text[at] = '\x7F';
            CHECK_INT(text_find_bad_utf8(text, length), length);
        }
}

static const char *normal(struct arena *arena, const char *text) {
    size_t length;
    const char *result = text_normalize(arena, text, strlen(text), &length);
    return arena_copy(arena, result, length);
}

static void test_normalize(void) {
    struct arena *arena = arena_create();
    const char *ascii = "spent > budget";
    size_t length = 99, used = arena_used(arena);
    CHECK(text_normalize(arena, ascii, 14, &length) == ascii);
    CHECK_INT(length, 14);
    CHECK(text_normalize(arena, ascii, 0, &length) == ascii);
    CHECK_INT(length, 0);
    CHECK_INT(arena_used(arena), used);
    CHECK_TEXT(normal(arena, "Zu\xCC\x88rich"), "Z\xC3\xBCrich");                   /* u + diaeresis */
    CHECK_TEXT(normal(arena, "Zürich"), "Zürich");
    CHECK_TEXT(normal(arena, "\xE2\x84\xAB"), "\xC3\x85");                          /* the angstrom sign is Å */
    CHECK_TEXT(normal(arena, "\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB"), "\xED\x95\x9C"); /* Hangul syllables are composed */
    CHECK_TEXT(normal(arena, "q\xCC\x87\xCC\xA3"), "q\xCC\xA3\xCC\x87");            /* marks in canonical order */
    CHECK_TEXT(normal(arena, "ﬁ"), "ﬁ");                                            /* compatibility forms stay */
    /* Bytes after the length do not matter, and a copy ends in a zero byte. */
    const char *copy = text_normalize(arena, "\xC3\xBC\xCC\x88", 2, &length);
    CHECK_INT(length, 2);
    CHECK_TEXT(copy, "ü");
    /* Normalising twice changes nothing. */
    CHECK_TEXT(normal(arena, normal(arena, "A\xCC\x8A e\xCC\x81")), normal(arena, "A\xCC\x8A e\xCC\x81"));
    arena_destroy(arena);
}

static int width(const char *text) {
    return text_width(text, strlen(text));
}

static void test_width(void) {
    CHECK_INT(width(""), 0);
    CHECK_INT(width("budget"), 6);
    CHECK_INT(width("Zürich"), 6);
    CHECK_INT(width("Zu\xCC\x88rich"), 6); /* the mark stands over its letter */
    CHECK_INT(width("東京"), 4);
    CHECK_INT(width("x東y"), 4);
    CHECK_INT(width("€—…"), 3);
    CHECK_INT(width("😀"), 2);
    CHECK_INT(width("a\xFF"), 2); /* what is not UTF-8 counts a column a byte */
    /* A control character counts the same beside ASCII and beside other text. */
    CHECK_INT(width("a\tb"), 3);
    CHECK_INT(width("ä\tb"), 3);
}

static size_t prefix(const char *text, int columns) {
    return text_prefix(text, strlen(text), columns);
}

static void test_prefix(void) {
    CHECK_INT(prefix("budget", 3), 3);
    CHECK_INT(prefix("budget", 6), 6);
    CHECK_INT(prefix("budget", 100), 6);
    CHECK_INT(prefix("budget", 0), 0);
    CHECK_INT(prefix("budget", -1), 0);
    CHECK_INT(prefix("", 5), 0);
    CHECK_INT(prefix("Zürich", 2), 3);
    CHECK_INT(prefix("東京", 1), 0); /* half a wide character is none */
    CHECK_INT(prefix("東京", 2), 3);
    CHECK_INT(prefix("東京", 3), 3);
    CHECK_INT(prefix("東京", 4), 6);
    CHECK_INT(prefix("u\xCC\x88x", 1), 3); /* a mark stays with its letter */
    const char *mixed = "ab東\tÅé😀 u\xCC\x88 end";
    for (int columns = 0; columns < 30; columns++) { /* never too wide, never a split character, never needlessly short */
        size_t size = prefix(mixed, columns);
        CHECK(text_width(mixed, size) <= columns);
        CHECK_INT(text_find_bad_utf8(mixed, size), size);
        CHECK(size == strlen(mixed) || text_width(mixed, size) + 2 >= columns);
    }
}

static void test_length(void) {
    CHECK_INT(text_length("", 0), 0);
    CHECK_INT(text_length("budget", 6), 6);
    CHECK_INT(text_length("東京", 6), 2);
    CHECK_INT(text_length("u\xCC\x88", 3), 2);
    CHECK_INT(text_length("😀!", 5), 2);
}

static void test_case(void) {
    struct arena *arena = arena_create();
    size_t length;
    CHECK_TEXT(text_lower(arena, "PMO Ärger ΣΑ", strlen("PMO Ärger ΣΑ"), &length), "pmo ärger σα");
    CHECK_INT(length, strlen("pmo ärger σα"));
    CHECK_TEXT(text_upper(arena, "pmo ärger я", strlen("pmo ärger я"), &length), "PMO ÄRGER Я");
    CHECK_TEXT(text_upper(arena, "", 0, &length), "");
    CHECK_INT(length, 0);
    CHECK_TEXT(text_lower(arena, "東京 1.5%", strlen("東京 1.5%"), &length), "東京 1.5%");
    CHECK_TEXT(text_upper(arena, "é", 2, &length), "É");
    /* Every code point fits the room made for it, also where its other case takes more bytes. */
    int wrong = 0;
    for (uint32_t point = 1; point < 0x20000; point++) {
        if (point >= 0xD800 && point <= 0xDFFF)
            continue;
        char bytes[8 * 4];
        size_t size = 0;
        for (int i = 0; i < 8; i++)
            size += encode(point, bytes + size);
        const char *lower = text_lower(arena, bytes, size, &length);
        wrong += strlen(lower) != length || text_find_bad_utf8(lower, length) != length || text_length(lower, length) != 8;
        const char *upper = text_upper(arena, bytes, size, &length);
        wrong += strlen(upper) != length || text_find_bad_utf8(upper, length) != length || text_length(upper, length) != 8;
        if (point % 1024 == 0)
            arena_reset(arena);
    }
    CHECK_INT(wrong, 0);
    arena_destroy(arena);
}

static int sign(int number) {
    return (number > 0) - (number < 0);
}

static int compare(const char *a, const char *b) {
    return sign(text_compare(a, strlen(a), b, strlen(b)));
}

static void test_compare(void) {
    static const char *const ordered[] = {"", "A", "AB", "B", "Z", "a", "aa", "ab", "z", "ä", "é", "Ω", "東", "\xEF\xBF\xBD", "😀"};
    enum { COUNT = sizeof ordered / sizeof *ordered };
    for (int i = 0; i < COUNT; i++)
        for (int j = 0; j < COUNT; j++)
            CHECK_INT(compare(ordered[i], ordered[j]), sign(i - j));
    CHECK(text_compare("a\0b", 3, "a\0c", 3) < 0);
    CHECK(text_compare("a", 1, "a\0", 2) < 0);
}

static void test_starts_and_ends(void) {
    CHECK(text_starts("portfolio", "port"));
    CHECK(text_starts("portfolio", ""));
    CHECK(text_starts("portfolio", "portfolio"));
    CHECK(!text_starts("port", "portfolio"));
    CHECK(!text_starts("", "x"));
    CHECK(text_ends("gates.remit", ".remit"));
    CHECK(text_ends("gates.remit", ""));
    CHECK(text_ends("x", "x"));
    CHECK(!text_ends("remit", "x.remit"));
    CHECK(!text_ends("gates.remit", ".csv"));
}

static void test_buffer(void) {
    struct buffer buffer = {0};
    CHECK_TEXT(buffer_string(&buffer), "");
    buffer_clear(&buffer);
    buffer_add(&buffer, NULL, 0);
    CHECK_TEXT(buffer_string(&buffer), "");
    buffer_add_string(&buffer, "spent ");
    buffer_add_char(&buffer, '>');
    buffer_add_repeated(&buffer, ' ', 1);
    buffer_add_repeated(&buffer, '!', 0);
    buffer_add_repeated(&buffer, '!', -5);
    buffer_add_format(&buffer, "%d%%", 110);
    CHECK_TEXT(buffer_string(&buffer), "spent > 110%");
    CHECK_INT(buffer.length, 12);
    buffer_add(&buffer, "a\0b", 3);
    CHECK_INT(buffer.length, 15);
    CHECK(memcmp(buffer.bytes, "spent > 110%a\0b", 16) == 0);
    size_t capacity = buffer.capacity;
    buffer_clear(&buffer);
    CHECK_INT(buffer.length, 0);
    CHECK_INT(buffer.capacity, capacity);
    CHECK_TEXT(buffer_string(&buffer), "");
    buffer_free(&buffer);
    CHECK(buffer.bytes == NULL && buffer.length == 0 && buffer.capacity == 0);
    buffer_free(&buffer); /* twice is harmless */
}

/* Each way of writing, over every length at which the memory grows. */
static void test_buffer_growth(void) {
    struct buffer bytes = {0}, repeated = {0};
    for (int i = 0; i < 5000; i++) {
        buffer_add_char(&bytes, (char)('a' + i % 26));
        if (bytes.bytes[bytes.length] != '\0' || bytes.length != (size_t)i + 1)
            CHECK(false);
    }
    for (int i = 0; i < 5000; i++)
        if (bytes.bytes[i] != 'a' + i % 26)
            CHECK_INT(bytes.bytes[i], 'a' + i % 26);
    for (int i = 1; i < 700; i++) {
        struct buffer formatted = {0};
        buffer_add_format(&formatted, "%*s", i, "x");
        CHECK_INT(formatted.length, i);
        CHECK_INT(strlen(buffer_string(&formatted)), i);
        buffer_add_format(&formatted, "%*s", i, "y");
        CHECK_INT(strlen(buffer_string(&formatted)), 2 * i);
        buffer_free(&formatted);
        buffer_add_repeated(&repeated, '-', i);
        CHECK_INT(strlen(buffer_string(&repeated)), repeated.length);
    }
    CHECK_INT(repeated.length, 699 * 700 / 2);
    struct buffer large = {0};
    buffer_add_repeated(&large, 'z', 3000000);
    buffer_add(&large, bytes.bytes, bytes.length);
    CHECK_INT(strlen(large.bytes), 3005000);
    buffer_free(&large);
    buffer_free(&bytes);
    buffer_free(&repeated);
}

int main(void) {
    RUN(test_every_code_point);
    RUN(test_bad_utf8);
    RUN(test_bad_byte_at_each_place);
    RUN(test_normalize);
    RUN(test_width);
    RUN(test_prefix);
    RUN(test_length);
    RUN(test_case);
    RUN(test_compare);
    RUN(test_starts_and_ends);
    RUN(test_buffer);
    RUN(test_buffer_growth);
    return UNIT_END("base_text");
}
