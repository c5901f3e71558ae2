/* The commands of scripts and of the REPL. See session.h.
 * A script is one transaction unless it says otherwise: what fails leaves the store as it was. */
#include "runtime/engine/decisions.h"
#include "runtime/engine/gates.h"
#include "runtime/engine/mandates.h"

#include <stdlib.h>
#include <string.h>

static bool at(const struct tcommand *command, struct failure *failure) {
    if (!failure->has_span && failure->kind == FAILURE_PROGRAM) {
        failure->span = command->span;
        failure->has_span = true;
    }
    return false;
}

static bool run_all(struct session *session, struct tcommand *const *commands, int count, struct failure *failure) {
    for (int i = 0; i < count; i++)
        if (!session_run_command(session, commands[i], failure))
            return false;
    return true;
}

bool session_run_body(struct session *session, struct tcommand *const *commands, int count, struct failure *failure) {
    int kept = session->bindings.count;
    bool good = run_all(session, commands, count, failure);
    session->bindings.count = kept;
    return good;
}

/* ---- changing records ---- */

static bool is_holiday(const struct record_type *record) {
    return strcmp(record->name, "holiday") == 0;
}

bool session_add_instance(struct session *session, const struct tinstance *instance, int64_t *id, struct failure *failure) {
    return session_put_instance(session, instance, true, id, failure) && (!is_holiday(instance->record) || session_refresh_inputs(session, failure));
}

static bool run_add(struct session *session, const struct tcommand *command, struct failure *failure) {
    struct record_type *record = command->instance->record;
    int64_t id = 0;
    struct gate_notes *notes = gates_note(session, record, &id, 0, failure); /* no row: the record is new */
    bool good = notes && session_add_instance(session, command->instance, &id, failure) && gates_ask(notes, &id, 1, failure);
    gates_forget(notes);
    return good;
}

static bool target_ids(struct session *session, const struct texpr *target, int64_t **ids, int *count, struct failure *failure) {
    if (target->type.kind == TYPE_COLLECTION)
        return session_collect_ids(session, target, ids, count, failure);
    struct value id;
    if (!session_evaluate(session, target, &id, failure))
        return false;
    *ids = ARENA_NEW(session->arena, int64_t);
    **ids = id.integer;
    *count = id.kind != VALUE_MISSING;
    return true;
}

static struct record_type *target_record(const struct texpr *target) {
    return target->type.kind == TYPE_COLLECTION ? target->type.element->record : target->type.record;
}

static bool set_one(struct session *session, const struct tcommand *command, int64_t id, struct failure *failure) {
    struct record_type *record = target_record(command->target);
    struct field **fields = ARENA_ARRAY(session->arena, struct field *, command->assignment_count);
    struct value *values = ARENA_ARRAY(session->arena, struct value, command->assignment_count);
    int count = 0;
    session_bind(session, command->variable, value_int(id));
    for (int i = 0; i < command->assignment_count; i++) {
        const struct tassignment *assignment = &command->assignments[i];
        if (assignment->field->kind == FIELD_SET) {
            struct value *members = ARENA_ARRAY(session->arena, struct value, assignment->value->argument_count);
            for (int m = 0; m < assignment->value->argument_count; m++)
                if (!session_evaluate(session, assignment->value->arguments[m], &members[m], failure))
                    return false;
            if (!store_set_members(session->store, assignment->field, id, members, assignment->value->argument_count, failure))
                return false;
            continue;
        }
        if (!session_evaluate(session, assignment->value, &values[count], failure))
            return false;
        values[count] = value_keep(session->arena, values[count]);
        fields[count++] = assignment->field;
    }
    struct store_row row = {record, count, fields, values};
    bool changed;
    return count == 0 || store_update(session->store, id, &row, &changed, failure);
}

