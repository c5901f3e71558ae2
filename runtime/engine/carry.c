/* What the store keeps under the old name of a rule, a mandate or a record type goes on under the new one: findings, obligations, decisions, waivers. `was` says which.
 * Knows: the records that name such things. Does not know: how tables are renamed (store/rename.c).
 * Where the store has the new name already, `was` is history, and nothing is done. */
#include "runtime/engine/carry.h"
#include "runtime/engine/scratch.h"

#include <string.h>

enum named { NAMED_RULE, NAMED_MANDATE, NAMED_RECORD };
static const struct {
    enum named what;
    const char *record, *field;
} names[] = {
    {NAMED_RULE, "finding", "rule"},        {NAMED_RECORD, "finding", "record"},
    {NAMED_MANDATE, "obligation", "mandate"}, {NAMED_RECORD, "obligation", "record"},
    {NAMED_MANDATE, "decision", "gate"},    {NAMED_RECORD, "decision", "record"},
    {NAMED_MANDATE, "waiver", "mandate"},
};

static bool carry(struct session *session, enum named what, const char *was, const char *name, struct failure *failure) {
    for (size_t i = 0; was && i < sizeof names / sizeof *names; i++) {
        const struct record_type *record = program_find_record(session->program, names[i].record);
        const struct field *field = record ? record_find_field(record, names[i].field) : NULL;
        if (names[i].what != what || !field)
            continue;
        struct value values[] = {value_text(name, strlen(name)), value_text(was, strlen(was))};
        const char *column = store_column_name(session->arena, field);
        struct store_change change = {.record = record, .parameters = values, .parameter_count = 2, .keeps_old = true, .set = arena_format(session->arena, "%s = ?1", column),
                                      .condition = arena_format(session->arena, "t.%s = ?2 AND ?1 <> ?2 AND NOT EXISTS (SELECT 1 FROM %s WHERE %s = ?1)", column, store_table_name(session->arena, record), column)};
        if (!store_change_rows(session->store, &change, failure))
            return false;
    }
    return true;
}

bool carry_names(struct session *session, struct failure *failure) {
    const struct program *program = session->program;
    for (int i = 0; i < program->records.count; i++)
        if (!carry(session, NAMED_RECORD, program->records.items[i]->was, program->records.items[i]->name, failure))
            return false;
    for (int i = 0; i < program->rules.count; i++)
        if (!carry(session, NAMED_RULE, program->rules.items[i]->was, program->rules.items[i]->name, failure))
            return false;
    for (int i = 0; i < program->mandates.count; i++)
        if (!carry(session, NAMED_MANDATE, program->mandates.items[i]->was, program->mandates.items[i]->name, failure))
            return false;
    return true;
}
