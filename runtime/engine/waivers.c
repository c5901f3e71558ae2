/* The waivers of a store. See waivers.h. */
#include "runtime/engine/waivers.h"
#include "runtime/engine/scratch.h"

#include "lang/base/civil.h"

#include <stdlib.h>
#include <string.h>

/* ---- reading ---- */

struct reading_waivers {
    struct session *session;
    struct arena *arena;
    struct waivers *waivers;
    struct failure *failure;
};

static const char *take_text(struct arena *arena, struct value value) {
    return value.kind == VALUE_TEXT ? arena_copy(arena, value.text, value.length) : NULL;
}

static bool find_subject(struct reading_waivers *reading, struct waiver *waiver) {
    if (!waiver->mandate || !waiver->element)
        return true;
    return store_find_key(reading->session->store, waiver->mandate->record, waiver->element, strlen(waiver->element), &waiver->subject, reading->failure);
}

static bool take_waiver(struct reading_waivers *reading, struct statement *statement) {
    struct arena *arena = reading->arena;
    struct waiver waiver = {.mandate_name = take_text(arena, statement_value(statement, 0)), .element = take_text(arena, statement_value(statement, 1)),
                            .granted_by = take_text(arena, statement_value(statement, 2)), .endorsed_by = take_text(arena, statement_value(statement, 3)),
                            .days = {statement_value(statement, 4).integer, statement_value(statement, 5).integer}, .reason = take_text(arena, statement_value(statement, 6)),
                            .change = statement_value(statement, 7).integer};
    waiver.mandate = program_find_mandate(reading->session->program, waiver.mandate_name);
    if (!waiver.element)
        waiver.element = "";
    if (!find_subject(reading, &waiver))
        return false;
    LIST_ADD(arena, &reading->waivers->list, waiver);
    return true;
}

static int compare_waivers(const void *a, const void *b) {
    const struct waiver *x = a, *y = b;
    int order = strcmp(x->mandate_name, y->mandate_name);
    if (!order)
        order = strcmp(x->element, y->element);
    return order ? order : (x->days.from > y->days.from) - (x->days.from < y->days.from);
}

/* ---- who benefits ---- */

/* Is there a row for this question, of which ?1 is a key and ?2 an id? */
static bool is_so(struct reading_waivers *reading, const char *sql, const char *key, int64_t id) {
    struct statement *statement = store_prepare(reading->session->store, sql, reading->failure);
    if (!statement)
        return false;
    statement_bind(statement, 1, value_text(key, strlen(key)));
    statement_bind(statement, 2, value_int(id));
    bool found = statement_step(statement, reading->failure) == STATEMENT_ROW;
    statement_close(statement);
    return found;
}

/* The initiative that the subject is, or that it refers to by its first reference to one; 0: none. */
static int64_t initiative_of(struct reading_waivers *reading, const struct waiver *waiver) {
    struct record_type *record = waiver->mandate->record, *initiative = program_find_record(reading->session->program, "initiative");
    if (record == initiative)
        return waiver->subject;
    for (int f = FIELD_FIRST_OWN; f < record->field_count; f++) {
        struct field *field = record->fields[f];
        if (field->kind != FIELD_STORED || field->type.kind != TYPE_RECORD || field->type.record != initiative)
            continue;
        struct arena *arena = reading->arena;
        struct statement *statement = store_prepare(reading->session->store, arena_format(arena, "SELECT %s FROM %s WHERE _id = ?1", store_column_name(arena, field), store_table_name(arena, record)), reading->failure);
        if (!statement)
            return 0;
        statement_bind(statement, 1, value_int(waiver->subject));
        int64_t id = statement_step(statement, reading->failure) == STATEMENT_ROW && statement_value(statement, 0).kind == VALUE_INT ? statement_value(statement, 0).integer : 0;
        statement_close(statement);
        return id;
    }
    return 0;
}

static const char own_office[] = "SELECT 1 FROM t_initiative i JOIN t_office o ON o._id = i.office WHERE i._id = ?2 AND o._key = ?1";
static const char sponsor[] = "SELECT 1 FROM t_initiative i JOIN t_person p ON p._id = i.sponsor WHERE i._id = ?2 AND p._key = ?1";
static const char of_office[] = "SELECT 1 FROM t_initiative i JOIN t_office o ON o._id = i.office JOIN t_person p ON p._key = ?1 WHERE i._id = ?2 AND"
                                " (o.head = p._id OR p._id IN (SELECT member FROM t_office__members m WHERE m._id = o._id))";
