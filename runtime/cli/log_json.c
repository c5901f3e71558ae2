/* The log as JSON: one object for each change or version. Knows: the names of its members. Does not know: where they come from. */
#include "runtime/cli/journal.h"

#include <string.h>

static void write_parts(struct buffer *out, const struct journal_entry *entry) {
    buffer_add_string(out, ", \"records\": [");
    for (int i = 0; i < entry->part_count; i++) {
        const struct journal_part *part = &entry->parts[i];
        buffer_add_format(out, "%s{", i ? ", " : "");
        journal_json_text(out, "record", part->record);
        if (part->set)
            journal_json_text(out, "field", part->set);
        journal_json_number(out, "added", part->added);
        journal_json_number(out, "changed", part->changed);
        journal_json_number(out, "removed", part->removed);
        buffer_add_char(out, '}');
    }
    buffer_add_char(out, ']');
}

static void write_row(struct buffer *out, const struct journal_row *row) {
    buffer_add_char(out, '{');
    journal_json_text(out, "record", row->record);
    journal_json_text(out, "key", row->key);
    journal_json_text(out, "what", !row->was ? "added" : !row->is ? "removed" : "changed");
    buffer_add_string(out, ", \"fields\": [");
    for (int i = 0; i < row->value_count; i++) {
        buffer_add_format(out, "%s{", i ? ", " : "");
        journal_json_text(out, "field", row->values[i].field);
        journal_json_text(out, "before", row->values[i].before);
        journal_json_text(out, "after", row->values[i].after);
        buffer_add_char(out, '}');
    }
    buffer_add_string(out, "]}");
}

void log_write_json(struct buffer *out, struct arena *arena, const struct log_change *change) {
    const struct journal_entry *entry = change->entry;
    buffer_add_char(out, '{');
    journal_json_number(out, "number", entry->number);
    journal_json_text(out, "hash", *entry->hash ? entry->hash : NULL);
    journal_json_text(out, "at", journal_time(arena, entry->at));
    journal_json_text(out, "who", entry->who);
    journal_json_text(out, "what", entry->what);
    if (entry->policy)
        journal_json_number(out, "policy", entry->policy);
    else
        journal_json_text(out, "policy", NULL);
    buffer_add_format(out, ", \"new_policy\": %s, \"new_schema\": %s", entry->new_policy ? "true" : "false", entry->new_schema ? "true" : "false");
    write_parts(out, entry);
    if (change->is_full) {
        buffer_add_string(out, ", \"rows\": [");
        for (int i = 0; i < change->row_count; i++) {
            buffer_add_string(out, i ? ", " : "");
            write_row(out, &change->rows[i]);
        }
        buffer_add_char(out, ']');
        journal_json_number(out, "rows_left_out", change->more);
    }
    buffer_add_char(out, '}');
}

void log_version_json(struct buffer *out, struct arena *arena, const struct policy_version *version, const struct policy_version *before) {
    buffer_add_char(out, '{');
    journal_json_number(out, "version", version->number);
    journal_json_number(out, "change", version->change);
    journal_json_text(out, "at", journal_time(arena, version->at));
    journal_json_text(out, "who", version->who);
    journal_json_text(out, "hash", version->meaning);
    journal_json_text(out, "texts", version->texts);
    buffer_add_format(out, ", \"says_the_same\": %s", before && strcmp(before->meaning, version->meaning) == 0 ? "true" : "false");
    journal_json_text(out, "revision", version->origin.revision);
    buffer_add_format(out, ", \"clean\": %s", !version->origin.revision ? "null" : version->origin.is_clean ? "true" : "false");
    journal_json_text(out, "message", version->origin.message);
    buffer_add_char(out, '}');
}
