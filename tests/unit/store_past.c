/* The store as it was: which change a day stands for, rows and members as of a change, the values of a field, a store that is seen as of a change. */
#include "tests/unit/store_fixture.h"

enum { DAY = 86400 };

static const char program_text[] = "enum rag { green, amber, red }\n"
                                   "record unit \"Unit\" { area: text? }\n"
                                   "record project \"Project\" { unit: unit? inverse projects  budget: money  rag: rag?  tags: set of text }\n"
                                   "record entry \"Entry\" { project: project inverse entries  label: text  weight: number? }\n";
static const char later_text[] = "enum rag { green, amber }\n"
                                 "record unit \"Unit\" { area: text? }\n"
                                 "record project \"Project\" { unit: unit? inverse projects  budget: money  rag: rag?  tags: set of text  rank: int default 7  note: text? }\n"
                                 "record entry \"Entry\" { project: project inverse entries  label: text  weight: number? }\n";

struct bench {
    struct fixture fixture;
    struct store *store;
    struct failure failure;
    struct record_type *unit, *project, *entry;
};

static void look_up(struct bench *bench) {
    bench->unit = record_of(&bench->fixture, "unit");
    bench->project = record_of(&bench->fixture, "project");
    bench->entry = record_of(&bench->fixture, "entry");
}

static void begin_on(struct bench *bench, int64_t day) {
    if (store_in_transaction(bench->store))
        CHECK(store_commit(bench->store, &bench->failure));
    CHECK(store_begin(bench->store, day == 10 ? "ann" : "bob", "test", day * DAY + 3600, &bench->failure));
}

static void set_tags(struct bench *bench, int64_t id, const char *a, const char *b) {
    struct value tags[] = {text_value(a), text_value(b)};
    CHECK(store_set_members(bench->store, field_of(&bench->fixture, "project", "tags"), id, tags, 2, &bench->failure));
}

/* Change 1 on day 10, 2 on day 12, 3 on day 11 (a clock that was set back), 4 on day 20. */
static struct bench start(void) {
    struct bench bench = {.fixture = fixture_open(program_text)};
    bench.store = store_of(":memory:", STORE_READ_WRITE, &bench.failure);
    CHECK(store_apply_schema(bench.store, bench.fixture.program, &bench.failure));
    look_up(&bench);
    begin_on(&bench, 10);
    ADD(bench.store, bench.unit, &bench.failure, {"_key", text_value("U")});
    ADD(bench.store, bench.project, &bench.failure, {"_key", text_value("P")}, {"unit", value_int(1)}, {"budget", value_int(10)}, {"rag", value_int(2)});
    ADD(bench.store, bench.project, &bench.failure, {"_key", text_value("Q")}, {"budget", value_int(90)});
    ADD(bench.store, bench.entry, &bench.failure, {"project", value_int(1)}, {"label", text_value("one")}, {"weight", value_number(0.5)});
    set_tags(&bench, 1, "a", "b");
    begin_on(&bench, 12);
    CHANGE(bench.store, bench.project, 1, NULL, &bench.failure, {"budget", value_int(20)}, {"unit", value_missing()});
    ADD(bench.store, bench.entry, &bench.failure, {"project", value_int(1)}, {"label", text_value("two")});
    CHANGE(bench.store, bench.entry, 1, NULL, &bench.failure, {"project", value_int(2)});
    set_tags(&bench, 1, "b", "c");
    begin_on(&bench, 11);
    CHANGE(bench.store, bench.project, 1, NULL, &bench.failure, {"rag", value_int(0)});
    CHECK(store_remove(bench.store, bench.unit, 1, &bench.failure));
    begin_on(&bench, 20);
    CHANGE(bench.store, bench.project, 1, NULL, &bench.failure, {"budget", value_int(10)});
    CHECK(store_remove(bench.store, bench.entry, 1, &bench.failure));
    CHECK(store_remove(bench.store, bench.project, 2, &bench.failure));
    CHECK(store_commit(bench.store, &bench.failure));
    CHECK_TEXT(bench.failure.message, "");
    return bench;
}

static void stop(struct bench *bench) {
    store_close(bench->store);
    fixture_close(&bench->fixture);
}

static int64_t change_on(struct bench *bench, int64_t day) {
    int64_t change = -1;
    CHECK(store_change_on(bench->store, day, &change, &bench->failure));
    return change;
}

static void finds_the_change_of_a_day(void) {
    struct bench bench = start();
    CHECK_INT(change_on(&bench, 9), 0);
    CHECK_INT(change_on(&bench, 10), 1);
    CHECK_INT(change_on(&bench, 11), 3); /* the last by number of those whose day it is by then */
    CHECK_INT(change_on(&bench, 12), 3);
    CHECK_INT(change_on(&bench, 19), 3);
    CHECK_INT(change_on(&bench, 20), 4);
    CHECK_INT(change_on(&bench, INT64_MAX), 4);
    CHECK_INT(change_on(&bench, -100000), 0);
    begin_on(&bench, 30);
    CHECK_INT(change_on(&bench, 29), 4);
    CHECK_INT(change_on(&bench, 30), 5); /* the one under way */
    store_rollback(bench.store);
    CHECK_INT(change_on(&bench, 30), 4);
    stop(&bench);
}