/* A body of which every member is one of those. */
static const char all_of_it[] = "SELECT 1 FROM t_initiative i JOIN t_body b ON b._key = ?1 WHERE i._id = ?2 AND EXISTS (SELECT 1 FROM t_body__members m WHERE m._id = b._id) AND NOT EXISTS"
                                " (SELECT 1 FROM t_body__members m WHERE m._id = b._id AND m.member IS NOT i.sponsor AND m.member NOT IN"
                                " (SELECT x.member FROM t_office__members x WHERE x._id = i.office) AND m.member IS NOT (SELECT o.head FROM t_office o WHERE o._id = i.office))";
static const char sits_in_body[] = "SELECT 1 FROM t_body b JOIN t_body__members m ON m._id = b._id JOIN t_person p ON p._id = m.member WHERE p._key = ?1 AND b._id = ?2";

static const char *benefit_of(struct reading_waivers *reading, const char *who, int64_t initiative) {
    if (!initiative)
        return NULL;
    if (is_so(reading, own_office, who, initiative))
        return "%s is the initiative's own office";
    if (is_so(reading, sponsor, who, initiative))
        return "%s is the initiative's sponsor";
    if (is_so(reading, of_office, who, initiative))
        return "%s acts for the initiative's own office";
    return is_so(reading, all_of_it, who, initiative) ? "%s has no members but those who benefit" : NULL;
}

/* ---- whether it counts ---- */

static bool is_named(const char *who, const struct tactor *actors, int count) {
    for (int i = 0; i < count; i++)
        if (strcmp(actors[i].key, who) == 0)
            return true;
    return false;
}

static void write_actors(struct buffer *out, const struct tactor *actors, int count, const char *last) {
    for (int i = 0; i < count; i++)
        buffer_add_format(out, "%s%s", i == 0 ? "" : i == count - 1 ? last : ", ", actors[i].key);
}

static const char *actor_words(struct arena *arena, const struct tactor *actors, int count, const char *last) {
    struct buffer out = {0};
    write_actors(&out, actors, count, last);
    const char *words = arena_copy_string(arena, buffer_string(&out));
    buffer_free(&out);
    return words;
}

static bool goes_by(struct reading_waivers *reading, const struct tactor *actor, const char *title) {
    struct arena *arena = reading->arena;
    const char *sql = arena_format(arena, "SELECT 1 FROM %s WHERE _key = ?1 AND _title = %s", store_table_name(arena, actor->record), store_text_literal(arena, title));
    return is_so(reading, sql, actor->key, 0);
}

/* A member of a body that may grant it is not that body. */
static const char *not_named(struct reading_waivers *reading, const struct waiver *waiver) {
    const struct tmandate *mandate = waiver->mandate;
    for (int i = 0; i < mandate->granter_count; i++) {
        int64_t id = 0;
        if (goes_by(reading, &mandate->granters[i], waiver->granted_by))
            return arena_format(reading->arena, "%s goes by the key %s", waiver->granted_by, mandate->granters[i].key);
        bool is_body = strcmp(mandate->granters[i].record->name, "body") == 0;
        if (is_body && store_find_key(reading->session->store, mandate->granters[i].record, mandate->granters[i].key, strlen(mandate->granters[i].key), &id, reading->failure) && id &&
            is_so(reading, sits_in_body, waiver->granted_by, id))
            return arena_format(reading->arena, "%s sits in %s, and does not act for it alone", waiver->granted_by, mandate->granters[i].key);
    }
    return arena_format(reading->arena, "%s may not grant it, only %s", waiver->granted_by, actor_words(reading->arena, mandate->granters, mandate->granter_count, " or "));
}

/* Is it one of those that the text names, with commas between them? */
static bool is_listed(const char *who, const char *list) {
    size_t length = strlen(who);
    for (const char *at = list; *at; at += strspn(at, ", ")) {
        size_t end = strcspn(at, ",");
        size_t item = end;
        while (item && at[item - 1] == ' ')
            item--;
        if (item == length && memcmp(at, who, length) == 0)
            return true;
        at += end;
    }
    return strcmp(who, list) == 0;
}

