/* remit log: the changes of the store, or the versions of its policy set. How they are written: log_text.c, log_json.c. */
#include "runtime/cli/journal.h"
#include "lang/base/civil.h"
#include "lang/base/intern.h"

#include <stdlib.h>
#include <string.h>

/* ---- what is shared with verify ---- */

bool journal_read_format(const struct arguments *arguments, enum journal_format *format) {
    static const char *const names[] = {"text", "json", "jsonl"};
    const char *given = arguments->values[OPTION_FORMAT];
    *format = JOURNAL_TEXT;
    for (int i = 0; given && i < 3; i++)
        if (strcmp(given, names[i]) == 0) {
            *format = (enum journal_format)i;
            return true;
        }
    return !given || cli_bad_value("format", given, "it is text, json or jsonl");
}

struct session *journal_session(const struct arguments *arguments, struct failure *failure, bool *good) {
    struct arguments plain = *arguments;
    plain.values[OPTION_FORMAT] = NULL;
    struct session *session = cli_session(&plain, true); /* what an interrupted writer left must be taken back before anything can be read */
    *good = session && session_open_store(session, failure);
    if (*good && store_is_absent(session->store)) {
        *good = failure_set(failure, DIAG_STORE_NOT_FOUND, session->options.store_path);
        failure_hint(failure, "Name one with `--store FILE`, or make it by loading something into it.");
    }
    return session;
}

const char *journal_time(struct arena *arena, int64_t seconds) {
    struct buffer text = {0};
    value_write(&text, value_int(seconds), (struct type){.kind = TYPE_DATETIME}, VALUE_SHOWN);
    const char *result = arena_copy_string(arena, buffer_string(&text));
    buffer_free(&text);
    return result;
}

void journal_json_text(struct buffer *out, const char *name, const char *text) {
    buffer_add_format(out, "%s\"%s\": ", out->length && out->bytes[out->length - 1] != '{' ? ", " : "", name);
    if (text)
        json_write_text(out, text, strlen(text));
    else
        buffer_add_string(out, "null");
}

void journal_json_number(struct buffer *out, const char *name, int64_t number) {
    buffer_add_format(out, "%s\"%s\": %lld", out->length && out->bytes[out->length - 1] != '{' ? ", " : "", name, (long long)number);
}

/* ---- which changes ---- */

struct log {
    struct session *session;
    struct arena *arena;
    enum journal_format format;
    const char *name; /* of a record or a row; NULL: everything */
    const char *record;
    int64_t id;
    LIST_OF(const char *) records; /* all that the store knows */
    struct journal_filter filter;
    bool is_full;
};

static void note_record(void *context, const char *record) {
    struct log *log = context;
    LIST_ADD(log->arena, &log->records, record);
}

/* The name of a record, or the key of a row of any. */
static bool find_name(struct log *log, struct failure *failure) {
    struct store *store = log->session->store;
    if (!log->name)
        return true;
    if (!journal_each_record(store, log, note_record, failure))
        return false;
    for (int i = 0; i < log->records.count; i++)
        if (strcmp(log->records.items[i], log->name) == 0)
            log->filter.record = log->name;
    for (int i = 0; i < log->records.count && !log->filter.record; i++) {
        if (!journal_find_key(store, log->arena, log->records.items[i], log->name, &log->filter.id, failure))
            return false;
        if (log->filter.id)
            log->filter.record = log->records.items[i];
    }
    if (log->filter.record)
        return true;
    struct nearest nearest;
    nearest_start(&nearest, log->name);
    for (int i = 0; i < log->records.count; i++)
        nearest_offer(&nearest, log->records.items[i]);
    failure_set(failure, DIAG_JOURNAL_NOTHING_SO_CALLED, log->name);
    if (nearest.best)
        failure_hint(failure, "Did you mean `%s`?", nearest.best);
    return false;
}

static bool read_most(struct log *log, const char *given) {
    char *end;
    if (!given)
        return true;
    log->filter.most = strtoll(given, &end, 10);
    return (!*end && log->filter.most > 0) || cli_bad_value("last", given, "write how many, as 10");
}

/* ---- changes ---- */

