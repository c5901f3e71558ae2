/* Calls: builtin functions by the table builtins.def, definitions of the policy, and convert.
 * Knows: parameters and arguments. Does not know: collections (collections.c). */
#include "lang/base/civil.h"
#include "lang/base/text.h"
#include "lang/check/checker.h"

#include <regex.h>
#include <string.h>

struct builtin {
    const char *name, *parameters;
    char result;
    enum operation operation;
    const char *help;
};
static const struct builtin builtins[] = {
#define BUILTIN(name, parameters, result, operation, help) {#name, parameters, result, OPERATION_##operation, help},
#include "lang/check/builtins.def"
#undef BUILTIN
};
enum { BUILTIN_COUNT = sizeof builtins / sizeof *builtins };

static const char *const collection_functions[] = {"count", "sum", "avg", "min", "max", "latest", "earliest", "streak", "longest_gap", "join", "distinct", "transitive", "periods", "convert", "history"};

const char *pattern_problem(struct arena *arena, const char *pattern) {
    regex_t compiled;
    int code = regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB);
    if (code == 0) {
        regfree(&compiled);
        return NULL;
    }
    char words[200];
    regerror(code, &compiled, words, sizeof words);
    return arena_copy_string(arena, words);
}

void offer_functions(struct checker *checker, struct nearest *search) {
    for (int i = 0; i < BUILTIN_COUNT; i++)
        nearest_offer(search, builtins[i].name);
    for (size_t i = 0; i < sizeof collection_functions / sizeof *collection_functions; i++)
        nearest_offer(search, collection_functions[i]);
    for (int i = 0; i < checker->definitions.count; i++)
        nearest_offer(search, checker->definitions.items[i]->name);
}

const char *builtin_help(const char *name, const char **parameters) {
    for (int i = 0; i < BUILTIN_COUNT; i++)
        if (strcmp(builtins[i].name, name) == 0) {
            *parameters = builtins[i].parameters;
            return builtins[i].help;
        }
    return NULL;
}

/* ---- builtins ---- */

static enum type_kind kind_of_letter(char letter) {
    switch (letter) {
    case 'b': return TYPE_BOOL;
    case 'i': case 'I': return TYPE_INT;
    case 'n': return TYPE_NUMBER;
    case 'm': return TYPE_MONEY;
    case 't': case 'T': return TYPE_TEXT;
    case 'd': return TYPE_DATE;
    case 'D': return TYPE_DATETIME;
    case 'u': return TYPE_DURATION;
    case 'p': return TYPE_PERIOD;
    default: return TYPE_NOTHING;
    }
}

/* The arguments as the row wants them, or false. */
static bool fit(struct checker *checker, const struct builtin *builtin, struct texpr **arguments, int count, struct texpr **fitted) {
    if ((int)strlen(builtin->parameters) != count)
        return false;
    for (int i = 0; i < count; i++) {
        char letter = builtin->parameters[i];
        struct type wanted = letter == '=' ? type_optional(arguments[0]->type, false) : type_of_kind(kind_of_letter(letter));
        if (letter == 'm')
            wanted = arguments[i]->type.kind == TYPE_MONEY ? arguments[i]->type : wanted;
        if (letter == 'd' && arguments[i]->type.kind == TYPE_DATETIME) {
            fitted[i] = texpr_operation(checker->arena, OPERATION_DATETIME_TO_DATE, type_of_kind(TYPE_DATE), arguments[i]->span, 1, &arguments[i]);
            continue;
        }
        fitted[i] = convert_to(checker, arguments[i], wanted);
        if (!fitted[i] || ((letter == 'I' || letter == 'T') && fitted[i]->kind != TEXPR_CONSTANT))
            return false;
        if (letter == '=' && (type_representation(wanted) == REPRESENTATION_NONE || wanted.kind == TYPE_RECORD || wanted.kind == TYPE_ROW || wanted.kind == TYPE_BOOL))
            return false;
    }
    return true;
}

