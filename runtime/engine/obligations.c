/* The obligations of a check, judged. See obligations.h.
 * What is asked of one subject is gathered first, since breaches are counted in a row. The store is asked for the subject's key, and for what it keeps, only where that is of use. */
#include "runtime/engine/obligations_judged.h"
#include "runtime/engine/scratch.h"

#include <stdlib.h>
#include <string.h>

/* ---- opening ---- */

static const char making[] = "CREATE TEMP TABLE remit_mandate(position INTEGER PRIMARY KEY, name TEXT NOT NULL, record TEXT NOT NULL, mandatory INTEGER NOT NULL, policy TEXT NOT NULL);"
                             "CREATE TEMP TABLE remit_obligation(mandate INTEGER NOT NULL, element TEXT NOT NULL, id INTEGER NOT NULL, period INTEGER NOT NULL, state INTEGER NOT NULL, due INTEGER,"
                             " since INTEGER NOT NULL, in_a_row INTEGER NOT NULL, first_breached INTEGER, escalated TEXT, exception TEXT, waiver TEXT, stored INTEGER, news INTEGER NOT NULL,"
                             " PRIMARY KEY(mandate, element, id, period)) WITHOUT ROWID;";
static const char dropping[] = "DROP TABLE IF EXISTS temp.remit_mandate; DROP TABLE IF EXISTS temp.remit_obligation;";

static int compare_mandates(const void *a, const void *b) {
    const struct asking_mandate *x = *(struct asking_mandate *const *)a, *y = *(struct asking_mandate *const *)b;
    return x->mandate->is_mandatory != y->mandate->is_mandatory ? y->mandate->is_mandatory - x->mandate->is_mandatory : strcmp(x->mandate->name, y->mandate->name);
}

static void order_mandates(struct obligations *obligations) {
    int count = obligations->judged.mandate_count;
    obligations->mandates = ARENA_ARRAY(obligations->arena, struct asking_mandate, count + 1);
    obligations->ordered = ARENA_ARRAY(obligations->arena, struct asking_mandate *, count + 1);
    for (int i = 0; i < count; i++) {
        struct tmandate *mandate = obligations->judged.mandates[i];
        obligations->mandates[i] = (struct asking_mandate){.mandate = mandate, .fingerprint = session_mandate_fingerprint(obligations->session, mandate), .counts = &obligations->judged.by_mandate[i]};
        obligations->ordered[i] = &obligations->mandates[i];
    }
    qsort(obligations->ordered, (size_t)count, sizeof *obligations->ordered, compare_mandates);
    for (int place = 0; place < count; place++)
        obligations->ordered[place]->place = place;
}

static bool write_mandates(struct obligations *obligations, struct failure *failure) {
    for (int place = 0; place < obligations->judged.mandate_count; place++) {
        const struct asking_mandate *asking = obligations->ordered[place];
        struct value values[] = {value_int(place), scratch_text(asking->mandate->name), scratch_text(asking->mandate->record->name), value_int(asking->mandate->is_mandatory),
                                 scratch_text(asking->fingerprint)};
        if (!scratch_run(store_prepare_scratch(obligations->session->store, "INSERT INTO temp.remit_mandate VALUES(?1, ?2, ?3, ?4, ?5)", failure), values, sizeof values / sizeof *values, failure))
            return false;
    }
    return true;
}

/* Does the question, of the mandate's name, record and fingerprint as far as it asks for them, have an answer? */
static bool exists(struct obligations *obligations, const struct asking_mandate *asking, const char *sql, bool *answer, struct failure *failure) {
    struct statement *statement = store_prepare(obligations->session->store, sql, failure);
    if (!statement)
        return false;
    struct value values[] = {scratch_text(asking->mandate->name), scratch_text(asking->mandate->record->name), scratch_text(asking->fingerprint)};
    for (int i = 0; i < (int)(sizeof values / sizeof *values); i++)
        statement_bind(statement, i + 1, values[i]);
    enum statement_step step = statement_step(statement, failure);
    *answer = step == STATEMENT_ROW;
    statement_close(statement);
    return step != STATEMENT_FAILED;
}

