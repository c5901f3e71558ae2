/* The command `baseline KEY "Gate 2"`: what a record and all that hangs on it was is fixed under a name.
 * Knows: the record `baseline`, the transaction under way. Does not know: how the past is read.
 *
 * A baseline is a change, and stands for the state that it left. Where the transaction under way has changed nothing yet that is the last change before it, so that what the script changes
 * after it is no part of the baseline; otherwise it is this transaction, as it will have ended. */
#include "runtime/engine/scratch.h"
#include "runtime/engine/session.h"

#include <string.h>

static int64_t find_change(struct session *session) {
    struct store *store = session->store;
    bool only_baselines = session->baseline_change == store_change_number(store) && session->baseline_writes == store_write_count(store);
    return store_change_number(store) - (store_write_count(store) == 0 || only_baselines);
}

static bool write_baseline(struct session *session, const char *type, const char *key, const char *label, struct failure *failure) {
    static const char *const names[] = {"record", "element", "label", "change", "on", "by"};
    enum { FIELDS = sizeof names / sizeof *names };
    struct record_type *record = program_find_record(session->program, "baseline");
    struct value values[FIELDS] = {scratch_text(type), scratch_text(key), scratch_text(label), value_int(find_change(session)), value_int(session->options.today), scratch_text(session->options.who)};
    struct field *fields[FIELDS];
    for (int f = 0; f < FIELDS; f++)
        fields[f] = record_find_field(record, names[f]);
    bool is_first = values[3].integer < store_change_number(session->store);
    struct store_row row = {record, FIELDS, fields, values};
    int64_t id;
    if (!store_insert(session->store, &row, &id, failure))
        return false;
    session->baseline_change = is_first ? store_change_number(session->store) : 0;
    session->baseline_writes = store_write_count(session->store);
    return true;
}

bool session_baseline(struct session *session, const struct tcommand *command, struct failure *failure) {
    struct value id, there;
    struct record_type *record = command->value->type.record;
    const char *key;
    if (!session_evaluate(session, command->value, &id, failure) || !session_key_of(session, record, id.integer, session->arena, &key, failure))
        return false;
    if (!store_find_baseline(session->store, scratch_text(record->name), scratch_text(key), BASELINE_LABELLED, scratch_text(command->name), &there, failure))
        return false;
    if (there.kind != VALUE_MISSING)
        return failure_set(failure, DIAG_BASELINE_TWICE, record->name, key, command->name);
    return write_baseline(session, record->name, key, command->name, failure);
}
