/* Reading inputs with readline, and running them. See repl.h.
 * Knows: keys, prompts, what is one input, what an input leaves behind. Does not know: the commands that begin with a dot (dot.c). */
#include "runtime/repl/repl.h"
#include "runtime/repl/complete.h"
#include "runtime/repl/inside.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include <readline/readline.h>

/* ---- running an input ---- */

static double seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* What is still to be written is. Ctrl-C may have cut it: then it was that, and the next answer is whole again. */
static void finish_output(struct repl *repl, struct failure *failure) {
    const struct session_options *options = &repl->session->options;
    bool is_cut = fflush(options->out) != 0 || ferror(options->out);
    bool was_interrupted = options->may_stop && options->may_stop();
    if (is_cut && was_interrupted) {
        *failure = (struct failure){0};
        failure_set(failure, DIAG_STORE_STOPPED);
    } else if (is_cut)
        failure_set(failure, DIAG_WRITE_FAILED);
    clearerr(options->out);
}

void repl_fit_width(struct repl *repl) {
    struct winsize size;
    bool is_terminal = repl->session->options.out == repl->terminal_out && isatty(fileno(repl->terminal_out));
    repl->session->options.render.width = is_terminal && ioctl(fileno(repl->terminal_out), TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/* Checks the text. The checker may look into the store, and bring its tables in step with declarations that turn out wrong: then they are as before again. */
static bool check_text(struct repl *repl, const char *name, const char *text, enum parse_mode mode, struct failure *failure) {
    struct session *session = repl->session;
    bool is_inside = session->is_begun && store_in_transaction(session->store);
    bool is_incomplete = false;
    if (is_inside && !store_savepoint(session->store, failure))
        return false;
    bool good = session_add_text(session, name, text, mode, &is_incomplete, failure);
    if (!good && is_incomplete) /* more lines were wanted, and there are none */
        session_add_text(session, name, text, PARSE_LAST_INPUT, NULL, failure);
    if (is_inside && good)
        store_savepoint_release(session->store);
    else if (is_inside)
        store_savepoint_rollback(session->store);
    else if (!good)
        store_rollback(session->store);
    session_show_diagnostics(session);
    return good;
}

/* An input that fails as it runs is dropped with what it declared, as one whose checking fails is: else it would be tried again with every input after it, and lock the session.
 * Where the transaction before it is over too, what was declared in that is as little there as its rows. */
static void drop_input(struct repl *repl, const struct session_mark *before, bool was_begun) {
    bool is_over = was_begun && !repl->session->is_begun;
    session_take_back(repl->session, is_over ? &repl->begun : before);
    if (is_over)
        fputs("The transaction is over: what it changed and declared was taken back.\n", repl->session->options.err);
}

void repl_take_text(struct repl *repl, const char *name, const char *text, enum parse_mode mode) {
    struct session *session = repl->session;
    struct failure failure = {0};
    double start = seconds_now();
    bool was_begun = session->is_begun, is_run = true;
    struct session_mark before = session_mark(session);
    if (!was_begun)
        repl->begun = before;
    if (session->options.starts_work)
        session->options.starts_work();
    repl_fit_width(repl);
    if (check_text(repl, name, text, mode, &failure)) {
        session->schema_applied = false; /* the input may have declared something */
        is_run = session_run_commands(session, "session", &failure);
    }
    finish_output(repl, &failure);
    session_show_failure(session, &failure);
    if (!is_run)
        drop_input(repl, &before, was_begun);
    session->exit_status = 0;
    if (repl->timing)
        fprintf(session->options.err, "%.3f s\n", seconds_now() - start);
}

/* ---- inputs ---- */

static bool wants_more(const char *text) {
    struct arena *scratch = arena_create();
    struct source_set *sources = source_set_create(scratch);
    struct diagnostics *diagnostics = diagnostics_create(scratch, sources);
    uint32_t file = source_add(sources, "<input>", text, strlen(text));
    bool incomplete = parse_source(scratch, intern_create(scratch), diagnostics, file, PARSE_INPUT).incomplete;
    arena_destroy(scratch);
    return incomplete;
}

static size_t name_length(const char *text) {
    size_t length = 0;
    while (isalnum((unsigned char)text[length]) || text[length] == '_' || (unsigned char)text[length] >= 0x80)
        length++;
    return length;
}

/* `frm initiative`, `count initiative`: two names go on as TYPE KEY { … } does, which no line mends when the first is no type of record. */
static bool goes_on_in_vain(const struct repl *repl, const char *text) {
    text += strspn(text, " \t\n");
    size_t length = name_length(text), gap = strspn(text + length, " \t"), second = name_length(text + length + gap), rest = length + gap + second;
    if (!length || !gap || !second || text[rest + strspn(text + rest, " \t\n")])
        return false;
    const char *name = intern_name(repl->session->names, text, length);
    return !syntax_opens_statement(name) && !program_find_record(repl->session->program, name);
}

/* Words that end or help elsewhere, and stand for nothing here. */
static bool take_plain_word(struct repl *repl, const char *line) {
    static const char *const words[][2] = {{"help", ".help"}, {"quit", ".quit"}, {"exit", ".quit"}};
    size_t length = strcspn(line, " \t");
    if (line[length + strspn(line + length, " \t;")])
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i][0]) == length && strncmp(line, words[i][0], length) == 0) {
            char command[8];
            snprintf(command, sizeof command, "%s", words[i][1]);
            repl_run_dot(repl, command);
            return true;
        }
    return false;
}

