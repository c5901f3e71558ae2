/* An account's clauses and facts: conditions part by part, with the values that were read. See account.h.
 * What has a name (a derived field, a `let`, a definition) is opened where it is met first, a few levels deep, down to the rows that it came from. */
#include "runtime/engine/account.h"
#include "lang/check/texpr.h"
#include "lang/format/format.h"

#include <assert.h>
#include <string.h>

enum { PARTS_MOST = 120, OPENED_DEEP = 4, WORDS_MOST = 300 };

struct account *account_create(struct session *session) {
    struct arena *arena = arena_create();
    struct account *account = ARENA_NEW(arena, struct account);
    account->session = session;
    account->arena = arena;
    account->binding_count = session->bindings.count;
    return account;
}

void account_destroy(struct account *account) {
    if (!account)
        return;
    account->session->bindings.count = account->binding_count;
    arena_destroy(account->arena);
}

void account_give(struct account *account, const struct tvar *variable, struct value value) {
    session_bind(account->session, variable, value);
    LIST_ADD(account->arena, &account->given, variable);
}

/* ---- words ---- */

/* As it stands, on one line. */
static void write_folded(struct buffer *out, const char *text, size_t length) {
    for (size_t i = 0; i < length; i++) {
        bool is_space = text[i] == ' ' || text[i] == '\n' || text[i] == '\t' || text[i] == '\r';
        if (!is_space)
            buffer_add_char(out, text[i]);
        else if (out->length && out->bytes[out->length - 1] != ' ')
            buffer_add_char(out, ' ');
    }
}

const char *account_words(struct account *account, struct span span) {
    const struct source *source = source_get(account->session->sources, span.file);
    struct arena *scratch = arena_create();
    struct source_set *sources = source_set_create(scratch);
    struct diagnostics *unheard = diagnostics_create(scratch, sources);
    uint32_t file = source_add(sources, "<words>", source->text + span.start, span.end - span.start);
    struct parse parse = parse_source(scratch, intern_create(scratch), unheard, file, PARSE_EXPRESSION);
    struct node_list items = AS(program, PROGRAM, parse.tree)->items;
    struct buffer words = {0};
    if (!parse.error_count && items.count == 1 && items.items[0]->kind == NODE_EVALUATE)
        format_expression(&words, AS(evaluate, EVALUATE, items.items[0])->value);
    else
        write_folded(&words, source->text + span.start, span.end - span.start);
    arena_destroy(scratch);
    size_t length = text_prefix(buffer_string(&words), words.length, WORDS_MOST);
    const char *kept = arena_format(account->arena, "%.*s%s", (int)length, buffer_string(&words), length < words.length ? "…" : "");
    buffer_free(&words);
    return kept;
}

/* `today` may stand nowhere: then it is that of `effective`. The rate of `convert` stands where the whole call does. */
static const char *words_of(struct account *account, const struct texpr *expression) {
    return expression->kind == TEXPR_TODAY ? "today" : expression->kind == TEXPR_REQUIRE ? "the exchange rate" : account_words(account, expression->span);
}

bool span_same(struct span a, struct span b) {
    return a.file == b.file && a.start == b.start && a.end == b.end;
}

/* ---- typed expressions ---- */

struct tvar *account_variable(struct account *account, const char *name, struct type type) {
    struct tvar *variable = ARENA_NEW(account->arena, struct tvar);
    *variable = (struct tvar){.id = account->session->program->variable_count++, .name = name, .type = type};
    return variable;
}

struct texpr *account_substitute(struct account *account, const struct texpr *expression, const struct tvar *from, struct texpr *to) {
    int64_t budget = INT64_MAX; /* what is put in is written out already */
    return texpr_substitute(account->arena, expression, from, to, &account->session->program->variable_count, &budget);
}

struct texpr *account_shown(struct account *account, struct texpr *expression) {
    if (expression->type.kind != TYPE_RECORD)
        return expression;
    struct texpr *key = texpr_create(account->arena, TEXPR_DERIVED, type_optional(type_of_kind(TYPE_TEXT), expression->type.optional), expression->span);
    key->base = expression;
    key->field = expression->type.record->fields[FIELD_KEY];
    texpr_note_failing(key);
    return key;
}

