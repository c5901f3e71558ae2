/* The line so far, as advice reads it. Implements its part of advice.h.
 * Knows: characters and the tokens before. Does not know: what was meant. */
#include "lang/syntax/advice.h"

#include <string.h>

/* Where the line of that place begins, after its spaces. */
const char *advice_line_start(const struct driver *driver, uint32_t place) {
    const char *text = driver->build.text;
    while (place > 0 && text[place - 1] != '\n')
        place--;
    while (is_space(text[place]))
        place++;
    return text + place;
}

bool advice_line_begins(const struct driver *driver, uint32_t place, const char *word) {
    const char *start = advice_line_start(driver, place);
    size_t length = strlen(word);
    return strncmp(start, word, length) == 0 && !is_name_byte(start[length]);
}

bool advice_is_within(const struct driver *driver, const char *word) {
    const struct bracket *bracket = driver->brackets.count > 0 ? &driver->brackets.items[driver->brackets.count - 1] : NULL;
    return bracket != NULL && bracket->word != NULL && strcmp(bracket->word, word) == 0;
}

/* The field of `field: type` before the current token, on one line; empty when there is none. */
struct span advice_field_before(const struct driver *driver) {
    const char *text = driver->build.text;
    uint32_t end = driver->last_span.start;
    while (end > 0 && is_space(text[end - 1]))
        end--;
    if (end == 0 || text[--end] != ':')
        return (struct span){0};
    while (end > 0 && is_space(text[end - 1]))
        end--;
    uint32_t start = end;
    while (start > 0 && is_name_byte(text[start - 1]))
        start--;
    return (struct span){.file = driver->last_span.file, .start = start, .end = end};
}

bool advice_is_one_of(const char *text, const char *const *words, size_t count) {
    for (size_t i = 0; text != NULL && i < count; i++)
        if (strcmp(words[i], text) == 0)
            return true;
    return false;
}

/* What was written there. */
const char *advice_written(const struct driver *driver, struct span span) {
    return arena_copy(driver->build.arena, driver->build.text + span.start, span.end - span.start);
}

/* The words from that place on that belong together as a title or a name does: up to a sign, a word of the language or the end of the line. */
const char *advice_words_from(struct driver *driver, uint32_t place) {
    const char *text = driver->build.text, *start = text + place, *end = start, *at = start;
    while (is_name_byte(*at)) {
        const char *word_end = at;
        while (is_name_byte(*word_end))
            word_end++;
        const struct word *word = words_find(driver->words, intern_name(driver->build.names, at, (size_t)(word_end - at)));
        if (at != start && word != NULL && word->token != 0)
            break;
        end = at = word_end;
        while (is_space(*at))
            at++;
    }
    return arena_copy(driver->build.arena, start, (size_t)(end - start));
}

/* The sign right before that place on its line; 0 for none. */
char advice_sign_before(const struct driver *driver, uint32_t place) {
    const char *text = driver->build.text;
    while (place > 0 && is_space(text[place - 1]))
        place--;
    return place > 0 && strchr("=<>:", text[place - 1]) != NULL ? text[place - 1] : '\0';
}

bool advice_starts_value(int kind) {
    switch (kind) {
    case TOK_NAME: case TOK_INT: case TOK_DECIMAL: case TOK_MONEY: case TOK_DATE: case TOK_DATETIME: case TOK_PERIOD: case TOK_QUANTITY: case TOK_TEXT: case TOK_TEXT_OPEN:
        return true;
    default:
        return false;
    }
}
