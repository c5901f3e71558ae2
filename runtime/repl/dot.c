/* Commands of the session itself, which begin with a dot. See inside.h.
 * Knows: what they change of the session. Does not know: how lines are read.
 * To add one: a row in the table at the end; from it come the help and the completion. */
#include "runtime/repl/inside.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *const repl_lists[] = {"records", "rules", "mandates", "reports", "enums", NULL};
const char *const repl_engines[] = {"default", "sql", "interpreter", NULL};

/* Says what the command wants where nothing was given. */
static bool is_given(struct repl *repl, const char *argument, const char *wanted) {
    if (!*argument)
        fprintf(repl->session->options.err, "%s\n", wanted);
    return *argument != '\0';
}

static void help(struct repl *repl, const char *argument) {
    static const char *const words[] = {
        [DOT_NOTHING] = "", [DOT_NAME] = " NAME", [DOT_RULE] = " NAME KEY", [DOT_LIST] = " WHAT", [DOT_FORMAT] = " NAME", [DOT_ENGINE] = " NAME", [DOT_FILE] = " FILE"};
    FILE *out = repl->session->options.out;
    (void)argument;
    fputs("An input is a declaration, a command or a question, and may take several lines; an empty line ends it. Tab completes, Ctrl-C stops.\n"
          "What you declare here lasts until you leave; what you add, set, remove or import is kept.\n", out);
    for (const struct dot_command *command = repl_dot_commands; command->name; command++) {
        struct buffer usage = {0};
        buffer_add_format(&usage, "%s%s", command->name, words[command->argument]);
        if (command->help)
            fprintf(out, "  %-16s %s\n", buffer_string(&usage), command->help);
        buffer_free(&usage);
    }
}

static void describe(struct repl *repl, const char *argument) {
    struct failure failure = {0};
    if (!is_given(repl, argument, "describe what? for example: .describe initiative"))
        return;
    /* A key is looked for among rows, for which the store has to be in step with the declarations: as a run of no commands leaves it. */
    if (session_run_commands(repl->session, "session", &failure))
        session_describe(repl->session, argument, repl->session->options.out, &failure);
    fflush(repl->session->options.out);
    session_show_failure(repl->session, &failure);
}

/* .why NAME KEY in PERIOD, with the words of the command in a script or without them. A key with ` in ` in it is written in quotes. */
static void why(struct repl *repl, const char *argument) {
    if (!is_given(repl, argument, "why what? for example: .why overspend METERS, or .why not overspend METERS"))
        return;
    bool is_not = strncmp(argument, "not ", 4) == 0;
    const char *name = argument + (is_not ? 4 + strspn(argument + 4, " ") : 0);
    size_t length = strcspn(name, " ");
    const char *key = name + length + strspn(name + length, " ");
    if (strncmp(key, "for ", 4) == 0)
        key += 4 + strspn(key + 4, " ");
    if (!is_given(repl, key, "for which record? for example: .why overspend METERS"))
        return;
    struct buffer command = {0};
    buffer_add_format(&command, "why %s%.*s for ", is_not ? "not " : "", (int)length, name);
    const char *in = strstr(key, " in ");
    if (*key == '"')
        buffer_add_string(&command, key);
    else if (in) {
        char *plain = strndup(key, (size_t)(in - key));
        session_quote(&command, plain ? plain : key);
        buffer_add_string(&command, in);
        free(plain);
    } else
        session_quote(&command, key);
    repl_take_text(repl, "<input>", buffer_string(&command), PARSE_INPUT);
    buffer_free(&command);
}

/* ---- .list ---- */

static void list_line(struct repl *repl, const char *name, const char *title) {
    fprintf(repl->session->options.out, "%-24s %s\n", name, title ? title : "");
}

static void list_rows_of(struct repl *repl, const char *word) {
    const struct record_type *record = program_find_record(repl->session->program, word);
    if (!record)
        record = program_find_plural(repl->session->program, word);
    if (!record) {
        fprintf(repl->session->options.err, "there are no `%s`; .list takes records, rules, mandates, reports, enums, or a type of record, as .list offices\n", word);
        return;
    }
    struct buffer question = {0};
    buffer_add_format(&question, "from %s show key, name", record->name);
    repl_take_text(repl, "<input>", buffer_string(&question), PARSE_INPUT);
    buffer_free(&question);
}

