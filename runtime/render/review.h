/* What tools of review say of policy files, in the formats that build servers and editors read: JSON, SARIF, JUnit XML, annotations of GitHub.
 * One list for all: what lint finds, what is wrong with a policy, findings and breaches of a check, tests that fail.
 * Knows: places, levels, messages. Does not know: where they come from. */
#ifndef REMIT_RUNTIME_RENDER_REVIEW_H
#define REMIT_RUNTIME_RENDER_REVIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "lang/base/arena.h"

struct buffer;

enum review_format { REVIEW_NONE, REVIEW_JSON, REVIEW_SARIF, REVIEW_JUNIT, REVIEW_GITHUB, REVIEW_FORMATS };
enum review_level { REVIEW_ERROR, REVIEW_WARNING, REVIEW_NOTE };

/* Lines and columns from 1, in characters; the end is the place after the last. path NULL: it is in no file. */
struct review_place {
    const char *path;
    uint32_t line, column, end_line, end_column;
};
/* What the items are instances of. */
struct review_rule {
    const char *id;      /* "L001", "R0105", "overspend" */
    const char *name;    /* "unused_definition", "Spend exceeds the approved budget"; or NULL */
    const char *summary; /* a line; or NULL */
    const char *help;    /* or NULL */
    enum review_level level;
    struct review_place place; /* where it is declared, of rules of the policy: it is a case of its own in JUnit, found or not */
};
struct review_item {
    int rule; /* position in rules */
    enum review_level level;
    const char *message, *hint; /* hint: or NULL */
    const char *element;        /* of what record it is found: "initiative METERS"; or NULL */
    struct review_place place, second; /* second: of what explains it, with its words; or path NULL */
    const char *second_words;
    bool is_mended_by_fix;
};
struct review {
    struct arena *arena;
    const char *tool; /* "remit lint" */
    const char *day;  /* "2026-06-30" */
    LIST_OF(struct review_rule) rules;
    LIST_OF(struct review_item) items;
};

/* REVIEW_NONE when there is no such format. */
enum review_format review_format_parse(const char *name);
/* The position of the rule with that id, added when it is new. */
int review_add_rule(struct review *review, const struct review_rule *rule);
void review_write(struct buffer *out, const struct review *review, enum review_format format);

/* ---- of each format, in its own file ---- */
void review_write_sarif(struct buffer *out, const struct review *review);
void review_write_junit(struct buffer *out, const struct review *review);

#endif
