/* Authority: which office may require what, by the domains that it holds, and while it exists.
 *
 * An office holds the domains of its `mandates`, on which it may require (`shall`), and of its `advises`, on which it may advise (`should`), with all that lie below them. Offices and
 * domains are those that the policy declares, and those that stand in the store only.
 *
 * Knows: offices, domains, mandates. Does not know: what mandates require. */
#include "lang/base/text.h"
#include "lang/check/checker.h"

#include <string.h>

struct domain {
    const char *key; /* interned */
    struct span span;
    bool has_span;
    int parent;      /* position, or -1 */
};
struct remit_office {
    const char *key;
    struct span span;
    bool has_span;
    bool *mandates, *advises; /* by position of domains, those below included */
    const char **held, **advised; /* as said */
    int held_count, advised_count;
    int64_t begins, ends;
};
struct authority {
    struct checker *checker;
    struct record_type *office, *domain;
    LIST_OF(struct domain) domains;
    LIST_OF(struct remit_office) offices;
};

/* ---- what is declared, and what the store has ---- */

static const struct tinstance *find_instance(const struct authority *authority, const struct record_type *record, const char *key) {
    const struct program *program = authority->checker->program;
    for (int i = program->instances.count - 1; i >= 0; i--)
        if (program->instances.items[i]->record == record && program->instances.items[i]->key == key)
            return program->instances.items[i];
    return NULL;
}

static const struct tassignment *find_assignment(const struct tinstance *instance, const char *field) {
    for (int i = 0; instance && i < instance->assignment_count; i++)
        if (strcmp(instance->assignments[i].field->name, field) == 0)
            return &instance->assignments[i];
    return NULL;
}

struct visit {
    struct authority *authority;
    LIST_OF(const char *) keys;
};

static void add_key(void *context, const char *key) {
    struct visit *visit = context;
    struct checker *checker = visit->authority->checker;
    key = intern_string(checker->names, key);
    for (int i = 0; i < visit->keys.count; i++)
        if (visit->keys.items[i] == key)
            return;
    LIST_ADD(checker->arena, &visit->keys, key);
}

/* All keys of the record type: declared ones first, as they are declared. */
static struct visit all_keys(struct authority *authority, const struct record_type *record) {
    struct checker *checker = authority->checker;
    struct visit visit = {.authority = authority};
    for (int i = 0; i < checker->program->instances.count; i++)
        if (checker->program->instances.items[i]->record == record && checker->program->instances.items[i]->key)
            add_key(&visit, checker->program->instances.items[i]->key);
    if (checker->world && checker->world->each_key)
        checker->world->each_key(checker->world->context, record->name, add_key, &visit);
    return visit;
}

/* The keys that a reference or a set holds: of the declaration, which the store is brought in step with, or else of the store's row. */
static const char **keys_of_field(struct authority *authority, const struct record_type *record, const char *key, const char *field, int *count) {
    struct checker *checker = authority->checker;
    const struct tinstance *instance = find_instance(authority, record, key);
    const struct tassignment *assignment = find_assignment(instance, field);
    struct visit visit = {.authority = authority};
    if (assignment && assignment->value->kind == TEXPR_LIST) {
        for (int i = 0; i < assignment->value->argument_count; i++)
            if (assignment->value->arguments[i]->kind == TEXPR_REFERENCE)
                add_key(&visit, assignment->value->arguments[i]->text);
    } else if (assignment && assignment->value->kind == TEXPR_REFERENCE)
        add_key(&visit, assignment->value->text);
    else if (!assignment && checker->world && checker->world->keys_of_field)
        checker->world->keys_of_field(checker->world->context, record->name, key, field, add_key, &visit);
    *count = visit.keys.count;
    return visit.keys.items;
}

