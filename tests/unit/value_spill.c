/* Regions that move to a file: their bytes are kept whatever happens to them, their memory is given back, and no disk is no failure. */
#include "runtime/value/spill.h"
#include "tests/unit/unit.h"

#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

enum { MIB = 1 << 20 };

static void fill(struct spill *spill, size_t from, size_t to) {
    for (size_t i = from; i < to; i += 8)
        *(uint64_t *)(void *)(spill->bytes + i) = i * UINT64_C(0x9E3779B97F4A7C15);
}

static bool holds(const struct spill *spill, size_t from, size_t to) {
    for (size_t i = from; i < to; i += 8)
        if (*(uint64_t *)(void *)(spill->bytes + i) != i * UINT64_C(0x9E3779B97F4A7C15))
            return false;
    return true;
}

static bool is_zero(const struct spill *spill, size_t from, size_t to) {
    for (size_t i = from; i < to; i++)
        if (spill->bytes[i])
            return false;
    return true;
}

/* Bytes of files that are in this process's memory. */
static long resident_of_files(void) {
    long whole = 0, resident = 0, shared = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file || fscanf(file, "%ld %ld %ld", &whole, &resident, &shared) != 3)
        shared = 0;
    if (file)
        fclose(file);
    return shared * sysconf(_SC_PAGESIZE);
}

static void small_regions_stay_in_memory(void) {
    struct spill spill = {0};
    CHECK(spill.bytes == NULL);
    for (size_t size = 8; size <= SPILL_MEMORY_BYTES / 2; size *= 2) {
        size_t before = spill.size;
        spill_reserve(&spill, size);
        CHECK(spill.size >= size && is_zero(&spill, before, spill.size));
        fill(&spill, before, spill.size & ~(size_t)7);
        CHECK(!spill_is_in_file(&spill));
    }
    CHECK(holds(&spill, 0, SPILL_MEMORY_BYTES / 2));
    size_t size = spill.size;
    spill_relax(&spill);
    spill_reserve(&spill, 8);
    CHECK(spill.size == size && holds(&spill, 0, SPILL_MEMORY_BYTES / 2));
    spill_free(&spill);
    CHECK(spill.bytes == NULL && spill.size == 0);
    spill_free(&spill);
}

static void large_regions_live_in_a_file(void) {
    struct spill spill = {0};
    spill_reserve(&spill, SPILL_MEMORY_BYTES);
    CHECK(!spill_is_in_file(&spill));
    fill(&spill, 0, SPILL_MEMORY_BYTES);
    for (size_t at = SPILL_MEMORY_BYTES; at < 40 * MIB; at += MIB) {
        size_t before = spill.size;
        spill_reserve(&spill, at + MIB);
        CHECK(spill_is_in_file(&spill));
        CHECK(before == spill.size || is_zero(&spill, before, spill.size));
        fill(&spill, at, at + MIB);
        if (at % (3 * MIB) == 0)
            spill_relax(&spill);
    }
    CHECK(holds(&spill, 0, 40 * MIB));
    spill_free(&spill);
    spill_reserve(&spill, 100);
    CHECK(!spill_is_in_file(&spill) && is_zero(&spill, 0, 100));
    spill_free(&spill);
}

static void relaxed_regions_cost_no_memory(void) {
    struct spill spill = {0};
    spill_reserve(&spill, 64 * MIB);
    fill(&spill, 0, 64 * MIB);
    long before = resident_of_files();
    spill_relax(&spill);
    long after = resident_of_files();
    CHECK(before - after > 60 * MIB);
    CHECK(holds(&spill, 0, 64 * MIB));
    spill_free(&spill);
}

/* Whoever says what it is about to touch is kept to what it may have in memory. */
static void touching_is_bounded(void) {
    struct spill spill = {0};
    spill_reserve(&spill, 64 * MIB);
    long least = resident_of_files(), most = 0;
    uint64_t random = 88172645463325252u;
    for (int i = 0; i < 20000; i++) {
        random ^= random << 13, random ^= random >> 7, random ^= random << 17;
        size_t offset = random % (8 * MIB) * 8;
        spill_touch(&spill, offset, 8 * MIB);
        fill(&spill, offset, offset + 8);
        long now = i % 64 ? 0 : resident_of_files();
        most = now > most ? now : most;
    }
    CHECK(most - least < 9 * MIB);
    spill_free(&spill);
}

static void without_a_folder_memory_serves(void) {
    setenv("TMPDIR", "/dev/null/no-folder", 1);
    CHECK_TEXT(spill_folder(), "/dev/null/no-folder");
    CHECK(spill_open_file() < 0);
    struct spill spill = {0};
    spill_reserve(&spill, 9 * MIB);
    CHECK(!spill_is_in_file(&spill) && is_zero(&spill, 0, 9 * MIB));
    fill(&spill, 0, 9 * MIB);
    spill_reserve(&spill, 30 * MIB);
    spill_relax(&spill);
    CHECK(!spill_is_in_file(&spill) && holds(&spill, 0, 9 * MIB) && is_zero(&spill, 9 * MIB, 30 * MIB));
    spill_free(&spill);
    unsetenv("TMPDIR");
}

/* A limit on the size of files stands for the full disk. */
static void when_the_disk_is_full_memory_serves(void) {
    struct rlimit kept, limit;
    CHECK(getrlimit(RLIMIT_FSIZE, &kept) == 0);
    signal(SIGXFSZ, SIG_IGN);
    limit = (struct rlimit){16 * MIB, kept.rlim_max};
    CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    struct spill spill = {0};
    spill_reserve(&spill, 10 * MIB);
    CHECK(spill_is_in_file(&spill));
    fill(&spill, 0, 10 * MIB);
    spill_reserve(&spill, 20 * MIB);
    CHECK(!spill_is_in_file(&spill));
    CHECK(holds(&spill, 0, 10 * MIB) && is_zero(&spill, 10 * MIB, spill.size));
    fill(&spill, 10 * MIB, 20 * MIB);
    spill_reserve(&spill, 40 * MIB);
    CHECK(!spill_is_in_file(&spill) && holds(&spill, 0, 20 * MIB));
    spill_free(&spill);
    setrlimit(RLIMIT_FSIZE, &kept);
}

int main(void) {
    RUN(small_regions_stay_in_memory);
    RUN(large_regions_live_in_a_file);
    bool has_counts = resident_of_files() > 0;
    RUN_WHERE(has_counts, relaxed_regions_cost_no_memory, "/proc");
    RUN_WHERE(has_counts, touching_is_bounded, "/proc");
    RUN(without_a_folder_memory_serves);
    RUN(when_the_disk_is_full_memory_serves);
    return UNIT_END("value_spill");
}
