/* The store in step with the program: schema, declared records, the saved policy set. See session.h.
 * A declared record is put when its declaration is new or has changed, or when it is not there; what commands have changed of it since stays.
 * Declared records may refer to one another in any order: each is written after those it needs; where they go round in a circle, the references that may be missing
 * are set afterwards. */
#include "runtime/engine/carry.h"
#include "runtime/engine/gates.h"
#include "runtime/engine/guard.h"

#include <sha256.h>
#include <stdlib.h>
#include <string.h>

/* ---- one declared record ---- */

struct row_values {
    struct field **fields;
    struct value *values;
    int count;
    int given; /* the first so many are said; the others are defaults, for a row that is new */
};

static void add_value(struct row_values *row, struct field *field, struct value value) {
    row->fields[row->count] = field;
    row->values[row->count++] = value;
}

static bool missing_key(const struct texpr *reference, struct failure *failure) {
    failure_set(failure, DIAG_KEY_NOT_IN_STORE, reference->type.record->name, reference->text);
    failure->span = reference->span;
    failure->has_span = true;
    return false;
}

static bool assigned_value(struct session *session, const struct texpr *expression, struct value *value, struct failure *failure) {
    if (expression->kind == TEXPR_CONSTANT) {
        *value = value_from_constant(expression->type, &expression->constant);
        return true;
    }
    if (expression->kind == TEXPR_MISSING) {
        *value = value_missing();
        return true;
    }
    if (expression->kind == TEXPR_REFERENCE) {
        int64_t id;
        if (!store_find_key(session->store, expression->type.record, expression->text, strlen(expression->text), &id, failure))
            return false;
        *value = value_int(id);
        return id != 0 || missing_key(expression, failure);
    }
    return session_evaluate(session, expression, value, failure);
}

/* The values of all stored fields: given ones, defaults, and own key and title. */
static bool row_of_instance(struct session *session, const struct tinstance *instance, const bool *deferred, struct row_values *row, struct failure *failure) {
    struct record_type *record = instance->record;
    row->fields = ARENA_ARRAY(session->arena, struct field *, record->field_count);
    row->values = ARENA_ARRAY(session->arena, struct value, record->field_count);
    row->count = 0;
    bool *given = ARENA_ARRAY(session->arena, bool, record->field_count);
    if (instance->key)
        add_value(row, record->fields[FIELD_OWN_KEY], value_text(instance->key, strlen(instance->key)));
    if (instance->title)
        add_value(row, record->fields[FIELD_OWN_TITLE], value_text(instance->title, strlen(instance->title)));
    for (int i = 0; i < instance->assignment_count; i++) {
        const struct tassignment *assignment = &instance->assignments[i];
        given[assignment->field->index] = true;
        if (assignment->field->kind != FIELD_STORED || (deferred && deferred[i]))
            continue;
        struct value value;
        if (!assigned_value(session, assignment->value, &value, failure))
            return false;
        add_value(row, assignment->field, value_keep(session->arena, value));
    }
    row->given = row->count;
    for (int f = FIELD_FIRST_OWN; f < record->field_count; f++) {
        struct field *field = record->fields[f];
        if (field->kind != FIELD_STORED || given[f] || !field->standard)
            continue;
        struct value value;
        if (!assigned_value(session, field->standard, &value, failure))
            return false;
        add_value(row, field, value_keep(session->arena, value));
    }
    return true;
}

static struct value value_of_field(const struct row_values *row, const struct field *field) {
    for (int i = 0; i < row->count; i++)
        if (row->fields[i] == field)
            return row->values[i];
    return value_missing();
}