static int64_t day_of_field(struct authority *authority, const struct record_type *record, const char *key, const char *field, int64_t otherwise) {
    struct checker *checker = authority->checker;
    const struct tassignment *assignment = find_assignment(find_instance(authority, record, key), field);
    int64_t day;
    if (assignment)
        return assignment->value->kind == TEXPR_CONSTANT ? assignment->value->constant.integer : otherwise;
    if (checker->world && checker->world->day_of_field && checker->world->day_of_field(checker->world->context, record->name, key, field, &day))
        return day;
    return otherwise;
}

static bool declared_at(struct authority *authority, const struct record_type *record, const char *key, struct span *span) {
    const struct declared_key *declared = key_find(authority->checker, record, key);
    if (!declared)
        return false;
    *span = declared->span;
    return true;
}

/* ---- domains ---- */

static int find_domain(const struct authority *authority, const char *key) {
    for (int i = 0; i < authority->domains.count; i++)
        if (authority->domains.items[i].key == key)
            return i;
    return -1;
}

static bool lies_in_itself(const struct authority *authority, int domain) {
    int at = authority->domains.items[domain].parent;
    for (int steps = 0; at >= 0 && at != domain && steps < authority->domains.count; steps++)
        at = authority->domains.items[at].parent;
    return at == domain;
}

/* A domain that lies within itself is said, and then lies within nothing. */
static void break_circles(struct authority *authority) {
    for (int i = 0; i < authority->domains.count; i++) {
        struct domain *domain = &authority->domains.items[i];
        if (!lies_in_itself(authority, i))
            continue;
        if (domain->has_span)
            diagnostic_add(authority->checker->diagnostics, DIAG_DOMAIN_IN_ITSELF, domain->span, domain->key);
        domain->parent = -1;
    }
}

static void read_domains(struct authority *authority) {
    struct visit keys = all_keys(authority, authority->domain);
    for (int i = 0; i < keys.keys.count; i++) {
        struct domain domain = {.key = keys.keys.items[i], .parent = -1};
        domain.has_span = declared_at(authority, authority->domain, domain.key, &domain.span);
        LIST_ADD(authority->checker->arena, &authority->domains, domain);
    }
    for (int i = 0; i < authority->domains.count; i++) {
        int count;
        const char **parents = keys_of_field(authority, authority->domain, authority->domains.items[i].key, "parent", &count);
        authority->domains.items[i].parent = count ? find_domain(authority, parents[0]) : -1;
    }
    break_circles(authority);
}

/* ---- offices ---- */

static bool *domains_below(struct authority *authority, const char **keys, int count) {
    bool *held = ARENA_ARRAY(authority->checker->arena, bool, authority->domains.count + 1);
    for (int i = 0; i < authority->domains.count; i++)
        for (int at = i; at >= 0 && !held[i]; at = authority->domains.items[at].parent)
            for (int k = 0; k < count; k++)
                held[i] = held[i] || keys[k] == authority->domains.items[at].key;
    return held;
}

static void read_offices(struct authority *authority) {
    struct visit keys = all_keys(authority, authority->office);
    for (int i = 0; i < keys.keys.count; i++) {
        struct remit_office office = {.key = keys.keys.items[i]};
        office.has_span = declared_at(authority, authority->office, office.key, &office.span);
        office.held = keys_of_field(authority, authority->office, office.key, "mandates", &office.held_count);
        office.advised = keys_of_field(authority, authority->office, office.key, "advises", &office.advised_count);
        office.mandates = domains_below(authority, office.held, office.held_count);
        office.advises = domains_below(authority, office.advised, office.advised_count);
        office.begins = day_of_field(authority, authority->office, office.key, "begins", INT64_MIN);
        office.ends = day_of_field(authority, authority->office, office.key, "ends", INT64_MAX);
        LIST_ADD(authority->checker->arena, &authority->offices, office);
    }
}

static const struct remit_office *find_office(const struct authority *authority, const char *key) {
    for (int i = 0; i < authority->offices.count; i++)
        if (strcmp(authority->offices.items[i].key, key) == 0)
            return &authority->offices.items[i];
    return NULL;
}

/* ---- words ---- */

