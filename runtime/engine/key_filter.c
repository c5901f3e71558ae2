/* See key_filter.h. A row of a file takes some twenty to a hundred bytes and the filter has a bit for each of them, so that hardly one key in ten thousand is taken for another; at the
 * limit, 16 MiB, it is one in a hundred with ten million rows. */
#include "runtime/engine/key_filter.h"
#include "runtime/engine/key_index.h"

#include <stdio.h>
#include <stdlib.h>

__extension__ typedef unsigned __int128 wide_unsigned;

enum { BLOCK_WORDS = 8, BLOCK_BYTES = 64, BYTES_LEAST = 64 << 10, BYTES_MOST = 16 << 20, BITS_OF_KEY = 5 };

void key_filter_start(struct key_filter *filter, int64_t file_bytes) {
    int64_t bytes = file_bytes == 0 || file_bytes / 8 > BYTES_MOST ? BYTES_MOST : file_bytes / 8 < BYTES_LEAST ? BYTES_LEAST : file_bytes / 8;
    filter->block_count = (uint64_t)bytes / BLOCK_BYTES;
    filter->words = calloc(filter->block_count, BLOCK_BYTES);
    if (!filter->words) {
        fputs("remit: out of memory\n", stderr);
        abort();
    }
}

bool key_filter_add(struct key_filter *filter, const char *key, size_t length) {
    uint64_t hash = key_hash(key, length);
    uint64_t *block = filter->words + (uint64_t)(((wide_unsigned)hash * filter->block_count) >> 64) * BLOCK_WORDS;
    bool is_there = true;
    for (int i = 0; i < BITS_OF_KEY; i++, hash >>= 9) { /* nine bits choose one of 512; the block was chosen by the highest */
        uint64_t *word = &block[hash & 7], bit = UINT64_C(1) << (hash >> 3 & 63);
        is_there = is_there && *word & bit;
        *word |= bit;
    }
    return is_there;
}

void key_filter_free(struct key_filter *filter) {
    free(filter->words);
    *filter = (struct key_filter){0};
}