static const char *parameter_words(struct checker *checker, const char *name) {
    struct buffer words = {0};
    for (int i = 0; i < BUILTIN_COUNT; i++) {
        if (strcmp(builtins[i].name, name) != 0)
            continue;
        buffer_add_format(&words, "%s`%s(", words.length ? " or " : "", name);
        for (const char *letter = builtins[i].parameters; *letter; letter++) {
            const char *kind = *letter == '=' ? "value" : type_words(checker, type_of_kind(kind_of_letter(*letter)));
            buffer_add_format(&words, "%s%s", letter == builtins[i].parameters ? "" : ", ", kind);
        }
        buffer_add_string(&words, ")`");
    }
    const char *kept = arena_copy_string(checker->arena, buffer_string(&words));
    buffer_free(&words);
    return kept;
}

static struct texpr *call_builtin(struct context *context, struct node *node, const char *name, struct texpr **arguments, int count) {
    struct checker *checker = context->checker;
    struct texpr *fitted[4] = {0};
    for (int i = 0; i < BUILTIN_COUNT; i++) {
        const struct builtin *builtin = &builtins[i];
        if (strcmp(builtin->name, name) != 0 || count > 3 || !fit(checker, builtin, arguments, count, fitted))
            continue;
        if (builtin->operation == OPERATION_PERCENT_TEXT && count == 1)
            fitted[count++] = texpr_int(checker->arena, TYPE_INT, 1, node->span);
        if ((builtin->operation == OPERATION_ROUND_NUMBER || builtin->operation == OPERATION_PERCENT_TEXT || builtin->operation == OPERATION_FORMAT_NUMBER) &&
            (fitted[1]->constant.integer < 0 || fitted[1]->constant.integer > 12)) {
            diagnostic_add(checker->diagnostics, DIAG_DECIMALS_OUT_OF_RANGE, node->span, 0, 12);
            return poison(context, node);
        }
        if (builtin->operation == OPERATION_ROUND_MONEY && (fitted[1]->constant.integer < -9 || fitted[1]->constant.integer > 4)) {
            diagnostic_add(checker->diagnostics, DIAG_DECIMALS_OUT_OF_RANGE, node->span, -9, 4);
            return poison(context, node);
        }
        if (builtin->operation == OPERATION_FORMAT_DATE) {
            const char *problem = date_pattern_problem(fitted[1]->constant.text);
            if (problem) {
                diagnostic_add(checker->diagnostics, DIAG_BAD_DATE_PATTERN, node->span, problem);
                return poison(context, node);
            }
        }
        struct type type = builtin->result == '=' ? type_optional(fitted[0]->type, false) : type_of_kind(kind_of_letter(builtin->result));
        return texpr_operation(checker->arena, builtin->operation, type, node->span, count, fitted);
    }
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_ARGUMENTS_DO_NOT_FIT, node->span, name);
    diagnostic_hint(checker->diagnostics, said, "It is used as %s.", parameter_words(checker, name));
    return poison(context, node);
}

/* ---- definitions ---- */

static struct definition *find_definition(struct checker *checker, const char *name) {
    int position = name_table_find(&checker->definition_names, name);
    return position >= 0 ? checker->definitions.items[position] : NULL;
}

