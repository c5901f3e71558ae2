/* One policy test, from its first item to its last or to the error that ends it. See test.h.
 * A day of the test is a transaction. When the day moves on a check is kept on the old day and on the new one, so that the store is what it would be had someone checked every day. */
#include "lang/base/civil.h"
#include "lang/base/limits.h"
#include "runtime/engine/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct running {
    struct session *session;
    struct coverage *coverage;
    struct test_result *result;
    bool has_begun;
};

/* ---- problems ---- */

static void add_problem(struct session *session, struct test_result *result, const struct failure *failure, bool is_error) {
    if (result->problems.count >= LIMIT_TEST_PROBLEMS && !is_error) {
        result->problems_left_out++;
        return;
    }
    struct buffer drawn = {0};
    bool color = session->options.color;
    session->options.color = false; /* it may go to a file */
    session_draw_failure(session, failure, &drawn);
    session->options.color = color;
    struct test_problem problem = {is_error, failure->has_span, failure->span, diagnostic_code_text(session->arena, failure->code), arena_copy_string(session->arena, failure->message),
                                   arena_copy_string(session->arena, failure->hint), arena_copy_string(session->arena, buffer_string(&drawn))};
    LIST_ADD(session->arena, &result->problems, problem);
    buffer_free(&drawn);
}

void test_add_error(struct session *session, struct test_result *result, const struct failure *failure) {
    add_problem(session, result, failure, true);
    result->outcome = TEST_BROKEN;
}

static void take_expectation(void *context, const struct expectation *expectation) {
    struct running *running = context;
    running->result->expectation_count++;
    if (running->coverage)
        coverage_note(running->coverage, running->session, expectation->command);
    if (expectation->is_met)
        return;
    struct failure failure = {0};
    failure_set(&failure, DIAG_EXPECTATION_FAILED, expectation->problem);
    if (*expectation->values)
        failure_hint(&failure, "%s", expectation->values);
    failure.span = expectation->command->span;
    failure.has_span = true;
    running->result->outcome = TEST_FAILED;
    add_problem(running->session, running->result, &failure, false);
}

static void take_passing(void *context, const struct tmandate *mandate, int64_t subject, struct value before) {
    struct running *running = context;
    if (running->coverage)
        coverage_note_gate(running->coverage, running->session, mandate, subject, before);
}

/* ---- days ---- */

static bool keep_check(struct session *session, struct failure *failure) {
    struct check_options options = {.persist = true, .shows_nothing = true};
    return session_check(session, &options, failure);
}

static void set_day(struct session *session, int64_t day) {
    session->options.today = day;
    session->options.now = day * DAY_SECONDS;
}

static bool move_to(struct running *running, int64_t day, struct failure *failure) {
    struct session *session = running->session;
    if (!running->has_begun) {
        running->has_begun = true;
        set_day(session, day);
        return session_begin(session, "test", failure) && session_apply(session, failure);
    }
    if (day == session->options.today)
        return true;
    if (!keep_check(session, failure) || !store_commit(session->store, failure))
        return false;
    set_day(session, day);
    return session_refresh_inputs(session, failure) && session_begin(session, "test", failure) && keep_check(session, failure);
}

/* ---- items ---- */

static bool run_item(struct running *running, const struct ttest_item *item, struct failure *failure) {
    switch (item->kind) {
    case TEST_ON: return move_to(running, item->day, failure);
    case TEST_GIVEN: return session_add_instance(running->session, item->given, &(int64_t){0}, failure);
    case TEST_COMMAND: return session_run_command(running->session, item->command, failure);
    }
    return false;
}

/* What it prints is kept, up to a bound. */
static const char *keep_output(struct arena *arena, const char *text, size_t length) {
    static const char cut[] = "\n… (and more)\n";
    if (length <= LIMIT_TEST_OUTPUT_BYTES)
        return arena_copy(arena, text, length);
    size_t end = LIMIT_TEST_OUTPUT_BYTES;
    while (end > 0 && ((unsigned char)text[end] & 0xC0) == 0x80)
        end--;
    return arena_format(arena, "%.*s%s", (int)end, text, cut);
}

