/* Inside the render room: what the formats share. */
#ifndef REMIT_RUNTIME_RENDER_FORMATS_H
#define REMIT_RUNTIME_RENDER_FORMATS_H

#include "lang/base/text.h"
#include "runtime/render/render.h"

struct table; /* rows held back to find the widths */

struct writer {
    const struct render_options *options;
    struct rows *rows;
    int64_t count;      /* rows written before this one */
    struct buffer out;  /* not yet given to the file */
    struct buffer cell; /* scratch */
    struct table *table;
    bool is_unread;     /* whoever read the output has gone: nothing more need be written, and that is no failure */
};

/* Gives what was written to the file once it is at_least bytes; 0: all of it, now. */
bool output_flush(FILE *out, struct writer *writer, size_t at_least, struct failure *failure);

void table_head(struct writer *writer);
void table_row(struct writer *writer, const struct value *row);
void table_tail(struct writer *writer);
void table_forget(struct writer *writer);

#endif
