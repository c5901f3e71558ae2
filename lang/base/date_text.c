/* Reading and writing dates, times and lengths of time. See civil.h. */
#include "lang/base/civil.h"
#include "lang/base/text.h"

#include <string.h>
#include <strings.h>

/* ---- reading ISO forms ---- */

static bool read_fixed(const char *bytes, int count, int *value) {
    *value = 0;
    for (int i = 0; i < count; i++) {
        if (bytes[i] < '0' || bytes[i] > '9')
            return false;
        *value = *value * 10 + (bytes[i] - '0');
    }
    return true;
}

bool date_parse(const char *bytes, size_t length, int64_t *day) {
    int year, month, number;
    if (length != 10 || bytes[4] != '-' || bytes[7] != '-' || !read_fixed(bytes, 4, &year) || !read_fixed(bytes + 5, 2, &month) ||
        !read_fixed(bytes + 8, 2, &number) || !civil_is_valid(year, month, number))
        return false;
    *day = day_from_civil(year, month, number);
    return true;
}

bool datetime_parse(const char *bytes, size_t length, int64_t *seconds) {
    int64_t day;
    int hour, minute, second = 0;
    if ((length != 16 && length != 19) || (bytes[10] != 'T' && bytes[10] != ' ') || !date_parse(bytes, 10, &day) || bytes[13] != ':')
        return false;
    if (!read_fixed(bytes + 11, 2, &hour) || !read_fixed(bytes + 14, 2, &minute) || hour > 23 || minute > 59)
        return false;
    if (length == 19 && (bytes[16] != ':' || !read_fixed(bytes + 17, 2, &second) || second > 59))
        return false;
    *seconds = day * DAY_SECONDS + hour * 3600 + minute * 60 + second;
    return true;
}

/* ---- reading by a pattern ---- */

