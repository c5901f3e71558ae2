/* Rows one by one: adding, changing, removing, history, sets, keys, points to return to. */
#include "tests/unit/store_fixture.h"

static const char program_text[] = "enum rag { green, amber, red }\n"
                                   "record unit \"Unit\" { area: text? }\n"
                                   "record project \"Project\" { unit: unit? inverse projects  parent: project? inverse parts  budget: money  weight: number?  tags: set "
                                   "of text  units: set of unit  colours: set of rag }\n"
                                   "record entry \"Entry\" { project: project inverse entries  on: date  label: text?  key project, on, label }\n"
                                   "record note \"Note\" { entry: entry inverse notes  text: text }\n";

struct bench {
    struct fixture fixture;
    struct store *store;
    struct failure failure;
    struct record_type *unit, *project, *entry, *note;
};

static struct bench start(void) {
    struct bench bench = {.fixture = fixture_open(program_text)};
    bench.store = store_in_memory(&bench.fixture);
    bench.unit = record_of(&bench.fixture, "unit");
    bench.project = record_of(&bench.fixture, "project");
    bench.entry = record_of(&bench.fixture, "entry");
    bench.note = record_of(&bench.fixture, "note");
    return bench;
}

static void stop(struct bench *bench) {
    store_close(bench->store);
    fixture_close(&bench->fixture);
}

static void next_change(struct bench *bench) {
    CHECK(store_commit(bench->store, &bench->failure));
    CHECK(store_begin(bench->store, "tester", "more", 2000, &bench->failure));
}

static void counts_ids_from_one(void) {
    struct bench bench = start();
    CHECK_INT(ADD(bench.store, bench.unit, &bench.failure, {"_key", text_value("A")}), 1);
    CHECK_INT(ADD(bench.store, bench.unit, &bench.failure, {"_key", text_value("B")}), 2);
    CHECK_INT(ADD(bench.store, bench.project, &bench.failure, {"budget", value_int(10)}), 1);
    CHECK(store_remove(bench.store, bench.unit, 2, &bench.failure));
    next_change(&bench);
    CHECK_INT(ADD(bench.store, bench.unit, &bench.failure, {"_key", text_value("B")}), 3);
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT _id, _since, _key, _title, area" END " FROM t_unit"), "1|1|A|-|-\n3|2|B|-|-\n");
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT name, last_id" END " FROM remit_record WHERE name = 'unit'"), "unit|2\n");
    CHECK_TEXT(bench.failure.message, "");
    stop(&bench);
}

static void keeps_history(void) {
    struct bench bench = start();
    bool changed;
    int64_t id = ADD(bench.store, bench.project, &bench.failure, {"_key", text_value("P")}, {"_title", text_value("Pumps")}, {"budget", value_int(10)});
    CHANGE(bench.store, bench.project, id, &changed, &bench.failure, {"budget", value_int(11)});
    CHECK(changed); /* in the same change: nothing stood there before */
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT count(*)" END " FROM h_project"), "0\n");
    next_change(&bench);
    CHANGE(bench.store, bench.project, id, &changed, &bench.failure, {"budget", value_int(11)});
    CHECK(!changed);
    CHANGE(bench.store, bench.project, id, &changed, &bench.failure, {"budget", value_int(12)}, {"weight", value_number(0.5)});
    CHECK(changed);
    CHANGE(bench.store, bench.project, id, &changed, &bench.failure, {"weight", value_missing()});
    CHECK(changed);
    next_change(&bench);
    CHECK(store_remove(bench.store, bench.project, id, &bench.failure));
    CHECK(store_commit(bench.store, &bench.failure));
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT _since, _until, _key, _title, budget, weight" END " FROM h_project ORDER BY _since"),
               "1|2|P|Pumps|11|-\n2|3|P|Pumps|12|-\n");
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT _id, at, who, what" END " FROM remit_change"), "1|1000|tester|test\n2|2000|tester|more\n3|2000|tester|more\n");
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT key, at" END " FROM change WHERE what = 'test'"), "change-1|1970-01-01T00:16:40\n");
    CHECK_TEXT(bench.failure.message, "");
    stop(&bench);
}

