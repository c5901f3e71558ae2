/* The bytes of a file, read a block at a time into a buffer that holds the stretch in use.
 * Knows: files, and what they are when they are not text. Does not know: rows. Private to this room. */
#ifndef REMIT_RUNTIME_LOAD_INPUT_H
#define REMIT_RUNTIME_LOAD_INPUT_H

#include "runtime/value/failure.h"
#include <stddef.h>
#include <stdint.h>

/* Bytes that are read at a time, at least; tests make it small. */
extern size_t input_block_bytes;

struct input {
    char *bytes;         /* those from start to end are not used yet; start moves on as they are. The address holds until the next input_more. */
    size_t start, end, capacity;
    int64_t offset;      /* of bytes[0] in the file */
    int64_t file_bytes;  /* 0 where that is not known, as of a pipe */
    int descriptor;
    bool at_end;         /* nothing more comes: the file's end, or an error */
    int error;           /* errno of a read that failed; 0 for none */
};

/* Opens the file and reads its first block; bytes that mark UTF-8 are passed over. False with failure set when there is no such file, it cannot be read, or it is of a kind
 * that is never read here: UTF-16, a workbook, something compressed. */
bool input_open(struct input *input, const char *path, struct failure *failure);
/* Reads on. The bytes not used yet are kept, at the front of the buffer, which grows as they do. False at the end, or after an error. */
bool input_more(struct input *input);
/* Where in the file bytes[start] stands, and going back to such a place; false with failure set when the file cannot be read twice. */
int64_t input_place(const struct input *input);
bool input_go_back(struct input *input, int64_t place, const char *path, struct failure *failure);
/* False with failure set when reading has failed. */
bool input_is_good(const struct input *input, const char *path, struct failure *failure);
void input_close(struct input *input);

#endif
