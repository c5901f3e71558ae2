/* The typed program as text, one node a line: for golden tests and for eyes.
 * Knows: every field of the typed program. Does not know: how it came to be. */
#include "lang/base/civil.h"
#include "lang/base/text.h"
#include "lang/check/program.h"

static const char *const kind_names[] = {
    [TEXPR_CONSTANT] = "constant", [TEXPR_MISSING] = "missing", [TEXPR_REFERENCE] = "reference", [TEXPR_VARIABLE] = "variable", [TEXPR_ID] = "id",
    [TEXPR_FIELD] = "field", [TEXPR_DERIVED] = "derived", [TEXPR_COLUMN] = "column", [TEXPR_OPERATION] = "operation", [TEXPR_AND] = "and",
    [TEXPR_OR] = "or", [TEXPR_NOT] = "not", [TEXPR_DEFAULT] = "default", [TEXPR_IS_KNOWN] = "is known", [TEXPR_IS_MISSING] = "is missing",
    [TEXPR_CASE] = "case", [TEXPR_IN] = "in", [TEXPR_TEXT] = "text", [TEXPR_REQUIRE] = "require", [TEXPR_AT] = "at", [TEXPR_CHANGE_ON] = "change on", [TEXPR_BASELINE] = "baseline", [TEXPR_LET] = "let", [TEXPR_TODAY] = "today",
    [TEXPR_NOW] = "now", [TEXPR_AGGREGATE] = "aggregate", [TEXPR_ALL] = "all", [TEXPR_INVERSE] = "inverse", [TEXPR_SET] = "set", [TEXPR_LIST] = "list",
    [TEXPR_PERIODS] = "periods", [TEXPR_HISTORY] = "history",
    [TEXPR_FILTER] = "filter", [TEXPR_MAP] = "map", [TEXPR_FLATTEN] = "flatten", [TEXPR_DISTINCT] = "distinct", [TEXPR_NEWEST] = "newest",
    [TEXPR_TRANSITIVE] = "transitive", [TEXPR_QUERY] = "query", [TEXPR_GROUP] = "group", [TEXPR_KEY_OF_GROUP] = "key of group", [TEXPR_POISON] = "poison",
};
static const char *const aggregate_words[] = {
    [AGGREGATE_COUNT] = "count", [AGGREGATE_EXISTS] = "exists", [AGGREGATE_SUM] = "sum", [AGGREGATE_AVERAGE] = "avg", [AGGREGATE_LEAST] = "min",
    [AGGREGATE_GREATEST] = "max", [AGGREGATE_LATEST] = "latest", [AGGREGATE_EARLIEST] = "earliest", [AGGREGATE_STREAK] = "streak",
    [AGGREGATE_LONGEST_GAP] = "longest_gap", [AGGREGATE_JOIN] = "join",
};

static void dump_type(struct buffer *out, struct type type) {
    struct arena *arena = arena_create();
    buffer_add_format(out, " : %s\n", type_text(arena, type));
    arena_destroy(arena);
}

static void dump_constant(struct buffer *out, const struct texpr *expression) {
    const struct constant *constant = &expression->constant;
    buffer_add_char(out, ' ');
    switch (expression->type.kind) {
    case TYPE_TEXT:
        buffer_add_format(out, "\"%.*s\"", (int)constant->text_length, constant->text);
        break;
    case TYPE_NUMBER:
        double_write(out, constant->number);
        break;
    case TYPE_DECIMAL:
        decimal_write(out, constant->decimal);
        break;
    case TYPE_MONEY:
        money_write(out, constant->integer, false);
        break;
    case TYPE_DATE:
        date_write(out, constant->integer);
        break;
    case TYPE_PERIOD:
        period_write(out, constant->integer);
        break;
    case TYPE_ENUM:
        buffer_add_string(out, expression->type.enumeration->values[constant->integer].name);
        break;
    default:
        buffer_add_format(out, "%lld", (long long)constant->integer);
        break;
    }
}

static void dump_head(struct buffer *out, const struct texpr *expression) {
    buffer_add_string(out, kind_names[expression->kind]);
    if (expression->kind == TEXPR_CONSTANT)
        dump_constant(out, expression);
    if (expression->kind == TEXPR_OPERATION)
        buffer_add_format(out, " %s", operation_name(expression->operation));
    if (expression->kind == TEXPR_AGGREGATE)
        buffer_add_format(out, " %s", aggregate_words[expression->aggregate]);
    if (expression->field)
        buffer_add_format(out, " %s.%s", expression->field->record->name, expression->field->name);
    if (expression->variable)
        buffer_add_format(out, " %s#%d", expression->variable->name ? expression->variable->name : "it", expression->variable->id);
    if (expression->text)
        buffer_add_format(out, " \"%s\"", expression->text);
    if (expression->number)
        buffer_add_format(out, " %lld", (long long)expression->number);
    if (expression->oldest)
        buffer_add_string(out, " oldest");
    if (expression->kind == TEXPR_PERIODS) {
        buffer_add_char(out, ' ');
        cadence_write(out, expression->cadence);
    }
    if (expression->may_fail)
        buffer_add_string(out, " !");
    dump_type(out, expression->type);
}

