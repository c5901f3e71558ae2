/* The policy book: its beginning and its offices; what its parts share. See book.h. */
#include "lang/base/civil.h"
#include "runtime/engine/book_inside.h"

#include <ctype.h>
#include <stdarg.h>
#include <string.h>

/* ---- blocks ---- */

static void add_block(struct making *making, struct block block) {
    LIST_ADD(making->arena, &making->book->blocks, block);
}

void make_heading(struct making *making, int level, const char *id, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    add_block(making, (struct block){.kind = BLOCK_HEADING, .level = level, .id = id, .text = arena_format_list(making->arena, format, arguments)});
    va_end(arguments);
}

void make_text(struct making *making, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    add_block(making, (struct block){.kind = BLOCK_TEXT, .text = arena_format_list(making->arena, format, arguments)});
    va_end(arguments);
}

void make_labelled(struct making *making, const char *label, const char *text) {
    if (text)
        add_block(making, (struct block){.kind = BLOCK_LABELLED, .label = label, .text = text});
}

void make_item(struct making *making, int level, const char *text) {
    add_block(making, (struct block){.kind = BLOCK_ITEM, .level = level, .text = text});
}

static void make_link(struct making *making, int level, const char *id, const char *text) {
    add_block(making, (struct block){.kind = BLOCK_LINK, .level = level, .id = id, .text = text});
}

void make_row(struct making *making, int count, const char *const *cells) {
    struct block block = {.kind = BLOCK_ROW, .cell_count = count};
    for (int i = 0; i < count; i++)
        block.cells[i] = cells[i] ? cells[i] : "—";
    add_block(making, block);
}

const char *taken(struct making *making, struct buffer *words) {
    const char *text = arena_copy_string(making->arena, buffer_string(words));
    buffer_free(words);
    return text;
}

/* Letters, digits and `_` alone: keys may hold anything. */
const char *make_id(struct making *making, const char *kind, const char *key) {
    char *id = arena_format(making->arena, "%s-%s", kind, key);
    for (char *at = id; *at; at++)
        if (!isalnum((unsigned char)*at) && *at != '_')
            *at = '-';
    return id;
}

/* ---- looking up ---- */

static const char *declared_name(struct node *item) {
    const struct node *name = item->kind == NODE_MANDATE  ? AS(mandate, MANDATE, item)->name
                              : item->kind == NODE_RULE   ? AS(rule, RULE, item)->name
                              : item->kind == NODE_REPORT ? AS(report, REPORT, item)->name
                                                          : NULL;
    return name ? ((const struct node_name *)(const void *)name)->text : NULL;
}

struct node *find_declaration(const struct making *making, enum node_kind kind, const char *name) {
    for (int t = 0; t < making->trees.count; t++) {
        const struct node_list *items = &AS(program, PROGRAM, making->trees.items[t])->items;
        for (int i = 0; i < items->count; i++)
            if (items->items[i]->kind == kind && strcmp(declared_name(items->items[i]), name) == 0)
                return items->items[i];
    }
    return NULL;
}

const struct tinstance *find_declared(const struct making *making, const char *record, const char *key) {
    const struct program *program = making->session->program;
    for (int i = program->instances.count - 1; i >= 0; i--) {
        const struct tinstance *instance = program->instances.items[i];
        if (instance->key && strcmp(instance->record->name, record) == 0 && strcmp(instance->key, key) == 0)
            return instance;
    }
    return NULL;
}

const char *title_of(const struct making *making, const char *record, const char *key) {
    const struct tinstance *instance = find_declared(making, record, key);
    return instance && instance->title ? instance->title : key;
}

static const struct texpr *field_value(const struct tinstance *instance, const char *field) {
    for (int i = 0; instance && i < instance->assignment_count; i++)
        if (strcmp(instance->assignments[i].field->name, field) == 0)
            return instance->assignments[i].value;
    return NULL;
}

const char *field_key(const struct tinstance *instance, const char *field) {
    const struct texpr *value = field_value(instance, field);
    return value && value->kind == TEXPR_REFERENCE ? value->text : NULL;
}

bool holds_key(const struct tinstance *instance, const char *field, const char *key) {
    const struct texpr *list = field_value(instance, field);
    for (int i = 0; list && list->kind == TEXPR_LIST && i < list->argument_count; i++)
        if (list->arguments[i]->kind == TEXPR_REFERENCE && strcmp(list->arguments[i]->text, key) == 0)
            return true;
    return false;
}

