/* Readers of either kind. See load.h. */
#include "runtime/load/load.h"
#include "lang/base/text.h"

#include <string.h>

struct table_reader *table_reader_open(const char *path, struct failure *failure) {
    bool is_json = text_ends(path, ".json") || text_ends(path, ".jsonl") || text_ends(path, ".ndjson");
    return is_json ? json_reader_open(path, failure) : csv_reader_open(path, failure);
}

static int find_column(const struct table_reader *reader, const char *column) {
    for (int i = 0; i < reader->column_count; i++)
        if (strcmp(reader->columns[i], column) == 0)
            return i;
    return -1;
}

bool table_reader_find(struct table_reader *reader, const char *column, int *position, struct failure *failure) {
    *position = find_column(reader, column);
    if (*position < 0 && reader->find_more) {
        if (!reader->find_more(reader, column, failure))
            return false;
        *position = find_column(reader, column);
    }
    return true;
}

bool table_reader_has_twice(const struct table_reader *reader, const char *column) {
    int count = 0;
    for (int i = 0; i < reader->column_count; i++)
        count += strcmp(reader->columns[i], column) == 0;
    return count > 1;
}
