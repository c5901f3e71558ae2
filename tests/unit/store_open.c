/* Opening: what a path may lead to, what is said when it is no store, and when a file is made. */
#include "tests/unit/store_fixture.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

static char *folder;
static struct arena *arena;

static void write_file(const char *path, const char *bytes, size_t length) {
    FILE *file = fopen(path, "wb");
    CHECK(file != NULL);
    CHECK_INT(fwrite(bytes, 1, length, file), length);
    fclose(file);
}

static void expect_refused(const char *path, enum store_open_mode mode, enum diagnostic_code code) {
    struct failure failure = {0};
    struct store *store = store_of(path, mode, &failure);
    CHECK(store == NULL);
    CHECK_INT(failure.code, code);
    CHECK_INT(failure.kind, FAILURE_STORE);
    store_close(store);
}

static void make_store(const char *path) {
    struct fixture fixture = fixture_open("");
    struct failure failure = {0};
    struct store *store = store_of(path, STORE_READ_WRITE, &failure);
    CHECK(store != NULL);
    CHECK(store_apply_schema(store, fixture.program, &failure));
    CHECK_TEXT(failure.message, "");
    store_close(store);
    fixture_close(&fixture);
}

static void makes_a_file_only_for_something(void) {
    const char *path = folder_path(arena, folder, "new.db");
    struct failure failure = {0};
    struct store *store = store_of(path, STORE_READ_WRITE, &failure);
    CHECK(store != NULL);
    CHECK(access(path, F_OK) != 0);
    store_close(store);
    CHECK(access(path, F_OK) != 0);
    make_store(path);
    CHECK(access(path, F_OK) == 0);
    CHECK(access(folder_path(arena, folder, "new.db-journal"), F_OK) != 0);
    store = store_of(path, STORE_READ_ONLY, &failure);
    CHECK(store != NULL && store_is_read_only(store));
    CHECK(!store_begin(store, "tester", "test", 0, &failure));
    CHECK_INT(failure.code, DIAG_STORE_READ_ONLY);
    store_close(store);
}

static void takes_an_empty_file(void) {
    const char *path = folder_path(arena, folder, "empty.db");
    write_file(path, "", 0);
    make_store(path);
    struct failure failure = {0};
    struct store *store = store_of(path, STORE_READ_ONLY, &failure);
    CHECK(store != NULL);
    CHECK_TEXT(ask(store, arena, "SELECT count(*)" END " FROM office"), "0\n");
    store_close(store);
    write_file(path, "", 0); /* for reading it is as good as none */
    expect_refused(path, STORE_READ_ONLY, DIAG_STORE_NOT_FOUND);
}

static void leaves_no_file_of_what_was_taken_back(void) {
    const char *path = folder_path(arena, folder, "back.db");
    struct fixture fixture = fixture_open("");
    struct failure failure = {0};
    struct store *store = store_of(path, STORE_READ_WRITE, &failure);
    CHECK(store_begin(store, "tester", "test", 0, &failure) && store_apply_schema(store, fixture.program, &failure));
    CHECK(access(path, F_OK) == 0);
    store_rollback(store);
    store_close(store);
    CHECK(access(path, F_OK) != 0);
    store = store_of(path, STORE_READ_WRITE, &failure);
    CHECK(store_begin(store, "tester", "test", 0, &failure));
    store_rollback(store);
    make_store(path); /* meanwhile, by another program */
    store_close(store);
    CHECK(access(path, F_OK) == 0);
    write_file(path, "", 0); /* someone made it, if empty */
    store = store_of(path, STORE_READ_WRITE, &failure);
    CHECK(store_begin(store, "tester", "test", 0, &failure));
    store_close(store);
    CHECK(access(path, F_OK) == 0);
    CHECK_TEXT(failure.message, "");
    fixture_close(&fixture);
}

static void refuses_what_is_no_store(void) {
    expect_refused(folder_path(arena, folder, "absent.db"), STORE_READ_ONLY, DIAG_STORE_NOT_FOUND);
    expect_refused(folder_path(arena, folder, "absent/new.db"), STORE_READ_WRITE, DIAG_STORE_NO_FOLDER);
    expect_refused(folder, STORE_READ_WRITE, DIAG_STORE_FOLDER);
    expect_refused(folder, STORE_READ_ONLY, DIAG_STORE_FOLDER);
    expect_refused("/dev/null", STORE_READ_WRITE, DIAG_STORE_NOT_A_STORE);
    const char *text = folder_path(arena, folder, "notes.txt");
    write_file(text, "Budget of the pumps: too small\n", 31);
    expect_refused(text, STORE_READ_WRITE, DIAG_STORE_NOT_A_STORE);
    write_file(text, "short", 5);
    expect_refused(text, STORE_READ_ONLY, DIAG_STORE_NOT_A_STORE);
    expect_refused("", STORE_READ_WRITE, DIAG_STORE_NOT_FOUND);
}

