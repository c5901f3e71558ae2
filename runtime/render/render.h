/* Rows to text: table, CSV, JSON, JSON lines, Markdown.
 * Knows: rows, widths, escapes. Does not know: queries, files, terminals (the caller says how wide and whether colour). */
#ifndef REMIT_RUNTIME_RENDER_RENDER_H
#define REMIT_RUNTIME_RENDER_RENDER_H

#include "runtime/value/rows.h"
#include <stdio.h>

enum render_format { RENDER_TABLE, RENDER_CSV, RENDER_JSON, RENDER_JSONL, RENDER_MARKDOWN, RENDER_FORMAT_COUNT };
struct render_options {
    enum render_format format;
    int width;       /* columns of the terminal to cut a table to; 0: as wide as it needs */
    bool color;
    void (*before_output)(void); /* called before anything is written; NULL: nothing */
    const char *title; /* written above a table or as a Markdown heading; NULL: none */
};
/* RENDER_FORMAT_COUNT when there is no such format. */
enum render_format render_format_parse(const char *name);
const char *render_format_name(enum render_format format);
/* Writes all rows and closes nothing. False with failure set when the rows failed or out could not be written (message WRITE_FAILED). *row_count may be NULL.
 * CSV, JSON lines and JSON are streamed; a table looks at the first 10,000 rows for its widths and streams the rest in them. */
bool render_rows(FILE *out, struct rows *rows, const struct render_options *options, int64_t *row_count, struct failure *failure);

#endif