/* The keys of a record type's elements, by their numbers, stand in a table of their own: those that are kept beside an owner are not found by their number. One for each record type. */
static bool open_keys(struct obligations *obligations, struct asking_mandate *asking, struct failure *failure) {
    const struct record_type *record = asking->mandate->record;
    struct store *store = obligations->session->store;
    const struct asking_mandate *first = obligations->mandates;
    while (first != asking && !(first->key && first->mandate->record == record))
        first++;
    int number = (int)(first - obligations->mandates);
    const char *drop = arena_format(obligations->arena, "DROP TABLE IF EXISTS temp.remit_key_%d", number);
    const char *create = arena_format(obligations->arena, "CREATE TEMP TABLE remit_key_%d(id INTEGER PRIMARY KEY, key TEXT NOT NULL, since INTEGER NOT NULL)", number);
    const char *fill = arena_format(obligations->arena, "INSERT INTO temp.remit_key_%d SELECT r._id, %s, r._since FROM %s AS r", number, store_key_expression(obligations->arena, record, "r"),
                                    store_table_name(obligations->arena, record));
    bool good = first != asking || (store_execute(store, drop, failure) && store_execute(store, create, failure) && scratch_run(store_prepare_scratch(store, fill, failure), NULL, 0, failure));
    asking->keys = number;
    asking->key = good ? store_prepare(store, arena_format(obligations->arena, "SELECT key FROM temp.remit_key_%d WHERE id = ?1", number), failure) : NULL;
    return asking->key != NULL;
}

/* The last decision on it, as far as the record that it is now was there, let it pass under this very text. */
static struct statement *prepare_passed(struct obligations *obligations, const struct asking_mandate *asking, struct failure *failure) {
    struct arena *arena = obligations->arena;
    const char *history = store_history_table_name(arena, asking->mandate->record);
    const char *sql = arena_format(arena,
                                   "SELECT 1 FROM (SELECT outcome, policy, _since FROM t_decision WHERE gate = ?1 AND record = ?2 AND element = ?3 AND outcome <> %d ORDER BY _id DESC LIMIT 1) AS d"
                                   " WHERE d.outcome = %d AND d.policy = ?4 AND d._since >= min((SELECT since FROM temp.remit_key_%d WHERE id = ?5), ifnull((SELECT min(_since) FROM %s WHERE _id = ?5), d._since))",
                                   DECISION_REFUSED, DECISION_PASSED, asking->keys, history);
    return store_prepare(obligations->session->store, sql, failure);
}

static bool open_mandate(struct obligations *obligations, struct asking_mandate *asking, bool knows_kept, struct failure *failure) {
    const struct waivers *waivers = obligations->judged.waivers;
    if (!exists(obligations, asking, "SELECT 1 FROM t_obligation WHERE mandate = ?1 AND record = ?2 LIMIT 1", &asking->has_kept, failure) ||
        !exists(obligations, asking, "SELECT 1 FROM t_decision WHERE gate = ?1 AND record = ?2 AND policy = ?3 AND outcome = 0 LIMIT 1", &asking->has_passed, failure))
        return false;
    asking->has_kept = asking->has_kept && knows_kept;
    for (int i = 0; i < waivers->list.count; i++)
        asking->has_waivers = asking->has_waivers || waivers->list.items[i].mandate == asking->mandate;
    bool needs_keys = asking->has_kept || asking->has_waivers || asking->has_passed || !obligations->judged.options->summary;
    if (needs_keys && !open_keys(obligations, asking, failure))
        return false;
    asking->passed = asking->has_passed ? prepare_passed(obligations, asking, failure) : NULL;
    return !asking->has_passed || asking->passed;
}

static bool open_all(struct obligations *obligations, struct failure *failure) {
    struct store *store = obligations->session->store;
    int64_t later;
    if (!store_execute(store, dropping, failure) || !store_execute(store, making, failure) || !write_mandates(obligations, failure) ||
        !obligations_kept_later(obligations->session, &later, failure))
        return false;
    bool is_past = store_as_of(store) != STORE_PRESENT; /* what is kept is what was kept then, but for the day on which it was seen last */
    bool knows_kept = is_past || later <= obligations->session->options.today; /* what was found later is not known yet */
    for (int i = 0; i < obligations->judged.mandate_count; i++)
        if (!open_mandate(obligations, &obligations->mandates[i], knows_kept, failure))
            return false;
    obligations->kept = store_prepare(store,
                                      "SELECT period, _id, state, since, due, in_a_row, last_seen, mandatory, ended IS NOT NULL, first_seen, escalated_to, exception, waiver, policy, first_breached FROM t_obligation"
                                      " WHERE mandate = ?1 AND record = ?2 AND element = ?3",
                                      failure);
    obligations->insert = store_prepare_scratch(store, "INSERT INTO temp.remit_obligation VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)", failure);
    return obligations->kept && obligations->insert;
}