static void dump_part(struct buffer *out, const char *label, const struct texpr *part, int indent) {
    if (!part)
        return;
    buffer_add_repeated(out, ' ', indent);
    buffer_add_format(out, "%s: ", label);
    size_t start = out->length;
    struct buffer inner = {0};
    texpr_dump(&inner, part, indent);
    const char *text = buffer_string(&inner);
    while (*text == ' ')
        text++;
    buffer_add_string(out, text);
    buffer_free(&inner);
    (void)start;
}

void texpr_dump(struct buffer *out, const struct texpr *expression, int indent) {
    buffer_add_repeated(out, ' ', indent);
    dump_head(out, expression);
    dump_part(out, "base", expression->base, indent + 2);
    dump_part(out, "source", expression->source, indent + 2);
    for (int i = 0; i < expression->argument_count; i++)
        texpr_dump(out, expression->arguments[i], indent + 2);
    dump_part(out, "condition", expression->condition, indent + 2);
    dump_part(out, "value", expression->value, indent + 2);
    dump_part(out, "by", expression->by, indent + 2);
    if (expression->query)
        tquery_dump(out, expression->query, indent + 2);
}

static void dump_columns(struct buffer *out, const char *word, const struct tcolumn *columns, int count, int indent) {
    for (int i = 0; i < count; i++) {
        buffer_add_repeated(out, ' ', indent);
        buffer_add_format(out, "%s \"%s\"\n", word, columns[i].label);
        texpr_dump(out, columns[i].value, indent + 2);
    }
}

void tquery_dump(struct buffer *out, const struct tquery *query, int indent) {
    for (int i = 0; i < query->source_count; i++) {
        buffer_add_repeated(out, ' ', indent);
        buffer_add_format(out, "from %s#%d\n", query->sources[i].variable->name, query->sources[i].variable->id);
        texpr_dump(out, query->sources[i].collection, indent + 2);
    }
    dump_part(out, "where", query->condition, indent);
    if (query->grouped) {
        buffer_add_repeated(out, ' ', indent);
        buffer_add_string(out, "grouped\n");
    }
    dump_columns(out, "group by", query->groups, query->group_count, indent);
    dump_columns(out, "show", query->columns, query->column_count, indent);
    dump_part(out, "keep", query->keep, indent);
    for (int i = 0; i < query->order_count; i++)
        dump_part(out, query->order[i].descending ? "sort desc" : "sort", query->order[i].value, indent);
    dump_part(out, "take", query->take, indent);
    dump_part(out, "as of", query->as_of, indent);
    for (int i = 0; query->total_aggregates && i < query->column_count; i++)
        if (query->total_aggregates[i] >= 0) {
            buffer_add_repeated(out, ' ', indent);
            buffer_add_format(out, "total %s \"%s\"\n", aggregate_words[query->total_aggregates[i]], query->columns[i].label);
        }
}

static void dump_record(struct buffer *out, const struct record_type *record) {
    static const char *const kinds[] = {[FIELD_STORED] = "stored", [FIELD_SET] = "set", [FIELD_INVERSE] = "inverse", [FIELD_DERIVED] = "derived"};
    buffer_add_format(out, "record %s%s%s%s\n", record->name, record->owner ? " owned by " : "", record->owner ? record->owner->name : "",
                      record->runtime_filled ? " filled by the runtime" : "");
    for (int i = 0; i < record->key_count; i++)
        buffer_add_format(out, "  key %s\n", record->key[i]->name);
    for (int i = FIELD_FIRST_OWN; i < record->field_count; i++) {
        const struct field *field = record->fields[i];
        buffer_add_format(out, "  %s %s", kinds[field->kind], field->name);
        dump_type(out, field->type);
        if (field->value)
            texpr_dump(out, field->value, 4);
        dump_part(out, "default", field->standard, 4);
    }
}

