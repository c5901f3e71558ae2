/* Files as blocks of bytes. See input.h. */
#include "runtime/load/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BYTES_OF_KIND = 8 /* that tell what a file is */ };

size_t input_block_bytes = 256 * 1024;

static void make_room(struct input *input) {
    if (input->start) {
        memmove(input->bytes, input->bytes + input->start, input->end - input->start);
        input->offset += (int64_t)input->start;
        input->end -= input->start;
        input->start = 0;
    }
    if (input->capacity - input->end >= input_block_bytes)
        return;
    input->capacity = input->capacity ? input->capacity * 2 : 2 * input_block_bytes;
    char *grown = realloc(input->bytes, input->capacity);
    if (!grown) {
        fputs("remit: out of memory\n", stderr);
        abort();
    }
    input->bytes = grown;
}

bool input_more(struct input *input) {
    if (input->at_end)
        return false;
    make_room(input);
    ssize_t count;
    do
        count = read(input->descriptor, input->bytes + input->end, input->capacity - input->end);
    while (count < 0 && errno == EINTR);
    if (count <= 0) {
        input->at_end = true;
        input->error = count < 0 ? errno : 0;
        return false;
    }
    input->end += (size_t)count;
    return true;
}

int64_t input_place(const struct input *input) {
    return input->offset + (int64_t)input->start;
}

bool input_is_good(const struct input *input, const char *path, struct failure *failure) {
    return !input->error || failure_set(failure, DIAG_FILE_UNREADABLE, path, strerror(input->error));
}

bool input_go_back(struct input *input, int64_t place, const char *path, struct failure *failure) {
    if (place >= input->offset && place <= input->offset + (int64_t)input->end) { /* still in the buffer: a small file is read once */
        input->start = (size_t)(place - input->offset);
        return true;
    }
    if (lseek(input->descriptor, (off_t)place, SEEK_SET) != (off_t)place)
        return failure_set(failure, DIAG_FILE_UNREADABLE, path, "it is no plain file, and has to be read twice");
    input->start = input->end = 0;
    input->offset = place;
    input->at_end = false;
    input->error = 0;
    return true;
}

/* What the file is by its first bytes, and what to do, when it is nothing that is read here. */
static const char *other_kind(const char *bytes, size_t length) {
    static const struct {
        const char *mark;
        size_t length;
        const char *kind;
    } kinds[] = {
        {"\xFF\xFE", 2, "it is UTF-16: save it as UTF-8 (a spreadsheet calls that \"CSV UTF-8\")"},
        {"\xFE\xFF", 2, "it is UTF-16: save it as UTF-8 (a spreadsheet calls that \"CSV UTF-8\")"},
        {"PK\x03\x04", 4, "it is a workbook or another zip archive: save the sheet as \"CSV UTF-8\""},
        {"\xD0\xCF\x11\xE0", 4, "it is a workbook: save the sheet as \"CSV UTF-8\""},
        {"\x1F\x8B", 2, "it is compressed: unpack it first"},
        {"%PDF", 4, "it is a PDF: rows are read from CSV and JSON"},
        {"<!", 2, "it is a web page: rows are read from CSV and JSON"},
        {"<html", 5, "it is a web page: rows are read from CSV and JSON"},
        {"<?xml", 5, "it is XML: rows are read from CSV and JSON"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (length >= kinds[i].length && memcmp(bytes, kinds[i].mark, kinds[i].length) == 0)
            return kinds[i].kind;
    bool alternates = length >= 4 && !bytes[0] != !bytes[1] && !bytes[0] == !bytes[2] && !bytes[1] == !bytes[3];
    return alternates ? kinds[0].kind : NULL; /* two letters, each with a zero beside it */
}

static bool open_file(struct input *input, const char *path, struct failure *failure) {
    input->descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (input->descriptor < 0)
        return errno == ENOENT ? failure_set(failure, DIAG_FILE_NOT_FOUND, path) : failure_set(failure, DIAG_FILE_UNREADABLE, path, strerror(errno));
    struct stat status;
    if (fstat(input->descriptor, &status) != 0)
        return failure_set(failure, DIAG_FILE_UNREADABLE, path, strerror(errno));
    if (S_ISDIR(status.st_mode))
        return failure_set(failure, DIAG_FILE_UNREADABLE, path, "it is a folder");
    input->file_bytes = S_ISREG(status.st_mode) ? (int64_t)status.st_size : 0;
    return true;
}

bool input_open(struct input *input, const char *path, struct failure *failure) {
    *input = (struct input){0};
    bool good = open_file(input, path, failure);
    while (good && input->end < BYTES_OF_KIND && input_more(input)) /* a pipe gives little at a time */
        continue;
    good = good && input_is_good(input, path, failure);
    const char *kind = good ? other_kind(input->bytes, input->end) : NULL;
    if (kind)
        good = failure_set(failure, DIAG_FILE_UNREADABLE, path, kind);
    if (good && input->end >= 3 && memcmp(input->bytes, "\xEF\xBB\xBF", 3) == 0)
        input->start = 3;
    if (!good)
        input_close(input);
    return good;
}

void input_close(struct input *input) {
    if (input->descriptor >= 0)
        close(input->descriptor);
    free(input->bytes);
    *input = (struct input){.descriptor = -1};
}