bool texpr_is_leaf(const struct texpr *expression) {
    switch (expression->kind) {
    case TEXPR_FIELD: case TEXPR_DERIVED: case TEXPR_COLUMN: case TEXPR_ID: case TEXPR_VARIABLE: case TEXPR_TODAY: case TEXPR_NOW: case TEXPR_AGGREGATE: case TEXPR_REQUIRE: case TEXPR_AT:
        return true;
    default:
        return false;
    }
}

bool texpr_is_range(const struct texpr *expression) {
    return expression->kind == TEXPR_AND && expression->argument_count == 2 && span_same(expression->arguments[0]->span, expression->span) && span_same(expression->arguments[1]->span, expression->span);
}

struct texpr *texpr_member(const struct texpr *exists) {
    const struct texpr *filter = exists->source;
    if (exists->kind != TEXPR_AGGREGATE || exists->aggregate != AGGREGATE_EXISTS || filter->kind != TEXPR_FILTER || !span_same(filter->span, exists->span))
        return NULL;
    const struct texpr *same = filter->condition->kind == TEXPR_AND ? filter->condition->arguments[1] : filter->condition;
    bool is_member = same->kind == TEXPR_OPERATION && same->operation == OPERATION_EQUAL && same->arguments[0]->kind == TEXPR_VARIABLE && same->arguments[0]->variable == filter->variable;
    return is_member ? same->arguments[1] : NULL;
}

/* A number made of a whole one, and the like: it stands where its argument does, and is not written. */
static struct texpr *without_conversions(struct texpr *expression) {
    while (expression->kind == TEXPR_OPERATION && expression->argument_count == 1 && span_same(expression->span, expression->arguments[0]->span))
        expression = expression->arguments[0];
    return expression;
}

/* `not in`, `no C`: one word with what follows it. */
static bool is_one_word(const struct texpr *negation) {
    return negation->kind == TEXPR_NOT && span_same(negation->span, negation->arguments[0]->span);
}

/* The `let` whose name stands there. */
static const struct tlet *let_of(const struct account *account, const struct texpr *expression) {
    const struct source *source = source_get(account->session->sources, expression->span.file);
    for (int i = 0; i < account->let_count; i++) {
        const struct tlet *let = &account->lets[i];
        size_t length = strlen(let->name);
        bool is_name = expression->span.end - expression->span.start == length && memcmp(source->text + expression->span.start, let->name, length) == 0;
        bool is_field = expression->field && strcmp(expression->field->name, let->name) == 0;
        if (is_name && !is_field && expression->kind == let->value->kind)
            return let;
    }
    return NULL;
}

bool account_is_let(const struct account *account, const struct texpr *expression) {
    return let_of(account, expression) != NULL;
}

/* What the parameter of a definition's call was given; NULL where the variable is none. */
static struct texpr *argument_of(const struct account *account, const struct texpr *expression) {
    for (int i = 0; expression->kind == TEXPR_VARIABLE && i < account->arguments.count; i++)
        if (account->arguments.items[i].variable == expression->variable)
            return account->arguments.items[i].value;
    return NULL;
}

/* ---- asking ---- */

bool account_ask(struct account *account, const struct texpr *expression, struct value *value, bool *is_answered, struct failure *failure) {
    struct failure own = {0};
    *is_answered = session_evaluate(account->session, expression, value, &own);
    if (*is_answered || own.kind == FAILURE_PROGRAM)
        return true;
    *failure = own;
    return false;
}

bool account_ask_shown(struct account *account, struct texpr *expression, struct value *value, bool *is_answered, struct failure *failure) {
    if (!account_ask(account, account_shown(account, expression), value, is_answered, failure))
        return false;
    *value = *is_answered ? value_keep(account->arena, *value) : value_missing();
    return true;
}

static bool ask_state(struct account *account, const struct texpr *condition, enum account_state *state, struct failure *failure);

