/* The rows that an answer came from, asked for as any query is. See account.h.
 * Columns are the key, the fields that the conditions and the aggregate read, and for records that have no key of their own what else is stored of them. */
#include "runtime/engine/account.h"
#include "lang/check/texpr.h"

#include <string.h>

enum { ROWS_SHOWN = 10, COLUMNS_SHOWN = 6 };

/* ---- collections ---- */

static void add_condition(struct account *account, struct account_collection *apart, struct texpr *condition) {
    if (condition->kind != TEXPR_AND || texpr_is_range(condition)) {
        LIST_ADD(account->arena, &apart->conditions, condition);
        return;
    }
    for (int i = 0; i < condition->argument_count; i++)
        add_condition(account, apart, condition->arguments[i]);
}

/* The inmost filter comes first. */
static void add_filter(struct account *account, struct account_collection *apart, const struct texpr *filter, struct buffer *words) {
    if (filter->source->kind == TEXPR_FILTER)
        add_filter(account, apart, filter->source, words);
    add_condition(account, apart, account_substitute(account, filter->condition, filter->variable, texpr_variable(account->arena, apart->variable, filter->span)));
    buffer_add_format(words, "%s%s", words->length ? " and " : "", account_words(account, filter->condition->span));
}

struct account_collection account_take_apart(struct account *account, struct texpr *collection) {
    struct account_collection apart = {.base = collection, .variable = account_variable(account, "it", *collection->type.element)};
    if (collection->kind != TEXPR_FILTER)
        return apart;
    struct buffer words = {0};
    add_filter(account, &apart, collection, &words);
    apart.filter = arena_copy_string(account->arena, buffer_string(&words));
    buffer_free(&words);
    while (apart.base->kind == TEXPR_FILTER)
        apart.base = apart.base->source;
    return apart;
}

bool account_count(struct account *account, struct texpr *collection, struct tvar *variable, struct texpr *value, int64_t *count, struct failure *failure) {
    struct texpr *aggregate = texpr_create(account->arena, TEXPR_AGGREGATE, type_of_kind(TYPE_INT), collection->span);
    aggregate->aggregate = AGGREGATE_COUNT;
    aggregate->source = collection;
    aggregate->variable = variable ? variable : account_variable(account, "it", *collection->type.element);
    aggregate->value = value && value->type.optional ? value : NULL;
    texpr_note_failing(aggregate);
    struct value result;
    bool is_answered;
    *count = 0;
    if (!account_ask(account, aggregate, &result, &is_answered, failure))
        return false;
    if (is_answered)
        *count = result.integer;
    return true;
}

/* ---- putting a question together ---- */

struct asking {
    struct account *account;
    struct account_collection apart;
    struct tquery *query;
    LIST_OF(struct tcolumn) columns;
    int stored_from; /* the first column that is there only to tell what is stored */
    LIST_OF(struct tsort) order;
};

static struct asking ask_about(struct account *account, struct texpr *collection) {
    struct asking asking = {.account = account, .apart = account_take_apart(account, collection), .query = ARENA_NEW(account->arena, struct tquery)};
    asking.query->span = collection->span;
    asking.query->sources = ARENA_NEW(account->arena, struct tsource);
    asking.query->source_count = 1;
    asking.query->sources[0] = (struct tsource){asking.apart.variable, asking.apart.base};
    return asking;
}

static struct texpr *element_of(const struct asking *asking) {
    return texpr_variable(asking->account->arena, asking->apart.variable, asking->query->span);
}

static void keep_where(struct asking *asking, struct texpr *condition) {
    asking->query->condition = texpr_and(asking->account->arena, asking->query->condition, condition);
}

/* Only elements of which the value is known count. */
static void keep_known(struct asking *asking, struct texpr *value) {
    if (value && value->type.optional)
        keep_where(asking, texpr_unary(asking->account->arena, TEXPR_IS_KNOWN, type_of_kind(TYPE_BOOL), value));
}

static void show(struct asking *asking, const char *label, struct texpr *value) {
    struct tcolumn column = {label, value, account_shown(asking->account, value), value->type};
    LIST_ADD(asking->account->arena, &asking->columns, column);
}

static bool is_shown(const struct asking *asking, const struct texpr *value) {
    for (int i = 0; i < asking->columns.count; i++)
        if (texpr_equal(asking->columns.items[i].value, value))
            return true;
    return false;
}