static bool find_row(struct session *session, const struct tinstance *instance, const struct row_values *row, int64_t *id, struct failure *failure) {
    struct record_type *record = instance->record;
    *id = 0;
    if (instance->key)
        return store_find_key(session->store, record, instance->key, strlen(instance->key), id, failure);
    if (!record->key_count)
        return true;
    struct value *key = ARENA_ARRAY(session->arena, struct value, record->key_count);
    for (int i = 0; i < record->key_count; i++)
        key[i] = value_of_field(row, record->key[i]);
    return store_find_natural(session->store, record, key, id, failure);
}

static bool put_sets(struct session *session, const struct tassignment *assignments, int count, int64_t id, struct failure *failure) {
    for (int i = 0; i < count; i++) {
        const struct tassignment *assignment = &assignments[i];
        if (assignment->field->kind != FIELD_SET)
            continue;
        struct value *members = ARENA_ARRAY(session->arena, struct value, assignment->value->argument_count);
        for (int m = 0; m < assignment->value->argument_count; m++)
            if (!assigned_value(session, assignment->value->arguments[m], &members[m], failure))
                return false;
        if (!store_set_members(session->store, assignment->field, id, members, assignment->value->argument_count, failure))
            return false;
    }
    return true;
}

static bool write_row(struct session *session, struct record_type *record, const struct row_values *row, int64_t *id, bool must_be_new, const struct tinstance *instance, struct failure *failure) {
    struct store_row stored = {record, row->count, row->fields, row->values};
    if (*id == 0)
        return store_insert(session->store, &stored, id, failure);
    if (must_be_new) {
        struct failure ignored = {0};
        const char *key = instance->key;
        if (!key)
            session_key_of(session, record, *id, session->arena, &key, &ignored);
        failure_set(failure, DIAG_KEY_TAKEN, record->name, key);
        failure_hint(failure, "To change it, use `set`.");
        return false;
    }
    bool changed;
    stored.field_count = row->given;
    return store_update(session->store, *id, &stored, &changed, failure);
}

static bool place_failure(const struct tinstance *instance, struct failure *failure) {
    if (failure->kind == FAILURE_PROGRAM && !failure->has_span) {
        failure->span = instance->span;
        failure->has_span = true;
    }
    return false;
}

bool session_put_instance(struct session *session, const struct tinstance *instance, bool must_be_new, int64_t *id, struct failure *failure) {
    struct row_values row;
    bool good = row_of_instance(session, instance, NULL, &row, failure) && find_row(session, instance, &row, id, failure) &&
                write_row(session, instance->record, &row, id, must_be_new, instance, failure) &&
                put_sets(session, instance->assignments, instance->assignment_count, *id, failure);
    return good || place_failure(instance, failure);
}

bool session_declared_values(struct session *session, const struct tinstance *instance, struct declared_values *declared, int64_t *id, struct failure *failure) {
    struct row_values row;
    if (!row_of_instance(session, instance, NULL, &row, failure) || !find_row(session, instance, &row, id, failure))
        return false;
    *declared = (struct declared_values){row.fields, row.values, row.given};
    return true;
}

/* ---- all of them ---- */

enum visit { VISIT_WAITING, VISIT_OPEN, VISIT_DONE };
struct ordering {
    struct session *session;
    enum visit *visits;
    struct failure *failure;
    struct {
        int *slots; /* hash table of position + 1, by record and key */
        uint32_t size;
    } index;
    LIST_OF(int) late; /* instances with references to set afterwards */
    struct declared_record *declared; /* as they were last put */
    int declared_count;
};

/* ---- what was put before ---- */

static int compare_declared(const void *a, const void *b) {
    const struct declared_record *x = a, *y = b;
    int order = strcmp(x->record, y->record);
    return order ? order : strcmp(x->identity, y->identity);
}

/* A record without a key of its own is known by its declaration alone. */
static struct declared_record declaration_of(struct session *session, const struct tinstance *instance) {
    const char *hash = session_instance_fingerprint(session, instance);
    return (struct declared_record){instance->record->name, instance->key ? instance->key : arena_format(session->arena, "#%s", hash), hash};
}