static void write_key(struct buffer *out, const char *key, int position, int count) {
    buffer_add_format(out, "%s`%s`", position == 0 ? "" : position == count - 1 ? " and " : ", ", key);
}

/* "mandates `delivery` and advises on `reporting`" */
static const char *remit_words(struct authority *authority, const struct remit_office *office) {
    struct buffer out = {0};
    if (!office->held_count && !office->advised_count)
        buffer_add_string(&out, "holds no domain");
    if (office->held_count)
        buffer_add_string(&out, "mandates on ");
    for (int i = 0; i < office->held_count; i++)
        write_key(&out, office->held[i], i, office->held_count);
    if (office->advised_count)
        buffer_add_format(&out, "%sadvises on ", office->held_count ? " and " : "");
    for (int i = 0; i < office->advised_count; i++)
        write_key(&out, office->advised[i], i, office->advised_count);
    const char *words = arena_copy_string(authority->checker->arena, buffer_string(&out));
    buffer_free(&out);
    return words;
}

static int count_holders(const struct authority *authority, int domain) {
    int count = 0;
    for (int i = 0; i < authority->offices.count; i++)
        count += domain >= 0 && authority->offices.items[i].mandates[domain];
    return count;
}

/* "`CMO`", "`CMO` and `PMO`": who may mandate on the domain, or NULL. */
static const char *holder_words(struct authority *authority, int domain) {
    struct buffer out = {0};
    int count = count_holders(authority, domain), written = 0;
    for (int i = 0; i < authority->offices.count; i++)
        if (domain >= 0 && authority->offices.items[i].mandates[domain])
            write_key(&out, authority->offices.items[i].key, written++, count);
    const char *words = count ? arena_copy_string(authority->checker->arena, buffer_string(&out)) : NULL;
    buffer_free(&out);
    return words;
}

/* ---- mandates ---- */

static void hint_authority(struct authority *authority, struct diagnostic *said, const struct tmandate *mandate, const struct remit_office *office, int domain) {
    struct diagnostics *diagnostics = authority->checker->diagnostics;
    const char *holders = holder_words(authority, domain);
    bool may_advise = domain >= 0 && office->advises[domain];
    /* One that is in the store alone has no place to be shown at. */
    const char *stored = office->has_span ? "" : arena_format(authority->checker->arena, "`%s`, as the store has it, %s. ", office->key, remit_words(authority, office));
    if (mandate->is_mandatory && may_advise)
        diagnostic_hint(diagnostics, said, "%s`%s` advises there: write `should`, or let %s require it.", stored, office->key, holders ? holders : "the office that is given the domain");
    else if (holders)
        diagnostic_hint(diagnostics, said, count_holders(authority, domain) > 1 ? "%s%s mandate there: the mandate is theirs to make." : "%s%s mandates there: the mandate is that office's to make.", stored, holders);
    else
        diagnostic_hint(diagnostics, said, "%sNo office holds it. If it is for `%s` to decide, write `office %s \"…\" { %s: [%s] }`.", stored, office->key, office->key, mandate->is_mandatory ? "mandates" : "advises", mandate->domain);
}

static bool is_allowed(struct authority *authority, const struct tmandate *mandate, const struct remit_office *office) {
    int domain = find_domain(authority, intern_string(authority->checker->names, mandate->domain));
    bool holds = domain >= 0 && (office->mandates[domain] || (!mandate->is_mandatory && office->advises[domain]));
    if (holds)
        return true;
    enum diagnostic_code code = mandate->is_mandatory ? DIAG_OUTSIDE_AUTHORITY : DIAG_OUTSIDE_ADVICE;
    struct diagnostic *said = diagnostic_add(authority->checker->diagnostics, code, mandate->name_span, office->key, mandate->domain);
    if (office->has_span)
        diagnostic_second(authority->checker->diagnostics, said, office->span, "`%s` is declared here, and %s", office->key, remit_words(authority, office));
    hint_authority(authority, said, mandate, office, domain);
    return false;
}

