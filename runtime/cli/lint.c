/* remit lint PATH…: what is right in a policy set and most likely not meant; with --fix what can safely be mended is. A store is only asked for its keys.
 * Knows: options, files. Does not know: what the rules look for (lang/lint). */
#include "lang/base/line_diff.h"
#include "lang/format/format.h"
#include "lang/lint/lint.h"
#include "runtime/cli/cli.h"
#include "runtime/cli/files.h"
#include "runtime/engine/review.h"

#include <errno.h>
#include <string.h>

enum { LEVEL_NEVER = -1 }; /* --fail-on none */

struct linting {
    const struct arguments *arguments;
    struct session *session;
    enum review_format format; /* REVIEW_NONE: text */
    int fail_on;               /* enum severity, or LEVEL_NEVER */
    struct lint_input input;
    struct lint_findings findings;
    int mended;
};

/* ---- options ---- */

/* Calls set for each of the names, which stand with commas between them. False after saying which is none. */
static bool read_rules(const char *option, const char *names, bool *set, bool value) {
    while (names && *names) {
        size_t length = strcspn(names, ",");
        struct buffer name = {0};
        buffer_add(&name, names, length);
        enum lint_rule rule = lint_find(buffer_string(&name));
        if (rule == LINT_COUNT) {
            struct nearest nearest;
            nearest_start(&nearest, buffer_string(&name));
            lint_offer_names(&nearest);
            struct buffer wanted = {0};
            buffer_add_format(&wanted, nearest.best ? "did you mean `%s`?" : "%s", nearest.best ? nearest.best : "`remit explain lint` lists the rules");
            cli_bad_value(option, buffer_string(&name), buffer_string(&wanted));
            buffer_free(&wanted);
        } else
            set[rule] = value;
        buffer_free(&name);
        if (rule == LINT_COUNT)
            return false;
        names += length + (names[length] == ',');
    }
    return true;
}

static bool read_level(const char *value, int *level) {
    static const struct {
        const char *word;
        int level;
    } levels[] = {{"error", SEVERITY_ERROR}, {"warning", SEVERITY_WARNING}, {"note", SEVERITY_NOTE}, {"none", LEVEL_NEVER}};
    for (size_t i = 0; value && i < sizeof levels / sizeof *levels; i++)
        if (strcmp(levels[i].word, value) == 0) {
            *level = levels[i].level;
            return true;
        }
    return !value || cli_bad_value("fail-on", value, "it is error, warning, note or none");
}

static bool read_options(struct linting *linting) {
    const char *const *values = linting->arguments->values, *format = values[OPTION_FORMAT], *only = values[OPTION_RULE];
    linting->fail_on = SEVERITY_WARNING;
    if (format && strcmp(format, "text") != 0 && (linting->format = review_format_parse(format)) == REVIEW_NONE)
        return cli_bad_value("format", format, "it is text, json, sarif, junit or github");
    for (int rule = 0; rule < LINT_COUNT && only; rule++)
        linting->input.leaves_out[rule] = true;
    if (!read_level(values[OPTION_FAIL_ON], &linting->fail_on) || !read_rules("rule", only, linting->input.leaves_out, false) || !read_rules("allow", values[OPTION_ALLOW], linting->input.leaves_out, true))
        return false;
    linting->input.leaves_out_notes = !only && !values[OPTION_ALL] && linting->fail_on != SEVERITY_NOTE;
    return true;
}

/* ---- looking ---- */

/* The files of the set as trees, with their comments: read once more, without a word, since they were read without an error. */
static void add_files(struct linting *linting) {
    struct session *session = linting->session;
    struct diagnostics *unheard = diagnostics_create(session->arena, session->sources);
    struct lint_file *files = ARENA_ARRAY(session->arena, struct lint_file, session->sources->count);
    struct parse *parses = ARENA_ARRAY(session->arena, struct parse, session->sources->count);
    for (int i = 0; i < session->sources->count; i++) {
        const char *path = session->sources->sources[i]->path;
        parses[i] = parse_source(session->arena, session->names, unheard, (uint32_t)i, PARSE_PROGRAM);
        files[i] = (struct lint_file){(uint32_t)i, parses[i].tree, &parses[i].comments, *path == '<' && strcmp(path, "<stdin>") != 0};
    }
    linting->input.files = files;
    linting->input.file_count = session->sources->count;
}