static void list(struct repl *repl, const char *what) {
    struct program *program = repl->session->program;
    if (!*what || strcmp(what, "records") == 0)
        for (int i = 0; i < program->records.count; i++)
            list_line(repl, program->records.items[i]->name, program->records.items[i]->title);
    else if (strcmp(what, "rules") == 0)
        for (int i = 0; i < program->rules.count; i++)
            list_line(repl, program->rules.items[i]->name, program->rules.items[i]->title);
    else if (strcmp(what, "mandates") == 0)
        for (int i = 0; i < program->mandates.count; i++)
            list_line(repl, program->mandates.items[i]->name, program->mandates.items[i]->title);
    else if (strcmp(what, "reports") == 0)
        for (int i = 0; i < program->reports.count; i++)
            list_line(repl, program->reports.items[i]->name, program->reports.items[i]->title);
    else if (strcmp(what, "enums") == 0)
        for (int i = 0; i < program->enums.count; i++)
            fprintf(repl->session->options.out, "%s\n", program->enums.items[i]->name);
    else
        list_rows_of(repl, what);
}

/* ---- settings: alone, each says how it stands ---- */

static void set_format(struct repl *repl, const char *argument) {
    struct session_options *options = &repl->session->options;
    enum render_format format = *argument ? render_format_parse(argument) : options->render.format;
    if (format == RENDER_FORMAT_COUNT) {
        fprintf(options->err, "there is no format `%s`; there are", argument);
        for (int i = 0; i < RENDER_FORMAT_COUNT; i++)
            fprintf(options->err, "%s %s", i ? "," : "", render_format_name((enum render_format)i));
        fputs("\n", options->err);
        return;
    }
    options->render.format = format;
    if (!*argument)
        fprintf(options->err, "the format is %s\n", render_format_name(format));
}

static void set_engine(struct repl *repl, const char *argument) {
    struct session_options *options = &repl->session->options;
    static const enum engine_choice choices[] = {ENGINE_DEFAULT, ENGINE_SQL, ENGINE_INTERPRETER}; /* as repl_engines */
    for (int i = 0; repl_engines[i]; i++) {
        if (strcmp(repl_engines[i], argument) == 0) {
            options->engine = choices[i];
            return;
        }
        if (!*argument && options->engine == choices[i])
            fprintf(options->err, "the engine is %s\n", repl_engines[i]);
    }
    if (*argument)
        fprintf(options->err, "there is no engine `%s`; there are default, sql, interpreter\n", argument);
}

static void set_timing(struct repl *repl, const char *argument) {
    (void)argument;
    repl->timing = !repl->timing;
    fprintf(repl->session->options.err, "timing is %s\n", repl->timing ? "on" : "off");
}

static void set_sql(struct repl *repl, const char *argument) {
    struct session_options *options = &repl->session->options;
    (void)argument;
    options->show_sql = !options->show_sql;
    fprintf(options->err, options->show_sql ? "questions are shown as SQLite is asked them\n" : "questions are no longer shown as SQLite is asked them\n");
}

/* ---- files ---- */

static void read_script(struct repl *repl, const char *argument) {
    if (!is_given(repl, argument, "read what? for example: .read load.remit"))
        return;
    FILE *file = fopen(argument, "rb");
    struct buffer text = {0};
    char block[4096];
    size_t count;
    while (file && (count = fread(block, 1, sizeof block, file)) > 0)
        buffer_add(&text, block, count);
    if (!file || ferror(file))
        fprintf(repl->session->options.err, "`%s` cannot be read: %s\n", argument, strerror(errno));
    else if (memchr(buffer_string(&text), '\0', text.length))
        fprintf(repl->session->options.err, "`%s` cannot be read: it is not text\n", argument);
    else
        repl_take_text(repl, argument, buffer_string(&text), PARSE_PROGRAM);
    if (file)
        fclose(file);
    buffer_free(&text);
}

