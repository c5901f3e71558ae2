/* The difference of two texts, line by line, as `diff -u` and git write it: what `patch` takes.
 * Knows: lines. Does not know: what they say, terminals. */
#ifndef REMIT_LANG_BASE_LINE_DIFF_H
#define REMIT_LANG_BASE_LINE_DIFF_H

#include <stdbool.h>

struct buffer;

/* Writes `--- old_name`, `+++ new_name` and the hunks, each with three lines of context; nothing when the texts are the same. The fewest lines are changed, but where thousands
 * are: then all from the first to the last of them. Gives whether anything was written. */
bool line_diff_write(struct buffer *out, const char *old_name, const char *new_name, const char *old_text, const char *new_text);

#endif
