/* Spills: one growable region of bytes that starts in ordinary memory and, once it is large, lives in a file without a name, mapped. Then the operating system keeps
 * as much of it in memory as there is room for, and the process is charged only for what it touched since the last spill_relax.
 * Knows: bytes, temporary files. Does not know: what is kept in them.
 *
 * The space on disk is taken before it is used, so a full disk is met here and not in the middle of a write to memory: the region then stays in ordinary memory, as it does
 * when no temporary file can be made, and all that is lost is the small footprint. The file is without a name from its start, so nothing is left behind, whatever happens.
 *
 * A zeroed spill is empty. It belongs to whoever declared it and is used by one thread at a time; different spills are independent. Running out of ordinary memory ends the
 * process with one line on standard error, as in an arena. */
#ifndef REMIT_RUNTIME_VALUE_SPILL_H
#define REMIT_RUNTIME_VALUE_SPILL_H

#include <stdbool.h>
#include <stddef.h>

enum {
    SPILL_MEMORY_BYTES = 4 << 20, /* a region up to this size stays in ordinary memory */
    SPILL_STRETCH_BITS = 16       /* 64 KiB are brought back at once */
};

struct spill {
    char *bytes;            /* valid until the next spill_reserve; aligned for any type; NULL while empty */
    size_t size;            /* bytes that may be used */
    int descriptor;         /* of the file plus 1; 0: ordinary memory. The rest is spill.c's business too. */
    bool has_no_file;       /* a file was tried for, and could not be had */
    unsigned char *touched; /* of a region in a file: a bit for each stretch noted since it was last relaxed */
    size_t touched_count;
};

/* Makes the region at least this large. What it held is kept, the new bytes are zero, and the address may change. It grows by half of itself at least, so that growing by
 * little often is cheap; it never shrinks. */
void spill_reserve(struct spill *spill, size_t size);
/* Gives back the memory of a region that lives in a file; the bytes stay what they are and are found again when they are next touched, at about a microsecond for each stretch of
 * 64 KiB. Nothing happens to a region in ordinary memory. Worth doing each time several MiB were touched. */
void spill_relax(struct spill *spill);
/* Says that bytes at the offset are about to be used, and relaxes the region first when that makes more than `most` bytes in memory: call it before each use that may be anywhere. */
static inline void spill_touch(struct spill *spill, size_t offset, size_t most);
/* Does it live in a file? */
bool spill_is_in_file(const struct spill *spill);
/* Frees everything; the spill is empty again. */
void spill_free(struct spill *spill);

/* The folder for temporary files: $TMPDIR, or /var/tmp. */
const char *spill_folder(void);
/* A new file without a name in that folder, for reading and writing: a descriptor, or -1 with errno set. */
int spill_open_file(void);

/* Used by spill_touch. */
void spill_touch_stretch(struct spill *spill, size_t stretch, size_t most);

static inline void spill_touch(struct spill *spill, size_t offset, size_t most) {
    size_t stretch = offset >> SPILL_STRETCH_BITS;
    if (spill->touched && !(spill->touched[stretch / 8] >> (stretch % 8) & 1))
        spill_touch_stretch(spill, stretch, most);
}

#endif
