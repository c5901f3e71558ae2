/* Scalar expressions as SQL: see writer.h.
 * Knows: kinds of expressions, natives.def. Does not know: records' tables (record.c), collections (collection.c), queries (query.c). */
#include "runtime/sql/writer.h"

#include <assert.h>

/* ---- operations ---- */

static const char *const natives[OPERATION_COUNT] = {
#define NATIVE(operation, sql) [OPERATION_##operation] = sql,
#include "runtime/sql/natives.def"
#undef NATIVE
};

static void write_template(struct writer *writer, struct buffer *out, const char *template, struct texpr *const *arguments) {
    for (const char *at = template; *at; at++) {
        if (*at == '$') {
            at++;
            write_expression(writer, out, arguments[*at - '1']);
        } else
            buffer_add_char(out, *at);
    }
}

enum { ARGUMENTS_MAX = 100 /* of one call */, TEXT_PARTS_MAX = 100 /* in one bracket: expressions are at most 1000 deep */ };

static bool is_chained(enum operation operation) {
    switch (operation) {
    case OPERATION_ADD: case OPERATION_SUBTRACT: case OPERATION_MULTIPLY: case OPERATION_ADD_NUMBER: case OPERATION_SUBTRACT_NUMBER: case OPERATION_MULTIPLY_NUMBER:
        return true;
    default:
        return false;
    }
}

/* a + b + c is one call of three arguments, worked out from the left: SQLite's parser has room for about 30 calls within calls, and a call for 127 arguments. */
static void write_chain(struct writer *writer, struct buffer *out, const struct texpr *operation, enum operation chained, int room) {
    const struct texpr *left = operation->arguments[0];
    if (room > 0 && left->kind == TEXPR_OPERATION && left->operation == chained && find_group_key(writer, left) < 0)
        write_chain(writer, out, left, chained, room - 1);
    else
        write_expression(writer, out, left);
    buffer_add_string(out, ", ");
    write_expression(writer, out, operation->arguments[1]);
}

/* The function's name, and the kind of its first argument where it wants one. */
static void write_call(struct buffer *out, enum operation operation, struct type first) {
    buffer_add_format(out, "remit_%s(", operation_name(operation));
    if (sql_operation_wants_kind(operation))
        buffer_add_format(out, "%d, ", (int)first.kind);
}

/* The title of an enum's value is known now. */
static void write_enum_title(struct writer *writer, struct buffer *out, const struct texpr *argument) {
    const struct enum_type *enumeration = argument->type.enumeration;
    buffer_add_string(out, "CASE ");
    write_expression(writer, out, argument);
    for (int i = 0; i < enumeration->value_count; i++) {
        const char *title = enumeration->values[i].title;
        buffer_add_format(out, " WHEN %d THEN ", i);
        write_parameter(writer, out, value_text(title, strlen(title)));
    }
    for (int i = 0; i < enumeration->gone_count; i++) {
        buffer_add_format(out, " WHEN %d THEN ", -i - 1);
        write_parameter(writer, out, value_text(enumeration->gone[i], strlen(enumeration->gone[i])));
    }
    buffer_add_string(out, " END");
}

static void write_to_text(struct writer *writer, struct buffer *out, const struct texpr *argument) {
    struct type type = argument->type;
    if (type.kind == TYPE_ENUM && type.enumeration->value_count > 0) {
        write_enum_title(writer, out, argument);
        return;
    }
    write_call(out, OPERATION_TO_TEXT, type);
    if (type.kind == TYPE_MONEY && type.currency)
        write_parameter(writer, out, value_text(type.currency, strlen(type.currency)));
    else
        buffer_add_string(out, "NULL");
    buffer_add_string(out, ", ");
    write_expression(writer, out, argument);
    buffer_add_char(out, ')');
}

/* ---- operations of constants ---- */

/* The value of a variable of the whole run: a report's parameter, a `let` of the script. */
static bool find_binding(const struct writer *writer, const struct tvar *variable, struct value *value) {
    for (const struct environment *bound = writer->environment; bound; bound = bound->outer)
        if (bound->variable == variable)
            return false;
    for (int i = 0; i < writer->inputs->binding_count; i++)
        if (writer->inputs->bindings[i].variable == variable) {
            *value = writer->inputs->bindings[i].value;
            return true;
        }
    return false;
}