/* `export portfolio`, and on the next line `.list`: what came before is not gone on with. */
static void end_unfinished(struct repl *repl, const char *line) {
    if (!repl->input.length || !repl_is_dot(line))
        return;
    repl_history_add(buffer_string(&repl->input));
    repl_take_text(repl, "<input>", buffer_string(&repl->input), PARSE_LAST_INPUT);
    buffer_clear(&repl->input);
}

static void take_line(struct repl *repl, char *line) {
    end_unfinished(repl, line);
    if (!repl->input.length && (line[0] == '.' || take_plain_word(repl, line))) {
        repl_history_add(line);
        char *rest = strchr(line, '\n'); /* a paste: what follows is another input */
        if (rest)
            *rest++ = '\0';
        if (line[0] == '.')
            repl_run_dot(repl, line);
        if (rest)
            take_line(repl, rest);
        return;
    }
    if (!repl->input.length && !line[strspn(line, " \t\n")])
        return;
    bool is_first = !repl->input.length;
    if (!is_first)
        buffer_add_char(&repl->input, '\n');
    buffer_add_string(&repl->input, line);
    bool ends = !is_first && line[0] == '\0'; /* an empty line ends an input that goes on for ever */
    if (!ends && wants_more(buffer_string(&repl->input)) && !goes_on_in_vain(repl, buffer_string(&repl->input)))
        return;
    repl_history_add(buffer_string(&repl->input));
    repl_take_text(repl, "<input>", buffer_string(&repl->input), PARSE_INPUT);
    buffer_clear(&repl->input);
}

/* ---- keys ---- */

static struct repl *reading_for; /* readline's callbacks take no context */
static bool line_given_up;

static bool is_interrupted(void) {
    const struct session_options *options = &reading_for->session->options;
    return options->may_stop && options->may_stop();
}

enum { KEY_INTERRUPT = -2 }; /* no byte, and not EOF */

static bool reads_at_once; /* whether a read of the terminal gives nothing where there is nothing */

/* As readline wants the terminal, but that a read never waits: Ctrl-C throws away what was typed, also between the look that saw a key and the read that is to take it. */
static void prepare_terminal(int meta) {
    struct termios settings;
    int terminal = fileno(rl_instream ? rl_instream : stdin);
    rl_prep_terminal(meta);
    reads_at_once = tcgetattr(terminal, &settings) == 0;
    if (!reads_at_once)
        return;
    settings.c_cc[VMIN] = settings.c_cc[VTIME] = 0;
    reads_at_once = tcsetattr(terminal, TCSADRAIN, &settings) == 0;
}

static sigset_t while_waiting; /* the signals that are held back while a key is waited for: Ctrl-C's is not */

/* While a line is read, Ctrl-C's signal is let in during waits for keys alone: so none can slip in between the look and the wait, or cut what is drawn in two. */
static void hold_interrupts(sigset_t *before) {
    sigset_t interrupt;
    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    sigprocmask(SIG_BLOCK, &interrupt, before);
    while_waiting = *before;
}

/* A wait that finds a key ready ends without its signals: Ctrl-C before that key is still held back then. */
static void let_interrupt_in(void) {
    sigset_t held;
    sigprocmask(SIG_SETMASK, &while_waiting, &held);
    sigprocmask(SIG_SETMASK, &held, NULL);
}