static bool run_set(struct session *session, const struct tcommand *command, struct failure *failure) {
    int64_t *ids;
    int count;
    int kept = session->bindings.count;
    struct record_type *record = target_record(command->target);
    struct gate_notes *notes = target_ids(session, command->target, &ids, &count, failure) ? gates_note(session, record, ids, count, failure) : NULL;
    bool good = notes != NULL;
    for (int i = 0; good && i < count; i++)
        good = set_one(session, command, ids[i], failure);
    good = good && gates_ask(notes, ids, count, failure);
    gates_forget(notes);
    session->bindings.count = kept;
    return good && (!is_holiday(record) || session_refresh_inputs(session, failure));
}

static bool run_import(struct session *session, const struct tcommand *command, struct failure *failure) {
    struct gate_notes *notes = gates_note(session, command->import->record, NULL, 0, failure);
    bool good = notes && session_import(session, command->import, failure) && gates_ask(notes, NULL, 0, failure);
    gates_forget(notes);
    return good;
}

static bool run_remove(struct session *session, const struct tcommand *command, struct failure *failure) {
    int64_t *ids;
    int count;
    if (!target_ids(session, command->target, &ids, &count, failure) || !decisions_undo_removed(session, target_record(command->target), ids, count, failure))
        return false;
    for (int i = 0; i < count; i++)
        if (!store_remove(session->store, target_record(command->target), ids[i], failure))
            return false;
    return !is_holiday(target_record(command->target)) || session_refresh_inputs(session, failure);
}

/* ---- showing ---- */

static void say(struct session *session, const char *line) {
    session_speaks(session);
    fprintf(session->options.out, "%s\n", line);
}

static bool run_print(struct session *session, const struct tcommand *command, struct failure *failure) {
    struct buffer line = {0};
    bool good = true;
    for (int i = 0; i < command->value_count && good; i++) {
        struct value value;
        good = session_evaluate(session, command->values[i], &value, failure);
        if (!good)
            break;
        if (i)
            buffer_add_char(&line, ' ');
        value_write(&line, value, command->values[i]->type, VALUE_SHOWN);
    }
    if (good)
        say(session, buffer_string(&line));
    buffer_free(&line);
    return good;
}

static bool run_evaluate(struct session *session, const struct tcommand *command, struct failure *failure) {
    struct value value;
    if (!session_evaluate(session, command->value, &value, failure))
        return false;
    struct buffer out = {0};
    enum render_format format = session->options.render.format;
    value_write(&out, value, command->value->type, format == RENDER_JSON || format == RENDER_JSONL ? VALUE_JSON : format == RENDER_CSV ? VALUE_PLAIN : VALUE_SHOWN);
    say(session, buffer_string(&out));
    buffer_free(&out);
    return true;
}

static bool run_query(struct session *session, const struct tcommand *command, struct failure *failure) {
    struct rows *rows = session_run_query(session, command->query, failure);
    bool good = rows && session_show_rows(session, rows, NULL, failure);
    rows_close(rows);
    return good;
}

static bool run_export(struct session *session, const struct tcommand *command, struct failure *failure) {
    const char *dot = strrchr(command->path, '.');
    enum render_format format = dot ? render_format_parse(dot + 1) : RENDER_FORMAT_COUNT;
    if (format == RENDER_FORMAT_COUNT || format == RENDER_TABLE)
        return failure_set(failure, DIAG_EXPORT_FORMAT, command->path);
    if (session->options.read_only)
        return failure_set(failure, DIAG_EXPORT_READ_ONLY);
    FILE *file = session_open_result(session, command->path, NULL, failure);
    if (!file)
        return false;
    struct render_options render = session->options.render;
    render.format = format;
    bool good = session_run_report(session, command->report, command->arguments, file, &render, failure);
    return fclose(file) == 0 && good ? true : failure_set(failure, DIAG_FILE_NOT_WRITTEN, command->path);
}

/* ---- control ---- */

static bool run_let(struct session *session, const struct tcommand *command, struct failure *failure) {
    struct value value;
    if (!session_evaluate(session, command->value, &value, failure))
        return false;
    session_bind(session, command->variable, value);
    return true;
}

static bool run_for_each(struct session *session, const struct tcommand *command, struct failure *failure) {
    int64_t *ids;
    int count;
    if (!session_collect_ids(session, command->target, &ids, &count, failure))
        return false;
    int kept = session->bindings.count;
    bool good = true;
    for (int i = 0; i < count && good; i++) {
        session_bind(session, command->variable, value_int(ids[i]));
        good = session_run_body(session, command->body, command->body_count, failure);
    }
    session->bindings.count = kept;
    return good;
}

