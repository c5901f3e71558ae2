/* What the grammar's actions call. Implements build.h. */
#include "lang/syntax/build.h"

#include "lang/base/limits.h"
#include "lang/base/text.h"
#include <assert.h>
#include <stdarg.h>
#include <string.h>

struct diagnostic *build_error(struct build *build, enum diagnostic_code code, struct span span, const char *first, const char *second) {
    build->item_is_bad = true;
    if (build->diagnostics == NULL)
        return NULL;
    build->error_count++;
    return diagnostic_add(build->diagnostics, code, span, first, second);
}

struct node *build_node(struct build *build, const struct node *node, size_t size) {
    struct node *kept = arena_alloc(build->arena, size);
    memcpy(kept, node, size);
    return kept;
}

/* ---- lists ---- */

struct node_list list_of(struct build *build, struct node *first) {
    /* Most lists have one item: room for just that. */
    struct node_list list = {ARENA_ARRAY(build->arena, struct node *, 1), 1, 1};
    list.items[0] = first;
    return list;
}

struct node_list list_add(struct build *build, struct node_list list, struct node *node) {
    if (node != NULL)
        LIST_ADD(build->arena, &list, node);
    return list;
}

/* ---- items and their comments ---- */

/* Trees that grow to the left without nesting (a + b + c …) take no room on the parser's stack, so a long item is measured. */
enum { ITEM_TOKENS_UNMEASURED = LIMIT_PARSE_DEPTH };

void build_item(struct build *build, struct node *item) {
    if (item != NULL && build->item_token_count > ITEM_TOKENS_UNMEASURED && node_depth(item, LIMIT_PARSE_DEPTH) > LIMIT_PARSE_DEPTH)
        build_error(build, DIAG_TOO_DEEP, (struct span){item->span.start, item->span.start, item->span.file}, NULL, NULL);
    if (item != NULL && !build->item_is_bad)
        LIST_ADD(build->arena, &build->items, item);
    build->item_is_bad = false;
    build->item_token_count = 0;
}

struct depth_walk {
    struct level {
        const struct node *node;
        int depth;
    } * levels;
    int count, capacity;
    int depth; /* of the node whose children are being added */
    struct arena *scratch;
};

static void add_level(struct node *child, void *context) {
    struct depth_walk *walk = context;
    struct level level = {child, walk->depth + 1};
    if (walk->count == walk->capacity)
        walk->levels = arena_grow_list(walk->scratch, walk->levels, &walk->capacity, sizeof *walk->levels);
    walk->levels[walk->count++] = level;
}

int node_depth(const struct node *node, int most) {
    struct depth_walk walk = {.scratch = arena_create()};
    int deepest = 0;
    add_level((struct node *)(uintptr_t)node, &walk);
    while (walk.count > 0 && deepest <= most) {
        struct level level = walk.levels[--walk.count];
        walk.depth = level.depth;
        if (level.depth > deepest)
            deepest = level.depth;
        node_each_child(level.node, add_level, &walk);
    }
    arena_destroy(walk.scratch);
    return deepest;
}

static uint32_t skip_space_back(const char *text, uint32_t at) {
    while (at > 0 && memchr(" \t\r\n\f\v;", text[at - 1], 7) != NULL)
        at--;
    return at;
}

const char *build_doc(struct build *build, struct span first) {
    const struct comment_list *comments = build->comments;
    /* The last comment that ends before the declaration. */
    int low = 0, high = comments->count;
    while (low < high) {
        int middle = (low + high) / 2;
        if (comments->items[middle].span.end <= first.start)
            low = middle + 1;
        else
            high = middle;
    }
    int last = low, start = low;
    uint32_t at = skip_space_back(build->text, first.start);
    while (start > 0 && comments->items[start - 1].span.end == at && comments->items[start - 1].own_line) {
        start--;
        at = skip_space_back(build->text, comments->items[start].span.start);
    }
    struct buffer doc = {0};
    bool has_doc = false;
    for (int i = start; i < last; i++) {
        if (!comments->items[i].is_doc)
            continue;
        struct span span = comments->items[i].span;
        uint32_t from = span.start + 2;
        if (from < span.end && build->text[from] == ' ')
            from++;
        uint32_t end = span.end;
        while (end > from && (build->text[end - 1] == ' ' || build->text[end - 1] == '\t'))
            end--;
        if (has_doc)
            buffer_add_char(&doc, '\n');
        buffer_add(&doc, build->text + from, end - from);
        has_doc = true;
    }
    const char *result = has_doc ? arena_copy(build->arena, buffer_string(&doc), doc.length) : NULL;
    buffer_free(&doc);
    return result;
}

/* ---- names and literals ---- */

struct node *build_name(struct build *build, struct span span, const char *text) {
    return MAKE(name, NAME, span, text);
}

struct node *build_word(struct build *build, struct span span, const char *word) {
    return MAKE(name, NAME, span, intern_string(build->names, word));
}

static const char *source_text(struct build *build, struct span span) {
    return arena_copy(build->arena, build->text + span.start, span.end - span.start);
}

struct node *build_int(struct build *build, struct span span) {
    return MAKE(int_literal, INT_LITERAL, span, source_text(build, span));
}