static const char *const month_names[] = {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"};

struct reader {
    const char *at, *end;
};
struct read_date {
    int year, month, day, hour, minute, second, half; /* half: -1 not said, 0 am, 1 pm */
    bool has_time, has_twelve;
};

static bool read_number(struct reader *reader, int digits_max, int *value) {
    int digits = 0;
    *value = 0;
    while (digits < digits_max && reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9') {
        *value = *value * 10 + (*reader->at++ - '0');
        digits++;
    }
    return digits > 0;
}

static bool read_month_name(struct reader *reader, int *month) {
    size_t left = (size_t)(reader->end - reader->at);
    for (int full = 1; full >= 0; full--)
        for (int i = 0; i < 12; i++) {
            size_t size = full ? strlen(month_names[i]) : 3;
            if (left >= size && strncasecmp(reader->at, month_names[i], size) == 0) {
                reader->at += size;
                *month = i + 1;
                return true;
            }
        }
    return false;
}

static bool read_half(struct reader *reader, int *half) {
    if (reader->end - reader->at < 2 || (reader->at[1] != 'M' && reader->at[1] != 'm'))
        return false;
    char c = (char)(reader->at[0] | 0x20);
    reader->at += 2;
    *half = c == 'p';
    return c == 'a' || c == 'p';
}

static bool read_part(struct reader *reader, char letter, struct read_date *date) {
    switch (letter) {
    case 'Y': {
        const char *start = reader->at;
        return read_number(reader, 4, &date->year) && reader->at - start == 4;
    }
    case 'y': {
        bool good = read_number(reader, 2, &date->year);
        date->year += date->year >= 70 ? 1900 : 2000;
        return good;
    }
    case 'm': return read_number(reader, 2, &date->month);
    case 'd': case 'e': return read_number(reader, 2, &date->day);
    case 'b': case 'B': return read_month_name(reader, &date->month);
    case 'H': date->has_time = true; return read_number(reader, 2, &date->hour) && date->hour < 24;
    case 'I': date->has_time = date->has_twelve = true; return read_number(reader, 2, &date->hour) && date->hour >= 1 && date->hour <= 12;
    case 'M': date->has_time = true; return read_number(reader, 2, &date->minute) && date->minute < 60;
    case 'S': date->has_time = true; return read_number(reader, 2, &date->second) && date->second < 60;
    case 'p': return read_half(reader, &date->half);
    default: return reader->at < reader->end && *reader->at++ == letter;
    }
}

bool date_parse_pattern(const char *bytes, size_t length, const char *pattern, int64_t *seconds, bool *has_time) {
    struct reader reader = {bytes, bytes + length};
    struct read_date date = {.day = 1, .month = 1, .half = -1};
    for (; *pattern; pattern++) {
        if (*pattern == ' ') {
            if (reader.at == reader.end || *reader.at != ' ')
                return false;
            while (reader.at < reader.end && *reader.at == ' ')
                reader.at++;
        } else if (*pattern == '%' && pattern[1]) {
            if (!read_part(&reader, *++pattern, &date))
                return false;
        } else if (reader.at == reader.end || *reader.at++ != *pattern)
            return false;
    }
    if (reader.at != reader.end || !civil_is_valid(date.year, date.month, date.day))
        return false;
    if (date.has_twelve)
        date.hour = date.hour % 12 + (date.half == 1 ? 12 : 0);
    *seconds = day_from_civil(date.year, date.month, date.day) * DAY_SECONDS + date.hour * 3600 + date.minute * 60 + date.second;
    *has_time = date.has_time;
    return true;
}

const char *date_pattern_problem(const char *pattern) {
    bool has_year = false, has_month = false, has_day = false;
    for (; *pattern; pattern++) {
        if (*pattern != '%')
            continue;
        char letter = *++pattern;
        if (!letter)
            return "it ends in a lone %";
        if (!strchr("YymdeHIMSpbBAaj%", letter))
            return "it has a letter after % that means nothing";
        has_year = has_year || letter == 'Y' || letter == 'y';
        has_month = has_month || letter == 'm' || letter == 'b' || letter == 'B' || letter == 'j';
        has_day = has_day || letter == 'd' || letter == 'e' || letter == 'j';
    }
    return !has_year && !has_month && !has_day ? "it names no part of a date" : NULL;
}

/* ---- writing ---- */

void date_write(struct buffer *out, int64_t day) {
    struct civil date = civil_from_day(day);
    char text[16] = {(char)('0' + date.year / 1000 % 10), (char)('0' + date.year / 100 % 10), (char)('0' + date.year / 10 % 10), (char)('0' + date.year % 10), '-',
                     (char)('0' + date.month / 10), (char)('0' + date.month % 10), '-', (char)('0' + date.day / 10), (char)('0' + date.day % 10)};
    buffer_add(out, text, 10);
}

void datetime_write(struct buffer *out, int64_t seconds) {
    int64_t day = seconds >= 0 ? seconds / DAY_SECONDS : -((-seconds + DAY_SECONDS - 1) / DAY_SECONDS);
    int rest = (int)(seconds - day * DAY_SECONDS);
    date_write(out, day);
    buffer_add_format(out, "T%02d:%02d:%02d", rest / 3600, rest / 60 % 60, rest % 60);
}

static void write_count(struct buffer *out, int64_t count, const char *unit, bool first) {
    buffer_add_format(out, "%s%lld %s%s", first ? "" : " ", (long long)count, unit, count == 1 || count == -1 ? "" : "s");
}

void duration_write(struct buffer *out, int64_t seconds) {
    static const struct {
        int64_t size;
        const char *name;
    } units[] = {{DAY_SECONDS, "day"}, {3600, "hour"}, {60, "minute"}, {1, "second"}};
    if (seconds < 0)
        buffer_add_char(out, '-');
    uint64_t left = seconds < 0 ? 0 - (uint64_t)seconds : (uint64_t)seconds;
    bool first = true;
    for (int i = 0; i < 4; i++) {
        int64_t count = (int64_t)(left / (uint64_t)units[i].size);
        left %= (uint64_t)units[i].size;
        if (count)
            write_count(out, count, units[i].name, first);
        first = first && count == 0;
    }
    if (first)
        buffer_add_string(out, "0 days");
}

void span_write(struct buffer *out, int64_t months) {
    if (months && months % 12 == 0)
        write_count(out, months / 12, "year", true);
    else
        write_count(out, months, "month", true);
}

void working_days_write(struct buffer *out, int64_t count) {
    write_count(out, count, "working day", true);
}
