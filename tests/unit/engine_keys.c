/* Keys of an import: the index is right whatever is put and asked in whatever order, also where it does not fit in the memory that it allows itself; the filter forgets nothing. */
#include "runtime/engine/key_filter.h"
#include "runtime/engine/key_index.h"
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

enum { MANY = 300000, KEY_MOST = 60 };

static uint64_t random_state = 88172645463325252u;

static uint64_t random_next(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

/* Keys of many lengths, some the beginnings of others. */
static size_t write_key(char *key, int64_t number) {
    return (size_t)snprintf(key, KEY_MOST, number % 7 == 0 ? "initiative/with/a/long/key/%lld" : number % 3 == 0 ? "%lld" : "P%lld/2026", (long long)number);
}

static int64_t find(struct key_index *index, int64_t number) {
    char key[KEY_MOST];
    size_t length = write_key(key, number);
    int64_t found = -1;
    return key_index_find(index, key, length, &found) ? found : -1;
}

static void put(struct key_index *index, int64_t number, int64_t value) {
    char key[KEY_MOST];
    size_t length = write_key(key, number);
    key_index_put(index, key, length, value);
}

static void finds_nothing_in_nothing(void) {
    struct key_index index = {0};
    int64_t found;
    CHECK(!key_index_find(&index, "a", 1, &found));
    CHECK(!key_index_find(&index, "", 0, &found));
    key_index_put(&index, "", 0, 7);
    CHECK(key_index_find(&index, "", 0, &found));
    CHECK_INT(found, 7);
    CHECK(!key_index_find(&index, "\0", 1, &found));
    key_index_free(&index);
}

static void finds_in_any_order(void) {
    struct key_index index = {0};
    for (int64_t i = 0; i < MANY; i++)
        put(&index, i, i * 3);
    CHECK_INT(index.count, MANY);
    int64_t wrong = 0;
    for (int64_t i = 0; i < MANY; i++) /* as they were put, */
        wrong += find(&index, i) != i * 3;
    for (int64_t i = MANY - 1; i >= 0; i--) /* backwards, */
        wrong += find(&index, i) != i * 3;
    for (int64_t i = 0; i < MANY; i += 1 + i % 5) /* with gaps, */
        wrong += find(&index, i) != i * 3;
    for (int turn = 0; turn < MANY; turn++) { /* at random, with those that are not there */
        int64_t i = (int64_t)(random_next() % (MANY * 2));
        wrong += find(&index, i) != (i < MANY ? i * 3 : -1);
    }
    CHECK_INT(wrong, 0);
    key_index_free(&index);
}

static void the_later_number_counts(void) {
    struct key_index index = {0};
    enum { FEW = 5000 };
    static int64_t numbers[FEW];
    int64_t wrong = 0;
    for (int64_t i = 0; i < FEW; i++)
        numbers[i] = -1;
    for (int turn = 0; turn < FEW * 10; turn++) {
        int64_t i = (int64_t)(random_next() % FEW);
        if (random_next() % 3 == 0)
            put(&index, i, numbers[i] = (int64_t)(random_next() % 1000));
        else
            wrong += find(&index, i) != numbers[i];
    }
    CHECK_INT(wrong, 0);
    key_index_free(&index);
}

static void room_may_be_made_before(void) {
    struct key_index index = {0};
    key_index_reserve(&index, 50000);
    uint64_t places = index.place_count;
    for (int64_t i = 0; i < 50000; i++)
        put(&index, i, i);
    CHECK_INT((int64_t)index.place_count, (int64_t)places);
    key_index_reserve(&index, 10); /* it never shrinks */
    CHECK_INT(find(&index, 49999), 49999);
    key_index_free(&index);
    CHECK_INT(find(&index, 49999), -1);
}

static void the_filter_forgets_nothing(void) {
    static const int64_t sizes[] = {0, 1, 1 << 20, INT64_C(1) << 40};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        struct key_filter filter;
        key_filter_start(&filter, sizes[s]);
        char key[KEY_MOST];
        int64_t taken = 0, forgotten = 0;
        enum { KEYS = 20000 };
        for (int64_t i = 0; i < KEYS; i++)
            taken += key_filter_add(&filter, key, write_key(key, i));
        for (int64_t i = 0; i < KEYS; i++)
            forgotten += !key_filter_add(&filter, key, write_key(key, i));
        CHECK_INT(forgotten, 0);
        CHECK(taken < KEYS / 20); /* for another, though there are too many for the smallest */
        key_filter_free(&filter);
    }
}

int main(void) {
    RUN(finds_nothing_in_nothing);
    RUN(finds_in_any_order);
    RUN(the_later_number_counts);
    RUN(room_may_be_made_before);
    RUN(the_filter_forgets_nothing);
    return UNIT_END("engine_keys");
}
