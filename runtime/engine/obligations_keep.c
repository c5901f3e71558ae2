/* The obligations of a check: which are kept, how, and in what order they are given out. See obligations.h. */
#include "runtime/engine/obligations_judged.h"
#include "runtime/engine/scratch.h"

#include <stdlib.h>
#include <string.h>

/* ---- what the store keeps ---- */

bool obligations_kept_later(struct session *session, int64_t *day, struct failure *failure) {
    *day = INT64_MIN;
    return scratch_ask(session->store, "SELECT coalesce(max(max(last_seen, coalesce(ended, last_seen))), -9223372036854775808) FROM t_obligation", day, failure);
}

/* The condition on an open obligation t of the store that it is no longer required. Of a check of some mandates those of the others stay as they are. */
static const char *no_longer_required(struct obligations *obligations) {
    const struct program *program = obligations->session->program;
    const char **names = ARENA_ARRAY(obligations->arena, const char *, program->mandates.count);
    for (int i = 0; i < program->mandates.count; i++)
        names[i] = program->mandates.items[i]->name;
    return arena_format(obligations->arena, "t.ended IS NULL AND t._id NOT IN (SELECT stored FROM temp.remit_obligation WHERE stored IS NOT NULL)%s",
                        scratch_asked_for(obligations->arena, obligations->session, obligations->judged.options, "t.mandate", names, program->mandates.count));
}

bool obligations_count_ended(struct obligations *obligations, int64_t *ended, struct failure *failure) {
    return scratch_ask(obligations->session->store, arena_format(obligations->arena, "SELECT count(*) FROM t_obligation AS t WHERE %s", no_longer_required(obligations)), ended, failure);
}

const char *obligations_differences(struct obligations *obligations) {
    return arena_format(obligations->arena,
                        "SELECT 'obligation', m.name, m.record, f.element, nullif(f.period, 0), t.state, f.state FROM temp.remit_obligation AS f JOIN temp.remit_mandate AS m ON m.position = f.mandate"
                        " LEFT JOIN t_obligation AS t ON t._id = f.stored WHERE t._id IS NULL OR t.state <> f.state"
                        " UNION ALL SELECT 'obligation', t.mandate, t.record, t.element, t.period, t.state, NULL FROM t_obligation AS t WHERE %s",
                        no_longer_required(obligations));
}

/* ---- keeping ---- */

static bool keep_still_required(struct obligations *obligations, const struct record_type *record, struct failure *failure) {
    struct value today = value_int(obligations->session->options.today);
    struct store_change words = {.record = record,
                                 .set = "mandatory = m.mandatory, state = f.state, due = f.due, since = f.since, exception = f.exception, waiver = f.waiver, in_a_row = f.in_a_row,"
                                        " first_breached = f.first_breached, escalated_to = f.escalated, ended = NULL, policy = m.policy",
                                 .from = "temp.remit_obligation AS f, temp.remit_mandate AS m",
                                 .condition = arena_format(obligations->arena, "f.news = %d AND t._id = f.stored AND m.position = f.mandate", NEWS_WORDS), .keeps_old = true};
    struct store_change day = {.record = record, .set = "last_seen = ?1", .from = "temp.remit_obligation AS f", .parameters = &today, .parameter_count = 1,
                               .condition = arena_format(obligations->arena, "f.news IN (%d, %d) AND t._id = f.stored", NEWS_WORDS, NEWS_DAY)};
    return store_change_rows(obligations->session->store, &words, failure) && store_change_rows(obligations->session->store, &day, failure);
}

static bool keep_ended(struct obligations *obligations, const struct record_type *record, struct failure *failure) {
    struct value today = value_int(obligations->session->options.today);
    struct store_change change = {.record = record, .set = "ended = ?1", .condition = no_longer_required(obligations), .parameters = &today, .parameter_count = 1, .keeps_old = true};
    return store_change_rows(obligations->session->store, &change, failure);
}

static const char *const new_fields[] = {"element", "period", "state", "due", "since", "exception", "waiver", "in_a_row", "first_breached", "escalated_to", "mandate", "record", "mandatory", "office", "domain", "policy",
                                         "first_seen", "last_seen"};
enum { NEW_GIVEN = 10, NEW_FIELDS = sizeof new_fields / sizeof *new_fields };

static bool load_new(struct obligations *obligations, struct statement *statement, struct store_loader *loader, struct failure *failure) {
    struct value today = value_int(obligations->session->options.today);
    enum statement_step step;
    while ((step = statement_step(statement, failure)) == STATEMENT_ROW) {
        const struct tmandate *mandate = obligations->ordered[statement_value(statement, NEW_GIVEN).integer]->mandate;
        struct value values[NEW_FIELDS];
        for (int i = 0; i < NEW_GIVEN; i++)
            values[i] = statement_value(statement, i);
        struct value rest[] = {scratch_text(mandate->name),   scratch_text(mandate->record->name), value_int(mandate->is_mandatory), scratch_text(mandate->office),
                               scratch_text(mandate->domain), scratch_text(mandate->fingerprint),  today,                            today};
        memcpy(values + NEW_GIVEN, rest, sizeof rest);
        if (!store_loader_add(loader, 0, values, failure))
            return false;
    }
    return step == STATEMENT_DONE;
}

