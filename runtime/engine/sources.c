/* Reading policy sets: files, folders, what they include and use.
 * Knows: files. Does not know: what the texts say. */
#include "lang/base/limits.h"
#include "lang/check/stdlib_text.h"
#include "runtime/engine/session.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Files still to be checked, and where they came from. */
struct reading {
    struct session *session;
    LIST_OF(struct check_input) inputs;
    LIST_OF(const char *) seen; /* paths read */
    const char *folder; /* what the policy brings along is read from nowhere else; NULL: it brings nothing */
    struct failure *failure;
    bool allow_commands;
    bool keep; /* keep the texts as the policy set */
};

struct text {
    char *bytes; /* NULL: there is none */
    size_t length;
};

static bool is_standard_input(const char *path) {
    return strcmp(path, "-") == 0;
}

/* Each text is read once: a pipe gives it once. */
static struct text read_text(struct session *session, const char *path, struct failure *failure) {
    struct stat status;
    FILE *file = is_standard_input(path) ? stdin : fopen(path, "rb");
    if (!file || fstat(fileno(file), &status) != 0 || S_ISDIR(status.st_mode)) {
        if (!file && errno == ENOENT)
            failure_set(failure, DIAG_FILE_NOT_FOUND, path);
        else
            failure_set(failure, DIAG_FILE_UNREADABLE, path, file ? "it is a folder" : strerror(errno));
        if (file)
            fclose(file);
        return (struct text){0};
    }
    if (S_ISREG(status.st_mode) && status.st_size > LIMIT_SOURCE_BYTES) {
        fclose(file);
        failure_set(failure, DIAG_FILE_UNREADABLE, path, "it is larger than 64 MiB");
        return (struct text){0};
    }
    struct buffer bytes = {0};
    char block[65536];
    size_t count;
    while (bytes.length <= LIMIT_SOURCE_BYTES && (count = fread(block, 1, sizeof block, file)) > 0)
        buffer_add(&bytes, block, count);
    struct text text = {0};
    if (ferror(file)) /* a part of a script is no script */
        failure_set(failure, DIAG_FILE_UNREADABLE, path, strerror(errno));
    else
        text = (struct text){arena_copy(session->arena, buffer_string(&bytes), bytes.length), bytes.length};
    if (file != stdin)
        fclose(file);
    buffer_free(&bytes);
    return text;
}

/* ---- what a policy brings along ---- */

/* The folder that a file is in, as it really is. A policy may come from a stranger: what it includes, and what links in its folder lead to, is not read elsewhere. */
static const char *folder_of(struct session *session, const char *path) {
    const char *slash = strrchr(path, '/');
    char *real = realpath(!slash ? "." : arena_format(session->arena, "%.*s/", (int)(slash - path), path), NULL);
    const char *folder = real ? arena_copy_string(session->arena, real) : NULL;
    free(real);
    return folder;
}

/* A plain file within the folder of the policy, whatever links lead to it. */
static bool may_bring(const struct reading *reading, const char *path) {
    struct stat status;
    size_t length = reading->folder ? strlen(reading->folder) : 0;
    char *real = realpath(path, NULL);
    if (!real)
        return failure_set(reading->failure, errno == ENOENT ? DIAG_FILE_NOT_FOUND : DIAG_FILE_UNREADABLE, path, strerror(errno));
    bool is_within = length && strncmp(real, reading->folder, length) == 0 && (real[length] == '/' || length == 1);
    bool is_plain = stat(real, &status) == 0 && S_ISREG(status.st_mode);
    free(real);
    if (!is_within)
        return failure_set(reading->failure, DIAG_INCLUDE_OUTSIDE, path);
    return is_plain || failure_set(reading->failure, DIAG_FILE_UNREADABLE, path, "it is no plain file");
}

static bool read_source(struct reading *reading, const char *path, const char *text, size_t length, bool standard_library, int depth);

static bool use_module(struct reading *reading, const char *name, struct span span) {
    struct session *session = reading->session;
    for (int i = 0; i < session->modules.count; i++)
        if (strcmp(session->modules.items[i], name) == 0)
            return true;
    for (const struct stdlib_module *module = stdlib_modules; module->name; module++)
        if (strcmp(module->name, name) == 0) {
            LIST_ADD(session->arena, &session->modules, module->name);
            return read_source(reading, arena_format(session->arena, "<%s>", name), module->text, module->length, true, 0);
        }
    struct nearest nearest;
    nearest_start(&nearest, name);
    for (const struct stdlib_module *module = stdlib_modules; module->name; module++)
        nearest_offer(&nearest, module->name);
    struct diagnostic *said = diagnostic_add(session->diagnostics, DIAG_UNKNOWN_MODULE, span, name);
    if (nearest.best)
        diagnostic_hint(session->diagnostics, said, "did you mean `%s`?", nearest.best);
    return true;
}

