/* Types: how they are held, when two are the same, and their names in messages.
 * Knows: struct type. Does not know: expressions, scopes. */
#include "lang/base/text.h"
#include "lang/check/program.h"

#include <string.h>

enum representation type_representation(struct type type) {
    switch (type.kind) {
    case TYPE_BOOL: case TYPE_INT: case TYPE_MONEY: case TYPE_DATE: case TYPE_DATETIME: case TYPE_DURATION: case TYPE_SPAN:
    case TYPE_WORKING_DAYS: case TYPE_PERIOD: case TYPE_ENUM: case TYPE_RECORD: case TYPE_ROW:
        return REPRESENTATION_INT;
    case TYPE_NUMBER: case TYPE_DECIMAL:
        return REPRESENTATION_NUMBER;
    case TYPE_TEXT:
        return REPRESENTATION_TEXT;
    case TYPE_POISON: case TYPE_NOTHING: case TYPE_COLLECTION: case TYPE_KIND_COUNT:
        break;
    }
    return REPRESENTATION_NONE;
}

bool type_same(struct type a, struct type b) {
    if (a.kind != b.kind || a.optional != b.optional)
        return false;
    switch (a.kind) {
    case TYPE_MONEY:
        return a.currency == b.currency || (a.currency && b.currency && strcmp(a.currency, b.currency) == 0);
    case TYPE_ENUM:
        return a.enumeration == b.enumeration;
    case TYPE_RECORD:
        return a.record == b.record;
    case TYPE_ROW:
        return a.row == b.row;
    case TYPE_COLLECTION:
        return type_same(*a.element, *b.element);
    default:
        return true;
    }
}

/* Names of the kinds that need nothing more said. */
static const char *const kind_names[TYPE_KIND_COUNT] = {
    [TYPE_POISON] = "unknown", [TYPE_NOTHING] = "missing", [TYPE_BOOL] = "bool", [TYPE_INT] = "int", [TYPE_NUMBER] = "number",
    [TYPE_DECIMAL] = "decimal", [TYPE_MONEY] = "money", [TYPE_TEXT] = "text", [TYPE_DATE] = "date", [TYPE_DATETIME] = "datetime",
    [TYPE_DURATION] = "duration", [TYPE_SPAN] = "span", [TYPE_WORKING_DAYS] = "working days", [TYPE_PERIOD] = "period",
    [TYPE_ROW] = "row of a query",
};

const char *type_text(struct arena *arena, struct type type) {
    const char *mark = type.optional ? "?" : "";
    switch (type.kind) {
    case TYPE_MONEY:
        return type.currency ? arena_format(arena, "money in %s%s", type.currency, mark) : arena_format(arena, "money%s", mark);
    case TYPE_ENUM:
        return arena_format(arena, "%s%s", type.enumeration->name, mark);
    case TYPE_RECORD:
        return arena_format(arena, "%s%s", type.record->name, mark);
    case TYPE_COLLECTION:
        return arena_format(arena, "collection of %s", type_text(arena, *type.element));
    default:
        return arena_format(arena, "%s%s", kind_names[type.kind], mark);
    }
}
