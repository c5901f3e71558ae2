/* Making and ending sessions; the store; messages. See session.h. */
#include "runtime/engine/session.h"
#include "runtime/sql/sql.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- what the checker asks of the store ---- */

/* The first key that is asked for brings the store's tables in step with the declarations, which are all known by then. What this writes belongs to the
 * transaction of the run, and goes with it when the program has mistakes. */
static bool has_storage(struct session *session, const struct record_type *type) {
    struct failure failure = {0};
    if (!session->store || !type || store_is_absent(session->store)) /* it is not made for a question */
        return false;
    if (type->storage)
        return true;
    bool is_there = session->is_guard ? store_attach_program(session->store, session->program, &failure)
                                      : session_begin(session, "session", &failure) && store_apply_schema(session->store, session->program, &failure);
    return is_there && type->storage;
}

static bool world_key_exists(void *context, const char *record, const char *key) {
    struct session *session = context;
    struct record_type *type = program_find_record(session->program, record);
    struct failure failure = {0};
    int64_t id = 0;
    if (!has_storage(session, type))
        return false;
    return store_find_key(session->store, type, key, strlen(key), &id, &failure) && id != 0;
}

struct offering {
    struct session *session;
    struct nearest *search;
};

static bool offer_key(void *context, const char *key, int64_t id) {
    (void)id;
    struct offering *offering = context;
    const char *before = offering->search->best;
    nearest_offer(offering->search, key);
    if (offering->search->best != before) /* the store's text is gone at the next row */
        offering->search->best = arena_copy_string(offering->session->arena, key);
    return true;
}

static void world_offer_keys(void *context, const char *record, struct nearest *search) {
    enum { KEYS_OFFERED = 2000 };
    struct session *session = context;
    struct record_type *type = program_find_record(session->program, record);
    struct failure failure = {0};
    struct offering offering = {session, search};
    if (has_storage(session, type))
        store_each_key(session->store, type, KEYS_OFFERED, offer_key, &offering, &failure);
}

static const char *world_key_record(void *context, const char *key) {
    struct session *session = context;
    const char *found = NULL;
    for (int i = 0; i < session->program->records.count; i++)
        if (world_key_exists(session, session->program->records.items[i]->name, key)) {
            if (found)
                return NULL;
            found = session->program->records.items[i]->name;
        }
    return found;
}

struct key_visit {
    void (*visit)(void *visiting, const char *key);
    void *visiting;
};

static bool visit_key(void *context, const char *key, int64_t id) {
    const struct key_visit *each = context;
    (void)id;
    each->visit(each->visiting, key);
    return true;
}

static void world_each_key(void *context, const char *record, void (*visit)(void *visiting, const char *key), void *visiting) {
    struct session *session = context;
    struct record_type *type = program_find_record(session->program, record);
    struct key_visit each = {visit, visiting};
    struct failure failure = {0};
    if (has_storage(session, type))
        store_each_key(session->store, type, INT32_MAX, visit_key, &each, &failure);
}

/* The row of the store with that key, for which `select` is asked, with its id as ?1; NULL when there is none. */
static struct statement *ask_row(struct session *session, struct record_type *type, const char *key, const char *select) {
    struct failure failure = {0};
    int64_t id = 0;
    if (!store_find_key(session->store, type, key, strlen(key), &id, &failure) || id == 0)
        return NULL;
    struct statement *statement = store_prepare(session->store, select, &failure);
    if (statement)
        statement_bind(statement, 1, value_int(id));
    return statement;
}

static void world_keys_of_field(void *context, const char *record, const char *key, const char *name, void (*visit)(void *visiting, const char *key), void *visiting) {
    struct session *session = context;
    struct record_type *type = program_find_record(session->program, record);
    const struct field *field = type ? record_find_field(type, name) : NULL;
    if (!field || !has_storage(session, type))
        return;
    bool is_set = field->kind == FIELD_SET;
    struct record_type *other = is_set ? field->type.element->record : field->type.record;
    const char *from = is_set ? store_members_table_name(session->arena, field) : store_table_name(session->arena, type);
    const char *column = is_set ? "\"member\"" : store_column_name(session->arena, field);
    const char *select = arena_format(session->arena, "SELECT %s FROM %s AS o CROSS JOIN %s AS r ON r._id = o.%s WHERE o._id = ?1 ORDER BY 1", store_key_expression(session->arena, other, "r"), from,
                                      store_table_name(session->arena, other), column);
    struct statement *statement = ask_row(session, type, key, select);
    struct failure failure = {0};
    while (statement && statement_step(statement, &failure) == STATEMENT_ROW) {
        struct value found = statement_value(statement, 0);
        visit(visiting, arena_copy(session->arena, found.text, found.length));
    }
    statement_close(statement);
}

