/* The obligations of a check. See obligations.h.
 *   remit_mandate(position, name, record, mandatory, policy)             the mandates, in the order in which obligations are shown
 *   remit_passed(mandate, element)                                       gates that were passed under the mandate's very text
 *   remit_asked(mandate, id, period, due, outcome, dated)                what the mandates' questions answered, as it came; a period of 0 is none
 *   remit_required(mandate, element, id, period, due, outcome, dated)    the same in order, with keys
 *   remit_obligation(mandate, element, id, period, state, …)             what became of each; stored is the _id of the one in t_obligation that it is, news how it differs from that */
#include "runtime/engine/obligations.h"
#include "runtime/engine/scratch.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum news { NEWS_NONE, NEWS_DAY /* it was last seen on another day */, NEWS_WORDS /* something of it is another */, NEWS_ALL /* it is not there */ };

struct obligations {
    struct session *session;
    struct arena *arena;
    struct tmandate *const *mandates;
    int mandate_count;
    int *places;                /* of each mandate in the order shown */
    struct tmandate **ordered;  /* by place */
    int *positions;             /* by place: the position among those given */
    struct statement *add;
};

/* ---- tables ---- */

static const char making[] = "CREATE TEMP TABLE remit_mandate(position INTEGER PRIMARY KEY, name TEXT NOT NULL, record TEXT NOT NULL, mandatory INTEGER NOT NULL, policy TEXT NOT NULL);"
                             "CREATE TEMP TABLE remit_passed(mandate INTEGER NOT NULL, element TEXT NOT NULL, PRIMARY KEY(mandate, element)) WITHOUT ROWID;"
                             "CREATE TEMP TABLE remit_asked(mandate INTEGER NOT NULL, id INTEGER NOT NULL, period INTEGER NOT NULL, due INTEGER, outcome INTEGER NOT NULL, dated INTEGER);"
                             "CREATE TEMP TABLE remit_required(mandate INTEGER NOT NULL, element TEXT NOT NULL, id INTEGER NOT NULL, period INTEGER NOT NULL, due INTEGER, outcome INTEGER NOT NULL,"
                             " dated INTEGER, PRIMARY KEY(mandate, element, id, period)) WITHOUT ROWID;"
                             "CREATE TEMP TABLE remit_obligation(mandate INTEGER NOT NULL, element TEXT NOT NULL, id INTEGER NOT NULL, period INTEGER NOT NULL, state INTEGER NOT NULL, due INTEGER,"
                             " since INTEGER NOT NULL, in_a_row INTEGER NOT NULL, escalated TEXT, exception TEXT, waiver TEXT, stored INTEGER, news INTEGER NOT NULL,"
                             " PRIMARY KEY(mandate, element, id, period)) WITHOUT ROWID;";
static const char dropping[] = "DROP TABLE IF EXISTS temp.remit_mandate; DROP TABLE IF EXISTS temp.remit_passed; DROP TABLE IF EXISTS temp.remit_asked; DROP TABLE IF EXISTS temp.remit_required;"
                               " DROP TABLE IF EXISTS temp.remit_obligation;";

static int compare_mandates(const void *a, const void *b) {
    const struct tmandate *x = *(struct tmandate *const *)a, *y = *(struct tmandate *const *)b;
    return x->is_mandatory != y->is_mandatory ? y->is_mandatory - x->is_mandatory : strcmp(x->name, y->name);
}

static void order_mandates(struct obligations *obligations) {
    int count = obligations->mandate_count;
    obligations->ordered = ARENA_ARRAY(obligations->arena, struct tmandate *, count + 1);
    obligations->places = ARENA_ARRAY(obligations->arena, int, count + 1);
    obligations->positions = ARENA_ARRAY(obligations->arena, int, count + 1);
    for (int i = 0; i < count; i++)
        obligations->ordered[i] = obligations->mandates[i];
    qsort(obligations->ordered, (size_t)count, sizeof *obligations->ordered, compare_mandates);
    for (int place = 0; place < count; place++)
        for (int i = 0; i < count; i++)
            if (obligations->mandates[i] == obligations->ordered[place]) {
                obligations->places[i] = place;
                obligations->positions[place] = i;
            }
}