struct obligations *obligations_open(struct session *session, const struct judged *judged, struct failure *failure) {
    if (!store_hold(session->store, failure))
        return NULL;
    struct arena *arena = arena_create();
    struct obligations *obligations = ARENA_NEW(arena, struct obligations);
    *obligations = (struct obligations){.session = session, .arena = arena, .judged = *judged, .texts = arena_create()};
    order_mandates(obligations);
    if (open_all(obligations, failure))
        return obligations;
    obligations_close(obligations);
    return NULL;
}

void obligations_close(struct obligations *obligations) {
    if (!obligations)
        return;
    struct failure ignored = {0}; /* they go with the connection at the latest */
    for (int i = 0; i < obligations->judged.mandate_count; i++) {
        statement_close(obligations->mandates[i].key);
        statement_close(obligations->mandates[i].passed);
    }
    statement_close(obligations->kept);
    statement_close(obligations->insert);
    for (int i = 0; i < obligations->judged.mandate_count; i++)
        store_execute(obligations->session->store, arena_format(obligations->arena, "DROP TABLE IF EXISTS temp.remit_key_%d", i), &ignored);
    store_execute(obligations->session->store, dropping, &ignored);
    store_release(obligations->session->store);
    arena_destroy(obligations->texts);
    arena_destroy(obligations->arena);
}

/* ---- what is known of a subject ---- */

/* A subject of a mandate, while what is required of it is judged. */
struct subject {
    struct obligations *obligations;
    struct asking_mandate *asking;
    const char *key;                /* NULL where it is not needed */
    size_t key_length;
    struct waiver *waivers;
    int waiver_count;
    LIST_OF(struct kept) kept;
    int64_t first_day;              /* what ended before it is not required: the mandate has no beginning, and was not there when it was */
    bool has_passed;
    int in_a_row;
};

static int64_t integer_or(struct value value, int64_t otherwise) {
    return value.kind == VALUE_INT ? value.integer : otherwise;
}

static const char *copied(struct arena *arena, struct value text) {
    return text.kind == VALUE_TEXT ? arena_copy(arena, text.text, text.length) : NULL;
}

static bool find_key(struct subject *subject, struct failure *failure) {
    struct statement *statement = subject->asking->key;
    statement_bind(statement, 1, value_int(subject->asking->subject));
    enum statement_step step = statement_step(statement, failure);
    if (step == STATEMENT_ROW) {
        struct value key = statement_value(statement, 0);
        subject->key = arena_copy(subject->obligations->texts, key.text, key.length);
        subject->key_length = key.length;
    }
    statement_reset(statement);
    return step == STATEMENT_ROW;
}

static void bind_subject(const struct subject *subject, struct statement *statement) {
    const struct tmandate *mandate = subject->asking->mandate;
    statement_bind(statement, 1, scratch_text(mandate->name));
    statement_bind(statement, 2, scratch_text(mandate->record->name));
    statement_bind(statement, 3, value_text(subject->key, subject->key_length));
}

static void add_kept(struct subject *subject, struct statement *statement, int64_t *first_seen) {
    struct arena *texts = subject->obligations->texts;
    struct kept kept = {integer_or(statement_value(statement, 0), NO_DAY),
                        statement_value(statement, 1).integer,
                        {true, (enum obligation_state)statement_value(statement, 2).integer, statement_value(statement, 3).integer, integer_or(statement_value(statement, 4), NO_DAY), integer_or(statement_value(statement, 14), NO_DAY)},
                        statement_value(statement, 5).integer,
                        statement_value(statement, 6).integer,
                        statement_value(statement, 7).integer != 0,
                        statement_value(statement, 8).integer != 0,
                        copied(texts, statement_value(statement, 10)),
                        copied(texts, statement_value(statement, 11)),
                        copied(texts, statement_value(statement, 12)),
                        copied(texts, statement_value(statement, 13))};
    int64_t first = statement_value(statement, 9).integer;
    *first_seen = first < *first_seen ? first : *first_seen;
    LIST_ADD(texts, &subject->kept, kept);
}

/* What the store keeps of the subject, and the first day on which it was asked for: today when it was not yet. */
static bool find_kept(struct subject *subject, struct failure *failure) {
    struct statement *statement = subject->obligations->kept;
    int64_t first_seen = subject->obligations->session->options.today;
    enum statement_step step = STATEMENT_DONE;
    if (subject->asking->has_kept) {
        bind_subject(subject, statement);
        while ((step = statement_step(statement, failure)) == STATEMENT_ROW)
            add_kept(subject, statement, &first_seen);
        statement_reset(statement);
    }
    subject->first_day = subject->asking->mandate->since ? first_seen : INT64_MIN;
    return step != STATEMENT_FAILED;
}