const char *field_titles(struct making *making, const struct tinstance *instance, const char *field, const char *record) {
    const struct texpr *list = field_value(instance, field);
    struct buffer out = {0};
    for (int i = 0; list && list->kind == TEXPR_LIST && i < list->argument_count; i++)
        if (list->arguments[i]->kind == TEXPR_REFERENCE)
            buffer_add_format(&out, "%s%s", out.length ? ", " : "", title_of(making, record, list->arguments[i]->text));
    bool is_empty = out.length == 0;
    const char *titles = taken(making, &out);
    return is_empty ? NULL : titles;
}

const struct standing *find_standing(const struct making *making, const char *name, bool is_mandate) {
    for (int i = 0; i < making->standings.count; i++)
        if (making->standings.items[i].is_mandate == is_mandate && strcmp(making->standings.items[i].name, name) == 0)
            return &making->standings.items[i];
    return NULL;
}

/* ---- what became of it ---- */

/* The rows of a question of the prelude's records, each handed to `take`. */
static bool ask(struct making *making, const char *question, void (*take)(struct making *making, const struct value *row), struct failure *failure) {
    struct session *session = making->session;
    if (!session_add_text(session, "<book>", question, PARSE_EXPRESSION, NULL, failure))
        return false;
    const struct tcommand *command = session->program->commands.items[session->program->commands.count - 1];
    session->commands_run = session->program->commands.count;
    struct rows *rows = session_run_query(session, command->query, failure);
    const struct value *row;
    enum rows_step step = ROWS_END;
    while (rows && (step = rows_next(rows, &row, failure)) == ROWS_ROW)
        take(making, row);
    rows_close(rows);
    return rows && step == ROWS_END;
}

static const char *text_value(struct making *making, struct value value) {
    return value.kind == VALUE_TEXT ? arena_copy(making->arena, value.text, value.length) : "";
}

static void take_mandate(struct making *making, const struct value *row) {
    struct standing standing = {.name = text_value(making, row[0]), .is_mandate = true, .met = row[1].integer, .met_late = row[2].integer, .pending = row[3].integer, .waived = row[4].integer, .breached = row[5].integer};
    LIST_ADD(making->arena, &making->standings, standing);
    making->is_checked = true;
}

static void take_rule(struct making *making, const struct value *row) {
    struct standing standing = {.name = text_value(making, row[0]), .open = row[1].integer};
    LIST_ADD(making->arena, &making->standings, standing);
    making->is_checked = true;
}

static void take_day(struct making *making, const struct value *row) {
    struct buffer day = {0};
    if (row[0].kind != VALUE_INT)
        return;
    date_write(&day, row[0].integer);
    const char *text = taken(making, &day);
    if (!making->checked_on || strcmp(text, making->checked_on) > 0)
        making->checked_on = text;
}

static bool read_standings(struct making *making, struct failure *failure) {
    if (!making->session->store || store_is_absent(making->session->store))
        return true;
    return ask(making, "from obligation where open group by mandate show mandate, count(where state = met), count(where state = met_late), count(where state = pending), count(where state = waived), count(where state = breached)", take_mandate, failure) &&
           ask(making, "from finding where open group by rule show rule, count()", take_rule, failure) && ask(making, "from obligation show max(last_seen)", take_day, failure) &&
           ask(making, "from finding show max(last_seen)", take_day, failure);
}

/* ---- offices ---- */

struct keys {
    LIST_OF(const char *) items;
};

static void note_key(struct making *making, struct keys *keys, const char *key) {
    for (int i = 0; key && i < keys->items.count; i++)
        if (strcmp(keys->items.items[i], key) == 0)
            return;
    if (key)
        LIST_ADD(making->arena, &keys->items, key);
}

/* Those declared, and those whose rules and mandates are here. */
static struct keys all_offices(struct making *making) {
    const struct program *program = making->session->program;
    struct keys keys = {0};
    for (int i = 0; i < program->instances.count; i++)
        if (strcmp(program->instances.items[i]->record->name, "office") == 0)
            note_key(making, &keys, program->instances.items[i]->key);
    for (int i = 0; i < program->mandates.count; i++)
        note_key(making, &keys, program->mandates.items[i]->office);
    for (int i = 0; i < program->rules.count; i++)
        note_key(making, &keys, program->rules.items[i]->office);
    for (int i = 0; i < program->reports.count; i++)
        note_key(making, &keys, program->reports.items[i]->office);
    return keys;
}