/* Many rows at once: the old ones go to history unless told otherwise, and what stands in tables of the connection's own is no change. */
static void changes_many_rows(void) {
    struct bench bench = start();
    for (int i = 1; i <= 4; i++)
        ADD(bench.store, bench.project, &bench.failure, {"budget", value_int(i)});
    next_change(&bench);
    CHECK(store_execute(bench.store, "CREATE TEMP TABLE wanted(id INTEGER, budget INTEGER)", &bench.failure));
    struct statement *statement = store_prepare_scratch(bench.store, "INSERT INTO temp.wanted VALUES(2, 20), (3, 30)", &bench.failure);
    CHECK_INT(statement_step(statement, &bench.failure), STATEMENT_DONE);
    statement_close(statement);
    next_change(&bench);
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT count(*)" END " FROM remit_change"), "1\n");
    struct value most = value_int(2);
    struct store_change change = {.record = bench.project, .set = "budget = w.budget", .from = "temp.wanted AS w", .condition = "t._id = w.id AND t._id <= ?1", .parameters = &most, .parameter_count = 1, .keeps_old = true};
    CHECK(store_change_rows(bench.store, &change, &bench.failure));
    CHECK(store_change_rows(bench.store, &change, &bench.failure)); /* in the same change: the old row is kept once */
    next_change(&bench);
    change = (struct store_change){.record = bench.project, .set = "weight = 0.5", .condition = "t._id = 4"};
    CHECK(store_change_rows(bench.store, &change, &bench.failure));
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT _id, _since, _until, budget" END " FROM h_project"), "2|1|2|2\n");
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT _id, _since, budget, weight" END " FROM t_project"), "1|1|1|-\n2|2|20|-\n3|1|3|-\n4|1|4|0.5\n");
    CHECK(store_commit(bench.store, &bench.failure));
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT _id" END " FROM remit_change"), "1\n2\n3\n");
    CHECK_TEXT(bench.failure.message, "");
    stop(&bench);
}

static void writes_no_change_for_nothing(void) {
    struct bench bench = start();
    int64_t id = ADD(bench.store, bench.unit, &bench.failure, {"_key", text_value("A")});
    next_change(&bench);
    bool changed;
    CHANGE(bench.store, bench.unit, id, &changed, &bench.failure, {"_key", text_value("A")});
    CHECK_INT(store_change_number(bench.store), 2);
    next_change(&bench);
    CHECK_INT(store_change_number(bench.store), 2);
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT count(*)" END " FROM remit_change"), "1\n");
    stop(&bench);
}

static void asks_for_values(void) {
    struct bench bench = start();
    CHECK_INT(ADD(bench.store, bench.project, &bench.failure, {"_key", text_value("P")}), 0);
    CHECK_INT(bench.failure.code, DIAG_VALUE_REQUIRED);
    CHECK_INT(bench.failure.kind, FAILURE_PROGRAM);
    CHECK_TEXT(bench.failure.message, "a row of `project` needs a value for `budget`");
    bench.failure = (struct failure){0};
    int64_t id = ADD(bench.store, bench.project, &bench.failure, {"budget", value_int(1)});
    CHECK_INT(CHANGE(bench.store, bench.project, id, NULL, &bench.failure, {"budget", value_missing()}), 0);
    CHECK_INT(bench.failure.code, DIAG_VALUE_REQUIRED);
    bench.failure = (struct failure){0};
    CHECK_INT(CHANGE(bench.store, bench.project, 77, NULL, &bench.failure, {"budget", value_int(1)}), 0);
    CHECK_TEXT(bench.failure.message, "row 77 of `project` is not in the store");
    stop(&bench);
}

static void keeps_keys_unique(void) {
    struct bench bench = start();
    int64_t p = ADD(bench.store, bench.project, &bench.failure, {"_key", text_value("P")}, {"budget", value_int(1)});
    CHECK_INT(ADD(bench.store, bench.project, &bench.failure, {"_key", text_value("P")}, {"budget", value_int(1)}), 0);
    CHECK_TEXT(bench.failure.message, "`project` has a row with the key `P` already");
    bench.failure = (struct failure){0};
    CHECK(ADD(bench.store, bench.project, &bench.failure, {"budget", value_int(1)}) != 0);
    CHECK(ADD(bench.store, bench.project, &bench.failure, {"budget", value_int(1)}) != 0); /* none has a key */
    CHECK(ADD(bench.store, bench.entry, &bench.failure, {"project", value_int(p)}, {"on", value_int(20543)}, {"label", text_value("a")}) != 0);
    CHECK(ADD(bench.store, bench.entry, &bench.failure, {"project", value_int(p)}, {"on", value_int(20543)}) != 0);
    int64_t other = ADD(bench.store, bench.entry, &bench.failure, {"project", value_int(p)}, {"on", value_int(20544)});
    CHECK_INT(ADD(bench.store, bench.entry, &bench.failure, {"project", value_int(p)}, {"on", value_int(20543)}), 0); /* missing equals missing */
    CHECK_TEXT(bench.failure.message, "`entry` has a row with the key `P/2026-03-31/—` already");
    bench.failure = (struct failure){0};
    CHECK_INT(CHANGE(bench.store, bench.entry, other, NULL, &bench.failure, {"on", value_int(20543)}), 0);
    CHECK_INT(bench.failure.code, DIAG_KEY_TAKEN);
    stop(&bench);
}