struct node *build_decimal(struct build *build, struct span span) {
    return MAKE(decimal_literal, DECIMAL_LITERAL, span, source_text(build, span));
}

struct node *build_money(struct build *build, struct span span) {
    const char *text = build->text + span.start;
    size_t amount_length = strcspn(text, " \t");
    return MAKE(money_literal, MONEY_LITERAL, span, arena_copy(build->arena, text, amount_length),
                intern_name(build->names, build->text + span.end - 3, 3));
}

struct node *build_date(struct build *build, struct span span) {
    return MAKE(date_literal, DATE_LITERAL, span, source_text(build, span));
}

struct node *build_datetime(struct build *build, struct span span) {
    return MAKE(datetime_literal, DATETIME_LITERAL, span, source_text(build, span));
}

struct node *build_period(struct build *build, struct span span) {
    return MAKE(period_literal, PERIOD_LITERAL, span, source_text(build, span));
}

struct node *build_quantity(struct build *build, struct span span) {
    const char *text = build->text + span.start;
    size_t amount_length = strcspn(text, " \t");
    const char *word = text + amount_length + strspn(text + amount_length, " \t");
    size_t word_length = (size_t)(build->text + span.end - word);
    enum unit unit = UNIT_WORKING_DAY;
    for (int i = UNIT_SECOND; i < UNIT_WORKING_DAY; i++) {
        size_t length = strlen(unit_name((enum unit)i));
        if (word_length - length <= 1 && memcmp(word, unit_name((enum unit)i), length) == 0)
            unit = (enum unit)i;
    }
    return MAKE(quantity, QUANTITY, span, arena_copy(build->arena, text, amount_length), (int)unit);
}

static struct node *text_part(struct build *build, struct span span, const char *text) {
    return MAKE(text_part, TEXT_PART, span, text);
}

struct node *build_plain_text(struct build *build, struct span span, const char *text) {
    struct node_list parts = no_list;
    if (*text != '\0')
        parts = list_of(build, text_part(build, (struct span){span.start + 1, span.end - 1, span.file}, text));
    return MAKE(text_literal, TEXT_LITERAL, span, parts);
}

struct node_list build_text_part(struct build *build, struct node_list parts, struct span span, const char *text, struct node *value) {
    if (*text != '\0')
        parts = list_add(build, parts, text_part(build, (struct span){span.start + 1, span.end - 1, span.file}, text));
    return list_add(build, parts, value);
}

struct node *build_text(struct build *build, struct span span, struct node_list parts, struct span last_span, const char *last) {
    if (*last != '\0')
        parts = list_add(build, parts, text_part(build, (struct span){last_span.start + 1, last_span.end - 1, last_span.file}, last));
    return MAKE(text_literal, TEXT_LITERAL, span, parts);
}

/* ---- declarations ---- */

struct node *build_language(struct build *build, struct span span, struct span version) {
    const char *text = source_text(build, version);
    if (strcmp(text, "1") != 0)
        build_error(build, DIAG_LANGUAGE_VERSION, version, text, NULL);
    return MAKE(language, LANGUAGE, span, text);
}

struct node *build_optional_type(struct build *build, struct span span, struct node *type) {
    (void)build;
    type->span = span;
    if (type->kind == NODE_TYPE_NAME)
        AS(type_name, TYPE_NAME, type)->optional = 1;
    else
        AS(type_one_of, TYPE_ONE_OF, type)->optional = 1;
    return type;
}

struct node *build_for(struct build *build, struct span span, struct node *source, struct node *condition) {
    struct node_source_item *item = AS(source_item, SOURCE, source);
    return MAKE(for_clause, FOR, span, item->binder, item->collection, condition);
}

struct node *build_for_each(struct build *build, struct span span, struct node *source, struct node *condition, struct node_list body) {
    struct node_source_item *item = AS(source_item, SOURCE, source);
    return MAKE(for_each, FOR_EACH, span, item->binder, item->collection, condition, body);
}

struct node *build_mandate(struct build *build, struct span span, struct node *name, struct node *was, struct node *title, struct node *office,
                           struct node *domain, struct node_list clauses, const char *doc) {
    struct node_except *taker = NULL;
    bool has_requirement = false;
    for (int i = 0; i < clauses.count; i++) {
        has_requirement = has_requirement || clauses.items[i]->kind == NODE_REQUIREMENT;
        if (clauses.items[i]->kind == NODE_EXCEPT && AS(except, EXCEPT, clauses.items[i])->requirement != NULL && taker == NULL)
            taker = AS(except, EXCEPT, clauses.items[i]);
    }
    /* An exception takes the requirement that follows it, so one that stands first has swallowed the mandate's own. */
    if (!has_requirement && taker != NULL && !build->item_is_bad)
        build_error(build, DIAG_EXCEPT_FIRST, taker->head.span, NULL, NULL);
    return MAKE(mandate, MANDATE, span, name, was, title, office, domain, clauses, doc);
}

/* ---- queries ---- */

static const char *const query_words[QUERY_CLAUSE_COUNT] = {"from",    "where", "group by", "show",  "keep where",
                                                            "sort by", "take",  "total",    "chart", "as of"};

