/* A book in Markdown. See book.h. */
#include "runtime/render/book.h"

#include "lang/base/text.h"
#include <string.h>

/* Signs of Markdown and of the HTML within it are escaped, but for what stands between two backquotes. */
static void write_text(struct buffer *out, const char *text, bool in_cell) {
    bool is_code = false;
    for (; *text; text++) {
        bool is_quote = *text == '`' && (is_code || strchr(text + 1, '`'));
        if (is_quote)
            is_code = !is_code;
        if (in_cell && *text == '|')
            buffer_add_string(out, "\\|");
        else if (!is_quote && !is_code && strchr("\\`*_[]<>#&", *text))
            buffer_add_format(out, "\\%c", *text);
        else
            buffer_add_char(out, *text == '\n' ? ' ' : *text);
    }
}

/* A fence that is longer than any run of backquotes within. */
static void write_policy(struct buffer *out, const char *text) {
    int longest = 2;
    for (const char *at = text; *at; at++) {
        int run = (int)strspn(at, "`");
        longest = run > longest ? run : longest;
    }
    buffer_add_repeated(out, '`', longest + 1);
    buffer_add_format(out, "remit\n%s\n", text);
    buffer_add_repeated(out, '`', longest + 1);
    buffer_add_char(out, '\n');
}

static void write_row(struct buffer *out, const struct block *block) {
    buffer_add_char(out, '|');
    for (int i = 0; i < block->cell_count; i++) {
        buffer_add_char(out, ' ');
        write_text(out, block->cells[i], true);
        buffer_add_string(out, " |");
    }
    buffer_add_char(out, '\n');
}

static void write_rule(struct buffer *out, int count) {
    buffer_add_char(out, '|');
    for (int i = 0; i < count; i++)
        buffer_add_string(out, " --- |");
    buffer_add_char(out, '\n');
}

static bool is_list(enum block_kind kind) {
    return kind == BLOCK_ITEM || kind == BLOCK_LINK;
}

static void write_block(struct buffer *out, const struct block *block, bool goes_on) {
    switch (block->kind) {
    case BLOCK_HEADING:
        if (block->id)
            buffer_add_format(out, "<a id=\"%s\"></a>\n\n", block->id);
        buffer_add_repeated(out, '#', block->level);
        buffer_add_char(out, ' ');
        write_text(out, block->text, false);
        buffer_add_char(out, '\n');
        break;
    case BLOCK_LABELLED:
        buffer_add_format(out, "**%s** ", block->label);
        write_text(out, block->text, false);
        buffer_add_char(out, '\n');
        break;
    case BLOCK_ITEM: case BLOCK_LINK:
        buffer_add_repeated(out, ' ', 2 * (block->level - 1));
        buffer_add_string(out, block->kind == BLOCK_LINK ? "- [" : "- ");
        write_text(out, block->text, false);
        if (block->kind == BLOCK_LINK)
            buffer_add_format(out, "](#%s)", block->id);
        buffer_add_char(out, '\n');
        break;
    case BLOCK_ROW:
        write_row(out, block);
        if (!goes_on)
            write_rule(out, block->cell_count);
        break;
    case BLOCK_POLICY: write_policy(out, block->text); break;
    default:
        write_text(out, block->text, false);
        buffer_add_char(out, '\n');
    }
}

void book_write_markdown(struct buffer *out, const struct book *book) {
    buffer_add_string(out, "# ");
    write_text(out, book->title, false);
    buffer_add_char(out, '\n');
    for (int i = 0; i < book->blocks.count; i++) {
        const struct block *block = &book->blocks.items[i], *before = i ? &book->blocks.items[i - 1] : NULL;
        bool goes_on = before && ((is_list(block->kind) && is_list(before->kind)) || (block->kind == BLOCK_ROW && before->kind == BLOCK_ROW));
        if (!goes_on)
            buffer_add_char(out, '\n');
        write_block(out, block, goes_on);
    }
}