static bool is_certain_operation(const struct writer *writer, const struct texpr *expression, struct value *value) {
    struct value arguments[2] = {value_missing(), value_missing()};
    const struct decimal *factor = NULL;
    for (int i = expression->argument_count - 1; i >= 0; i--) {
        if (expression->operation == OPERATION_MULTIPLY_DECIMAL && i == 1)
            factor = &expression->arguments[1]->constant.decimal;
        else if (!expression_is_certain(writer, expression->arguments[i], &arguments[i]))
            return false;
    }
    struct failure failure = {0};
    if (!value_operate(writer->inputs->operators, expression->operation, expression->arguments[0]->type, arguments, factor, value, &failure))
        return false;
    *value = value_keep(writer->arena, *value);
    return true;
}

bool expression_is_certain(const struct writer *writer, const struct texpr *expression, struct value *value) {
    const struct run_inputs *run = operator_context_inputs(writer->inputs->operators);
    switch (expression->kind) {
    case TEXPR_CONSTANT:
        *value = value_from_constant(expression->type, &expression->constant);
        return true;
    case TEXPR_TODAY: case TEXPR_NOW:
        *value = value_int(expression->kind == TEXPR_TODAY ? run->today : run->now);
        return true;
    case TEXPR_VARIABLE:
        return find_binding(writer, expression->variable, value);
    case TEXPR_OPERATION:
        return is_certain_operation(writer, expression, value);
    default:
        return false;
    }
}

/* ---- periods of a collection ---- */

/* The place of a period that comes with its days, when the expression is one. */
static bool find_days(struct writer *writer, const struct texpr *period, struct sql_place *place) {
    if (period->kind != TEXPR_VARIABLE || find_group_key(writer, period) >= 0)
        return false;
    *place = writer_find(writer, period->variable);
    return place->kind == PLACE_TEXT && place->starts;
}

/* What SQLite can do by itself with the days that are there, along an index where there is one. */
static bool write_of_days(struct writer *writer, struct buffer *out, const struct texpr *expression) {
    struct sql_place place;
    bool is_in = expression->operation == OPERATION_DATE_IN_PERIOD;
    bool is_known = is_in || expression->operation == OPERATION_PERIOD_START || expression->operation == OPERATION_PERIOD_END;
    if (!is_known || !find_days(writer, expression->arguments[is_in], &place))
        return false;
    writer_use(writer, place.alias);
    if (is_in) {
        buffer_add_char(out, '(');
        write_expression(writer, out, expression->arguments[0]);
        buffer_add_format(out, " BETWEEN %s AND %s)", place.starts, place.ends);
    } else
        buffer_add_string(out, expression->operation == OPERATION_PERIOD_START ? place.starts : place.ends);
    return true;
}

static void write_operation(struct writer *writer, struct buffer *out, const struct texpr *expression) {
    enum operation operation = expression->operation;
    struct value certain;
    if (expression_is_certain(writer, expression, &certain)) {
        write_parameter(writer, out, certain);
        return;
    }
    if (write_of_days(writer, out, expression))
        return;
    if (natives[operation]) {
        write_template(writer, out, natives[operation], expression->arguments);
        return;
    }
    if (operation == OPERATION_TO_TEXT) {
        write_to_text(writer, out, expression->arguments[0]);
        return;
    }
    write_call(out, operation, expression->arguments[0]->type);
    if (is_chained(operation))
        write_chain(writer, out, expression, operation, ARGUMENTS_MAX);
    else if (operation == OPERATION_MULTIPLY_DECIMAL) {
        const struct decimal *factor = &expression->arguments[1]->constant.decimal;
        write_expression(writer, out, expression->arguments[0]);
        buffer_add_string(out, ", ");
        write_parameter(writer, out, value_int(factor->mantissa));
        buffer_add_format(out, ", %d", factor->scale);
    } else
        for (int i = 0; i < expression->argument_count; i++) {
            if (i)
                buffer_add_string(out, ", ");
            write_expression(writer, out, expression->arguments[i]);
        }
    buffer_add_char(out, ')');
}

/* ---- logic ---- */

