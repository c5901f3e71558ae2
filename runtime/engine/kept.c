/* What the store keeps of one obligation. See kept.h. */
#include "runtime/engine/kept.h"
#include "runtime/engine/scratch.h"

bool kept_since(struct session *session, const struct tmandate *mandate, int64_t *day, struct failure *failure) {
    *day = session->options.today;
    struct statement *statement = store_prepare(session->store, "SELECT min(first_seen) FROM t_obligation WHERE mandate = ?1", failure);
    if (!statement)
        return false;
    statement_bind(statement, 1, scratch_text(mandate->name));
    bool good = statement_step(statement, failure) == STATEMENT_ROW;
    if (good)
        *day = statement_value(statement, 0).kind == VALUE_INT ? statement_value(statement, 0).integer : *day;
    if (*day > session->options.today)
        *day = session->options.today;
    statement_close(statement);
    return good;
}

bool kept_find(struct session *session, const struct tmandate *mandate, const char *element, size_t length, int64_t period, struct kept_obligation *kept, struct failure *failure) {
    *kept = (struct kept_obligation){0};
    struct statement *statement = store_prepare(session->store,
                                                "SELECT state, since, due FROM t_obligation WHERE mandate = ?1 AND record = ?2 AND element = ?3 AND ifnull(period, x'') = ifnull(?4, x'') AND first_seen <= ?5",
                                                failure);
    if (!statement)
        return false;
    struct value values[] = {scratch_text(mandate->name), scratch_text(mandate->record->name), value_text(element, length), scratch_int(period, NO_DAY), value_int(session->options.today)};
    for (int i = 0; i < (int)(sizeof values / sizeof *values); i++)
        statement_bind(statement, i + 1, values[i]);
    enum statement_step step = statement_step(statement, failure);
    if (step == STATEMENT_ROW)
        *kept = (struct kept_obligation){true, (enum obligation_state)statement_value(statement, 0).integer, statement_value(statement, 1).integer, statement_value(statement, 2).kind == VALUE_INT ? statement_value(statement, 2).integer : NO_DAY};
    statement_close(statement);
    return step != STATEMENT_FAILED;
}

bool kept_has_passed(struct session *session, struct tmandate *mandate, const char *element, size_t length, bool *passed, struct failure *failure) {
    struct statement *statement = store_prepare(session->store, "SELECT 1 FROM t_decision WHERE gate = ?1 AND record = ?2 AND element = ?3 AND policy = ?4 AND outcome = 0 LIMIT 1", failure);
    if (!statement)
        return false;
    struct value values[] = {scratch_text(mandate->name), scratch_text(mandate->record->name), value_text(element, length), scratch_text(session_mandate_fingerprint(session, mandate))};
    for (int i = 0; i < (int)(sizeof values / sizeof *values); i++)
        statement_bind(statement, i + 1, values[i]);
    enum statement_step step = statement_step(statement, failure);
    *passed = step == STATEMENT_ROW;
    statement_close(statement);
    return step != STATEMENT_FAILED;
}
