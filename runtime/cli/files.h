/* Policy files as the commands that rewrite them see them: whole.
 * Knows: files. Does not know: what stands in them. */
#ifndef REMIT_RUNTIME_CLI_FILES_H
#define REMIT_RUNTIME_CLI_FILES_H

#include "lang/base/text.h"
#include <stdio.h>

/* All of a file, or of standard input for `-`. False with errno set. */
bool file_read(const char *path, struct buffer *text);
/* The new text takes the file's place in one step, so that a crash leaves the old or the new. False with errno set. */
bool file_replace(const char *path, const struct buffer *text);

#endif