void test_run(struct session *session, const struct ttest *test, struct coverage *coverage, struct test_result *result) {
    *result = (struct test_result){.test = test};
    struct running running = {.session = session, .coverage = coverage, .result = result};
    struct expectation_taker taker = {&running, take_expectation, take_passing};
    struct failure failure = {0};
    char *printed = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&printed, &length);
    if (!out)
        abort();
    /* Whoever waits is told by another process, and who runs the test is no matter. */
    store_set_stop(session->store, NULL, NULL);
    session->options.out = session->options.err = out;
    session->options.render = (struct render_options){.format = RENDER_TABLE};
    session->options.works_on = NULL;
    session->options.before_output = NULL;
    session->options.has_done = NULL;
    session->options.who = session->options.what = "test";
    session->taker = &taker;
    bool good = true;
    for (int i = 0; good && i < test->item_count; i++)
        good = run_item(&running, &test->items[i], &failure);
    if (!good)
        test_add_error(session, result, &failure);
    session->taker = NULL;
    fclose(out);
    result->output = keep_output(session->arena, printed, length);
    free(printed);
}

bool test_prepare_store(struct session *session, struct failure *failure) {
    session->options.store_path = ":memory:";
    return session_open_store(session, failure) && session_begin(session, "test", failure) && store_apply_schema(session->store, session->program, failure) &&
           store_commit(session->store, failure);
}

/* ---- between processes: whole numbers of eight bytes, and texts after their length ---- */

static void write_number(struct buffer *out, int64_t number) {
    buffer_add(out, (const char *)&number, sizeof number);
}

static void write_text(struct buffer *out, const char *text, size_t length) {
    write_number(out, (int64_t)length);
    buffer_add(out, text, length);
}

static void write_string(struct buffer *out, const char *text) {
    write_text(out, text, strlen(text));
}

void test_write_result(const struct test_result *result, const struct coverage *coverage, struct buffer *out) {
    struct buffer seen = {0};
    write_number(out, result->outcome);
    write_number(out, result->expectation_count);
    write_number(out, result->problems_left_out);
    write_number(out, result->problems.count);
    for (int i = 0; i < result->problems.count; i++) {
        const struct test_problem *problem = &result->problems.items[i];
        write_number(out, problem->is_error);
        write_number(out, problem->has_span);
        write_text(out, (const char *)&problem->span, sizeof problem->span);
        write_string(out, problem->code);
        write_string(out, problem->message);
        write_string(out, problem->values);
        write_string(out, problem->drawn);
    }
    write_string(out, result->output);
    coverage_write(coverage, &seen);
    write_text(out, buffer_string(&seen), seen.length);
    buffer_free(&seen);
}

struct reader {
    struct arena *arena;
    const char *at, *end;
    bool has_failed;
};

static int64_t read_number(struct reader *reader) {
    int64_t number = 0;
    if (reader->has_failed || reader->end - reader->at < (ptrdiff_t)sizeof number) {
        reader->has_failed = true;
        return 0;
    }
    memcpy(&number, reader->at, sizeof number);
    reader->at += sizeof number;
    return number;
}

static const char *read_text(struct reader *reader, size_t *length) {
    int64_t count = read_number(reader);
    if (reader->has_failed || count < 0 || reader->end - reader->at < count) {
        reader->has_failed = true;
        count = 0;
    }
    const char *text = arena_copy(reader->arena, reader->at, (size_t)count);
    reader->at += count;
    *length = (size_t)count;
    return text;
}

static const char *read_string(struct reader *reader) {
    size_t length;
    return read_text(reader, &length);
}

static void read_problem(struct reader *reader, struct test_problem *problem) {
    size_t length;
    problem->is_error = read_number(reader) != 0;
    problem->has_span = read_number(reader) != 0;
    const char *span = read_text(reader, &length);
    if (length == sizeof problem->span)
        memcpy(&problem->span, span, length);
    problem->code = read_string(reader);
    problem->message = read_string(reader);
    problem->values = read_string(reader);
    problem->drawn = read_string(reader);
}

bool test_read_result(struct arena *arena, const char *bytes, size_t length, struct test_result *result, struct coverage *coverage) {
    struct reader reader = {arena, bytes, bytes + length, false};
    result->outcome = (enum test_outcome)read_number(&reader);
    result->expectation_count = (int)read_number(&reader);
    result->problems_left_out = (int)read_number(&reader);
    int64_t count = read_number(&reader);
    for (int64_t i = 0; i < count && !reader.has_failed; i++) {
        struct test_problem problem = {0};
        read_problem(&reader, &problem);
        LIST_ADD(arena, &result->problems, problem);
    }
    result->output = read_string(&reader);
    size_t seen_length;
    const char *seen = read_text(&reader, &seen_length);
    return !reader.has_failed && coverage_add(coverage, seen, seen_length);
}
