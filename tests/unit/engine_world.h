/* A small store for the tests of the engines: a policy through the real checker, rows of every kind, both engines at hand.
 * Knows: the policy and its rows. Does not know: what is asked. */
#ifndef REMIT_TESTS_ENGINE_WORLD_H
#define REMIT_TESTS_ENGINE_WORLD_H

#include "lang/base/text.h"
#include "lang/check/check.h"
#include "lang/check/stdlib_text.h"
#include "lang/syntax/parse.h"
#include "runtime/eval/eval.h"
#include "runtime/sql/sql.h"
#include "tests/unit/unit.h"

#include <stdlib.h>

struct world_under_test {
    struct arena *arena;
    struct intern *names;
    struct diagnostics *diagnostics;
    struct checker *checker;
    struct store *store;
    struct operator_context *operators;
    struct run_inputs run;
    struct failure failure;
};
static struct world_under_test world;

static const char policy[] =
    "enum level { low, mid, high }\n"
    "record unit \"Unit\" { parent: unit? inverse parts  head: worker?  tags: set of text  partners: set of unit  levels: set of level }\n"
    "record worker \"Worker\" { unit: unit? inverse workers  grade: level  born: date?  weight: number?  seen: datetime? }\n"
    "record plan \"Plan\" { unit: unit inverse plans  budget: money  start: date  due: date?  level: level default low  note: text?\n"
    "  spent = sum(costs.amount)\n"
    "  last = latest(reports by day)\n"
    "  slip = (latest(steps by day).day ?? start) - start\n"
    "  open = due is missing or due > today }\n"
    "record cost \"Cost\" { plan: plan inverse costs  day: date  amount: money  kind: one of (labour, goods)  key plan, day, amount }\n"
    "record report_line \"Line\" { plan: plan inverse reports  day: date  level: level  words: text? }\n"
    "record step \"Step\" { plan: plan inverse steps  label: text  day: date?  share: number  key plan, label\n  late = day is known and day < today }\n"
    "record big \"Big\" { plan: plan inverse bigs  a: int  b: int  c: int? }\n";

static inline struct node *parse_text(const char *name, const char *text, enum parse_mode mode) {
    uint32_t file = source_add((struct source_set *)(uintptr_t)world.diagnostics->sources, name, text, strlen(text));
    return parse_source(world.arena, world.names, world.diagnostics, file, mode).tree;
}

static inline bool add_program(const char *name, const char *text, enum parse_mode mode) {
    bool library = mode == PARSE_PROGRAM && name[0] == '<' && name[1] == 'p';
    struct check_input input = {parse_text(name, text, mode), !library, library, false};
    int errors = world.diagnostics->error_count;
    if (errors == 0)
        errors = checker_add(world.checker, &input, 1);
    for (int i = 0; errors && i < world.diagnostics->list.count; i++)
        printf("%s: %s\n", name, world.diagnostics->list.items[i]->message);
    world.diagnostics->list.count = 0;
    world.diagnostics->error_count = 0;
    return errors == 0;
}

static inline void say_failure(void) {
    if (world.failure.kind != FAILURE_NONE)
        printf("failure: %s (%s)\n", world.failure.message, world.failure.hint);
    world.failure = (struct failure){0};
}

/* "field=value; field=value": a value is an integer, a number with a point, or a text in quotes; a set is [value, value]. */
static inline struct value read_value(const char **at) {
    if (**at == '"') {
        const char *start = ++*at;
        while (**at != '"')
            ++*at;
        return value_text(start, (size_t)((*at)++ - start));
    }
    char *end;
    double number = strtod(*at, &end);
    bool is_number = memchr(*at, '.', (size_t)(end - *at)) != NULL;
    struct value value = is_number ? value_number(number) : value_int(strtoll(*at, NULL, 10));
    *at = end;
    return value;
}