/* It goes through each of those that the mandate names. */
static const char *endorsement_flaw(struct reading_waivers *reading, const struct waiver *waiver) {
    const struct tmandate *mandate = waiver->mandate;
    if (mandate->endorser_count && !waiver->endorsed_by)
        return arena_format(reading->arena, "it did not go through %s", actor_words(reading->arena, mandate->endorsers, mandate->endorser_count, " and "));
    for (int i = 0; i < mandate->endorser_count; i++)
        if (!is_listed(mandate->endorsers[i].key, waiver->endorsed_by))
            return arena_format(reading->arena, "it went through %s, and not through %s", waiver->endorsed_by, mandate->endorsers[i].key);
    bool is_twice = mandate->endorser_count && is_listed(waiver->granted_by, waiver->endorsed_by);
    return is_twice ? arena_format(reading->arena, "%s both endorsed and granted it", waiver->granted_by) : NULL;
}

static const char *length_words(struct arena *arena, struct tlength length) {
    struct buffer out = {0};
    if (length.kind == TYPE_DURATION)
        duration_write(&out, length.amount);
    else if (length.kind == TYPE_SPAN)
        span_write(&out, length.amount);
    else
        working_days_write(&out, length.amount);
    const char *words = arena_copy_string(arena, buffer_string(&out));
    buffer_free(&out);
    return words;
}

/* The last day that a waiver from that day may run. */
static int64_t last_allowed(struct session *session, struct tlength up_to, int64_t from) {
    int64_t day = INT64_MAX;
    bool fits = true;
    if (up_to.kind == TYPE_DURATION)
        fits = day_add(from, up_to.amount / DAY_SECONDS, &day);
    else if (up_to.kind == TYPE_SPAN)
        fits = day_add_months(from, up_to.amount, &day);
    else if (up_to.kind == TYPE_WORKING_DAYS)
        fits = day_add_working(&operator_context_inputs(session->operators)->calendar, from, up_to.amount, &day);
    return fits ? day : INT64_MAX;
}

static const char *find_flaw(struct reading_waivers *reading, const struct waiver *waiver) {
    struct arena *arena = reading->arena;
    const struct tmandate *mandate = waiver->mandate;
    if (!mandate)
        return arena_format(arena, "there is no mandate %s", waiver->mandate_name);
    if (!waiver->element[0])
        return "it does not say for what it is: an initiative, or the key of an element";
    if (!waiver->subject)
        return arena_format(arena, "there is no %s %s", mandate->record->name, waiver->element);
    if (!mandate->granter_count)
        return arena_format(arena, "%s cannot be waived", mandate->name);
    if (waiver->days.until < waiver->days.from)
        return "it ends before it begins";
    if (!is_named(waiver->granted_by, mandate->granters, mandate->granter_count))
        return not_named(reading, waiver);
    if (waiver->days.until > last_allowed(reading->session, mandate->waived_up_to, waiver->days.from))
        return arena_format(arena, "it runs longer than %s", length_words(arena, mandate->waived_up_to));
    const char *flaw = endorsement_flaw(reading, waiver);
    int64_t initiative = initiative_of(reading, waiver);
    const char *benefits = flaw ? NULL : benefit_of(reading, waiver->granted_by, initiative);
    if (benefits)
        return arena_format(arena, benefits, waiver->granted_by);
    for (int i = 0; i < mandate->endorser_count && !flaw; i++) {
        benefits = benefit_of(reading, mandate->endorsers[i].key, initiative);
        flaw = benefits ? arena_format(arena, benefits, mandate->endorsers[i].key) : NULL;
    }
    return flaw;
}

bool waivers_read(struct session *session, struct arena *arena, struct waivers *waivers, struct failure *failure) {
    struct record_type *initiative = program_find_record(session->program, "initiative");
    struct reading_waivers reading = {session, arena, waivers, failure};
    *waivers = (struct waivers){.arena = arena};
    const char *sql = arena_format(arena,
                                   "SELECT w.mandate, coalesce((SELECT %s FROM t_initiative AS i WHERE i._id = w.initiative), w.element), w.granted_by, w.endorsed_by, w.\"from\", w.until, w.reason, w._since"
                                   " FROM t_waiver AS w ORDER BY w._id",
                                   store_key_expression(arena, initiative, "i"));
    struct statement *statement = store_prepare(session->store, sql, failure);
    enum statement_step step = STATEMENT_FAILED;
    while (statement && (step = statement_step(statement, failure)) == STATEMENT_ROW)
        if (!take_waiver(&reading, statement)) {
            step = STATEMENT_FAILED;
            break;
        }
    statement_close(statement);
    if (step != STATEMENT_DONE)
        return false;
    for (int i = 0; i < waivers->list.count; i++)
        waivers->list.items[i].flaw = find_flaw(&reading, &waivers->list.items[i]);
    if (waivers->list.count)
        qsort(waivers->list.items, (size_t)waivers->list.count, sizeof *waivers->list.items, compare_waivers);
    return failure->kind == FAILURE_NONE;
}