/* A day that `effective` says and on which there is no office. */
static void warn_beyond(struct authority *authority, const struct tmandate *mandate, const struct remit_office *office, bool is_end) {
    struct diagnostics *diagnostics = authority->checker->diagnostics;
    struct buffer stated = {0}, lived = {0};
    date_write(&stated, is_end ? mandate->effective_until : mandate->effective_from);
    date_write(&lived, is_end ? office->ends : office->begins);
    const char *word = is_end ? "until" : "from";
    struct diagnostic *said = diagnostic_add(diagnostics, DIAG_EFFECTIVE_BEYOND_OFFICE, mandate->effective_span, mandate->name, word, buffer_string(&stated), office->key,
                                             is_end ? "ends on" : "begins on", buffer_string(&lived));
    if (office->has_span)
        diagnostic_second(diagnostics, said, office->span, "`%s` is declared here", office->key);
    diagnostic_hint(diagnostics, said, "It is in force while its office exists: write `%s %s`, or leave the day out.", word, buffer_string(&lived));
    buffer_free(&stated);
    buffer_free(&lived);
}

/* A mandate is in force while its office exists. What `effective` says beyond that means nothing. */
static bool keep_within_life(struct authority *authority, struct tmandate *mandate, const struct remit_office *office) {
    bool says_from = mandate->effective_from != INT64_MIN, says_until = mandate->effective_until != INT64_MAX;
    bool is_ever = office->begins <= mandate->effective_until && office->ends >= mandate->effective_from;
    mandate->begins_with_office = office->begins > mandate->effective_from;
    mandate->ends_with_office = office->ends < mandate->effective_until;
    if (is_ever && says_from && mandate->begins_with_office)
        warn_beyond(authority, mandate, office, false);
    if (is_ever && says_until && mandate->ends_with_office)
        warn_beyond(authority, mandate, office, true);
    if (mandate->begins_with_office)
        mandate->effective_from = office->begins;
    if (mandate->ends_with_office)
        mandate->effective_until = office->ends;
    if (mandate->effective_from <= mandate->effective_until)
        return true;
    struct buffer day = {0};
    bool has_ended = office->ends < mandate->effective_from;
    date_write(&day, has_ended ? office->ends : office->begins);
    struct diagnostic *said = diagnostic_add(authority->checker->diagnostics, DIAG_OFFICE_NOT_THERE, mandate->name_span, office->key, has_ended ? "ends on" : "begins on", buffer_string(&day),
                                             has_ended ? "before" : "after");
    if (office->has_span)
        diagnostic_second(authority->checker->diagnostics, said, office->span, "`%s` is declared here", office->key);
    buffer_free(&day);
    return false;
}

static void check_mandates(struct authority *authority, int first) {
    struct program *program = authority->checker->program;
    for (int i = first; i < program->mandates.count; i++) {
        struct tmandate *mandate = program->mandates.items[i];
        const struct remit_office *office = find_office(authority, mandate->office);
        if (office && is_allowed(authority, mandate, office) && keep_within_life(authority, mandate, office)) {
            budget_renew(authority->checker);
            mandate_make_questions(authority->checker, mandate);
        }
    }
}

/* ---- domains that several hold, and that none holds ---- */

static bool exist_together(const struct remit_office *a, const struct remit_office *b) {
    return a->begins <= b->ends && b->begins <= a->ends;
}

