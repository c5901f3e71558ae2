/* The rules of lint as text for people: one, or the page of all. See lint.h.
 * Knows: lint.def. Does not know: what rules look for. */
#include "lang/lint/lint.h"

#include "lang/base/text.h"

static const char *severity_word(enum severity severity) {
    return severity == SEVERITY_ERROR ? "error" : severity == SEVERITY_WARNING ? "warning" : "note";
}

static void write_indented(struct buffer *out, const char *text) {
    for (bool at_start = true; *text; at_start = *text++ == '\n') {
        if (at_start && *text != '\n')
            buffer_add_string(out, "    ");
        buffer_add_char(out, *text);
    }
}

void lint_explain(struct buffer *out, enum lint_rule rule) {
    const struct lint_row *row = lint_row(rule);
    buffer_add_format(out, "L%03d %s (%s%s): %s\n\n%s %s\n\nNot so:\n\n", row->number, row->name, severity_word(row->severity), row->fixes ? ", --fix mends it" : "", row->summary, row->reason, row->mend);
    write_indented(out, row->bad);
    buffer_add_string(out, "\nSo:\n\n");
    write_indented(out, row->good);
    buffer_add_format(out, "\nWhere it is meant, allow it: `# lint: allow %s because …`.\n", row->name);
}

static void write_table(struct buffer *out) {
    buffer_add_string(out, "| code | name | finds | severity | `--fix` |\n| --- | --- | --- | --- | --- |\n");
    for (int rule = 0; rule < LINT_COUNT; rule++) {
        const struct lint_row *row = lint_row((enum lint_rule)rule);
        buffer_add_format(out, "| [L%03d](#l%03d-%s) | `%s` | %s | %s | %s |\n", row->number, row->number, row->name, row->name, row->summary, severity_word(row->severity), row->fixes ? "yes" : "");
    }
}

void lint_write_page(struct buffer *out) {
    buffer_add_string(out, "# The rules of lint\n\n"
                           "`remit lint PATH` looks in a policy set for what is right and yet most likely not what was meant. Notes are told by `--all`, by `--rule NAME`, and where `--fail-on note` asks for them.\n"
                           "What is meant all the same is allowed by a comment beside it, `# lint: allow NAME because …`: behind it, or on a line of its own before it; before a declaration it counts for the whole.\n"
                           "Domains that several offices hold, or none, are for every check to say (R0344, R0345).\n\n"
                           "This page is written from `lint/lint.def` (`remit explain lint`). The tests run every example: in the first of each rule it is found once, and nothing else is; in the second nothing is.\n\n");
    write_table(out);
    for (int rule = 0; rule < LINT_COUNT; rule++) {
        const struct lint_row *row = lint_row((enum lint_rule)rule);
        buffer_add_format(out, "\n## L%03d %s\n\n%s: %s. %s %s\n\n```remit\n%s```\n\n```remit\n%s```\n", row->number, row->name, severity_word(row->severity), row->summary, row->reason, row->mend, row->bad, row->good);
    }
}