static int64_t find(struct bench *bench, struct record_type *record, const char *key) {
    int64_t id = -1;
    CHECK(store_find_key(bench->store, record, key, strlen(key), &id, &bench->failure));
    return id;
}

static void finds_keys(void) {
    struct bench bench = start();
    int64_t p = ADD(bench.store, bench.project, &bench.failure, {"_key", text_value("a/b")}, {"budget", value_int(1)});
    int64_t q = ADD(bench.store, bench.project, &bench.failure, {"budget", value_int(1)});
    int64_t e = ADD(bench.store, bench.entry, &bench.failure, {"project", value_int(p)}, {"on", value_int(20543)}, {"label", text_value("x/y")});
    int64_t f = ADD(bench.store, bench.entry, &bench.failure, {"project", value_int(q)}, {"on", value_int(20543)});
    CHECK_INT(find(&bench, bench.project, "a/b"), p);
    CHECK_INT(find(&bench, bench.project, "a"), 0);
    CHECK_INT(find(&bench, bench.project, "project-2"), q);
    CHECK_INT(find(&bench, bench.project, "project-3"), 0);
    CHECK_INT(find(&bench, bench.entry, "a/b/2026-03-31/x/y"), e);
    CHECK_INT(find(&bench, bench.entry, "project-2/2026-03-31/—"), f);
    CHECK_INT(find(&bench, bench.entry, "project-2/2026-03-31/"), f);
    CHECK_INT(find(&bench, bench.entry, "project-2/2026-03-31"), 0);
    CHECK_INT(find(&bench, bench.entry, "project-2/31.3.2026/"), 0);
    int64_t id;
    CHECK(store_find_natural(bench.store, bench.entry, (struct value[]){value_int(q), value_int(20543), value_missing()}, &id, &bench.failure));
    CHECK_INT(id, f);
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT key, name, project, \"on\", label" END " FROM entry ORDER BY key"),
               "a/b/2026-03-31/x/y|a/b/2026-03-31/x/y|a/b|2026-03-31|x/y\nproject-2/2026-03-31/—|project-2/2026-03-31/—|project-2|2026-03-31|-\n");
    int64_t count;
    CHECK(store_count(bench.store, bench.entry, &count, &bench.failure));
    CHECK_INT(count, 2);
    CHECK_TEXT(bench.failure.message, "");
    stop(&bench);
}

static bool gather(void *context, const char *key, int64_t id) {
    buffer_add_format(context, "%s=%lld ", key, (long long)id);
    return true;
}

static void offers_keys(void) {
    struct bench bench = start();
    ADD(bench.store, bench.unit, &bench.failure, {"_key", text_value("A")});
    ADD(bench.store, bench.unit, &bench.failure, {"area", text_value("west")});
    ADD(bench.store, bench.unit, &bench.failure, {"_key", text_value("C")});
    struct buffer out = {0};
    CHECK(store_each_key(bench.store, bench.unit, 100, gather, &out, &bench.failure));
    CHECK_TEXT(buffer_string(&out), "A=1 C=3 ");
    buffer_clear(&out);
    CHECK(store_each_key(bench.store, bench.unit, 1, gather, &out, &bench.failure));
    CHECK_TEXT(buffer_string(&out), "A=1 ");
    buffer_free(&out);
    stop(&bench);
}

