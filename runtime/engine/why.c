/* `why` and `why not`: of which record, and what accounts of rules and of mandates say alike. See session.h, why.h. */
#include "lang/base/civil.h"
#include "lang/check/texpr.h"
#include "runtime/engine/why.h"

#include <string.h>

struct type why_date(void) {
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

bool why_name_element(struct account *account, struct tvar *variable, const struct record_type *record, struct failure *failure) {
    struct span nowhere = {0, 0, 0};
    struct texpr *element = texpr_variable(account->arena, variable, nowhere);
    for (int i = 0; i < 2; i++) {
        struct texpr *field = texpr_create(account->arena, TEXPR_DERIVED, type_of_kind(TYPE_TEXT), nowhere);
        struct value value;
        field->base = element;
        field->field = record->fields[i == 0 ? FIELD_KEY : FIELD_NAME];
        texpr_note_failing(field);
        if (!session_evaluate(account->session, field, &value, failure))
            return false;
        *(i == 0 ? &account->element : &account->element_name) = arena_copy(account->arena, value.text, value.length);
    }
    return true;
}

/* ---- when it is in force ---- */

static const char *days_in_force(struct account *account, struct effective effective) {
    struct buffer words = {0};
    int64_t today = account->session->options.today;
    if (effective.from != INT64_MIN) {
        buffer_add_string(&words, "from ");
        date_write(&words, effective.from);
        if (effective.begins)
            buffer_add_format(&words, ", when %s %s%s", effective.begins, today < effective.from ? "begins" : "began", effective.until != INT64_MAX ? "," : "");
    }
    if (effective.until != INT64_MAX) {
        buffer_add_string(&words, words.length ? " until " : "until ");
        date_write(&words, effective.until);
        if (effective.ends)
            buffer_add_format(&words, ", when %s %s", effective.ends, today > effective.until ? "ended" : "ends");
    }
    const char *kept = arena_copy_string(account->arena, buffer_string(&words));
    buffer_free(&words);
    return kept;
}

static struct texpr *compare_today(struct account *account, enum operation operation, int64_t day) {
    struct span nowhere = {0, 0, 0};
    struct texpr *sides[] = {texpr_create(account->arena, TEXPR_TODAY, why_date(), nowhere), texpr_int(account->arena, TYPE_DATE, day, nowhere)};
    return texpr_operation(account->arena, operation, type_of_kind(TYPE_BOOL), nowhere, 2, sides);
}

bool why_is_in_force(const struct account *account, struct effective effective) {
    return account->session->options.today >= effective.from && account->session->options.today <= effective.until;
}

bool why_add_effective(struct account *account, struct effective effective, struct failure *failure) {
    struct texpr *from = effective.from == INT64_MIN ? NULL : compare_today(account, OPERATION_AT_LEAST, effective.from);
    struct texpr *until = effective.until == INT64_MAX ? NULL : compare_today(account, OPERATION_AT_MOST, effective.until);
    bool is_stated = (from && !effective.begins) || (until && !effective.ends);
    if (!account_add_clause(account, is_stated ? "effective" : "office", NULL, texpr_and(account->arena, from, until), true, failure))
        return false;
    account->clauses.items[account->clauses.count - 1]->part->words = days_in_force(account, effective);
    return true;
}

/* ---- facts ---- */

const char *why_with_day(struct account *account, const char *format, int64_t day) {
    struct buffer date = {0};
    date_write(&date, day);
    const char *words = arena_format(account->arena, format, buffer_string(&date));
    buffer_free(&date);
    return words;
}

void why_add_authority(struct account *account, const char *office, const char *domain, struct effective effective) {
    account_add_text(account, "office", NULL, office);
    account_add_text(account, "domain", NULL, domain);
    account_add_text(account, NULL, "by", office && domain ? arena_format(account->arena, "%s on %s", office, domain) : office ? office : domain);
    account_add_text(account, "in_force", why_is_in_force(account, effective) ? "in force" : NULL, days_in_force(account, effective));
}

void why_add_place(struct account *account, struct span span, const char *fingerprint) {
    const struct source *source = source_get(account->session->sources, span.file);
    struct place place = source_place(account->session->sources, span.file, span.start);
    account_add_text(account, "file", NULL, source->path);
    account_add_fact(account, "line", NULL, type_of_kind(TYPE_INT), value_int(place.line), NULL);
    account_add_text(account, NULL, "declared", arena_format(account->arena, "%s:%u", source->path, place.line));
    account_add_text(account, "policy", "SHA-256", fingerprint);
}

/* ---- all of it ---- */

bool session_why(struct session *session, const struct tcommand *command, struct failure *failure) {
    struct trule *rule = program_find_rule(session->program, command->name);
    struct tmandate *mandate = program_find_mandate(session->program, command->name);
    struct value period = value_missing();
    int64_t id;
    if (!find_element(session, command, rule ? rule->record : mandate->record, &id, failure) || (command->period && !session_evaluate(session, command->period, &period, failure)))
        return false;
    struct account *account = rule ? account_of_rule(session, rule, id, failure) : account_of_mandate(session, mandate, id, asked_day(period), failure);
    if (!account)
        return false;
    account->asked = command->negated ? "why not" : "why";
    account->is_turned = account->holds ? command->negated : rule && !command->negated; /* what is required may be asked about whether it is met or not */
    bool good = (account->holds || !account_fails(account) || account_find_mends(account, failure)) && account_show(account, failure);
    account_destroy(account);
    return good;
}