/* Gives whether there was something to look at; what is wrong is in the session's diagnostics or in failure. */
static bool look(struct linting *linting, struct failure *failure) {
    static const char *const here[] = {"."};
    const struct arguments *arguments = linting->arguments;
    struct session *session = linting->session;
    const char *const *paths = arguments->word_count ? arguments->words : here;
    if (arguments->values[OPTION_STORE] && !session_open_store(session, failure)) /* its keys are known to scripts */
        return false;
    if (!session_load(session, paths, arguments->word_count ? arguments->word_count : 1, true, failure))
        return false;
    linting->input.program = session->program;
    linting->input.sources = session->sources;
    linting->input.today = session->options.today;
    add_files(linting);
    linting->findings = lint_run(session->arena, &linting->input, session->diagnostics);
    return true;
}

/* ---- mending ---- */

/* The text in its canonical form where the one before was; NULL when it cannot be read any more, which is a fault of ours. */
static const char *settled(struct linting *linting, const struct source *source, const char *text) {
    struct arena *arena = linting->session->arena;
    struct source_set *sources = source_set_create(arena);
    struct diagnostics *diagnostics = diagnostics_create(arena, sources);
    struct buffer before = {0}, after = {0};
    struct parse old = parse_source(arena, linting->session->names, diagnostics, source_add(sources, "old", source->text, source->length), PARSE_PROGRAM);
    struct parse new = parse_source(arena, linting->session->names, diagnostics, source_add(sources, "new", text, strlen(text)), PARSE_PROGRAM);
    const char *result = new.error_count ? NULL : text;
    bool was_canonical = result && format_program(&before, &old, source->text) && strcmp(buffer_string(&before), source->text) == 0;
    if (was_canonical && format_program(&after, &new, text))
        result = arena_copy_string(arena, buffer_string(&after));
    buffer_free(&before);
    buffer_free(&after);
    return result;
}

static bool mend_file(struct linting *linting, uint32_t file) {
    const struct source *source = source_get(linting->session->sources, file);
    int count = 0;
    const char *text = lint_mended(linting->session->arena, &linting->findings, linting->session->sources, file, &count);
    text = text ? settled(linting, source, text) : NULL;
    if (!text)
        return true;
    struct buffer whole = {0};
    bool good = true;
    if (linting->arguments->values[OPTION_DIFF] || *source->path == '<') {
        struct buffer name = {0}, out = {0};
        buffer_add_format(&name, "%s (mended)", source->path);
        line_diff_write(&out, source->path, buffer_string(&name), source->text, text);
        fputs(buffer_string(&out), linting->session->options.out);
        buffer_free(&name);
        buffer_free(&out);
    } else {
        buffer_add_string(&whole, text);
        good = file_replace(source->path, &whole);
        if (!good)
            fprintf(stderr, "error: `%s` cannot be written: %s\n", source->path, strerror(errno));
    }
    linting->mended += count;
    buffer_free(&whole);
    return good;
}

static bool mend(struct linting *linting) {
    bool good = true;
    for (int i = 0; i < linting->input.file_count; i++)
        if (!linting->input.files[i].is_library)
            good = mend_file(linting, linting->input.files[i].file) && good;
    return good;
}

/* ---- showing ---- */

static void count_levels(const struct session *session, int counts[3]) {
    for (int i = 0; i < session->diagnostics->list.count; i++)
        counts[session->diagnostics->list.items[i]->severity]++;
}

static void tell_counts(const struct linting *linting, const int counts[3]) {
    static const char *const words[] = {"error", "warning", "note"};
    struct session *session = linting->session;
    struct buffer line = {0};
    for (int level = 0; level < 3; level++)
        if (counts[level])
            buffer_add_format(&line, "%s%d %s%s", line.length ? ", " : "", counts[level], words[level], counts[level] == 1 ? "" : "s");
    int fixable = 0;
    for (int i = 0; i < linting->findings.count; i++)
        fixable += linting->findings.items[i]->edits.count > 0;
    if (fixable)
        buffer_add_format(&line, "; `--fix` mends %d", fixable);
    if (linting->findings.notes_left_out)
        buffer_add_format(&line, "%s%d note%s not shown (--all)", line.length ? "; " : "nothing found; ", linting->findings.notes_left_out, linting->findings.notes_left_out == 1 ? "" : "s");
    if (!session->options.quiet) {
        fflush(session->options.out);
        fprintf(session->options.err, "%s\n", line.length ? buffer_string(&line) : "nothing found");
    }
    buffer_free(&line);
}

