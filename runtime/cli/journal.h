/* What the commands of the journal share: formats, a store that is only read. Private to log*.c and verify.c. */
#ifndef REMIT_RUNTIME_CLI_JOURNAL_H
#define REMIT_RUNTIME_CLI_JOURNAL_H

#include "runtime/cli/cli.h"
#include "runtime/store/journal.h"

enum journal_format { JOURNAL_TEXT, JOURNAL_JSON, JOURNAL_JSONL };
/* False after saying that the format is none of these. */
bool journal_read_format(const struct arguments *arguments, enum journal_format *format);
/* A session with its store open, into which nothing is written; NULL after saying what is wrong with an option. */
struct session *journal_session(const struct arguments *arguments, struct failure *failure, bool *good);
/* "2026-06-30 00:00:00"; in the arena. */
const char *journal_time(struct arena *arena, int64_t seconds);
/* "name": "text", or null; with a comma before it unless it is the first. */
void journal_json_text(struct buffer *out, const char *name, const char *text);
void journal_json_number(struct buffer *out, const char *name, int64_t number);

/* log_text.c, log_json.c */
struct log_change {
    const struct journal_entry *entry;
    const struct journal_row *rows; /* of --full */
    int row_count;
    int64_t more;
    bool is_full;
};
void log_write_text(struct buffer *out, struct arena *arena, const struct log_change *change);
void log_write_json(struct buffer *out, struct arena *arena, const struct log_change *change);
void log_version_text(struct buffer *out, struct arena *arena, const struct policy_version *version, const struct policy_version *before);
void log_version_json(struct buffer *out, struct arena *arena, const struct policy_version *version, const struct policy_version *before);

#endif
