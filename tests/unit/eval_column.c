/* Columns give back what was written, wherever their pages stand: in memory, in the file, or in memory again because the file took no more. */
#include "runtime/eval/column.h"
#include "tests/unit/unit.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { ROWS = 20000, BATCH = 256, FORMS = 4 };

static uint64_t next_random(uint64_t *seed) {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* What stands at a row, told by its number: one in seven is missing, one in eleven failed. */
static enum state state_at(int64_t row) {
    return row % 7 == 3 ? STATE_MISSING : row % 11 == 5 ? STATE_FAILED : STATE_KNOWN;
}

static size_t text_at(int64_t row, char *text, size_t size) {
    if (row % 5000 == 4999) { /* longer than a piece of the file */
        memset(text, 'x', size - 1);
        text[size - 1] = '\0';
        return size - 1;
    }
    return (size_t)snprintf(text, size, "%.*stext %lld", (int)(row % 13), "-------------", (long long)row);
}

struct room {
    int64_t integers[BATCH];
    double numbers[BATCH];
    struct value texts[BATCH];
    uint8_t truths[BATCH], states[BATCH];
};

static struct vector vector_in(struct room *room, enum form form) {
    struct vector vector = {.states = room->states};
    if (form == FORM_INT)
        vector.integers = room->integers;
    else if (form == FORM_NUMBER)
        vector.numbers = room->numbers;
    else if (form == FORM_TEXT)
        vector.texts = room->texts;
    else
        vector.truths = room->truths;
    return vector;
}

enum { LONG_TEXT = 100000 };

static void write_rows(struct column *column, struct arena *arena, int count) {
    static struct room room;
    static char text[LONG_TEXT];
    for (int i = 0; i < count; i++) {
        int64_t row = column->count + i;
        enum state state = state_at(row);
        room.states[i] = (uint8_t)state;
        room.integers[i] = row * 1000003;
        if (column->form == FORM_NUMBER)
            room.numbers[i] = (double)row / 8;
        room.truths[i] = state == STATE_KNOWN ? (uint8_t)(row % 2) : state == STATE_MISSING ? TRUTH_MISSING : TRUTH_FAILED;
        if (column->form == FORM_TEXT) {
            size_t length = text_at(row, text, sizeof text);
            room.texts[i] = value_text(arena_copy(arena, text, length), length);
        }
    }
    struct vector vector = vector_in(&room, column->form);
    column_append(column, &vector, count, false);
    arena_reset(arena);
}

static bool is_as_written(enum form form, int64_t row, enum state state, struct value value) {
    static char text[LONG_TEXT];
    if (state != state_at(row))
        return false;
    if (state != STATE_KNOWN)
        return value.kind == VALUE_MISSING;
    switch (form) {
    case FORM_INT:
        return value.integer == row * 1000003;
    case FORM_NUMBER:
        return value.number == (double)row / 8;
    case FORM_TRUTH:
        return value.integer == row % 2;
    case FORM_TEXT:
        break;
    }
    return value.length == text_at(row, text, sizeof text) && memcmp(value.text, text, value.length) == 0;
}

/* Columns of all forms written in turn, then read one row here and one there, then in order. */
static void write_and_read(size_t budget) {
    struct column_pool *pool = column_pool_create(budget);
    struct column columns[FORMS] = {0};
    struct arena *arena = arena_create();
    static struct room room;
    uint64_t seed = 88172645463325252u;
    for (int form = 0; form < FORMS; form++)
        column_start(&columns[form], pool, (enum form)form);
    for (int left = ROWS, part; left > 0; left -= part) {
        part = 1 + (int)(next_random(&seed) % BATCH);
        part = part < left ? part : left;
        for (int form = 0; form < FORMS; form++)
            write_rows(&columns[form], arena, part);
    }
    for (int i = 0; i < ROWS; i++) {
        int64_t row = (int64_t)(next_random(&seed) % ROWS);
        for (int form = 0; form < FORMS; form++)
            CHECK(is_as_written((enum form)form, row, column_state(&columns[form], row), column_value(&columns[form], row, arena)));
        arena_reset(arena);
    }
    for (int64_t at = 0; at < ROWS; at += BATCH)
        for (int form = 0; form < FORMS; form++) {
            struct vector vector = vector_in(&room, (enum form)form);
            int count = ROWS - at < BATCH ? (int)(ROWS - at) : BATCH;
            column_read(&columns[form], at, count, &vector, arena);
            CHECK(!vector.is_plain || form == FORM_TRUTH);
            for (int i = 0; i < count && form != FORM_TRUTH; i++) {
                struct value value = form == FORM_INT ? value_int(room.integers[i]) : form == FORM_NUMBER ? value_number(room.numbers[i]) : room.texts[i];
                CHECK(is_as_written((enum form)form, at + i, (enum state)room.states[i], room.states[i] == STATE_KNOWN ? value : value_missing()));
            }
            for (int i = 0; i < count && form == FORM_TRUTH; i++)
                CHECK(room.truths[i] == column_truth(&columns[form], at + i));
        }
    CHECK(!pool->has_failed);
    for (int form = 0; form < FORMS; form++)
        column_free(&columns[form]);
    column_pool_destroy(pool);
    arena_destroy(arena);
}

static void all_in_memory(void) {
    write_and_read(64 << 20);
}

static void most_in_the_file(void) {
    write_and_read(0);
}

/* When the file takes no more, pages stay in memory. */
static void the_disk_is_full(void) {
    struct rlimit before, small;
    getrlimit(RLIMIT_FSIZE, &before);
    small = before;
    small.rlim_cur = 300000;
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    CHECK(setrlimit(RLIMIT_FSIZE, &small) == 0);
    write_and_read(0);
    setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, handler);
}

static void starts_again(void) {
    struct column_pool *pool = column_pool_create(0);
    struct column column = {0};
    for (int round = 0; round < 3; round++) {
        column_start(&column, pool, FORM_INT);
        CHECK_INT(column.count, 0);
        for (int64_t i = 0; i < ROWS; i++)
            column_append_integer(&column, i * (round + 1));
        CHECK(column.is_plain);
        for (int64_t i = 0; i < ROWS; i += 97)
            CHECK_INT(column_integer(&column, i), i * (round + 1));
    }
    column_free(&column);
    column_pool_destroy(pool);
}

static void repeats_one_value(void) {
    struct column_pool *pool = column_pool_create(0);
    struct column column = {0};
    uint8_t state = STATE_KNOWN;
    int64_t seven = 7;
    struct vector vector = {.integers = &seven, .states = &state, .is_plain = true};
    column_start(&column, pool, FORM_INT);
    for (int i = 0; i < 10; i++)
        column_append(&column, &vector, 200, true);
    CHECK_INT(column.count, 2000);
    CHECK_INT(column_integer(&column, 0) + column_integer(&column, 1999), 14);
    column_free(&column);
    column_pool_destroy(pool);
}

int main(void) {
    RUN(all_in_memory);
    RUN(most_in_the_file);
    RUN(the_disk_is_full);
    RUN(starts_again);
    RUN(repeats_one_value);
    return UNIT_END("eval_column");
}