static bool keep_new(struct obligations *obligations, struct record_type *record, struct failure *failure) {
    struct field *fields[NEW_FIELDS];
    for (int f = 0; f < NEW_FIELDS; f++)
        fields[f] = record_find_field(record, new_fields[f]);
    struct store *store = obligations->session->store;
    struct statement *statement = store_prepare(store,
                                                "SELECT element, nullif(period, 0), state, due, since, exception, waiver, in_a_row, first_breached, escalated, mandate FROM temp.remit_obligation"
                                                " WHERE stored IS NULL ORDER BY mandate, element, id, period",
                                                failure);
    struct store_loader *loader = statement ? store_loader_open(store, record, fields, NEW_FIELDS, failure) : NULL;
    bool good = loader && load_new(obligations, statement, loader, failure);
    statement_close(statement);
    if (!good) {
        store_loader_abandon(loader);
        return false;
    }
    int64_t inserted, updated;
    return store_loader_finish(loader, &inserted, &updated, failure);
}

bool obligations_keep(struct obligations *obligations, struct failure *failure) {
    struct record_type *record = program_find_record(obligations->session->program, "obligation");
    int64_t has_any = 0;
    if (!scratch_ask(obligations->session->store, "SELECT EXISTS (SELECT 1 FROM t_obligation)", &has_any, failure))
        return false;
    if (has_any && !(keep_still_required(obligations, record, failure) && keep_ended(obligations, record, failure)))
        return false;
    return keep_new(obligations, record, failure);
}

/* ---- giving them out ---- */

struct obligation_rows {
    struct rows base;
    struct obligations *obligations;
    struct statement *statement;
    struct value row[OBLIGATION_COLUMNS];
};

static enum rows_step next_row(struct rows *base, const struct value **row, struct failure *failure) {
    struct obligation_rows *rows = (struct obligation_rows *)base;
    enum statement_step step = statement_step(rows->statement, failure);
    if (step != STATEMENT_ROW)
        return step == STATEMENT_DONE ? ROWS_END : ROWS_FAILED;
    const struct tmandate *mandate = rows->obligations->ordered[statement_value(rows->statement, 1).integer]->mandate;
    static const enum obligation_column columns[] = {OBLIGATION_STATE, OBLIGATION_MANDATE /* its place */, OBLIGATION_ELEMENT, OBLIGATION_PERIOD, OBLIGATION_DUE, OBLIGATION_SINCE, OBLIGATION_IN_A_ROW,
                                                     OBLIGATION_ESCALATED, OBLIGATION_EXCEPTION, OBLIGATION_WAIVER, OBLIGATION_COUNT};
    for (int i = 0; i < (int)(sizeof columns / sizeof *columns); i++)
        rows->row[columns[i]] = statement_value(rows->statement, i);
    rows->row[OBLIGATION_MANDATE] = scratch_text(mandate->name);
    rows->row[OBLIGATION_MANDATORY] = value_int(mandate->is_mandatory);
    rows->row[OBLIGATION_TITLE] = scratch_text(mandate->title);
    rows->row[OBLIGATION_RECORD] = scratch_text(mandate->record->name);
    *row = rows->row;
    return ROWS_ROW;
}

static void close_rows(struct rows *base) {
    statement_close(((struct obligation_rows *)base)->statement);
    free(base);
}

struct rows *obligations_rows(struct obligations *obligations, bool is_grouped, struct failure *failure) {
    /* Grouped, SQLite takes the other columns from the row with the last period. */
    const char *sql = arena_format(obligations->arena,
                                   "SELECT f.state, f.mandate, f.element, nullif(%s, 0), f.due, f.since, f.in_a_row, f.escalated, f.exception, f.waiver, %s FROM temp.remit_obligation AS f"
                                   " WHERE %s ORDER BY f.state DESC, f.mandate, f.element, f.id, f.period",
                                   is_grouped ? "max(f.period)" : "f.period", is_grouped ? "count(*)" : "1",
                                   is_grouped ? arena_format(obligations->arena, "f.state IN (%d, %d) GROUP BY f.state, f.mandate, f.element, f.id", OBLIGATION_BREACHED, OBLIGATION_WAIVED)
                                              : arena_format(obligations->arena, "f.state <> %d OR f.exception IS NOT NULL", OBLIGATION_MET));
    struct statement *statement = store_prepare(obligations->session->store, sql, failure);
    if (!statement)
        return NULL;
    struct obligation_rows *rows = calloc(1, sizeof *rows);
    if (!rows)
        abort();
    *rows = (struct obligation_rows){.base = {.column_count = OBLIGATION_COLUMNS, .next = next_row, .close = close_rows}, .obligations = obligations, .statement = statement};
    return &rows->base;
}

bool obligations_read(struct obligations *obligations, struct arena *arena, struct obligation_list *list, struct failure *failure) {
    struct statement *statement = store_prepare(obligations->session->store,
                                                "SELECT nullif(period, 0), due, since, state, in_a_row, escalated, exception, waiver, news FROM temp.remit_obligation ORDER BY mandate, element, id, period",
                                                failure);
    enum statement_step step = STATEMENT_FAILED;
    while (statement && (step = statement_step(statement, failure)) == STATEMENT_ROW) {
        enum news news = (enum news)statement_value(statement, 8).integer;
        const char *texts[3];
        for (int i = 0; i < 3; i++) {
            struct value text = statement_value(statement, 5 + i);
            texts[i] = text.kind == VALUE_TEXT ? arena_copy(arena, text.text, text.length) : NULL;
        }
        struct obligation obligation = {asked_day(statement_value(statement, 0)), asked_day(statement_value(statement, 1)), statement_value(statement, 2).integer,
                                        (enum obligation_state)statement_value(statement, 3).integer, (int)statement_value(statement, 4).integer, texts[0], texts[1], texts[2],
                                        news != NEWS_ALL, news == NEWS_NONE || news == NEWS_DAY};
        LIST_ADD(arena, list, obligation);
    }
    statement_close(statement);
    return step == STATEMENT_DONE;
}