static void sort_by(struct asking *asking, struct texpr *value, bool descending) {
    struct tsort sort = {value, descending};
    LIST_ADD(asking->account->arena, &asking->order, sort);
}

static void take(struct asking *asking, int count) {
    asking->query->take = texpr_int(asking->account->arena, TYPE_INT, count, asking->query->span);
}

/* NULL without failure: the question has no answer of its own (an overflow in one of the rows). */
static struct rows *run(struct asking *asking, struct failure *failure) {
    struct failure own = {0};
    asking->query->columns = asking->columns.items;
    asking->query->column_count = asking->columns.count;
    asking->query->order = asking->order.items;
    asking->query->order_count = asking->order.count;
    struct rows *rows = session_run_query(asking->account->session, asking->query, &own);
    if (!rows && own.kind != FAILURE_PROGRAM)
        *failure = own;
    return rows;
}

/* ---- columns ---- */

/* A field of the element, or of a record that it leads to. */
static bool is_path_of(const struct texpr *expression, const struct tvar *element) {
    while (expression->kind == TEXPR_FIELD || expression->kind == TEXPR_DERIVED || expression->kind == TEXPR_COLUMN)
        expression = expression->base;
    return expression->kind == TEXPR_VARIABLE && expression->variable == element;
}

static void write_path(struct buffer *out, const struct texpr *path) {
    if (path->kind == TEXPR_VARIABLE)
        return;
    write_path(out, path->base);
    buffer_add_format(out, "%s%s", out->length ? "." : "", path->kind == TEXPR_COLUMN ? path->base->type.row->columns[path->number].label : path->field->name);
}

const char *account_label(struct account *account, const struct texpr *expression, const struct tvar *element) {
    if (!is_path_of(expression, element))
        return account_words(account, expression->span);
    struct buffer words = {0};
    write_path(&words, expression);
    const char *label = words.length ? arena_copy_string(account->arena, buffer_string(&words)) : "value";
    buffer_free(&words);
    return label;
}

static void show_read(struct asking *asking, struct texpr *value) {
    bool is_key = value->kind == TEXPR_DERIVED && value->field->index == FIELD_KEY && value->base->kind == TEXPR_VARIABLE;
    bool is_element = value->kind == TEXPR_VARIABLE && asking->columns.count > 0;
    if (!is_key && !is_element && asking->columns.count < COLUMNS_SHOWN && !is_shown(asking, value))
        show(asking, account_label(asking->account, value, asking->apart.variable), value);
}

/* What an expression reads of the element: its fields, and aggregates over what belongs to it. */
static bool note_read(const struct texpr *part, void *context) {
    struct asking *asking = context;
    const struct tvar *element = asking->apart.variable;
    if (part->kind == TEXPR_AT) /* what is read there is of another time; the value is said where it is compared */
        return false;
    bool is_path = part->type.kind != TYPE_COLLECTION && part->type.kind != TYPE_ROW && is_path_of(part, element) && part->kind != TEXPR_VARIABLE;
    bool is_aggregate = part->kind == TEXPR_AGGREGATE && part->type.kind != TYPE_ROW && texpr_uses(part, element);
    bool is_scalar = part->kind == TEXPR_VARIABLE && part->variable == element && part->type.kind != TYPE_RECORD && part->type.kind != TYPE_ROW;
    if (!is_path && !is_aggregate && !is_scalar)
        return true;
    struct texpr *value = ARENA_NEW(asking->account->arena, struct texpr);
    *value = *part;
    show_read(asking, value);
    return false;
}

static void show_identity(struct asking *asking) {
    struct type type = asking->apart.variable->type;
    if (type.kind == TYPE_RECORD)
        show(asking, "key", account_shown(asking->account, element_of(asking)));
    else if (type.kind != TYPE_ROW)
        show(asking, "value", element_of(asking));
}

static struct texpr *field_of_element(const struct asking *asking, struct field *field) {
    struct type type = asking->apart.variable->type;
    struct texpr *value = texpr_create(asking->account->arena, field->kind == FIELD_DERIVED ? TEXPR_DERIVED : TEXPR_FIELD, type_optional(field->type, field->type.optional || type.optional), asking->query->span);
    value->base = element_of(asking);
    value->field = field;
    texpr_note_failing(value);
    return value;
}