static const char *past(struct bench *bench, const char *columns, const char *table, int change, const char *rest) {
    return ask(bench->store, bench->fixture.arena, arena_format(bench->fixture.arena, "SELECT %s" END " FROM remit_past_%s(%d) %s", columns, table, change, rest));
}

static void shows_rows_as_of_a_change(void) {
    struct bench bench = start();
    CHECK_TEXT(past(&bench, "_id, _key, unit, budget, rag", "project", 0, ""), "");
    CHECK_TEXT(past(&bench, "_id, _key, unit, budget, rag", "project", 1, "ORDER BY _id"), "1|P|1|10|2\n2|Q|-|90|-\n");
    CHECK_TEXT(past(&bench, "_id, _key, unit, budget, rag", "project", 2, "ORDER BY _id"), "1|P|-|20|2\n2|Q|-|90|-\n");
    CHECK_TEXT(past(&bench, "_id, budget, rag", "project", 3, "WHERE _id = 1"), "1|20|0\n");
    CHECK_TEXT(past(&bench, "_id, budget, rag", "project", 4, "ORDER BY _id"), "1|10|0\n");
    CHECK_TEXT(past(&bench, "_id", "project", 99, ""), "1\n");
    CHECK_TEXT(past(&bench, "_id", "project", 1, "WHERE unit = 1"), "1\n");
    CHECK_TEXT(past(&bench, "_id", "project", 2, "WHERE unit = 1"), "");
    CHECK_TEXT(past(&bench, "_id, label", "entry", 1, "WHERE project = 1"), "1|one\n");
    CHECK_TEXT(past(&bench, "_id, label", "entry", 2, "WHERE project = 1"), "2|two\n");
    CHECK_TEXT(past(&bench, "_id, label, weight", "entry", 3, "WHERE project = 2"), "1|one|0.5\n");
    CHECK_TEXT(past(&bench, "_id", "unit", 2, ""), "1\n");
    CHECK_TEXT(past(&bench, "_id", "unit", 3, ""), "");
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT _id" END " FROM remit_past_unit(NULL)"), "");
    CHECK_TEXT(past(&bench, "_id, who", "change", 2, "ORDER BY _id"), "1|ann\n2|bob\n");
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT p._id, count(e._id)" END " FROM t_project p, remit_past_entry(2) e WHERE e.project = p._id GROUP BY p._id"), "1|1\n");
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT c._id, (SELECT budget FROM remit_past_project(c._id) WHERE _id = 1)" END " FROM remit_change c ORDER BY c._id"), "1|10\n2|20\n3|20\n4|10\n");
    stop(&bench);
}

static void shows_members_as_of_a_change(void) {
    struct bench bench = start();
    struct field *tags = field_of(&bench.fixture, "project", "tags");
    CHECK_TEXT(past(&bench, "_id, member", "project__tags", 1, "ORDER BY member"), "1|a\n1|b\n");
    CHECK_TEXT(past(&bench, "member", "project__tags", 2, "WHERE _id = 1 ORDER BY member"), "b\nc\n");
    for (int change = 0; change <= 4; change++) {
        const struct value *members;
        int count;
        CHECK(store_members_as_of(bench.store, tags, 1, change, &members, &count, &bench.failure));
        CHECK_INT(count, change ? 2 : 0);
        CHECK(!change || members[0].text[0] == (change == 1 ? 'a' : 'b'));
    }
    stop(&bench);
}

static void scans_as_of_a_change(void) {
    struct bench bench = start();
    struct field *fields[] = {field_of(&bench.fixture, "project", "budget"), field_of(&bench.fixture, "project", "_key")};
    struct scan scan = {.record = bench.project, .order = SCAN_BY_ID, .fields = fields, .field_count = 2, .is_past = true, .as_of = 2};
    CHECK_TEXT(scan_text(bench.store, bench.fixture.arena, &scan), "1:20:P 2:90:Q ");
    scan.as_of = 4;
    CHECK_TEXT(scan_text(bench.store, bench.fixture.arena, &scan), "1:10:P ");
    scan.only_id = true;
    scan.id = 2;
    scan.as_of = 1;
    CHECK_TEXT(scan_text(bench.store, bench.fixture.arena, &scan), "2:90:Q ");
    struct field *label[] = {field_of(&bench.fixture, "entry", "label")};
    struct scan owned = {.record = bench.entry, .order = SCAN_BY_REFERENCE, .reference = field_of(&bench.fixture, "entry", "project"), .only_owner = true, .owner = 2, .fields = label, .field_count = 1,
                         .is_past = true, .as_of = 3};
    CHECK_TEXT(scan_text(bench.store, bench.fixture.arena, &owned), "1<2:one ");
    struct cursor *cursor = store_scan(bench.store, &owned, &bench.failure);
    CHECK_INT(cursor_next(cursor, &bench.failure)->row_count, 1);
    CHECK(cursor_restart_as_of(cursor, 2, 4, &bench.failure));
    CHECK_INT(cursor_next(cursor, &bench.failure)->row_count, 0);
    CHECK(cursor_restart_as_of(cursor, 1, 1, &bench.failure));
    CHECK_INT(cursor_next(cursor, &bench.failure)->row_count, 1);
    cursor_close(cursor);
    stop(&bench);
}

