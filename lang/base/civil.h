/* Civil dates of the proleptic Gregorian calendar, ISO 8601 weeks, calendar periods, working days, and reading and writing them.
 * A date is a count of days since 1970-01-01 (int64_t day). A datetime is a count of seconds since 1970-01-01T00:00:00, without a zone.
 * Years run from 1 to 9999; DAY_MIN .. DAY_MAX. A duration is seconds; a span is months.
 * Knows: calendars. Does not know: today. */
#ifndef REMIT_LANG_BASE_CIVIL_H
#define REMIT_LANG_BASE_CIVIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct buffer;

enum { DAY_MIN = -719162 /* 0001-01-01 */, DAY_MAX = 2932896 /* 9999-12-31 */, DAY_SECONDS = 86400 };

struct civil {
    int year, month, day; /* 1 .. 9999, 1 .. 12, 1 .. 31 */
};

bool civil_is_valid(int year, int month, int day);
int civil_month_days(int year, int month);
int64_t day_from_civil(int year, int month, int day); /* of a valid date */
struct civil civil_from_day(int64_t day);
int day_weekday(int64_t day); /* ISO 8601: 1 Monday .. 7 Sunday */
/* day + months, clamped to the month's end (31 January + 1 month = 28 or 29 February). False outside DAY_MIN .. DAY_MAX. */
bool day_add_months(int64_t day, int64_t months, int64_t *result);
bool day_add(int64_t day, int64_t days, int64_t *result); /* false outside the range */

/* Working days: Monday to Friday, less the holidays (sorted, without repeats, days). */
struct work_calendar {
    const int64_t *holidays;
    int holiday_count;
};
/* day + count working days: counts forward (or back when negative) over working days, starting from the next day; count 0 gives day. */
bool day_add_working(const struct work_calendar *calendar, int64_t day, int64_t count, int64_t *result);
/* Working days in (a, b]: negative when b is before a. */
int64_t day_count_working(const struct work_calendar *calendar, int64_t a, int64_t b);
bool day_is_working(const struct work_calendar *calendar, int64_t day);

/* A period packs into one int64_t: kind * PERIOD_KIND_STEP + ordinal, so that periods of one kind order as their numbers do. The last three kinds are of
 * 2 .. LIMIT_PERIOD_UNITS weeks, months or days: their ordinal holds the first of them and their number, and they order by where they start.
 * The fiscal start month (1 .. 12, settings.fiscal_year_starts) is 1 where years are calendar years. FY2026 is the fiscal year that
 * starts in 2026. */
enum period_kind {
    PERIOD_WEEK = 1, PERIOD_MONTH, PERIOD_QUARTER, PERIOD_YEAR, PERIOD_FISCAL_QUARTER, PERIOD_FISCAL_YEAR, PERIOD_DAY,
    PERIOD_WEEKS, PERIOD_MONTHS, PERIOD_DAYS
};
#define PERIOD_KIND_STEP ((int64_t)1 << 32)
enum period_kind period_kind_of(int64_t period);
int64_t period_of_day(enum period_kind kind, int64_t day, int fiscal_month); /* of the kinds of one unit */
int64_t period_first_day(int64_t period, int fiscal_month);
int64_t period_last_day(int64_t period, int fiscal_month);
/* Reads 2026-W12, 2026-03, 2026Q1, 2026, FY2026Q1, FY2026, 2026-03-31, and of several units 2026-W05..2026-W06, 2026-01..2026-06, 2026-01-05..2026-01-14. */
bool period_parse(const char *bytes, size_t length, int64_t *period);
void period_write(struct buffer *out, int64_t period);

/* How periods follow one another: so many units each, of a kind of one unit. Several quarters or years are periods of months. */
struct cadence {
    enum period_kind unit;
    int count;
};
/* The word for periods of one unit: "day", "week", …, "fiscal_year". Reading it is false when it is none of them. */
const char *period_kind_word(enum period_kind kind);
bool period_kind_parse(const char *word, enum period_kind *kind);
/* As the language writes it: "week", "2 weeks", "fiscal_year". */
void cadence_write(struct buffer *out, struct cadence cadence);
/* How many weeks, months or days a period of the cadence is made of; 1 for a count of 1. Good cadences have at most LIMIT_PERIOD_UNITS. */
int cadence_units(struct cadence cadence);
/* The first period: of one unit the one that the day lies in; of several the one that starts with the unit that the day lies in. */
int64_t cadence_period(struct cadence cadence, int64_t day, int fiscal_month);
/* The period of the same length right after. The calendar's last period of several units is made of fewer when there are no more; nothing comes after a period
 * that ends on DAY_MAX. */
int64_t period_next(int64_t period);
/* Of the periods as long as that one which follow one another from the day on, the first day of the one in which that one begins; the day itself, where that is the first of them or where
 * that one begins before. So periods keep their step from a day on, wherever one begins to ask for them. Where they are of several quarters or years, the day is the first of one. */
int64_t period_step_to(int64_t from, int64_t period, int fiscal_month);

bool date_parse(const char *bytes, size_t length, int64_t *day);         /* YYYY-MM-DD */
bool datetime_parse(const char *bytes, size_t length, int64_t *seconds); /* YYYY-MM-DD[T or space]HH:MM[:SS] */
void date_write(struct buffer *out, int64_t day);
void datetime_write(struct buffer *out, int64_t seconds);        /* 2026-03-31T17:00:00 */
void duration_write(struct buffer *out, int64_t seconds);        /* "12 days", "1 day 2 hours", "-3 days", "0 days" */
void span_write(struct buffer *out, int64_t months);             /* "3 months", "2 years", "1 month" */
void working_days_write(struct buffer *out, int64_t count);      /* "5 working days" */

/* Reads by a pattern of strptime's letters: %Y %y(19|20: 70..99 are 19xx) %m %d %e %j %H %I %M %S %p %b %B %a %A %%, other characters as they
 * stand; %d, %m, %H, %I, %e take one or two digits, %y, %M, %S two, %j (the day of the year) three; names of months and weekdays are read in
 * full or by three letters, in any case, and a weekday must be that of the date; a space in the pattern takes any run of spaces. The month and
 * the day are the first where the pattern has none. The whole input must be used. *seconds is a datetime (date * DAY_SECONDS when no time is
 * read); *has_time says whether the pattern reads a time. */
bool date_parse_pattern(const char *bytes, size_t length, const char *pattern, int64_t *seconds, bool *has_time);
/* A date as other countries and programs write it, three numbers with full stops, strokes or hyphens between: how it is written here; where only its writer knows which is the day,
 * or there is no such day, an example. NULL when it looks like no date. */
const char *date_meant(struct arena *arena, const char *words);
/* NULL when the pattern is good to write dates by, else what is wrong with it, in a few words. */
const char *date_pattern_problem(const char *pattern);
/* The same for reading: a date cannot be read without its year, nor its day without its month. */
const char *date_pattern_read_problem(const char *pattern);

#endif