/* What `and` joins fails where one fails, what `or` joins holds where one holds; else it has no answer where one has none. */
static bool ask_sides(struct account *account, const struct texpr *condition, enum account_state *state, struct failure *failure) {
    enum account_state decisive = condition->kind == TEXPR_AND ? ACCOUNT_FAILS : ACCOUNT_HOLDS;
    *state = condition->kind == TEXPR_AND ? ACCOUNT_HOLDS : ACCOUNT_FAILS;
    for (int i = 0; i < condition->argument_count && *state != decisive; i++) {
        enum account_state side;
        if (!ask_state(account, condition->arguments[i], &side, failure))
            return false;
        if (side == decisive || side == ACCOUNT_NOT_ASKED)
            *state = side;
    }
    return true;
}

static bool bind_argument(struct account *account, const struct texpr *call, struct failure *failure) {
    struct value value;
    bool is_answered;
    if (!account_ask(account, call->arguments[0], &value, &is_answered, failure))
        return false;
    session_bind(account->session, call->variable, is_answered ? value : value_missing());
    return true;
}

/* A part may be asked where what makes sure of it does not hold. So that it is not left to an engine what becomes of that in a whole, single questions alone are put to it. */
static bool ask_state(struct account *account, const struct texpr *condition, enum account_state *state, struct failure *failure) {
    if (condition->kind == TEXPR_AND || condition->kind == TEXPR_OR)
        return ask_sides(account, condition, state, failure);
    if (condition->kind == TEXPR_LET)
        return bind_argument(account, condition, failure) && ask_state(account, condition->arguments[1], state, failure);
    if (condition->kind == TEXPR_NOT) {
        if (!ask_state(account, condition->arguments[0], state, failure))
            return false;
        *state = *state == ACCOUNT_HOLDS ? ACCOUNT_FAILS : *state == ACCOUNT_FAILS ? ACCOUNT_HOLDS : *state;
        return true;
    }
    struct value value;
    bool is_answered;
    if (!account_ask(account, condition, &value, &is_answered, failure))
        return false;
    *state = !is_answered || value.kind == VALUE_MISSING ? ACCOUNT_NOT_ASKED : value.integer ? ACCOUNT_HOLDS : ACCOUNT_FAILS;
    return true;
}

/* ---- parts ---- */

/* NULL when there are too many already. */
static struct account_part *add_part(struct account *account, struct account_part *parent, enum account_kind kind, const struct texpr *expression) {
    if (account->part_count++ >= PARTS_MOST) {
        account->is_cut = true;
        return NULL;
    }
    struct account_part *part = ARENA_NEW(account->arena, struct account_part);
    part->kind = kind;
    part->words = words_of(account, expression);
    if (parent)
        LIST_ADD(account->arena, &parent->parts, part);
    return part;
}

static bool is_read(const struct account_part *parent, const char *words) {
    for (int i = 0; i < parent->parts.count; i++)
        if (parent->parts.items[i]->kind == ACCOUNT_VALUE && strcmp(parent->parts.items[i]->words, words) == 0)
            return true;
    return false;
}

/* True the first time. */
static bool open_once(struct account *account, const struct texpr *expression) {
    for (int i = 0; i < account->opened.count; i++)
        if (texpr_equal(account->opened.items[i], expression))
            return false;
    LIST_ADD(account->arena, &account->opened, expression);
    return true;
}

/* ---- values ---- */

static bool read_value(struct account *account, struct account_part *parent, struct texpr *expression, struct failure *failure);

/* Parameters of a call that is not opened have no value here: what they were given is read in their place. */
static bool is_hidden(const struct account *account, const struct texpr *expression) {
    for (int i = 0; i < account->hidden.count; i++)
        if (texpr_uses(expression, account->hidden.items[i]))
            return true;
    return false;
}

/* The values of their own that an expression is worked out from, in the order written. */
static bool read_leaves(struct account *account, struct account_part *parent, struct texpr *expression, struct failure *failure) {
    if (let_of(account, expression) || texpr_is_leaf(expression))
        return is_hidden(account, expression) || read_value(account, parent, expression, failure);
    int count = account->hidden.count;
    bool good = true;
    for (int i = 0; i < expression->argument_count && good; i++) {
        good = read_leaves(account, parent, expression->arguments[i], failure);
        if (expression->kind == TEXPR_LET)
            LIST_ADD(account->arena, &account->hidden, expression->variable);
    }
    account->hidden.count = count;
    return good;
}