/* Is it met for the first time? */
static bool note_seen(struct reading *reading, const char *path) {
    for (int i = 0; i < reading->seen.count; i++)
        if (strcmp(reading->seen.items[i], path) == 0)
            return false;
    LIST_ADD(reading->session->arena, &reading->seen, arena_copy_string(reading->session->arena, path));
    return true;
}

static bool read_file(struct reading *reading, const char *path, int depth) {
    if (!note_seen(reading, path))
        return true;
    struct text text = {0};
    if (may_bring(reading, path))
        text = read_text(reading->session, path, reading->failure);
    return text.bytes && read_source(reading, path, text.bytes, text.length, false, depth);
}

/* include "x.remit" is looked for beside the file that says it, and never outside its folder. */
static bool include_file(struct reading *reading, const char *from, const char *name, struct span span, int depth) {
    struct session *session = reading->session;
    if (name[0] == '/' || strncmp(name, "../", 3) == 0 || strstr(name, "/../") || depth >= LIMIT_INCLUDE_DEPTH) {
        diagnostic_add(session->diagnostics, depth >= LIMIT_INCLUDE_DEPTH ? DIAG_INCLUDE_TOO_DEEP : DIAG_INCLUDE_OUTSIDE, span, name);
        return true;
    }
    const char *slash = strrchr(from, '/');
    const char *path = slash ? arena_format(session->arena, "%.*s/%s", (int)(slash - from), from, name) : name;
    struct failure failure = {0};
    struct failure *outer = reading->failure;
    reading->failure = &failure;
    bool good = read_file(reading, path, depth + 1);
    reading->failure = outer;
    if (!good && failure.code == DIAG_INCLUDE_OUTSIDE)
        diagnostic_add(session->diagnostics, DIAG_INCLUDE_OUTSIDE, span, name);
    else if (!good && failure.kind != FAILURE_NONE)
        diagnostic_add(session->diagnostics, DIAG_INCLUDE_FAILED, span, name, failure.message);
    return true;
}

static const char *literal_words(const struct node *node) {
    if (node->kind == NODE_NAME)
        return ((const struct node_name *)(const void *)node)->text;
    const struct node_text_literal *literal = (const void *)node;
    if (node->kind == NODE_TEXT_LITERAL && literal->parts.count == 1 && literal->parts.items[0]->kind == NODE_TEXT_PART)
        return ((const struct node_text_part *)(const void *)literal->parts.items[0])->text;
    return "";
}

/* What of a script is policy: its text with the commands blanked out, so that places and comments stay. */
static const char *without_commands(struct session *session, struct node_list items, const char *text, size_t length) {
    char *kept = arena_copy(session->arena, text, length);
    for (int i = 0; i < items.count; i++)
        if (node_is_command(items.items[i]->kind))
            for (uint32_t at = items.items[i]->span.start; at < items.items[i]->span.end && at < length; at++)
                kept[at] = kept[at] == '\n' ? '\n' : ' ';
    return kept;
}

/* The modules and files that a text uses and includes. */
static bool read_needed(struct reading *reading, struct node_list items, const char *path, int depth) {
    for (int i = 0; i < items.count; i++) {
        struct node *node = items.items[i];
        bool good = true;
        if (node->kind == NODE_USE)
            good = use_module(reading, literal_words(AS(use, USE, node)->module), node->span);
        else if (node->kind == NODE_INCLUDE)
            good = include_file(reading, path, literal_words(AS(include, INCLUDE, node)->path), node->span, depth);
        if (!good)
            return false;
    }
    return true;
}

static bool read_source(struct reading *reading, const char *path, const char *text, size_t length, bool standard_library, int depth) {
    struct session *session = reading->session;
    uint32_t file = source_add(session->sources, path, text, length);
    struct parse parse = parse_source(session->arena, session->names, session->diagnostics, file, PARSE_PROGRAM);
    struct node_list items = AS(program, PROGRAM, parse.tree)->items;
    if (!read_needed(reading, items, path, depth))
        return false;
    struct check_input input = {parse.tree, reading->allow_commands && !standard_library, standard_library, parse.error_count > 0};
    LIST_ADD(session->arena, &reading->inputs, input);
    if (reading->keep && !standard_library) {
        struct policy_file kept = {arena_copy_string(session->arena, path), without_commands(session, items, text, length)};
        LIST_ADD(session->arena, &session->policy, kept);
    }
    return true;
}

