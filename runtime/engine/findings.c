/* The findings of a check. See findings.h.
 *   remit_rule(position, name, record, severity, office, domain, policy)   the rules, in the order in which findings are shown
 *   remit_found(rule, id, message)                                          what was found, as it came
 *   remit_finding(rule, element, id, message, first_seen, stored, news)     the same in order, with keys; stored is the _id of the open finding in t_finding that it is, news
 *                                                                           how it differs from that */
#include "runtime/engine/findings.h"
#include "runtime/engine/scratch.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum news { NEWS_NONE, NEWS_DAY /* it was last seen on another day */, NEWS_WORDS /* its severity, message or policy is another */, NEWS_ALL /* it is not there */ };

struct findings {
    struct session *session;
    struct arena *arena;
    struct trule *const *rules;
    int rule_count;
    int *places; /* of each rule in the order shown */
    struct statement *add;
};

/* ---- tables ---- */

static const char making[] = "CREATE TEMP TABLE remit_rule(position INTEGER PRIMARY KEY, name TEXT NOT NULL, record TEXT NOT NULL, severity INTEGER NOT NULL, office TEXT, domain TEXT, policy TEXT NOT NULL);"
                             "CREATE TEMP TABLE remit_found(rule INTEGER NOT NULL, id INTEGER NOT NULL, message TEXT NOT NULL);"
                             "CREATE TEMP TABLE remit_finding(rule INTEGER NOT NULL, element TEXT NOT NULL, id INTEGER NOT NULL, message TEXT NOT NULL, first_seen INTEGER NOT NULL, stored INTEGER, news INTEGER NOT NULL,"
                             " PRIMARY KEY(rule, element, id)) WITHOUT ROWID;";
static const char dropping[] = "DROP TABLE IF EXISTS temp.remit_rule; DROP TABLE IF EXISTS temp.remit_found; DROP TABLE IF EXISTS temp.remit_finding;";

static int compare_rules(const void *a, const void *b) {
    const struct trule *x = *(struct trule *const *)a, *y = *(struct trule *const *)b;
    return x->severity != y->severity ? y->severity - x->severity : strcmp(x->name, y->name);
}

static bool write_rules(struct findings *findings, struct failure *failure) {
    struct session *session = findings->session;
    int count = findings->rule_count;
    struct trule **ordered = ARENA_ARRAY(findings->arena, struct trule *, count + 1);
    findings->places = ARENA_ARRAY(findings->arena, int, count + 1);
    for (int i = 0; i < count; i++)
        ordered[i] = findings->rules[i];
    qsort(ordered, (size_t)count, sizeof *ordered, compare_rules);
    for (int place = 0; place < count; place++) {
        struct trule *rule = ordered[place];
        for (int i = 0; i < count; i++)
            if (findings->rules[i] == rule)
                findings->places[i] = place;
        struct value values[] = {value_int(place), scratch_text(rule->name), scratch_text(rule->record->name), value_int(rule->severity),
                                 scratch_text(rule->office), scratch_text(rule->domain), scratch_text(session_rule_fingerprint(session, rule))};
        if (!scratch_run(store_prepare_scratch(session->store, "INSERT INTO temp.remit_rule VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)", failure), values, sizeof values / sizeof *values, failure))
            return false;
    }
    return true;
}

struct findings *findings_open(struct session *session, struct trule *const *rules, int rule_count, struct failure *failure) {
    if (!store_hold(session->store, failure))
        return NULL;
    struct arena *arena = arena_create();
    struct findings *findings = ARENA_NEW(arena, struct findings);
    *findings = (struct findings){.session = session, .arena = arena, .rules = rules, .rule_count = rule_count};
    bool good = store_execute(session->store, dropping, failure) && store_execute(session->store, making, failure) && write_rules(findings, failure);
    findings->add = good ? store_prepare_scratch(session->store, "INSERT INTO temp.remit_found VALUES(?1, ?2, ?3)", failure) : NULL;
    if (findings->add)
        return findings;
    findings_close(findings);
    return NULL;
}