static bool world_day_of_field(void *context, const char *record, const char *key, const char *name, int64_t *day) {
    struct session *session = context;
    struct record_type *type = program_find_record(session->program, record);
    const struct field *field = type ? record_find_field(type, name) : NULL;
    if (!field || !has_storage(session, type))
        return false;
    const char *select = arena_format(session->arena, "SELECT %s FROM %s WHERE _id = ?1", store_column_name(session->arena, field), store_table_name(session->arena, type));
    struct statement *statement = ask_row(session, type, key, select);
    struct failure failure = {0};
    bool found = statement && statement_step(statement, &failure) == STATEMENT_ROW && statement_value(statement, 0).kind == VALUE_INT;
    if (found)
        *day = statement_value(statement, 0).integer;
    statement_close(statement);
    return found;
}

/* ---- life ---- */

struct session *session_create(const struct session_options *options) {
    struct arena *arena = arena_create();
    struct session *session = ARENA_NEW(arena, struct session);
    session->options = *options;
    session->arena = arena;
    session->names = intern_create(arena);
    session->sources = source_set_create(arena);
    session->diagnostics = diagnostics_create(arena, session->sources);
    session->world = (struct world){session, world_key_exists, world_offer_keys, world_key_record, world_each_key, world_keys_of_field, world_day_of_field};
    session->checker = checker_create(arena, session->names, session->diagnostics, &session->world);
    session->program = checker_program(session->checker);
    return session;
}

void session_destroy(struct session *session) {
    buffer_free(&session->notes);
    if (!session)
        return;
    if (session->guard)
        session_destroy(session->guard);
    if (!session->is_guard)
        store_close(session->store);
    operator_context_destroy(session->operators);
    arena_destroy(session->arena);
}

/* ---- messages ---- */

/* What was said on out before stands before it, when both go to one place. */
static void tell(struct session *session, struct buffer *words) {
    session_speaks(session);
    fflush(session->options.out);
    fputs(buffer_string(words), session->options.err);
    buffer_free(words);
}

void session_show_diagnostics(struct session *session) {
    struct buffer out = {0};
    diagnostics_sort(session->diagnostics);
    diagnostics_draw(&out, session->diagnostics, session->options.color);
    if (out.length)
        tell(session, &out);
    session->diagnostics->list.count = 0;
    session->diagnostics->error_count = 0;
}

void session_draw_failure(struct session *session, const struct failure *failure, struct buffer *out) {
    struct diagnostic diagnostic = {.code = failure->code, .severity = SEVERITY_ERROR, .span = failure->span, .message = failure->message, .hint = failure->hint[0] ? failure->hint : NULL};
    if (failure->has_span)
        diagnostic_draw(out, session->diagnostics, &diagnostic, session->options.color);
    else {
        buffer_add_format(out, "%serror[%s]%s: %s\n", session->options.color ? "\033[1;31m" : "", diagnostic_code_text(session->arena, failure->code),
                          session->options.color ? "\033[0m" : "", failure->message);
        const char *advice = failure->hint[0] ? failure->hint : diagnostic_advice(session->arena, failure->code);
        if (advice)
            buffer_add_format(out, "  = %s\n", advice);
    }
}

void session_show_failure(struct session *session, const struct failure *failure) {
    if (failure->kind == FAILURE_NONE)
        return;
    struct buffer out = {0};
    session_draw_failure(session, failure, &out);
    tell(session, &out);
}

const char *session_source_words(struct session *session, struct span span) {
    const struct source *source = source_get(session->sources, span.file);
    char *words = arena_alloc(session->arena, span.end - span.start + 1);
    size_t count = 0;
    for (uint32_t at = span.start; at < span.end; at++) {
        bool is_space = strchr(" \t\r\n", source->text[at]) != NULL;
        if (!is_space)
            words[count++] = source->text[at];
        else if (count && words[count - 1] != ' ')
            words[count++] = ' ';
    }
    return words;
}

