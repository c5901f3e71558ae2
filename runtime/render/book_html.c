/* A book as one page of HTML. See book.h. */
#include "runtime/render/book.h"

#include "lang/base/text.h"
#include <string.h>

static const char style[] =
    "body{font:16px/1.5 Georgia,serif;color:#1b1b1b;background:#fff;max-width:46rem;margin:2rem auto;padding:0 1rem}"
    "h1,h2,h3,h4{font-family:system-ui,sans-serif;line-height:1.25;margin:2em 0 .5em}h1{margin-top:0}"
    "h2{border-bottom:2px solid #1b1b1b;padding-bottom:.2em}h4{margin-top:1.6em}"
    "code,pre{font:.85em/1.45 ui-monospace,Menlo,Consolas,monospace;background:#f3f1ec}code{padding:.1em .25em;border-radius:3px}"
    "pre{padding:.8em;overflow-x:auto;white-space:pre-wrap}details{margin:.6em 0}summary{cursor:pointer;color:#555;font:.85em system-ui,sans-serif}"
    "table{border-collapse:collapse;width:100%;font-size:.92em}th,td{text-align:left;vertical-align:top;padding:.3em .6em;border-bottom:1px solid #ccc}th{border-bottom:2px solid #1b1b1b}"
    "a{color:#0b4f8a}p,ul{margin:.5em 0}"
    "@media print{body{max-width:none;margin:0;font-size:11pt}h2{break-before:page}h3,h4{break-after:avoid}pre,table,tr{break-inside:avoid}a{color:inherit;text-decoration:none}}";

static void write_escaped(struct buffer *out, const char *text, size_t length) {
    for (size_t i = 0; i < length; i++)
        switch (text[i]) {
        case '&': buffer_add_string(out, "&amp;"); break;
        case '<': buffer_add_string(out, "&lt;"); break;
        case '>': buffer_add_string(out, "&gt;"); break;
        case '"': buffer_add_string(out, "&quot;"); break;
        default: buffer_add_char(out, (unsigned char)text[i] < ' ' && text[i] != '\n' && text[i] != '\t' ? '.' : text[i]); break;
        }
}

/* What stands between backquotes is code. */
static void write_text(struct buffer *out, const char *text) {
    for (bool is_code = false; *text; is_code = !is_code) {
        size_t length = strcspn(text, "`");
        buffer_add_string(out, is_code ? "<code>" : "");
        write_escaped(out, text, length);
        buffer_add_string(out, is_code ? "</code>" : "");
        text += length + (text[length] == '`');
    }
}

static void write_row(struct buffer *out, const struct block *block, bool is_head) {
    const char *tag = is_head ? "th" : "td";
    buffer_add_string(out, "<tr>");
    for (int i = 0; i < block->cell_count; i++) {
        buffer_add_format(out, "<%s>", tag);
        write_text(out, block->cells[i]);
        buffer_add_format(out, "</%s>", tag);
    }
    buffer_add_string(out, "</tr>\n");
}

static void write_id(struct buffer *out, const char *name, const char *before, const char *id) {
    buffer_add_format(out, " %s=\"%s", name, before);
    write_escaped(out, id, strlen(id));
    buffer_add_char(out, '"');
}

static void write_item(struct buffer *out, const struct block *block) {
    buffer_add_string(out, "<li>");
    if (block->kind == BLOCK_LINK) {
        buffer_add_string(out, "<a");
        write_id(out, "href", "#", block->id);
        buffer_add_char(out, '>');
    }
    write_text(out, block->text);
    buffer_add_string(out, block->kind == BLOCK_LINK ? "</a></li>\n" : "</li>\n");
}

static void write_block(struct buffer *out, const struct block *block, bool is_first) {
    switch (block->kind) {
    case BLOCK_HEADING:
        buffer_add_format(out, "<h%d", block->level);
        if (block->id)
            write_id(out, "id", "", block->id);
        buffer_add_char(out, '>');
        write_text(out, block->text);
        buffer_add_format(out, "</h%d>\n", block->level);
        break;
    case BLOCK_LABELLED:
        buffer_add_format(out, "<p><strong>%s</strong> ", block->label);
        write_text(out, block->text);
        buffer_add_string(out, "</p>\n");
        break;
    case BLOCK_ITEM: case BLOCK_LINK: write_item(out, block); break;
    case BLOCK_ROW: write_row(out, block, is_first); break;
    case BLOCK_POLICY:
        buffer_add_string(out, "<details><summary>As it is written</summary><pre>");
        write_escaped(out, block->text, strlen(block->text));
        buffer_add_string(out, "</pre></details>\n");
        break;
    default:
        buffer_add_string(out, "<p>");
        write_text(out, block->text);
        buffer_add_string(out, "</p>\n");
    }
}

/* How deep in lists a block stands; -1 for a row of a table. */
static int depth_of(const struct block *block) {
    return block->kind == BLOCK_ROW ? -1 : block->kind == BLOCK_ITEM || block->kind == BLOCK_LINK ? block->level : 0;
}

static void change_depth(struct buffer *out, int from, int to) {
    if (from == to)
        return;
    if (from == -1)
        buffer_add_string(out, "</table>\n");
    for (int depth = from > 0 ? from : 0; depth > (to > 0 ? to : 0); depth--)
        buffer_add_string(out, "</ul>\n");
    for (int depth = from > 0 ? from : 0; depth < to; depth++)
        buffer_add_string(out, "<ul>\n");
    if (to == -1)
        buffer_add_string(out, "<table>\n");
}

void book_write_html(struct buffer *out, const struct book *book) {
    buffer_add_string(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    write_escaped(out, book->title, strlen(book->title));
    buffer_add_format(out, "</title>\n<style>%s</style>\n</head>\n<body>\n<h1>", style);
    write_text(out, book->title);
    buffer_add_string(out, "</h1>\n");
    int depth = 0;
    for (int i = 0; i < book->blocks.count; i++) {
        int next = depth_of(&book->blocks.items[i]);
        change_depth(out, depth, next);
        write_block(out, &book->blocks.items[i], depth != next);
        depth = next;
    }
    change_depth(out, depth, 0);
    buffer_add_string(out, "</body>\n</html>\n");
}
