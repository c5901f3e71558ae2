/* An open hash table of positions. See name_table.h. */
#include "lang/base/name_table.h"
#include "lang/base/arena.h"

#include <string.h>
#include <strings.h>

enum { SEARCHED_MAX = 8 };

static uint32_t hash_name(const char *name) { /* FNV-1a; the bit that tells a from A is set in every byte */
    uint32_t hash = 2166136261u;
    for (; *name; name++)
        hash = (hash ^ ((unsigned char)*name | 0x20u)) * 16777619u;
    return hash ^ (hash >> 15);
}

static void put_in_slot(struct name_table *table, int position) {
    uint32_t mask = (uint32_t)table->slot_count - 1, at = table->entries[position].hash & mask;
    while (table->slots[at])
        at = (at + 1) & mask;
    table->slots[at] = position + 1;
}

static void grow_slots(struct arena *arena, struct name_table *table) {
    table->slot_count = table->slot_count ? table->slot_count * 2 : SEARCHED_MAX * 4;
    table->slots = ARENA_ARRAY(arena, int, table->slot_count);
    for (int i = 0; i < table->count; i++)
        put_in_slot(table, i);
}

void name_table_add(struct arena *arena, struct name_table *table, const char *name) {
    if (table->count == table->capacity)
        table->entries = arena_grow_list(arena, table->entries, &table->capacity, sizeof *table->entries);
    table->entries[table->count++] = (struct name_entry){name, hash_name(name)};
    if (table->count > SEARCHED_MAX && table->count * 2 > table->slot_count)
        grow_slots(arena, table);
    else if (table->slot_count)
        put_in_slot(table, table->count - 1);
}

static int find(const struct name_table *table, const char *name, int (*compare)(const char *, const char *)) {
    uint32_t hash = hash_name(name);
    if (!table->slot_count) {
        for (int i = 0; i < table->count; i++)
            if (table->entries[i].hash == hash && compare(table->entries[i].name, name) == 0)
                return i;
        return -1;
    }
    /* Equal names were put in by their order, so the first met is the first of them. */
    uint32_t mask = (uint32_t)table->slot_count - 1;
    for (uint32_t at = hash & mask; table->slots[at]; at = (at + 1) & mask) {
        const struct name_entry *entry = &table->entries[table->slots[at] - 1];
        if (entry->hash == hash && (entry->name == name || compare(entry->name, name) == 0))
            return table->slots[at] - 1;
    }
    return -1;
}

int name_table_find(const struct name_table *table, const char *name) {
    return find(table, name, strcmp);
}

int name_table_find_any_case(const struct name_table *table, const char *name) {
    return find(table, name, strcasecmp);
}

void name_table_cut(struct name_table *table, int count) {
    /* A slot may be emptied where nothing that came later had to pass it: so from the last. */
    while (table->count > count) {
        table->count--;
        if (!table->slot_count)
            continue;
        uint32_t mask = (uint32_t)table->slot_count - 1, at = table->entries[table->count].hash & mask;
        while (table->slots[at] != table->count + 1)
            at = (at + 1) & mask;
        table->slots[at] = 0;
    }
}