/* A definition's body with the arguments bound: checked anew at each call, so that every variable is its own. */
static struct texpr *call_definition(struct context *context, struct node *node, struct definition *definition, struct node_list arguments) {
    struct checker *checker = context->checker;
    check_definition(checker, definition);
    struct node_define *define = AS(define, DEFINE, definition->node);
    if (definition->state == PENDING_CHECKING) {
        struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_RECURSION, node->span, definition->name);
        diagnostic_hint(checker->diagnostics, said, "To follow parents or children however deep, use `transitive(…)`.");
        definition->poisoned = true;
        return poison(context, node);
    }
    if (definition->poisoned)
        return poison(context, node);
    if (arguments.count != define->parameters.count) {
        diagnostic_add(checker->diagnostics, DIAG_ARGUMENT_COUNT, node->span, definition->name, arena_format(checker->arena, "%d argument%s", define->parameters.count, define->parameters.count == 1 ? "" : "s"));
        return poison(context, node);
    }
    struct context body = {.checker = checker};
    struct texpr **values = ARENA_ARRAY(checker->arena, struct texpr *, arguments.count);
    struct tvar **variables = ARENA_ARRAY(checker->arena, struct tvar *, arguments.count);
    for (int i = 0; i < arguments.count; i++) {
        struct node *written = AS(argument, ARGUMENT, arguments.items[i])->value;
        struct node_parameter *parameter = AS(parameter, PARAMETER, define->parameters.items[i]);
        const char *what = arena_format(checker->arena, "`%s` of `%s`", name_text(parameter->name), definition->name);
        values[i] = check_as(context, written, definition->parameter_types[i], what);
        if (is_poison(values[i]))
            return values[i];
        variables[i] = variable_create(checker, name_text(parameter->name), definition->parameter_types[i]);
        body.scope = scope_push(checker, body.scope, SCOPE_VARIABLE, variables[i]->name, variables[i], NULL);
    }
    struct texpr *result = check_as(&body, define->body, definition->result, definition->name);
    if (is_poison(result))
        return poison(context, node);
    for (int i = arguments.count - 1; i >= 0; i--) {
        struct texpr *let = texpr_binary(checker->arena, TEXPR_LET, result->type, values[i], result);
        let->variable = variables[i];
        let->span = node->span;
        result = let;
    }
    return result;
}

/* ---- convert ---- */

/* convert(x, EUR, on day): x times the latest rate from its currency on or before that day. It is written out in terms of the `rate` records, so that both
 * engines know it without being told. */
static struct texpr *call_convert(struct context *context, struct node *node, struct node_list arguments) {
    struct checker *checker = context->checker;
    struct record_type *rate = program_find_record(checker->program, "rate");
    if (arguments.count < 2 || arguments.count > 3 || !rate) {
        diagnostic_add(checker->diagnostics, DIAG_ARGUMENT_COUNT, node->span, "convert", "money, a currency, and `on` a date");
        return poison(context, node);
    }
    struct node *amount_node = AS(argument, ARGUMENT, arguments.items[0])->value;
    struct node *currency_node = AS(argument, ARGUMENT, arguments.items[1])->value;
    struct texpr *amount = require_known(context, check_expression(context, amount_node, NULL), amount_node);
    struct texpr *day = arguments.count == 3 ? check_as(context, AS(argument, ARGUMENT, arguments.items[2])->value, type_of_kind(TYPE_DATE), "the day of the rate")
                                             : texpr_create(checker->arena, TEXPR_TODAY, type_of_kind(TYPE_DATE), node->span);
    if (is_poison(amount) || is_poison(day))
        return poison(context, node);
    const char *into = name_text(currency_node);
    if (amount->type.kind != TYPE_MONEY || strlen(into) != 3) {
        diagnostic_add(checker->diagnostics, DIAG_ARGUMENT_COUNT, node->span, "convert", "money, a currency, and `on` a date");
        return poison(context, node);
    }
    into = intern_string(checker->names, into);
    if (amount->type.currency == into)
        return amount;
    struct texpr *all = texpr_create(checker->arena, TEXPR_ALL, type_of_collection(checker->arena, type_of_record(rate)), node->span);
    struct tvar *variable;
    struct context inner = enter_element(context, all, NULL, &variable);
    struct texpr *element = texpr_variable(checker->arena, variable, node->span);
    static const char *const names[] = {"currency", "into", "date"};
    struct texpr *wanted[] = {texpr_text(checker->arena, amount->type.currency, strlen(amount->type.currency), node->span), texpr_text(checker->arena, into, strlen(into), node->span), day};
    struct texpr *condition = NULL;
    for (int i = 0; i < 3; i++) {
        struct texpr *sides[] = {make_field(&inner, element, record_find_field(rate, names[i]), node->span), wanted[i]};
        condition = texpr_and(checker->arena, condition, texpr_operation(checker->arena, i == 2 ? OPERATION_AT_MOST : OPERATION_EQUAL, type_of_kind(TYPE_BOOL), node->span, 2, sides));
    }
    struct texpr *filter = texpr_create(checker->arena, TEXPR_FILTER, all->type, node->span);
    filter->source = all;
    filter->variable = variable;
    filter->condition = condition;
    texpr_note_failing(filter);
    struct texpr *latest = texpr_create(checker->arena, TEXPR_AGGREGATE, type_optional(type_of_record(rate), true), node->span);
    latest->aggregate = AGGREGATE_LATEST;
    latest->source = filter;
    latest->variable = variable_create(checker, "rate", type_of_record(rate));
    latest->by = make_field(&inner, texpr_variable(checker->arena, latest->variable, node->span), record_find_field(rate, "date"), node->span);
    texpr_note_failing(latest);
    struct texpr *factor = make_field(context, latest, record_find_field(rate, "rate"), node->span);
    struct texpr *required = texpr_unary(checker->arena, TEXPR_REQUIRE, type_of_kind(TYPE_NUMBER), factor);
    required->text = arena_format(checker->arena, "there is no exchange rate from %s to %s on that day", amount->type.currency, into);
    struct texpr *sides[] = {amount, required};
    return texpr_operation(checker->arena, OPERATION_MULTIPLY_BY_NUMBER, (struct type){.kind = TYPE_MONEY, .currency = into}, node->span, 2, sides);
}