static void refuses_to_remove_what_is_referred_to(void) {
    struct bench bench = start();
    int64_t u = ADD(bench.store, bench.unit, &bench.failure, {"_key", text_value("U")});
    int64_t p = ADD(bench.store, bench.project, &bench.failure, {"_key", text_value("P")}, {"unit", value_int(u)}, {"budget", value_int(1)});
    CHANGE(bench.store, bench.project, p, NULL, &bench.failure, {"parent", value_int(p)});
    int64_t e = ADD(bench.store, bench.entry, &bench.failure, {"project", value_int(p)}, {"on", value_int(20543)});
    CHECK(!store_remove(bench.store, bench.unit, u, &bench.failure));
    CHECK_TEXT(bench.failure.message, "unit `U` cannot be removed: project `P` refers to it in `unit`");
    bench.failure = (struct failure){0};
    CHECK(!store_remove(bench.store, bench.project, p, &bench.failure));
    CHECK_TEXT(bench.failure.message, "project `P` cannot be removed: entry `P/2026-03-31/—` refers to it in `project`");
    bench.failure = (struct failure){0};
    CHECK(store_remove(bench.store, bench.entry, e, &bench.failure));
    struct value members[] = {value_int(u)};
    CHECK(store_set_members(bench.store, field_of(&bench.fixture, "project", "units"), p, members, 1, &bench.failure));
    CHANGE(bench.store, bench.project, p, NULL, &bench.failure, {"unit", value_missing()});
    CHECK(!store_remove(bench.store, bench.unit, u, &bench.failure));
    CHECK_TEXT(bench.failure.message, "unit `U` cannot be removed: project `P` refers to it in `units`");
    bench.failure = (struct failure){0};
    CHECK(store_remove(bench.store, bench.project, p, &bench.failure)); /* it refers to itself, which is no matter */
    CHECK(store_remove(bench.store, bench.unit, u, &bench.failure));
    CHECK(!store_remove(bench.store, bench.unit, u, &bench.failure));
    CHECK_INT(bench.failure.code, DIAG_ROW_GONE);
    stop(&bench);
}

static void refuses_references_to_nothing(void) {
    struct bench bench = start();
    ADD(bench.store, bench.project, &bench.failure, {"_key", text_value("P")}, {"parent", value_int(2)}, {"budget", value_int(1)});
    ADD(bench.store, bench.project, &bench.failure, {"_key", text_value("Q")}, {"parent", value_int(1)}, {"budget", value_int(1)});
    CHECK(store_commit(bench.store, &bench.failure)); /* their order does not matter */
    CHECK(store_begin(bench.store, "tester", "test", 0, &bench.failure));
    ADD(bench.store, bench.project, &bench.failure, {"_key", text_value("R")}, {"unit", value_int(9)}, {"budget", value_int(1)});
    CHECK(!store_commit(bench.store, &bench.failure));
    CHECK_TEXT(bench.failure.message, "project `R` refers in `unit` to a row that is not there");
    CHECK(!store_in_transaction(bench.store));
    bench.failure = (struct failure){0};
    CHECK(store_begin(bench.store, "tester", "test", 0, &bench.failure));
    ADD(bench.store, bench.entry, &bench.failure, {"project", value_int(7)}, {"on", value_int(1)});
    CHECK(!store_commit(bench.store, &bench.failure));
    CHECK_TEXT(bench.failure.message, "a row of `entry` refers in `project` to a row that is not there");
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT count(*)" END " FROM t_project"), "2\n");
    stop(&bench);
}

static const char *members_text(struct bench *bench, const char *set, int64_t id) {
    const struct value *members;
    int count;
    struct buffer out = {0};
    CHECK(store_members(bench->store, field_of(&bench->fixture, "project", set), id, &members, &count, &bench->failure));
    for (int i = 0; i < count; i++) {
        if (members[i].kind == VALUE_TEXT)
            buffer_add(&out, members[i].text, members[i].length);
        else
            buffer_add_format(&out, "%lld", (long long)members[i].integer);
        buffer_add_char(&out, ' ');
    }
    const char *result = arena_copy_string(bench->fixture.arena, buffer_string(&out));
    buffer_free(&out);
    return result;
}

