/* The keys of records that are declared, given or added: a hash table by type and key, and the store behind it.
 * Knows: keys as interned texts. Does not know: what names them. */
#include "lang/check/checker.h"

static uint32_t key_hash(const struct record_type *record, const char *key) {
    uint64_t hash = ((uintptr_t)record >> 4) ^ (((uintptr_t)key >> 3) * 0x9E3779B97F4A7C15u);
    return (uint32_t)(hash ^ (hash >> 29));
}

static void key_slots_grow(struct checker *checker) {
    int count = checker->key_slot_count ? checker->key_slot_count * 2 : 256;
    int *slots = ARENA_ARRAY(checker->arena, int, count);
    for (int i = 0; i < checker->keys.count; i++) {
        uint32_t at = key_hash(checker->keys.items[i].record, checker->keys.items[i].key) & (uint32_t)(count - 1);
        while (slots[at])
            at = (at + 1) & (uint32_t)(count - 1);
        slots[at] = i + 1;
    }
    checker->key_slots = slots;
    checker->key_slot_count = count;
}

const struct declared_key *key_find(struct checker *checker, const struct record_type *record, const char *key) {
    if (!checker->key_slot_count)
        return NULL;
    key = intern_string(checker->names, key);
    uint32_t mask = (uint32_t)checker->key_slot_count - 1;
    for (uint32_t at = key_hash(record, key) & mask; checker->key_slots[at]; at = (at + 1) & mask) {
        const struct declared_key *found = &checker->keys.items[checker->key_slots[at] - 1];
        if (found->record == record && found->key == key)
            return found;
    }
    return NULL;
}

void key_declare(struct checker *checker, struct record_type *record, const char *key, const char *title, struct span span, enum key_origin origin) {
    struct declared_key declared = {record, intern_string(checker->names, key), title, span, origin};
    LIST_ADD(checker->arena, &checker->keys, declared);
    if (checker->keys.count * 2 > checker->key_slot_count) {
        key_slots_grow(checker);
        return;
    }
    uint32_t mask = (uint32_t)checker->key_slot_count - 1;
    uint32_t at = key_hash(record, declared.key) & mask;
    while (checker->key_slots[at])
        at = (at + 1) & mask;
    checker->key_slots[at] = checker->keys.count;
}

/* What was put into the table last is on no other key's way, so that its slot is free again. */
void keys_cut(struct checker *checker, int count) {
    uint32_t mask = (uint32_t)checker->key_slot_count - 1;
    while (checker->keys.count > count) {
        const struct declared_key *last = &checker->keys.items[checker->keys.count - 1];
        uint32_t at = key_hash(last->record, last->key) & mask;
        while (checker->key_slots[at] != checker->keys.count)
            at = (at + 1) & mask;
        checker->key_slots[at] = 0;
        checker->keys.count--;
    }
    if (checker->lone_keys.listed > count)
        checker->lone_keys = (struct lone_names){0};
}

bool key_exists(struct checker *checker, const struct record_type *record, const char *key) {
    const struct world *world = checker->world;
    return key_find(checker, record, key) || (world && world->key_exists && world->key_exists(world->context, record->name, key));
}