/* What a value is made of, below the part that shows it: rows, or values of their own. A field as it stands is said by its words. */
static bool read_content(struct account *account, struct account_part *part, struct texpr *content, struct failure *failure) {
    content = without_conversions(content);
    if (content->kind == TEXPR_AGGREGATE)
        return account_read_rows(account, content, &part->rows, failure);
    bool is_rate = content->kind == TEXPR_REQUIRE; /* of the latest row */
    bool is_path = content->kind == TEXPR_FIELD || content->kind == TEXPR_COLUMN;
    if (!is_path && !is_rate)
        return read_leaves(account, part, content, failure);
    struct texpr *path = is_rate ? content->arguments[0] : content;
    if (path->base->kind == TEXPR_VARIABLE)
        return true;
    const struct field *outer = account->field;
    account->field = path->field;
    bool good = is_rate ? account_read_rows(account, path->base, &part->rows, failure) : read_value(account, part, path->base, failure);
    account->field = outer;
    return good;
}

/* The name's definition, a few levels deep and once for each name. */
static bool open_name(struct account *account, struct account_part *part, struct texpr *expression, struct failure *failure) {
    const struct tlet *let = let_of(account, expression);
    struct texpr *argument = argument_of(account, expression), *content = expression;
    bool is_derived = !let && expression->kind == TEXPR_DERIVED && expression->field->index >= FIELD_FIRST_OWN;
    if (let && let->value->kind != TEXPR_CONSTANT) {
        part->made_of = account_words(account, let->value->span);
        content = let->value;
    } else if (argument) {
        part->made_of = argument->kind == TEXPR_CONSTANT ? NULL : account_words(account, argument->span);
        content = argument;
    } else if (is_derived)
        part->made_of = account_words(account, expression->field->value->span);
    else if (let || (expression->kind != TEXPR_AGGREGATE && expression->kind != TEXPR_FIELD && expression->kind != TEXPR_COLUMN && expression->kind != TEXPR_REQUIRE))
        return true;
    if (account->depth >= OPENED_DEEP || !open_once(account, expression))
        return true;
    if (is_derived)
        content = account_substitute(account, expression->field->value, expression->field->self, expression->base);
    account->depth++;
    bool good = read_content(account, part, content, failure);
    account->depth--;
    return good;
}

static bool read_value(struct account *account, struct account_part *parent, struct texpr *expression, struct failure *failure) {
    if (is_read(parent, words_of(account, expression)))
        return true;
    struct account_part *part = add_part(account, parent, ACCOUNT_VALUE, expression);
    bool is_answered;
    if (!part)
        return true;
    part->type = expression->type;
    if (!account_ask_shown(account, expression, &part->value, &is_answered, failure))
        return false;
    part->state = is_answered ? ACCOUNT_READ : ACCOUNT_NOT_ASKED;
    return open_name(account, part, expression, failure);
}

/* A side of a comparison: a value with a name, or one that is worked out from others. What is written out is plain to see. */
static bool read_side(struct account *account, struct account_part *parent, struct texpr *side, struct failure *failure) {
    side = without_conversions(side);
    bool is_plain = side->kind == TEXPR_CONSTANT || side->kind == TEXPR_REFERENCE || side->kind == TEXPR_MISSING;
    if (let_of(account, side) || texpr_is_leaf(side))
        return read_value(account, parent, side, failure);
    if (is_plain)
        return true;
    struct account_part *part = add_part(account, parent, ACCOUNT_VALUE, side);
    bool is_answered;
    if (!part)
        return true;
    part->type = side->type;
    if (!account_ask_shown(account, side, &part->value, &is_answered, failure))
        return false;
    part->state = is_answered ? ACCOUNT_READ : ACCOUNT_NOT_ASKED;
    return read_leaves(account, part, side, failure);
}

/* ---- conditions ---- */

static bool read_condition(struct account *account, struct account_part *parent, struct texpr *condition, struct account_part **made, struct failure *failure);