void findings_close(struct findings *findings) {
    if (!findings)
        return;
    struct failure ignored = {0}; /* they go with the connection at the latest */
    statement_close(findings->add);
    store_execute(findings->session->store, dropping, &ignored);
    store_release(findings->session->store);
    arena_destroy(findings->arena);
}

bool findings_add(struct findings *findings, int rule, int64_t id, const char *message, size_t length, struct failure *failure) {
    statement_bind(findings->add, 1, value_int(findings->places[rule]));
    statement_bind(findings->add, 2, value_int(id));
    statement_bind(findings->add, 3, value_text(message, length));
    bool good = statement_step(findings->add, failure) != STATEMENT_FAILED;
    statement_reset(findings->add);
    return good;
}

/* ---- comparing ---- */

/* The open finding of the same rule, record type and key is the same finding. */
static bool find_keys(struct findings *findings, const struct record_type *record, struct failure *failure) {
    struct store *store = findings->session->store;
    const char *sql = arena_format(findings->arena,
                                   "INSERT INTO temp.remit_finding SELECT e.rule, e.element, e.id, e.message, coalesce(o.first_seen, ?2), o._id,"
                                   " CASE WHEN o._id IS NULL THEN %d WHEN (o.severity, o.message, o.policy) IS NOT (q.severity, e.message, q.policy) THEN %d WHEN o.last_seen <> ?2 THEN %d ELSE %d END"
                                   " FROM (SELECT f.rule AS rule, %s AS element, f.id AS id, f.message AS message FROM %s"
                                   " WHERE r._id = f.id AND f.rule IN (SELECT position FROM temp.remit_rule WHERE record = ?1) ORDER BY 1, 2, 3 LIMIT -1) AS e"
                                   " CROSS JOIN temp.remit_rule AS q ON q.position = e.rule"
                                   " LEFT JOIN t_finding AS o ON o.rule = q.name AND o.record = ?1 AND o.element = e.element AND o.cleared IS NULL",
                                   NEWS_ALL, NEWS_WORDS, NEWS_DAY, NEWS_NONE, store_key_expression(findings->arena, record, "r"), scratch_beside(findings->arena, record, "temp.remit_found AS f"));
    if (record->owner && !store_execute(store, "CREATE INDEX IF NOT EXISTS temp.remit_found_id ON remit_found(id)", failure))
        return false;
    struct value values[] = {scratch_text(record->name), value_int(findings->session->options.today)};
    return scratch_run(store_prepare_scratch(store, sql, failure), values, 2, failure);
}

static bool find_all_keys(struct findings *findings, struct failure *failure) {
    for (int i = 0; i < findings->rule_count; i++) {
        bool is_done = false;
        for (int j = 0; j < i; j++)
            is_done = is_done || findings->rules[j]->record == findings->rules[i]->record;
        if (!is_done && !find_keys(findings, findings->rules[i]->record, failure))
            return false;
    }
    return true;
}

/* The condition on an open finding t of the store that it no longer holds. Of a check of some rules the findings of the others stay as they are, and so do those of rules that
 * the policy at hand does not have, when it is not the store's own. */
static const char *no_longer_holds(struct findings *findings, const struct check_options *options) {
    const struct program *program = findings->session->program;
    const char **names = ARENA_ARRAY(findings->arena, const char *, program->rules.count);
    for (int i = 0; i < program->rules.count; i++)
        names[i] = program->rules.items[i]->name;
    return arena_format(findings->arena, "t.cleared IS NULL AND t._id NOT IN (SELECT stored FROM temp.remit_finding WHERE stored IS NOT NULL)%s",
                        scratch_asked_for(findings->arena, findings->session, options, "t.rule", names, program->rules.count));
}