static bool write_mandates(struct obligations *obligations, struct failure *failure) {
    struct session *session = obligations->session;
    for (int place = 0; place < obligations->mandate_count; place++) {
        struct tmandate *mandate = obligations->ordered[place];
        struct value values[] = {value_int(place), scratch_text(mandate->name), scratch_text(mandate->record->name), value_int(mandate->is_mandatory),
                                 scratch_text(session_mandate_fingerprint(session, mandate))};
        if (!scratch_run(store_prepare_scratch(session->store, "INSERT INTO temp.remit_mandate VALUES(?1, ?2, ?3, ?4, ?5)", failure), values, sizeof values / sizeof *values, failure))
            return false;
    }
    return scratch_run(store_prepare_scratch(session->store,
                                             "INSERT OR IGNORE INTO temp.remit_passed SELECT m.position, d.element FROM temp.remit_mandate AS m CROSS JOIN t_decision AS d"
                                             " WHERE d.gate = m.name AND d.record = m.record AND d.policy = m.policy AND d.outcome = 0",
                                             failure),
                       NULL, 0, failure);
}

struct obligations *obligations_open(struct session *session, struct tmandate *const *mandates, int mandate_count, struct failure *failure) {
    if (!store_hold(session->store, failure))
        return NULL;
    struct arena *arena = arena_create();
    struct obligations *obligations = ARENA_NEW(arena, struct obligations);
    *obligations = (struct obligations){.session = session, .arena = arena, .mandates = mandates, .mandate_count = mandate_count};
    order_mandates(obligations);
    bool good = store_execute(session->store, dropping, failure) && store_execute(session->store, making, failure) && write_mandates(obligations, failure);
    obligations->add = good ? store_prepare_scratch(session->store, "INSERT INTO temp.remit_asked VALUES(?1, ?2, ?3, ?4, ?5, ?6)", failure) : NULL;
    if (obligations->add)
        return obligations;
    obligations_close(obligations);
    return NULL;
}

void obligations_close(struct obligations *obligations) {
    if (!obligations)
        return;
    struct failure ignored = {0}; /* they go with the connection at the latest */
    statement_close(obligations->add);
    store_execute(obligations->session->store, dropping, &ignored);
    store_release(obligations->session->store);
    arena_destroy(obligations->arena);
}

bool obligations_add(struct obligations *obligations, int mandate, const struct value *row, struct failure *failure) {
    struct statement *add = obligations->add;
    statement_bind(add, 1, value_int(obligations->places[mandate]));
    statement_bind(add, 2, row[MANDATE_ELEMENT]);
    statement_bind(add, 3, row[MANDATE_PERIOD].kind == VALUE_MISSING ? value_int(0) : row[MANDATE_PERIOD]);
    statement_bind(add, 4, row[MANDATE_DUE]);
    statement_bind(add, 5, row[MANDATE_OUTCOME]);
    statement_bind(add, 6, row[MANDATE_DATED]);
    bool good = statement_step(add, failure) != STATEMENT_FAILED;
    statement_reset(add);
    return good;
}

/* ---- keys ---- */

static bool find_keys(struct obligations *obligations, const struct record_type *record, struct failure *failure) {
    const char *sql = arena_format(obligations->arena,
                                   "INSERT INTO temp.remit_required SELECT f.mandate, %s, f.id, f.period, f.due, f.outcome, f.dated FROM %s"
                                   " WHERE r._id = f.id AND f.mandate IN (SELECT position FROM temp.remit_mandate WHERE record = ?1) ORDER BY 1, 2, 3, 4",
                                   store_key_expression(obligations->arena, record, "r"), scratch_beside(obligations->arena, record, "temp.remit_asked AS f"));
    struct value name = scratch_text(record->name);
    struct store *store = obligations->session->store;
    if (record->owner && !store_execute(store, "CREATE INDEX IF NOT EXISTS temp.remit_asked_id ON remit_asked(id)", failure))
        return false;
    return scratch_run(store_prepare_scratch(store, sql, failure), &name, 1, failure);
}

static bool find_all_keys(struct obligations *obligations, struct failure *failure) {
    for (int i = 0; i < obligations->mandate_count; i++) {
        bool is_done = false;
        for (int j = 0; j < i; j++)
            is_done = is_done || obligations->mandates[j]->record == obligations->mandates[i]->record;
        if (!is_done && !find_keys(obligations, obligations->mandates[i]->record, failure))
            return false;
    }
    return true;
}

/* ---- judging ---- */

