/* The schema: what a later program may change in a store that holds rows, and what is refused. */
#include "tests/unit/store_fixture.h"

static struct arena *arena;

/* A store in memory, one program after another. */
struct story {
    struct store *store;
    struct fixture fixture;
    struct failure failure;
};

static bool apply(struct story *story, const char *text) {
    if (story->fixture.arena)
        fixture_close(&story->fixture);
    story->fixture = fixture_open(text);
    story->failure = (struct failure){0};
    return store_apply_schema(story->store, story->fixture.program, &story->failure);
}

static struct story start(const char *text) {
    struct story story = {0};
    story.store = store_of(":memory:", STORE_READ_WRITE, &story.failure);
    CHECK(apply(&story, text));
    CHECK_TEXT(story.failure.message, "");
    return story;
}

static void stop(struct story *story) {
    store_close(story->store);
    fixture_close(&story->fixture);
}

#define WRITE(story, record, ...)                                                                     \
    do {                                                                                              \
        CHECK(store_begin((story)->store, "t", "t", 1000000, &(story)->failure));                     \
        CHECK(ADD((story)->store, record_of(&(story)->fixture, record), &(story)->failure, __VA_ARGS__) != 0); \
        CHECK(store_commit((story)->store, &(story)->failure));                                       \
        CHECK_TEXT((story)->failure.message, "");                                                     \
    } while (0)

static void does_nothing_twice(void) {
    struct story story = start("record a \"A\" { x: int }");
    const char *before = ask(story.store, arena, "SELECT * FROM pragma_schema_version, (SELECT ';')");
    CHECK(apply(&story, "record a \"A\" { x: int }"));
    CHECK_TEXT(ask(story.store, arena, "SELECT * FROM pragma_schema_version, (SELECT ';')"), before);
    CHECK_TEXT(ask(story.store, arena, "SELECT count(*)" END " FROM remit_change"), "0\n");
    WRITE(&story, "a", {"x", value_int(1)});
    stop(&story);
}

static void draws_tables(void) {
    struct story story = start("record select \"S\" { order: text  group: int? }\n"
                               "record item \"I\" { select: select inverse items  weight: number default 1.5 }\n"
                               "extend select { heavy = count(items) }");
    CHECK_TEXT(ask(story.store, arena, "SELECT sql" END " FROM sqlite_schema WHERE name = 't_item'"),
               "CREATE TABLE \"t_item\"(\"_id\" INTEGER NOT NULL, \"_since\" INTEGER NOT NULL, \"_key\" TEXT, \"_title\" TEXT, \"select\" INTEGER NOT NULL REFERENCES "
               "\"t_select\"(\"_id\") DEFERRABLE INITIALLY "
               "DEFERRED, \"weight\" REAL NOT NULL, PRIMARY KEY(\"select\", \"_id\")) STRICT, WITHOUT ROWID\n");
    WRITE(&story, "select", {"_key", text_value("s")}, {"order", text_value("x")});
    WRITE(&story, "item", {"select", value_int(1)}, {"weight", value_number(2)});
    CHECK_TEXT(ask(story.store, arena, "SELECT key, name, \"order\", \"group\"" END " FROM \"select\""), "s|s|x|-\n");
    CHECK_TEXT(ask(story.store, arena, "SELECT key, \"select\", weight" END " FROM item"), "item-1|s|2\n");
    stop(&story);
}