bool findings_kept_later(struct findings *findings, int64_t *day, struct failure *failure) {
    *day = INT64_MIN;
    return scratch_ask(findings->session->store, "SELECT coalesce(max(max(last_seen, coalesce(cleared, last_seen))), -9223372036854775808) FROM t_finding", day, failure);
}

bool findings_compare(struct findings *findings, const struct check_options *options, struct finding_counts *counts, struct failure *failure) {
    struct store *store = findings->session->store;
    return find_all_keys(findings, failure) && scratch_ask(store, "SELECT count(*) FROM temp.remit_finding WHERE stored IS NULL", &counts->added, failure) &&
           scratch_ask(store, arena_format(findings->arena, "SELECT count(*) FROM t_finding AS t WHERE %s", no_longer_holds(findings, options)), &counts->cleared, failure);
}

const char *findings_differences(struct findings *findings, const struct check_options *options) {
    return arena_format(findings->arena,
                        "SELECT 'finding', q.name, q.record, f.element, NULL, t.severity, q.severity FROM temp.remit_finding AS f JOIN temp.remit_rule AS q ON q.position = f.rule LEFT JOIN t_finding AS t ON t._id = f.stored"
                        " WHERE t._id IS NULL OR t.severity <> q.severity"
                        " UNION ALL SELECT 'finding', t.rule, t.record, t.element, NULL, t.severity, NULL FROM t_finding AS t WHERE %s",
                        no_longer_holds(findings, options));
}

/* ---- keeping ---- */

/* One day may see a finding cleared and found again: the cleared one of that day goes on, since the key of a finding is its first day. */
static bool reopen_of_today(struct findings *findings, const struct record_type *finding, struct failure *failure) {
    struct value values[] = {value_int(findings->session->options.today), value_int(NEWS_WORDS), value_int(NEWS_ALL)};
    struct store_change change = {.record = finding, .set = "cleared = NULL", .from = "temp.remit_finding AS f",
                                  .condition = "t._id = f.stored AND t.cleared IS NOT NULL", .keeps_old = true};
    return scratch_run(store_prepare_scratch(findings->session->store,
                                     "UPDATE temp.remit_finding AS f SET stored = o._id, news = ?2 FROM temp.remit_rule AS q, t_finding AS o"
                                     " WHERE f.news = ?3 AND q.position = f.rule AND o.rule = q.name AND o.record = q.record AND o.element = f.element AND o.first_seen = ?1 AND o.cleared IS NOT NULL",
                                     failure),
               values, 3, failure) &&
           store_change_rows(findings->session->store, &change, failure);
}

static bool keep_still_holding(struct findings *findings, const struct record_type *finding, struct failure *failure) {
    struct value today = value_int(findings->session->options.today);
    struct store_change words = {.record = finding, .set = "severity = q.severity, message = f.message, policy = q.policy", .from = "temp.remit_finding AS f, temp.remit_rule AS q",
                                 .condition = arena_format(findings->arena, "f.news = %d AND t._id = f.stored AND q.position = f.rule", NEWS_WORDS), .keeps_old = true};
    struct store_change day = {.record = finding, .set = "last_seen = ?1", .from = "temp.remit_finding AS f", .parameters = &today, .parameter_count = 1,
                               .condition = arena_format(findings->arena, "f.news IN (%d, %d) AND t._id = f.stored", NEWS_WORDS, NEWS_DAY)};
    return store_change_rows(findings->session->store, &words, failure) && store_change_rows(findings->session->store, &day, failure);
}

static bool keep_cleared(struct findings *findings, const struct record_type *finding, const struct check_options *options, struct failure *failure) {
    struct value today = value_int(findings->session->options.today);
    struct store_change change = {.record = finding, .set = "cleared = ?1", .condition = no_longer_holds(findings, options), .parameters = &today, .parameter_count = 1, .keeps_old = true};
    return store_change_rows(findings->session->store, &change, failure);
}