struct sides {
    const struct texpr **items;
    int count, capacity;
    bool may_fail;
};

static void take_sides(struct writer *writer, struct sides *sides, const struct texpr *expression, enum texpr_kind kind) {
    if (expression->kind == kind && find_group_key(writer, expression) < 0) {
        for (int i = 0; i < expression->argument_count; i++)
            take_sides(writer, sides, expression->arguments[i], kind);
        return;
    }
    LIST_ADD(writer->arena, sides, expression);
    sides->may_fail = sides->may_fail || expression->may_fail;
}

/* Where a side may fail, CASE keeps the order that the program has. */
static void write_logic(struct writer *writer, struct buffer *out, const struct texpr *expression) {
    bool is_and = expression->kind == TEXPR_AND;
    struct sides sides = {0};
    take_sides(writer, &sides, expression, expression->kind);
    buffer_add_string(out, sides.may_fail ? "CASE" : "(");
    for (int i = 0; i < sides.count; i++) {
        bool is_last = i == sides.count - 1;
        if (!sides.may_fail)
            buffer_add_string(out, i == 0 ? "" : is_and ? " AND " : " OR ");
        else
            buffer_add_string(out, is_last ? " ELSE " : " WHEN ");
        write_expression(writer, out, sides.items[i]);
        if (sides.may_fail && !is_last)
            buffer_add_string(out, is_and ? " IS NOT TRUE THEN 0" : " THEN 1");
    }
    buffer_add_string(out, sides.may_fail ? " END" : ")");
}

/* A case in the `otherwise` of a case goes on with its rows. */
static void write_case_rows(struct writer *writer, struct buffer *out, const struct texpr *expression) {
    int count = expression->argument_count;
    for (int i = 0; i + 1 < count; i += 2) {
        buffer_add_string(out, " WHEN ");
        write_expression(writer, out, expression->arguments[i]);
        buffer_add_string(out, " THEN ");
        write_expression(writer, out, expression->arguments[i + 1]);
    }
    const struct texpr *otherwise = expression->arguments[count - 1];
    if (otherwise->kind == TEXPR_CASE && otherwise->argument_count > 1 && find_group_key(writer, otherwise) < 0) {
        write_case_rows(writer, out, otherwise);
        return;
    }
    buffer_add_string(out, " ELSE ");
    write_expression(writer, out, otherwise);
}

static void write_case(struct writer *writer, struct buffer *out, const struct texpr *expression) {
    if (expression->argument_count == 1) {
        write_expression(writer, out, expression->arguments[0]);
        return;
    }
    buffer_add_string(out, "CASE");
    write_case_rows(writer, out, expression);
    buffer_add_string(out, " END");
}

static void write_default(struct writer *writer, struct buffer *out, const struct texpr *expression) {
    struct sides sides = {0};
    int brackets = 1;
    take_sides(writer, &sides, expression, TEXPR_DEFAULT);
    buffer_add_string(out, "COALESCE(");
    for (int i = 0; i < sides.count; i++) {
        buffer_add_string(out, i ? ", " : "");
        if (i && i % ARGUMENTS_MAX == 0 && i + 1 < sides.count) {
            buffer_add_string(out, "COALESCE(");
            brackets++;
        }
        write_expression(writer, out, sides.items[i]);
    }
    buffer_add_repeated(out, ')', brackets);
}

/* CASE x WHEN stops at the first that is equal, as the program does; IN may look at all. */
static void write_in(struct writer *writer, struct buffer *out, const struct texpr *expression) {
    bool may_fail = false;
    for (int i = 1; i < expression->argument_count; i++)
        may_fail = may_fail || expression->arguments[i]->may_fail;
    buffer_add_string(out, may_fail ? "CASE " : "(");
    write_expression(writer, out, expression->arguments[0]);
    if (!may_fail)
        buffer_add_string(out, " IN (");
    for (int i = 1; i < expression->argument_count; i++) {
        buffer_add_string(out, may_fail ? " WHEN " : i > 1 ? ", " : "");
        write_expression(writer, out, expression->arguments[i]);
        if (may_fail)
            buffer_add_string(out, " THEN 1");
    }
    buffer_add_string(out, may_fail ? " ELSE 0 END" : "))");
}