/* A store whose header says something else. */
static void change_header(const char *path, long offset, const char *bytes, size_t length) {
    FILE *file = fopen(path, "r+b");
    CHECK(file != NULL);
    fseek(file, offset, SEEK_SET);
    fwrite(bytes, 1, length, file);
    fclose(file);
}

static void refuses_other_programs_files(void) {
    const char *path = folder_path(arena, folder, "other.db");
    make_store(path);
    change_header(path, 68, "\0\0\0\0", 4); /* the application's number: now it is some SQLite file */
    expect_refused(path, STORE_READ_WRITE, DIAG_STORE_NOT_A_STORE);
    const char *newer = folder_path(arena, folder, "newer.db");
    make_store(newer);
    change_header(newer, 60, "\0\0\0\7", 4); /* the format */
    expect_refused(newer, STORE_READ_WRITE, DIAG_STORE_NEWER);
}

static void says_when_it_is_damaged(void) {
    const char *path = folder_path(arena, folder, "damaged.db");
    make_store(path);
    char junk[8192];
    memset(junk, 0x5A, sizeof junk);
    change_header(path, 100, junk, sizeof junk - 100); /* the list of tables */
    expect_refused(path, STORE_READ_WRITE, DIAG_STORE_DAMAGED);
}

/* A store in a folder that may not be written is read only, although the file itself may be written: a journal could not be made beside it. Root may do anything, so the test
 * becomes somebody else. */
static void says_when_it_may_not(void) {
    const char *closed = folder_path(arena, folder, "closed"), *store_path = folder_path(arena, folder, "closed/remit.db");
    mkdir(closed, 0755);
    make_store(store_path);
    chmod(folder, 0755);
    chmod(store_path, 0666);
    chmod(closed, 0555);
    pid_t child = fork();
    if (child == 0) {
        unit_ok = true;
        if (geteuid() == 0 && setuid(65534) != 0)
            _exit(0);
        struct failure failure = {0};
        expect_refused(folder_path(arena, folder, "closed/new.db"), STORE_READ_WRITE, DIAG_STORE_READ_ONLY);
        struct store *store = store_of(store_path, STORE_READ_WRITE, &failure);
        CHECK(store != NULL && store_is_read_only(store) && !store_begin(store, "tester", "test", 0, &failure));
        CHECK_INT(failure.code, DIAG_STORE_READ_ONLY);
        store_close(store);
        _exit(unit_ok ? 0 : 1);
    }
    int status = 1;
    waitpid(child, &status, 0);
    CHECK_INT(status, 0);
    chmod(closed, 0755);
}

static void keeps_settings(void) {
    const char *path = folder_path(arena, folder, "settings.db");
    make_store(path);
    struct failure failure = {0};
    struct store *store = store_of(path, STORE_READ_WRITE, &failure);
    CHECK_TEXT(ask(store, arena, "SELECT * FROM pragma_foreign_keys, (SELECT ';')"), "1\n");
    CHECK_TEXT(ask(store, arena, "SELECT * FROM pragma_page_size, (SELECT ';')"), "8192\n");
    CHECK_TEXT(ask(store, arena, "SELECT \"no such column\""), "failed: the store could not answer: no such column: no such column");
    CHECK(!store_execute(store, "ATTACH 'other.db' AS other", &failure));
    store_close(store);
}

static void keeps_a_policy_set(void) {
    const char *path = folder_path(arena, folder, "policy.db");
    make_store(path);
    struct failure failure = {0};
    struct store *store = store_of(path, STORE_READ_WRITE, &failure);
    struct policy_file first[] = {{"a.remit", "remit 1\n"}, {"b/c.remit", "# caf\303\251\n"}}, second[] = {{"d.remit", ""}};
    struct policy_version of_first = {.meaning = "abc", .texts = "abd", .origin = {"0a1b", true, "why"}}, of_second = {.meaning = "def", .texts = "deg"};
    CHECK(store_begin(store, "tester", "apply", 7, &failure));
    CHECK(store_save_policy(store, first, 2, &of_first, &failure));
    CHECK(store_save_policy(store, second, 1, &of_second, &failure)); /* in one change: the first was never in force */
    CHECK(store_commit(store, &failure));
    CHECK(store_begin(store, "tester", "apply", 8, &failure));
    CHECK(store_save_policy(store, first, 2, &of_first, &failure));
    CHECK(store_commit(store, &failure));
    struct policy_file *files;
    int count;
    CHECK(store_load_policy(store, arena, &files, &count, &failure));
    CHECK_INT(count, 2);
    CHECK_TEXT(files[0].path, "a.remit");
    CHECK_TEXT(files[1].text, "# caf\303\251\n");
    CHECK(store_load_policy_version(store, arena, 1, &files, &count, &failure));
    CHECK_INT(count, 1);
    CHECK_TEXT(files[0].path, "d.remit");
    struct policy_version *versions;
    CHECK(store_list_policy_versions(store, arena, &versions, &count, &failure));
    CHECK_INT(count, 2);
    CHECK_TEXT(versions[0].meaning, "def");
    CHECK(versions[0].origin.revision == NULL && versions[0].origin.message == NULL);
    CHECK_INT(versions[1].number, 2);
    CHECK_INT(versions[1].at, 8);
    CHECK_TEXT(versions[1].who, "tester");
    CHECK_TEXT(versions[1].texts, "abd");
    CHECK_TEXT(versions[1].origin.revision, "0a1b");
    CHECK_TEXT(versions[1].origin.message, "why");
    CHECK(versions[1].origin.is_clean);
    CHECK_TEXT(failure.message, "");
    CHECK(!store_load_policy_version(store, arena, 3, &files, &count, &failure));
    CHECK_INT(failure.code, DIAG_JOURNAL_NO_VERSION);
    CHECK_INT(count, 0);
    store_close(store);
}

