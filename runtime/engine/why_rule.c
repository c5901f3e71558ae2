/* The account of what a rule finds, or does not find, for a record. See account.h.
 * Knows: rules, kept findings. Does not know: how conditions are taken apart, how an account is shown. */
#include "lang/check/texpr.h"
#include "runtime/engine/why.h"

#include <string.h>

static struct effective effective_of(const struct trule *rule) {
    return (struct effective){.from = rule->effective_from, .until = rule->effective_until};
}

/* ---- whether it holds ---- */

/* As a check would ask. An answer that there is none is passed on, with the record's name. */
static bool ask_whole(struct account *account, const struct trule *rule, const char *key, bool *holds, struct failure *failure) {
    struct texpr *whole = texpr_and(account->arena, rule->where, rule->when);
    for (int i = 0; i < rule->exception_count; i++)
        whole = texpr_and(account->arena, whole, texpr_unary(account->arena, TEXPR_NOT, type_of_kind(TYPE_BOOL), rule->exceptions[i].condition));
    struct value value = value_int(1);
    if (whole && !session_evaluate(account->session, whole, &value, failure)) {
        if (failure->kind == FAILURE_PROGRAM)
            failure_hint(failure, "It happened at %s `%s`, for the rule `%s`.", rule->record->name, key, rule->name);
        return false;
    }
    *holds = value.kind == VALUE_INT && value.integer && rule_is_in_force(account->session, rule);
    return true;
}

/* ---- clauses ---- */

static bool add_clauses(struct account *account, const struct trule *rule, struct failure *failure) {
    if (!rule_is_in_force(account->session, rule) && !why_add_effective(account, effective_of(rule), failure)) /* else it is one of the facts */
        return false;
    if (!account_add_clause(account, "where", NULL, rule->where, true, failure) ||
        !account_add_clause(account, "when", NULL, rule->when, true, failure))
        return false;
    for (int i = 0; i < rule->exception_count; i++)
        if (!account_add_clause(account, "except", rule->exceptions[i].label, rule->exceptions[i].condition, false, failure))
            return false;
    return true;
}

/* ---- what the store keeps of it ---- */

/* The finding that is open, else the one that was cleared last. */
struct kept {
    bool is_kept;
    int64_t first_seen, last_seen;
    struct value cleared;
    bool is_other_policy; /* it was kept under another text of the rule */
};

static bool find_kept(struct account *account, struct trule *rule, struct kept *kept, struct failure *failure) {
    struct session *session = account->session;
    *kept = (struct kept){.cleared = value_missing()};
    struct statement *statement =
        store_prepare(session->store, "SELECT first_seen, last_seen, cleared, policy FROM t_finding WHERE rule = ?1 AND record = ?2 AND element = ?3 ORDER BY cleared IS NOT NULL, first_seen DESC LIMIT 1", failure);
    if (!statement)
        return false;
    const char *texts[] = {rule->name, rule->record->name, account->element};
    for (int i = 0; i < 3; i++)
        statement_bind(statement, i + 1, value_text(texts[i], strlen(texts[i])));
    enum statement_step step = statement_step(statement, failure);
    if (step == STATEMENT_ROW) {
        const char *policy = session_rule_fingerprint(session, rule);
        struct value kept_policy = statement_value(statement, 3);
        *kept = (struct kept){true, statement_value(statement, 0).integer, statement_value(statement, 1).integer, statement_value(statement, 2), false};
        kept->is_other_policy = kept_policy.length != strlen(policy) || memcmp(kept_policy.text, policy, kept_policy.length) != 0;
    }
    statement_close(statement);
    return step != STATEMENT_FAILED;
}

static bool add_kept(struct account *account, struct trule *rule, struct failure *failure) {
    struct kept kept;
    if (!find_kept(account, rule, &kept, failure))
        return false;
    bool is_open = kept.is_kept && kept.cleared.kind == VALUE_MISSING;
    struct value since = is_open ? value_int(kept.first_seen) : value_missing();
    if (account->holds) {
        const char *other = kept.is_other_policy ? "kept under another text of the rule" : NULL;
        const char *before = kept.is_kept ? why_with_day(account, "not kept yet: no check has seen it since it was cleared on %s", kept.cleared.integer) : "not kept yet: no check has seen it";
        account_add_fact(account, "since", "since", why_date(), since, is_open ? other : before);
    } else if (is_open)
        account_add_fact(account, "since", "since", why_date(), since, "kept as open still: the next check clears it");
    else
        account_add_fact(account, "since", NULL, why_date(), since, NULL);
    account_add_fact(account, "last_seen", NULL, why_date(), kept.is_kept ? value_int(kept.last_seen) : value_missing(), NULL);
    account_add_fact(account, "cleared", !account->holds && kept.is_kept && !is_open ? "cleared" : NULL, why_date(), kept.cleared,
                     kept.is_kept ? why_with_day(account, "found from %s on", kept.first_seen) : NULL);
    return true;
}

/* ---- facts ---- */

static bool add_message(struct account *account, const struct trule *rule, struct failure *failure) {
    struct value message;
    bool is_answered;
    struct program *program = account->session->program;
    struct type severity = {.kind = TYPE_ENUM, .enumeration = program->enums.items[name_table_find(&program->enum_names, "severity")]};
    account_add_fact(account, "severity", NULL, severity, value_int(rule->severity), NULL);
    if (!account->holds)
        return true;
    if (!account_ask_shown(account, rule->message, &message, &is_answered, failure))
        return false;
    account_add_fact(account, "message", NULL, type_of_kind(TYPE_TEXT), message, NULL);
    const char *level = severity.enumeration->values[rule->severity].name;
    bool says_more = message.kind == VALUE_TEXT && message.length;
    account->statement = says_more ? arena_format(account->arena, "%s: %.*s", level, (int)message.length, message.text) : level;
    return true;
}

static bool add_facts(struct account *account, struct trule *rule, struct failure *failure) {
    if (!add_message(account, rule, failure))
        return false;
    account_add_text(account, "remedy", account->holds ? "remedy" : NULL, rule->remedy);
    account_add_text(account, "because", "because", rule->because);
    account_add_text(account, "source", "source", rule->citation);
    why_add_authority(account, rule->office, rule->domain, effective_of(rule));
    if (!add_kept(account, rule, failure))
        return false;
    why_add_place(account, rule->span, session_rule_fingerprint(account->session, rule));
    return true;
}

struct account *account_of_rule(struct session *session, struct trule *rule, int64_t id, struct failure *failure) {
    struct account *account = account_create(session);
    account->lets = rule->lets;
    account->let_count = rule->let_count;
    account->kind = "rule";
    account->name = rule->name;
    account->title = rule->title;
    account->record = rule->record->name;
    account->would = "hold";
    account_give(account, rule->element, value_int(id));
    bool good = why_name_element(account, rule->element, rule->record, failure) && ask_whole(account, rule, account->element, &account->holds, failure) && add_clauses(account, rule, failure) &&
                add_facts(account, rule, failure);
    account->verdict = account->holds ? "holds for" : "does not hold for";
    if (good)
        return account;
    account_destroy(account);
    return NULL;
}