static void shows_values_as_people_write_them(void) {
    struct story story = start("enum rag { green, amber, red }\n"
                               "record r \"R\" { b: bool  m: money  d: date  t: datetime  u: duration  s: span  p: period  e: rag  c: one of (up, down)  r: r?  f: r? }");
    WRITE(&story, "r", {"_key", text_value("k")}, {"_title", text_value("Kay")}, {"b", value_int(1)}, {"m", value_int(-12345600)}, {"d", value_int(-719162)},
          {"t", value_int(86399)}, {"u", value_int(43200)}, {"s", value_int(15)}, {"p", value_int(period_of_day(PERIOD_WEEK, 20820, 1))}, {"e", value_int(2)},
          {"c", value_int(1)}, {"r", value_int(1)});
    CHECK_TEXT(ask(story.store, arena, "SELECT key, name, b, m, d, t, u, s, p, e, c, r, f" END " FROM r"),
               "k|Kay|true|-1234.56|0001-01-01|1970-01-01T23:59:59|0.5|15|2026-W53|red|down|k|-\n");
    static const char *const periods[] = {"2026-W53", "2020-W53", "2021-W01", "2026-03", "2026Q1", "2026", "FY2026Q4", "FY2026", "1969-W01", "0001-01", "2026-03-31",
                                          "2026-W53..2027-W01", "1969-W01..1970-W02", "2025-11..2026-02", "2026-01-05..2026-01-14", "1969-12-31..1970-01-01"};
    for (size_t i = 0; i < sizeof periods / sizeof *periods; i++) {
        int64_t period = 0;
        CHECK(period_parse(periods[i], strlen(periods[i]), &period));
        CHECK(store_begin(story.store, "t", "t", 0, &story.failure));
        CHANGE(story.store, record_of(&story.fixture, "r"), 1, NULL, &story.failure, {"p", value_int(period)});
        CHECK(store_commit(story.store, &story.failure));
        CHECK_TEXT(ask(story.store, arena, "SELECT p" END " FROM r"), arena_format(arena, "%s\n", periods[i]));
    }
    stop(&story);
}

static void adds_fields(void) {
    struct story story = start("record a \"A\" { x: int }");
    WRITE(&story, "a", {"x", value_int(1)});
    CHECK(apply(
        &story,
        "record a \"A\" { x: int  y: text?  z: date default today  w: money default 2 USD  n: number default 0.5  l: duration default 3 days * 2  tags: set of text }"));
    CHECK_TEXT(story.failure.message, "");
    CHECK(strncmp(ask(story.store, arena, "SELECT x, y, w, n, l" END " FROM t_a"), "1|-|20000|0.5|518400", 20) == 0);
    CHECK_TEXT(ask(story.store, arena, "SELECT abs(julianday(z) - julianday('now')) < 2" END " FROM a"), "1\n");
    CHECK(!apply(&story, "record a \"A\" { x: int  v: text }"));
    CHECK_TEXT(story.failure.message, "`a.v` is new and always has a value, but the store holds rows of `a` without one: 1");
    CHECK_TEXT(story.failure.hint, "Say `v: text default …`, or `v: text?`.");
    CHECK_INT(story.failure.kind, FAILURE_PROGRAM);
    CHECK(!store_in_transaction(story.store));
    CHECK(apply(&story, "record a \"A\" { x: int  v: text? }")); /* and y, z, w are hidden */
    CHECK_TEXT(ask(story.store, arena, "SELECT *" END " FROM a"), "a-1|a-1|1|-\n");
    WRITE(&story, "a", {"x", value_int(2)});
    CHECK(!apply(&story, "record a \"A\" { x: int  y: text?  z: date  w: money? }"));
    CHECK_TEXT(story.failure.message, "`a.z` may no longer be missing, but the store holds rows without a value for it: 1");
    CHECK(apply(&story, "record a \"A\" { x: int  y: text?  z: date?  w: money? }"));
    CHECK_TEXT(ask(story.store, arena, "SELECT key, x, w" END " FROM a"), "a-1|1|2\na-2|2|-\n");
    stop(&story);
}

static void lets_fields_go_and_come(void) {
    struct story story = start("record a \"A\" { x: int  y: int  key y }\nrecord b \"B\" { a: a? }");
    WRITE(&story, "a", {"x", value_int(1)}, {"y", value_int(7)});
    WRITE(&story, "b", {"a", value_int(1)});
    CHECK(apply(&story, "record a \"A\" { y: int  key y }\nrecord b \"B\" { a: a? }")); /* x was NOT NULL: the table is copied */
    CHECK_TEXT(story.failure.message, "");
    WRITE(&story, "a", {"y", value_int(8)});
    CHECK(apply(&story, "record a \"A\" { x: int?  y: int  key y }\nrecord b \"B\" { a: a? }"));
    CHECK_TEXT(ask(story.store, arena, "SELECT key, x" END " FROM a"), "7|1\n8|-\n");
    CHECK_TEXT(ask(story.store, arena, "SELECT a" END " FROM b"), "7\n");
    CHECK(store_begin(story.store, "t", "t", 0, &story.failure)); /* keys and references hold as before */
    CHECK_INT(ADD(story.store, record_of(&story.fixture, "a"), &story.failure, {"y", value_int(8)}), 0);
    CHECK_TEXT(story.failure.message, "`a` has a row with the key `8` already");
    story.failure = (struct failure){0};
    CHECK(!store_remove(story.store, record_of(&story.fixture, "a"), 1, &story.failure));
    CHECK_INT(story.failure.code, DIAG_STILL_REFERRED_TO);
    store_rollback(story.store);
    CHECK(apply(&story, "record b \"B\" { n: int? }")); /* a whole record is gone, and keeps its rows */
    CHECK(apply(&story, "record a \"A\" { x: int?  y: int  key y }\nrecord b \"B\" { a: a? }"));
    CHECK_TEXT(ask(story.store, arena, "SELECT a" END " FROM b"), "7\n");
    stop(&story);
}