/* "Delivery (with Reporting, Stage gates)": a domain with those that lie below it. */
static void write_below(struct making *making, struct buffer *out, const char *domain, int depth) {
    const struct program *program = making->session->program;
    enum { DEPTH_MAX = 16 };
    for (int i = 0; i < program->instances.count && depth < DEPTH_MAX; i++) {
        const struct tinstance *instance = program->instances.items[i];
        const char *parent = strcmp(instance->record->name, "domain") == 0 ? field_key(instance, "parent") : NULL;
        if (!parent || !instance->key || strcmp(parent, domain) != 0)
            continue;
        buffer_add_format(out, "%s%s", out->length ? ", " : "", title_of(making, "domain", instance->key));
        write_below(making, out, instance->key, depth + 1);
    }
}

static const char *remit_words(struct making *making, const struct tinstance *office, const char *field) {
    const struct texpr *list = field_value(office, field);
    struct buffer out = {0};
    for (int i = 0; list && list->kind == TEXPR_LIST && i < list->argument_count; i++) {
        if (list->arguments[i]->kind != TEXPR_REFERENCE)
            continue;
        struct buffer below = {0};
        write_below(making, &below, list->arguments[i]->text, 0);
        buffer_add_format(&out, "%s%s", out.length ? "; " : "", title_of(making, "domain", list->arguments[i]->text));
        if (below.length)
            buffer_add_format(&out, " (and within it %s)", buffer_string(&below));
        buffer_free(&below);
    }
    bool is_empty = out.length == 0;
    const char *words = taken(making, &out);
    return is_empty ? NULL : words;
}

static void make_office(struct making *making, const char *key) {
    const struct tinstance *office = find_declared(making, "office", key);
    const char *title = title_of(making, "office", key), *mandates = remit_words(making, office, "mandates"), *advises = remit_words(making, office, "advises"), *parent = field_key(office, "parent");
    make_heading(making, 2, make_id(making, "office", key), strcmp(title, key) == 0 ? "%s" : "%s (%s)", title, key);
    if (mandates)
        make_labelled(making, "It may require", arena_format(making->arena, "on %s.", mandates));
    if (advises)
        make_labelled(making, "It may advise", arena_format(making->arena, "on %s.", advises));
    if (office && !mandates && !advises)
        make_text(making, "It may neither require nor advise on anything.");
    if (!office)
        make_text(making, "The store holds what it may require.");
    if (parent)
        make_labelled(making, "It belongs to", title_of(making, "office", parent));
    make_policies(making, key);
}

/* ---- the whole ---- */

static void read_trees(struct making *making) {
    struct session *session = making->session;
    struct diagnostics *unheard = diagnostics_create(session->arena, session->sources);
    for (int i = 0; i < session->sources->count; i++) {
        struct parse parse = parse_source(session->arena, session->names, unheard, (uint32_t)i, PARSE_PROGRAM);
        LIST_ADD(making->arena, &making->trees, parse.tree);
    }
}

static void make_beginning(struct making *making, const struct keys *offices) {
    const struct program *program = making->session->program;
    struct buffer day = {0};
    date_write(&day, making->session->options.today);
    make_text(making, "As of %s: %d office%s, %d mandate%s, %d rule%s, %d report%s.", taken(making, &day), offices->items.count, offices->items.count == 1 ? "" : "s", program->mandates.count,
              program->mandates.count == 1 ? "" : "s", program->rules.count, program->rules.count == 1 ? "" : "s", program->reports.count, program->reports.count == 1 ? "" : "s");
    if (making->is_checked && making->checked_on)
        make_text(making, "How things stand is what the check of %s found.", making->checked_on);
    for (int i = 0; i < offices->items.count; i++)
        make_link(making, 1, make_id(making, "office", offices->items.items[i]), title_of(making, "office", offices->items.items[i]));
}

static bool has_policy_of_nobody(const struct program *program) {
    for (int i = 0; i < program->rules.count; i++)
        if (!program->rules.items[i]->office)
            return true;
    for (int i = 0; i < program->reports.count; i++)
        if (!program->reports.items[i]->office)
            return true;
    return false;
}

bool session_write_book(struct session *session, struct book *book, struct failure *failure) {
    struct making making = {.session = session, .arena = session->arena, .book = book};
    *book = (struct book){.arena = session->arena, .title = "Policy book"};
    read_trees(&making);
    if (!read_standings(&making, failure))
        return false;
    struct keys offices = all_offices(&making);
    make_beginning(&making, &offices);
    if (has_policy_of_nobody(session->program))
        make_link(&making, 1, "of-no-office", "Of no office");
    make_link(&making, 1, "terms", "Domains, bodies and records");
    for (int i = 0; i < offices.items.count; i++)
        make_office(&making, offices.items.items[i]);
    if (has_policy_of_nobody(session->program)) {
        make_heading(&making, 2, "of-no-office", "Of no office");
        make_policies(&making, NULL);
    }
    make_terms(&making);
    return true;
}
