/* The standard library's modules as text, embedded by stdlib/embed.sh. The module "prelude" is always there.
 * Knows: bytes. Does not know: what they say. */
#ifndef REMIT_LANG_CHECK_STDLIB_TEXT_H
#define REMIT_LANG_CHECK_STDLIB_TEXT_H

#include <stddef.h>

struct stdlib_module {
    const char *name; /* NULL ends the list */
    const char *text; /* zero-terminated */
    size_t length;
};
extern const struct stdlib_module stdlib_modules[];

#endif