static bool run_if(struct session *session, const struct tcommand *command, struct failure *failure) {
    struct value holds;
    if (!session_evaluate(session, command->value, &holds, failure))
        return false;
    return holds.integer ? session_run_body(session, command->body, command->body_count, failure) : session_run_body(session, command->otherwise, command->otherwise_count, failure);
}

/* ---- transactions ---- */

/* All that was done since the transaction began is undone, the tables and the declared records that it brought among it. */
static void take_back(struct session *session) {
    if (!store_in_transaction(session->store))
        return;
    store_rollback(session->store);
    session->instances_applied = session->instances_at_begin;
    session->schema_applied = false;
}

static bool run_transaction(struct session *session, const struct tcommand *command, struct failure *failure) {
    const char *what = session->options.keeps_begun ? "session" : "script";
    if (!store_in_transaction(session->store)) /* the store is read only: there is nothing to keep or to undo */
        return true;
    session->is_begun = command->step == TRANSACTION_BEGIN;
    if (command->step != TRANSACTION_ROLLBACK) { /* what came before a `begin` is kept whatever follows */
        bool good = store_commit(session->store, failure);
        session->refusals.count = good ? 0 : session->refusals.count; /* they were written in it */
        return good && session_begin(session, what, failure);
    }
    take_back(session);
    return gates_write_refusals(session, failure) && session_begin(session, what, failure) && session_apply(session, failure);
}

static bool run_check(struct session *session, const struct tcommand *command, struct failure *failure) {
    struct check_options options = {.names = command->names, .name_count = command->name_count, .persist = !store_is_read_only(session->store), .shows_nothing = session->taker != NULL};
    return session_check(session, &options, failure);
}

static bool changes_store(enum command_kind kind) {
    return kind == COMMAND_ADD || kind == COMMAND_SET || kind == COMMAND_REMOVE || kind == COMMAND_IMPORT;
}

/* In words, for whoever waits: only what can take long. */
static void say_work(struct session *session, const struct tcommand *command) {
    switch (command->kind) {
    case COMMAND_SET: session_works_on(session, "changing records"); break;
    case COMMAND_REMOVE: session_works_on(session, "removing records"); break;
    case COMMAND_IMPORT: session_works_on(session, "importing %s", command->import->path); break;
    case COMMAND_EXPORT: case COMMAND_RUN: session_works_on(session, "report %s", command->report->name); break;
    case COMMAND_PRINT: case COMMAND_LET: case COMMAND_EXPECT: case COMMAND_EVALUATE: case COMMAND_QUERY: case COMMAND_WHY: session_works_on(session, "working it out"); break;
    default: break; /* quick, or made of others */
    }
}

static bool shows_something(enum command_kind kind) {
    return kind == COMMAND_CHECK || kind == COMMAND_RUN || kind == COMMAND_PRINT || kind == COMMAND_QUERY || kind == COMMAND_EVALUATE || kind == COMMAND_DESCRIBE || kind == COMMAND_WHY || kind == COMMAND_EXPORT;
}

