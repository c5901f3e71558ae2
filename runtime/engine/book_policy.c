/* Mandates, rules and reports of the policy book. See book_inside.h. */
#include "lang/base/civil.h"
#include "runtime/engine/book_inside.h"
#include "runtime/engine/mandates.h"

#include <string.h>

static bool is_of(const char *office, const char *wanted) {
    return (!office && !wanted) || (office && wanted && strcmp(office, wanted) == 0);
}

static struct prose prose_of(const struct making *making, const struct record_type *record) {
    return (struct prose){making->arena, making->session->program, making->session->sources, record, NULL};
}

/* Documentation may have several lines. */
static void make_doc(struct making *making, const char *doc) {
    if (doc)
        make_text(making, "%s", doc);
}

static void make_lets(struct making *making, const struct node_list *clauses) {
    for (int i = 0; i < clauses->count; i++) {
        if (clauses->items[i]->kind != NODE_LET)
            continue;
        const struct node_let *let = AS(let, LET, clauses->items[i]);
        make_text(making, "Here `%s` stands for `%s`.", ((const struct node_name *)(const void *)let->name)->text, source_quote(making->arena, making->session->sources, let->value->span));
    }
}

/* The name that the element goes by in the declaration. */
static const char *binder_of(const struct node_list *clauses) {
    for (int i = 0; i < clauses->count; i++)
        if (clauses->items[i]->kind == NODE_FOR && AS(for_clause, FOR, clauses->items[i])->binder)
            return ((const struct node_name *)(const void *)AS(for_clause, FOR, clauses->items[i])->binder)->text;
    return NULL;
}

static void make_exceptions(struct making *making, struct prose *prose, const struct node_list *clauses, bool of_rule) {
    bool is_first = true;
    prose->binder = binder_of(clauses);
    for (int i = 0; i < clauses->count; i++) {
        if (clauses->items[i]->kind != NODE_EXCEPT)
            continue;
        struct buffer words = {0};
        prose_exception(&words, prose, clauses->items[i], of_rule);
        if (is_first)
            make_text(making, "Excepted:");
        is_first = false;
        make_item(making, 1, taken(making, &words));
    }
}

static void make_force(struct making *making, int64_t from, int64_t until) {
    struct buffer words = {0};
    if (from == INT64_MIN && until == INT64_MAX)
        return;
    if (from != INT64_MIN) {
        buffer_add_string(&words, "from ");
        date_write(&words, from);
    }
    if (until != INT64_MAX) {
        buffer_add_string(&words, words.length ? " until " : "until ");
        date_write(&words, until);
    }
    buffer_add_char(&words, '.');
    make_labelled(making, "In force", taken(making, &words));
}

static void make_source_text(struct making *making, struct span span) {
    const char *text = source_get(making->session->sources, span.file)->text;
    struct block block = {.kind = BLOCK_POLICY, .text = arena_copy(making->arena, text + span.start, span.end - span.start)};
    LIST_ADD(making->arena, &making->book->blocks, block);
}

/* ---- mandates ---- */

static const char *standing_words(struct making *making, const struct tmandate *mandate) {
    const struct standing *standing = find_standing(making, mandate->name, true);
    if (!making->is_checked)
        return NULL;
    if (!standing)
        return "nothing is required of anything.";
    const struct {
        int64_t count;
        const char *words;
    } parts[] = {{standing->breached, mandate->is_mandatory ? "breached" : "not followed"}, {standing->waived, "waived"}, {standing->pending, "pending"}, {standing->met_late, "met late"}, {standing->met, "met"}};
    struct buffer out = {0};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i].count)
            buffer_add_format(&out, "%s%lld %s", out.length ? ", " : "", (long long)parts[i].count, parts[i].words);
    buffer_add_char(&out, '.');
    return taken(making, &out);
}

static const char *quoted(struct making *making, const struct texpr *expression) {
    return source_quote(making->arena, making->session->sources, expression->span);
}

static void make_terms_of(struct making *making, const struct tmandate *mandate, struct node *node) {
    struct arena *arena = making->arena;
    const struct node_list *clauses = &AS(mandate, MANDATE, node)->clauses;
    if (mandate->within)
        make_labelled(making, "Grace:", arena_format(arena, "%s.", quoted(making, mandate->within)));
    make_labelled(making, "Waivers:", waivers_words(arena, mandate));
    for (int i = 0; i < clauses->count; i++)
        if (clauses->items[i]->kind == NODE_EFFORT)
            make_labelled(making, "Effort:", arena_format(arena, "%s each time.", source_quote(arena, making->session->sources, AS(effort, EFFORT, clauses->items[i])->burden->span)));
    if (mandate->escalated_to.key) {
        const char *whom = title_of(making, mandate->escalated_to.record->name, mandate->escalated_to.key);
        make_labelled(making, "Escalation:", mandate->escalated_after > 1 ? arena_format(arena, "to %s after %d breaches in a row.", whom, mandate->escalated_after) : arena_format(arena, "to %s.", whom));
    }
}

