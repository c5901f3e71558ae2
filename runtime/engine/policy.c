/* The policy set that is kept with the data: which one it is, and when another takes its place.
 * A run's own declarations take it, unless they hold no rules while the store's set does, or that holds mandates and stands in other files, or was brought by `remit apply`: a script that defines something
 * for itself does not do away with an office's rules.
 * Knows: files of policies. Does not know: what they mean. */
#include "lang/format/format.h"
#include "runtime/engine/scratch.h"
#include "runtime/engine/session.h"

#include <sha2.h>
#include <string.h>

static const char *hash_span(struct session *session, struct span span) {
    const struct source *source = source_get(session->sources, span.file);
    char hex[SHA256_DIGEST_STRING_LENGTH];
    SHA256Data((const uint8_t *)source->text + span.start, span.end - span.start, hex);
    return arena_copy_string(session->arena, hex);
}

const char *session_instance_fingerprint(struct session *session, const struct tinstance *instance) {
    const char *words = source_quote(session->arena, session->sources, instance->span);
    char hex[SHA256_DIGEST_STRING_LENGTH];
    SHA256Data((const uint8_t *)words, strlen(words), hex);
    return arena_copy_string(session->arena, hex);
}

const char *session_rule_fingerprint(struct session *session, struct trule *rule) {
    if (!rule->fingerprint)
        rule->fingerprint = hash_span(session, rule->span);
    return rule->fingerprint;
}

const char *session_mandate_fingerprint(struct session *session, struct tmandate *mandate) {
    if (!mandate->fingerprint)
        mandate->fingerprint = hash_span(session, mandate->span);
    return mandate->fingerprint;
}

bool session_is_own(const struct session *session, struct span span) {
    const char *path = source_get(session->sources, span.file)->path;
    for (int i = 0; i < session->policy.count; i++)
        if (strcmp(session->policy.items[i].path, path) == 0)
            return true;
    return false;
}

/* Over paths and texts. */
static const char *hash_texts(struct session *session) {
    SHA2_CTX context;
    SHA256Init(&context);
    for (int i = 0; i < session->policy.count; i++) {
        const struct policy_file *file = &session->policy.items[i];
        SHA256Update(&context, (const uint8_t *)file->path, strlen(file->path) + 1);
        SHA256Update(&context, (const uint8_t *)file->text, strlen(file->text) + 1);
    }
    char hex[SHA256_DIGEST_STRING_LENGTH];
    return arena_copy_string(session->arena, SHA256End(&context, hex));
}

/* Over the canonical texts without comments and empty lines, in the order of the files, whatever these are called: what is the same here is the same policy. */
static const char *hash_meaning(struct session *session) {
    SHA2_CTX context;
    SHA256Init(&context);
    struct arena *scratch = arena_create();
    for (int i = 0; i < session->policy.count; i++) {
        const struct policy_file *file = &session->policy.items[i];
        struct source_set *sources = source_set_create(scratch);
        struct diagnostics *unheard = diagnostics_create(scratch, sources);
        struct parse parse = parse_source(scratch, session->names, unheard, source_add(sources, file->path, file->text, strlen(file->text)), PARSE_PROGRAM);
        struct buffer meaning = {0};
        format_meaning(&meaning, &parse, file->text);
        SHA256Update(&context, (const uint8_t *)buffer_string(&meaning), meaning.length + 1);
        buffer_free(&meaning);
    }
    arena_destroy(scratch);
    char hex[SHA256_DIGEST_STRING_LENGTH];
    return arena_copy_string(session->arena, SHA256End(&context, hex));
}

static bool is_mandate(enum node_kind kind) {
    return kind == NODE_MANDATE;
}

static bool is_rule(enum node_kind kind) {
    return kind == NODE_RULE || kind == NODE_MANDATE;
}

/* What would be gone with the policy set: not so the records that it declared, which stay in the store. */
static bool is_policy(enum node_kind kind) {
    return kind != NODE_INSTANCE && kind != NODE_LANGUAGE && kind != NODE_INCLUDE;
}

static bool hold_any(struct session *session, const struct policy_file *files, int count, bool (*is_wanted)(enum node_kind kind)) {
    bool found = false;
    struct arena *scratch = arena_create();
    for (int f = 0; f < count && !found; f++) {
        struct source_set *sources = source_set_create(scratch);
        struct diagnostics *unheard = diagnostics_create(scratch, sources);
        uint32_t file = source_add(sources, files[f].path, files[f].text, strlen(files[f].text));
        struct node_list items = AS(program, PROGRAM, parse_source(scratch, session->names, unheard, file, PARSE_PROGRAM).tree)->items;
        for (int i = 0; i < items.count; i++)
            found = found || is_wanted(items.items[i]->kind);
    }
    arena_destroy(scratch);
    return found;
}