static bool read_rows(struct log *log, const struct journal_entry *entry, struct log_change *change, struct failure *failure) {
    enum { ROWS_MOST = 1000 /* of one record of one change: beyond, a query says more than a log */ };
    struct journal_row *rows;
    int count, kept = 0;
    if (!journal_rows(log->session->store, log->arena, entry, log->filter.record, log->filter.id ? 0 : ROWS_MOST, &rows, &count, &change->more, failure))
        return false;
    for (int i = 0; i < count; i++)
        if (!log->filter.id || rows[i].id == log->filter.id)
            rows[kept++] = rows[i];
    change->rows = rows;
    change->row_count = kept;
    return true;
}

static bool show_changes(struct log *log, struct failure *failure) {
    struct journal_entry *entries;
    int count;
    FILE *out = log->session->options.out;
    if (!find_name(log, failure) || !journal_read(log->session->store, log->arena, &log->filter, &entries, &count, failure))
        return false;
    fputs(log->format == JOURNAL_JSON ? "[" : "", out);
    for (int i = 0; i < count; i++) {
        struct log_change change = {.entry = &entries[i], .is_full = log->is_full};
        struct buffer text = {0};
        if (log->is_full && !read_rows(log, &entries[i], &change, failure))
            return false;
        if (log->format == JOURNAL_TEXT)
            log_write_text(&text, log->arena, &change);
        else
            log_write_json(&text, log->arena, &change);
        const char *before = log->format == JOURNAL_JSON ? (i ? ",\n " : "\n ") : log->format == JOURNAL_TEXT && i ? "\n" : "";
        fprintf(out, "%s%s%s", before, buffer_string(&text), log->format == JOURNAL_JSONL ? "\n" : "");
        buffer_free(&text);
    }
    fputs(log->format == JOURNAL_JSON ? (count ? "\n]\n" : "]\n") : "", out);
    return true;
}

static bool show_versions(struct log *log, struct failure *failure) {
    struct policy_version *versions;
    int count;
    FILE *out = log->session->options.out;
    if (!store_list_policy_versions(log->session->store, log->arena, &versions, &count, failure))
        return false;
    int least = log->filter.most && count > log->filter.most ? count - (int)log->filter.most : 0;
    fputs(log->format == JOURNAL_JSON ? "[" : "", out);
    for (int i = count - 1; i >= least; i--) {
        struct buffer text = {0};
        const struct policy_version *before = i ? &versions[i - 1] : NULL;
        if (log->format == JOURNAL_TEXT)
            log_version_text(&text, log->arena, &versions[i], before);
        else
            log_version_json(&text, log->arena, &versions[i], before);
        bool is_first = i == count - 1;
        const char *between = log->format == JOURNAL_JSON ? (is_first ? "\n " : ",\n ") : log->format == JOURNAL_TEXT && !is_first ? "\n" : "";
        fprintf(out, "%s%s%s", between, buffer_string(&text), log->format == JOURNAL_JSONL ? "\n" : "");
        buffer_free(&text);
    }
    fputs(log->format == JOURNAL_JSON ? (count ? "\n]\n" : "]\n") : "", out);
    return true;
}

/* Of a store in which nothing was ever written there is no head, which whoever keeps it must hear. */
static bool show_head(struct log *log, struct failure *failure) {
    const char *hash;
    int64_t number;
    if (!journal_head(log->session->store, log->arena, &hash, &number, failure))
        return false;
    if (!number)
        return failure_set(failure, DIAG_JOURNAL_EMPTY, log->session->options.store_path);
    fprintf(log->session->options.out, "%s\n", hash);
    return true;
}

int cli_log(const struct arguments *arguments) {
    struct log log = {.is_full = arguments->values[OPTION_FULL] != NULL};
    struct failure failure = {0};
    if (!cli_words(arguments, 0, 1))
        return cli_misuse(arguments, "log", "one name or key at most");
    if (arguments->word_count && (arguments->values[OPTION_HEAD] || arguments->values[OPTION_VERSIONS]))
        return cli_misuse(arguments, "log", "a name or key goes with neither --head nor --policy");
    if (!journal_read_format(arguments, &log.format) || !read_most(&log, arguments->values[OPTION_LAST]))
        return STATUS_WRONG;
    bool good;
    log.session = journal_session(arguments, &failure, &good);
    if (!log.session)
        return STATUS_WRONG;
    log.arena = log.session->arena;
    log.name = arguments->word_count ? arguments->words[0] : NULL;
    if (good)
        good = arguments->values[OPTION_HEAD] ? show_head(&log, &failure) : arguments->values[OPTION_VERSIONS] ? show_versions(&log, &failure) : show_changes(&log, &failure);
    return cli_end(log.session, good, &failure);
}
