/* Reading and writing dates, times and lengths of time. See civil.h. */
#include "lang/base/arena.h"
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

/* ---- forms of other countries ---- */

/* 26 is 2026. */
static int full_year(int year, int digits) {
    return digits > 2 ? year : 2000 + year;
}

const char *date_meant(struct arena *arena, const char *words) {
    int numbers[3], digits[3];
    char sign = '\0';
    for (int i = 0; i < 3; i++) {
        digits[i] = (int)strspn(words, "0123456789");
        if (digits[i] < 1 || digits[i] > 4 || digits[i] == 3 || !read_fixed(words, digits[i], &numbers[i]))
            return NULL;
        words += digits[i];
        if (i == 2)
            break;
        words += strspn(words, " ");
        if ((sign && *words != sign) || !*words || !strchr("./-", *words))
            return NULL;
        sign = *words++;
        words += strspn(words, " ");
    }
    bool year_first = digits[0] == 4;
    if (*words || (year_first ? digits[1] > 2 || digits[2] > 2 : digits[0] > 2 || digits[1] > 2 || digits[2] < 2))
        return NULL;
    int year = year_first ? numbers[0] : full_year(numbers[2], digits[2]), month = numbers[1], day = year_first ? numbers[2] : numbers[0];
    if (year_first && sign == '-' && digits[1] == 2 && digits[2] == 2) /* it is written so already */
        return NULL;
    bool is_plain = civil_is_valid(year, month, day), may_be_swapped = !year_first && sign != '.' && month != day && civil_is_valid(year, day, month);
    if (is_plain == may_be_swapped)
        return "2026-12-31";
    return is_plain ? arena_format(arena, "%04d-%02d-%02d", year, month, day) : arena_format(arena, "%04d-%02d-%02d", year, day, month);
}

/* ---- reading by a pattern ---- */

static const char *const month_names[] = {"January", "February", "March",     "April",   "May",      "June",
                                          "July",    "August",   "September", "October", "November", "December"};
static const char *const weekday_names[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};

struct reader {
    const char *at, *end;
};
struct read_date {
    int year, month, day, hour, minute, second;
    int half;                 /* -1 not said, 0 am, 1 pm */
    int weekday, day_of_year; /* from 1; 0 not said */
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

/* Exactly so many digits. */
static bool read_digits(struct reader *reader, int count, int *value) {
    if (reader->end - reader->at < count || !read_fixed(reader->at, count, value))
        return false;
    reader->at += count;
    return true;
}

/* A name in full or by its first three letters, in any case; gives its number from 1. */
static bool read_name(struct reader *reader, const char *const *names, int count, int *number) {
    size_t left = (size_t)(reader->end - reader->at);
    for (int full = 1; full >= 0; full--)
        for (int i = 0; i < count; i++) {
            size_t size = full ? strlen(names[i]) : 3;
            if (left >= size && strncasecmp(reader->at, names[i], size) == 0) {
                reader->at += size;
                *number = i + 1;
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
    case 'Y': return read_digits(reader, 4, &date->year);
    case 'y':
        if (!read_digits(reader, 2, &date->year))
            return false;
        date->year += date->year >= 70 ? 1900 : 2000;
        return true;
    case 'm': return read_number(reader, 2, &date->month);
    case 'd': case 'e': return read_number(reader, 2, &date->day);
    case 'b': case 'B': return read_name(reader, month_names, 12, &date->month);
    case 'a': case 'A': return read_name(reader, weekday_names, 7, &date->weekday);
    case 'j': return read_digits(reader, 3, &date->day_of_year) && date->day_of_year >= 1;
    case 'H': date->has_time = true; return read_number(reader, 2, &date->hour) && date->hour < 24;
    case 'I':
        date->has_time = date->has_twelve = true;
        return read_number(reader, 2, &date->hour) && date->hour >= 1 && date->hour <= 12;
    case 'M': date->has_time = true; return read_digits(reader, 2, &date->minute) && date->minute < 60;
    case 'S': date->has_time = true; return read_digits(reader, 2, &date->second) && date->second < 60;
    case 'p': return read_half(reader, &date->half);
    default: return reader->at < reader->end && *reader->at++ == letter;
    }
}

/* The day that was read: by its number in the year where that was said; a weekday that does not fit it is a mistake in the data. */
static bool find_day(const struct read_date *date, int64_t *day) {
    if (!civil_is_valid(date->year, date->month, date->day))
        return false;
    *day = day_from_civil(date->year, date->month, date->day);
    if (date->day_of_year) {
        *day = day_from_civil(date->year, 1, 1) + date->day_of_year - 1;
        if (*day > day_from_civil(date->year, 12, 31))
            return false;
    }
    return !date->weekday || day_weekday(*day) == date->weekday;
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
    int64_t day;
    if (reader.at != reader.end || !find_day(&date, &day))
        return false;
    if (date.has_twelve)
        date.hour = date.hour % 12 + (date.half == 1 ? 12 : 0);
    *seconds = day * DAY_SECONDS + date.hour * 3600 + date.minute * 60 + date.second;
    *has_time = date.has_time;
    return true;
}

struct pattern_parts {
    bool year, month, day;
};

static const char *find_parts(const char *pattern, struct pattern_parts *parts) {
    for (; *pattern; pattern++) {
        if (*pattern != '%')
            continue;
        char letter = *++pattern;
        if (!letter)
            return "it ends in a lone %";
        if (!strchr("YymdeHIMSpbBAaj%", letter))
            return "it has a letter after % that means nothing";
        parts->year = parts->year || letter == 'Y' || letter == 'y';
        parts->month = parts->month || letter == 'm' || letter == 'b' || letter == 'B' || letter == 'j';
        parts->day = parts->day || letter == 'd' || letter == 'e' || letter == 'j';
    }
    return !parts->year && !parts->month && !parts->day ? "it names no part of a date" : NULL;
}

const char *date_pattern_problem(const char *pattern) {
    return find_parts(pattern, &(struct pattern_parts){0});
}

const char *date_pattern_read_problem(const char *pattern) {
    struct pattern_parts parts = {0};
    const char *problem = find_parts(pattern, &parts);
    return problem ? problem : !parts.year ? "it has no year" : parts.day && !parts.month ? "it has a day but no month" : NULL;
}

/* ---- writing ---- */

static void write_digits(char *text, int count, int number) {
    for (; count > 0; number /= 10)
        text[--count] = (char)('0' + number % 10);
}

void date_write(struct buffer *out, int64_t day) {
    struct civil date = civil_from_day(day);
    char text[10];
    write_digits(text, 4, date.year);
    text[4] = text[7] = '-';
    write_digits(text + 5, 2, date.month);
    write_digits(text + 8, 2, date.day);
    buffer_add(out, text, sizeof text);
}

void datetime_write(struct buffer *out, int64_t seconds) {
    int64_t day = seconds >= 0 ? seconds / DAY_SECONDS : -((-seconds + DAY_SECONDS - 1) / DAY_SECONDS);
    int rest = (int)(seconds - day * DAY_SECONDS);
    char time[9] = {'T', 0, 0, ':', 0, 0, ':'};
    write_digits(time + 1, 2, rest / 3600);
    write_digits(time + 4, 2, rest / 60 % 60);
    write_digits(time + 7, 2, rest % 60);
    date_write(out, day);
    buffer_add(out, time, sizeof time);
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