static enum account_kind kind_of(const struct account *account, const struct texpr *condition) {
    if (let_of(account, condition))
        return ACCOUNT_CONDITION;
    switch (condition->kind) {
    case TEXPR_AND:
        return texpr_is_range(condition) ? ACCOUNT_CONDITION : ACCOUNT_ALL;
    case TEXPR_OR:
        return ACCOUNT_ANY;
    case TEXPR_NOT:
        return is_one_word(condition) ? kind_of(account, condition->arguments[0]) : ACCOUNT_NOT;
    case TEXPR_AGGREGATE:
        return condition->aggregate == AGGREGATE_EXISTS && condition->source->kind != TEXPR_GROUP ? ACCOUNT_ROWS : ACCOUNT_CONDITION;
    default:
        return ACCOUNT_CONDITION;
    }
}

/* a and b and c are parts of one. */
static bool read_sides(struct account *account, struct account_part *part, struct texpr *condition, enum texpr_kind kind, struct failure *failure) {
    for (int i = 0; i < condition->argument_count; i++) {
        struct texpr *side = condition->arguments[i];
        bool is_same = side->kind == kind && !let_of(account, side) && !texpr_is_range(side);
        if (is_same ? !read_sides(account, part, side, kind, failure) : !read_condition(account, part, side, NULL, failure))
            return false;
    }
    return true;
}

/* Values that the conditions of a filter read beside the elements. */
static bool read_beside(struct account *account, struct account_part *part, struct texpr *condition, const struct tvar *element, struct failure *failure) {
    if (texpr_is_leaf(condition) || let_of(account, condition))
        return texpr_uses(condition, element) || read_value(account, part, condition, failure);
    for (int i = 0; i < condition->argument_count; i++)
        if (condition->kind != TEXPR_LET && !read_beside(account, part, condition->arguments[i], element, failure))
            return false;
    return true;
}

static bool read_exists(struct account *account, struct account_part *part, struct texpr *condition, struct failure *failure) {
    struct texpr *exists = condition->kind == TEXPR_NOT ? condition->arguments[0] : condition;
    const struct texpr *collection = exists->source;
    for (; collection->kind == TEXPR_FILTER; collection = collection->source)
        if (!read_beside(account, part, collection->condition, collection->variable, failure))
            return false;
    return account_read_rows(account, exists, &part->rows, failure);
}

/* What a condition that goes by a name says: its parts stand below the name. */
static bool read_named(struct account *account, struct account_part *part, struct texpr *body, struct failure *failure) {
    if (account->depth >= OPENED_DEEP)
        return true;
    account->depth++;
    struct account_part *inner = NULL;
    bool good = read_condition(account, NULL, body, &inner, failure);
    account->depth--;
    if (!good || !inner)
        return good;
    if (inner->kind == ACCOUNT_ANY || inner->kind == ACCOUNT_NOT || (inner->kind == ACCOUNT_CONDITION && inner->made_of))
        LIST_ADD(account->arena, &part->parts, inner);
    else {
        part->parts.items = inner->parts.items;
        part->parts.count = inner->parts.count;
        part->parts.capacity = inner->parts.capacity;
        part->rows = inner->rows;
    }
    return true;
}

/* A call of a definition: its parameters stand for what they were given. */
static bool read_call(struct account *account, struct account_part *part, struct texpr *call, struct failure *failure) {
    struct texpr *body = call;
    for (; body->kind == TEXPR_LET && span_same(body->span, call->span); body = body->arguments[1]) {
        if (!bind_argument(account, body, failure))
            return false;
        struct account_argument argument = {body->variable, body->arguments[0]};
        LIST_ADD(account->arena, &account->arguments, argument);
    }
    part->made_of = account_words(account, body->span);
    return read_named(account, part, body, failure);
}

