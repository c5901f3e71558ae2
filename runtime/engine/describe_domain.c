/* Who may require and advise on a domain. See session.h.
 * Knows: the prelude's offices and domains. Does not know: mandates. */
#include "runtime/engine/session.h"

/* Asked in the language itself: an office holds the domain when one of its set is the domain or has it among its parts, however deep. */
static const struct tquery *ask_who(struct session *session, const char *set, const char *domain, struct failure *failure) {
    struct buffer text = {0}, key = {0};
    session_quote(&key, domain);
    buffer_add_format(&text, "from office where exists %s[key = %s or exists transitive(parts)[key = %s]] show key, begins, ends sort by key", set, buffer_string(&key), buffer_string(&key));
    bool good = session_add_text(session, "<describe>", arena_copy_string(session->arena, buffer_string(&text)), PARSE_EXPRESSION, NULL, failure);
    buffer_free(&text);
    buffer_free(&key);
    return good ? session->program->commands.items[--session->program->commands.count]->query : NULL; /* asked here, not run with the others */
}

/* "PMO", "OLD, until 2025-12-31", "NEW, from 2026-01-01" */
static void write_office(struct buffer *line, const struct value *row, const struct session *session) {
    bool is_to_come = row[1].kind == VALUE_INT && row[1].integer > session->options.today;
    buffer_add_format(line, "%s%.*s", line->length ? "; " : "", (int)row[0].length, row[0].text);
    if (is_to_come) {
        buffer_add_string(line, ", from ");
        date_write(line, row[1].integer);
    }
    if (row[2].kind == VALUE_INT) {
        buffer_add_string(line, ", until ");
        date_write(line, row[2].integer);
    }
}

static bool tell_who(struct session *session, const char *label, const char *set, const char *domain, FILE *out, struct failure *failure) {
    const struct tquery *query = ask_who(session, set, domain, failure);
    struct rows *rows = query ? session_run_query(session, query, failure) : NULL;
    struct buffer line = {0};
    const struct value *row;
    enum rows_step step = ROWS_FAILED;
    while (rows && (step = rows_next(rows, &row, failure)) == ROWS_ROW)
        write_office(&line, row, session);
    rows_close(rows);
    if (step == ROWS_END)
        fprintf(out, "  %-20s %s\n", label, line.length ? buffer_string(&line) : "nobody");
    buffer_free(&line);
    return step == ROWS_END;
}

bool session_describe_domain(struct session *session, const char *domain, FILE *out, struct failure *failure) {
    return tell_who(session, "held by", "mandates", domain, out, failure) && tell_who(session, "advised on by", "advises", domain, out, failure);
}
