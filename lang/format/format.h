/* The formatter: one canonical text for each program, comments kept.
 * Knows: the AST and comments. Does not know: types. */
#ifndef REMIT_LANG_FORMAT_FORMAT_H
#define REMIT_LANG_FORMAT_FORMAT_H

#include "lang/syntax/parse.h"

/* Writes the canonical text of a parsed source to out. The result is parsed again and its tree compared; false when they differ
 * (which is a bug of ours; out then holds the result all the same). source_text is the text that was parsed, for its comments and blank lines. */
bool format_program(struct buffer *out, const struct parse *parse, const char *source_text);
/* The canonical text without comments and empty lines: the same for two texts that differ in nothing else than these and layout. A text with mistakes is itself. */
void format_meaning(struct buffer *out, const struct parse *parse, const char *source_text);
/* One expression on one line, as `why` and messages quote it. */
void format_expression(struct buffer *out, const struct node *node);
/* A declaration, a clause, or a member of a record, in its canonical form without comments and blank lines. */
void format_part(struct buffer *out, const struct node *node);

#endif
