/* The terms of the policy book: domains and who holds them, bodies and people, record types. See book_inside.h. */
#include "runtime/engine/book_inside.h"

#include <string.h>

static bool is_of(const struct tinstance *instance, const char *record) {
    return instance->key && strcmp(instance->record->name, record) == 0;
}

/* The offices that hold the domain by that field, or one that it lies within. */
static const char *holders_of(struct making *making, const char *domain, const char *field) {
    const struct program *program = making->session->program;
    enum { DEPTH_MAX = 16 };
    struct buffer out = {0};
    for (int depth = 0; domain && depth < DEPTH_MAX; depth++) {
        for (int i = 0; i < program->instances.count; i++)
            if (is_of(program->instances.items[i], "office") && holds_key(program->instances.items[i], field, domain) && !strstr(buffer_string(&out), program->instances.items[i]->key))
                buffer_add_format(&out, "%s%s", out.length ? ", " : "", program->instances.items[i]->key);
        domain = field_key(find_declared(making, "domain", domain), "parent");
    }
    bool is_empty = out.length == 0;
    const char *words = taken(making, &out);
    return is_empty ? NULL : words;
}

static void make_domains(struct making *making) {
    const struct program *program = making->session->program;
    static const char *const head[] = {"Domain", "Lies within", "Who may require", "Who may advise"};
    bool any = false;
    for (int i = 0; i < program->instances.count; i++) {
        const struct tinstance *domain = program->instances.items[i];
        if (!is_of(domain, "domain"))
            continue;
        if (!any) {
            make_heading(making, 3, NULL, "Domains");
            make_row(making, 4, head);
        }
        any = true;
        const char *parent = field_key(domain, "parent"), *title = domain->title ? arena_format(making->arena, "%s (`%s`)", domain->title, domain->key) : domain->key;
        const char *cells[] = {title, parent ? title_of(making, "domain", parent) : NULL, holders_of(making, domain->key, "mandates"), holders_of(making, domain->key, "advises")};
        make_row(making, 4, cells);
    }
}

/* Is it among them? */
static bool is_among(const struct tactor *actors, int count, const char *key) {
    for (int i = 0; i < count; i++)
        if (strcmp(actors[i].key, key) == 0)
            return true;
    return false;
}

static bool waives(const struct tmandate *mandate, const char *key) {
    return is_among(mandate->granters, mandate->granter_count, key);
}

static bool endorses(const struct tmandate *mandate, const char *key) {
    return is_among(mandate->endorsers, mandate->endorser_count, key);
}

static bool hears_of(const struct tmandate *mandate, const char *key) {
    return mandate->escalated_to.key && is_among(&mandate->escalated_to, 1, key);
}

/* "may waive `a`, `b`; hears of breaches of `c`". */
static const char *parts_in_mandates(struct making *making, const char *key) {
    static const struct {
        const char *words;
        bool (*is)(const struct tmandate *mandate, const char *key);
    } parts[] = {{"may waive", waives}, {"endorses waivers of", endorses}, {"hears of breaches of", hears_of}};
    const struct program *program = making->session->program;
    struct buffer out = {0};
    for (size_t p = 0; p < sizeof parts / sizeof *parts; p++)
        for (int i = 0, any = 0; i < program->mandates.count; i++)
            if (parts[p].is(program->mandates.items[i], key)) {
                if (any++)
                    buffer_add_format(&out, ", `%s`", program->mandates.items[i]->name);
                else
                    buffer_add_format(&out, "%s%s `%s`", out.length ? "; " : "", parts[p].words, program->mandates.items[i]->name);
            }
    bool is_empty = out.length == 0;
    const char *words = taken(making, &out);
    return is_empty ? NULL : words;
}

static void make_bodies(struct making *making) {
    const struct program *program = making->session->program;
    static const char *const head[] = {"Who", "Members", "Chair", "Its part"};
    bool any = false;
    for (int i = 0; i < program->instances.count; i++) {
        const struct tinstance *body = program->instances.items[i];
        bool is_body = is_of(body, "body");
        const char *parts = is_body || is_of(body, "person") ? parts_in_mandates(making, body->key) : NULL;
        if (!is_body && !parts)
            continue;
        if (!any) {
            make_heading(making, 3, NULL, "Bodies and people");
            make_row(making, 4, head);
        }
        any = true;
        const char *chair = is_body ? field_key(body, "chair") : NULL;
        const char *cells[] = {body->title ? arena_format(making->arena, "%s (`%s`)", body->title, body->key) : body->key, is_body ? field_titles(making, body, "members", "person") : NULL,
                               chair ? title_of(making, "person", chair) : NULL, parts};
        make_row(making, 4, cells);
    }
}

/* ---- records ---- */

static bool is_prelude(const struct making *making, struct span span) {
    return strcmp(source_get(making->session->sources, span.file)->path, "<prelude>") == 0;
}

/* What the prelude has is told by the reference; here stands what modules and the office added. */
static bool is_told(const struct making *making, const struct field *field) {
    return field->index >= FIELD_FIRST_OWN && field->kind != FIELD_INVERSE && !is_prelude(making, field->span);
}

static void make_field(struct making *making, const struct field *field) {
    const char *value = field->kind == FIELD_DERIVED && field->value ? arena_format(making->arena, "`%s`", source_quote(making->arena, making->session->sources, field->value->span)) : NULL;
    const char *doc = field->doc && value ? arena_format(making->arena, "%s %s", field->doc, value) : field->doc ? field->doc : value;
    const char *cells[] = {arena_format(making->arena, "`%s`", field->name), type_text(making->arena, field->type), doc ? doc : ""};
    make_row(making, 3, cells);
}

static void make_record(struct making *making, const struct record_type *record) {
    static const char *const head[] = {"Field", "Type", "What it is"};
    bool any = false;
    for (int i = 0; i < record->field_count; i++) {
        if (!is_told(making, record->fields[i]))
            continue;
        if (!any) {
            make_heading(making, 4, make_id(making, "record", record->name), "%s (`%s`)", record->title ? record->title : record->name, record->name);
            if (record->doc)
                make_text(making, "%s", record->doc);
            make_row(making, 3, head);
        }
        any = true;
        make_field(making, record->fields[i]);
    }
}

void make_terms(struct making *making) {
    const struct program *program = making->session->program;
    bool any = false;
    make_heading(making, 2, "terms", "Domains, bodies and records");
    make_domains(making);
    make_bodies(making);
    for (int r = 0; r < program->records.count; r++)
        for (int f = 0; f < program->records.items[r]->field_count && !any; f++)
            any = is_told(making, program->records.items[r]->fields[f]);
    if (any)
        make_heading(making, 3, NULL, "Records");
    for (int r = 0; r < program->records.count; r++)
        make_record(making, program->records.items[r]);
}
