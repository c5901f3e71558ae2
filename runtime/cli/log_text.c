/* The log as text. Knows: how a change is laid out for people. Does not know: where it comes from. */
#include "runtime/cli/journal.h"

#include <string.h>

static void write_counts(struct buffer *out, const struct journal_part *part) {
    const struct {
        int64_t count;
        const char *words;
    } counts[] = {{part->added, "added"}, {part->changed, "changed"}, {part->removed, "removed"}};
    const char *before = "";
    for (int i = 0; i < 3; i++)
        if (counts[i].count) {
            buffer_add_format(out, "%s%lld %s", before, (long long)counts[i].count, counts[i].words);
            before = ", ";
        }
}

static const char *name_of(struct arena *arena, const struct journal_part *part) {
    return part->set ? arena_format(arena, "%s.%s", part->record, part->set) : part->record;
}

static void write_parts(struct buffer *out, struct arena *arena, const struct journal_entry *entry) {
    int widest = 0;
    for (int i = 0; i < entry->part_count; i++) {
        int width = (int)strlen(name_of(arena, &entry->parts[i]));
        widest = width > widest ? width : widest;
    }
    for (int i = 0; i < entry->part_count; i++) {
        buffer_add_format(out, "%s    %-*s  ", i ? "" : "\n", widest, name_of(arena, &entry->parts[i]));
        write_counts(out, &entry->parts[i]);
        buffer_add_char(out, '\n');
    }
}

static void write_row(struct buffer *out, const struct journal_row *row) {
    buffer_add_format(out, "\n    %s %s%s\n", row->record, row->key, !row->was ? " added" : !row->is ? " removed" : "");
    for (int i = 0; i < row->value_count; i++) {
        const struct journal_value *value = &row->values[i];
        const char *before = value->before ? value->before : "\xe2\x80\x94", *after = value->after ? value->after : "\xe2\x80\x94";
        if (!row->was || !row->is)
            buffer_add_format(out, "      %s: %s\n", value->field, row->is ? after : before);
        else
            buffer_add_format(out, "      %s: %s \xe2\x86\x92 %s\n", value->field, before, after);
    }
}

/* Lines of a text, each indented as git does it. */
static void write_words(struct buffer *out, const char *text) {
    buffer_add_char(out, '\n');
    for (const char *line = text; *line;) {
        size_t length = strcspn(line, "\n");
        buffer_add_string(out, "    ");
        buffer_add(out, line, length);
        buffer_add_char(out, '\n');
        line += length + (line[length] == '\n');
    }
}

void log_write_text(struct buffer *out, struct arena *arena, const struct log_change *change) {
    const struct journal_entry *entry = change->entry;
    buffer_add_format(out, "change %lld%s%s\nWho:    %s\nWhen:   %s\n", (long long)entry->number, *entry->hash ? " " : "", entry->hash, entry->who, journal_time(arena, entry->at));
    if (entry->policy)
        buffer_add_format(out, "Policy: version %lld%s\n", (long long)entry->policy, entry->new_policy ? ", new with this change" : "");
    if (*entry->what)
        write_words(out, entry->what);
    write_parts(out, arena, entry);
    if (entry->new_schema && !change->is_full && !entry->part_count)
        buffer_add_string(out, "\n    the shape of the records changed\n");
    for (int i = 0; i < change->row_count; i++)
        write_row(out, &change->rows[i]);
    if (change->more)
        buffer_add_format(out, "\n    and %lld more rows\n", (long long)change->more);
}

void log_version_text(struct buffer *out, struct arena *arena, const struct policy_version *version, const struct policy_version *before) {
    buffer_add_format(out, "version %lld %s\nWho:    %s\nWhen:   %s\nChange: %lld\n", (long long)version->number, version->meaning, version->who, journal_time(arena, version->at),
                      (long long)version->change);
    if (version->origin.revision)
        buffer_add_format(out, "Git:    %s%s\n", version->origin.revision, version->origin.is_clean ? "" : ", and what was not committed");
    if (before && strcmp(before->meaning, version->meaning) == 0)
        buffer_add_format(out, "\n    says the same as version %lld: only comments, layout or the names of files differ\n", (long long)before->number);
    if (version->origin.message && *version->origin.message)
        write_words(out, version->origin.message);
}
