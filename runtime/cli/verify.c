/* remit verify: is the journal what it was? Exit status 0: it is; 1: it is not, or its end is not where the anchor says. */
#include "runtime/cli/journal.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { ANCHOR_LENGTH = 64 };

struct report {
    struct session *session;
    const struct journal_verdict *verdict;
    const char *anchor;
    struct journal_entry *entries; /* the last one first */
    int entry_count;
};

/* ---- the anchor: a hash, or a file in which one stands ---- */

static const char *find_hash(struct arena *arena, const char *text) {
    for (const char *at = text; *at;) {
        size_t length = strspn(at, "0123456789abcdefABCDEF");
        if (length == ANCHOR_LENGTH) {
            char *hash = arena_copy(arena, at, length);
            for (char *c = hash; *c; c++)
                *c = (char)tolower((unsigned char)*c);
            return hash;
        }
        at += length ? length : 1;
    }
    return NULL;
}

static bool read_anchor(struct report *report, const char *given, struct failure *failure) {
    enum { FILE_BYTES_MOST = 65536 };
    struct arena *arena = report->session->arena;
    if (!given)
        return true;
    report->anchor = strlen(given) == ANCHOR_LENGTH ? find_hash(arena, given) : NULL;
    if (report->anchor)
        return true;
    FILE *file = fopen(given, "r");
    if (!file)
        return failure_set(failure, DIAG_JOURNAL_NO_ANCHOR, given, "it is neither a hash nor a file that can be read");
    char *text = arena_alloc(arena, FILE_BYTES_MOST + 1);
    size_t length = fread(text, 1, FILE_BYTES_MOST, file);
    text[length] = '\0';
    fclose(file);
    report->anchor = find_hash(arena, text);
    return report->anchor || failure_set(failure, DIAG_JOURNAL_NO_ANCHOR, given, "no hash stands in the file");
}

/* ---- what was found ---- */

static const struct journal_entry *entry_of(const struct report *report, int64_t number) {
    for (int i = 0; i < report->entry_count; i++)
        if (report->entries[i].number == number)
            return &report->entries[i];
    return NULL;
}

static bool is_after_all(const struct report *report, const struct journal_fault *fault) {
    return !report->entry_count || fault->change > report->entries[0].number;
}

static const char *key_of(const struct report *report, const struct journal_fault *fault) {
    return fault->id && fault->record ? journal_key(report->session->store, report->session->arena, fault->record, fault->id) : NULL;
}

static bool is_good(const struct report *report) {
    return !report->verdict->faults_found && (!report->anchor || report->verdict->anchor);
}

static void write_fault(struct buffer *out, const struct report *report, const struct journal_fault *fault) {
    const char *key = key_of(report, fault);
    if (is_after_all(report, fault))
        buffer_add_string(out, "  after the last change: ");
    else
        buffer_add_format(out, "  change %lld: ", (long long)fault->change);
    if (fault->record)
        buffer_add_format(out, "%s%s%s%s%s: ", fault->record, fault->set ? "." : "", fault->set ? fault->set : "", key ? " " : "", key ? key : "");
    buffer_add_format(out, "%s\n", fault->problem);
}

static void write_faults(struct buffer *out, const struct report *report) {
    const struct journal_verdict *verdict = report->verdict;
    const struct journal_fault *first = &verdict->faults[0];
    const struct journal_entry *entry = entry_of(report, first->change);
    if (is_after_all(report, first))
        buffer_add_string(out, "the store is not what its journal says: it was edited after the last change\n");
    else if (entry)
        buffer_add_format(out, "the store is not what its journal says, from change %lld on: %s, %s, %s\n", (long long)first->change, journal_time(report->session->arena, entry->at), entry->who,
                          entry->what);
    else
        buffer_add_format(out, "the store is not what its journal says, from change %lld on\n", (long long)first->change);
    for (int i = 0; i < verdict->fault_count; i++)
        write_fault(out, report, &verdict->faults[i]);
    if (verdict->faults_found > verdict->fault_count)
        buffer_add_format(out, "  and %lld more\n", (long long)(verdict->faults_found - verdict->fault_count));
}