bool session_run_command(struct session *session, const struct tcommand *command, struct failure *failure) {
    bool good = true;
    if (changes_store(command->kind) && store_is_read_only(session->store)) {
        failure_set(failure, DIAG_STORE_READ_ONLY, session->options.store_path, session->options.read_only ? "it was opened with --read-only" : "its file or folder may not be written");
        return at(command, failure);
    }
    if (shows_something(command->kind))
        session_tell_notes(session);
    say_work(session, command);
    switch (command->kind) {
    case COMMAND_ADD: good = run_add(session, command, failure); break;
    case COMMAND_SET: good = run_set(session, command, failure); break;
    case COMMAND_REMOVE: good = run_remove(session, command, failure); break;
    case COMMAND_IMPORT: good = run_import(session, command, failure); break;
    case COMMAND_EXPORT: good = run_export(session, command, failure); break;
    case COMMAND_CHECK: good = run_check(session, command, failure); break;
    case COMMAND_RUN: good = session_run_report(session, command->report, command->arguments, session->options.out, &session->options.render, failure); break;
    case COMMAND_PRINT: good = run_print(session, command, failure); break;
    case COMMAND_LET: good = run_let(session, command, failure); break;
    case COMMAND_FOR_EACH: good = run_for_each(session, command, failure); break;
    case COMMAND_IF: good = run_if(session, command, failure); break;
    case COMMAND_DESCRIBE: session_speaks(session); good = session_describe(session, command->name, session->options.out, failure); break;
    case COMMAND_WHY: good = session_why(session, command, failure); break;
    case COMMAND_EXPECT: case COMMAND_EXPECT_RAISED: case COMMAND_EXPECT_STATE: case COMMAND_EXPECT_REFUSED: good = session_expect(session, command, failure); break;
    case COMMAND_TRANSACTION: good = run_transaction(session, command, failure); break;
    case COMMAND_QUERY: good = run_query(session, command, failure); break;
    case COMMAND_EVALUATE: good = run_evaluate(session, command, failure); break;
    }
    return good || at(command, failure);
}

static bool has_transaction_step(const struct session *session) {
    for (int i = session->commands_run; i < session->program->commands.count; i++)
        if (session->program->commands.items[i]->kind == COMMAND_TRANSACTION)
            return true;
    return false;
}

/* Undoes a run inside a transaction that goes on. Where SQLite has taken back all of it by itself there is nothing to go on with. */
static void take_back_run(struct session *session, int instances_before) {
    struct failure ignored = {0};
    if (store_may_write(session->store, &ignored)) {
        store_savepoint_rollback(session->store);
        session->instances_applied = instances_before;
        session->schema_applied = false;
    } else {
        take_back(session);
        session->is_begun = false;
    }
}

/* What could not be written down is said beside what was refused. */
static void write_refusals(struct session *session) {
    struct failure failure = {0};
    if (!gates_write_refusals(session, &failure))
        session_show_failure(session, &failure);
}

bool session_run_commands(struct session *session, const char *what, struct failure *failure) {
    struct store *store = session->store;
    /* A run that only reads, and asks nothing of records, is not made to wait for the tables. */
    bool is_apart = session->options.read_only && !session->schema_applied && !session_needs_tables(session);
    bool is_alone = !(session->options.keeps_begun && session->is_begun && store_in_transaction(store)) || has_transaction_step(session);
    int instances_before = session->instances_applied;
    session->has_accounted = false;
    if (!is_apart && !session_begin(session, what, failure))
        return false;
    if (!is_alone && !store_savepoint(store, failure)) {
        take_back(session);
        session->is_begun = false;
        return false;
    }
    bool is_applied = session->schema_applied && session->instances_applied == session->program->instances.count;
    bool good = is_applied || (is_apart ? session_refresh_inputs(session, failure) : session_apply(session, failure));
    while (good && session->commands_run < session->program->commands.count) {
        const struct tcommand *command = session->program->commands.items[session->commands_run++];
        good = session_run_command(session, command, failure);
    }
    session->commands_run = session->program->commands.count;
    bool has_mandates = session->program->mandates.count > 0; /* else they are written before these */
    if (good && has_mandates && !session->taker && !session->has_checked && store_in_transaction(store)) /* a check shows them itself */
        good = waivers_tell_new(session, failure);
    session_works_on(session, "writing it down");
    bool stays_open = session->options.keeps_begun && session->is_begun;
    if (!good && !is_alone)
        take_back_run(session, instances_before);
    else if (!good) {
        take_back(session);
        session->is_begun = false;
    } else if (!is_alone)
        store_savepoint_release(store);
    good = good && (stays_open || !store_in_transaction(store) || store_commit(store, failure));
    if (!good)
        write_refusals(session);
    else if (!stays_open)
        session->refusals.count = 0;
    session_speaks(session); /* the work is over, whoever waits */
    if (good)
        session_tell_notes(session);
    buffer_clear(&session->notes);
    return good;
}