static bool read_asked(struct account *account, struct account_part *part, struct texpr *condition, struct failure *failure) {
    const struct tlet *let = let_of(account, condition);
    if (let) {
        part->made_of = account_words(account, let->value->span);
        return !open_once(account, condition) || read_named(account, part, let->value, failure);
    }
    if (is_one_word(condition))
        condition = condition->arguments[0];
    if (condition->kind == TEXPR_LET)
        return read_call(account, part, condition, failure);
    if (condition->kind == TEXPR_DERIVED && condition->field->index >= FIELD_FIRST_OWN) {
        part->made_of = account_words(account, condition->field->value->span);
        if (!open_once(account, condition))
            return true;
        return read_named(account, part, account_substitute(account, condition->field->value, condition->field->self, condition->base), failure);
    }
    if (texpr_is_range(condition))
        return read_side(account, part, condition->arguments[0]->arguments[0], failure) && read_side(account, part, condition->arguments[0]->arguments[1], failure) &&
               read_side(account, part, condition->arguments[1]->arguments[1], failure);
    if (texpr_is_leaf(condition))
        return read_content(account, part, condition, failure);
    if (condition->kind == TEXPR_CASE || condition->kind == TEXPR_DEFAULT)
        return read_leaves(account, part, condition, failure);
    for (int i = 0; i < condition->argument_count; i++)
        if (!read_side(account, part, condition->arguments[i], failure))
            return false;
    return true;
}

static bool read_condition(struct account *account, struct account_part *parent, struct texpr *condition, struct account_part **made, struct failure *failure) {
    enum account_kind kind = kind_of(account, condition);
    struct account_part *part = add_part(account, parent, kind, condition);
    if (made)
        *made = part;
    if (!part)
        return true;
    if (!ask_state(account, condition, &part->state, failure))
        return false;
    switch (kind) {
    case ACCOUNT_ALL: case ACCOUNT_ANY:
        return read_sides(account, part, condition, condition->kind, failure);
    case ACCOUNT_NOT:
        return read_condition(account, part, condition->arguments[0], NULL, failure);
    case ACCOUNT_ROWS:
        return read_exists(account, part, condition, failure);
    default:
        return read_asked(account, part, condition, failure);
    }
}

/* ---- clauses and facts ---- */

bool account_add_clause(struct account *account, const char *name, const char *label, struct texpr *condition, bool must_hold, struct failure *failure) {
    if (!condition)
        return true;
    struct account_clause *clause = ARENA_NEW(account->arena, struct account_clause);
    *clause = (struct account_clause){.name = name, .label = label, .condition = condition, .must_hold = must_hold};
    if (!read_condition(account, NULL, condition, &clause->part, failure))
        return false;
    if (clause->part)
        LIST_ADD(account->arena, &account->clauses, clause);
    return true;
}

bool account_fails(const struct account *account) {
    for (int i = 0; i < account->clauses.count; i++)
        if (account->clauses.items[i]->part->state != (account->clauses.items[i]->must_hold ? ACCOUNT_HOLDS : ACCOUNT_FAILS))
            return true;
    return false;
}

void account_add_fact(struct account *account, const char *name, const char *label, struct type type, struct value value, const char *note) {
    struct account_fact fact = {name, label, type, value_keep(account->arena, value), note};
    LIST_ADD(account->arena, &account->facts, fact);
}

void account_add_text(struct account *account, const char *name, const char *label, const char *text) {
    bool is_said = text && *text;
    account_add_fact(account, name, is_said ? label : NULL, type_of_kind(TYPE_TEXT), is_said ? value_text(text, strlen(text)) : value_missing(), NULL);
}

struct account_table *account_add_table(struct account *account, const char *name, const struct row_column *columns, int column_count) {
    struct account_table *table = ARENA_NEW(account->arena, struct account_table);
    struct row_column *own = ARENA_ARRAY(account->arena, struct row_column, column_count);
    memcpy(own, columns, (size_t)column_count * sizeof *own);
    *table = (struct account_table){.name = name, .rows = {.columns = own, .column_count = column_count}};
    table->rows.values = ARENA_ARRAY(account->arena, struct value, ACCOUNT_ROWS_MOST * column_count);
    LIST_ADD(account->arena, &account->tables, table);
    return table;
}

void account_add_row(struct account *account, struct account_table *table, const struct value *values) {
    struct account_rows *rows = &table->rows;
    rows->all = ++rows->matching;
    if (rows->row_count == ACCOUNT_ROWS_MOST)
        return;
    for (int c = 0; c < rows->column_count; c++)
        rows->values[rows->row_count * rows->column_count + c] = value_keep(account->arena, values[c]);
    rows->row_count++;
}