/* ---- functions in questions ---- */

static bool twice(void *context, int count, const struct value *arguments, struct value *result, struct failure *failure) {
    (void)count;
    ++*(int *)context;
    if (arguments[0].kind == VALUE_MISSING)
        return failure_set(failure, DIAG_VALUE_REQUIRED, "x", "y", "y");
    *result = arguments[0].kind == VALUE_INT ? value_int(2 * arguments[0].integer) : arguments[0];
    return true;
}
static bool add_up(void *context, void *state, int count, const struct value *arguments, struct failure *failure) {
    (void)context, (void)count;
    *(int64_t *)state += arguments[0].integer;
    return arguments[0].integer >= 0 || failure_set(failure, DIAG_ROW_GONE, 1LL, "minus");
}
static bool give_sum(void *context, void *state, struct value *result, struct failure *failure) {
    (void)context, (void)failure;
    *result = value_int(*(int64_t *)state);
    return true;
}

static void calls_functions(void) {
    struct failure failure = {0};
    struct store *store = store_of(":memory:", STORE_READ_WRITE, &failure);
    int calls = 0;
    CHECK(store_define_function(store, "twice", 1, twice, &calls));
    CHECK(store_define_aggregate(store, "add_up", 1, sizeof(int64_t), add_up, give_sum, NULL));
    CHECK_TEXT(ask(store, arena, "SELECT twice(21), twice('a'), twice(0.5)" END), "42|a|0.5\n");
    CHECK_INT(calls, 3);
    CHECK_TEXT(ask(store, arena, "SELECT twice(NULL)" END), "failed: a row of `x` needs a value for `y`");
    CHECK_TEXT(ask(store, arena, "SELECT add_up(column1)" END " FROM (VALUES (1), (2), (3))"), "6\n");
    CHECK_TEXT(ask(store, arena, "SELECT add_up(column1)" END " FROM (VALUES (1)) WHERE column1 > 1"), "0\n");
    CHECK_TEXT(ask(store, arena, "SELECT add_up(column1)" END " FROM (VALUES (1), (-2), (3))"), "failed: row 1 of `minus` is not in the store");
    struct statement *statement = store_prepare(store, "SELECT ?1 + ?2, ?3", &failure);
    statement_bind(statement, 1, value_int(40));
    statement_bind(statement, 2, value_int(2));
    statement_bind(statement, 3, value_text("caf\303\251!", 5));
    CHECK_INT(statement_step(statement, &failure), STATEMENT_ROW);
    CHECK_INT(statement_value(statement, 0).integer, 42);
    CHECK_INT(statement_value(statement, 1).length, 5);
    CHECK_INT(statement_step(statement, &failure), STATEMENT_DONE);
    statement_close(statement);
    store_close(store);
}

static bool stop_at_third(void *context) {
    return ++*(int *)context >= 3;
}

static void stops_when_asked(void) {
    struct failure failure = {0};
    struct store *store = store_of(":memory:", STORE_READ_WRITE, &failure);
    int asked = 0;
    store_set_stop(store, stop_at_third, &asked);
    struct statement *statement = store_prepare(store, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n", &failure);
    CHECK_INT(statement_step(statement, &failure), STATEMENT_FAILED);
    CHECK_INT(failure.kind, FAILURE_STOPPED);
    CHECK_INT(asked, 3);
    statement_close(statement);
    failure = (struct failure){0};
    asked = 1;
    CHECK(store_may_go_on(store, &failure));
    CHECK(!store_may_go_on(store, &failure));
    CHECK_INT(failure.kind, FAILURE_STOPPED);
    store_set_stop(store, NULL, NULL);
    CHECK(store_may_go_on(store, &failure));
    CHECK_TEXT(ask(store, arena, "SELECT 1" END), "1\n");
    store_close(store);
}

int main(void) {
    folder = folder_make();
    arena = arena_create();
    RUN(makes_a_file_only_for_something);
    RUN(takes_an_empty_file);
    RUN(leaves_no_file_of_what_was_taken_back);
    RUN(refuses_what_is_no_store);
    RUN(refuses_other_programs_files);
    RUN(says_when_it_is_damaged);
    RUN(says_when_it_may_not);
    RUN(keeps_settings);
    RUN(keeps_a_policy_set);
    RUN(calls_functions);
    RUN(stops_when_asked);
    arena_destroy(arena);
    folder_remove(folder);
    return UNIT_END("store_open");
}
