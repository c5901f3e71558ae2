/* What to do next. See suggest.h. */
#include "runtime/cli/suggest.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

bool suggests_more(const struct session *session) {
    for (int i = 0; i < session->diagnostics->list.count; i++)
        switch (session->diagnostics->list.items[i]->code) {
        case DIAG_UNKNOWN_NAME: case DIAG_UNKNOWN_FIELD: case DIAG_UNKNOWN_KEY: case DIAG_UNKNOWN_ACTOR: case DIAG_UNKNOWN_FUNCTION: case DIAG_UNKNOWN_TYPE: case DIAG_UNKNOWN_RECORD:
        case DIAG_UNKNOWN_REPORT: case DIAG_UNKNOWN_RULE: case DIAG_UNKNOWN_MANDATE: case DIAG_UNKNOWN_RULE_OR_MANDATE:
            return true;
        default:
            break;
        }
    return false;
}

const char *suggest_store(struct session *session) {
    const char *path = session->options.store_path;
    return strcmp(path, "remit.db") == 0 ? "" : arena_format(session->arena, " --store %s", path);
}

/* ---- files and folders ---- */

/* The folder of the file, when other policy files are in it; else NULL. */
static const char *folder_with_others(struct session *session, const char *path) {
    struct stat status;
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *folder = !slash ? "." : slash == path ? "/" : arena_copy(session->arena, path, (size_t)(slash - path));
    DIR *directory = stat(path, &status) == 0 && S_ISREG(status.st_mode) ? opendir(folder) : NULL;
    bool has_others = false;
    for (struct dirent *entry; directory && (entry = readdir(directory)) != NULL;)
        has_others = has_others || (entry->d_name[0] != '.' && text_ends(entry->d_name, ".remit") && strcmp(entry->d_name, name) != 0);
    if (directory)
        closedir(directory);
    return has_others ? folder : NULL;
}

void suggest_folder(struct buffer *note, struct session *session, const char *path) {
    const char *folder = path && suggests_more(session) ? folder_with_others(session, path) : NULL;
    if (folder)
        buffer_add_format(note, "note: `%s` was read alone. If it belongs to a policy of several files, check their folder: `remit check %s`\n", path, folder);
}

/* ---- the policy that the store keeps ---- */

/* Where its files were read: the folder that they are all in, or the one file. */
static const char *path_of_saved(struct session *session) {
    const char *first = session->policy.items[0].path, *slash = strrchr(first, '/');
    size_t length = slash ? (size_t)(slash - first) : 0;
    for (int i = 1; i < session->policy.count && length; i++)
        while (length && (strncmp(session->policy.items[i].path, first, length) != 0 || session->policy.items[i].path[length] != '/'))
            do
                length--;
            while (length && first[length] != '/');
    return length ? arena_copy(session->arena, first, length) : session->policy.count == 1 ? first : ".";
}

void suggest_saved(struct session *session, const struct arguments *arguments, struct failure *failure) {
    if (arguments->values[OPTION_POLICY] || !session->policy.count)
        return;
    const char *path = path_of_saved(session);
    for (int i = 0; i < session->diagnostics->list.count; i++) {
        struct diagnostic *said = session->diagnostics->list.items[i];
        bool is_named = said->code == DIAG_UNKNOWN_REPORT || said->code == DIAG_UNKNOWN_RULE || said->code == DIAG_UNKNOWN_MANDATE || said->code == DIAG_UNKNOWN_RULE_OR_MANDATE;
        if (is_named && !said->hint)
            diagnostic_hint(session->diagnostics, said, "The policy that the store keeps has none of this name. If its files were changed since: `remit check %s`, or name them with `--policy %s`.", path, path);
    }
    if (failure->code == DIAG_NOTHING_TO_DESCRIBE && failure->kind != FAILURE_NONE && !failure->hint[0])
        failure_hint(failure, "The policy that the store keeps has none of this name. If its files were changed since: `remit check %s`, or name them with `--policy %s`.", path, path);
}

static bool is_own(const struct session *session, struct span span) {
    return source_get(session->sources, span.file)->path[0] != '<';
}

static void add_count(const struct session *session, struct buffer *line, int count, const char *word) {
    if (count)
        buffer_add_format(line, "%s%d %s", line->length ? ", " : "", count, count == 1 ? word : plural_of(session->arena, word));
}

void suggest_contents(const struct session *session) {
    const struct program *program = session->program;
    struct buffer line = {0};
    int rules = 0, mandates = 0, reports = 0;
    for (int r = 0; r < program->records.count; r++) {
        int count = 0;
        for (int i = 0; i < program->instances.count; i++)
            count += program->instances.items[i]->record == program->records.items[r] && !program->instances.items[i]->from_standard_library;
        add_count(session, &line, count, program->records.items[r]->name);
    }
    for (int i = 0; i < program->rules.count; i++)
        rules += is_own(session, program->rules.items[i]->span);
    for (int i = 0; i < program->mandates.count; i++)
        mandates += is_own(session, program->mandates.items[i]->span);
    for (int i = 0; i < program->reports.count; i++)
        reports += is_own(session, program->reports.items[i]->span);
    add_count(session, &line, rules, "rule");
    add_count(session, &line, mandates, "mandate");
    add_count(session, &line, reports, "report");
    add_count(session, &line, program->tests.count, "test");
    for (int i = 0; i < session->modules.count; i++)
        if (strcmp(session->modules.items[i], "prelude") != 0)
            buffer_add_format(&line, "%swhat `use %s` brings", line.length ? ", " : "", session->modules.items[i]);
    session_speaks(session);
    fprintf(session->options.err, "the policy of this store: %s\n", line.length ? buffer_string(&line) : "nothing");
    buffer_free(&line);
}
