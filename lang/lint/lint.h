/* Lint: what is right in a policy set and yet most likely not what was meant.
 * Knows: lint.def, the typed program, the AST with its comments. Does not know: files, the store, terminals.
 * Pure: a checked program goes in, a list of findings with their mends comes out. */
#ifndef REMIT_LANG_LINT_LINT_H
#define REMIT_LANG_LINT_LINT_H

#include "lang/base/intern.h"
#include "lang/check/program.h"
#include "lang/source/diagnostics.h"

enum lint_rule {
#define LINT(symbol, name, number, severity, fixes, summary, message, mend, reason, bad, good) LINT_##symbol,
#include "lang/lint/lint.def"
#undef LINT
    LINT_COUNT
};

/* A row of lint.def, as it stands there. */
struct lint_row {
    const char *name;
    int number; /* L001 */
    enum severity severity;
    bool fixes; /* --fix mends it, where that is safe */
    const char *summary, *message, *mend, *reason, *bad, *good;
};
const struct lint_row *lint_row(enum lint_rule rule);
/* By name, or by code: "L001", "l1". LINT_COUNT: there is none. */
enum lint_rule lint_find(const char *name);
/* Offers all names to the search. */
void lint_offer_names(struct nearest *search);

struct lint_file {
    uint32_t file;            /* in the sources */
    struct node *tree;        /* PROGRAM, without syntax errors */
    const struct comment_list *comments;
    bool is_library;          /* of the standard library: nothing is said of it */
};
struct lint_input {
    const struct program *program; /* what these files say, checked without an error */
    const struct source_set *sources;
    const struct lint_file *files;
    int file_count;
    int64_t today;
    bool leaves_out[LINT_COUNT]; /* rules not asked for */
    bool leaves_out_notes;    /* they are counted */
};

/* A mend: what stands at the span goes, the replacement comes. */
struct lint_edit {
    struct span span;
    const char *replacement;
};
struct lint_finding {
    enum lint_rule rule;
    struct diagnostic *diagnostic; /* in the list as well */
    LIST_OF(struct lint_edit) edits; /* none: it is for a person to decide */
};
struct lint_findings {
    struct lint_finding **items; /* in order of file and place */
    int count, capacity;
    int notes_left_out;
};

/* Adds what is found to the diagnostics, in order of place, and gives it. What a comment `# lint: allow NAME because …` beside a place allows is left out. All of it lives in the arena. */
struct lint_findings lint_run(struct arena *arena, const struct lint_input *input, struct diagnostics *diagnostics);
/* The text of a file with the edits of all findings in it made, each once; where two touch, the first alone. *count (may be NULL) says how many findings were mended.
 * NULL when there is nothing to mend in it. */
const char *lint_mended(struct arena *arena, const struct lint_findings *findings, const struct source_set *sources, uint32_t file, int *count);

/* The long form of one rule, as `remit explain L001` prints it; and the page of all, lang/LINT.md. */
void lint_explain(struct buffer *out, enum lint_rule rule);
void lint_write_page(struct buffer *out);

#endif