struct node *build_query(struct build *build, struct span span, enum query_clause clause, struct node_list list, struct node *node) {
    struct node_query query = {.head = {NODE_QUERY, span}};
    switch (clause) {
    case QUERY_FROM:
        query.sources = list;
        break;
    case QUERY_WHERE:
        query.condition = node;
        break;
    case QUERY_GROUP:
        query.groups = list;
        break;
    case QUERY_SHOW:
        query.columns = list;
        break;
    case QUERY_KEEP:
        query.keep = node;
        break;
    case QUERY_SORT:
        query.order = list;
        break;
    case QUERY_TAKE:
        query.take = node;
        break;
    case QUERY_TOTAL:
        query.totals = list;
        break;
    case QUERY_CHART:
        query.chart = node;
        break;
    case QUERY_AS_OF:
        query.as_of = node;
        break;
    case QUERY_CLAUSE_COUNT:
        assert(false);
    }
    return build_node(build, &query.head, sizeof query);
}

static bool query_has(const struct node_query *query, enum query_clause clause) {
    switch (clause) {
    case QUERY_FROM:
        return query->sources.count > 0;
    case QUERY_WHERE:
        return query->condition != NULL;
    case QUERY_GROUP:
        return query->groups.count > 0;
    case QUERY_SHOW:
        return query->columns.count > 0;
    case QUERY_KEEP:
        return query->keep != NULL;
    case QUERY_SORT:
        return query->order.count > 0;
    case QUERY_TAKE:
        return query->take != NULL;
    case QUERY_TOTAL:
        return query->totals.count > 0;
    case QUERY_CHART:
        return query->chart != NULL;
    case QUERY_AS_OF:
        return query->as_of != NULL;
    case QUERY_CLAUSE_COUNT:
        break;
    }
    return false;
}

/* Copies the one clause of part into query, whatever it held before. */
static void query_take_clause(struct node_query *query, const struct node_query *part, enum query_clause clause) {
    switch (clause) {
    case QUERY_FROM:
        query->sources = part->sources;
        break;
    case QUERY_WHERE:
        query->condition = part->condition;
        break;
    case QUERY_GROUP:
        query->groups = part->groups;
        break;
    case QUERY_SHOW:
        query->columns = part->columns;
        break;
    case QUERY_KEEP:
        query->keep = part->keep;
        break;
    case QUERY_SORT:
        query->order = part->order;
        break;
    case QUERY_TAKE:
        query->take = part->take;
        break;
    case QUERY_TOTAL:
        query->totals = part->totals;
        break;
    case QUERY_CHART:
        query->chart = part->chart;
        break;
    case QUERY_AS_OF:
        query->as_of = part->as_of;
        break;
    case QUERY_CLAUSE_COUNT:
        break;
    }
}

struct node *build_query_join(struct build *build, struct node *query, struct node *part) {
    struct node_query *whole = AS(query, QUERY, query);
    const struct node_query *one = AS(query, QUERY, part);
    enum query_clause clause = QUERY_FROM;
    while (clause < QUERY_AS_OF && !query_has(one, clause))
        clause++;
    enum query_clause later = QUERY_AS_OF;
    while (later > clause && !query_has(whole, later))
        later--;
    struct span word = {part->span.start, part->span.start + (uint32_t)strlen(query_words[clause]), part->span.file};
    if (query_has(whole, clause))
        build_error(build, DIAG_CLAUSE_TWICE, word, query_words[clause], NULL);
    else if (later > clause)
        build_error(build, DIAG_CLAUSE_ORDER, word, query_words[clause], query_words[later]);
    query_take_clause(whole, one, clause);
    if (part->span.end > query->span.end)
        query->span.end = part->span.end;
    if (part->span.start < query->span.start)
        query->span.start = part->span.start;
    return query;
}

struct node *build_report(struct build *build, struct span span, struct node *name, struct node_list parameters, struct node *title,
                          struct node *office, struct node *domain, struct node_list clauses, const char *doc) {
    struct node_list others = no_list;
    struct node *query = NULL;
    struct span start = name->span;
    bool was_bad = build->item_is_bad;
    for (int i = 0; i < clauses.count; i++)
        if (clauses.items[i]->kind != NODE_QUERY)
            others = list_add(build, others, clauses.items[i]);
        else if (query == NULL) {
            query = clauses.items[i];
            start = (struct span){query->span.start, query->span.start, query->span.file};
        } else
            build_query_join(build, query, clauses.items[i]);
    bool has_from = query != NULL && AS(query, QUERY, query)->sources.count > 0; /* be it not at its place, which was said */
    if (!has_from && !was_bad)
        build_error(build, DIAG_REPORT_WITHOUT_FROM, start, NULL, NULL);
    return MAKE(report, REPORT, span, name, parameters, title, office, domain, others, query, doc);
}

struct node *build_query_call(struct build *build, struct span span, struct node *name, struct node *query) {
    struct node *argument = MAKE(argument, ARGUMENT, query->span, NULL, query, NULL, NULL);
    return MAKE(call, CALL, span, name, list_of(build, argument));
}
