/* Comments that allow what lint found: `# lint: allow NAME because …`, behind what they are about, or on a line of their own before it. Before a declaration they are about the whole of it.
 * Knows: comments, findings. Does not know: what was found. */
#include "lang/lint/linter.h"

#include <ctype.h>
#include <string.h>

/* A rule that a comment allows. */
struct allowance {
    struct span comment, name, about;
    enum lint_rule rule;
    bool is_used;
};
struct allowances {
    struct linter *linter;
    LIST_OF(struct allowance) items;
};

/* What follows the signs of a comment, up to its end. */
static const char *after_word(const char *at, const char *end, const char *word) {
    while (at < end && isspace((unsigned char)*at))
        at++;
    size_t length = strlen(word);
    return (size_t)(end - at) >= length && strncmp(at, word, length) == 0 ? at + length : NULL;
}

static uint32_t line_end(const char *text, uint32_t at) {
    return at + (uint32_t)strcspn(text + at, "\n");
}

/* What the comment is about: its line; before a declaration or a clause the whole of that; else the next line with something on it. */
static struct span about(const struct lint_file *file, const char *text, const struct comment *comment) {
    struct span span = {comment->span.start, comment->span.end, comment->span.file};
    if (!comment->own_line) {
        while (span.start > 0 && text[span.start - 1] != '\n')
            span.start--;
        return span;
    }
    uint32_t at = comment->span.end;
    for (;;) { /* over space and other comments */
        while (text[at] && isspace((unsigned char)text[at]))
            at++;
        if (text[at] != '#')
            break;
        at = line_end(text, at);
    }
    span.start = at;
    span.end = line_end(text, at);
    const struct node_list *items = &AS(program, PROGRAM, file->tree)->items;
    for (int i = 0; i < items->count; i++)
        if (items->items[i]->span.start == at)
            span.end = items->items[i]->span.end;
    return span;
}

static const char *skip_to_name(const char *at, const char *end) {
    while (at < end && (isspace((unsigned char)*at) || *at == ','))
        at++;
    return at;
}

static size_t name_length(const char *at, const char *end) {
    size_t length = 0;
    while (at + length < end && (isalnum((unsigned char)at[length]) || at[length] == '_'))
        length++;
    return length;
}

static void read_names(struct allowances *allowances, const struct lint_file *file, const struct comment *comment, const char *at, const char *end) {
    struct linter *linter = allowances->linter;
    const char *text = source_get(linter->input->sources, comment->span.file)->text;
    bool has_reason = false;
    int first = allowances->items.count;
    for (at = skip_to_name(at, end); at < end; at = skip_to_name(at, end)) {
        size_t length = name_length(at, end);
        const char *name = arena_copy(linter->arena, at, length);
        if (length == 0 || strcmp(name, "because") == 0) {
            has_reason = length > 0 && skip_to_name(at + length, end) < end;
            break;
        }
        struct span place = {(uint32_t)(at - text), (uint32_t)(at - text + (long)length), comment->span.file};
        struct allowance allowance = {comment->span, place, about(file, text, comment), lint_find(name), false};
        at += length;
        if (allowance.rule < LINT_COUNT) {
            LIST_ADD(linter->arena, &allowances->items, allowance);
            continue;
        }
        struct nearest nearest;
        nearest_start(&nearest, name);
        lint_offer_names(&nearest);
        struct lint_finding *finding = lint_say(linter, LINT_UNKNOWN_ALLOWANCE, place, name);
        if (nearest.best)
            lint_hint(linter, finding, "did you mean `%s`?", nearest.best);
    }
    if (!has_reason && allowances->items.count > first)
        lint_say(linter, LINT_ALLOWED_WITHOUT_REASON, comment->span, lint_row(allowances->items.items[first].rule)->name);
}

static void read_comments(struct allowances *allowances, const struct lint_file *file) {
    const char *text = source_get(allowances->linter->input->sources, file->file)->text;
    for (int i = 0; i < file->comments->count; i++) {
        const struct comment *comment = &file->comments->items[i];
        const char *at = text + comment->span.start, *end = text + comment->span.end;
        while (at < end && *at == '#')
            at++;
        at = after_word(at, end, "lint:");
        at = at ? after_word(at, end, "allow") : NULL;
        if (at)
            read_names(allowances, file, comment, at, end);
    }
}

static bool is_allowed(struct allowances *allowances, const struct lint_finding *finding) {
    bool found = false;
    for (int i = 0; i < allowances->items.count; i++) {
        struct allowance *allowance = &allowances->items.items[i];
        struct span place = finding->diagnostic->span, head = {place.start, place.start, place.file};
        if (allowance->rule == finding->rule && span_holds(allowance->about, head)) {
            allowance->is_used = true;
            found = true;
        }
    }
    return found;
}

static void drop_allowed(struct allowances *allowances) {
    struct lint_findings *findings = &allowances->linter->findings;
    int kept = 0;
    for (int i = 0; i < findings->count; i++)
        if (!is_allowed(allowances, findings->items[i]))
            findings->items[kept++] = findings->items[i];
    findings->count = kept;
}

/* The whole comment goes when it allows nothing else. */
static bool is_alone(const struct allowances *allowances, int at) {
    for (int i = 0; i < allowances->items.count; i++)
        if (i != at && allowances->items.items[i].comment.file == allowances->items.items[at].comment.file && allowances->items.items[i].comment.start == allowances->items.items[at].comment.start)
            return false;
    return true;
}

void lint_allowances(struct linter *linter) {
    struct allowances allowances = {.linter = linter};
    for (int f = 0; f < linter->input->file_count; f++)
        if (!linter->input->files[f].is_library)
            read_comments(&allowances, &linter->input->files[f]);
    drop_allowed(&allowances);
    for (int i = 0; i < allowances.items.count; i++) {
        const struct allowance *allowance = &allowances.items.items[i];
        if (allowance->is_used || linter->input->leaves_out[allowance->rule])
            continue;
        struct lint_finding *finding = lint_say(linter, LINT_NEEDLESS_ALLOWANCE, allowance->name, lint_row(allowance->rule)->name);
        if (is_alone(&allowances, i))
            lint_edit_remove(linter, finding, allowance->comment);
    }
}
