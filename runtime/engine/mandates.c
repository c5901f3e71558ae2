/* What a mandate requires of one subject. See mandates.h. */
#include "runtime/engine/mandates.h"
#include "runtime/eval/eval.h"
#include "runtime/sql/sql.h"

#include <string.h>

bool mandate_bind_since(struct session *session, const struct tmandate *mandate, struct failure *failure) {
    int64_t since;
    if (!mandate->since)
        return true;
    if (!kept_since(session, mandate, &since, failure))
        return false;
    session_bind(session, mandate->since, value_int(since));
    return true;
}

static struct rows *run(struct session *session, const struct tquery *query, struct failure *failure) {
    struct engine_inputs inputs = session_inputs(session);
    return session_uses_interpreter(session, true) ? eval_run_query(&inputs, query, failure) : sql_run_query(&inputs, query, failure);
}

static bool ask(struct session *session, const struct tmandate *mandate, const struct tquery *query, int64_t subject, asked_visitor visit, void *context, struct failure *failure) {
    session_bind(session, mandate->subject, value_int(subject));
    struct rows *rows = mandate_bind_since(session, mandate, failure) ? run(session, query, failure) : NULL;
    const struct value *row;
    enum rows_step step = ROWS_FAILED;
    while (rows && (step = rows_next(rows, &row, failure)) == ROWS_ROW) {
        struct asked asked = asked_of_row(row);
        if (!visit(context, &asked, failure)) {
            step = ROWS_FAILED;
            break;
        }
    }
    rows_close(rows);
    return step == ROWS_END;
}

bool mandate_ask(struct session *session, const struct tmandate *mandate, int64_t subject, asked_visitor visit, void *context, struct failure *failure) {
    int kept = session->bindings.count;
    bool good = ask(session, mandate, mandate->one, subject, visit, context, failure);
    session->bindings.count = kept;
    return good;
}

bool mandate_ask_change(struct session *session, const struct tmandate *mandate, int64_t subject, struct value before, asked_visitor visit, void *context, struct failure *failure) {
    int kept = session->bindings.count;
    session_bind(session, mandate->before, before);
    bool good = ask(session, mandate, mandate->change, subject, visit, context, failure);
    session->bindings.count = kept;
    return good;
}

/* ---- one obligation ---- */

struct seeking {
    struct session *session;
    struct tmandate *mandate;
    int64_t period;
    bool is_found;
    struct asked asked;
};

bool mandate_period_is_meant(const struct session *session, int64_t wanted, int64_t period) {
    int month = session->program->fiscal_month;
    if (wanted == NO_DAY || period == NO_DAY)
        return true;
    return period_first_day(period, month) <= period_first_day(wanted, month) && period_last_day(period, month) >= period_last_day(wanted, month);
}

static bool seek(void *context, const struct asked *asked, struct failure *failure) {
    struct seeking *seeking = context;
    (void)failure;
    if (mandate_period_is_meant(seeking->session, seeking->period, asked->period)) {
        seeking->asked = *asked;
        seeking->is_found = true;
    }
    return true;
}

bool mandate_state(struct session *session, struct tmandate *mandate, int64_t subject, int64_t period, enum obligation_state *state, struct failure *failure) {
    struct seeking seeking = {session, mandate, period, false, {0}};
    struct arena *arena = arena_create();
    struct waivers waivers;
    struct kept_obligation kept;
    bool passed = false;
    const char *key = "";
    *state = OBLIGATION_STATES;
    bool good = mandate_ask(session, mandate, subject, seek, &seeking, failure) && session_key_of(session, mandate->record, subject, arena, &key, failure);
    if (good && seeking.is_found) {
        size_t length = strlen(key);
        good = waivers_read(session, arena, &waivers, failure) && kept_find(session, mandate, key, length, seeking.asked.period, &kept, failure) &&
               (mandate->timing != TIMING_GATE || kept_has_passed(session, mandate, key, length, &passed, failure));
        int count = 0;
        struct waiver *found = good ? waivers_find(&waivers, mandate, key, length, &count) : NULL;
        if (good)
            *state = waivers_judge(mandate, &seeking.asked, &kept, found, count, passed, session->options.today).state;
    }
    arena_destroy(arena);
    return good;
}

/* ---- what fails ---- */

static bool ignore(void *context, const struct asked *asked, struct failure *failure) {
    (void)context, (void)asked, (void)failure;
    return true;
}

static bool fails_at(struct session *session, const struct tmandate *mandate, int64_t id) {
    struct failure failure = {0};
    return !mandate_ask(session, mandate, id, ignore, NULL, &failure) && failure.kind == FAILURE_PROGRAM;
}

void mandate_name_failing(struct session *session, const struct tmandate *mandate, struct failure *failure) {
    if (failure->kind != FAILURE_PROGRAM || failure->code == DIAG_QUESTION_TOO_DEEP || failure->code == DIAG_UNKNOWN_KEY)
        return;
    struct arena *scratch = arena_create();
    struct failure ignored = {0};
    struct statement *statement = store_prepare(session->store, arena_format(scratch, "SELECT _id FROM %s ORDER BY _id", store_table_name(scratch, mandate->record)), &ignored);
    bool is_found = false;
    int64_t id = 0;
    while (statement && !is_found && statement_step(statement, &ignored) == STATEMENT_ROW) {
        id = statement_value(statement, 0).integer;
        is_found = fails_at(session, mandate, id);
    }
    statement_close(statement);
    const char *key;
    if (is_found && session_key_of(session, mandate->record, id, scratch, &key, &ignored))
        failure_hint(failure, "It happened at %s `%s`, for the mandate `%s`.", mandate->record->name, key, mandate->name);
    arena_destroy(scratch);
}
