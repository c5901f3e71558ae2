/* Reading inputs with readline. See repl.h. */
#include "runtime/repl/repl.h"
#include "runtime/repl/complete.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

enum { HISTORY_LINES = 2000 };

struct repl {
    struct session *session;
    struct buffer input;
    char history_path[1024];
    bool timing, done;
    FILE *terminal_out;
    bool begun; /* `begin` was said: what follows is one transaction until `commit` or `rollback` */
};

/* ---- history ---- */

static void make_folder(const char *path) {
    char folder[1024];
    snprintf(folder, sizeof folder, "%s", path);
    for (char *at = folder + 1; *at; at++)
        if (*at == '/') {
            *at = '\0';
            mkdir(folder, 0700);
            *at = '/';
        }
}

static void open_history(struct repl *repl) {
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    if (state && *state)
        snprintf(repl->history_path, sizeof repl->history_path, "%s/remit/history", state);
    else if (home && *home)
        snprintf(repl->history_path, sizeof repl->history_path, "%s/.local/state/remit/history", home);
    else
        return;
    make_folder(repl->history_path);
    read_history(repl->history_path);
    stifle_history(HISTORY_LINES);
}

static void close_history(struct repl *repl) {
    if (repl->history_path[0])
        write_history(repl->history_path);
}

/* ---- running an input ---- */

static double seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void take_input(struct repl *repl, const char *text) {
    struct session *session = repl->session;
    struct failure failure = {0};
    double start = seconds_now();
    int commands = session->program->commands.count;
    bool good = session_add_text(session, "<input>", text, PARSE_INPUT, NULL, &failure);
    session_show_diagnostics(session);
    if (!good && !repl->begun) /* the checker may have looked into the store */
        store_rollback(session->store);
    if (good) {
        for (int i = commands; i < session->program->commands.count; i++)
            if (session->program->commands.items[i]->kind == COMMAND_TRANSACTION)
                repl->begun = session->program->commands.items[i]->step == TRANSACTION_BEGIN;
        session->instances_applied = session->instances_applied > session->program->instances.count ? 0 : session->instances_applied;
        session->schema_applied = false; /* the input may have declared something */
        session->in_session = repl->begun;
        if (repl->begun && !store_in_transaction(session->store))
            good = session_begin(session, "session", &failure);
        good = good && session_run_commands(session, "session", &failure);
        if (good && !repl->begun && store_in_transaction(session->store))
            good = store_commit(session->store, &failure);
        if (!good)
            repl->begun = false;
    }
    fflush(session->options.out);
    session_show_failure(session, &failure);
    session->exit_status = 0;
    if (repl->timing)
        fprintf(session->options.err, "%.3f s\n", seconds_now() - start);
}

static bool wants_more(struct repl *repl, const char *text) {
    struct session *session = repl->session;
    struct arena *scratch = arena_create();
    struct source_set *sources = source_set_create(scratch);
    struct diagnostics *diagnostics = diagnostics_create(scratch, sources);
    uint32_t file = source_add(sources, "<input>", text, strlen(text));
    bool incomplete = parse_source(scratch, intern_create(scratch), diagnostics, file, PARSE_INPUT).incomplete;
    arena_destroy(scratch);
    (void)session;
    return incomplete;
}

/* ---- dot commands ---- */

static void list_names(struct session *session, const char *what) {
    struct program *program = session->program;
    FILE *out = session->options.out;
    if (strncmp(what, "rule", 4) == 0)
        for (int i = 0; i < program->rules.count; i++)
            fprintf(out, "%-24s %s\n", program->rules.items[i]->name, program->rules.items[i]->title);
    else if (strncmp(what, "report", 6) == 0)
        for (int i = 0; i < program->reports.count; i++)
            fprintf(out, "%-24s %s\n", program->reports.items[i]->name, program->reports.items[i]->title);
    else if (strncmp(what, "enum", 4) == 0)
        for (int i = 0; i < program->enums.count; i++)
            fprintf(out, "%s\n", program->enums.items[i]->name);
    else if (strncmp(what, "office", 6) == 0)
        fprintf(out, "Ask: office\n");
    else
        for (int i = 0; i < program->records.count; i++)
            fprintf(out, "%-24s %s\n", program->records.items[i]->name, program->records.items[i]->title);
}

static void help(struct repl *repl, const char *argument) {
    (void)argument;
    fputs("An input is a declaration, a command or a question, and may take several lines.\n"
          "  .describe NAME    what a name is        .list records|rules|reports|enums\n"
          "  .format NAME      table, csv, json, jsonl, markdown\n"
          "  .engine NAME      sql, interpreter or default\n"
          "  .timing           how long inputs take  .open FILE   another store\n"
          "  .read FILE        run a script          .output FILE  results to a file; alone: back here\n"
          "  .help             this                  .quit\n",
          repl->session->options.out);
}

static void describe(struct repl *repl, const char *argument) {
    struct failure failure = {0};
    session_describe(repl->session, argument, repl->session->options.out, &failure);
    session_show_failure(repl->session, &failure);
}

static void list(struct repl *repl, const char *argument) {
    list_names(repl->session, argument);
}

static void set_format(struct repl *repl, const char *argument) {
    enum render_format format = render_format_parse(argument);
    if (format == RENDER_FORMAT_COUNT)
        fputs("the formats are table, csv, json, jsonl, markdown\n", repl->session->options.err);
    else
        repl->session->options.render.format = format;
}