/* Said of the outermost domain only: what lies below is contested with it. */
static void tell_contested(struct authority *authority) {
    for (int a = 0; a < authority->offices.count; a++)
        for (int b = a + 1; b < authority->offices.count; b++)
            for (int d = 0; d < authority->domains.count; d++) {
                const struct remit_office *one = &authority->offices.items[a], *other = &authority->offices.items[b];
                const struct domain *domain = &authority->domains.items[d];
                bool is_outermost = domain->parent < 0 || !one->mandates[domain->parent] || !other->mandates[domain->parent];
                if (!one->mandates[d] || !other->mandates[d] || !is_outermost || !exist_together(one, other) || !other->has_span)
                    continue;
                struct diagnostic *said = diagnostic_add(authority->checker->diagnostics, DIAG_DOMAIN_CONTESTED, other->span, domain->key, one->key, other->key);
                if (one->has_span)
                    diagnostic_second(authority->checker->diagnostics, said, one->span, "`%s` is declared here, and %s", one->key, remit_words(authority, one));
                diagnostic_hint(authority->checker->diagnostics, said, "Let one of them mandate and the other advise, or divide the domain: `domain … { parent: %s }`.", domain->key);
            }
}

/* Nobody holds the domain, or anything that lies below it. */
static bool is_bare(const struct authority *authority, int domain) {
    if (count_holders(authority, domain))
        return false;
    for (int i = 0; i < authority->domains.count; i++)
        if (authority->domains.items[i].parent == domain && !is_bare(authority, i))
            return false;
    return true;
}

/* Something is said on the domain itself, or is meant to be. */
static bool is_used(const struct authority *authority, int domain) {
    const struct program *program = authority->checker->program;
    const char *key = authority->domains.items[domain].key;
    for (int i = 0; i < program->rules.count; i++)
        if (program->rules.items[i]->domain && strcmp(program->rules.items[i]->domain, key) == 0)
            return true;
    for (int i = 0; i < program->mandates.count; i++)
        if (strcmp(program->mandates.items[i]->domain, key) == 0)
            return true;
    for (int i = 0; i < authority->offices.count; i++)
        for (int a = 0; a < authority->offices.items[i].advised_count; a++)
            if (authority->offices.items[i].advised[a] == key)
                return true;
    return false;
}

/* Of domains below one another of which nobody holds any, the outermost is told: who is given that has them all. One of which some part is held may only be there to keep its parts together:
 * it is told when an office advises on it, or something is declared on it. */
static bool is_orphaned(const struct authority *authority, int domain) {
    int parent = authority->domains.items[domain].parent;
    if (is_bare(authority, domain))
        return parent < 0 || !is_bare(authority, parent);
    return !count_holders(authority, domain) && is_used(authority, domain);
}

/* Where no office holds anything, authority has no part in the policy. */
static void tell_orphaned(struct authority *authority) {
    bool any = authority->checker->program->mandates.count > 0;
    for (int i = 0; i < authority->offices.count; i++)
        any = any || authority->offices.items[i].held_count > 0;
    for (int d = 0; any && d < authority->domains.count; d++) {
        const struct domain *domain = &authority->domains.items[d];
        if (!domain->has_span || !is_orphaned(authority, d))
            continue;
        struct diagnostic *said = diagnostic_add(authority->checker->diagnostics, DIAG_DOMAIN_ORPHANED, domain->span, domain->key);
        diagnostic_hint(authority->checker->diagnostics, said, "Nothing can be required there. Give it to an office: `office … { mandates: [%s] }`.", domain->key);
    }
}

static bool declares_any(const struct checker *checker, const struct authority *authority, int first_instance) {
    for (int i = first_instance; i < checker->program->instances.count; i++)
        if (checker->program->instances.items[i]->record == authority->office || checker->program->instances.items[i]->record == authority->domain)
            return true;
    return false;
}

void check_authority(struct checker *checker, int first_mandate, int first_instance) {
    struct authority authority = {.checker = checker, .office = program_find_record(checker->program, "office"), .domain = program_find_record(checker->program, "domain")};
    bool has_new = authority.office && authority.domain && declares_any(checker, &authority, first_instance);
    if (!authority.office || !authority.domain || (!has_new && checker->program->mandates.count == first_mandate))
        return;
    read_domains(&authority);
    read_offices(&authority);
    check_mandates(&authority, first_mandate);
    if (has_new) {
        tell_contested(&authority);
        tell_orphaned(&authority);
    }
}