/* One row of what is required, with what the store keeps of it. */
enum required_column {
    REQUIRED_MANDATE, REQUIRED_ELEMENT, REQUIRED_ID, REQUIRED_PERIOD, REQUIRED_DUE, REQUIRED_OUTCOME, REQUIRED_DATED, REQUIRED_PASSED,
    KEPT_ID, KEPT_STATE, KEPT_SINCE, KEPT_DUE, KEPT_ROW, KEPT_ESCALATED, KEPT_EXCEPTION, KEPT_WAIVER, KEPT_ENDED, KEPT_POLICY, KEPT_MANDATORY, KEPT_LAST,
    REQUIRED_COLUMNS
};
static const char with_kept[] =
    "SELECT e.mandate, e.element, e.id, e.period, e.due, e.outcome, e.dated, p.mandate IS NOT NULL, o._id, o.state, o.since, o.due, o.in_a_row, o.escalated_to, o.exception, o.waiver, o.ended, o.policy,"
    " o.mandatory, o.last_seen FROM temp.remit_required AS e CROSS JOIN temp.remit_mandate AS m ON m.position = e.mandate"
    " LEFT JOIN temp.remit_passed AS p ON p.mandate = e.mandate AND p.element = e.element"
    " LEFT JOIN t_obligation AS o ON ?1 AND o.mandate = m.name AND o.record = m.record AND o.element = e.element AND ifnull(o.period, x'') = CASE e.period WHEN 0 THEN x'' ELSE e.period END"
    " ORDER BY e.mandate, e.element, e.id, e.period";

/* A mandate's obligations of one subject, as they come. */
struct judging {
    struct obligations *obligations;
    struct waivers *waivers;
    struct obligation_counts *by_mandate, *all;
    bool knows_kept;
    struct statement *insert;
    struct arena *texts;          /* of one subject */
    struct waiver *found;         /* waivers of the subject */
    int found_count;
    int place;
    const char *element;
    size_t element_length;
    int64_t id;
    int64_t first_day;            /* what ended before it is not required: the mandate has no beginning, and was not there when it was */
    int in_a_row;
};

static int64_t integer_or(struct value value, int64_t otherwise) {
    return value.kind == VALUE_INT ? value.integer : otherwise;
}

/* The first day on which the subject was asked for; today when it was not yet. */
static bool find_first_day(struct judging *judging, const struct tmandate *mandate, struct failure *failure) {
    struct session *session = judging->obligations->session;
    judging->first_day = session->options.today;
    struct statement *statement = store_prepare(session->store, "SELECT min(first_seen) FROM t_obligation WHERE mandate = ?1 AND record = ?2 AND element = ?3", failure);
    if (!statement)
        return false;
    statement_bind(statement, 1, scratch_text(mandate->name));
    statement_bind(statement, 2, scratch_text(mandate->record->name));
    statement_bind(statement, 3, value_text(judging->element, judging->element_length));
    bool good = statement_step(statement, failure) == STATEMENT_ROW;
    if (good && judging->knows_kept)
        judging->first_day = integer_or(statement_value(statement, 0), judging->first_day);
    statement_close(statement);
    return good;
}

static bool begin_subject(struct judging *judging, int place, struct value element, int64_t id, struct failure *failure) {
    const struct tmandate *mandate = judging->obligations->ordered[place];
    arena_reset(judging->texts);
    judging->place = place;
    judging->id = id;
    judging->element = arena_copy(judging->texts, element.text, element.length);
    judging->element_length = element.length;
    judging->in_a_row = 0;
    judging->first_day = INT64_MIN;
    judging->found = waivers_find(judging->waivers, mandate, judging->element, element.length, &judging->found_count);
    return !mandate->since || find_first_day(judging, mandate, failure);
}

static void count_waivers(struct judging *judging, const struct tmandate *mandate, const struct asked *asked, const struct verdict *verdict) {
    int64_t today = judging->obligations->session->options.today;
    for (int i = 0; i < judging->found_count; i++) {
        struct waiver *waiver = &judging->found[i];
        waiver->asked++;
        waiver->breached += verdict->state == OBLIGATION_BREACHED;
        waiver->used += i == verdict->waiver;
        waiver->needless += !waiver->flaw && verdict->holds && waiver_covers(mandate, asked, waiver->days, today);
    }
}

static const char *waiver_text(struct judging *judging, const struct verdict *verdict) {
    if (verdict->waiver < 0)
        return NULL;
    const struct waiver *waiver = &judging->found[verdict->waiver];
    struct buffer out = {0};
    buffer_add_format(&out, "%s until ", waiver->granted_by);
    date_write(&out, waiver->days.until);
    const char *text = arena_copy_string(judging->texts, buffer_string(&out));
    buffer_free(&out);
    return text;
}

