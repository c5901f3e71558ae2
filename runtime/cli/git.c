/* What git says of a policy: its revision, whether the folder is clean, and the files of a revision. git is started as a program of its own with its words one by one, never through a shell.
 * Knows: processes, git's commands. Does not know: policies. */
#include "runtime/cli/planning.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { GIT_WORDS = 16, GIT_FILES = 10000 };

static bool read_all(int from, struct buffer *out) {
    char block[65536];
    ssize_t count;
    while (out->length <= LIMIT_SOURCE_BYTES && ((count = read(from, block, sizeof block)) > 0 || (count < 0 && errno == EINTR)))
        if (count > 0)
            buffer_add(out, block, (size_t)count);
    return out->length <= LIMIT_SOURCE_BYTES;
}

/* Runs `git words…` and gives what it prints; false when it fails or is not there. */
static bool run_git(struct buffer *out, const char *const *words) {
    int ends[2];
    pid_t process;
    posix_spawn_file_actions_t actions;
    char *arguments[GIT_WORDS + 2] = {(char *)(uintptr_t) "git"};
    for (int i = 0; i < GIT_WORDS && words[i]; i++)
        arguments[i + 1] = (char *)(uintptr_t)words[i];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    bool is_started = posix_spawnp(&process, "git", &actions, NULL, arguments, environ) == 0;
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    bool is_read = is_started && read_all(ends[0], out);
    close(ends[0]);
    int status = 1;
    while (is_started && waitpid(process, &status, 0) < 0 && errno == EINTR)
        ;
    return is_read && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static const char *line_of(struct arena *arena, const struct buffer *out) {
    const char *text = buffer_string(out);
    return arena_copy(arena, text, strcspn(text, "\n"));
}

/* ---- where a policy comes from ---- */

static const char *folder_of(struct arena *arena, const char *path) {
    struct stat about;
    const char *slash = strrchr(path, '/');
    if (stat(path, &about) == 0 && S_ISDIR(about.st_mode))
        return path;
    return !slash ? "." : slash == path ? "/" : arena_format(arena, "%.*s", (int)(slash - path), path);
}

struct policy_origin git_origin(struct arena *arena, const char *path) {
    struct policy_origin origin = {0};
    struct buffer revision = {0}, differing = {0};
    const char *folder = folder_of(arena, path), *name = strcmp(folder, path) == 0 ? "." : strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    if (run_git(&revision, (const char *const[]){"-C", folder, "rev-parse", "--verify", "--quiet", "HEAD", NULL})) {
        origin.revision = line_of(arena, &revision);
        origin.is_clean = run_git(&differing, (const char *const[]){"-C", folder, "status", "--porcelain", "--untracked-files=all", "--", name, NULL}) && differing.length == 0;
    }
    buffer_free(&revision);
    buffer_free(&differing);
    return origin;
}

/* ---- the files of a revision ---- */

/* REV, or REV:PATH; the object as git names it, from the folder that the run is in on. NULL: git knows none. */
static const char *find_tree(struct arena *arena, const char *name, bool *is_file) {
    struct buffer object = {0}, type = {0};
    const char *wanted = strchr(name, ':') ? name : arena_format(arena, "%s:./", name);
    const char *colon = strchr(wanted, ':');
    if (name[0] == '-')
        return NULL;
    if (strchr(name, ':') && colon[1] != '.' && colon[1] != '/') /* a path is meant from here on, as with folders */
        wanted = arena_format(arena, "%.*s:./%s", (int)(colon - wanted), wanted, colon + 1);
    bool found = run_git(&object, (const char *const[]){"rev-parse", "--verify", "--quiet", "--end-of-options", wanted, NULL});
    const char *hash = found ? line_of(arena, &object) : NULL;
    found = found && run_git(&type, (const char *const[]){"cat-file", "-t", hash, NULL});
    *is_file = found && strncmp(buffer_string(&type), "blob", 4) == 0;
    buffer_free(&object);
    buffer_free(&type);
    return found ? hash : NULL;
}

static bool read_blob(struct arena *arena, const char *hash, const char *path, struct policy_file *file, struct failure *failure, const char *name) {
    struct buffer text = {0};
    bool good = run_git(&text, (const char *const[]){"cat-file", "blob", hash, NULL});
    *file = (struct policy_file){path, good ? arena_copy(arena, buffer_string(&text), text.length) : NULL};
    buffer_free(&text);
    return good || failure_set(failure, DIAG_GIT_FAILED, name, path);
}

/* One line of `ls-tree -r`: "mode type hash\tpath". Links are left out: they may lead anywhere. */
static bool is_policy_file(const char *line, size_t length) {
    return strncmp(line, "100", 3) == 0 && length > 6 && strncmp(line + length - 6, ".remit", 6) == 0 && memchr(line, '\t', length);
}

bool git_read_policy(struct arena *arena, const char *name, struct policy_file **files, int *count, struct failure *failure) {
    bool is_file;
    const char *tree = find_tree(arena, name, &is_file);
    LIST_OF(struct policy_file) list = {0};
    struct policy_file file;
    struct buffer names = {0};
    if (!tree)
        return failure_set(failure, DIAG_POLICY_NOT_FOUND, name);
    bool good = is_file ? read_blob(arena, tree, name, &file, failure, name) : run_git(&names, (const char *const[]){"ls-tree", "-r", "-z", tree, NULL}) || failure_set(failure, DIAG_GIT_FAILED, name, "its files cannot be listed");
    if (good && is_file)
        LIST_ADD(arena, &list, file);
    const char *end = names.bytes + names.length;
    for (const char *line = names.bytes; good && line && line < end && list.count < GIT_FILES; line += strlen(line) + 1) {
        if (!is_policy_file(line, strlen(line)))
            continue;
        const char *tab = strchr(line, '\t'), *hash = strrchr(arena_copy(arena, line, (size_t)(tab - line)), ' ') + 1;
        good = read_blob(arena, hash, arena_format(arena, "%s/%s", name, tab + 1), &file, failure, name);
        if (good)
            LIST_ADD(arena, &list, file);
    }
    buffer_free(&names);
    if (good && !list.count)
        good = failure_set(failure, DIAG_GIT_FAILED, name, "there is no .remit file in it");
    *files = list.items;
    *count = list.count;
    return good;
}