static int compare_names(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_folder(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* A link to a folder is none: it may lead anywhere, or round in a circle. */
static bool is_own_folder(const char *path) {
    struct stat status;
    return lstat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool read_folder(struct reading *reading, const char *path, int depth) {
    struct arena *arena = reading->session->arena;
    if (depth >= LIMIT_INCLUDE_DEPTH)
        return failure_set(reading->failure, DIAG_FILE_UNREADABLE, path, "it is a folder too deep within folders");
    DIR *folder = opendir(path);
    if (!folder)
        return failure_set(reading->failure, DIAG_FILE_UNREADABLE, path, strerror(errno));
    LIST_OF(const char *) names = {0};
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        const char *full = arena_format(arena, "%s/%s", path, entry->d_name);
        if (entry->d_name[0] != '.' && (text_ends(entry->d_name, ".remit") || is_own_folder(full)))
            LIST_ADD(arena, &names, full);
    }
    closedir(folder);
    if (names.count)
        qsort(names.items, (size_t)names.count, sizeof *names.items, compare_names);
    for (int i = 0; i < names.count; i++)
        if (!(is_own_folder(names.items[i]) ? read_folder(reading, names.items[i], depth + 1) : read_file(reading, names.items[i], 0)))
            return false;
    return true;
}

static bool check_inputs(struct reading *reading) {
    struct session *session = reading->session;
    int errors = session->diagnostics->error_count;
    checker_add(session->checker, reading->inputs.items, reading->inputs.count);
    return session->diagnostics->error_count == errors;
}

static bool load_prelude(struct session *session, struct failure *failure) {
    if (session->modules.count)
        return true;
    struct reading reading = {.session = session, .failure = failure};
    struct span nowhere = {0, 0, 0};
    return use_module(&reading, "prelude", nowhere) && check_inputs(&reading);
}

/* Does the script declare anything of its own? What cannot be read is said when it is read for good. */
static bool declares(const struct text *text) {
    struct arena *scratch = arena_create();
    struct source_set *sources = source_set_create(scratch);
    struct diagnostics *diagnostics = diagnostics_create(scratch, sources);
    struct parse parse = parse_source(scratch, intern_create(scratch), diagnostics, source_add(sources, "", text->bytes, text->length), PARSE_PROGRAM);
    struct node_list items = AS(program, PROGRAM, parse.tree)->items;
    bool found = false;
    for (int i = 0; i < items.count; i++)
        found = found || (!node_is_command(items.items[i]->kind) && items.items[i]->kind != NODE_LANGUAGE && items.items[i]->kind != NODE_USE);
    arena_destroy(scratch);
    return found;
}

/* Texts that are a whole: what they include is among them. */
static bool read_texts(struct reading *reading, const struct policy_file *files, int count) {
    struct session *session = reading->session;
    for (int i = 0; i < count; i++)
        LIST_ADD(session->arena, &reading->seen, files[i].path);
    for (int i = 0; i < count; i++)
        if (!read_source(reading, files[i].path, files[i].text, strlen(files[i].text), false, LIMIT_INCLUDE_DEPTH - 1))
            return false;
    return true;
}

static bool read_saved(struct reading *reading) {
    struct session *session = reading->session;
    struct policy_file *files;
    int count;
    return store_load_policy(session->store, session->arena, &files, &count, reading->failure) && read_texts(reading, files, count);
}

/* What was named: itself wherever it is and whatever its name leads to, and what it brings along. text is of a file. */
static bool read_named(struct reading *reading, const char *path, const struct text *text) {
    const char *name = is_standard_input(path) ? "<stdin>" : path;
    reading->folder = folder_of(reading->session, text->bytes ? name : arena_format(reading->session->arena, "%s/", path));
    if (!text->bytes)
        return read_folder(reading, path, 0);
    return !note_seen(reading, name) || read_source(reading, name, text->bytes, text->length, false, 0);
}

/* A script of commands alone runs under the policy set that the store keeps, and leaves it as it is; one that declares something is a policy set of its own. */
bool session_load(struct session *session, const char *const *paths, int count, bool allow_commands, struct failure *failure) {
    if (!load_prelude(session, failure))
        return false;
    bool is_own = !allow_commands || !session->store || session->policy.count > 0;
    struct text *texts = ARENA_ARRAY(session->arena, struct text, count);
    for (int i = 0; i < count; i++)
        if (!is_folder(paths[i])) {
            texts[i] = read_text(session, paths[i], failure);
            if (!texts[i].bytes)
                return false;
            is_own = is_own || declares(&texts[i]);
        } else
            is_own = true;
    struct reading reading = {.session = session, .failure = failure, .keep = true};
    int errors = session->diagnostics->error_count;
    if (!is_own && !read_saved(&reading))
        return false;
    reading.seen.count = 0; /* a script may have the name of one whose `use` was saved */
    reading.allow_commands = allow_commands;
    int kept = session->policy.count, modules = session->modules.count;
    for (int i = 0; i < count; i++)
        if (!read_named(&reading, paths[i], &texts[i]))
            return false;
    if (!is_own && session->modules.count == modules)
        session->policy.count = kept;
    check_inputs(&reading);
    return session->diagnostics->error_count == errors;
}

bool session_load_texts(struct session *session, const struct policy_file *files, int count, struct failure *failure) {
    struct reading reading = {.session = session, .failure = failure, .keep = true};
    return load_prelude(session, failure) && read_texts(&reading, files, count) && check_inputs(&reading);
}

bool session_load_saved(struct session *session, struct failure *failure) {
    if (!load_prelude(session, failure))
        return false;
    struct reading reading = {.session = session, .failure = failure, .keep = true};
    int errors = session->diagnostics->error_count;
    if (!read_saved(&reading))
        return false;
    check_inputs(&reading);
    if (session->diagnostics->error_count == errors) /* its warnings were said when it was loaded */
        session->diagnostics->list.count = 0;
    return session->diagnostics->error_count == errors;
}

bool session_add_text(struct session *session, const char *name, const char *text, enum parse_mode mode, bool *incomplete, struct failure *failure) {
    if (!load_prelude(session, failure))
        return false;
    struct reading reading = {.session = session, .failure = failure, .allow_commands = true, .folder = folder_of(session, name)};
    int errors = session->diagnostics->error_count, modules = session->modules.count, included = session->included.count;
    uint32_t file = source_add(session->sources, name, text, strlen(text));
    struct parse parse = parse_source(session->arena, session->names, session->diagnostics, file, mode);
    if (incomplete)
        *incomplete = parse.incomplete;
    if (parse.incomplete || parse.error_count)
        return false;
    for (int i = 0; i < included; i++)
        LIST_ADD(session->arena, &reading.seen, session->included.items[i]);
    if (!read_needed(&reading, AS(program, PROGRAM, parse.tree)->items, name, 0))
        return false;
    struct check_input input = {parse.tree, true, false, false};
    LIST_ADD(session->arena, &reading.inputs, input);
    check_inputs(&reading);
    if (session->diagnostics->error_count > errors) { /* what it brought is not there, and may be brought again */
        session->modules.count = modules;
        return false;
    }
    for (int i = included; i < reading.seen.count; i++)
        LIST_ADD(session->arena, &session->included, reading.seen.items[i]);
    return true;
}

struct session_mark session_mark(struct session *session) {
    return (struct session_mark){checker_mark(session->checker), session->modules.count, session->included.count, session->bindings.count};
}

void session_take_back(struct session *session, const struct session_mark *mark) {
    checker_take_back(session->checker, mark->checker);
    session->modules.count = mark->modules;
    session->included.count = mark->included;
    session->bindings.count = mark->bindings;
    session->commands_run = session->program->commands.count;
    if (session->instances_applied > session->program->instances.count) /* it ended a transaction before it failed */
        session->instances_applied = session->program->instances.count;
    session->schema_applied = false; /* records have the fields that they had */
}

const char *session_find_file(struct session *session, const char *path, struct span span) {
    const char *script = span.end > 0 ? source_get(session->sources, span.file)->path : "", *slash = strrchr(script, '/');
    if (path[0] == '/' || !slash || access(path, F_OK) == 0)
        return path;
    const char *beside = arena_format(session->arena, "%.*s%s", (int)(slash + 1 - script), script, path);
    return access(beside, F_OK) == 0 ? beside : path;
}