/* The field of it that is read: `latest(statuses by reported_on).rag`. */
static void show_looked_at(struct asking *asking) {
    struct type type = asking->apart.variable->type;
    const struct field *field = asking->account->field;
    if (field && type.kind == TYPE_RECORD && field->record == type.record && field->type.kind != TYPE_COLLECTION)
        show_read(asking, field_of_element(asking, type.record->fields[field->index]));
}

/* Rows that go by a number say little by it: what is stored of them says more. */
static void show_stored(struct asking *asking) {
    struct type type = asking->apart.variable->type;
    if (type.kind != TYPE_RECORD || type.record->key_count)
        return;
    const struct texpr *base = asking->apart.base;
    asking->stored_from = asking->columns.count;
    for (int f = FIELD_FIRST_OWN; f < type.record->field_count; f++) {
        struct field *field = type.record->fields[f];
        if (field->kind != FIELD_STORED || (base->kind == TEXPR_INVERSE && base->field->inverse_of == field))
            continue;
        show_read(asking, field_of_element(asking, field));
    }
}

static void show_columns_of_row(struct asking *asking) {
    struct type type = asking->apart.variable->type;
    for (int i = 0; type.kind == TYPE_ROW && asking->columns.count == 0 && i < type.row->column_count && i < COLUMNS_SHOWN; i++) {
        struct texpr *value = texpr_create(asking->account->arena, TEXPR_COLUMN, type.row->columns[i].type, asking->query->span);
        value->base = element_of(asking);
        value->number = i;
        show(asking, type.row->columns[i].label, value);
    }
}

/* ---- the nearest first ---- */

static struct texpr *number_of(struct account *account, struct texpr *value) {
    if (type_representation(value->type) != REPRESENTATION_INT)
        return value;
    struct texpr *sides[] = {value, texpr_int(account->arena, TYPE_INT, 1, value->span)};
    return texpr_operation(account->arena, OPERATION_RATIO, type_optional(type_of_kind(TYPE_NUMBER), value->type.optional), value->span, 2, sides);
}

static struct texpr *number_constant(struct account *account, struct span span) {
    return texpr_create(account->arena, TEXPR_CONSTANT, type_of_kind(TYPE_NUMBER), span);
}

static struct texpr *difference_of(struct account *account, struct texpr *a, struct texpr *b) {
    struct texpr *sides[] = {number_of(account, a), number_of(account, b)};
    return texpr_operation(account->arena, OPERATION_SUBTRACT_NUMBER, type_optional(type_of_kind(TYPE_NUMBER), true), a->span, 2, sides);
}

/* How far a day is from the middle of the period, twice: days outside are in the same order as by how far they are from the period. */
static struct texpr *gap_to_period(struct account *account, struct texpr *condition) {
    struct texpr *day = condition->arguments[0], *period = condition->arguments[1];
    struct texpr *ends[] = {texpr_operation(account->arena, OPERATION_PERIOD_START, type_of_kind(TYPE_DATE), period->span, 1, &period),
                            texpr_operation(account->arena, OPERATION_PERIOD_END, type_of_kind(TYPE_DATE), period->span, 1, &period)};
    struct texpr *sides[] = {difference_of(account, day, ends[0]), difference_of(account, day, ends[1])};
    return texpr_operation(account->arena, OPERATION_ADD_NUMBER, type_optional(type_of_kind(TYPE_NUMBER), true), condition->span, 2, sides);
}

/* The size of the gap; 0 where the condition holds. */
static struct texpr *unless_holds(struct account *account, struct texpr *condition, struct texpr *gap) {
    struct type number = type_optional(type_of_kind(TYPE_NUMBER), true);
    struct texpr *size = texpr_operation(account->arena, OPERATION_ABSOLUTE_NUMBER, number, condition->span, 1, &gap);
    struct texpr *rows[] = {condition, number_constant(account, condition->span), size};
    return texpr_with(account->arena, TEXPR_CASE, number, condition->span, 3, rows);
}