static void refuses_another_type(void) {
    struct story story = start("record a \"A\" { x: int?  m: money in EUR  s: set of text }");
    WRITE(&story, "a", {"m", value_int(1)});
    CHECK(apply(&story, "record a \"A\" { x: text?  m: money in EUR  s: set of a }")); /* no row has a value of x, nor members */
    CHECK_TEXT(story.failure.message, "");
    WRITE(&story, "a", {"m", value_int(1)}, {"x", text_value("now text")});
    CHECK(!apply(&story, "record a \"A\" { x: date?  m: money in EUR }"));
    CHECK_TEXT(story.failure.message, "`a.x` is text in the store, but date in the policy");
    CHECK(!apply(&story, "record a \"A\" { x: text?  m: money in GBP }"));
    CHECK_TEXT(story.failure.message, "`a.m` is money in EUR in the store, but money in GBP in the policy");
    CHECK(apply(&story, "record a \"A\" { x: text?  m: money in EUR  s: text? }"));
    CHECK_TEXT(story.failure.message, "");
    WRITE(&story, "a", {"m", value_int(1)}, {"s", text_value("one")});
    CHECK(!apply(&story, "record a \"A\" { x: text?  m: money in EUR  s: set of text }"));
    CHECK_TEXT(story.failure.message, "`a.s` is text in the store, but set of text in the policy");
    stop(&story);
}

static void moves_enum_values_by_name(void) {
    struct story story = start("enum rag { green, amber, red }\nrecord a \"A\" { r: rag?  all: set of rag  c: one of (up, down)? }");
    WRITE(&story, "a", {"r", value_int(0)}, {"c", value_int(1)});
    WRITE(&story, "a", {"r", value_int(2)});
    CHECK(store_begin(story.store, "t", "t", 0, &story.failure));
    CHECK(store_set_members(story.store, field_of(&story.fixture, "a", "all"), 1, (struct value[]){value_int(0), value_int(1), value_int(2)}, 3, &story.failure));
    CHANGE(story.store, record_of(&story.fixture, "a"), 1, NULL, &story.failure, {"r", value_int(1)});
    CHECK(store_commit(story.store, &story.failure));
    CHECK(apply(&story, "enum rag { blue, red, amber, green }\nrecord a \"A\" { r: rag?  all: set of rag  c: one of (sideways, down, up)? }"));
    CHECK_TEXT(story.failure.message, "");
    CHECK_TEXT(ask(story.store, arena, "SELECT r, \"all\", c" END " FROM a"), "amber|amber, green, red|down\nred|-|-\n");
    CHECK_TEXT(ask(story.store, arena, "SELECT r" END " FROM h_a"), "3\n");
    CHECK(!apply(&story, "enum rag { blue, red, green }\nrecord a \"A\" { r: rag?  all: set of rag  c: one of (sideways, down, up)? }"));
    CHECK_TEXT(story.failure.message, "`amber` is no longer a value of `a.r`, but the store holds rows that have it: 1");
    CHECK(store_begin(story.store, "t", "t", 0, &story.failure));
    CHECK(apply(&story, "enum rag { blue, red, amber, green }\nrecord a \"A\" { r: rag?  all: set of rag  c: one of (sideways, down, up)? }"));
    CHANGE(story.store, record_of(&story.fixture, "a"), 1, NULL, &story.failure, {"r", value_missing()});
    CHECK(store_set_members(story.store, field_of(&story.fixture, "a", "all"), 1, NULL, 0, &story.failure));
    CHECK(store_commit(story.store, &story.failure));
    CHECK(apply(&story, "enum rag { red, green, blue }\nrecord a \"A\" { r: rag?  all: set of rag  c: one of (down)? }"));
    CHECK_TEXT(story.failure.message, "");
    CHECK_TEXT(ask(story.store, arena, "SELECT r, c" END " FROM a"), "-|down\nred|-\n");
    CHECK_TEXT(ask(story.store, arena,
                   "SELECT h.r, e.name" END " FROM h_a AS h LEFT JOIN remit_enum AS e ON e.record = 'a' AND e.field = 'r' AND e.ordinal = h.r ORDER BY h._until"),
               "1|green\n-1|amber\n");
    CHECK(apply(&story, "enum rag { amber, red, green, blue }\nrecord a \"A\" { r: rag?  all: set of rag  c: one of (down)? }")); /* amber comes back */
    CHECK_TEXT(ask(story.store, arena, "SELECT r" END " FROM h_a ORDER BY _until"), "2\n0\n");
    stop(&story);
}