static const char *versions(struct bench *bench, const char *record, const char *field, int64_t id, int64_t change) {
    struct version *found;
    int count;
    struct buffer out = {0};
    CHECK(store_history(bench->store, bench->fixture.arena, field_of(&bench->fixture, record, field), id, change, &found, &count, &bench->failure));
    for (int i = 0; i < count; i++) {
        buffer_add_format(&out, "%lld from %lld", found[i].value.kind == VALUE_INT ? (long long)found[i].value.integer : -1, (long long)found[i].from);
        if (found[i].has_ended)
            buffer_add_format(&out, " until %lld", (long long)found[i].until);
        buffer_add_format(&out, " by %.*s\n", (int)found[i].by.length, found[i].by.text);
    }
    const char *text = arena_copy_string(bench->fixture.arena, buffer_string(&out));
    buffer_free(&out);
    return text;
}

static void tells_the_values_of_a_field(void) {
    struct bench bench = start();
    CHECK_TEXT(versions(&bench, "project", "budget", 1, STORE_PRESENT), "10 from 10 until 12 by ann\n20 from 12 until 20 by bob\n10 from 20 by bob\n");
    CHECK_TEXT(versions(&bench, "project", "budget", 1, 3), "10 from 10 until 12 by ann\n20 from 12 by bob\n");
    CHECK_TEXT(versions(&bench, "project", "unit", 1, STORE_PRESENT), "1 from 10 until 12 by ann\n-1 from 12 by bob\n");
    CHECK_TEXT(versions(&bench, "project", "budget", 2, STORE_PRESENT), "90 from 10 until 20 by ann\n");
    CHECK_TEXT(versions(&bench, "project", "budget", 7, STORE_PRESENT), "");
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT h._id, h.c0, h.c1, h.c2, h.c3" END " FROM t_project p, remit_history('project', 'budget', p._id, 3) h ORDER BY h._id"), "1|10|10|12|ann\n2|20|12|-|bob\n");
    stop(&bench);
}

static void is_seen_as_of_a_change(void) {
    struct bench bench = start();
    int64_t id;
    CHECK(store_set_as_of(bench.store, 2, &bench.failure));
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT _id, budget" END " FROM t_project ORDER BY _id"), "1|20\n2|90\n");
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT count(*)" END " FROM t_change"), "2\n");
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT member" END " FROM t_project__tags ORDER BY member"), "b\nc\n");
    CHECK(store_find_key(bench.store, bench.unit, "U", 1, &id, &bench.failure));
    CHECK_INT(id, 1);
    CHECK_INT(change_on(&bench, 100), 2);
    CHECK_TEXT(versions(&bench, "project", "budget", 1, STORE_PRESENT), "10 from 10 until 12 by ann\n20 from 12 by bob\n");
    CHECK(store_set_as_of(bench.store, 0, &bench.failure));
    CHECK(store_find_key(bench.store, bench.project, "P", 1, &id, &bench.failure));
    CHECK_INT(id, 0);
    CHECK(store_find_reference(bench.store, bench.project, "P", 1, &id, &bench.failure));
    CHECK_INT(id, 1); /* it came later, and a policy may name it */
    stop(&bench);
}

/* A field that came later has its default where it is never missing; a value that is gone keeps its name. */
static void reads_what_an_older_policy_wrote(void) {
    struct bench bench = start();
    struct fixture later = fixture_open(later_text);
    CHECK(store_apply_schema(bench.store, later.program, &bench.failure));
    CHECK_TEXT(bench.failure.message, "");
    CHECK_TEXT(past(&bench, "_id, rank, note, rag", "project", 1, "ORDER BY _id"), "1|7|-|-1\n2|7|-|-\n");
    CHECK_TEXT(past(&bench, "_id", "project", 1, "WHERE rank = 7 ORDER BY _id"), "1\n2\n");
    const struct enum_type *rag = record_find_field(program_find_record(later.program, "project"), "rag")->type.enumeration;
    CHECK_INT(rag->gone_count, 1);
    CHECK_TEXT(rag->gone[0], "red");
    store_close(bench.store);
    fixture_close(&later);
    fixture_close(&bench.fixture);
}

int main(void) {
    RUN(finds_the_change_of_a_day);
    RUN(shows_rows_as_of_a_change);
    RUN(shows_members_as_of_a_change);
    RUN(scans_as_of_a_change);
    RUN(tells_the_values_of_a_field);
    RUN(is_seen_as_of_a_change);
    RUN(reads_what_an_older_policy_wrote);
    return UNIT_END("store_past");
}