static void dump_rule(struct buffer *out, const struct trule *rule) {
    buffer_add_format(out, "rule %s severity %d of %s, element #%d\n", rule->name, rule->severity, rule->record->name, rule->element->id);
    dump_part(out, "where", rule->where, 2);
    dump_part(out, "when", rule->when, 2);
    for (int i = 0; i < rule->exception_count; i++) {
        buffer_add_format(out, "  except \"%s\"\n", rule->exceptions[i].label);
        texpr_dump(out, rule->exceptions[i].condition, 4);
    }
    dump_part(out, "message", rule->message, 2);
}

static void dump_query(struct buffer *out, const char *word, const struct tquery *query, int indent) {
    if (!query)
        return;
    buffer_add_repeated(out, ' ', indent);
    buffer_add_format(out, "%s\n", word);
    tquery_dump(out, query, indent + 2);
}

static void dump_mandate(struct buffer *out, const struct tmandate *mandate) {
    buffer_add_format(out, "mandate %s of %s on %s, %s, of %s, element #%d\n", mandate->name, mandate->office, mandate->domain, mandate->is_mandatory ? "mandatory" : "advice", mandate->record->name,
                      mandate->element->id);
    for (int i = 0; i < mandate->exception_count; i++)
        buffer_add_format(out, "  exception %d \"%s\"\n", i + 1, mandate->exceptions[i].label);
    for (int i = 0; i < mandate->granter_count; i++)
        buffer_add_format(out, "  waivable by %s %s\n", mandate->granters[i].record->name, mandate->granters[i].key);
    for (int i = 0; i < mandate->endorser_count; i++)
        buffer_add_format(out, "  through %s %s\n", mandate->endorsers[i].record->name, mandate->endorsers[i].key);
    if (mandate->escalated_to.record)
        buffer_add_format(out, "  escalated to %s %s after %d\n", mandate->escalated_to.record->name, mandate->escalated_to.key, mandate->escalated_after);
    dump_query(out, "all", mandate->all, 2);
    dump_query(out, "one", mandate->one, 2);
    dump_query(out, "change", mandate->change, 2);
}

static void dump_command(struct buffer *out, const struct tcommand *command, int indent) {
    buffer_add_repeated(out, ' ', indent);
    buffer_add_format(out, "command %d\n", (int)command->kind);
    dump_part(out, "target", command->target, indent + 2);
    dump_part(out, "value", command->value, indent + 2);
    if (command->query)
        tquery_dump(out, command->query, indent + 2);
    for (int i = 0; i < command->body_count; i++)
        dump_command(out, command->body[i], indent + 2);
}

static void dump_test(struct buffer *out, const struct ttest *test) {
    buffer_add_format(out, "test \"%s\"\n", test->title);
    for (int i = 0; i < test->item_count; i++) {
        const struct ttest_item *item = &test->items[i];
        if (item->kind == TEST_COMMAND) {
            dump_command(out, item->command, 2);
            continue;
        }
        buffer_add_string(out, item->kind == TEST_ON ? "  on " : "  given ");
        if (item->kind == TEST_ON)
            date_write(out, item->day);
        else
            buffer_add_format(out, "%s%s%s", item->given->record->name, item->given->key ? " " : "", item->given->key ? item->given->key : "");
        buffer_add_char(out, '\n');
        for (int a = 0; item->kind == TEST_GIVEN && a < item->given->assignment_count; a++)
            dump_part(out, item->given->assignments[a].field->name, item->given->assignments[a].value, 4);
    }
}

void program_dump(struct buffer *out, const struct program *program) {
    buffer_add_format(out, "currency %s, fiscal years from month %d\n", program->currency, program->fiscal_month);
    for (int i = 0; i < program->enums.count; i++) {
        buffer_add_format(out, "enum %s", program->enums.items[i]->name);
        for (int v = 0; v < program->enums.items[i]->value_count; v++)
            buffer_add_format(out, " %s", program->enums.items[i]->values[v].name);
        buffer_add_char(out, '\n');
    }
    for (int i = 0; i < program->records.count; i++)
        dump_record(out, program->records.items[i]);
    for (int i = 0; i < program->rules.count; i++)
        dump_rule(out, program->rules.items[i]);
    for (int i = 0; i < program->mandates.count; i++)
        dump_mandate(out, program->mandates.items[i]);
    for (int i = 0; i < program->reports.count; i++) {
        buffer_add_format(out, "report %s\n", program->reports.items[i]->name);
        if (program->reports.items[i]->query)
            tquery_dump(out, program->reports.items[i]->query, 2);
    }
    for (int i = 0; i < program->tests.count; i++)
        dump_test(out, program->tests.items[i]);
    for (int i = 0; i < program->commands.count; i++)
        dump_command(out, program->commands.items[i], 0);
}