static void write_text(struct writer *writer, struct buffer *out, const struct texpr *expression) {
    static const char missing[] = "—";
    buffer_add_string(out, "((");
    for (int i = 0; i < expression->argument_count; i++) {
        const struct texpr *part = expression->arguments[i];
        buffer_add_string(out, i == 0 ? "" : i % TEXT_PARTS_MAX ? " || " : ") || (");
        if (part->kind == TEXPR_CONSTANT) {
            write_expression(writer, out, part);
            continue;
        }
        buffer_add_string(out, "COALESCE(");
        write_expression(writer, out, part);
        buffer_add_string(out, ", ");
        write_parameter(writer, out, value_text(missing, sizeof missing - 1));
        buffer_add_char(out, ')');
    }
    if (expression->argument_count == 0)
        write_parameter(writer, out, value_text("", 0));
    buffer_add_string(out, "))");
}

/* ---- all of them ---- */

static void write_constant(struct writer *writer, struct buffer *out, const struct texpr *expression) {
    if (expression->type.kind == TYPE_BOOL)
        buffer_add_string(out, expression->constant.integer ? "TRUE" : "FALSE");
    else
        write_parameter(writer, out, value_from_constant(expression->type, &expression->constant));
}

static void write_variable(struct writer *writer, struct buffer *out, const struct texpr *expression) {
    struct sql_place place = writer_find(writer, expression->variable);
    if (expression->type.kind == TYPE_RECORD || expression->type.kind == TYPE_ROW) {
        write_wanted_at(writer, out, &place, expression->type, &(struct want){.kind = WANT_ID});
        return;
    }
    if (place.kind == PLACE_CLOSURE) {
        const struct environment *environment = writer->environment;
        struct group_stage *stage = writer->stage;
        const struct past *past = writer->past;
        writer->environment = place.environment;
        writer->stage = place.stage;
        writer->past = place.past;
        write_expression(writer, out, place.expression);
        writer->environment = environment;
        writer->stage = stage;
        writer->past = past;
        return;
    }
    assert(place.kind == PLACE_TEXT);
    writer_use(writer, place.alias);
    buffer_add_string(out, place.text);
}

static bool may_be_group_key(const struct texpr *expression) {
    switch (expression->kind) {
    case TEXPR_VARIABLE: case TEXPR_ID: case TEXPR_FIELD: case TEXPR_DERIVED: case TEXPR_COLUMN: case TEXPR_OPERATION: case TEXPR_CASE: case TEXPR_DEFAULT:
    case TEXPR_AND: case TEXPR_OR: case TEXPR_NOT: case TEXPR_TEXT: case TEXPR_LET: case TEXPR_IS_KNOWN: case TEXPR_IS_MISSING: case TEXPR_IN:
    case TEXPR_AT:
        return true;
    case TEXPR_AGGREGATE:
        return expression->source->kind != TEXPR_GROUP;
    default:
        return false;
    }
}

int find_group_key(const struct writer *writer, const struct texpr *expression) {
    if (!writer->stage || !may_be_group_key(expression))
        return -1;
    for (int i = 0; i < writer->stage->query->group_count; i++)
        if (texpr_equal(expression, writer->stage->query->groups[i].value))
            return i;
    return -1;
}

static void write_of_base(struct writer *writer, struct buffer *out, const struct texpr *expression) {
    struct want want = {.kind = WANT_ID, .field = expression->field, .type = expression->type};
    if (expression->kind == TEXPR_FIELD)
        want.kind = WANT_FIELD;
    else if (expression->kind == TEXPR_DERIVED)
        want.kind = WANT_DERIVED;
    else if (expression->kind == TEXPR_COLUMN) {
        want.kind = WANT_COLUMN;
        want.column = (int)expression->number;
    }
    write_wanted(writer, out, expression->base, &want);
}

static void write_unary(struct writer *writer, struct buffer *out, const char *before, const struct texpr *argument, const char *after) {
    buffer_add_string(out, before);
    write_expression(writer, out, argument);
    buffer_add_string(out, after);
}

static void write_require(struct writer *writer, struct buffer *out, const struct texpr *expression) {
    write_unary(writer, out, "COALESCE(", expression->arguments[0], ", remit_require(");
    write_parameter(writer, out, value_text(expression->text, strlen(expression->text)));
    buffer_add_string(out, "))");
}