static void set_engine(struct repl *repl, const char *argument) {
    repl->session->options.engine = strcmp(argument, "sql") == 0 ? ENGINE_SQL : strcmp(argument, "interpreter") == 0 ? ENGINE_INTERPRETER : ENGINE_DEFAULT;
}

static void set_timing(struct repl *repl, const char *argument) {
    (void)argument;
    repl->timing = !repl->timing;
}

static void read_script(struct repl *repl, const char *argument) {
    FILE *file = fopen(argument, "rb");
    if (!file) {
        fprintf(repl->session->options.err, "`%s` cannot be read: %s\n", argument, strerror(errno));
        return;
    }
    struct buffer text = {0};
    char block[4096];
    size_t count;
    while ((count = fread(block, 1, sizeof block, file)) > 0)
        buffer_add(&text, block, count);
    fclose(file);
    take_input(repl, buffer_string(&text));
    buffer_free(&text);
}

static void set_output(struct repl *repl, const char *argument) {
    struct session *session = repl->session;
    if (session->options.out != repl->terminal_out)
        fclose(session->options.out);
    session->options.out = repl->terminal_out;
    if (*argument) {
        FILE *file = fopen(argument, "w");
        if (file)
            session->options.out = file;
        else
            fprintf(session->options.err, "`%s` cannot be written: %s\n", argument, strerror(errno));
    }
}

static void open_store(struct repl *repl, const char *argument) {
    struct session *session = repl->session;
    struct failure failure = {0};
    struct store *before = session->store;
    const char *path = session->options.store_path;
    session->store = NULL;
    session->options.store_path = arena_copy_string(session->arena, argument);
    session->schema_applied = false;
    if (!session_open_store(session, &failure)) {
        session->store = before;
        session->options.store_path = path;
        session_show_failure(session, &failure);
        return;
    }
    session->instances_applied = 0;
    store_close(before);
}

static void quit(struct repl *repl, const char *argument) {
    (void)argument;
    repl->done = true;
}

static const struct {
    const char *name;
    void (*run)(struct repl *repl, const char *argument);
} dot_commands[] = {{".help", help}, {".describe", describe}, {".list", list}, {".format", set_format}, {".engine", set_engine}, {".timing", set_timing},
                    {".open", open_store}, {".read", read_script}, {".output", set_output}, {".quit", quit}, {".exit", quit}};

static void run_dot(struct repl *repl, char *line) {
    size_t length = strcspn(line, " \t");
    char *argument = line + length + strspn(line + length, " \t");
    for (char *end = argument + strlen(argument); end > argument && end[-1] == ' ';)
        *--end = '\0';
    struct nearest nearest;
    line[length] = line[length] ? '\0' : line[length];
    nearest_start(&nearest, line);
    for (size_t i = 0; i < sizeof dot_commands / sizeof *dot_commands; i++) {
        if (strcmp(dot_commands[i].name, line) == 0) {
            dot_commands[i].run(repl, argument);
            return;
        }
        nearest_offer(&nearest, dot_commands[i].name);
    }
    fprintf(repl->session->options.err, "there is no `%s`%s%s\n", line, nearest.best ? "; did you mean " : "; see .help", nearest.best ? nearest.best : "");
}

/* ---- the loop ---- */

static struct session *reading_for; /* readline's callback takes no context */
static bool line_given_up;

/* A key; Ctrl-C while waiting for one gives up the line, as if it had been emptied and entered. */
static int read_key(FILE *terminal) {
    unsigned char key;
    for (;;) {
        ssize_t count = read(fileno(terminal), &key, 1);
        if (count == 1)
            return key;
        if (count == 0 || errno != EINTR)
            return EOF;
        if (reading_for->options.may_stop && reading_for->options.may_stop()) {
            line_given_up = true;
            rl_replace_line("", 0);
            return '\n';
        }
    }
}

static bool forget_interrupt(struct repl *repl) {
    return repl->session->options.may_stop && repl->session->options.may_stop();
}

int repl_run(struct session *session) {
    struct repl repl = {.session = session, .terminal_out = session->options.out};
    struct failure failure = {0};
    open_history(&repl);
    complete_start(session);
    rl_catch_signals = 0; /* Ctrl-C is ours: it gives up a line, or stops what runs */
    rl_getc_function = read_key;
    reading_for = session;
    rl_variable_bind("enable-bracketed-paste", "on"); /* a paste is one input */
    if (!session_run_commands(session, "session", &failure))
        session_show_failure(session, &failure);
    fprintf(session->options.out, "Remit. A question, a command or a declaration; .help for help, .quit to end.\n");
    while (!repl.done) {
        char *line = readline(repl.input.length ? "   ... " : "remit> ");
        if (line_given_up) {
            line_given_up = false;
            buffer_clear(&repl.input);
            free(line);
            continue;
        }
        if (!line)
            break;
        if (!repl.input.length && line[0] == '.') {
            add_history(line);
            run_dot(&repl, line);
        } else if (repl.input.length || line[strspn(line, " \t")]) {
            if (repl.input.length)
                buffer_add_char(&repl.input, '\n');
            buffer_add_string(&repl.input, line);
            bool ends = line[0] == '\0'; /* an empty line ends an input that goes on for ever */
            if (ends || !wants_more(&repl, buffer_string(&repl.input))) {
                add_history(buffer_string(&repl.input));
                take_input(&repl, buffer_string(&repl.input));
                forget_interrupt(&repl);
                buffer_clear(&repl.input);
            }
        }
        free(line);
    }
    set_output(&repl, "");
    close_history(&repl);
    buffer_free(&repl.input);
    return 0;
}