static void make_grounds(struct making *making, const char *remedy, const char *because, const char *citation) {
    make_labelled(making, "What to do:", remedy);
    make_labelled(making, "Because:", because);
    make_labelled(making, "Source:", citation);
}

static void make_mandate(struct making *making, const struct tmandate *mandate) {
    struct node *node = find_declaration(making, NODE_MANDATE, mandate->name);
    struct prose prose = prose_of(making, mandate->record);
    struct buffer words = {0};
    make_heading(making, 4, make_id(making, "mandate", mandate->name), "%s (`%s`)", mandate->title ? mandate->title : mandate->name, mandate->name);
    if (!node)
        return;
    prose_mandate(&words, &prose, title_of(making, "office", mandate->office), node);
    make_text(making, "%s", taken(making, &words));
    make_lets(making, &AS(mandate, MANDATE, node)->clauses);
    make_exceptions(making, &prose, &AS(mandate, MANDATE, node)->clauses, false);
    make_doc(making, mandate->doc);
    make_labelled(making, "On", arena_format(making->arena, "%s%s.", title_of(making, "domain", mandate->domain), mandate->is_mandatory ? "; mandatory" : "; advice"));
    make_force(making, mandate->effective_from, mandate->effective_until);
    make_terms_of(making, mandate, node);
    make_grounds(making, mandate->remedy, mandate->because, mandate->citation);
    make_labelled(making, "How it stands:", standing_words(making, mandate));
    make_source_text(making, mandate->span);
}

/* ---- rules ---- */

static void make_rule(struct making *making, const struct trule *rule) {
    struct node *node = find_declaration(making, NODE_RULE, rule->name);
    struct prose prose = prose_of(making, rule->record);
    const struct standing *standing = find_standing(making, rule->name, false);
    struct buffer words = {0};
    make_heading(making, 4, make_id(making, "rule", rule->name), "%s (`%s`)", rule->title ? rule->title : rule->name, rule->name);
    if (!node)
        return;
    prose_rule(&words, &prose, node);
    make_text(making, "%s", taken(making, &words));
    make_lets(making, &AS(rule, RULE, node)->clauses);
    make_exceptions(making, &prose, &AS(rule, RULE, node)->clauses, true);
    make_doc(making, rule->doc);
    if (rule->domain)
        make_labelled(making, "On", arena_format(making->arena, "%s.", title_of(making, "domain", rule->domain)));
    make_force(making, rule->effective_from, rule->effective_until);
    make_grounds(making, rule->remedy, rule->because, rule->citation);
    if (making->is_checked)
        make_labelled(making, "How it stands:", standing ? arena_format(making->arena, "%lld open finding%s.", (long long)standing->open, standing->open == 1 ? "" : "s") : "nothing found.");
    make_source_text(making, rule->span);
}

/* ---- reports ---- */

static void make_report(struct making *making, const struct treport *report) {
    struct buffer words = {0};
    buffer_add_format(&words, "%s (`%s`): shows ", report->title ? report->title : report->name, report->name);
    for (int i = 0; i < report->query->column_count; i++)
        buffer_add_format(&words, "%s%s", i == 0 ? "" : i + 1 == report->query->column_count ? " and " : ", ", report->query->columns[i].label);
    buffer_add_char(&words, '.');
    if (report->doc)
        buffer_add_format(&words, " %s", report->doc);
    make_item(making, 1, taken(making, &words));
}

void make_policies(struct making *making, const char *office) {
    const struct program *program = making->session->program;
    static const char *const headings[] = {"What it requires", "What it advises"};
    for (int advice = 0; advice < 2; advice++)
        for (int i = 0, any = 0; i < program->mandates.count; i++) {
            const struct tmandate *mandate = program->mandates.items[i];
            if (!is_of(mandate->office, office) || mandate->is_mandatory == (advice != 0))
                continue;
            if (!any++)
                make_heading(making, 3, NULL, "%s", headings[advice]);
            make_mandate(making, mandate);
        }
    for (int i = 0, any = 0; i < program->rules.count; i++)
        if (is_of(program->rules.items[i]->office, office)) {
            if (!any++)
                make_heading(making, 3, NULL, "What it looks for");
            make_rule(making, program->rules.items[i]);
        }
    for (int i = 0, any = 0; i < program->reports.count; i++)
        if (is_of(program->reports.items[i]->office, office)) {
            if (!any++)
                make_heading(making, 3, NULL, "What it reports");
            make_report(making, program->reports.items[i]);
        }
}
