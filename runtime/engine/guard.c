/* The guard. See guard.h. */
#include "runtime/engine/guard.h"

#include <string.h>

/* Every file of the kept policy is one of the run's own, word for word. */
static bool holds_all(const struct session *session, const struct policy_file *kept, int count) {
    for (int i = 0; i < count; i++) {
        bool found = false;
        for (int f = 0; f < session->policy.count; f++)
            found = found || (strcmp(session->policy.items[f].path, kept[i].path) == 0 && strcmp(session->policy.items[f].text, kept[i].text) == 0);
        if (!found)
            return false;
    }
    return true;
}

static bool has_gates(const struct session *guard) {
    for (int i = 0; i < guard->program->mandates.count; i++)
        if (guard->program->mandates.items[i]->timing == TIMING_GATE)
            return true;
    return false;
}

/* A policy that an earlier Remit kept and this one cannot read has no gates that could be asked: that is said, and must not keep the store from a policy that can be. */
static void tell_unreadable(struct session *session) {
    buffer_add_string(&session->notes, "the policy that the store kept can no longer be read, so its gates were not asked\n");
}

bool guard_raise(struct session *session, struct failure *failure) {
    struct policy_file *kept;
    int count;
    if (session->is_guarded || session->is_guard || store_is_read_only(session->store) || store_is_absent(session->store))
        return true;
    session->is_guarded = true;
    struct failure ignored = {0};
    if (!store_load_policy(session->store, session->arena, &kept, &count, &ignored) || count == 0 || holds_all(session, kept, count))
        return true;
    struct session *guard = session_create(&session->options);
    guard->is_guard = guard->schema_applied = true;
    guard->store = session->store;
    bool is_read = session_load_saved(guard, &ignored);
    if (!is_read)
        tell_unreadable(session);
    if (is_read && has_gates(guard) && store_attach_program(guard->store, guard->program, failure)) {
        session->guard = guard;
        return true;
    }
    session_destroy(guard);
    return failure->kind == FAILURE_NONE;
}

static struct record_type *record_before(const struct session *session, const struct record_type *record) {
    struct record_type *same = program_find_record(session->guard->program, record->name);
    return same || !record->was ? same : program_find_record(session->guard->program, record->was);
}

static void follow_names(struct session *session) {
    for (int r = 0; r < session->program->records.count; r++) {
        const struct record_type *record = session->program->records.items[r];
        struct record_type *before = record_before(session, record);
        for (int f = FIELD_FIRST_OWN; before && f < record->field_count; f++) {
            struct field *field = record->fields[f]->was && !record_find_field(before, record->fields[f]->name) ? record_find_field(before, record->fields[f]->was) : NULL;
            if (field)
                field->name = record->fields[f]->name;
        }
        if (before)
            before->name = record->name;
    }
}

bool guard_follow(struct session *session, struct failure *failure) {
    struct failure ignored = {0};
    if (!session->guard)
        return true;
    follow_names(session);
    if (!session->options.applies_policy || store_attach_program(session->store, session->guard->program, &ignored))
        return store_attach_program(session->store, session->program, failure);
    session_destroy(session->guard);
    session->guard = NULL;
    buffer_add_string(&session->notes, "records have another shape than under the policy that the store kept, so its gates were not asked beside those of this one\n");
    return store_attach_program(session->store, session->program, failure);
}

void guard_follow_aside(struct session *session, const char *record, const char *field, const char *name) {
    struct record_type *before = session->guard ? program_find_record(session->guard->program, record) : NULL;
    struct field *moved = before ? record_find_field(before, field) : NULL;
    if (moved)
        moved->name = arena_copy_string(session->guard->arena, name);
}

bool guard_count_breached(struct session *session, int64_t *breached, struct failure *failure) {
    struct failure ignored = {0}, after = {0};
    struct check_options options = {.shows_nothing = true, .mandatory_breached = breached};
    struct session *kept = session_create(&session->options);
    *breached = 0;
    kept->is_guard = kept->schema_applied = true;
    kept->store = session->store;
    bool good = true;
    if (session_load_saved(kept, &ignored) && store_attach_program(kept->store, kept->program, &ignored) && session_refresh_inputs(kept, &ignored))
        good = session_check(kept, &options, failure);
    session_destroy(kept);
    bool is_back = store_attach_program(session->store, session->program, &after) && session_refresh_inputs(session, &after);
    if (good && !is_back)
        *failure = after;
    return good && is_back;
}

bool guard_enter(struct session *session, struct failure *failure) {
    return store_attach_program(session->store, session->guard->program, failure) && session_refresh_inputs(session->guard, failure);
}

bool guard_leave(struct session *session, struct failure *failure) {
    return store_attach_program(session->store, session->program, failure) && session_refresh_inputs(session, failure);
}

bool guard_is_own(struct session *session, struct tmandate *mandate) {
    struct tmandate *own = program_find_mandate(session->program, mandate->name);
    if (!own)
        return false;
    return strcmp(session_mandate_fingerprint(session, own), session_mandate_fingerprint(session->guard, mandate)) == 0;
}