/* How far a comparison of amounts or days is from holding; NULL where there is no distance. */
static struct texpr *gap_of(struct account *account, struct texpr *condition) {
    if (condition->kind == TEXPR_OPERATION && condition->operation == OPERATION_DATE_IN_PERIOD)
        return unless_holds(account, condition, gap_to_period(account, condition));
    bool compares = condition->kind == TEXPR_OPERATION && condition->operation >= OPERATION_EQUAL && condition->operation <= OPERATION_AT_LEAST;
    struct type type = compares ? condition->arguments[0]->type : type_of_kind(TYPE_TEXT);
    bool is_order = type_representation(type) == REPRESENTATION_NUMBER || (type_representation(type) == REPRESENTATION_INT && type.kind != TYPE_RECORD && type.kind != TYPE_BOOL && type.kind != TYPE_PERIOD);
    if (!is_order)
        return NULL;
    return unless_holds(account, condition, difference_of(account, condition->arguments[0], condition->arguments[1]));
}

/* Elements of which the fewest conditions fail come first; of these the ones that are nearest to the first that fails. */
static void sort_nearest(struct asking *asking) {
    struct account *account = asking->account;
    struct texpr *sum = NULL;
    for (int i = 0; i < asking->apart.conditions.count; i++) {
        struct texpr *condition = asking->apart.conditions.items[i];
        struct texpr *rows[] = {condition, texpr_int(account->arena, TYPE_INT, 0, condition->span), texpr_int(account->arena, TYPE_INT, 1, condition->span)};
        struct texpr *fails = texpr_with(account->arena, TEXPR_CASE, type_of_kind(TYPE_INT), condition->span, 3, rows);
        struct texpr *sides[] = {sum, fails};
        sum = sum ? texpr_operation(account->arena, OPERATION_ADD, type_of_kind(TYPE_INT), condition->span, 2, sides) : fails;
    }
    if (sum)
        sort_by(asking, sum, false);
    for (int i = 0; i < asking->apart.conditions.count; i++) {
        struct texpr *gap = gap_of(account, asking->apart.conditions.items[i]);
        if (gap)
            sort_by(asking, gap, false);
    }
}

/* ---- taking rows ---- */

/* The words of what fails of a row, as the last column; hidden columns from `first` on say for each condition whether it holds. */
static struct value failing_words(struct asking *asking, const struct value *row, int first) {
    struct buffer words = {0};
    for (int i = 0; i < asking->apart.conditions.count; i++)
        if (row[first + i].kind != VALUE_INT || !row[first + i].integer)
            buffer_add_format(&words, "%s%s", words.length ? ", " : "", account_words(asking->account, asking->apart.conditions.items[i]->span));
    struct value value = value_keep(asking->account->arena, value_text(buffer_string(&words), words.length));
    buffer_free(&words);
    return value;
}

static bool is_empty_column(const struct account_rows *rows, int column) {
    for (int r = 0; r < rows->row_count; r++)
        if (rows->values[r * rows->column_count + column].kind != VALUE_MISSING)
            return false;
    return true;
}

/* Do the rows go by numbers, "cost-12", and not by keys of their own? */
static bool is_numbered(const struct asking *asking, const struct account_rows *rows) {
    const char *name = asking->apart.variable->type.record->name;
    size_t length = strlen(name);
    for (int r = 0; r < rows->row_count; r++) {
        struct value key = rows->values[r * rows->column_count];
        if (key.kind != VALUE_TEXT || key.length <= length + 1 || memcmp(key.text, name, length) != 0 || key.text[length] != '-')
            return false;
    }
    return true;
}

/* What else is stored of the rows is shown where their keys say nothing, and where there is something. */
static void drop_needless(const struct asking *asking, struct account_rows *rows, int shown) {
    int kept = 0, count = rows->column_count;
    bool *drops = ARENA_ARRAY(asking->account->arena, bool, count);
    bool has_more = asking->stored_from > 0, says_enough = has_more && !is_numbered(asking, rows);
    for (int c = 0; c < count; c++)
        drops[c] = has_more && c >= asking->stored_from && c < shown && (says_enough || is_empty_column(rows, c));
    for (int r = 0; r < rows->row_count; r++)
        for (int c = 0; c < count; c++)
            if (!drops[c])
                rows->values[kept++] = rows->values[r * count + c];
    for (int c = 0; c < count; c++)
        if (!drops[c])
            rows->columns[c - (count - rows->column_count)] = rows->columns[c];
        else
            rows->column_count--;
}