static void keeps_rows_beside_their_owner(void) {
    struct story story = start("record a \"A\" { x: int }\nrecord b \"B\" { a: a inverse bs  n: int }");
    CHECK(apply(&story, "record a \"A\" { x: int }\nrecord b \"B\" { n: int  a: a inverse bs }")); /* without rows the table is made anew */
    CHECK_TEXT(story.failure.message, "");
    CHECK_TEXT(ask(story.store, arena, "SELECT owner" END " FROM remit_record WHERE name = 'b'"), "-\n");
    CHECK(apply(&story, "record a \"A\" { x: int }\nrecord b \"B\" { a: a inverse bs  n: int }"));
    WRITE(&story, "a", {"x", value_int(1)});
    WRITE(&story, "b", {"a", value_int(1)}, {"n", value_int(1)});
    CHECK(apply(&story, "record a \"A\" { x: int }\nrecord b \"B\" { n: int  a: a inverse bs }")); /* it stays as it is */
    CHECK_TEXT(ask(story.store, arena, "SELECT owner" END " FROM remit_record WHERE name = 'b'"), "a\n");
    WRITE(&story, "b", {"a", value_int(1)}, {"n", value_int(2)});
    CHECK(!apply(&story, "record a \"A\" { x: int }\nrecord b \"B\" { n: int }"));
    CHECK_TEXT(story.failure.message, "`b` is stored beside `b.a`, which the policy no longer declares as a field that always has a value");
    CHECK(!apply(&story, "record a \"A\" { x: int }\nrecord b \"B\" { a: a? inverse bs  n: int }"));
    CHECK_INT(story.failure.code, DIAG_SCHEMA_OWNER_CHANGED);
    CHECK(apply(&story, "record a \"A\" { x: int }\nrecord b \"B\" { a: a inverse bs  n: int }\nrecord c \"C\" { b: b inverse cs }")); /* now it is referred to */
    CHECK_TEXT(story.failure.message, "");
    WRITE(&story, "c", {"b", value_int(1)});
    stop(&story);
}

static void changes_keys(void) {
    struct story story = start("record a \"A\" { x: int  y: int }");
    WRITE(&story, "a", {"x", value_int(1)}, {"y", value_int(1)});
    WRITE(&story, "a", {"x", value_int(1)}, {"y", value_int(2)});
    CHECK(!apply(&story, "record a \"A\" { x: int  y: int  key x }"));
    CHECK_TEXT(story.failure.message, "x cannot be the key of `a`: the store has several rows with the same values");
    CHECK(apply(&story, "record a \"A\" { x: int  y: int  key x, y }"));
    CHECK_TEXT(ask(story.store, arena, "SELECT key" END " FROM a"), "1/1\n1/2\n");
    CHECK(apply(&story, "record a \"A\" { x: int  y: int? }"));
    WRITE(&story, "a", {"x", value_int(1)}, {"y", value_int(2)});
    CHECK_TEXT(ask(story.store, arena, "SELECT key" END " FROM a"), "a-1\na-2\na-3\n");
    stop(&story);
}

static void refuses_names_of_its_own(void) {
    static const char *const programs[] = {"record remit_meta \"R\" { x: int }", "record sqlite_x \"R\" { x: int }", "record t_office \"R\" { x: int }",
                                           "record a \"R\" { b: set of text }\nrecord a__b \"R\" { x: int }"};
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        struct story story = {0};
        story.store = store_of(":memory:", STORE_READ_WRITE, &story.failure);
        CHECK(!apply(&story, programs[i]));
        CHECK_INT(story.failure.code, DIAG_SCHEMA_NAME_TAKEN);
        stop(&story);
    }
}

