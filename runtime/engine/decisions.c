/* Decisions, written down. See decisions.h. */
#include "runtime/engine/decisions.h"
#include "runtime/engine/scratch.h"

bool decision_write(struct session *session, const struct decision *decision, struct failure *failure) {
    static const char *const names[] = {"gate", "record", "element", "change", "outcome", "on", "at", "by", "exception", "waiver", "reason", "office", "domain", "policy"};
    enum { FIELDS = sizeof names / sizeof *names };
    struct record_type *record = program_find_record(session->program, "decision");
    const struct tmandate *mandate = decision->mandate;
    struct field *fields[FIELDS];
    struct value values[FIELDS] = {scratch_text(mandate->name), scratch_text(mandate->record->name), scratch_text(decision->element), scratch_text(decision->change), value_int(decision->outcome),
                                   value_int(session->options.today), value_int(session->options.now), scratch_text(session->options.who), scratch_text(decision->exception),
                                   scratch_text(decision->waiver), scratch_text(decision->reason), scratch_text(mandate->office), scratch_text(mandate->domain), scratch_text(mandate->fingerprint)};
    for (int f = 0; f < FIELDS; f++)
        fields[f] = record_find_field(record, names[f]);
    struct store_row row = {record, FIELDS, fields, values};
    int64_t id;
    return store_insert(session->store, &row, &id, failure);
}

static bool undo(struct session *session, struct tmandate *mandate, int64_t id, struct failure *failure) {
    struct decision decision = {.mandate = mandate, .change = "removed", .outcome = DECISION_UNDONE};
    struct value passed;
    int kept = session->bindings.count;
    session_bind(session, mandate->element, value_int(id));
    bool good = session_evaluate(session, mandate->passed, &passed, failure);
    session->bindings.count = kept;
    if (!good || passed.kind == VALUE_MISSING || !passed.integer)
        return good;
    session_mandate_fingerprint(session, mandate);
    return session_key_of(session, mandate->record, id, session->arena, &decision.element, failure) && decision_write(session, &decision, failure);
}

bool decisions_undo_removed(struct session *session, struct record_type *record, const int64_t *ids, int count, struct failure *failure) {
    for (int m = 0; m < session->program->mandates.count; m++) {
        struct tmandate *mandate = session->program->mandates.items[m];
        for (int i = 0; mandate->timing == TIMING_GATE && mandate->record == record && i < count; i++)
            if (!undo(session, mandate, ids[i], failure))
                return false;
    }
    return true;
}