static bool text_differs(struct value kept, const char *now) {
    return (kept.kind == VALUE_TEXT) != (now != NULL) || (now && (strlen(now) != kept.length || memcmp(now, kept.text, kept.length) != 0));
}

static void count_one(struct obligation_counts *counts, const struct tmandate *mandate, const struct verdict *verdict, bool is_new, bool is_excused) {
    counts->states[verdict->state]++;
    counts->mandatory_breached += verdict->state == OBLIGATION_BREACHED && mandate->is_mandatory;
    counts->added += is_new;
    counts->excepted += is_excused;
}

static bool judge_row(struct judging *judging, const struct value *row, struct failure *failure) {
    const struct tmandate *mandate = judging->obligations->ordered[row[REQUIRED_MANDATE].integer];
    struct session *session = judging->obligations->session;
    int64_t today = session->options.today, period = row[REQUIRED_PERIOD].integer ? row[REQUIRED_PERIOD].integer : NO_DAY;
    struct asked asked = {row[REQUIRED_ID].integer, period, integer_or(row[REQUIRED_DUE], NO_DAY), (int)row[REQUIRED_OUTCOME].integer, integer_or(row[REQUIRED_DATED], NO_DAY)};
    if (period != NO_DAY && period_last_day(period, session->program->fiscal_month) < judging->first_day)
        return true;
    bool is_there = row[KEPT_ID].kind == VALUE_INT;
    struct kept_obligation kept = {is_there, (enum obligation_state)integer_or(row[KEPT_STATE], 0), integer_or(row[KEPT_SINCE], NO_DAY), integer_or(row[KEPT_DUE], NO_DAY)};
    struct verdict verdict = waivers_judge(mandate, &asked, &kept, judging->found, judging->found_count, row[REQUIRED_PASSED].integer != 0, today);
    count_waivers(judging, mandate, &asked, &verdict);
    const struct tmandate_exception *exception = verdict.exception ? &mandate->exceptions[verdict.exception - 1] : NULL;
    bool is_excused = exception && !exception->requirement, is_met = verdict.state == OBLIGATION_MET || verdict.state == OBLIGATION_MET_LATE;
    if (verdict.state == OBLIGATION_BREACHED)
        judging->in_a_row++;
    else if (is_met && !is_excused) /* what was excused or waived neither goes on with the row nor ends it */
        judging->in_a_row = 0;
    int in_a_row = verdict.state == OBLIGATION_BREACHED ? judging->in_a_row : 0;
    const char *escalated = mandate->escalated_to.record && in_a_row >= mandate->escalated_after ? mandate->escalated_to.key : NULL;
    const char *label = exception ? exception->label : NULL, *waiver = waiver_text(judging, &verdict);
    bool differs = !is_there || kept.state != verdict.state || kept.due != verdict.due || kept.since != verdict.since || integer_or(row[KEPT_ROW], 0) != in_a_row ||
                   integer_or(row[KEPT_MANDATORY], 0) != mandate->is_mandatory || row[KEPT_ENDED].kind != VALUE_MISSING || text_differs(row[KEPT_ESCALATED], escalated) ||
                   text_differs(row[KEPT_EXCEPTION], label) || text_differs(row[KEPT_WAIVER], waiver) || text_differs(row[KEPT_POLICY], mandate->fingerprint);
    enum news news = !is_there ? NEWS_ALL : differs ? NEWS_WORDS : integer_or(row[KEPT_LAST], NO_DAY) != today ? NEWS_DAY : NEWS_NONE;
    count_one(&judging->by_mandate[judging->obligations->positions[judging->place]], mandate, &verdict, !is_there, is_excused);
    count_one(judging->all, mandate, &verdict, !is_there, is_excused);
    struct value values[] = {row[REQUIRED_MANDATE], value_text(judging->element, judging->element_length), row[REQUIRED_ID], row[REQUIRED_PERIOD], value_int(verdict.state),
                             scratch_int(verdict.due, NO_DAY), value_int(verdict.since), value_int(in_a_row), scratch_text(escalated), scratch_text(label), scratch_text(waiver), row[KEPT_ID],
                             value_int(news)};
    for (int i = 0; i < (int)(sizeof values / sizeof *values); i++)
        statement_bind(judging->insert, i + 1, values[i]);
    bool good = statement_step(judging->insert, failure) != STATEMENT_FAILED;
    statement_reset(judging->insert);
    return good;
}

