/* remit fmt PATH…: the canonical form. */
#include "lang/base/line_diff.h"
#include "lang/format/format.h"
#include "runtime/cli/cli.h"
#include "runtime/cli/files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct formatting {
    const struct arguments *arguments;
    int status;
    int changed;
};

static void worse(struct formatting *formatting, int status) {
    if (status > formatting->status)
        formatting->status = status;
}

static void print_difference(const char *path, const char *old, const char *new) {
    struct buffer out = {0}, name = {0};
    buffer_add_format(&name, "%s (canonical)", path);
    line_diff_write(&out, path, buffer_string(&name), old, new);
    fputs(buffer_string(&out), stdout);
    buffer_free(&out);
    buffer_free(&name);
}

static void format_file(struct formatting *formatting, const char *path) {
    struct buffer text = {0}, canonical = {0};
    const struct arguments *arguments = formatting->arguments;
    if (!file_read(path, &text)) {
        fprintf(stderr, "error: `%s` cannot be read: %s\n", path, strerror(errno));
        worse(formatting, STATUS_WRONG); /* as of a file that is checked or run */
        buffer_free(&text);
        return;
    }
    struct arena *arena = arena_create();
    struct source_set *sources = source_set_create(arena);
    struct diagnostics *diagnostics = diagnostics_create(arena, sources);
    uint32_t file = source_add(sources, strcmp(path, "-") == 0 ? "<stdin>" : path, buffer_string(&text), text.length);
    struct parse parse = parse_source(arena, intern_create(arena), diagnostics, file, PARSE_PROGRAM);
    bool is_input = strcmp(path, "-") == 0;
    if (parse.error_count) {
        struct buffer drawn = {0};
        diagnostics_sort(diagnostics);
        diagnostics_draw(&drawn, diagnostics, false);
        fputs(buffer_string(&drawn), stderr);
        buffer_free(&drawn);
        worse(formatting, STATUS_WRONG);
    } else if (!format_program(&canonical, &parse, buffer_string(&text))) {
        fprintf(stderr, "error: `%s` was left as it is: its canonical form would read differently (this is a fault of Remit)\n", path);
        worse(formatting, STATUS_MACHINE);
    } else if (is_input && !arguments->values[OPTION_CHECK] && !arguments->values[OPTION_DIFF])
        fputs(buffer_string(&canonical), stdout);
    else if (strcmp(buffer_string(&text), buffer_string(&canonical)) != 0) {
        formatting->changed++;
        if (arguments->values[OPTION_DIFF])
            print_difference(path, buffer_string(&text), buffer_string(&canonical));
        else if (arguments->values[OPTION_CHECK])
            printf("%s\n", path);
        else if (!file_replace(path, &canonical)) {
            fprintf(stderr, "error: `%s` cannot be written: %s\n", path, strerror(errno));
            worse(formatting, STATUS_MACHINE);
        }
    }
    arena_destroy(arena);
    buffer_free(&text);
    buffer_free(&canonical);
}

/* What is in a folder is formatted when it is a plain file or a folder itself: a link may lead anywhere. */
static void format_path(struct formatting *formatting, const char *path) {
    struct dirent **entries;
    struct stat status;
    if (strcmp(path, "-") == 0 || stat(path, &status) != 0 || !S_ISDIR(status.st_mode)) {
        format_file(formatting, path);
        return;
    }
    int count = scandir(path, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        struct buffer full = {0};
        buffer_add_format(&full, "%s/%s", path, entries[i]->d_name);
        bool is_there = entries[i]->d_name[0] != '.' && lstat(full.bytes, &status) == 0;
        if (is_there && (S_ISDIR(status.st_mode) || (S_ISREG(status.st_mode) && text_ends(entries[i]->d_name, ".remit"))))
            format_path(formatting, full.bytes);
        buffer_free(&full);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

int cli_fmt(const struct arguments *arguments) {
    if (!cli_words(arguments, 1, LIMIT_COMMAND_WORDS))
        return cli_misuse(arguments, "fmt", "which files or folders? `-` is standard input");
    struct formatting formatting = {arguments, STATUS_FINE, 0};
    for (int i = 0; i < arguments->word_count; i++)
        format_path(&formatting, arguments->words[i]);
    bool only_looks = arguments->values[OPTION_CHECK] || arguments->values[OPTION_DIFF];
    if (formatting.status == STATUS_FINE && only_looks && formatting.changed)
        return STATUS_FOUND;
    return formatting.status;
}