/* The element itself, of a record its id. NULL: a row of a query has none. */
static struct texpr *identity_of(struct asking *asking) {
    struct texpr *element = element_of(asking);
    if (element->type.kind != TYPE_RECORD)
        return element->type.kind == TYPE_ROW ? NULL : element;
    struct texpr *id = texpr_create(asking->account->arena, TEXPR_ID, type_optional(type_of_kind(TYPE_INT), element->type.optional), element->span);
    id->base = element;
    return id;
}

/* Which row is nearest is asked again when changes are looked for. */
static void note_nearest(struct asking *asking, struct texpr *collection, struct value element) {
    struct account_nearest nearest = {collection, value_keep(asking->account->arena, element)};
    if (element.kind != VALUE_MISSING)
        LIST_ADD(asking->account->arena, &asking->account->nearest, nearest);
}

/* nearest_of: the collection, where its rows stand the nearest first; else NULL. */
static bool take_rows(struct asking *asking, struct account_rows *taken, struct texpr *nearest_of, struct failure *failure) {
    struct arena *arena = asking->account->arena;
    bool says_failing = nearest_of && asking->apart.conditions.count > 1;
    struct texpr *identity = nearest_of ? identity_of(asking) : NULL;
    int shown = asking->columns.count;
    for (int i = 0; says_failing && i < asking->apart.conditions.count; i++)
        show(asking, "", asking->apart.conditions.items[i]);
    if (identity)
        show(asking, "", identity);
    struct rows *rows = run(asking, failure);
    if (!rows)
        return failure->kind == FAILURE_NONE;
    taken->column_count = shown + (says_failing ? 1 : 0);
    taken->columns = ARENA_ARRAY(arena, struct row_column, taken->column_count);
    for (int i = 0; i < shown; i++)
        taken->columns[i] = (struct row_column){.label = rows->columns[i].label, .type = rows->columns[i].type};
    if (says_failing)
        taken->columns[shown] = (struct row_column){.label = "fails", .type = type_of_kind(TYPE_TEXT)};
    taken->values = ARENA_ARRAY(arena, struct value, taken->column_count * ROWS_SHOWN);
    const struct value *row;
    enum rows_step step;
    while ((step = rows_next(rows, &row, failure)) == ROWS_ROW && taken->row_count < ROWS_SHOWN) {
        struct value *kept = taken->values + taken->row_count++ * taken->column_count;
        for (int i = 0; i < shown; i++)
            kept[i] = value_keep(arena, row[i]);
        if (says_failing)
            kept[shown] = failing_words(asking, row, shown);
        if (identity && taken->row_count == 1)
            note_nearest(asking, nearest_of, row[asking->columns.count - 1]);
    }
    rows_close(rows);
    if (step == ROWS_FAILED && failure->kind == FAILURE_PROGRAM) { /* one of the rows has no answer: the others say little */
        *failure = (struct failure){0};
        taken->row_count = 0;
        return true;
    }
    drop_needless(asking, taken, shown);
    return step != ROWS_FAILED;
}

static void order_rows(struct asking *asking, const struct texpr *aggregate, struct texpr *value, struct texpr *by, struct account_rows *rows) {
    switch (aggregate->aggregate) {
    case AGGREGATE_SUM: case AGGREGATE_AVERAGE: case AGGREGATE_GREATEST:
        rows->order = ROWS_GREATEST_FIRST;
        break;
    case AGGREGATE_LEAST:
        rows->order = ROWS_LEAST_FIRST;
        break;
    case AGGREGATE_STREAK: case AGGREGATE_LONGEST_GAP:
        rows->order = ROWS_NEWEST_FIRST;
        break;
    case AGGREGATE_LATEST: case AGGREGATE_EARLIEST:
        rows->order = aggregate->aggregate == AGGREGATE_LATEST ? ROWS_LATEST : ROWS_EARLIEST;
        break;
    default:
        break;
    }
    if (rows->order == ROWS_GREATEST_FIRST || rows->order == ROWS_LEAST_FIRST)
        sort_by(asking, value, rows->order == ROWS_GREATEST_FIRST);
    else if (by) {
        sort_by(asking, by, aggregate->aggregate != AGGREGATE_EARLIEST);
        if (asking->apart.variable->type.kind == TYPE_RECORD) { /* of equals the one recorded last is the latest */
            struct texpr *id = texpr_create(asking->account->arena, TEXPR_ID, type_of_kind(TYPE_INT), asking->query->span);
            id->base = element_of(asking);
            sort_by(asking, id, aggregate->aggregate != AGGREGATE_EARLIEST);
        }
    }
}