/* A key, EOF, or KEY_INTERRUPT when Ctrl-C came first. The terminal throws away what was typed before Ctrl-C, so a key that is there with it was typed after it, and waits. */
static int wait_for_key(FILE *terminal) {
    struct pollfd waiting = {fileno(terminal), POLLIN, 0};
    unsigned char key = 0;
    ssize_t count = -1;
    bool gives_up = is_interrupted();
    while (!gives_up && count < 0) {
        bool is_ready = ppoll(&waiting, 1, NULL, &while_waiting) > 0, is_gone = !is_ready && errno != EINTR && errno != EAGAIN;
        let_interrupt_in();
        rl_check_signals(); /* it may have another size now */
        gives_up = is_interrupted();
        if (is_ready && !gives_up) {
            count = read(fileno(terminal), &key, 1);
            is_gone = count < 0 && errno != EINTR && errno != EAGAIN;
        }
        if (count == 0 && reads_at_once && !(waiting.revents & (POLLHUP | POLLERR)))
            count = -1;
        if (is_gone)
            count = 0;
    }
    return gives_up ? KEY_INTERRUPT : count == 1 ? key : EOF;
}

/* Ctrl-C gives up the line, as if it had been emptied and entered. Where readline is in the midst of something, searching or asking whether to show all completions,
 * it is first told to leave that; the keys are given in turn until it has. */
static int read_key(FILE *terminal) {
    enum { KEY_ABORT = 'G' & 0x1F };
    const unsigned long in_the_midst = RL_STATE_ISEARCH | RL_STATE_NSEARCH | RL_STATE_COMPLETING | RL_STATE_MOREINPUT | RL_STATE_METANEXT | RL_STATE_MULTIKEY | RL_STATE_NUMERICARG;
    static bool abort_was_last;
    if (!line_given_up) {
        int key = wait_for_key(terminal);
        if (key != KEY_INTERRUPT)
            return key;
        line_given_up = true;
        abort_was_last = false;
    }
    abort_was_last = !abort_was_last && RL_ISSTATE(in_the_midst);
    if (!abort_was_last)
        rl_replace_line("", 0);
    return abort_was_last ? KEY_ABORT : '\n';
}

/* Where stdout is no terminal, results go there, and what is for the person alone to where messages go. */
static FILE *prepare_readline(struct repl *repl) {
    FILE *screen = isatty(fileno(repl->terminal_out)) ? repl->terminal_out : repl->session->options.err;
    reading_for = repl;
    rl_outstream = screen;
    rl_readline_name = "remit";
    rl_catch_signals = 0; /* Ctrl-C is ours: it gives up a line, or stops what runs */
    rl_getc_function = read_key;
    rl_prep_term_function = prepare_terminal;
    rl_variable_bind("enable-bracketed-paste", "on"); /* a paste is one input */
    return screen;
}

/* The prompt says when more lines are wanted, and when a transaction is open. */
static char *read_line(struct repl *repl) {
    const char *prompt = repl->input.length ? "   ... " : repl->session->is_begun ? "remit*> " : "remit> ";
    sigset_t before;
    hold_interrupts(&before);
    char *line = readline(prompt);
    sigprocmask(SIG_SETMASK, &before, NULL);
    if (line && line_given_up)
        buffer_clear(&repl->input);
    return line;
}

void repl_run(struct session **session) {
    struct repl repl = {.session = *session, .terminal_out = (*session)->options.out, .terminal_color = (*session)->options.render.color};
    struct failure failure = {0};
    repl.session->options.keeps_begun = true;
    repl_history_open();
    complete_start(&repl.session, &repl.input);
    FILE *screen = prepare_readline(&repl);
    if (!session_run_commands(repl.session, "session", &failure))
        session_show_failure(repl.session, &failure);
    fprintf(screen, "Remit. A question, a command or a declaration; .help for help, .quit to end.\n");
    while (!repl.done) {
        char *line = read_line(&repl);
        if (!line)
            break;
        if (!line_given_up)
            take_line(&repl, line);
        line_given_up = false;
        free(line);
    }
    if (repl.session->is_begun)
        fputs("The transaction was not committed: what it changed was taken back.\n", repl.session->options.err);
    store_rollback(repl.session->store);
    repl_close_output(&repl);
    repl.session->failing_check = false; /* what a check found was for the person to see; the session went well */
    buffer_free(&repl.input);
    *session = repl.session;
}
