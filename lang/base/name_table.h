/* Where a name stands in a list: the names of a growing list, looked up by hashing, so that many declarations cost no more each than few.
 * Knows: names and positions. Does not know: what is in the list. */
#ifndef REMIT_LANG_BASE_NAME_TABLE_H
#define REMIT_LANG_BASE_NAME_TABLE_H

#include <stdbool.h>
#include <stdint.h>

struct arena;

struct name_entry {
    const char *name;
    uint32_t hash; /* without regard to the case of ASCII letters */
};
/* Zero it. Few names are searched as they stand; from some on, slots are kept. Names must live as long as the table. */
struct name_table {
    struct name_entry *entries; /* by position */
    int count, capacity;
    int *slots;                 /* slot_count of them, a power of two: position + 1, or 0 */
    int slot_count;
};

/* The name of the list's next position, count. A name may be there already: the first of equals is found. */
void name_table_add(struct arena *arena, struct name_table *table, const char *name);
/* The position of a name, or -1. */
int name_table_find(const struct name_table *table, const char *name);
/* The same, without regard to the case of ASCII letters: spellings that SQLite takes for one name. */
int name_table_find_any_case(const struct name_table *table, const char *name);
/* Forgets the names from position count on, last come first gone. */
void name_table_cut(struct name_table *table, int count);

#endif