static void mark_fixable(struct linting *linting, struct review *review) {
    for (int i = 0; i < review->items.count; i++)
        for (int k = 0; k < linting->findings.count; k++)
            if (linting->session->diagnostics->list.items[i] == linting->findings.items[k]->diagnostic)
                review->items.items[i].is_mended_by_fix = linting->findings.items[k]->edits.count > 0;
}

static void show(struct linting *linting) {
    struct session *session = linting->session;
    if (linting->format != REVIEW_NONE) {
        struct review review = review_start(session, "remit lint");
        review_add_diagnostics(&review, session);
        mark_fixable(linting, &review);
        review_show(session, &review, linting->format);
        return;
    }
    struct buffer out = {0};
    diagnostics_sort(session->diagnostics);
    for (int i = 0; i < session->diagnostics->list.count; i++)
        diagnostic_draw(&out, session->diagnostics, session->diagnostics->list.items[i], session->options.render.color);
    fputs(buffer_string(&out), session->options.out);
    buffer_free(&out);
}

/* What was found is shown; gives the exit status. */
static int finish(struct linting *linting, bool was_read) {
    int counts[3] = {0}, status = STATUS_FINE;
    count_levels(linting->session, counts);
    show(linting);
    tell_counts(linting, counts);
    for (int level = SEVERITY_ERROR; level <= linting->fail_on; level++)
        status = counts[level] ? STATUS_FOUND : status;
    linting->session->diagnostics->list.count = 0; /* they were shown */
    linting->session->diagnostics->error_count = 0;
    return was_read ? status : STATUS_WRONG;
}

/* --fix --diff shows the mends and nothing else; --fix makes them, and what is left is looked for anew. */
static int fix(struct linting *linting, const struct arguments *session_arguments, struct failure *failure) {
    bool good = mend(linting);
    linting->session->diagnostics->list.count = 0;
    linting->session->diagnostics->error_count = 0;
    fflush(linting->session->options.out);
    if (!linting->session->options.quiet)
        fprintf(stderr, "%d mended\n", linting->mended);
    if (!good)
        return STATUS_MACHINE;
    if (linting->arguments->values[OPTION_DIFF])
        return linting->mended ? STATUS_FOUND : STATUS_FINE;
    session_destroy(linting->session);
    linting->session = cli_session(session_arguments, false);
    bool was_read = linting->session && look(linting, failure);
    return linting->session ? finish(linting, was_read) : STATUS_WRONG;
}

int cli_lint(const struct arguments *arguments) {
    if (!cli_words(arguments, 0, LIMIT_COMMAND_WORDS))
        return cli_misuse(arguments, "lint", "which files or folders?");
    struct linting linting = {.arguments = arguments};
    if (!read_options(&linting))
        return STATUS_WRONG;
    if (arguments->values[OPTION_DIFF] && !arguments->values[OPTION_FIX])
        return cli_misuse(arguments, "lint", "`--diff` shows what `--fix` would mend: write both");
    struct arguments others = *arguments; /* these mean something else for a session */
    others.values[OPTION_FORMAT] = others.values[OPTION_FAIL_ON] = NULL;
    linting.session = cli_session(&others, false);
    if (!linting.session)
        return STATUS_WRONG;
    struct failure failure = {0};
    bool was_read = look(&linting, &failure);
    int status = was_read && arguments->values[OPTION_FIX] ? fix(&linting, &others, &failure) : failure.kind == FAILURE_NONE ? finish(&linting, was_read) : STATUS_WRONG;
    if (!linting.session)
        return status;
    int ended = cli_end(linting.session, true, &failure);
    return ended > status ? ended : status;
}
