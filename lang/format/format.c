/* The canonical text of a whole program, and the check that it says the same. Implements format.h. */
#include "lang/format/format.h"

#include "lang/format/writer.h"
#include <stdint.h>
#include <string.h>

static const struct node_list *items_of(const struct parse *parse) {
    return &((const struct node_program *)parse->tree)->items;
}

static bool has_language(const struct node_list *items) {
    for (int i = 0; i < items->count; i++)
        if (items->items[i]->kind == NODE_LANGUAGE)
            return true;
    return false;
}

/* The formatted text read again has the same items, but for the `remit 1` that was added, and as many comments. */
static bool says_the_same(const struct buffer *out, const struct parse *parse) {
    struct arena *arena = arena_create();
    struct source_set *sources = source_set_create(arena);
    struct diagnostics *diagnostics = diagnostics_create(arena, sources);
    uint32_t file = source_add(sources, "<formatted>", buffer_string(out), out->length);
    struct parse again = parse_source(arena, intern_create(arena), diagnostics, file, PARSE_PROGRAM);
    const struct node_list *before = items_of(parse), *after = items_of(&again);
    int added = has_language(before) ? 0 : 1;
    bool is_same = again.error_count == 0 && after->count == before->count + added && again.comments.count == parse->comments.count;
    for (int i = 0; is_same && i < before->count; i++)
        is_same = node_equal(before->items[i], after->items[i + added]);
    arena_destroy(arena);
    return is_same;
}

bool format_program(struct buffer *out, const struct parse *parse, const char *source_text) {
    const struct node_list *items = items_of(parse);
    if (parse->error_count > 0) {
        /* What could not be read is not in the tree: only the text itself has it all. */
        buffer_add_string(out, source_text);
        return true;
    }
    struct buffer text = {0};
    struct writer writer = {.out = &text, .source = source_text, .comments = &parse->comments, .at_block_start = true};
    if (!has_language(items)) {
        buffer_add_string(&text, "remit 1\n");
        bool goes_on = items->count > 0 && items->items[0]->kind == NODE_USE && !has_comments_before(&writer, items->items[0]->span.start);
        if (!goes_on && (items->count > 0 || parse->comments.count > 0))
            buffer_add_char(&text, '\n');
    }
    for (int i = 0; i < items->count; i++) {
        line_start(&writer, items->items[i]);
        item_write(&writer, items->items[i]);
        line_end(&writer, items->items[i]->span.end);
    }
    comments_flush(&writer, UINT32_MAX);
    bool is_same = says_the_same(&text, parse);
    buffer_add(out, text.bytes, text.length);
    buffer_free(&text);
    return is_same;
}

/* ---- parts ---- */

static bool is_clause(enum node_kind kind) {
    return kind >= NODE_FOR && kind <= NODE_TO;
}

void format_part(struct buffer *out, const struct node *node) {
    static const struct comment_list none;
    struct writer writer = {.out = out, .comments = &none, .at_block_start = true};
    if (is_clause(node->kind))
        clause_write(&writer, node);
    else
        part_write(&writer, node);
}

/* No text goes over several lines, so an empty line is never part of one. */
void format_meaning(struct buffer *out, const struct parse *parse, const char *source_text) {
    struct parse bare = *parse;
    bare.comments = (struct comment_list){0};
    struct buffer text = {0};
    format_program(&text, &bare, source_text);
    for (const char *line = buffer_string(&text); *line;) {
        size_t length = strcspn(line, "\n") + 1;
        if (length > 1 || parse->error_count > 0)
            buffer_add(out, line, line[length - 1] ? length : length - 1);
        line += line[length - 1] ? length : length - 1;
    }
    buffer_free(&text);
}