static void keeps_sets(void) {
    struct bench bench = start();
    int64_t p = ADD(bench.store, bench.project, &bench.failure, {"_key", text_value("P")}, {"budget", value_int(1)});
    struct field *tags = field_of(&bench.fixture, "project", "tags");
    CHECK(store_set_members(bench.store, tags, p, (struct value[]){text_value("b"), text_value("a"), text_value("b"), value_missing()}, 4, &bench.failure));
    CHECK(store_set_members(bench.store, field_of(&bench.fixture, "project", "colours"), p, (struct value[]){value_int(2), value_int(0)}, 2, &bench.failure));
    CHECK_TEXT(members_text(&bench, "tags", p), "a b ");
    CHECK_TEXT(members_text(&bench, "colours", p), "0 2 ");
    CHECK_TEXT(members_text(&bench, "units", p), "");
    next_change(&bench);
    CHECK(store_set_members(bench.store, tags, p, (struct value[]){text_value("b"), text_value("a")}, 2, &bench.failure));
    next_change(&bench);
    CHECK_INT(store_change_number(bench.store), 2); /* the same members: no change */
    CHECK(store_set_members(bench.store, tags, p, (struct value[]){text_value("c"), text_value("b")}, 2, &bench.failure));
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT member, _since" END " FROM t_project__tags"), "b|1\nc|2\n");
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT member, _since, _until" END " FROM h_project__tags"), "a|1|2\n");
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT key, budget, tags, colours, units" END " FROM project"), "P|0.0001|b, c|green, red|-\n");
    next_change(&bench);
    CHECK(store_remove(bench.store, bench.project, p, &bench.failure));
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT count(*)" END " FROM t_project__tags"), "0\n");
    CHECK_TEXT(bench.failure.message, "");
    stop(&bench);
}

static void returns_to_points(void) {
    struct bench bench = start();
    ADD(bench.store, bench.unit, &bench.failure, {"_key", text_value("A")});
    CHECK(store_savepoint(bench.store, &bench.failure));
    CHECK_INT(ADD(bench.store, bench.unit, &bench.failure, {"_key", text_value("B")}), 2);
    CHECK(store_savepoint(bench.store, &bench.failure));
    CHECK_INT(ADD(bench.store, bench.unit, &bench.failure, {"_key", text_value("C")}), 3);
    store_savepoint_release(bench.store);
    store_savepoint_rollback(bench.store);
    CHECK_INT(ADD(bench.store, bench.unit, &bench.failure, {"_key", text_value("D")}), 2);
    CHECK(store_commit(bench.store, &bench.failure));
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT _id, _key" END " FROM t_unit"), "1|A\n2|D\n");
    CHECK(store_begin(bench.store, "tester", "test", 0, &bench.failure));
    CHECK(store_savepoint(bench.store, &bench.failure));
    ADD(bench.store, bench.unit, &bench.failure, {"_key", text_value("E")});
    store_savepoint_rollback(bench.store);
    CHECK(store_commit(bench.store, &bench.failure));
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT count(*)" END " FROM remit_change"), "1\n");
    CHECK_TEXT(bench.failure.message, "");
    stop(&bench);
}

static void moves_clustered_rows(void) {
    struct bench bench = start();
    int64_t p = ADD(bench.store, bench.project, &bench.failure, {"_key", text_value("P")}, {"budget", value_int(1)});
    int64_t q = ADD(bench.store, bench.project, &bench.failure, {"_key", text_value("Q")}, {"budget", value_int(1)});
    int64_t e = ADD(bench.store, bench.entry, &bench.failure, {"project", value_int(p)}, {"on", value_int(1)});
    int64_t n = ADD(bench.store, bench.note, &bench.failure, {"entry", value_int(e)}, {"text", text_value("hm")});
    next_change(&bench);
    CHANGE(bench.store, bench.entry, e, NULL, &bench.failure, {"project", value_int(q)});
    CHANGE(bench.store, bench.note, n, NULL, &bench.failure, {"text", text_value("aha")});
    CHECK(store_commit(bench.store, &bench.failure));
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT key, entry, text" END " FROM note"), "note-1|Q/1970-01-02/—|aha\n");
    CHECK_TEXT(ask(bench.store, bench.fixture.arena, "SELECT text, _until" END " FROM h_note"), "hm|2\n");
    CHECK_TEXT(bench.failure.message, "");
    stop(&bench);
}

int main(void) {
    RUN(counts_ids_from_one);
    RUN(keeps_history);
    RUN(changes_many_rows);
    RUN(writes_no_change_for_nothing);
    RUN(asks_for_values);
    RUN(keeps_keys_unique);
    RUN(finds_keys);
    RUN(offers_keys);
    RUN(refuses_to_remove_what_is_referred_to);
    RUN(refuses_references_to_nothing);
    RUN(keeps_sets);
    RUN(returns_to_points);
    RUN(moves_clustered_rows);
    return UNIT_END("store_records");
}
