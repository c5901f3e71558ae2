/* What a mandate requires of one subject. See mandates.h. */
#include "runtime/engine/mandates.h"
#include "runtime/engine/scratch.h"
#include "runtime/eval/eval.h"
#include "runtime/sql/sql.h"

#include <string.h>

/* The day from which periods are counted where a mandate does not say it: that of the first check that asked for it, else today. */
static bool find_since(struct session *session, const struct tmandate *mandate, int64_t *day, struct failure *failure) {
    struct statement *statement = store_prepare(session->store, "SELECT min(first_seen) FROM t_obligation WHERE mandate = ?1", failure);
    if (!statement)
        return false;
    statement_bind(statement, 1, scratch_text(mandate->name));
    bool good = statement_step(statement, failure) == STATEMENT_ROW;
    int64_t first = good ? asked_day(statement_value(statement, 0)) : NO_DAY;
    *day = first != NO_DAY && first < session->options.today ? first : session->options.today;
    statement_close(statement);
    return good;
}

bool mandate_bind_since(struct session *session, const struct tmandate *mandate, struct failure *failure) {
    int64_t since;
    if (!mandate->since)
        return true;
    if (!find_since(session, mandate, &since, failure))
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

/* ---- what became of it ---- */

bool mandate_is_asked(const struct session *session, const struct tmandate *mandate) {
    bool has_days = mandate->timing == TIMING_EVERY || mandate->timing == TIMING_BY; /* what was required in a period, or by a day, stays required when the mandate is over */
    return session->options.today >= mandate->effective_from && (has_days || session->options.today <= mandate->effective_until);
}

static bool add_asked(void *context, const struct asked *asked, struct failure *failure) {
    return obligations_add(context, 0, asked, failure);
}

bool mandate_obligations(struct session *session, struct tmandate *mandate, int64_t subject, struct waivers *waivers, struct arena *arena, struct obligation_list *list, struct failure *failure) {
    struct check_options options = {.names = &mandate->name, .name_count = 1};
    struct obligation_counts of_mandate = {0}, all = {0};
    struct judged judged = {&mandate, 1, &options, waivers, &of_mandate, &all};
    *list = (struct obligation_list){0};
    if (!mandate_is_asked(session, mandate))
        return true;
    struct obligations *obligations = obligations_open(session, &judged, failure);
    bool good = obligations && mandate_ask(session, mandate, subject, add_asked, obligations, failure) && obligations_finish(obligations, failure) && obligations_read(obligations, arena, list, failure);
    obligations_close(obligations);
    return good;
}

bool mandate_period_is_meant(const struct session *session, int64_t wanted, int64_t period) {
    int month = session->program->fiscal_month;
    if (wanted == NO_DAY || period == NO_DAY)
        return true;
    return period_first_day(period, month) <= period_first_day(wanted, month) && period_last_day(period, month) >= period_last_day(wanted, month);
}

bool mandate_period_fits(struct session *session, const struct tmandate *mandate, int64_t wanted, struct failure *failure) {
    int month = session->program->fiscal_month;
    if (wanted == NO_DAY || mandate->timing != TIMING_EVERY || period_last_day(cadence_period(mandate->cadence, period_first_day(wanted, month), month), month) >= period_last_day(wanted, month))
        return true;
    struct buffer period = {0};
    period_write(&period, wanted);
    failure_set(failure, DIAG_PERIOD_NOT_IN_ONE, buffer_string(&period), mandate->name, mandate_timing_words(session, mandate));
    buffer_free(&period);
    return false;
}

const struct obligation *mandate_obligation_meant(const struct session *session, const struct obligation_list *list, int64_t wanted) {
    for (int i = list->count - 1; i >= 0; i--)
        if (mandate_period_is_meant(session, wanted, list->items[i].period))
            return &list->items[i];
    return NULL;
}

bool mandate_state(struct session *session, struct tmandate *mandate, int64_t subject, int64_t wanted, enum obligation_state *state, int64_t *period, struct failure *failure) {
    struct arena *arena = arena_create();
    struct waivers waivers = {0};
    struct obligation_list list;
    bool good = mandate_period_fits(session, mandate, wanted, failure) && waivers_read(session, arena, &waivers, failure) &&
                mandate_obligations(session, mandate, subject, &waivers, arena, &list, failure);
    const struct obligation *meant = good ? mandate_obligation_meant(session, &list, wanted) : NULL;
    *state = meant ? meant->state : OBLIGATION_STATES;
    *period = meant ? meant->period : NO_DAY;
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