/* ---- all of them ---- */

static struct texpr *refuse_call(struct context *context, struct node_call *call, const char *name) {
    struct checker *checker = context->checker;
    struct nearest nearest;
    nearest_start(&nearest, name);
    offer_functions(checker, &nearest);
    struct diagnostic *said = diagnostic_add(checker->diagnostics, DIAG_UNKNOWN_FUNCTION, call->callee->span, name);
    if (call->arguments.count == 0 && name_is_in_scope(context, name))
        diagnostic_hint(checker->diagnostics, said, "It is no function, and is written without brackets: `%s`.", name);
    else if (nearest.best)
        diagnostic_hint(checker->diagnostics, said, "did you mean `%s`?", nearest.best);
    return poison(context, &call->head);
}

static bool is_builtin(const char *name) {
    for (int i = 0; i < BUILTIN_COUNT; i++)
        if (strcmp(builtins[i].name, name) == 0)
            return true;
    return false;
}

struct texpr *check_call(struct context *context, struct node *node, const struct type *expected) {
    struct checker *checker = context->checker;
    struct node_call *call = AS(call, CALL, node);
    const char *name = name_text(call->callee);
    struct definition *definition = find_definition(checker, name);
    if (definition)
        return call_definition(context, node, definition, call->arguments);
    struct texpr *special = check_collection_call(context, node);
    if (special)
        return special;
    if (strcmp(name, "convert") == 0)
        return call_convert(context, node, call->arguments);
    if (strcmp(name, "history") == 0)
        return check_history(context, node);
    if (!is_builtin(name)) {
        struct texpr *report = check_report_source(context, node);
        return report ? report : refuse_call(context, call, name);
    }
    struct texpr **arguments = ARENA_ARRAY(checker->arena, struct texpr *, call->arguments.count + 1);
    bool good = true;
    for (int i = 0; i < call->arguments.count; i++) {
        struct node_argument *argument = AS(argument, ARGUMENT, call->arguments.items[i]);
        if (!argument->value || argument->by || argument->condition) {
            diagnostic_add(checker->diagnostics, DIAG_ARGUMENTS_DO_NOT_FIT, node->span, name);
            return poison(context, node);
        }
        arguments[i] = require_known(context, check_expression(context, argument->value, i ? &arguments[0]->type : expected && expected->kind != TYPE_RECORD ? expected : NULL), argument->value);
        good = good && !is_poison(arguments[i]);
    }
    return good ? call_builtin(context, node, name, arguments, call->arguments.count) : poison(context, node);
}