static bool find_passed(struct subject *subject, struct failure *failure) {
    struct statement *statement = subject->asking->passed;
    bind_subject(subject, statement);
    statement_bind(statement, 4, scratch_text(subject->asking->fingerprint));
    statement_bind(statement, 5, value_int(subject->asking->subject));
    enum statement_step step = statement_step(statement, failure);
    subject->has_passed = step == STATEMENT_ROW;
    statement_reset(statement);
    return step != STATEMENT_FAILED;
}

static bool open_subject(struct subject *subject, struct failure *failure) {
    struct asking_mandate *asking = subject->asking;
    arena_reset(subject->obligations->texts);
    if (asking->key && !find_key(subject, failure))
        return false;
    if (asking->has_waivers)
        subject->waivers = waivers_find(subject->obligations->judged.waivers, asking->mandate, subject->key, subject->key_length, &subject->waiver_count);
    return find_kept(subject, failure) && (!asking->has_passed || find_passed(subject, failure));
}

/* Both go by period, so the one sought stands near where the last one stood. */
static const struct kept *kept_of(const struct subject *subject, int64_t period, int *from) {
    for (int i = 0; i < subject->kept.count; i++) {
        int at = (*from + i) % subject->kept.count;
        if (subject->kept.items[at].period == period) {
            *from = at + 1;
            return &subject->kept.items[at];
        }
    }
    return NULL;
}

/* ---- judging ---- */

static void count_waivers(struct subject *subject, const struct asked *asked, const struct verdict *verdict) {
    int64_t today = subject->obligations->session->options.today;
    for (int i = 0; i < subject->waiver_count; i++) {
        struct waiver *waiver = &subject->waivers[i];
        waiver->asked++;
        bool could = subject->asking->mandate->timing != TIMING_EVERY || verdict->due == NO_DAY || (verdict->due >= waiver->days.from && verdict->due <= waiver->days.until);
        waiver->breached += verdict->state == OBLIGATION_BREACHED && could;
        waiver->used += i == verdict->waiver;
        waiver->needless += !waiver->flaw && verdict->holds && waiver_covers(subject->asking->mandate, asked, waiver->days, today);
    }
}

static const char *waiver_text(const struct subject *subject, const struct verdict *verdict) {
    if (verdict->waiver < 0)
        return NULL;
    const struct waiver *waiver = &subject->waivers[verdict->waiver];
    struct buffer out = {0};
    buffer_add_format(&out, "%s until ", waiver->granted_by);
    date_write(&out, waiver->days.until);
    const char *text = arena_copy_string(subject->obligations->texts, buffer_string(&out));
    buffer_free(&out);
    return text;
}

static void count_one(struct obligation_counts *counts, const struct tmandate *mandate, const struct verdict *verdict, bool is_new, bool is_excused) {
    counts->states[verdict->state]++;
    counts->mandatory_breached += verdict->state == OBLIGATION_BREACHED && mandate->is_mandatory;
    counts->added += is_new;
    counts->excepted += is_excused;
}

static bool differs(const char *a, const char *b) {
    return a && b ? strcmp(a, b) != 0 : a != b;
}

/* What there is to be written down of an obligation beside its verdict. */
struct words {
    int in_a_row;
    const char *escalated, *exception, *waiver; /* or NULL */
};

static enum news news_of(const struct subject *subject, const struct kept *kept, const struct verdict *verdict, const struct words *words) {
    if (!kept)
        return NEWS_ALL;
    bool is_another = kept->state.state != verdict->state || kept->state.due != verdict->due || kept->state.since != verdict->since || kept->state.first_breached != verdict->first_breached || kept->in_a_row != words->in_a_row ||
                      kept->is_mandatory != subject->asking->mandate->is_mandatory || kept->has_ended || differs(kept->escalated, words->escalated) || differs(kept->exception, words->exception) ||
                      differs(kept->waiver, words->waiver) || differs(kept->policy, subject->asking->fingerprint);
    return is_another ? NEWS_WORDS : kept->last_seen != subject->obligations->session->options.today ? NEWS_DAY : NEWS_NONE;
}

static bool insert(const struct subject *subject, const struct asked *asked, const struct verdict *verdict, const struct words *words, const struct kept *kept, struct failure *failure) {
    struct statement *statement = subject->obligations->insert;
    struct value values[] = {value_int(subject->asking->place),
                             value_text(subject->key, subject->key_length),
                             value_int(asked->id),
                             value_int(asked->period == NO_DAY ? 0 : asked->period),
                             value_int(verdict->state),
                             scratch_int(verdict->due, NO_DAY),
                             value_int(verdict->since),
                             value_int(words->in_a_row),
                             scratch_int(verdict->first_breached, NO_DAY),
                             scratch_text(words->escalated),
                             scratch_text(words->exception),
                             scratch_text(words->waiver),
                             kept ? value_int(kept->id) : value_missing(),
                             value_int(news_of(subject, kept, verdict, words))};
    for (int i = 0; i < (int)(sizeof values / sizeof *values); i++)
        statement_bind(statement, i + 1, values[i]);
    bool good = statement_step(statement, failure) != STATEMENT_FAILED;
    statement_reset(statement);
    return good;
}

