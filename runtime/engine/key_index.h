/* A table from texts to numbers, for millions of them: keys of records to their ids, words of files to their meaning.
 * Knows: bytes. Does not know: records, files.
 *
 * Texts and numbers stand one after another as they were put; a table of places, found by hash, points to them. Both live in spills, of which a bounded part is in memory.
 * Who asks in the order in which texts were put, as a file does that lists rows by project, is answered from there and needs the places hardly ever. */
#ifndef REMIT_RUNTIME_ENGINE_KEY_INDEX_H
#define REMIT_RUNTIME_ENGINE_KEY_INDEX_H

#include "runtime/value/spill.h"
#include <stdint.h>

/* Zeroed, it is empty. */
struct key_index {
    struct spill texts, places;
    size_t text_bytes;        /* used of texts */
    uint64_t place_count, count;
    size_t last;              /* where the text that was found last stands */
    int luck;                 /* of guesses by order; below zero for so many lookups none is made */
    bool has_old;             /* texts that were put again stand there with their old numbers too, so that no guess is made */
    uint64_t lookups, by_hash; /* of late: all, and those that no guess answered */
};

uint64_t key_hash(const char *bytes, size_t length);

/* Adds the text, or gives one that is there another number. Numbers are not negative. */
void key_index_put(struct key_index *index, const char *text, size_t length, int64_t number);
/* False when the text is not there. */
bool key_index_find(struct key_index *index, const char *text, size_t length, int64_t *number);
/* Makes room for so many texts at once, where it is known. */
void key_index_reserve(struct key_index *index, int64_t count);
/* Frees everything; the index is empty again. */
void key_index_free(struct key_index *index);

#endif
