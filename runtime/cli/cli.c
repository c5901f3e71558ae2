/* Reading the command line and sharing what commands have in common. See cli.h. */
#include "runtime/cli/cli.h"
#include "runtime/cli/progress.h"
#include "runtime/engine/gates.h"
#include "lang/base/civil.h"

#include <errno.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

void (*cli_repl)(struct session **session);

static const struct {
    const char *name, *value, *help, *commands;
} options[OPTION_COUNT] = {
#define OPTION(constant, name, value, help, commands) [OPTION_##constant] = {name, value, help, commands},
#include "runtime/cli/options.def"
#undef OPTION
};

static const struct command {
    const char *name, *usage, *summary, *example;
    int (*run)(const struct arguments *arguments);
} commands[] = {
#define COMMAND(name, usage, summary, example) {#name, usage, summary, example, cli_##name},
#include "runtime/cli/commands.def"
#undef COMMAND
};
enum { COMMAND_COUNT = sizeof commands / sizeof *commands };

static const struct command *find_command(const char *name) {
    for (int i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

/* ---- help ---- */

/* Is the command among those that take the option? */
static bool takes_option(const char *command, int option) {
    size_t length = strlen(command);
    for (const char *at = options[option].commands; (at = strstr(at, command)); at += length)
        if ((at == options[option].commands || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    return strcmp(options[option].commands, "*") == 0;
}

/* Those of a command; NULL: of all. */
static void print_options(FILE *out, const char *command) {
    fprintf(out, "\nOptions:\n");
    for (int i = 0; i < OPTION_COUNT; i++) {
        if (command && !takes_option(command, i))
            continue;
        struct buffer name = {0};
        buffer_add_format(&name, "--%s%s%s", options[i].name, options[i].value ? " " : "", options[i].value ? options[i].value : "");
        fprintf(out, "  %-20s %s\n", buffer_string(&name), options[i].help);
        buffer_free(&name);
    }
}

static void print_command_help(FILE *out, const struct command *command) {
    fprintf(out, "usage: remit %s\n\n%s\n\nexample: %s\n", command->usage, command->summary, command->example);
    print_options(out, command->name);
}

int cli_help(const struct arguments *arguments) {
    const struct command *command = arguments->word_count ? find_command(arguments->words[0]) : NULL;
    if (command) {
        print_command_help(stdout, command);
        return STATUS_FINE;
    }
    printf("Remit: a language for governance policy.\n\nusage: remit [COMMAND] [options]\n\nCommands:\n");
    for (int i = 0; i < COMMAND_COUNT; i++)
        printf("  %-10s %s\n", commands[i].name, commands[i].summary);
    printf("\nWithout a command: a session on a terminal, else a script from standard input.\n");
    print_options(stdout, NULL);
    printf("\nexample: remit query \"1 + 1\"\n");
    return STATUS_FINE;
}

int cli_misuse(const struct arguments *arguments, const char *name, const char *problem) {
    const struct command *command = find_command(name);
    (void)arguments;
    fprintf(stderr, "error: %s\n", problem);
    if (command)
        fprintf(stderr, "usage: remit %s\nexample: %s\n", command->usage, command->example);
    return STATUS_WRONG;
}

bool cli_words(const struct arguments *arguments, int least, int most) {
    return arguments->word_count >= least && arguments->word_count <= most;
}

/* ---- reading arguments ---- */

/* An option that would do nothing is a mistake: whoever wrote it meant something. */
static bool check_options_of(const struct arguments *read, const char *command) {
    for (int i = 0; i < OPTION_COUNT; i++)
        if (read->values[i] && !takes_option(command, i)) {
            fprintf(stderr, "error: `remit %s` takes no `--%s`; it is for: %s\nexample: remit help %s\n", command, options[i].name, options[i].commands, command);
            return false;
        }
    return true;
}

/* Two options of one name are told apart by the command, which stands before them; where it takes neither, the first is meant. */
static bool is_of_another_command(const struct arguments *read, int option) {
    const char *command = read->word_count ? read->words[0] : "run";
    bool is_taken = takes_option(command, option), other = false;
    for (int i = 0; i < OPTION_COUNT; i++)
        if (i != option && strcmp(options[i].name, options[option].name) == 0)
            other = other || i < option || takes_option(command, i);
    return !is_taken && other;
}

static bool read_option(struct arguments *read, int count, char **given, int *at) {
    const char *name = given[*at] + 2;
    const char *equals = strchr(name, '=');
    size_t length = equals ? (size_t)(equals - name) : strlen(name);
    for (int i = 0; i < OPTION_COUNT; i++) {
        if (strlen(options[i].name) != length || strncmp(options[i].name, name, length) != 0 || is_of_another_command(read, i))
            continue;
        const char *value = "";
        if (options[i].value && equals)
            value = equals + 1;
        else if (options[i].value && *at + 1 < count)
            value = given[++*at];
        else if (options[i].value || equals) {
            fprintf(stderr, options[i].value ? "error: --%s needs a value: --%s %s\n" : "error: --%s takes no value\n", options[i].name, options[i].name, options[i].value ? options[i].value : "");
            return false;
        }
        read->values[i] = value; /* given twice, the later counts: it may stand behind an alias */
        if (i == OPTION_WITH && read->with_count == LIMIT_REPORT_PARAMETERS) {
            fprintf(stderr, "error: --with is given over %d times\n", LIMIT_REPORT_PARAMETERS);
            return false;
        }
        if (i == OPTION_WITH)
            read->with[read->with_count++] = value;
        return true;
    }
    char *wanted = strndup(name, length);
    struct nearest nearest;
    nearest_start(&nearest, wanted ? wanted : name);
    for (int i = 0; i < OPTION_COUNT; i++)
        nearest_offer(&nearest, options[i].name);
    fprintf(stderr, "error: there is no option `--%.*s`%s%s%s\n", (int)length, name, nearest.best ? "; did you mean `--" : "", nearest.best ? nearest.best : "", nearest.best ? "`?" : "");
    free(wanted);
    return false;
}

static bool read_arguments(struct arguments *read, int count, char **given) {
    read->program = given[0];
    bool only_words = false;
    for (int i = 1; i < count; i++) {
        if (!only_words && strcmp(given[i], "--") == 0)
            only_words = true;
        else if (!only_words && strcmp(given[i], "-h") == 0)
            read->values[OPTION_HELP] = "";
        else if (!only_words && strcmp(given[i], "-n") == 0 && i + 1 < count)
            read->values[OPTION_LAST] = given[++i];
        else if (!only_words && i == 1 && (strcmp(given[i], "--version") == 0 || strcmp(given[i], "-V") == 0))
            read->words[read->word_count++] = "version";
        else if (!only_words && strncmp(given[i], "--", 2) == 0) {
            if (!read_option(read, count, given, &i))
                return false;
        } else if (!only_words && given[i][0] == '-' && given[i][1]) {
            fprintf(stderr, "error: there is no option `%s`; options are written with two hyphens, as --store, and what begins with one after `--`\nexample: remit help\n", given[i]);
            return false;
        } else if (read->word_count < (int)(sizeof read->words / sizeof *read->words))
            read->words[read->word_count++] = given[i];
        else {
            fprintf(stderr, "error: these are over %d words\n", LIMIT_COMMAND_WORDS);
            return false;
        }
    }
    return true;
}

static int unknown_command(const char *name) {
    struct nearest nearest;
    nearest_start(&nearest, name);
    for (int i = 0; i < COMMAND_COUNT; i++)
        nearest_offer(&nearest, commands[i].name);
    fprintf(stderr, "error: there is no command `%s`%s%s%s\nexample: remit help\n", name, nearest.best ? "; did you mean `" : "", nearest.best ? nearest.best : "", nearest.best ? "`?" : "");
    return STATUS_WRONG;
}

/* ---- sessions ---- */

static volatile sig_atomic_t interrupted;
static double deadline; /* seconds of the steady clock; 0: none */
static double allowed_seconds; /* by --timeout; 0: for ever */

static void on_interrupt(int signal_number) {
    (void)signal_number;
    interrupted = 1;
}

static double steady_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static bool should_stop(void *context) {
    (void)context;
    progress_tick();
    return interrupted || (deadline > 0 && steady_seconds() > deadline);
}

static bool forget_interrupt(void) {
    bool was = interrupted != 0;
    interrupted = 0;
    return was;
}

static void start_work(void) {
    deadline = allowed_seconds > 0 ? steady_seconds() + allowed_seconds : 0;
}

bool cli_bad_value(const char *option, const char *value, const char *wanted) {
    fprintf(stderr, "error: --%s cannot be `%s`: %s\n", option, value, wanted);
    return false;
}

static bool read_clock(const struct arguments *arguments, struct session_options *session) {
    time_t now = time(NULL);
    struct tm local;
    localtime_r(&now, &local);
    session->today = day_from_civil(local.tm_year + 1900, local.tm_mon + 1, local.tm_mday);
    session->now = session->today * DAY_SECONDS + local.tm_hour * 3600 + local.tm_min * 60 + local.tm_sec;
    const char *on = arguments->values[OPTION_ON];
    if (!on)
        return true;
    if (!date_parse(on, strlen(on), &session->today))
        return cli_bad_value("on", on, "write a date, as 2026-03-31");
    session->now = session->today * DAY_SECONDS;
    return true;
}

static bool read_looks(const struct arguments *arguments, struct session_options *session) {
    const char *format = arguments->values[OPTION_FORMAT], *color = arguments->values[OPTION_COLOR], *level = arguments->values[OPTION_FAIL_ON];
    if (format) {
        session->render.format = render_format_parse(format);
        if (session->render.format == RENDER_FORMAT_COUNT)
            return cli_bad_value("format", format, "it is table, csv, json, jsonl or markdown");
    }
    if (color && strcmp(color, "auto") != 0 && strcmp(color, "always") != 0 && strcmp(color, "never") != 0)
        return cli_bad_value("color", color, "it is auto, always or never");
    bool automatic = !color || strcmp(color, "auto") == 0;
    const char *terminal = getenv("TERM");
    bool allowed = automatic && !getenv("NO_COLOR") && !(terminal && strcmp(terminal, "dumb") == 0);
    session->color = automatic ? allowed && isatty(STDERR_FILENO) : strcmp(color, "always") == 0;
    session->render.color = automatic ? allowed && isatty(STDOUT_FILENO) : session->color;
    struct winsize size;
    if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        session->render.width = size.ws_col;
    static const char *const levels[] = {"info", "low", "medium", "high", "critical"};
    session->fail_on = 3;
    for (int i = 0; level && i < 5; i++)
        if (strcmp(levels[i], level) == 0) {
            session->fail_on = i;
            level = NULL;
        }
    return !level || cli_bad_value("fail-on", level, "it is info, low, medium, high or critical");
}

/* Who a change is by: --who, else the user that the environment or the machine names. */
static const char *who_is_it(const struct arguments *arguments) {
    const char *user = arguments->values[OPTION_WHO] ? arguments->values[OPTION_WHO] : getenv("USER");
    if (user && *user)
        return user;
    const struct passwd *account = getpwuid(geteuid());
    return account ? account->pw_name : "unknown";
}

struct session *cli_session(const struct arguments *arguments, bool writes) {
    struct session_options session = {.out = stdout, .err = stderr, .should_stop = should_stop, .may_stop = forget_interrupt, .starts_work = start_work,
                                      .works_on = progress_work, .has_done = progress_share, .before_output = progress_wipe, .render.before_output = progress_wipe};
    const char *engine = arguments->values[OPTION_ENGINE], *timeout = arguments->values[OPTION_TIMEOUT];
    if (!read_clock(arguments, &session) || !read_looks(arguments, &session))
        return NULL;
    if (engine && strcmp(engine, "sql") != 0 && strcmp(engine, "interpreter") != 0) {
        cli_bad_value("engine", engine, "it is sql or interpreter");
        return NULL;
    }
    session.engine = !engine ? ENGINE_DEFAULT : strcmp(engine, "sql") == 0 ? ENGINE_SQL : ENGINE_INTERPRETER;
    if (timeout) {
        char *end;
        double seconds = strtod(timeout, &end);
        if (*end || !(seconds > 0)) {
            cli_bad_value("timeout", timeout, "write seconds, as 30");
            return NULL;
        }
        allowed_seconds = seconds;
        start_work();
    }
    session.store_path = arguments->values[OPTION_STORE] ? arguments->values[OPTION_STORE] : getenv("REMIT_STORE") && *getenv("REMIT_STORE") ? getenv("REMIT_STORE") : "remit.db";
    session.read_only = !writes || arguments->values[OPTION_READ_ONLY];
    session.who = who_is_it(arguments);
    const char *terminal = getenv("TERM");
    progress_allow(!arguments->values[OPTION_QUIET] && isatty(STDERR_FILENO) && !(terminal && strcmp(terminal, "dumb") == 0));
    session.quiet = arguments->values[OPTION_QUIET] != NULL;
    session.keep_good = arguments->values[OPTION_KEEP_GOOD] != NULL;
    session.rejected_path = arguments->values[OPTION_REJECTED];
    struct sigaction action = {.sa_handler = on_interrupt};
    sigaction(SIGINT, &action, NULL);
    return session_create(&session);
}

/* What gates refused is taken back, and that they did is written down. */
static void end_refused(struct session *session) {
    struct failure failure = {0};
    if (!session->refusals.count)
        return;
    store_rollback(session->store);
    if (!gates_write_refusals(session, &failure))
        session_show_failure(session, &failure);
}

int cli_end(struct session *session, bool good, const struct failure *failure) {
    bool wrong_program = session->diagnostics->error_count > 0;
    session_show_diagnostics(session);
    progress_wipe();
    fflush(session->options.out);
    session_show_failure(session, failure);
    end_refused(session);
    int status = session->exit_status;
    if (failure->kind == FAILURE_STORE || failure->kind == FAILURE_STOPPED)
        status = STATUS_MACHINE;
    else if (!status && (wrong_program || !good))
        status = STATUS_WRONG;
    if (!status && session->failing_check)
        status = STATUS_FOUND;
    session_destroy(session);
    return status;
}

bool cli_open_for_reading(struct session *session, const struct arguments *arguments, struct failure *failure) {
    struct stat about;
    bool named = arguments->values[OPTION_STORE] || (getenv("REMIT_STORE") && *getenv("REMIT_STORE"));
    bool is_there = stat(session->options.store_path, &about) == 0 ? about.st_size > 0 : errno != ENOENT;
    if (!named && !is_there) /* nothing was kept yet: an empty store in memory, and no file is made */
        session->options.store_path = ":memory:";
    if (!session_open_store(session, failure))
        return false;
    const char *policy = arguments->values[OPTION_POLICY];
    return policy ? session_load(session, &policy, 1, false, failure) : session_load_saved(session, failure);
}

static int run_standard_input(const struct arguments *arguments) {
    struct arguments script = *arguments;
    script.words[0] = "-";
    script.word_count = 1;
    return cli_run(&script);
}

/* At a terminal there is someone to ask, even when the results go elsewhere; then the prompt goes where messages go. */
static int run_without_command(const struct arguments *arguments) {
    if (isatty(STDIN_FILENO) && (isatty(STDOUT_FILENO) || isatty(STDERR_FILENO)) && cli_repl) {
        struct session *session = cli_session(arguments, true);
        struct failure failure = {0};
        if (!session)
            return STATUS_WRONG;
        bool good = session_open_store(session, &failure) && session_load_saved(session, &failure);
        if (good)
            cli_repl(&session);
        return cli_end(session, good, &failure);
    }
    return run_standard_input(arguments);
}

static int run_command_line(int argument_count, char **given) {
    struct arguments arguments = {0};
    if (!read_arguments(&arguments, argument_count, given))
        return STATUS_WRONG;
    if (arguments.word_count == 0 && arguments.values[OPTION_HELP])
        return cli_help(&arguments);
    if (arguments.word_count == 0)
        return check_options_of(&arguments, "run") ? run_without_command(&arguments) : STATUS_WRONG;
    const struct command *command = find_command(arguments.words[0]);
    if (!command)
        return unknown_command(arguments.words[0]);
    memmove(arguments.words, arguments.words + 1, sizeof *arguments.words * (size_t)--arguments.word_count);
    if (arguments.values[OPTION_HELP]) {
        print_command_help(stdout, command);
        return STATUS_FINE;
    }
    if (!check_options_of(&arguments, command->name))
        return STATUS_WRONG;
    return command->run(&arguments);
}

/* Output that nobody reads any more is no failure; a full disk is. */
static bool is_pipe(FILE *file) {
    struct stat about;
    return fstat(fileno(file), &about) == 0 && (S_ISFIFO(about.st_mode) || S_ISSOCK(about.st_mode));
}

int cli_main(int argument_count, char **given) {
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a limit on the size of files is an error like a full disk */
    int status = run_command_line(argument_count, given);
    bool was_said = status == STATUS_MACHINE, is_written = fflush(stdout) == 0 && !ferror(stdout);
    if (is_written || was_said || is_pipe(stdout))
        return status;
    fprintf(stderr, "error[R0720]: the output could not be written\n");
    return STATUS_MACHINE;
}