static bool judge_rows(struct judging *judging, struct statement *statement, struct failure *failure) {
    enum statement_step step;
    while ((step = statement_step(statement, failure)) == STATEMENT_ROW) {
        struct value row[REQUIRED_COLUMNS];
        for (int i = 0; i < REQUIRED_COLUMNS; i++)
            row[i] = statement_value(statement, i);
        bool is_same = judging->place == row[REQUIRED_MANDATE].integer && judging->id == row[REQUIRED_ID].integer;
        if (!is_same && !begin_subject(judging, (int)row[REQUIRED_MANDATE].integer, row[REQUIRED_ELEMENT], row[REQUIRED_ID].integer, failure))
            return false;
        if (!judge_row(judging, row, failure))
            return false;
    }
    return step == STATEMENT_DONE;
}

/* The condition on an open obligation t of the store that it is no longer required. Of a check of some mandates those of the others stay as they are. */
static const char *no_longer_required(struct obligations *obligations, const struct check_options *options) {
    const struct program *program = obligations->session->program;
    const char **names = ARENA_ARRAY(obligations->arena, const char *, program->mandates.count);
    for (int i = 0; i < program->mandates.count; i++)
        names[i] = program->mandates.items[i]->name;
    return arena_format(obligations->arena, "t.ended IS NULL AND t._id NOT IN (SELECT stored FROM temp.remit_obligation WHERE stored IS NOT NULL)%s",
                        scratch_asked_for(obligations->arena, obligations->session, options, "t.mandate", names, program->mandates.count));
}

bool obligations_kept_later(struct obligations *obligations, int64_t *day, struct failure *failure) {
    *day = INT64_MIN;
    return scratch_ask(obligations->session->store, "SELECT coalesce(max(max(last_seen, coalesce(ended, last_seen))), -9223372036854775808) FROM t_obligation", day, failure);
}

bool obligations_judge(struct obligations *obligations, const struct check_options *options, struct waivers *waivers, struct obligation_counts *by_mandate, struct obligation_counts *all,
                       struct failure *failure) {
    struct store *store = obligations->session->store;
    struct judging judging = {.obligations = obligations, .waivers = waivers, .by_mandate = by_mandate, .all = all, .place = -1};
    int64_t later;
    if (!find_all_keys(obligations, failure) || !obligations_kept_later(obligations, &later, failure))
        return false;
    judging.knows_kept = later <= obligations->session->options.today; /* what was found later is not known yet */
    judging.texts = arena_create();
    judging.insert = store_prepare_scratch(store, "INSERT INTO temp.remit_obligation VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)", failure);
    struct statement *statement = judging.insert ? store_prepare(store, with_kept, failure) : NULL;
    if (statement)
        statement_bind(statement, 1, value_int(judging.knows_kept));
    bool good = statement && judge_rows(&judging, statement, failure);
    statement_close(statement);
    statement_close(judging.insert);
    arena_destroy(judging.texts);
    return good && scratch_ask(store, arena_format(obligations->arena, "SELECT count(*) FROM t_obligation AS t WHERE %s", no_longer_required(obligations, options)), &all->ended, failure);
}

/* ---- keeping ---- */

static bool keep_still_required(struct obligations *obligations, const struct record_type *record, struct failure *failure) {
    struct value today = value_int(obligations->session->options.today);
    struct store_change words = {.record = record,
                                 .set = "mandatory = m.mandatory, state = f.state, due = f.due, since = f.since, exception = f.exception, waiver = f.waiver, in_a_row = f.in_a_row,"
                                        " escalated_to = f.escalated, ended = NULL, policy = m.policy",
                                 .from = "temp.remit_obligation AS f, temp.remit_mandate AS m",
                                 .condition = arena_format(obligations->arena, "f.news = %d AND t._id = f.stored AND m.position = f.mandate", NEWS_WORDS), .keeps_old = true};
    struct store_change day = {.record = record, .set = "last_seen = ?1", .from = "temp.remit_obligation AS f", .parameters = &today, .parameter_count = 1,
                               .condition = arena_format(obligations->arena, "f.news IN (%d, %d) AND t._id = f.stored", NEWS_WORDS, NEWS_DAY)};
    return store_change_rows(obligations->session->store, &words, failure) && store_change_rows(obligations->session->store, &day, failure);
}