static inline int64_t add(const char *type, const char *fields) {
    struct record_type *record = program_find_record(checker_program(world.checker), type);
    struct field *named[20], *set = NULL;
    struct value values[20], members[20];
    struct store_row row = {record, 0, named, values};
    int member_count = 0;
    int64_t id = 0;
    for (const char *at = fields; *at;) {
        const char *equals = strchr(at, '=');
        struct field *field = record_find_field(record, arena_copy(world.arena, at, (size_t)(equals - at)));
        at = equals + 1;
        if (*at == '[') {
            set = field;
            for (at++; *at != ']'; at += strspn(at, ", "))
                members[member_count++] = read_value(&at);
            at++;
        } else {
            named[row.field_count] = field;
            values[row.field_count++] = read_value(&at);
        }
        at += strspn(at, "; ");
    }
    CHECK(store_insert(world.store, &row, &id, &world.failure));
    if (set)
        CHECK(store_set_members(world.store, set, id, members, member_count, &world.failure));
    say_failure();
    return id;
}

static inline void fill(void) {
    CHECK(store_begin(world.store, "test", "test", 0, &world.failure));
    add("unit", "_key=\"A\"; _title=\"Alpha\"; tags=[\"red\", \"blue\"]");
    add("unit", "_key=\"B\"; parent=1; levels=[0, 2]");
    add("unit", "_key=\"C\"; _title=\"Gamma\"; parent=2; partners=[1, 2]");
    add("unit", "_key=\"D\"; _title=\"Delta\"");
    add("worker", "_key=\"W1\"; unit=1; grade=2; born=100; weight=0.5; seen=90061");
    add("worker", "_key=\"W2\"; unit=1; grade=0; weight=0.25");
    add("worker", "_key=\"W3\"; unit=3; grade=1; born=50");
    add("worker", "_key=\"W4\"; grade=1; born=60; weight=1.5");
    add("plan", "_key=\"P1\"; _title=\"One\"; unit=1; budget=1000000; start=20000; due=20100; level=1; note=\"first\"");
    add("plan", "_key=\"P2\"; unit=1; budget=2500000; start=20050; level=0");
    add("plan", "_key=\"P3\"; _title=\"Three\"; unit=2; budget=500; start=20010; due=20020; level=2; note=\"Été\"");
    add("plan", "_key=\"P4\"; unit=4; budget=0; start=19990; level=0");
    add("cost", "plan=1; day=20001; amount=600000; kind=0");
    add("cost", "plan=1; day=20005; amount=500000; kind=1");
    add("cost", "plan=2; day=20060; amount=10000; kind=1");
    add("cost", "plan=3; day=20011; amount=125; kind=0");
    add("report_line", "plan=1; day=20002; level=0; words=\"fine\"");
    add("report_line", "plan=1; day=20009; level=2; words=\"bad\"");
    add("report_line", "plan=1; day=20030; level=2");
    add("report_line", "plan=2; day=20055; level=1; words=\"so\"");
    add("report_line", "plan=2; day=20055; level=2; words=\"tie\"");
    add("step", "plan=1; label=\"dig\"; day=20020; share=0.1");
    add("step", "plan=1; label=\"build\"; day=20044; share=0.2");
    add("step", "plan=1; label=\"end\"; share=0.3");
    add("step", "plan=3; label=\"dig\"; day=20015; share=1.0");
    add("big", "plan=1; a=9223372036854775807; b=1; c=2");
    add("big", "plan=2; a=5; b=7");
    add("big", "plan=3; a=-9223372036854775807; b=2; c=0");
    CHECK(store_commit(world.store, &world.failure));
    say_failure();
}

static const int64_t holidays[] = {20023};

static inline bool key_exists(void *context, const char *record, const char *key) {
    (void)context;
    int64_t id = 0;
    return store_find_key(world.store, program_find_record(checker_program(world.checker), record), key, strlen(key), &id, &world.failure) && id != 0;
}

static inline void start(void) {
    world = (struct world_under_test){.arena = arena_create()};
    world.names = intern_create(world.arena);
    world.diagnostics = diagnostics_create(world.arena, source_set_create(world.arena));
    static const struct world outside = {.key_exists = key_exists};
    world.checker = checker_create(world.arena, world.names, world.diagnostics, &outside);
    for (const struct stdlib_module *module = stdlib_modules; module->name; module++)
        if (strcmp(module->name, "prelude") == 0)
            CHECK(add_program("<prelude>", module->text, PARSE_PROGRAM));
    CHECK(add_program("<policy>", policy, PARSE_PROGRAM));
    world.run = (struct run_inputs){.today = 20030, .now = 20030 * (int64_t)DAY_SECONDS + 3600, .fiscal_month = 4, .calendar = {holidays, 1}};
    world.operators = operator_context_create(&world.run);
    world.store = store_open(":memory:", &(struct store_options){.mode = STORE_READ_WRITE}, &world.failure);
    CHECK(world.store && store_apply_schema(world.store, checker_program(world.checker), &world.failure));
    CHECK(sql_define_functions(world.store, world.operators));
    say_failure();
    fill();
}