static bool load_new(struct findings *findings, struct statement *statement, struct store_loader *loader, struct failure *failure) {
    enum { GIVEN = 8 }; /* the two days follow */
    struct value values[GIVEN + 2];
    values[GIVEN] = values[GIVEN + 1] = value_int(findings->session->options.today);
    enum statement_step step;
    while ((step = statement_step(statement, failure)) == STATEMENT_ROW) {
        for (int i = 0; i < GIVEN; i++)
            values[i] = statement_value(statement, i);
        if (!store_loader_add(loader, 0, values, failure))
            return false;
    }
    return step == STATEMENT_DONE;
}

static bool keep_new(struct findings *findings, struct record_type *finding, struct failure *failure) {
    static const char *const names[] = {"rule", "record", "element", "severity", "message", "office", "domain", "policy", "first_seen", "last_seen"};
    enum { FIELDS = sizeof names / sizeof *names };
    struct field *fields[FIELDS];
    for (int f = 0; f < FIELDS; f++)
        fields[f] = record_find_field(finding, names[f]);
    struct store *store = findings->session->store;
    struct statement *statement = store_prepare(store,
                                                "SELECT q.name, q.record, f.element, q.severity, f.message, q.office, q.domain, q.policy FROM temp.remit_finding AS f CROSS JOIN temp.remit_rule AS q"
                                                " WHERE q.position = f.rule AND f.stored IS NULL ORDER BY f.rule, f.element, f.id",
                                                failure);
    struct store_loader *loader = statement ? store_loader_open(store, finding, fields, FIELDS, failure) : NULL;
    bool good = loader && load_new(findings, statement, loader, failure);
    statement_close(statement);
    if (!good) {
        store_loader_abandon(loader);
        return false;
    }
    int64_t inserted, updated;
    return store_loader_finish(loader, &inserted, &updated, failure);
}

bool findings_keep(struct findings *findings, const struct check_options *options, struct failure *failure) {
    struct record_type *finding = program_find_record(findings->session->program, "finding");
    int64_t has_any = 0;
    if (!scratch_ask(findings->session->store, "SELECT EXISTS (SELECT 1 FROM t_finding)", &has_any, failure))
        return false;
    if (has_any && !(reopen_of_today(findings, finding, failure) && keep_still_holding(findings, finding, failure) && keep_cleared(findings, finding, options, failure)))
        return false;
    return keep_new(findings, finding, failure);
}

/* ---- giving them out ---- */

struct listing {
    struct rows base;
    struct statement *statement;
    struct value row[FINDING_COLUMNS];
};

static enum rows_step next_row(struct rows *base, const struct value **row, struct failure *failure) {
    struct listing *listing = (struct listing *)base;
    enum statement_step step = statement_step(listing->statement, failure);
    if (step != STATEMENT_ROW)
        return step == STATEMENT_DONE ? ROWS_END : ROWS_FAILED;
    for (int i = 0; i < FINDING_COLUMNS; i++)
        listing->row[i] = statement_value(listing->statement, i);
    *row = listing->row;
    return ROWS_ROW;
}

static void close_rows(struct rows *base) {
    struct listing *listing = (struct listing *)base;
    statement_close(listing->statement);
    free(listing);
}

struct rows *findings_rows(struct findings *findings, const struct row_column *columns, struct failure *failure) {
    struct statement *statement = store_prepare(findings->session->store,
                                                "SELECT q.severity, q.name, q.record, f.element, f.first_seen, f.message FROM temp.remit_finding AS f CROSS JOIN temp.remit_rule AS q"
                                                " WHERE q.position = f.rule ORDER BY f.rule, f.element, f.id",
                                                failure);
    if (!statement)
        return NULL;
    struct listing *listing = calloc(1, sizeof *listing);
    if (!listing)
        abort();
    *listing = (struct listing){.base = {.columns = columns, .column_count = FINDING_COLUMNS, .next = next_row, .close = close_rows}, .statement = statement};
    return &listing->base;
}