static bool keep_ended(struct obligations *obligations, const struct record_type *record, const struct check_options *options, struct failure *failure) {
    struct value today = value_int(obligations->session->options.today);
    struct store_change change = {.record = record, .set = "ended = ?1", .condition = no_longer_required(obligations, options), .parameters = &today, .parameter_count = 1, .keeps_old = true};
    return store_change_rows(obligations->session->store, &change, failure);
}

static const char *const new_fields[] = {"element", "period", "state", "due", "since", "exception", "waiver", "in_a_row", "escalated_to", "mandate", "record", "mandatory", "office", "domain", "policy",
                                         "first_seen", "last_seen"};
enum { NEW_GIVEN = 9, NEW_FIELDS = sizeof new_fields / sizeof *new_fields };

static bool load_new(struct obligations *obligations, struct statement *statement, struct store_loader *loader, struct failure *failure) {
    struct value today = value_int(obligations->session->options.today);
    enum statement_step step;
    while ((step = statement_step(statement, failure)) == STATEMENT_ROW) {
        const struct tmandate *mandate = obligations->ordered[statement_value(statement, NEW_GIVEN).integer];
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
                                                "SELECT element, nullif(period, 0), state, due, since, exception, waiver, in_a_row, escalated, mandate FROM temp.remit_obligation"
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

bool obligations_keep(struct obligations *obligations, const struct check_options *options, struct failure *failure) {
    struct record_type *record = program_find_record(obligations->session->program, "obligation");
    int64_t has_any = 0;
    if (!scratch_ask(obligations->session->store, "SELECT EXISTS (SELECT 1 FROM t_obligation)", &has_any, failure))
        return false;
    if (has_any && !(keep_still_required(obligations, record, failure) && keep_ended(obligations, record, options, failure)))
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
    const struct tmandate *mandate = rows->obligations->ordered[statement_value(rows->statement, 1).integer];
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

/* ---- of one mandate, of one obligation ---- */

bool obligations_since(struct session *session, const struct tmandate *mandate, int64_t *day, struct failure *failure) {
    *day = session->options.today;
    struct statement *statement = store_prepare(session->store, "SELECT min(first_seen) FROM t_obligation WHERE mandate = ?1", failure);
    if (!statement)
        return false;
    statement_bind(statement, 1, scratch_text(mandate->name));
    bool good = statement_step(statement, failure) == STATEMENT_ROW;
    if (good)
        *day = integer_or(statement_value(statement, 0), *day);
    if (*day > session->options.today)
        *day = session->options.today;
    statement_close(statement);
    return good;
}

bool obligations_find_kept(struct session *session, const struct tmandate *mandate, const char *element, size_t length, int64_t period, struct kept_obligation *kept, struct failure *failure) {
    *kept = (struct kept_obligation){0};
    struct statement *statement = store_prepare(session->store,
                                                "SELECT state, since, due FROM t_obligation WHERE mandate = ?1 AND record = ?2 AND element = ?3 AND ifnull(period, x'') = ifnull(?4, x'') AND first_seen <= ?5",
                                                failure);
    if (!statement)
        return false;
    struct value values[] = {scratch_text(mandate->name), scratch_text(mandate->record->name), value_text(element, length), scratch_int(period, NO_DAY), value_int(session->options.today)};
    for (int i = 0; i < (int)(sizeof values / sizeof *values); i++)
        statement_bind(statement, i + 1, values[i]);
    enum statement_step step = statement_step(statement, failure);
    if (step == STATEMENT_ROW)
        *kept = (struct kept_obligation){true, (enum obligation_state)statement_value(statement, 0).integer, statement_value(statement, 1).integer, integer_or(statement_value(statement, 2), NO_DAY)};
    statement_close(statement);
    return step != STATEMENT_FAILED;
}

bool obligations_has_passed(struct session *session, struct tmandate *mandate, const char *element, size_t length, bool *passed, struct failure *failure) {
    struct statement *statement = store_prepare(session->store, "SELECT 1 FROM t_decision WHERE gate = ?1 AND record = ?2 AND element = ?3 AND policy = ?4 AND outcome = 0 LIMIT 1", failure);
    if (!statement)
        return false;
    struct value values[] = {scratch_text(mandate->name), scratch_text(mandate->record->name), value_text(element, length), scratch_text(session_mandate_fingerprint(session, mandate))};
    for (int i = 0; i < (int)(sizeof values / sizeof *values); i++)
        statement_bind(statement, i + 1, values[i]);
    enum statement_step step = statement_step(statement, failure);
    *passed = step == STATEMENT_ROW;
    statement_close(statement);
    return step != STATEMENT_FAILED;
}