static inline void stop(void) {
    store_close(world.store);
    operator_context_destroy(world.operators);
    arena_destroy(world.arena);
}

/* ---- asking ---- */

/* Which engine is asked. */
static bool use_sql;

static inline struct rows *ask_query(const struct engine_inputs *given, const struct tquery *query, struct failure *failure) {
    return use_sql ? sql_run_query(given, query, failure) : eval_run_query(given, query, failure);
}
static inline bool ask_value(struct arena *arena, const struct engine_inputs *given, const struct texpr *expression, struct value *value, struct failure *failure) {
    return use_sql ? sql_evaluate(arena, given, expression, value, failure) : eval_evaluate(arena, given, expression, value, failure);
}
static inline bool ask_ids(struct arena *arena, const struct engine_inputs *given, const struct texpr *expression, int64_t **ids, int *count, struct failure *failure) {
    return use_sql ? sql_collect_ids(arena, given, expression, ids, count, failure) : eval_collect_ids(arena, given, expression, ids, count, failure);
}

static inline struct engine_inputs inputs(void) {
    return (struct engine_inputs){.store = world.store, .operators = world.operators, .program = checker_program(world.checker)};
}

static inline void write_row(struct buffer *out, const struct value *values, const struct rows *rows) {
    for (int i = 0; i < rows->column_count; i++) {
        buffer_add_string(out, i ? "|" : "");
        if (values[i].kind == VALUE_MISSING)
            buffer_add_char(out, '~');
        else
            value_write(out, values[i], values[i].kind == VALUE_INT && rows->columns[i].type.kind == TYPE_TEXT ? (struct type){.kind = TYPE_INT} : rows->columns[i].type, VALUE_PLAIN);
    }
}

static inline void write_query(struct buffer *out, const struct tquery *query) {
    struct engine_inputs given = inputs();
    struct rows *rows = ask_query(&given, query, &world.failure);
    const struct value *values;
    enum rows_step step = ROWS_FAILED;
    for (int i = 0; rows && (step = rows_next(rows, &values, &world.failure)) == ROWS_ROW; i++) {
        buffer_add_string(out, i ? " / " : "");
        write_row(out, values, rows);
    }
    if (step == ROWS_FAILED)
        buffer_add_format(out, "failed: %s", world.failure.message);
    if (step == ROWS_END && rows->totals) {
        buffer_add_string(out, " = ");
        write_row(out, rows->totals, rows);
    }
    rows_close(rows);
}

static inline void write_value(struct buffer *out, const struct texpr *expression) {
    struct engine_inputs given = inputs();
    struct value value;
    if (expression->type.kind == TYPE_COLLECTION) {
        int64_t *ids;
        int count;
        if (ask_ids(world.arena, &given, expression, &ids, &count, &world.failure))
            for (int i = 0; i < count; i++)
                buffer_add_format(out, "%s%lld", i ? " " : "", (long long)ids[i]);
    } else if (!ask_value(world.arena, &given, expression, &value, &world.failure))
        buffer_add_format(out, "failed: %s", world.failure.message);
    else if (value.kind == VALUE_MISSING)
        buffer_add_char(out, '~');
    else
        value_write(out, value, expression->type, VALUE_PLAIN);
}

static inline char *answer(const char *text) {
    struct program *program = checker_program(world.checker);
    struct buffer out = {0};
    int before = program->commands.count;
    if (!add_program("<question>", text, PARSE_INPUT))
        buffer_add_string(&out, "refused");
    else {
        const struct tcommand *command = program->commands.items[before];
        if (command->kind == COMMAND_QUERY)
            write_query(&out, command->query);
        else
            write_value(&out, command->value ? command->value : command->target);
    }
    world.failure = (struct failure){0};
    char *copy = arena_copy_string(world.arena, buffer_string(&out));
    buffer_free(&out);
    return copy;
}

#endif