bool account_read_rows(struct account *account, struct texpr *aggregate, struct account_rows **result, struct failure *failure) {
    if (aggregate->source->kind == TEXPR_GROUP || !aggregate->variable)
        return true;
    struct texpr *member = texpr_member(aggregate);
    struct texpr *collection = member ? aggregate->source->source : aggregate->source; /* of what is in it, all that is there is shown */
    struct asking asking = ask_about(account, collection);
    struct account_rows *rows = ARENA_NEW(account->arena, struct account_rows);
    struct texpr *element = element_of(&asking);
    struct texpr *value = aggregate->value ? account_substitute(account, aggregate->value, aggregate->variable, element) : NULL;
    struct texpr *by = aggregate->by ? account_substitute(account, aggregate->by, aggregate->variable, element) : NULL;
    struct texpr *condition = aggregate->condition ? account_substitute(account, aggregate->condition, aggregate->variable, element) : NULL;
    rows->of = asking.apart.base->kind == TEXPR_ALL ? asking.apart.base->type.element->record->name : account_words(account, asking.apart.base->span);
    rows->whole = account_words(account, collection->span);
    rows->is_filtered = asking.apart.conditions.count > 0 || (value && value->type.optional);
    if (!account_count(account, collection, aggregate->variable, aggregate->value, &rows->matching, failure) ||
        !account_count(account, asking.apart.base, NULL, NULL, &rows->all, failure))
        return false;
    bool is_none = aggregate->aggregate == AGGREGATE_EXISTS && rows->matching == 0 && rows->is_filtered;
    show_identity(&asking);
    for (int i = 0; i < asking.apart.conditions.count; i++)
        texpr_walk(asking.apart.conditions.items[i], note_read, &asking);
    texpr_walk(by, note_read, &asking);
    texpr_walk(condition, note_read, &asking);
    if (value && !is_path_of(value, asking.apart.variable) && value->kind != TEXPR_CONSTANT && asking.columns.count < COLUMNS_SHOWN)
        show(&asking, account_words(account, value->span), value);
    else
        texpr_walk(value, note_read, &asking);
    show_looked_at(&asking);
    show_stored(&asking);
    show_columns_of_row(&asking);
    for (int i = 0; !is_none && i < asking.apart.conditions.count; i++)
        keep_where(&asking, asking.apart.conditions.items[i]);
    if (!is_none)
        keep_known(&asking, value);
    keep_known(&asking, by);
    if (is_none) {
        rows->order = asking.apart.conditions.count ? ROWS_NEAREST_FIRST : ROWS_AS_THEY_STAND;
        sort_nearest(&asking);
    } else
        order_rows(&asking, aggregate, value, by, rows);
    take(&asking, rows->order == ROWS_LATEST || rows->order == ROWS_EARLIEST ? 1 : ROWS_SHOWN);
    *result = rows;
    return take_rows(&asking, rows, is_none ? collection : NULL, failure);
}

/* ---- one row ---- */

bool account_nearest_row(struct account *account, struct texpr *collection, struct account_collection *apart, struct value *element, bool *found, struct failure *failure) {
    struct asking asking = ask_about(account, collection);
    struct texpr *identity = identity_of(&asking);
    *apart = asking.apart;
    *found = false;
    for (int i = 0; i < account->nearest.count && !*found; i++) {
        *found = texpr_equal(account->nearest.items[i].collection, collection);
        *element = account->nearest.items[i].element;
    }
    if (*found || !identity)
        return true;
    show(&asking, "id", identity);
    sort_nearest(&asking);
    take(&asking, 1);
    struct rows *rows = run(&asking, failure);
    if (!rows)
        return failure->kind == FAILURE_NONE;
    const struct value *row;
    enum rows_step step = rows_next(rows, &row, failure);
    *found = step == ROWS_ROW && row[0].kind != VALUE_MISSING;
    if (*found)
        *element = value_keep(account->arena, row[0]);
    rows_close(rows);
    if (step == ROWS_FAILED && failure->kind == FAILURE_PROGRAM) {
        *failure = (struct failure){0};
        return true;
    }
    return step != ROWS_FAILED;
}
