/* What differs between what a check finds and what the store keeps of that day. See checking.h.
 * Knows: the questions that say it (findings.h, obligations.h). Does not know: which day it is, nor whose policy. */
#include "lang/check/texpr.h"
#include "runtime/engine/checking.h"

#include <string.h>

enum { WHAT, KEPT = 5, NOW, COLUMNS };

/* The name of a severity or a state. */
static struct value name_of(const struct session *session, struct value what, struct value number) {
    const struct program *program = session->program;
    if (number.kind != VALUE_INT)
        return number;
    bool is_finding = what.length == strlen("finding");
    const struct enum_type *levels = program->enums.items[name_table_find(&program->enum_names, "severity")];
    const char *name = is_finding ? levels->values[number.integer].name : obligation_state_name((enum obligation_state)number.integer);
    return value_text(name, strlen(name));
}

bool check_show_differences(struct checking *checking, struct failure *failure) {
    struct session *session = checking->session;
    struct arena *arena = checking->arena;
    struct type text = type_of_kind(TYPE_TEXT);
    struct row_column columns[COLUMNS] = {{.label = "what", .type = text},    {.label = "name", .type = text}, {.label = "record", .type = text}, {.label = "element", .type = text},
                                          {.label = "period", .type = type_of_kind(TYPE_PERIOD)}, {.label = "kept", .type = text}, {.label = "now", .type = text}};
    const char *sql = arena_format(arena, "%s UNION ALL %s ORDER BY 1, 2, 4, 5", findings_differences(checking->findings, checking->options), obligations_differences(checking->obligations));
    struct statement *statement = store_prepare(session->store, sql, failure);
    LIST_OF(struct value) values = {0};
    enum statement_step step = STATEMENT_FAILED;
    while (statement && (step = statement_step(statement, failure)) == STATEMENT_ROW)
        for (int i = 0; i < COLUMNS; i++) {
            struct value value = statement_value(statement, i);
            LIST_ADD(arena, &values, value_keep(arena, i < KEPT ? value : name_of(session, statement_value(statement, WHAT), value)));
        }
    statement_close(statement);
    if (step == STATEMENT_FAILED)
        return false;
    int count = values.count / COLUMNS;
    bool is_for_people = session->options.render.format == RENDER_TABLE || session->options.render.format == RENDER_MARKDOWN;
    *checking->options->differences = count;
    session_speaks(session);
    if (is_for_people)
        fputs(count ? "\nWhat differs from what was kept\n\n" : "\nNothing differs from what was kept\n", session->options.out);
    if (is_for_people && !count)
        return true;
    struct rows *rows = list_rows(columns, COLUMNS, values.items, count);
    bool good = render_rows(session->options.out, rows, &session->options.render, NULL, failure);
    rows_close(rows);
    return good;
}