static void only_looks_when_read_only(void) {
    char *folder = folder_make();
    const char *path = folder_path(arena, folder, "remit.db");
    struct story story = {0};
    story.store = store_of(path, STORE_READ_WRITE, &story.failure);
    CHECK(apply(&story, "enum rag { green, red }\nrecord a \"A\" { x: int  r: rag? }"));
    WRITE(&story, "a", {"x", value_int(1)});
    store_close(story.store);
    story.store = store_of(path, STORE_READ_ONLY, &story.failure);
    CHECK(apply(&story, "enum rag { green, red }\nrecord a \"A\" { x: int  r: rag?  d = x + 1 }"));
    CHECK(apply(&story, "record a \"A\" { x: int }"));
    int64_t count = 0;
    CHECK(store_count(story.store, record_of(&story.fixture, "a"), &count, &story.failure));
    CHECK_INT(count, 1);
    CHECK(!apply(&story, "record a \"A\" { x: int  y: int? }"));
    CHECK_TEXT(story.failure.message, "the store does not have `a.y` in this form yet, and it is opened for reading only");
    CHECK(!apply(&story, "enum rag { red, green }\nrecord a \"A\" { x: int  r: rag? }"));
    CHECK_INT(story.failure.code, DIAG_SCHEMA_NOT_IN_STORE);
    CHECK(!apply(&story, "record b \"B\" { x: int }"));
    CHECK_TEXT(story.failure.message, "the store does not have `b` yet, and it is opened for reading only");
    stop(&story);
    folder_remove(folder);
}

static void comes_back_after_a_rollback(void) {
    struct story story = start("record a \"A\" { x: int }");
    CHECK(store_begin(story.store, "t", "t", 0, &story.failure));
    CHECK(apply(&story, "record a \"A\" { x: int  y: int? }\nrecord b \"B\" { a: a inverse bs }"));
    CHECK(ADD(story.store, record_of(&story.fixture, "a"), &story.failure, {"x", value_int(1)}, {"y", value_int(2)}) == 1);
    store_rollback(story.store);
    CHECK(apply(&story, "record a \"A\" { x: int }"));
    WRITE(&story, "a", {"x", value_int(3)});
    CHECK_TEXT(ask(story.store, arena, "SELECT *" END " FROM t_a"), "1|1|-|-|3\n");
    CHECK_TEXT(ask(story.store, arena, "SELECT count(*)" END " FROM sqlite_schema WHERE name = 't_b'"), "0\n");
    stop(&story);
}

/* A session goes on with the program it had when a new one is refused. */
static void goes_on_after_a_refusal(void) {
    struct story story = start("record a \"A\" { x: int  tags: set of text }");
    WRITE(&story, "a", {"x", value_int(1)});
    struct fixture next = fixture_open("record a \"A\" { x: int  y: int  tags: set of text }");
    CHECK(!store_apply_schema(story.store, next.program, &story.failure));
    story.failure = (struct failure){0};
    WRITE(&story, "a", {"x", value_int(2)});
    CHECK(store_begin(story.store, "t", "t", 0, &story.failure));
    CHECK(!store_apply_schema(story.store, next.program, &story.failure));
    story.failure = (struct failure){0};
    CHECK(store_set_members(story.store, field_of(&story.fixture, "a", "tags"), 1, (struct value[]){text_value("b")}, 1, &story.failure));
    CHECK(store_remove(story.store, record_of(&story.fixture, "a"), 2, &story.failure));
    CHECK(store_commit(story.store, &story.failure));
    CHECK_TEXT(ask(story.store, arena, "SELECT x, tags" END " FROM a"), "1|b\n");
    CHECK_TEXT(story.failure.message, "");
    fixture_close(&next);
    stop(&story);
}

int main(void) {
    arena = arena_create();
    RUN(does_nothing_twice);
    RUN(draws_tables);
    RUN(shows_values_as_people_write_them);
    RUN(adds_fields);
    RUN(lets_fields_go_and_come);
    RUN(refuses_another_type);
    RUN(moves_enum_values_by_name);
    RUN(keeps_rows_beside_their_owner);
    RUN(changes_keys);
    RUN(refuses_names_of_its_own);
    RUN(only_looks_when_read_only);
    RUN(comes_back_after_a_rollback);
    RUN(goes_on_after_a_refusal);
    arena_destroy(arena);
    return UNIT_END("store_schema");
}
