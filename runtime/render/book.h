/* A book as a list of blocks, in Markdown or as one page of HTML.
 * Knows: headings, paragraphs, lists, tables, texts between backquotes (which are code). Does not know: what the book is about.
 * Texts are plain: what they hold of Markdown's or HTML's own signs is made harmless. */
#ifndef REMIT_RUNTIME_RENDER_BOOK_H
#define REMIT_RUNTIME_RENDER_BOOK_H

#include "lang/base/arena.h"

struct buffer;

enum { BOOK_CELLS_MAX = 8 };
enum block_kind {
    BLOCK_HEADING, /* level 2 to 4; id is what links lead to */
    BLOCK_TEXT,
    BLOCK_LABELLED,/* a paragraph that begins with a word: label */
    BLOCK_ITEM,    /* of a list; level 1, or 2 within an item */
    BLOCK_LINK,    /* an item that leads to the heading with that id */
    BLOCK_ROW,     /* of a table; the first of several is its head */
    BLOCK_POLICY   /* as it is written in the policy */
};
struct block {
    enum block_kind kind;
    int level;
    const char *id, *label, *text;
    const char *cells[BOOK_CELLS_MAX];
    int cell_count;
};
struct book {
    struct arena *arena;
    const char *title;
    LIST_OF(struct block) blocks;
};

void book_write_markdown(struct buffer *out, const struct book *book);
/* One page that needs nothing else, readable when printed. */
void book_write_html(struct buffer *out, const struct book *book);

#endif
