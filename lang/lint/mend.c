/* Mends: edits of findings, and the text with them made. See lint.h. */
#include "lang/lint/linter.h"

#include <stdlib.h>
#include <string.h>

void lint_edit(struct linter *linter, struct lint_finding *finding, struct span span, const char *replacement) {
    struct lint_edit edit = {span, replacement};
    LIST_ADD(linter->arena, &finding->edits, edit);
}

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == ';';
}

void lint_edit_remove(struct linter *linter, struct lint_finding *finding, struct span span) {
    const char *text = source_get(linter->input->sources, span.file)->text;
    uint32_t start = span.start, end = span.end;
    while (start > 0 && is_space(text[start - 1]))
        start--;
    while (is_space(text[end]))
        end++;
    if ((start == 0 || text[start - 1] == '\n') && (text[end] == '\n' || text[end] == '\0')) { /* whole lines */
        span.start = start;
        span.end = end + (text[end] == '\n');
    } else
        span.start = start; /* the space before it goes too */
    lint_edit(linter, finding, span, "");
}

/* An edit, and which finding it is part of. */
struct placed_edit {
    struct lint_edit edit;
    int finding;
};

static int compare_edits(const void *a, const void *b) {
    const struct placed_edit *first = a, *second = b;
    if (first->edit.span.start != second->edit.span.start)
        return first->edit.span.start < second->edit.span.start ? -1 : 1;
    return first->finding - second->finding;
}

/* Of a finding, all edits are made or none: those before it have the right of way. */
static bool is_free(const struct lint_finding *finding, const struct placed_edit *taken, int count) {
    for (int e = 0; e < finding->edits.count; e++)
        for (int t = 0; t < count; t++)
            if (finding->edits.items[e].span.start < taken[t].edit.span.end && taken[t].edit.span.start < finding->edits.items[e].span.end)
                return false;
    return true;
}

const char *lint_mended(struct arena *arena, const struct lint_findings *findings, const struct source_set *sources, uint32_t file, int *count) {
    LIST_OF(struct placed_edit) taken = {0};
    int mended = 0;
    for (int i = 0; i < findings->count; i++) {
        const struct lint_finding *finding = findings->items[i];
        if (finding->diagnostic->span.file != file || !finding->edits.count || !is_free(finding, taken.items, taken.count))
            continue;
        mended++;
        for (int e = 0; e < finding->edits.count; e++) {
            struct placed_edit placed = {finding->edits.items[e], i};
            LIST_ADD(arena, &taken, placed);
        }
    }
    if (count)
        *count += mended;
    if (!taken.count)
        return NULL;
    qsort(taken.items, (size_t)taken.count, sizeof *taken.items, compare_edits);
    const struct source *source = source_get(sources, file);
    struct buffer out = {0};
    uint32_t at = 0;
    for (int i = 0; i < taken.count; i++) {
        buffer_add(&out, source->text + at, taken.items[i].edit.span.start - at);
        buffer_add_string(&out, taken.items[i].edit.replacement);
        at = taken.items[i].edit.span.end;
    }
    buffer_add(&out, source->text + at, source->length - at);
    const char *text = arena_copy(arena, buffer_string(&out), out.length);
    buffer_free(&out);
    return text;
}