/* Was the very same declaration put before, and is its record there still? */
static bool was_put(struct ordering *ordering, const struct tinstance *instance, const struct declared_record *declaration, bool *was) {
    const struct declared_record *before = ordering->declared_count ? bsearch(declaration, ordering->declared, (size_t)ordering->declared_count, sizeof *before, compare_declared) : NULL;
    int64_t id = 0;
    *was = before && strcmp(before->hash, declaration->hash) == 0;
    if (!*was || !instance->key)
        return true;
    if (!store_find_key(ordering->session->store, instance->record, instance->key, strlen(instance->key), &id, ordering->failure))
        return false;
    *was = id != 0;
    if (!*was) /* who removed it must hear of it */
        buffer_add_format(&ordering->session->notes, "%s %s is declared in the policy, so it was added again\n", instance->record->name, instance->key);
    return true;
}

static uint32_t key_slot(const struct ordering *ordering, const struct record_type *record, const char *key) {
    uint64_t hash = (uintptr_t)record;
    for (; *key; key++)
        hash = (hash ^ (unsigned char)*key) * UINT64_C(0x100000001B3);
    return (uint32_t)(hash ^ (hash >> 32)) & (ordering->index.size - 1);
}

static void index_instances(struct ordering *ordering) {
    struct session *session = ordering->session;
    ordering->index.size = 16;
    while (ordering->index.size < (uint32_t)session->program->instances.count * 2)
        ordering->index.size *= 2;
    ordering->index.slots = ARENA_ARRAY(session->arena, int, ordering->index.size);
    for (int i = session->instances_applied; i < session->program->instances.count; i++) {
        const struct tinstance *instance = session->program->instances.items[i];
        if (!instance->key)
            continue;
        uint32_t at = key_slot(ordering, instance->record, instance->key);
        while (ordering->index.slots[at])
            at = (at + 1) & (ordering->index.size - 1);
        ordering->index.slots[at] = i + 1;
    }
}

static int find_instance(const struct ordering *ordering, const struct record_type *record, const char *key) {
    for (uint32_t at = key_slot(ordering, record, key); ordering->index.slots[at]; at = (at + 1) & (ordering->index.size - 1)) {
        const struct tinstance *instance = ordering->session->program->instances.items[ordering->index.slots[at] - 1];
        if (instance->record == record && strcmp(instance->key, key) == 0)
            return ordering->index.slots[at] - 1;
    }
    return -1;
}

static bool put_in_order(struct ordering *ordering, int position);

/* Writes what an instance refers to; a reference that leads back to one under way is deferred. */
static bool put_needed(struct ordering *ordering, const struct tinstance *instance, bool *deferred, bool *any_deferred) {
    for (int i = 0; i < instance->assignment_count; i++) {
        const struct tassignment *assignment = &instance->assignments[i];
        const struct texpr *value = assignment->value;
        if (assignment->field->kind != FIELD_STORED || value->kind != TEXPR_REFERENCE)
            continue;
        int needed = find_instance(ordering, value->type.record, value->text);
        if (needed < 0)
            continue;
        if (ordering->visits[needed] == VISIT_OPEN) {
            if (!assignment->field->type.optional) {
                failure_set(ordering->failure, DIAG_CIRCLE_OF_RECORDS, instance->key ? instance->key : instance->record->name, assignment->field->name);
                return place_failure(instance, ordering->failure);
            }
            deferred[i] = *any_deferred = true;
        } else if (!put_in_order(ordering, needed))
            return false;
    }
    return true;
}