static bool is_among(const struct policy_file *wanted, const struct policy_file *files, int count) {
    for (int i = 0; i < count; i++)
        if (strcmp(files[i].path, wanted->path) == 0)
            return true;
    return false;
}

/* The same files, whatever stands in them now, and perhaps more. One that held commands or records alone may be left out: nothing of the policy goes with it. */
static bool goes_on(struct session *session, const struct policy_file *kept, int kept_count, const struct policy_file *files, int count) {
    for (int i = 0; i < kept_count; i++)
        if (!is_among(&kept[i], files, count) && hold_any(session, &kept[i], 1, is_policy))
            return false;
    return true;
}

static bool is_same(const struct policy_file *kept, int kept_count, const struct policy_file *files, int count) {
    if (kept_count != count)
        return false;
    for (int i = 0; i < count; i++)
        if (strcmp(kept[i].path, files[i].path) != 0 || strcmp(kept[i].text, files[i].text) != 0)
            return false;
    return true;
}

static void write_paths(struct buffer *out, const struct policy_file *files, int count) {
    enum { SHOWN = 3 };
    for (int i = 0; i < count && i < SHOWN; i++)
        buffer_add_format(out, "%s`%s`", i ? ", " : "", files[i].path);
    if (count > SHOWN)
        buffer_add_format(out, " and %d more", count - SHOWN);
}

/* Rules that are gone clear their findings, and reports, records and definitions that are gone cannot be asked for: whoever did not mean that must hear of it. */
static void tell_replaced(struct session *session, const struct policy_file *kept, int kept_count) {
    struct buffer line = {0};
    buffer_add_string(&line, "the policy of this store is now ");
    write_paths(&line, session->policy.items, session->policy.count);
    buffer_add_string(&line, "; it was ");
    write_paths(&line, kept, kept_count);
    buffer_add_format(&session->notes, "%s\n", buffer_string(&line));
    buffer_free(&line);
}

/* Was the policy set that the store keeps brought by `remit apply`? Then nothing else replaces it. */
static bool is_governed(struct session *session) {
    int64_t applied = 0;
    struct failure ignored = {0}; /* a store of before versions: it is not */
    return scratch_ask(session->store, "SELECT EXISTS (SELECT 1 FROM remit_change WHERE _id = (SELECT \"change\" FROM remit_version ORDER BY \"number\" DESC LIMIT 1) AND \"what\" GLOB 'apply *')", &applied, &ignored) && applied;
}

/* Does the run's own policy set take the place of the one that is kept? One that holds mandates is not done away with by a check or a script of other files: only `remit apply` does that, which shows
 * what is loosened and by whom. */
static bool is_taken(struct session *session, const struct policy_file *kept, int kept_count, bool is_other) {
    if (session->options.applies_policy)
        return true;
    if (kept_count && is_governed(session))
        return false;
    if (!is_other)
        return true;
    bool has_mandates = hold_any(session, kept, kept_count, is_mandate), has_rules = has_mandates || hold_any(session, kept, kept_count, is_rule);
    return !has_mandates && (!has_rules || hold_any(session, session->policy.items, session->policy.count, is_rule));
}

static void tell_not_taken(struct session *session) {
    if (hold_any(session, session->policy.items, session->policy.count, is_rule))
        buffer_add_string(&session->notes, "the store keeps its own policy: this one was used for this run alone. `remit plan PATH` says what it would change, `remit apply PATH` makes it the store's\n");
}

bool session_save_policy(struct session *session, struct failure *failure) {
    struct policy_file *kept = NULL;
    int kept_count = 0;
    session->is_store_policy = true;
    if (!session->policy.count)
        return true;
    struct failure ignored = {0}; /* what cannot be read is replaced */
    if (!store_load_policy(session->store, session->arena, &kept, &kept_count, &ignored))
        kept_count = 0;
    if (is_same(kept, kept_count, session->policy.items, session->policy.count)) /* nothing is written: a run that changes nothing leaves no trace */
        return true;
    bool is_other = !goes_on(session, kept, kept_count, session->policy.items, session->policy.count);
    session->is_store_policy = is_taken(session, kept, kept_count, is_other);
    if (!session->is_store_policy)
        tell_not_taken(session);
    if (!session->is_store_policy || store_is_read_only(session->store))
        return true;
    if (is_other)
        tell_replaced(session, kept, kept_count);
    struct policy_version version = {.meaning = hash_meaning(session), .texts = hash_texts(session), .origin = session->options.origin};
    return store_save_policy(session->store, session->policy.items, session->policy.count, &version, failure);
}
