/* What could not be read of the files: a name that is declared there is there, and nothing is said of its not being known.
 * Knows: the texts between what was read. Does not know: what could not be read about them. */
#include "lang/check/checker.h"

#include <string.h>

static bool is_name_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_space(char c) {
    return c == ' ' || c == '\t';
}

/* Is the name at that place declared: `office PMO`, `"PRJ-1"` in its place, `budget: money`, `spent = …`, or a value among `{ idea, delivery }`? */
static bool is_declaring(const char *text, const char *from, const char *name, const char *name_end) {
    const char *before = name, *after = name_end;
    if (before > from && before[-1] == '"' && *after == '"')
        before--, after++;
    while (is_space(*after))
        after++;
    if (*after == ':' || (*after == '=' && after[1] != '='))
        return true;
    while (before > text && is_space(before[-1]))
        before--;
    if (before == text || strchr("\n{,", before[-1]))
        return true;
    const char *word = before;
    while (word > text && is_name_byte(word[-1]))
        word--;
    bool has_word = word < before;
    while (word > text && is_space(word[-1]))
        word--;
    return has_word && (word == text || word[-1] == '\n');
}

static bool declares(const char *text, const char *from, const char *to, const char *name, size_t length) {
    for (const char *at = from; at + length <= to; at++) {
        if (*at == '#') { /* a comment */
            const char *line_end = memchr(at, '\n', (size_t)(to - at));
            if (!line_end)
                return false;
            at = line_end;
        } else if (memcmp(at, name, length) == 0 && !(at > text && is_name_byte(at[-1])) && !is_name_byte(at[length]) && is_declaring(text, from, at, at + length))
            return true;
    }
    return false;
}

bool unread_declares(const struct checker *checker, const struct check_input *inputs, int input_count, const char *name, size_t length) {
    for (int i = 0; i < input_count; i++) {
        if (!inputs[i].has_syntax_errors)
            continue;
        const struct source *source = source_get(checker->diagnostics->sources, inputs[i].tree->span.file);
        struct node_list items = AS(program, PROGRAM, inputs[i].tree)->items;
        uint32_t from = 0;
        for (int k = 0; k <= items.count; k++) {
            uint32_t to = k < items.count ? items.items[k]->span.start : (uint32_t)source->length;
            if (to > from && declares(source->text, source->text + from, source->text + to, name, length))
                return true;
            from = k < items.count ? items.items[k]->span.end : to;
        }
    }
    return false;
}
