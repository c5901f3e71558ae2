/* Regions of bytes that move to a mapped file once they are large. See spill.h. */
#include "runtime/value/spill.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { STEP_BYTES = 1 << 20 /* sizes above it are multiples of it */, PATH_BYTES = 4096 };

const char *spill_folder(void) {
    const char *folder = getenv("TMPDIR");
    return folder && folder[0] ? folder : "/var/tmp";
}

int spill_open_file(void) {
    char path[PATH_BYTES];
    if (snprintf(path, sizeof path, "%s/remit-XXXXXX", spill_folder()) >= (int)sizeof path)
        path[0] = '\0'; /* such a folder cannot be: mkostemp says so */
    int descriptor = mkostemp(path, O_CLOEXEC);
    if (descriptor >= 0)
        unlink(path);
    return descriptor;
}

bool spill_is_in_file(const struct spill *spill) {
    return spill->descriptor > 0;
}

static void out_of_memory(void) {
    fputs("remit: out of memory\n", stderr);
    abort();
}

/* ---- in ordinary memory ---- */

static void grow_in_memory(struct spill *spill, size_t size) {
    char *grown = realloc(spill->bytes, size);
    if (!grown)
        out_of_memory();
    memset(grown + spill->size, 0, size - spill->size);
    spill->bytes = grown;
    spill->size = size;
}

/* ---- in a file ---- */

/* A mapping of the first `size` bytes of the file, whose space is taken first; NULL when it cannot be had. */
static char *map_file(int descriptor, size_t size) {
    if (posix_fallocate(descriptor, 0, (off_t)size) != 0)
        return NULL;
    void *mapped = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    return mapped == MAP_FAILED ? NULL : mapped;
}

static size_t touched_bytes(size_t size) {
    return (size >> SPILL_STRETCH_BITS) / 8 + 1;
}

/* After the region has a new size: all of it may be in memory, so nothing is known to be. */
static void forget_touched(struct spill *spill) {
    free(spill->touched);
    spill->touched = calloc(1, touched_bytes(spill->size));
    spill->touched_count = 0;
    if (!spill->touched)
        out_of_memory();
    spill_relax(spill);
}

/* The memory that the region has becomes a file's. False when it cannot, and all is as before. */
static bool move_to_file(struct spill *spill, size_t size) {
    int descriptor = spill_open_file();
    char *mapped = descriptor >= 0 ? map_file(descriptor, size) : NULL;
    if (!mapped) {
        if (descriptor >= 0)
            close(descriptor);
        spill->has_no_file = true;
        return false;
    }
    if (spill->size)
        memcpy(mapped, spill->bytes, spill->size);
    free(spill->bytes);
    *spill = (struct spill){.bytes = mapped, .size = size, .descriptor = descriptor + 1};
    forget_touched(spill);
    return true;
}

static bool grow_file(struct spill *spill, size_t size) {
    char *mapped = map_file(spill->descriptor - 1, size);
    if (!mapped)
        return false;
    munmap(spill->bytes, spill->size);
    spill->bytes = mapped;
    spill->size = size;
    forget_touched(spill);
    return true;
}

/* No more space for the file: everything goes to ordinary memory, and stays there. */
static void move_to_memory(struct spill *spill, size_t size) {
    char *bytes = calloc(1, size);
    if (!bytes)
        out_of_memory();
    memcpy(bytes, spill->bytes, spill->size);
    spill_free(spill);
    *spill = (struct spill){.bytes = bytes, .size = size, .has_no_file = true};
}

/* ---- either ---- */

void spill_reserve(struct spill *spill, size_t size) {
    if (size <= spill->size)
        return;
    size_t wanted = spill->size + spill->size / 2;
    if (wanted < size)
        wanted = size;
    if (wanted > STEP_BYTES)
        wanted = (wanted + STEP_BYTES - 1) / STEP_BYTES * STEP_BYTES;
    if (wanted < size) /* so large that the sum turned over */
        out_of_memory();
    if (spill_is_in_file(spill)) {
        if (!grow_file(spill, wanted))
            move_to_memory(spill, wanted);
    } else if (wanted <= SPILL_MEMORY_BYTES || spill->has_no_file || !move_to_file(spill, wanted))
        grow_in_memory(spill, wanted);
}

void spill_relax(struct spill *spill) {
    if (!spill_is_in_file(spill))
        return;
    madvise(spill->bytes, spill->size, MADV_DONTNEED); /* of a shared mapping: the pages stay in the file */
    memset(spill->touched, 0, touched_bytes(spill->size));
    spill->touched_count = 0;
}

void spill_touch_stretch(struct spill *spill, size_t stretch, size_t most) {
    if ((spill->touched_count + 1) << SPILL_STRETCH_BITS > most)
        spill_relax(spill);
    spill->touched[stretch / 8] |= (unsigned char)(1 << stretch % 8);
    spill->touched_count++;
}

void spill_free(struct spill *spill) {
    if (spill_is_in_file(spill)) {
        munmap(spill->bytes, spill->size);
        close(spill->descriptor - 1);
        free(spill->touched);
    } else
        free(spill->bytes);
    *spill = (struct spill){0};
}
