/* Reading and replacing policy files. See files.h. */
#include "runtime/cli/files.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool file_read(const char *path, struct buffer *text) {
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    if (!file)
        return false;
    char block[65536];
    size_t count;
    while ((count = fread(block, 1, sizeof block, file)) > 0)
        buffer_add(text, block, count);
    bool good = !ferror(file);
    if (file != stdin)
        fclose(file);
    return good;
}

bool file_replace(const char *path, const struct buffer *text) {
    struct buffer temporary = {0};
    buffer_add_format(&temporary, "%s.formatting", path);
    struct stat status;
    FILE *file = fopen(temporary.bytes, "wb");
    bool good = file && fwrite(buffer_string(text), 1, text->length, file) == text->length;
    if (file && stat(path, &status) == 0)
        good = fchmod(fileno(file), status.st_mode & 07777) == 0 && good;
    good = file && fclose(file) == 0 && good;
    good = good && rename(temporary.bytes, path) == 0;
    if (!good && file)
        unlink(temporary.bytes);
    buffer_free(&temporary);
    return good;
}