void write_expression(struct writer *writer, struct buffer *out, const struct texpr *expression) {
    int key = find_group_key(writer, expression);
    if (!writer_count(writer)) {
        buffer_add_string(out, "NULL");
        return;
    }
    if (key >= 0) {
        write_group_key(writer, out, key);
        return;
    }
    const struct run_inputs *run = operator_context_inputs(writer->inputs->operators);
    switch (expression->kind) {
    case TEXPR_CONSTANT:
        write_constant(writer, out, expression);
        break;
    case TEXPR_MISSING:
        buffer_add_string(out, "NULL");
        break;
    case TEXPR_REFERENCE:
        write_parameter(writer, out, value_int(writer_find_reference(writer, expression)));
        break;
    case TEXPR_VARIABLE:
        write_variable(writer, out, expression);
        break;
    case TEXPR_ID: case TEXPR_FIELD: case TEXPR_DERIVED: case TEXPR_COLUMN:
        write_of_base(writer, out, expression);
        break;
    case TEXPR_OPERATION:
        write_operation(writer, out, expression);
        break;
    case TEXPR_AND: case TEXPR_OR:
        write_logic(writer, out, expression);
        break;
    case TEXPR_NOT:
        write_unary(writer, out, "(NOT ", expression->arguments[0], ")");
        break;
    case TEXPR_DEFAULT:
        write_default(writer, out, expression);
        break;
    case TEXPR_IS_KNOWN:
        write_unary(writer, out, "(", expression->arguments[0], " IS NOT NULL)");
        break;
    case TEXPR_IS_MISSING:
        write_unary(writer, out, "(", expression->arguments[0], " IS NULL)");
        break;
    case TEXPR_CASE:
        write_case(writer, out, expression);
        break;
    case TEXPR_IN:
        write_in(writer, out, expression);
        break;
    case TEXPR_TEXT:
        write_text(writer, out, expression);
        break;
    case TEXPR_REQUIRE:
        write_require(writer, out, expression);
        break;
    case TEXPR_AT:
        write_at(writer, out, expression);
        break;
    case TEXPR_CHANGE_ON:
        write_change_on(writer, out, expression);
        break;
    case TEXPR_BASELINE:
        write_baseline(writer, out, expression);
        break;
    case TEXPR_LET:
        write_let(writer, out, expression, NULL);
        break;
    case TEXPR_TODAY:
        write_parameter(writer, out, value_int(run->today));
        break;
    case TEXPR_NOW:
        write_parameter(writer, out, value_int(run->now));
        break;
    case TEXPR_AGGREGATE:
        write_aggregate(writer, out, expression);
        break;
    case TEXPR_KEY_OF_GROUP:
        write_group_key(writer, out, (int)expression->number);
        break;
    case TEXPR_ALL: case TEXPR_INVERSE: case TEXPR_SET: case TEXPR_LIST: case TEXPR_HISTORY: case TEXPR_PERIODS: case TEXPR_FILTER: case TEXPR_MAP: case TEXPR_FLATTEN: case TEXPR_DISTINCT:
    case TEXPR_NEWEST: case TEXPR_TRANSITIVE: case TEXPR_QUERY: case TEXPR_GROUP: case TEXPR_POISON:
        assert(!"a collection is no value");
        buffer_add_string(out, "NULL");
        break;
    }
}

const char *expression_sql(struct writer *writer, const struct texpr *expression) {
    struct buffer out = {0};
    write_expression(writer, &out, expression);
    return writer_take(writer, &out);
}

bool expression_is_simple(const struct writer *writer, const struct texpr *expression) {
    switch (expression->kind) {
    case TEXPR_CONSTANT: case TEXPR_MISSING: case TEXPR_REFERENCE: case TEXPR_VARIABLE: case TEXPR_TODAY: case TEXPR_NOW: case TEXPR_KEY_OF_GROUP:
        return true;
    case TEXPR_ID: case TEXPR_FIELD: case TEXPR_COLUMN:
        return expression->base->kind == TEXPR_VARIABLE;
    default:
        return find_group_key(writer, expression) >= 0;
    }
}
