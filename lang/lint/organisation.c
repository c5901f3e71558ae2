/* The organisation as it is declared: offices, domains, bodies; and waivers, as declared data.
 * Contested domains and those that no office holds are for the checker to say (authority.c).
 * Knows: instances, mandates. Does not know: what a store holds. */
#include "lang/lint/linter.h"

#include "lang/base/civil.h"
#include <string.h>

enum { WAIVER_SOON_DAYS = 30 };

static bool is_of(const struct tinstance *instance, const char *record) {
    return strcmp(instance->record->name, record) == 0;
}

/* The place of the key, or of the whole where it has none. */
static struct span key_place(const struct linter *linter, const struct tinstance *instance) {
    const char *text = source_get(linter->input->sources, instance->span.file)->text;
    struct span span = instance->span;
    span.end = span.start + (uint32_t)strcspn(text + span.start, "{\n");
    while (span.end > span.start && text[span.end - 1] == ' ')
        span.end--;
    return span;
}

static bool is_in_set(const struct tassignment *assignment, const char *key) {
    const struct texpr *list = assignment ? assignment->value : NULL;
    for (int i = 0; list && list->kind == TEXPR_LIST && i < list->argument_count; i++)
        if (list->arguments[i]->kind == TEXPR_REFERENCE && strcmp(list->arguments[i]->text, key) == 0)
            return true;
    return false;
}

static int set_count(const struct tassignment *assignment) {
    return assignment && assignment->value && assignment->value->kind == TEXPR_LIST ? assignment->value->argument_count : 0;
}

/* ---- offices, domains, bodies ---- */

static bool names_text(struct node *node, void *context) {
    const char **wanted = context; /* [0]: the text; [1]: where it was found */
    const char *words = node->kind == NODE_TEXT_LITERAL ? node_words(node) : NULL;
    if (words && strcmp(words, wanted[0]) == 0)
        wanted[1] = words;
    return true;
}

/* Waivers name who granted them in a text. */
static bool is_named_in_texts(const struct linter *linter, const char *key) {
    const char *wanted[2] = {key, NULL};
    for (int f = 0; f < linter->input->file_count && !wanted[1]; f++)
        if (!linter->input->files[f].is_library)
            lint_walk(linter->input->files[f].tree, names_text, wanted);
    return wanted[1] != NULL;
}

static bool is_named(const struct linter *linter, const char *key, struct span own) {
    for (int i = 0; i < linter->names.count; i++)
        if (strcmp(linter->names.items[i].text, key) == 0 && !span_holds(own, linter->names.items[i].span))
            return true;
    return is_named_in_texts(linter, key);
}

static void look_at_office(struct linter *linter, const struct tinstance *office) {
    if (office->key && set_count(instance_value(office, "mandates")) + set_count(instance_value(office, "advises")) == 0 && !is_named(linter, office->key, office->span))
        lint_say(linter, LINT_OFFICE_WITHOUT_REMIT, key_place(linter, office), office->key);
}

static bool has_policy_on(const struct program *program, const char *domain) {
    for (int i = 0; i < program->rules.count; i++)
        if (program->rules.items[i]->domain && strcmp(program->rules.items[i]->domain, domain) == 0)
            return true;
    for (int i = 0; i < program->mandates.count; i++)
        if (program->mandates.items[i]->domain && strcmp(program->mandates.items[i]->domain, domain) == 0)
            return true;
    for (int i = 0; i < program->instances.count; i++) { /* a domain with parts stands for them */
        const char *parent = is_of(program->instances.items[i], "domain") ? instance_text(program->instances.items[i], "parent") : NULL;
        if (parent && strcmp(parent, domain) == 0)
            return true;
    }
    return false;
}

static void look_at_domain(struct linter *linter, const struct tinstance *domain) {
    if (domain->key && !has_policy_on(linter->program, domain->key))
        lint_say(linter, LINT_DOMAIN_WITHOUT_POLICY, key_place(linter, domain), domain->key);
}