bool waivers_tell_new(struct session *session, struct failure *failure) {
    int64_t is_any = 0;
    struct waivers waivers = {0};
    int64_t change = store_change_number(session->store);
    struct arena *arena = arena_create();
    bool good = scratch_ask(session->store, arena_format(arena, "SELECT EXISTS (SELECT 1 FROM t_waiver WHERE _since = %lld)", (long long)change), &is_any, failure) &&
                (!is_any || waivers_read(session, arena, &waivers, failure));
    for (int i = 0; good && is_any && i < waivers.list.count; i++) {
        const struct waiver *waiver = &waivers.list.items[i];
        if (waiver->change == change && waiver->flaw)
            buffer_add_format(&session->notes, "a waiver of %s for %s does not count: %s\n", waiver->mandate_name, *waiver->element ? waiver->element : "nothing", waiver->flaw);
    }
    arena_destroy(arena);
    return good;
}

/* ---- finding, judging ---- */

static int compare_with(const struct waiver *waiver, const char *mandate, const char *element, size_t length) {
    int order = strcmp(waiver->mandate_name, mandate);
    if (order)
        return order;
    order = strncmp(waiver->element, element, length);
    return order ? order : waiver->element[length] != '\0';
}

struct waiver *waivers_find(const struct waivers *waivers, const struct tmandate *mandate, const char *element, size_t length, int *count) {
    int first = 0, end = waivers->list.count;
    while (first < end) { /* the first that is not before it */
        int middle = first + (end - first) / 2;
        if (compare_with(&waivers->list.items[middle], mandate->name, element, length) < 0)
            first = middle + 1;
        else
            end = middle;
    }
    *count = 0;
    while (first + *count < waivers->list.count && compare_with(&waivers->list.items[first + *count], mandate->name, element, length) == 0)
        ++*count;
    return waivers->list.items + first;
}

struct verdict waivers_judge(const struct tmandate *mandate, const struct asked *asked, const struct kept_obligation *kept, const struct waiver *found, int count, bool has_passed, int64_t today) {
    enum { WAIVERS_MOST = 64 }; /* of one mandate and subject; the last ones count */
    struct waiver_days days[WAIVERS_MOST];
    int positions[WAIVERS_MOST], counting = 0;
    for (int i = count - 1; i >= 0 && counting < WAIVERS_MOST; i--)
        if (!found[i].flaw) {
            positions[counting] = i;
            days[counting++] = found[i].days;
        }
    struct verdict verdict = obligation_judge(mandate, asked, kept, days, counting, has_passed, today);
    if (verdict.waiver >= 0)
        verdict.waiver = positions[verdict.waiver];
    return verdict;
}

/* ---- words ---- */

const char *waivers_words(struct arena *arena, const struct tmandate *mandate) {
    if (!mandate->granter_count)
        return "Nobody may waive it.";
    struct buffer out = {0};
    write_actors(&out, mandate->granters, mandate->granter_count, " or ");
    buffer_add_string(&out, " may waive it");
    if (mandate->endorser_count) {
        buffer_add_string(&out, ", through ");
        write_actors(&out, mandate->endorsers, mandate->endorser_count, " and ");
    }
    if (mandate->waived_up_to.amount)
        buffer_add_format(&out, ", for up to %s", length_words(arena, mandate->waived_up_to));
    buffer_add_char(&out, '.');
    const char *words = arena_copy_string(arena, buffer_string(&out));
    buffer_free(&out);
    return words;
}

enum waiver_state waiver_state(const struct waiver *waiver, int64_t today) {
    if (waiver->flaw)
        return WAIVER_FLAWED;
    if (waiver->days.until < today)
        return WAIVER_ENDED;
    if (waiver->days.from > today)
        return WAIVER_TO_COME;
    return waiver->used == 0 && waiver->needless > 0 ? WAIVER_NEEDLESS : WAIVER_RUNS;
}
