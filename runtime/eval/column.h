/* Inside the eval room: columns, the values of all records of a type by position, and the pages they are made of.
 * Knows: pages, of which a bounded number is in memory; the others stand in a file without a name. Does not know: what the values mean.
 *
 * Columns are written from the front, in order, and read anywhere. Memory does not grow with them, so a check of a million records takes no more than one of ten thousand. */
#ifndef REMIT_RUNTIME_EVAL_COLUMN_H
#define REMIT_RUNTIME_EVAL_COLUMN_H

#include "lang/base/arena.h"
#include "runtime/value/value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum form { FORM_INT, FORM_NUMBER, FORM_TEXT, FORM_TRUTH };
/* Of a value that is no truth. The first two are those of struct batch_column.missing. */
enum state { STATE_KNOWN = 0, STATE_MISSING = 1, STATE_FAILED = 2 };
/* Truths have value and state in one byte. */
enum truth { TRUTH_FALSE = 0, TRUTH_TRUE = 1, TRUTH_MISSING = 2, TRUTH_FAILED = 3 };

struct vector {
    union { /* by the form */
        int64_t *integers;
        double *numbers;
        struct value *texts;
        uint8_t *truths;
        void *items;
    };
    uint8_t *states; /* not of truths */
    bool is_plain;   /* all known; truths: only TRUTH_FALSE and TRUTH_TRUE */
};
size_t form_size(enum form form); /* of an item in a vector */

/* Where pages stand that are in memory, and what else is known of them all. */
struct column_slot {
    struct column *column;
    int64_t page;
    char *bytes;     /* the page's items, then their states */
    bool was_used, is_changed;
};
struct column_pool {
    struct column_slot *slots;
    int slot_count, slot_capacity;
    int budget;      /* slots, as long as the file can take what is put out */
    int hand;        /* the next slot to be looked at when one is wanted */
    int file;        /* -1: not made yet */
    int64_t file_end;
    bool is_full;    /* the file could not be made or took no more: everything stays in memory */
    bool has_failed; /* a page could not be read back: what columns give since then is wrong */
    struct arena *kept;   /* texts that the file did not take */
    char *texts;     /* the texts written last, which stand from texts_place on */
    int64_t texts_place;
    uint32_t texts_used;
    struct kept_texts *kept_texts;
};
/* budget: bytes of pages in memory. */
struct column_pool *column_pool_create(size_t budget);
void column_pool_destroy(struct column_pool *pool);

struct column_page {
    int64_t place; /* in the file; -1: it was never put there */
    int32_t slot;  /* in memory; -1: it is not */
};
/* Zeroed, it belongs to no pool. */
struct column {
    struct column_pool *pool;
    enum form form;
    int shift;       /* a page has 1 << shift rows */
    size_t item;     /* bytes of a value in a page */
    int64_t count;   /* rows */
    int64_t page_capacity;
    struct column_page *pages;
    bool is_plain;   /* as of a vector */
};
/* Empties the column, or makes one. */
void column_start(struct column *column, struct column_pool *pool, enum form form);
void column_free(struct column *column); /* before its pool */
/* The first rows of the vector; with is_once the first of them so many times. Texts are copied. */
void column_append(struct column *column, const struct vector *from, int count, bool is_once);
void column_append_integer(struct column *column, int64_t value);
/* Rows from position on, into a vector with room for them; texts are copied into the arena. */
void column_read(struct column *column, int64_t position, int count, struct vector *to, struct arena *texts);
/* One row. The value of a row that is not STATE_KNOWN is missing. */
enum state column_state(struct column *column, int64_t position);
struct value column_value(struct column *column, int64_t position, struct arena *texts);

/* The page's place in memory, read in if need be. Valid until the next fetch for any column of the pool. */
struct column_slot *column_fetch(struct column *column, int64_t page);

static inline char *column_page(struct column *column, int64_t page) {
    int32_t slot = column->pages[page].slot;
    struct column_slot *found = slot >= 0 ? &column->pool->slots[slot] : column_fetch(column, page);
    found->was_used = true;
    return found->bytes;
}

/* Of a column of FORM_INT, at a row that is known. */
static inline int64_t column_integer(struct column *column, int64_t position) {
    const int64_t *items = (const int64_t *)(void *)column_page(column, position >> column->shift);
    return items[position & ((1 << column->shift) - 1)];
}
/* Of a column of FORM_TRUTH: an enum truth. */
static inline uint8_t column_truth(struct column *column, int64_t position) {
    return (uint8_t)column_page(column, position >> column->shift)[position & ((1 << column->shift) - 1)];
}

#endif