static void write_text(struct buffer *out, const struct report *report) {
    const struct journal_verdict *verdict = report->verdict;
    if (verdict->faults_found)
        write_faults(out, report);
    else if (verdict->changes)
        buffer_add_format(out, "the store is what its journal says: %lld change%s, %lld rows\nhead %s\n", (long long)verdict->changes, verdict->changes == 1 ? "" : "s", (long long)verdict->rows,
                          verdict->head);
    else
        buffer_add_string(out, "nothing was written to this store yet\n");
    if (!report->anchor)
        return;
    int64_t last = report->entry_count ? report->entries[0].number : 0;
    if (!verdict->anchor)
        buffer_add_string(out, "the anchor is the hash of none of its changes: the end of the journal was cut off, or the journal was made anew, or it is another store's\n");
    else if (verdict->anchor == last)
        buffer_add_string(out, "the anchor is its head\n");
    else
        buffer_add_format(out, "the anchor is the hash of change %lld; %lld came after it\n", (long long)verdict->anchor, (long long)(last - verdict->anchor));
}

static void write_json(struct buffer *out, const struct report *report, enum journal_format format) {
    const struct journal_verdict *verdict = report->verdict;
    const char *space = format == JOURNAL_JSON ? "\n  " : "";
    buffer_add_format(out, "{\"good\": %s, \"changes\": %lld, \"rows\": %lld", is_good(report) ? "true" : "false", (long long)verdict->changes, (long long)verdict->rows);
    journal_json_text(out, "head", *verdict->head ? verdict->head : NULL);
    if (report->anchor) {
        journal_json_text(out, "anchor", report->anchor);
        if (verdict->anchor)
            journal_json_number(out, "anchor_change", verdict->anchor);
        else
            journal_json_text(out, "anchor_change", NULL);
    }
    journal_json_number(out, "faults_found", verdict->faults_found);
    buffer_add_string(out, ", \"faults\": [");
    for (int i = 0; i < verdict->fault_count; i++) {
        const struct journal_fault *fault = &verdict->faults[i];
        const struct journal_entry *entry = entry_of(report, fault->change);
        buffer_add_format(out, "%s%s{", i ? "," : "", space);
        if (is_after_all(report, fault))
            journal_json_text(out, "change", NULL);
        else
            journal_json_number(out, "change", fault->change);
        journal_json_text(out, "at", entry ? journal_time(report->session->arena, entry->at) : NULL);
        journal_json_text(out, "who", entry ? entry->who : NULL);
        journal_json_text(out, "what", entry ? entry->what : NULL);
        journal_json_text(out, "record", fault->record);
        journal_json_text(out, "field", fault->set);
        journal_json_text(out, "key", key_of(report, fault));
        journal_json_text(out, "problem", fault->problem);
        buffer_add_char(out, '}');
    }
    buffer_add_format(out, "%s]}\n", verdict->fault_count && format == JOURNAL_JSON ? "\n" : "");
}

static bool verify(struct report *report, enum journal_format format, struct failure *failure) {
    struct journal_verdict *verdict;
    struct journal_filter all = {0};
    struct session *session = report->session;
    session_works_on(session, "verifying the journal");
    if (!journal_verify(session->store, session->arena, report->anchor, &verdict, failure) || !journal_read(session->store, session->arena, &all, &report->entries, &report->entry_count, failure))
        return false;
    report->verdict = verdict;
    struct buffer text = {0};
    if (format == JOURNAL_TEXT)
        write_text(&text, report);
    else
        write_json(&text, report, format);
    session_speaks(session);
    fputs(buffer_string(&text), session->options.out);
    buffer_free(&text);
    if (!is_good(report))
        session->exit_status = STATUS_FOUND;
    return true;
}

int cli_verify(const struct arguments *arguments) {
    struct report report = {0};
    struct failure failure = {0};
    enum journal_format format;
    if (!cli_words(arguments, 0, 0))
        return cli_misuse(arguments, "verify", "it takes no words");
    if (!journal_read_format(arguments, &format))
        return STATUS_WRONG;
    bool good;
    report.session = journal_session(arguments, &failure, &good);
    if (!report.session)
        return STATUS_WRONG;
    good = good && read_anchor(&report, arguments->values[OPTION_ANCHOR], &failure) && verify(&report, format, &failure);
    return cli_end(report.session, good, &failure);
}
