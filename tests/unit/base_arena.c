/* Arenas: what they hand out is zeroed, aligned, apart from everything else, and stays where it is. */
#include "lang/base/arena.h"
#include "tests/unit/unit.h"

#include <stdint.h>

static bool all_zero(const char *bytes, size_t length) {
    for (size_t i = 0; i < length; i++)
        if (bytes[i])
            return false;
    return true;
}

static void test_zeroed_and_aligned(void) {
    struct arena *arena = arena_create();
    for (size_t size = 0; size < 300; size++) {
        char *bytes = arena_alloc(arena, size);
        CHECK(bytes != NULL);
        CHECK((uintptr_t)bytes % _Alignof(max_align_t) == 0);
        CHECK(all_zero(bytes, size));
        memset(bytes, 0xA5, size);
    }
    arena_destroy(arena);
    arena_destroy(NULL);
}

/* Sizes round the size of a block, where one block ends and the next begins. */
static void test_sizes_round_a_block(void) {
    struct arena *arena = arena_create();
    static const size_t sizes[] = {1, 65519, 65520, 65521, 65535, 65536, 65537, 16384, 16385, 131072, 1000000, 1};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char *bytes = arena_alloc(arena, sizes[i]);
        CHECK((uintptr_t)bytes % _Alignof(max_align_t) == 0);
        CHECK(all_zero(bytes, sizes[i]));
        memset(bytes, 0xFF, sizes[i]);
    }
    arena_destroy(arena);
}

static uint32_t next_random(uint32_t *state) {
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static void test_pieces_do_not_overlap(void) {
    enum { PIECES = 4000 };
    static struct {
        unsigned char *bytes;
        size_t size;
    } pieces[PIECES];
    struct arena *arena = arena_create();
    uint32_t state = 7;
    for (int i = 0; i < PIECES; i++) {
        pieces[i].size = i % 97 == 0 ? next_random(&state) % 200000 : next_random(&state) % 200;
        pieces[i].bytes = arena_alloc(arena, pieces[i].size);
        memset(pieces[i].bytes, i & 0xFF, pieces[i].size);
    }
    bool kept = true;
    for (int i = 0; i < PIECES; i++)
        for (size_t j = 0; j < pieces[i].size; j++)
            kept = kept && pieces[i].bytes[j] == (i & 0xFF);
    CHECK(kept);
    arena_destroy(arena);
}

static void test_used(void) {
    struct arena *arena = arena_create();
    CHECK_INT(arena_used(arena), 0);
    size_t asked = 0;
    for (size_t size = 1; size < 100000; size = size * 3 + 1) {
        size_t before = arena_used(arena);
        arena_alloc(arena, size);
        asked += size;
        CHECK(arena_used(arena) >= before + size);
        CHECK(arena_used(arena) < before + size + 16);
    }
    CHECK(arena_used(arena) >= asked);
    arena_reset(arena);
    CHECK_INT(arena_used(arena), 0);
    arena_destroy(arena);
}

/* A small piece after a large one goes on in the block that was in use: large pieces waste nothing. */
static void test_a_large_piece_leaves_the_block_in_use(void) {
    struct arena *arena = arena_create();
    char *first = arena_alloc(arena, 16);
    arena_alloc(arena, 100000);
    char *second = arena_alloc(arena, 16);
    CHECK(second == first + 16);
    CHECK_INT(arena_used(arena), 16 + 100000 + 16);
    arena_destroy(arena);
}

static void test_reset(void) {
    struct arena *arena = arena_create();
    arena_reset(arena); /* of one never used */
    for (int turn = 0; turn < 50; turn++) {
        for (int i = 0; i < 40; i++) {
            char *bytes = arena_alloc(arena, 5000);
            CHECK(all_zero(bytes, 5000)); /* also when the memory was used before */
            memset(bytes, 0x77, 5000);
        }
        if (turn % 7 == 0)
            arena_alloc(arena, 300000);
        arena_reset(arena);
        CHECK_INT(arena_used(arena), 0);
    }
    arena_destroy(arena);
}

static void test_copies(void) {
    struct arena *arena = arena_create();
    char source[] = {'a', 0, 'b', 'x'};
    char *copy = arena_copy(arena, source, 3);
    CHECK(memcmp(copy, "a\0b\0", 4) == 0);
    CHECK(copy != source);
    CHECK_TEXT(arena_copy(arena, NULL, 0), "");
    CHECK_TEXT(arena_copy_string(arena, "portfolio"), "portfolio");
    CHECK_TEXT(arena_copy_string(arena, ""), "");
    arena_destroy(arena);
}

static void test_format(void) {
    struct arena *arena = arena_create();
    CHECK_TEXT(arena_format(arena, "%s has %d of %5.1f%%", "spent", 3, 7.25), "spent has 3 of   7.2%");
    CHECK_TEXT(arena_format(arena, "%s", ""), "");
    for (int length = 1; length < 1100; length++) { /* past every size of a quick buffer */
        char *text = arena_format(arena, "%*s", length, "x");
        CHECK_INT(strlen(text), length);
        CHECK(text[length - 1] == 'x');
    }
    char *large = arena_format(arena, "%*s!", 200000, "y");
    CHECK_INT(strlen(large), 200001);
    CHECK_TEXT(large + 199999, "y!");
    arena_destroy(arena);
}

static void test_list(void) {
    struct arena *arena = arena_create();
    LIST_OF(int64_t) numbers = {0};
    for (int i = 0; i < 10000; i++) {
        LIST_ADD(arena, &numbers, (int64_t)i * i);
        CHECK(numbers.count <= numbers.capacity);
    }
    CHECK_INT(numbers.count, 10000);
    for (int i = 0; i < 10000; i++)
        if (numbers.items[i] != (int64_t)i * i)
            CHECK_INT(numbers.items[i], (int64_t)i * i);
    int capacity = 0;
    void *items = arena_grow_list(arena, NULL, &capacity, 3);
    CHECK_INT(capacity, 8);
    memcpy(items, "abcdefghijklmnopqrstuvwx", 24);
    char *grown = arena_grow_list(arena, items, &capacity, 3);
    CHECK_INT(capacity, 16);
    CHECK(memcmp(grown, "abcdefghijklmnopqrstuvwx", 24) == 0);
    CHECK(all_zero(grown + 24, 24));
    arena_destroy(arena);
}

static void test_typed(void) {
    struct thing {
        double number;
        const char *name;
    };
    struct arena *arena = arena_create();
    struct thing *one = ARENA_NEW(arena, struct thing);
    CHECK(one->number == 0 && one->name == NULL);
    struct thing *many = ARENA_ARRAY(arena, struct thing, 100);
    CHECK(all_zero((const char *)many, 100 * sizeof *many));
    arena_destroy(arena);
}

int main(void) {
    RUN(test_zeroed_and_aligned);
    RUN(test_sizes_round_a_block);
    RUN(test_pieces_do_not_overlap);
    RUN(test_used);
    RUN(test_a_large_piece_leaves_the_block_in_use);
    RUN(test_reset);
    RUN(test_copies);
    RUN(test_format);
    RUN(test_list);
    RUN(test_typed);
    return UNIT_END("base_arena");
}