void repl_close_output(struct repl *repl) {
    struct session_options *options = &repl->session->options;
    if (options->out == repl->terminal_out)
        return;
    if (fclose(options->out) != 0)
        fputs("the output could not be written to its file as a whole\n", options->err);
    options->out = repl->terminal_out;
    options->render.color = repl->terminal_color;
}

static void set_output(struct repl *repl, const char *argument) {
    struct session_options *options = &repl->session->options;
    repl_close_output(repl);
    struct failure failure = {0};
    FILE *file = *argument ? session_open_result(repl->session, argument, NULL, &failure) : NULL;
    if (file) {
        options->out = file;
        options->render.color = false;
    }
    session_show_failure(repl->session, &failure);
    repl_fit_width(repl);
}

/* Another store is another session: it has a policy set of its own, which the declarations that are here must not take the place of. */
static void open_store(struct repl *repl, const char *argument) {
    struct session *before = repl->session;
    if (!is_given(repl, argument, "open which store? for example: .open office.db"))
        return;
    if (before->is_begun) {
        fputs("a transaction is open in this store; `commit` or `rollback` it first\n", before->options.err);
        return;
    }
    struct failure failure = {0};
    struct session *session = session_create(&before->options);
    session->options.store_path = arena_copy_string(session->arena, argument);
    bool good = session_open_store(session, &failure) && session_load_saved(session, &failure) && session_run_commands(session, "session", &failure);
    session_show_diagnostics(session);
    session_show_failure(session, &failure);
    session_destroy(good ? before : session);
    if (good)
        repl->session = session;
}

static void quit(struct repl *repl, const char *argument) {
    (void)argument;
    repl->done = true;
}

/* ---- all ---- */

const struct dot_command repl_dot_commands[] = {
    {".describe", DOT_NAME,    "what a name or a key is", describe},
    {".why",      DOT_RULE,    "the account of a rule or a mandate for a record, as .why overspend METERS, .why monthly_status METERS in 2026-03; .why not …: what would have to change", why},
    {".list",     DOT_LIST,    "records, rules, mandates, reports or enums; or the rows of a type, as .list offices", list},
    {".format",   DOT_FORMAT,  "table, csv, json, jsonl or markdown; alone: which it is", set_format},
    {".engine",   DOT_ENGINE,  "sql, interpreter or default; alone: which it is", set_engine},
    {".timing",   DOT_NOTHING, "how long inputs take: on, or off again", set_timing},
    {".sql",      DOT_NOTHING, "what SQLite is asked: on, or off again", set_sql},
    {".read",     DOT_FILE,    "run a script", read_script},
    {".output",   DOT_FILE,    "results to a file; alone: back to the terminal", set_output},
    {".open",     DOT_FILE,    "another store, with the policy set that it keeps; what was declared here is left behind", open_store},
    {".help",     DOT_NOTHING, "this", help},
    {".quit",     DOT_NOTHING, "end; so does Ctrl-D", quit},
    {".exit",     DOT_NOTHING, NULL, quit},
    {NULL, DOT_NOTHING, NULL, NULL},
};

bool repl_is_dot(const char *line) {
    size_t length = strcspn(line, " \t\n");
    for (const struct dot_command *command = repl_dot_commands; command->name; command++)
        if (strlen(command->name) == length && strncmp(command->name, line, length) == 0)
            return true;
    return false;
}

void repl_run_dot(struct repl *repl, char *line) {
    size_t length = strcspn(line, " \t");
    char *argument = line + length + strspn(line + length, " \t");
    for (char *end = argument + strlen(argument); end > argument && strchr(" \t\r", end[-1]);)
        *--end = '\0';
    struct nearest nearest;
    line[length] = '\0';
    nearest_start(&nearest, line);
    for (const struct dot_command *command = repl_dot_commands; command->name; command++) {
        if (strcmp(command->name, line) == 0) {
            if (command->argument == DOT_NOTHING && *argument)
                fprintf(repl->session->options.err, "`%s` takes nothing after it\n", line);
            else
                command->run(repl, argument);
            return;
        }
        nearest_offer(&nearest, command->name);
    }
    fprintf(repl->session->options.err, "there is no `%s`%s%s\n", line, nearest.best ? "; did you mean " : "; see .help", nearest.best ? nearest.best : "");
}