void session_works_on(struct session *session, const char *format, ...) {
    if (!session->options.works_on)
        return;
    char words[200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    session->options.works_on(words);
}

/* ---- the store ---- */

bool session_open_store(struct session *session, struct failure *failure) {
    if (session->store)
        return true;
    struct store_options options = {.mode = session->options.read_only ? STORE_READ_ONLY : STORE_READ_WRITE, .should_stop = session->options.should_stop, .stop_context = session->options.stop_context};
    bool is_memory = strcmp(session->options.store_path, ":memory:") == 0;
    if (is_memory) {
        options.mode = STORE_READ_WRITE;
        options.without_views = true;
    }
    session->store = store_open(session->options.store_path, &options, failure);
    if (!session->store)
        return false;
    return true;
}

bool session_begin(struct session *session, const char *what, struct failure *failure) {
    if (store_is_read_only(session->store) || store_in_transaction(session->store))
        return true;
    session->instances_at_begin = session->instances_applied;
    return store_begin(session->store, session->options.who, session->options.what ? session->options.what : what, session->options.now, failure);
}

static bool note_records(const struct texpr *part, void *context) {
    bool *found = context;
    switch (part->kind) {
    case TEXPR_CONSTANT: case TEXPR_MISSING: case TEXPR_VARIABLE: case TEXPR_AND: case TEXPR_OR: case TEXPR_NOT: case TEXPR_DEFAULT: case TEXPR_IS_KNOWN:
    case TEXPR_IS_MISSING: case TEXPR_CASE: case TEXPR_IN: case TEXPR_TEXT: case TEXPR_REQUIRE: case TEXPR_LET: case TEXPR_TODAY: case TEXPR_NOW:
        break;
    case TEXPR_OPERATION: /* working days pass over the holidays that are recorded */
        *found = *found || part->operation == OPERATION_DATE_ADD_WORKING || part->operation == OPERATION_DATE_SUBTRACT_WORKING || part->operation == OPERATION_WORKING_DAYS;
        break;
    default:
        *found = true;
        break;
    }
    return !*found;
}

bool session_needs_tables(const struct session *session) {
    bool found = false;
    for (int i = session->commands_run; i < session->program->commands.count; i++) {
        const struct tcommand *command = session->program->commands.items[i];
        found = found || (command->kind != COMMAND_EVALUATE && command->kind != COMMAND_PRINT);
        texpr_walk(command->value, note_records, &found);
        for (int v = 0; v < command->value_count; v++)
            texpr_walk(command->values[v], note_records, &found);
    }
    return found;
}

/* ---- inputs ---- */

static bool read_holidays(struct session *session, int64_t **days, int *count, struct failure *failure) {
    struct record_type *holiday = program_find_record(session->program, "holiday");
    *count = 0;
    if (!session->store || !holiday || !holiday->storage || !session->schema_applied)
        return true;
    struct field *date = record_find_field(holiday, "date");
    const char *sql = arena_format(session->arena, "SELECT DISTINCT %s FROM %s ORDER BY 1", store_column_name(session->arena, date), store_table_name(session->arena, holiday));
    struct statement *statement = store_prepare(session->store, sql, failure);
    if (!statement)
        return false;
    LIST_OF(int64_t) list = {0};
    enum statement_step step;
    while ((step = statement_step(statement, failure)) == STATEMENT_ROW)
        LIST_ADD(session->arena, &list, statement_value(statement, 0).integer);
    statement_close(statement);
    *days = list.items;
    *count = list.count;
    return step == STATEMENT_DONE;
}

bool session_refresh_inputs(struct session *session, struct failure *failure) {
    int64_t *days = NULL;
    int count;
    if (!read_holidays(session, &days, &count, failure))
        return false;
    struct run_inputs inputs = {.today = session->options.today, .now = session->options.now, .fiscal_month = session->program->fiscal_month, .calendar = {days, count}};
    struct operator_context *before = session->operators;
    session->operators = operator_context_create(&inputs);
    bool good = !session->store || sql_define_functions(session->store, session->operators);
    operator_context_destroy(before);
    return good;
}

/* ---- what is written ---- */

/* Said once it is certain; or before what is asked after it, in its place. */
void session_tell_notes(struct session *session) {
    if (session->notes.length && !session->options.quiet) {
        session_speaks(session);
        fflush(session->options.out);
        fputs(buffer_string(&session->notes), session->options.err);
    }
    buffer_clear(&session->notes);
}

static bool is_same_file(const char *a, const char *b) {
    struct stat of_a, of_b;
    return a && b && stat(a, &of_a) == 0 && stat(b, &of_b) == 0 && of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
}

static bool is_database(const char *path) {
    static const char head[] = "SQLite format 3";
    char found[sizeof head];
    struct stat status;
    FILE *file = stat(path, &status) == 0 && S_ISREG(status.st_mode) ? fopen(path, "rb") : NULL;
    bool is = file && fread(found, 1, sizeof found, file) == sizeof found && memcmp(found, head, sizeof head) == 0;
    if (file)
        fclose(file);
    return is;
}

FILE *session_open_result(struct session *session, const char *path, const char *input, struct failure *failure) {
    const char *is = is_same_file(path, session->options.store_path) ? "it is the store" : is_same_file(path, input) ? "it is the file that is read" : is_database(path) ? "it is a database" : NULL;
    if (is) {
        failure_set(failure, DIAG_FILE_IN_USE, path, is);
        return NULL;
    }
    FILE *file = fopen(path, "w");
    if (!file)
        failure_set(failure, DIAG_FILE_NOT_WRITTEN, path);
    return file;
}
