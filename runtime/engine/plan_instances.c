/* The records that policies declare: what a changed declaration does to its row, and rows that differ from what was last declared of them (drift). See plan.h.
 * Knows: declared records, rows. Does not know: how they are put (apply.c). */
#include "runtime/engine/plan.h"
#include "runtime/engine/scratch.h"

#include <string.h>

const char *plan_value_words(struct plan *plan, struct session *session, struct value value, struct type type, struct failure *failure) {
    const char *key = NULL;
    if (value.kind == VALUE_INT && type.kind == TYPE_RECORD && session_key_of(session, type.record, value.integer, plan->arena, &key, failure) && key)
        return key;
    struct buffer out = {0};
    value_write(&out, value, type, VALUE_SHOWN);
    const char *words = arena_copy_string(plan->arena, buffer_string(&out));
    buffer_free(&out);
    return words;
}

/* Will the new policy put this record anew? */
static bool is_set_back(const struct plan *plan, const struct tinstance *instance) {
    for (int i = 0; i < plan->diff->changes.count; i++) {
        const struct diff_change *change = &plan->diff->changes.items[i];
        if (change->what == DIFF_INSTANCE && change->new && strcmp(change->record, instance->record->name) == 0 && change->key && instance->key && strcmp(change->key, instance->key) == 0)
            return true;
    }
    return false;
}

static void add_drift(struct plan *plan, const struct tinstance *instance, const char *key, const char *field, const char *declared, const char *found) {
    struct plan_drift drift = {instance->record->name, key, field, declared, found, is_set_back(plan, instance)};
    LIST_ADD(plan->arena, &plan->drift, drift);
}

static bool read_value(struct plan *plan, const struct field *field, int64_t id, struct value *value, struct failure *failure) {
    const char *sql = arena_format(plan->arena, "SELECT %s FROM %s WHERE _id = ?1", store_column_name(plan->arena, field), store_table_name(plan->arena, field->record));
    struct statement *statement = store_prepare(plan->new->store, sql, failure);
    if (!statement)
        return false;
    statement_bind(statement, 1, value_int(id));
    enum statement_step step = statement_step(statement, failure);
    *value = step == STATEMENT_ROW ? value_keep(plan->arena, statement_value(statement, 0)) : value_missing();
    statement_close(statement);
    return step != STATEMENT_FAILED;
}

static bool compare_field(struct plan *plan, const struct tinstance *instance, const char *key, const struct field *field, struct value declared, int64_t id, struct failure *failure) {
    struct value found;
    if (!read_value(plan, field, id, &found, failure))
        return false;
    if (declared.kind == found.kind && value_compare(declared, found) == 0)
        return true;
    const char *name = field->index == FIELD_OWN_TITLE ? "name" : field->name;
    add_drift(plan, instance, key, name, plan_value_words(plan, plan->old, declared, field->type, failure), plan_value_words(plan, plan->old, found, field->type, failure));
    return failure->kind == FAILURE_NONE;
}

static bool compare_instance(struct plan *plan, const struct tinstance *instance, struct failure *failure) {
    struct declared_values declared;
    struct failure ignored = {0};
    int64_t id = 0;
    if (!session_declared_values(plan->old, instance, &declared, &id, &ignored)) /* what it refers to is not there: so much for comparing */
        return failure->kind == FAILURE_NONE;
    const char *key = instance->key;
    if (!id && !key)
        return true;
    if (!id) {
        add_drift(plan, instance, key, NULL, NULL, NULL);
        return true;
    }
    if (!key && !session_key_of(plan->old, instance->record, id, plan->arena, &key, failure))
        return false;
    for (int i = 0; i < declared.count; i++)
        if (declared.fields[i]->index != FIELD_OWN_KEY && !compare_field(plan, instance, key, declared.fields[i], declared.values[i], id, failure))
            return false;
    return true;
}

bool plan_find_drift(struct plan *plan, struct failure *failure) {
    const struct program *old = plan->old->program;
    for (int i = 0; i < old->instances.count; i++)
        if ((old->instances.items[i]->key || old->instances.items[i]->record->key_count) && !compare_instance(plan, old->instances.items[i], failure))
            return false;
    for (int i = 0; i < plan->diff->changes.count; i++) {
        const struct diff_change *change = &plan->diff->changes.items[i];
        struct plan_instance instance = {change, change->kind == DIFF_REMOVED ? "the row stays in the store; `remove` takes it out" : NULL};
        if (change->what == DIFF_INSTANCE)
            LIST_ADD(plan->arena, &plan->instances, instance);
    }
    return true;
}
