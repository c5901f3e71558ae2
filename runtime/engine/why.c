/* `why` and `why not`: the account of what a rule finds, or does not find, for a record. See session.h, account.h.
 * Knows: rules, kept findings. Does not know: how conditions are taken apart, how an account is shown. */
#include "lang/base/civil.h"
#include "lang/check/texpr.h"
#include "runtime/engine/account.h"

#include <string.h>

static struct type date_type(void) {
    return type_of_kind(TYPE_DATE);
}

/* ---- of which record ---- */

/* A type of record, but for the rule's own, that has a row with the key. */
static bool find_other(struct session *session, const struct record_type *record, const char *key, const char **other, struct failure *failure) {
    *other = NULL;
    for (int i = 0; i < session->program->records.count && !*other; i++) {
        struct record_type *type = session->program->records.items[i];
        int64_t id = 0;
        if (type == record || type->runtime_filled)
            continue;
        if (!store_find_key(session->store, type, key, strlen(key), &id, failure))
            return false;
        *other = id ? type->name : NULL;
    }
    return true;
}

static bool find_element(struct session *session, const struct tcommand *command, struct record_type *record, int64_t *id, struct failure *failure) {
    const char *key = command->key, *other;
    if (!store_find_key(session->store, record, key, strlen(key), id, failure))
        return false;
    if (*id)
        return true;
    if (!find_other(session, record, key, &other, failure))
        return false;
    if (other)
        failure_set(failure, DIAG_WHY_OF_ANOTHER, key, other, command->name, record->name);
    else {
        struct nearest nearest;
        nearest_start(&nearest, key);
        session->world.offer_keys(session->world.context, record->name, &nearest);
        failure_set(failure, DIAG_KEY_NOT_IN_STORE, record->name, key);
        if (nearest.best)
            failure_hint(failure, "did you mean `%s`?", nearest.best);
    }
    failure->span = command->key_span;
    failure->has_span = true;
    return false;
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

static const char *days_in_force(struct account *account, const struct trule *rule) {
    struct buffer words = {0};
    if (rule->effective_from != INT64_MIN) {
        buffer_add_string(&words, "from ");
        date_write(&words, rule->effective_from);
    }
    if (rule->effective_until != INT64_MAX) {
        buffer_add_string(&words, words.length ? " until " : "until ");
        date_write(&words, rule->effective_until);
    }
    const char *kept = arena_copy_string(account->arena, buffer_string(&words));
    buffer_free(&words);
    return kept;
}

static struct texpr *compare_today(struct account *account, enum operation operation, int64_t day) {
    struct span nowhere = {0, 0, 0};
    struct texpr *sides[] = {texpr_create(account->arena, TEXPR_TODAY, date_type(), nowhere), texpr_int(account->arena, TYPE_DATE, day, nowhere)};
    return texpr_operation(account->arena, operation, type_of_kind(TYPE_BOOL), nowhere, 2, sides);
}

/* Only when it is not in force today: else it is one of the facts. */
static bool add_effective(struct account *account, const struct trule *rule, struct failure *failure) {
    if (rule_is_in_force(account->session, rule))
        return true;
    struct texpr *from = rule->effective_from == INT64_MIN ? NULL : compare_today(account, OPERATION_AT_LEAST, rule->effective_from);
    struct texpr *until = rule->effective_until == INT64_MAX ? NULL : compare_today(account, OPERATION_AT_MOST, rule->effective_until);
    if (!account_add_clause(account, "effective", NULL, texpr_and(account->arena, from, until), true, failure))
        return false;
    account->clauses.items[account->clauses.count - 1]->part->words = days_in_force(account, rule);
    return true;
}

static bool add_clauses(struct account *account, const struct trule *rule, struct failure *failure) {
    if (!add_effective(account, rule, failure) || !account_add_clause(account, "where", NULL, rule->where, true, failure) ||
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

static const char *with_day(struct account *account, const char *format, int64_t day) {
    struct buffer date = {0};
    date_write(&date, day);
    const char *words = arena_format(account->arena, format, buffer_string(&date));
    buffer_free(&date);
    return words;
}

static bool add_kept(struct account *account, struct trule *rule, struct failure *failure) {
    struct kept kept;
    if (!find_kept(account, rule, &kept, failure))
        return false;
    bool is_open = kept.is_kept && kept.cleared.kind == VALUE_MISSING;
    struct value since = is_open ? value_int(kept.first_seen) : value_missing();
    if (account->holds) {
        const char *other = kept.is_other_policy ? "kept under another text of the rule" : NULL;
        const char *before = kept.is_kept ? with_day(account, "not kept yet: no check has seen it since it was cleared on %s", kept.cleared.integer) : "not kept yet: no check has seen it";
        account_add_fact(account, "since", "since", date_type(), since, is_open ? other : before);
    } else if (is_open)
        account_add_fact(account, "since", "since", date_type(), since, "kept as open still: the next check clears it");
    else
        account_add_fact(account, "since", NULL, date_type(), since, NULL);
    account_add_fact(account, "last_seen", NULL, date_type(), kept.is_kept ? value_int(kept.last_seen) : value_missing(), NULL);
    account_add_fact(account, "cleared", !account->holds && kept.is_kept && !is_open ? "cleared" : NULL, date_type(), kept.cleared,
                     kept.is_kept ? with_day(account, "found from %s on", kept.first_seen) : NULL);
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

static void add_authority(struct account *account, const struct trule *rule) {
    account_add_text(account, "office", NULL, rule->office);
    account_add_text(account, "domain", NULL, rule->domain);
    const char *by = rule->office && rule->domain ? arena_format(account->arena, "%s on %s", rule->office, rule->domain) : rule->office ? rule->office : rule->domain;
    account_add_text(account, NULL, "by", by);
    account_add_text(account, "in_force", rule_is_in_force(account->session, rule) ? "in force" : NULL, days_in_force(account, rule));
}

static void add_place(struct account *account, struct trule *rule) {
    const struct source *source = source_get(account->session->sources, rule->span.file);
    struct place place = source_place(account->session->sources, rule->span.file, rule->span.start);
    account_add_text(account, "file", NULL, source->path);
    account_add_fact(account, "line", NULL, type_of_kind(TYPE_INT), value_int(place.line), NULL);
    account_add_text(account, NULL, "declared", arena_format(account->arena, "%s:%u", source->path, place.line));
    account_add_text(account, "policy", "SHA-256", session_rule_fingerprint(account->session, rule));
}

static bool add_facts(struct account *account, struct trule *rule, struct failure *failure) {
    if (!add_message(account, rule, failure))
        return false;
    account_add_text(account, "remedy", account->holds ? "remedy" : NULL, rule->remedy);
    account_add_text(account, "because", "because", rule->because);
    account_add_text(account, "source", "source", rule->citation);
    add_authority(account, rule);
    if (!add_kept(account, rule, failure))
        return false;
    add_place(account, rule);
    return true;
}

/* ---- all of it ---- */

static bool name_element(struct account *account, const struct trule *rule, struct failure *failure) {
    struct texpr *element = texpr_variable(account->arena, rule->element, rule->span);
    for (int i = 0; i < 2; i++) {
        struct texpr *field = texpr_create(account->arena, TEXPR_DERIVED, type_of_kind(TYPE_TEXT), rule->span);
        struct value value;
        field->base = element;
        field->field = rule->record->fields[i == 0 ? FIELD_KEY : FIELD_NAME];
        texpr_note_failing(field);
        if (!session_evaluate(account->session, field, &value, failure))
            return false;
        *(i == 0 ? &account->element : &account->element_name) = arena_copy(account->arena, value.text, value.length);
    }
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
    bool good = name_element(account, rule, failure) && ask_whole(account, rule, account->element, &account->holds, failure) && add_clauses(account, rule, failure);
    account->verdict = account->holds ? "holds" : "does not hold";
    if (good)
        return account;
    account_destroy(account);
    return NULL;
}

bool session_why(struct session *session, const struct tcommand *command, struct failure *failure) {
    struct trule *rule = program_find_rule(session->program, command->name);
    int64_t id;
    if (!find_element(session, command, rule->record, &id, failure))
        return false;
    struct account *account = account_of_rule(session, rule, id, failure);
    if (!account)
        return false;
    account->asked = command->negated ? "why not" : "why";
    account->is_turned = account->holds == command->negated;
    bool good = add_facts(account, rule, failure) && (account->holds || account_find_mends(account, failure)) && account_show(account, failure);
    account_destroy(account);
    return good;
}