static bool judge_one(struct subject *subject, const struct asked *asked, const struct kept *kept, struct failure *failure) {
    const struct tmandate *mandate = subject->asking->mandate;
    const struct judged *judged = &subject->obligations->judged;
    static const struct kept_obligation nothing_kept;
    struct verdict verdict =
        waivers_judge(mandate, asked, kept ? &kept->state : &nothing_kept, subject->waivers, subject->waiver_count, subject->has_passed, subject->obligations->session->options.today);
    count_waivers(subject, asked, &verdict);
    const struct tmandate_exception *exception = verdict.exception ? &mandate->exceptions[verdict.exception - 1] : NULL;
    bool is_excused = exception && !exception->requirement, is_met = verdict.state == OBLIGATION_MET || verdict.state == OBLIGATION_MET_LATE;
    if (verdict.state == OBLIGATION_BREACHED)
        subject->in_a_row++;
    else if (is_met && !is_excused) /* what was excused or waived neither goes on with the row nor ends it */
        subject->in_a_row = 0;
    count_one(subject->asking->counts, mandate, &verdict, !kept, is_excused);
    count_one(judged->all, mandate, &verdict, !kept, is_excused);
    if (judged->options->summary && !kept)
        return true;
    struct words words = {verdict.state == OBLIGATION_BREACHED ? subject->in_a_row : 0, NULL, exception ? exception->label : NULL, waiver_text(subject, &verdict)};
    words.escalated = mandate->escalated_to.record && words.in_a_row >= mandate->escalated_after ? mandate->escalated_to.key : NULL;
    return insert(subject, asked, &verdict, &words, kept, failure);
}

static int compare_periods(const void *a, const void *b) {
    int64_t x = ((const struct asked *)a)->period, y = ((const struct asked *)b)->period;
    return (x > y) - (x < y);
}

static bool is_in_order(const struct asking_mandate *asking) {
    for (int i = 1; i < asking->asked.count; i++)
        if (asking->asked.items[i - 1].period > asking->asked.items[i].period)
            return false;
    return true;
}

static bool judge_subject(struct obligations *obligations, struct asking_mandate *asking, struct failure *failure) {
    struct subject subject = {.obligations = obligations, .asking = asking};
    int month = obligations->session->program->fiscal_month, from = 0;
    bool good = open_subject(&subject, failure);
    if (!is_in_order(asking))
        qsort(asking->asked.items, (size_t)asking->asked.count, sizeof *asking->asked.items, compare_periods);
    for (int i = 0; i < asking->asked.count && good; i++) {
        const struct asked *asked = &asking->asked.items[i];
        if (asked->period == NO_DAY || subject.first_day == INT64_MIN || period_last_day(asked->period, month) >= subject.first_day)
            good = judge_one(&subject, asked, kept_of(&subject, asked->period, &from), failure);
    }
    asking->asked.count = 0;
    return good;
}

bool obligations_add(struct obligations *obligations, int mandate, const struct asked *asked, struct failure *failure) {
    struct asking_mandate *asking = &obligations->mandates[mandate];
    if (asking->asked.count && asking->subject != asked->id && !judge_subject(obligations, asking, failure))
        return false;
    asking->subject = asked->id;
    LIST_ADD(obligations->arena, &asking->asked, *asked);
    return true;
}

/* Those of which nothing was asked are judged, too. */
static void note_judged(struct obligations *obligations) {
    struct waivers *waivers = obligations->judged.waivers;
    for (int w = 0; w < waivers->list.count; w++)
        for (int i = 0; i < obligations->judged.mandate_count; i++)
            waivers->list.items[w].is_judged = waivers->list.items[w].is_judged || waivers->list.items[w].mandate == obligations->judged.mandates[i];
}

bool obligations_finish(struct obligations *obligations, struct failure *failure) {
    note_judged(obligations);
    for (int i = 0; i < obligations->judged.mandate_count; i++)
        if (obligations->mandates[i].asked.count && !judge_subject(obligations, &obligations->mandates[i], failure))
            return false;
    return obligations_count_ended(obligations, &obligations->judged.all->ended, failure);
}