static void look_at_body(struct linter *linter, const struct tinstance *body) {
    const struct tassignment *members = instance_value(body, "members"), *quorum = instance_value(body, "quorum"), *chair = instance_value(body, "chair");
    const char *chair_key = instance_text(body, "chair");
    if (body->key && !is_named(linter, body->key, body->span))
        lint_say(linter, LINT_ORPHAN_BODY, key_place(linter, body), body->key);
    bool is_counted = quorum && quorum->value && quorum->value->kind == TEXPR_CONSTANT;
    if (is_counted && set_count(members) && quorum->value->constant.integer > set_count(members))
        lint_say(linter, LINT_QUORUM_TOO_HIGH, quorum->span, body->key ? body->key : "the body", (long long)quorum->value->constant.integer, set_count(members));
    if (chair_key && set_count(members) && !is_in_set(members, chair_key))
        lint_say(linter, LINT_CHAIR_NO_MEMBER, chair->span, chair_key, body->key ? body->key : "the body");
}

/* ---- waivers ---- */

static bool may_grant(const struct tmandate *mandate, const char *granter) {
    for (int i = 0; i < mandate->granter_count; i++)
        if (strcmp(mandate->granters[i].key, granter) == 0)
            return true;
    return false;
}

/* The last day up to which a waiver from that day may run; INT64_MAX where it is not said, or counted in working days. */
static int64_t longest_until(const struct tmandate *mandate, int64_t from) {
    int64_t until;
    switch (mandate->waived_up_to.amount ? mandate->waived_up_to.kind : TYPE_NOTHING) {
    case TYPE_DURATION: return from + mandate->waived_up_to.amount / DAY_SECONDS;
    case TYPE_SPAN: return day_add_months(from, mandate->waived_up_to.amount, &until) ? until : INT64_MAX;
    default: return INT64_MAX;
    }
}

/* Why it does not count; NULL where it may. */
static const char *flaw_of(struct linter *linter, const struct tinstance *waiver, const struct tmandate *mandate, const char *name) {
    const char *granter = instance_text(waiver, "granted_by");
    int64_t from, until;
    if (!mandate)
        return arena_format(linter->arena, "there is no mandate `%s`", name);
    if (mandate->granter_count == 0)
        return arena_format(linter->arena, "`%s` cannot be waived", name);
    if (granter && !may_grant(mandate, granter))
        return arena_format(linter->arena, "`%s` may not waive `%s`", granter, name);
    if (instance_day(waiver, "from", &from) && instance_day(waiver, "until", &until)) {
        if (until < from)
            return "it ends before it begins";
        if (until > longest_until(mandate, from))
            return arena_format(linter->arena, "it may run until %s at the most", day_text(linter->arena, longest_until(mandate, from)));
    }
    return NULL;
}

static void look_at_waiver(struct linter *linter, const struct tinstance *waiver) {
    const char *name = instance_text(waiver, "mandate");
    int64_t until;
    if (!name)
        return;
    const char *flaw = flaw_of(linter, waiver, program_find_mandate(linter->program, name), name);
    if (flaw) {
        lint_say(linter, LINT_WAIVER_WITHOUT_EFFECT, key_place(linter, waiver), flaw);
        return;
    }
    if (!instance_day(waiver, "until", &until) || until > linter->input->today + WAIVER_SOON_DAYS)
        return;
    const char *words = until < linter->input->today ? "has ended" : "ends soon";
    lint_say(linter, LINT_WAIVER_ENDS, instance_value(waiver, "until")->span, name, words, day_text(linter->arena, until));
}

static void look_at_instance(struct linter *linter, const struct tinstance *instance) {
    if (!is_own_file(linter, instance->span.file))
        return;
    if (is_of(instance, "office"))
        look_at_office(linter, instance);
    else if (is_of(instance, "domain"))
        look_at_domain(linter, instance);
    else if (is_of(instance, "body"))
        look_at_body(linter, instance);
    else if (is_of(instance, "waiver"))
        look_at_waiver(linter, instance);
}

void lint_organisation(struct linter *linter) {
    const struct program *program = linter->program;
    for (int i = 0; i < program->instances.count; i++)
        look_at_instance(linter, program->instances.items[i]);
    for (int i = 0; i < program->commands.count; i++)
        if (program->commands.items[i]->kind == COMMAND_ADD && program->commands.items[i]->instance)
            look_at_instance(linter, program->commands.items[i]->instance);
}
