/* Which keys of a file were met before: a filter that is never wrong when it says "not yet", and seldom when it says "perhaps" (Bloom 1970; in blocks of a cache line, Putze,
 * Sanders and Singler 2007), in memory that depends on the size of the file and has a limit.
 * Knows: bytes. Does not know: what keys are. */
#ifndef REMIT_RUNTIME_ENGINE_KEY_FILTER_H
#define REMIT_RUNTIME_ENGINE_KEY_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct key_filter {
    uint64_t *words;
    uint64_t block_count; /* of eight words */
};

/* For the rows of a file of so many bytes; 0 where that is not known. */
void key_filter_start(struct key_filter *filter, int64_t file_bytes);
/* Was the key added before, perhaps? It is now. */
bool key_filter_add(struct key_filter *filter, const char *key, size_t length);
void key_filter_free(struct key_filter *filter);

#endif