static bool put_in_order(struct ordering *ordering, int position) {
    if (ordering->visits[position] != VISIT_WAITING)
        return true;
    ordering->visits[position] = VISIT_OPEN;
    struct session *session = ordering->session;
    const struct tinstance *instance = session->program->instances.items[position];
    bool *deferred = ARENA_ARRAY(session->arena, bool, instance->assignment_count);
    bool any_deferred = false, has_set = false;
    struct row_values row;
    struct declared_record declaration = declaration_of(session, instance);
    bool is_put;
    int64_t id;
    if (!was_put(ordering, instance, &declaration, &is_put))
        return false;
    if (is_put) {
        ordering->visits[position] = VISIT_DONE;
        return true;
    }
    if (!put_needed(ordering, instance, deferred, &any_deferred))
        return false;
    if (!row_of_instance(session, instance, deferred, &row, ordering->failure) || !find_row(session, instance, &row, &id, ordering->failure) ||
        !write_row(session, instance->record, &row, &id, false, instance, ordering->failure))
        return place_failure(instance, ordering->failure);
    if (!store_save_declared(session->store, &declaration, ordering->failure))
        return false;
    for (int i = 0; i < instance->assignment_count; i++)
        has_set = has_set || instance->assignments[i].field->kind == FIELD_SET;
    if (any_deferred || has_set)
        LIST_ADD(session->arena, &ordering->late, position);
    ordering->visits[position] = VISIT_DONE;
    return true;
}

static bool put_instances(struct session *session, struct failure *failure) {
    int count = session->program->instances.count;
    struct ordering ordering = {.session = session, .failure = failure, .visits = ARENA_ARRAY(session->arena, enum visit, count)};
    if (!store_load_declared(session->store, session->arena, &ordering.declared, &ordering.declared_count, failure))
        return false;
    index_instances(&ordering);
    for (int i = session->instances_applied; i < count; i++)
        if (!put_in_order(&ordering, i))
            return false;
    int64_t id;
    for (int i = 0; i < ordering.late.count; i++)
        if (!session_put_instance(session, session->program->instances.items[ordering.late.items[i]], false, &id, failure))
            return false;
    session->instances_applied = count;
    return true;
}

/* Are there declared records of the type that are still to be put? */
static bool puts_any(const struct session *session, const struct record_type *record) {
    for (int i = session->instances_applied; i < session->program->instances.count; i++)
        if (session->program->instances.items[i]->record == record)
            return true;
    return false;
}

/* What a gate refused is shown where it is declared. */
static bool place_refused(const struct session *session, const struct record_type *record, struct failure *failure) {
    const char *refused = failure->code == DIAG_GATE_REFUSES ? session->refusals.items[session->refusals.count - 1].element : "";
    for (int i = 0; i < session->program->instances.count; i++) {
        const struct tinstance *instance = session->program->instances.items[i];
        if (instance->record == record && instance->key && strcmp(instance->key, refused) == 0)
            place_failure(instance, failure);
    }
    return false;
}

/* Declared records pass gates like any others: all of them are put as one change. A record type at a time is noted, and asked about, since few have gates. */
static bool put_past_gates(struct session *session, int record, struct failure *failure) {
    for (; record < session->program->records.count; record++) {
        struct record_type *type = session->program->records.items[record];
        if (!puts_any(session, type) || !gates_are_on(session, type))
            continue;
        struct gate_notes *notes = gates_note(session, type, NULL, 0, failure);
        bool good = notes && put_past_gates(session, record + 1, failure) && (gates_ask(notes, NULL, 0, failure) || place_refused(session, type, failure));
        gates_forget(notes);
        return good;
    }
    return put_instances(session, failure);
}

/* ---- all of it ---- */

bool session_apply(struct session *session, struct failure *failure) {
    if (!guard_raise(session, failure) || !store_apply_schema(session->store, session->program, failure))
        return false;
    session->schema_applied = true;
    if (!guard_follow(session, failure) || !session_refresh_inputs(session, failure))
        return false;
    if (!session_save_policy(session, failure))
        return false;
    if (store_is_read_only(session->store))
        return true;
    if (session->is_store_policy && !carry_names(session, failure))
        return false;
    return put_past_gates(session, 0, failure) && session_refresh_inputs(session, failure);
}
