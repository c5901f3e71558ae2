/* Calendars: every day of the years 1 to 9999, ISO weeks, periods, working days against plain counting; reading and writing. */
#include "lang/base/arena.h"
#include "lang/base/civil.h"
#include "lang/base/limits.h"
#include "lang/base/text.h"
#include "tests/unit/unit.h"

#include <stdlib.h>

static int64_t day_of(const char *text) {
    int64_t day = INT64_MIN;
    CHECK(date_parse(text, strlen(text), &day));
    return day;
}

static const char *take(struct buffer *out) {
    static char texts[4][80];
    static int turn;
    char *text = texts[turn++ % 4];
    snprintf(text, sizeof texts[0], "%s", buffer_string(out));
    buffer_free(out);
    return text;
}

static const char *date_text(int64_t day) {
    struct buffer out = {0};
    date_write(&out, day);
    return take(&out);
}

static const char *period_text(int64_t period) {
    struct buffer out = {0};
    period_write(&out, period);
    return take(&out);
}

/* ---- days ---- */

/* Counts the calendar forward from 1 January of year 1, a Monday, and compares at each day. */
static void test_every_day(void) {
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t day = DAY_MIN;
    int weekday = 1, wrong = 0;
    for (int year = 1; year <= 9999; year++)
        for (int month = 1; month <= 12; month++) {
            bool leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
            int length = lengths[month - 1] + (leap && month == 2);
            wrong += civil_month_days(year, month) != length;
            for (int number = 1; number <= length; number++) {
                struct civil date = civil_from_day(day);
                wrong += day_from_civil(year, month, number) != day || date.year != year || date.month != month || date.day != number || day_weekday(day) != weekday;
                day++;
                weekday = weekday % 7 + 1;
            }
        }
    CHECK_INT(wrong, 0);
    CHECK_INT(day - 1, DAY_MAX);
}

static void test_known_days(void) {
    CHECK_INT(day_from_civil(1970, 1, 1), 0);
    CHECK_INT(day_from_civil(1, 1, 1), DAY_MIN);
    CHECK_INT(day_from_civil(9999, 12, 31), DAY_MAX);
    CHECK_INT(day_from_civil(2000, 2, 29), 11016);
    CHECK_INT(day_from_civil(2026, 3, 31), 20543);
    CHECK_INT(day_weekday(0), 4);
    CHECK_INT(day_weekday(day_of("2026-03-31")), 2);
}

static void test_valid(void) {
    CHECK(civil_is_valid(2024, 2, 29));
    CHECK(!civil_is_valid(2023, 2, 29));
    CHECK(!civil_is_valid(1900, 2, 29));
    CHECK(civil_is_valid(2000, 2, 29));
    CHECK(civil_is_valid(1, 1, 1) && civil_is_valid(9999, 12, 31));
    CHECK(!civil_is_valid(0, 1, 1) && !civil_is_valid(10000, 1, 1) && !civil_is_valid(-1, 1, 1));
    CHECK(!civil_is_valid(2026, 0, 1) && !civil_is_valid(2026, 13, 1) && !civil_is_valid(2026, -1, 1));
    CHECK(!civil_is_valid(2026, 1, 0) && !civil_is_valid(2026, 1, 32) && !civil_is_valid(2026, 4, 31));
}

static void check_months(const char *from, int64_t months, const char *expected) {
    int64_t result = 0;
    bool good = day_add_months(day_of(from), months, &result);
    CHECK_TEXT(good ? date_text(result) : "-", expected);
}

static void test_add_months(void) {
    check_months("2026-01-31", 1, "2026-02-28");
    check_months("2024-01-31", 1, "2024-02-29");
    check_months("2024-02-29", 12, "2025-02-28");
    check_months("2024-02-29", 48, "2028-02-29");
    check_months("2024-02-29", -12, "2023-02-28");
    check_months("2026-03-31", -1, "2026-02-28");
    check_months("2026-05-31", 1, "2026-06-30");
    check_months("2026-01-15", -1, "2025-12-15");
    check_months("2026-12-31", 2, "2027-02-28");
    check_months("2026-03-31", 0, "2026-03-31");
    check_months("9999-11-30", 1, "9999-12-30");
    check_months("9999-12-01", 1, "-");
    check_months("0001-01-31", -1, "-");
    check_months("0001-02-28", -1, "0001-01-28");
    check_months("0001-01-01", 9998 * 12 + 11, "9999-12-01");
    check_months("9999-12-31", -(9998 * 12 + 11), "0001-01-31");
    check_months("2026-01-01", INT64_MAX, "-");
    check_months("2026-01-01", INT64_MIN, "-");
}

static void test_add_days(void) {
    int64_t result = 0;
    CHECK(day_add(0, 31, &result) && result == 31);
    CHECK(day_add(DAY_MAX, 0, &result) && result == DAY_MAX);
    CHECK(day_add(DAY_MAX, DAY_MIN - (int64_t)DAY_MAX, &result) && result == DAY_MIN);
    CHECK(!day_add(DAY_MAX, 1, &result));
    CHECK(!day_add(DAY_MIN, -1, &result));
    CHECK(!day_add(1, INT64_MAX, &result));
    CHECK(!day_add(-1, INT64_MIN, &result));
}

/* ---- working days ---- */

/* One day at a time, as a person would. */
static bool plain_add(const struct work_calendar *calendar, int64_t day, int64_t count, int64_t *result) {
    int step = count < 0 ? -1 : 1;
    for (int64_t left = count < 0 ? -count : count; left > 0;) {
        day += step;
        if (day < DAY_MIN || day > DAY_MAX)
            return false;
        left -= day_is_working(calendar, day);
    }
    *result = day;
    return true;
}

static int64_t plain_count(const struct work_calendar *calendar, int64_t a, int64_t b) {
    int64_t count = 0;
    for (int64_t day = (a < b ? a : b) + 1; day <= (a < b ? b : a); day++)
        count += day_is_working(calendar, day);
    return a <= b ? count : -count;
}

static void test_working_days_without_holidays(void) {
    struct work_calendar none = {NULL, 0};
    int64_t friday = day_of("2026-03-27"), result = 0;
    CHECK(day_is_working(&none, friday));
    CHECK(!day_is_working(&none, friday + 1) && !day_is_working(&none, friday + 2));
    CHECK(day_add_working(&none, friday, 1, &result) && result == friday + 3);
    CHECK(day_add_working(&none, friday + 1, 1, &result) && result == friday + 3);
    CHECK(day_add_working(&none, friday + 1, -1, &result) && result == friday);
    CHECK(day_add_working(&none, friday + 1, 0, &result) && result == friday + 1);
    CHECK(day_add_working(&none, friday, 5, &result) && result == friday + 7);
    CHECK_INT(day_count_working(&none, friday, friday), 0);
    CHECK_INT(day_count_working(&none, friday, friday + 7), 5);
    CHECK_INT(day_count_working(&none, friday + 7, friday), -5);
    CHECK_INT(day_count_working(&none, friday, friday + 2), 0);
}

static void test_holidays(void) {
    int64_t holidays[] = {day_of("2026-04-03"), day_of("2026-04-05"), day_of("2026-04-06"), day_of("2026-05-01")};
    struct work_calendar calendar = {holidays, 4};
    int64_t thursday = day_of("2026-04-02"), result = 0;
    CHECK(!day_is_working(&calendar, thursday + 1));
    CHECK(day_is_working(&calendar, thursday));
    CHECK(day_add_working(&calendar, thursday, 1, &result));
    CHECK_TEXT(date_text(result), "2026-04-07"); /* over Easter */
    CHECK(day_add_working(&calendar, result, -1, &result));
    CHECK_TEXT(date_text(result), "2026-04-02");
    CHECK_INT(day_count_working(&calendar, thursday, day_of("2026-05-04")), 19);
}

/* Against plain counting: every start in two years round holidays, many counts, both directions, sparse and dense holidays. */
static void test_working_days_against_plain_counting(void) {
    enum { MOST = 400 };
    int64_t holidays[MOST];
    static const int gaps[] = {1, 2, 3, 7, 11, 30, 91};
    for (size_t g = 0; g < sizeof gaps / sizeof *gaps; g++) {
        int count = 0;
        int64_t first = day_of("2025-06-01");
        for (int64_t day = first; day < first + 400 && count < MOST; day += gaps[g])
            holidays[count++] = day;
        struct work_calendar calendar = {holidays, count};
        for (int64_t start = first - 200; start < first + 600; start++)
            for (int64_t add = -130; add <= 130; add += 1 + (add & 3) * 3) {
                int64_t result = 0, expected = 0;
                bool good = day_add_working(&calendar, start, add, &result);
                CHECK(good && plain_add(&calendar, start, add, &expected));
                if (result != expected) {
                    printf("%d holidays, %s and %lld working days:\n", count, date_text(start), (long long)add);
                    CHECK_TEXT(date_text(result), date_text(expected));
                }
                if (day_count_working(&calendar, start, start + add) != plain_count(&calendar, start, start + add))
                    CHECK_INT(day_count_working(&calendar, start, start + add), plain_count(&calendar, start, start + add));
            }
    }
}

static void test_working_days_at_the_ends(void) {
    struct work_calendar none = {NULL, 0};
    int64_t result = 0;
    CHECK(!day_add_working(&none, DAY_MAX, 1, &result)); /* a Friday */
    CHECK(day_add_working(&none, DAY_MAX, -1, &result) && result == DAY_MAX - 1);
    CHECK(!day_add_working(&none, DAY_MIN, -1, &result));
    CHECK(!day_add_working(&none, 0, INT64_MAX, &result));
    CHECK(!day_add_working(&none, 0, INT64_MIN, &result));
    int64_t all = day_count_working(&none, DAY_MIN, DAY_MAX);
    CHECK(day_add_working(&none, DAY_MIN, all, &result) && result == DAY_MAX);
    CHECK(!day_add_working(&none, DAY_MIN, all + 1, &result));
    CHECK(day_add_working(&none, DAY_MAX, -all, &result) && result == DAY_MIN);
    CHECK(!day_add_working(&none, DAY_MAX, -all - 1, &result));
    for (int64_t count = 0; count < 40; count++)
        for (int64_t start = DAY_MAX - 45; start <= DAY_MAX; start++) {
            int64_t expected = 0;
            bool good = plain_add(&none, start, count, &expected);
            CHECK_INT(day_add_working(&none, start, count, &result), good);
            if (good)
                CHECK_INT(result, expected);
        }
}

/* ---- periods ---- */

static int64_t period(const char *text) {
    int64_t result = -1;
    CHECK(period_parse(text, strlen(text), &result));
    return result;
}

static void check_period(const char *text, enum period_kind kind, int fiscal_month, const char *first, const char *last) {
    int64_t read = period(text);
    CHECK_INT(period_kind_of(read), kind);
    CHECK_TEXT(period_text(read), text);
    CHECK_TEXT(date_text(period_first_day(read, fiscal_month)), first);
    CHECK_TEXT(date_text(period_last_day(read, fiscal_month)), last);
}

static void test_periods(void) {
    check_period("2026-03", PERIOD_MONTH, 1, "2026-03-01", "2026-03-31");
    check_period("2024-02", PERIOD_MONTH, 1, "2024-02-01", "2024-02-29");
    check_period("2026Q1", PERIOD_QUARTER, 1, "2026-01-01", "2026-03-31");
    check_period("2026Q4", PERIOD_QUARTER, 7, "2026-10-01", "2026-12-31"); /* a fiscal year does not move calendar quarters */
    check_period("2026", PERIOD_YEAR, 4, "2026-01-01", "2026-12-31");
    check_period("FY2026", PERIOD_FISCAL_YEAR, 1, "2026-01-01", "2026-12-31");
    check_period("FY2026", PERIOD_FISCAL_YEAR, 4, "2026-04-01", "2027-03-31");
    check_period("FY2026", PERIOD_FISCAL_YEAR, 12, "2026-12-01", "2027-11-30");
    check_period("FY2026Q1", PERIOD_FISCAL_QUARTER, 4, "2026-04-01", "2026-06-30");
    check_period("FY2026Q4", PERIOD_FISCAL_QUARTER, 4, "2027-01-01", "2027-03-31");
    check_period("FY2026Q2", PERIOD_FISCAL_QUARTER, 12, "2027-03-01", "2027-05-31");
    check_period("0001", PERIOD_YEAR, 1, "0001-01-01", "0001-12-31");
    check_period("9999", PERIOD_YEAR, 1, "9999-01-01", "9999-12-31");
    check_period("9999-12", PERIOD_MONTH, 1, "9999-12-01", "9999-12-31");
    check_period("FY9999", PERIOD_FISCAL_YEAR, 4, "9999-04-01", "9999-12-31"); /* no day is past the last */
    check_period("FY9999Q4", PERIOD_FISCAL_QUARTER, 4, "9999-12-31", "9999-12-31");
}

static void test_periods_of_several(void) {
    check_period("2026-03-31", PERIOD_DAY, 1, "2026-03-31", "2026-03-31");
    check_period("2026-W05..2026-W06", PERIOD_WEEKS, 1, "2026-01-26", "2026-02-08");
    check_period("2026-W53..2027-W01", PERIOD_WEEKS, 4, "2026-12-28", "2027-01-10");
    check_period("1969-W52..1970-W02", PERIOD_WEEKS, 1, "1969-12-22", "1970-01-11"); /* from before the first of all ordinals to after it */
    check_period("2026-01..2026-06", PERIOD_MONTHS, 4, "2026-01-01", "2026-06-30"); /* a fiscal year does not move months */
    check_period("2025-11..2026-02", PERIOD_MONTHS, 1, "2025-11-01", "2026-02-28");
    check_period("2026-01-05..2026-01-14", PERIOD_DAYS, 1, "2026-01-05", "2026-01-14");
    check_period("1969-12-31..1970-01-01", PERIOD_DAYS, 1, "1969-12-31", "1970-01-01");
    check_period("0001-01..0001-02", PERIOD_MONTHS, 1, "0001-01-01", "0001-02-28");
    check_period("0001-W01..0001-W02", PERIOD_WEEKS, 1, "0001-01-01", "0001-01-14");
    check_period("9999-W51..9999-W52", PERIOD_WEEKS, 1, "9999-12-20", "9999-12-31"); /* no day is past the last */
    check_period("9999-12-30..9999-12-31", PERIOD_DAYS, 1, "9999-12-30", "9999-12-31");
}

/* The number of units at, below and above its limits. */
static void test_period_units(void) {
    char text[40];
    int64_t first = day_of("2026-01-01"), result;
    for (int count = 1; count <= LIMIT_PERIOD_UNITS + 1; count++) {
        snprintf(text, sizeof text, "%s..%s", date_text(first), date_text(first + count - 1));
        if (period_parse(text, strlen(text), &result) != (count > 1 && count <= LIMIT_PERIOD_UNITS))
            CHECK_TEXT(text, "2 .. LIMIT_PERIOD_UNITS days");
    }
}

static void test_iso_weeks(void) {
    check_period("2026-W01", PERIOD_WEEK, 1, "2025-12-29", "2026-01-04");
    check_period("2026-W12", PERIOD_WEEK, 1, "2026-03-16", "2026-03-22");
    check_period("2026-W53", PERIOD_WEEK, 1, "2026-12-28", "2027-01-03"); /* a year that begins on a Thursday */
    check_period("2020-W53", PERIOD_WEEK, 1, "2020-12-28", "2021-01-03"); /* a leap year that begins on a Wednesday */
    check_period("2021-W01", PERIOD_WEEK, 1, "2021-01-04", "2021-01-10");
    check_period("2009-W53", PERIOD_WEEK, 1, "2009-12-28", "2010-01-03");
    check_period("0001-W01", PERIOD_WEEK, 1, "0001-01-01", "0001-01-07");
    check_period("9999-W52", PERIOD_WEEK, 1, "9999-12-27", "9999-12-31");
    int64_t result;
    for (int year = 1; year <= 9999; year++) {
        char text[16];
        snprintf(text, sizeof text, "%04d-W53", year);
        int first = day_weekday(day_from_civil(year, 1, 1)), last = day_weekday(day_from_civil(year, 12, 31));
        bool is_long = first == 4 || last == 4; /* ISO 8601: the years with 53 weeks begin or end on a Thursday */
        if (period_parse(text, 8, &result) != is_long) {
            printf("of %s:\n", text);
            CHECK_INT(period_parse(text, 8, &result), is_long);
        }
    }
}

static void test_period_parse_refuses(void) {
    static const char *const bad[] = {"",        "202",      "20266",    "0000",     "2026-",   "2026-1",   "2026-00",  "2026-13",   "2026Q0",    "2026Q5",   "2026Q",    "2026q1",
                                      "2026-W00", "2026-W54", "2025-W53", "2026-W1",  "2026W12", "FY",       "FY26",     "FY2026-03", "FY2026-W12", "FY2026Q5", "fy2026",   "2026-02-29", "2026-3-31",
                                      "0000-01", "0000Q1",   "FY0000",   "-2026",    "2026 ",   "2O26",     "2026-W1a", "2026-0a",   "9999-W53",   "FY2026Q12", "2026Q11",
                                      "2026-W05..2026-W05", "2026-W05..2026-W04", "2026-W05..2026-06", "2026Q1..2026Q2", "2025..2026", "FY2025..FY2026", "..2026-06", "2026-01..",
                                      "2026-01..2026-06..2026-07", "2026-01...2026-06", "2026-01.2026-06", "2026-02-01..2026-02-29", "..", "FY2026-01-01"};
    int64_t result;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (period_parse(bad[i], strlen(bad[i]), &result))
            CHECK_TEXT(bad[i], "refused");
}

/* Each day lies in its period; the day after the last is in the next; periods order as their days; what is written reads back. */
static void test_period_of_every_day(void) {
    static const enum period_kind kinds[] = {PERIOD_WEEK, PERIOD_MONTH, PERIOD_QUARTER, PERIOD_YEAR, PERIOD_FISCAL_QUARTER, PERIOD_FISCAL_YEAR, PERIOD_DAY};
    int wrong = 0;
    for (int month = 1; month <= 12; month += month == 1 ? 3 : month == 4 ? 3 : 5)
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
            int64_t day = DAY_MIN;
            while (day <= DAY_MAX) { /* from period to period */
                int64_t at = period_of_day(kinds[k], day, month), first = period_first_day(at, month), last = period_last_day(at, month);
                wrong += period_kind_of(at) != kinds[k] || first != day || last < first;
                wrong += period_of_day(kinds[k], last, month) != at || period_of_day(kinds[k], first + (last - first) / 2, month) != at;
                if (last < DAY_MAX)
                    wrong += period_of_day(kinds[k], last + 1, month) != at + 1;
                /* The fiscal year that began before year 1 has no written form. */
                if (day > DAY_MIN + 366 && (month == 1 || kinds[k] >= PERIOD_FISCAL_QUARTER)) {
                    struct buffer out = {0};
                    int64_t again = 0;
                    period_write(&out, at);
                    wrong += !period_parse(out.bytes, out.length, &again) || again != at;
                    buffer_free(&out);
                }
                day = kinds[k] == PERIOD_DAY ? day + 1009 : last + 1;
            }
        }
    CHECK_INT(wrong, 0);
}

static void test_fiscal_periods_of_days(void) {
    CHECK_TEXT(period_text(period_of_day(PERIOD_FISCAL_YEAR, day_of("2026-03-31"), 4)), "FY2025");
    CHECK_TEXT(period_text(period_of_day(PERIOD_FISCAL_YEAR, day_of("2026-04-01"), 4)), "FY2026");
    CHECK_TEXT(period_text(period_of_day(PERIOD_FISCAL_QUARTER, day_of("2026-03-31"), 4)), "FY2025Q4");
    CHECK_TEXT(period_text(period_of_day(PERIOD_FISCAL_QUARTER, day_of("2026-10-15"), 10)), "FY2026Q1");
    CHECK_TEXT(period_text(period_of_day(PERIOD_FISCAL_QUARTER, day_of("2026-09-30"), 10)), "FY2025Q4");
    CHECK_TEXT(period_text(period_of_day(PERIOD_DAY, day_of("2026-03-31"), 1)), "2026-03-31");
}

/* ---- cadences ---- */

static const char *cadence_text(enum period_kind unit, int count, const char *day, int fiscal_month) {
    return period_text(cadence_period((struct cadence){unit, count}, day_of(day), fiscal_month));
}

static void test_first_periods(void) {
    CHECK_TEXT(cadence_text(PERIOD_DAY, 1, "2026-02-11", 1), "2026-02-11");
    CHECK_TEXT(cadence_text(PERIOD_WEEK, 1, "2026-02-11", 1), "2026-W07");
    CHECK_TEXT(cadence_text(PERIOD_MONTH, 1, "2026-02-11", 1), "2026-02");
    CHECK_TEXT(cadence_text(PERIOD_QUARTER, 1, "2026-02-11", 4), "2026Q1");
    CHECK_TEXT(cadence_text(PERIOD_YEAR, 1, "2026-02-11", 4), "2026");
    CHECK_TEXT(cadence_text(PERIOD_FISCAL_QUARTER, 1, "2026-02-11", 4), "FY2025Q4");
    CHECK_TEXT(cadence_text(PERIOD_FISCAL_YEAR, 1, "2026-02-11", 4), "FY2025");
    CHECK_TEXT(cadence_text(PERIOD_DAY, 10, "2026-02-11", 1), "2026-02-11..2026-02-20");
    CHECK_TEXT(cadence_text(PERIOD_WEEK, 2, "2026-02-11", 1), "2026-W07..2026-W08"); /* from its Monday */
    CHECK_TEXT(cadence_text(PERIOD_MONTH, 6, "2026-02-11", 1), "2026-02..2026-07");
    CHECK_TEXT(cadence_text(PERIOD_QUARTER, 2, "2026-02-11", 4), "2026-01..2026-06");
    CHECK_TEXT(cadence_text(PERIOD_YEAR, 2, "2026-02-11", 4), "2026-01..2027-12");
    CHECK_TEXT(cadence_text(PERIOD_FISCAL_QUARTER, 2, "2026-02-11", 5), "2026-02..2026-07");
    CHECK_TEXT(cadence_text(PERIOD_FISCAL_YEAR, 2, "2026-02-11", 4), "2025-04..2027-03");
    CHECK_TEXT(period_text(period_next(cadence_period((struct cadence){PERIOD_QUARTER, 2}, day_of("2026-02-11"), 1))), "2026-07..2026-12");
    CHECK_TEXT(period_text(period_next(period("2026-W52"))), "2026-W53");
    CHECK_TEXT(period_text(period_next(period("2026-W52..2026-W53"))), "2027-W01..2027-W02");
    CHECK_TEXT(period_text(period_next(period("2026-01-30..2026-01-31"))), "2026-02-01..2026-02-02");
}

static const char *step_text(enum period_kind unit, int count, const char *from, const char *day, int fiscal_month) {
    return date_text(period_step_to(day_of(from), cadence_period((struct cadence){unit, count}, day_of(day), fiscal_month), fiscal_month));
}

/* Every day's period, of those that follow one another from a day, is found by walking them. */
static void test_steps(void) {
    static const struct cadence cadences[] = {{PERIOD_DAY, 3}, {PERIOD_WEEK, 2}, {PERIOD_WEEK, 5}, {PERIOD_MONTH, 2}, {PERIOD_MONTH, 7}};
    int wrong = 0;
    CHECK_TEXT(step_text(PERIOD_WEEK, 2, "2026-01-05", "2026-01-12", 1), "2026-01-05");
    CHECK_TEXT(step_text(PERIOD_WEEK, 2, "2026-01-07", "2026-01-20", 1), "2026-01-19");
    CHECK_TEXT(step_text(PERIOD_WEEK, 2, "2026-01-07", "2025-01-20", 1), "2026-01-07");
    CHECK_TEXT(step_text(PERIOD_QUARTER, 2, "2026-04-01", "2026-12-31", 1), "2026-10-01");
    CHECK_TEXT(step_text(PERIOD_FISCAL_YEAR, 2, "2024-04-01", "2027-03-31", 4), "2026-04-01");
    for (size_t c = 0; c < sizeof cadences / sizeof *cadences; c++) {
        int64_t from = day_of("2026-01-07"), at = cadence_period(cadences[c], from, 1);
        for (int64_t day = from; day < from + 800; day++) {
            while (period_last_day(at, 1) < day)
                at = period_next(at);
            int64_t first = period_step_to(from, cadence_period(cadences[c], day, 1), 1);
            wrong += cadence_period(cadences[c], first, 1) != at;
        }
    }
    CHECK_INT(wrong, 0);
}

/* The last period of the calendar has the units that are left. */
static void test_last_periods(void) {
    CHECK_TEXT(cadence_text(PERIOD_DAY, 10, "9999-12-30", 1), "9999-12-30..9999-12-31");
    CHECK_TEXT(cadence_text(PERIOD_DAY, 10, "9999-12-31", 1), "9999-12-31");
    CHECK_TEXT(cadence_text(PERIOD_WEEK, 2, "9999-12-31", 1), "9999-W52");
    CHECK_TEXT(cadence_text(PERIOD_YEAR, 2, "9999-12-31", 1), "9999-01..9999-12");
    CHECK_TEXT(period_text(period_next(period("9999-06..9999-09"))), "9999-10..9999-12");
    CHECK_TEXT(period_text(period_next(period("9999-01-01..9999-12-30"))), "9999-12-31");
}

static void test_cadence_units(void) {
    CHECK_INT(cadence_units((struct cadence){PERIOD_YEAR, 1}), 1);
    CHECK_INT(cadence_units((struct cadence){PERIOD_YEAR, 2}), 24);
    CHECK_INT(cadence_units((struct cadence){PERIOD_FISCAL_QUARTER, 3}), 9);
    CHECK_INT(cadence_units((struct cadence){PERIOD_MONTH, 7}), 7);
    CHECK_INT(cadence_units((struct cadence){PERIOD_WEEK, 500}), 500);
}

static bool reads_back(int64_t at) {
    struct buffer out = {0};
    int64_t again = 0;
    period_write(&out, at);
    bool same = period_parse(out.bytes, out.length, &again) && again == at;
    buffer_free(&out);
    return same;
}

/* Periods that follow one another leave no day out and share none, grow as numbers while they have their full length, and read back, from any anchor to the end of the calendar. */
static void check_tiling(struct cadence cadence, int64_t anchor, int fiscal_month) {
    int64_t at = cadence_period(cadence, anchor, fiscal_month), first = period_first_day(at, fiscal_month), last = period_last_day(at, fiscal_month);
    int wrong = first > anchor || last < anchor;
    for (int steps = 0; last < DAY_MAX && steps < 3000; steps++) {
        int64_t next = period_next(at);
        wrong += period_first_day(next, fiscal_month) != last + 1 || period_last_day(next, fiscal_month) <= last || (period_kind_of(next) == period_kind_of(at) && next <= at);
        bool is_cut = period_last_day(next, fiscal_month) == DAY_MAX;
        wrong += !is_cut && period_kind_of(next) != period_kind_of(at);
        wrong += period_first_day(next, fiscal_month) > DAY_MIN + 400 && !reads_back(next);
        at = next;
        last = period_last_day(at, fiscal_month);
    }
    if (wrong) {
        printf("of %d units of kind %d from %s:\n", cadence.count, cadence.unit, date_text(anchor));
        CHECK_INT(wrong, 0);
    }
}

static void test_cadences_tile_the_calendar(void) {
    static const int counts[] = {1, 2, 3, 7, 41, 500};
    static const int64_t anchors[] = {DAY_MIN, DAY_MIN + 500, -400, -1, 0, 20000, DAY_MAX - 3000, DAY_MAX - 1, DAY_MAX};
    for (enum period_kind unit = PERIOD_WEEK; unit <= PERIOD_DAY; unit++)
        for (size_t c = 0; c < sizeof counts / sizeof *counts; c++)
            for (size_t a = 0; a < sizeof anchors / sizeof *anchors; a++)
                for (int month = 1; month <= 12; month += 3)
                    if (cadence_units((struct cadence){unit, counts[c]}) <= LIMIT_PERIOD_UNITS)
                        check_tiling((struct cadence){unit, counts[c]}, anchors[a], month);
    CHECK(true);
}

/* ---- reading and writing ---- */

static void test_date_parse(void) {
    int64_t day;
    CHECK_TEXT(date_text(day_of("2024-02-29")), "2024-02-29");
    CHECK_TEXT(date_text(DAY_MIN), "0001-01-01");
    CHECK_TEXT(date_text(DAY_MAX), "9999-12-31");
    static const char *const bad[] = {"", "2026-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "2026-4-01", "2026/04/01", "20260401", "0000-01-01", "2026-04-0x", "2026-04-011", " 026-04-01", "+026-04-01"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (date_parse(bad[i], strlen(bad[i]), &day))
            CHECK_TEXT(bad[i], "refused");
    for (day = DAY_MIN; day <= DAY_MAX; day += 97)
        CHECK_INT(day_of(date_text(day)), day);
}

static const char *datetime_text(int64_t seconds) {
    struct buffer out = {0};
    datetime_write(&out, seconds);
    return take(&out);
}

static const char *datetime_again(const char *text) {
    int64_t seconds;
    return datetime_parse(text, strlen(text), &seconds) ? datetime_text(seconds) : "-";
}

static void test_datetime(void) {
    CHECK_TEXT(datetime_again("2026-03-31T17:00"), "2026-03-31T17:00:00");
    CHECK_TEXT(datetime_again("2026-03-31 17:00:59"), "2026-03-31T17:00:59");
    CHECK_TEXT(datetime_again("1969-12-31T23:59:59"), "1969-12-31T23:59:59");
    CHECK_TEXT(datetime_again("0001-01-01T00:00:00"), "0001-01-01T00:00:00");
    CHECK_TEXT(datetime_again("9999-12-31T23:59:59"), "9999-12-31T23:59:59");
    static const char *const bad[] = {"2026-03-31", "2026-03-31T", "2026-03-31T17", "2026-03-31T24:00", "2026-03-31T17:60", "2026-03-31T17:00:60", "2026-03-31T17:00:5", "2026-03-31x17:00",
                                      "2026-03-31T17-00", "2026-03-31T17:00-00", "2026-02-30T17:00", "2026-03-31T17:00Z", "2026-03-31T7:00", ""};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_TEXT(datetime_again(bad[i]), "-");
    int64_t seconds = 0;
    CHECK(datetime_parse("1970-01-01T00:00:01", 19, &seconds) && seconds == 1);
    CHECK(datetime_parse("1969-12-31T23:59", 16, &seconds) && seconds == -60);
    CHECK_TEXT(datetime_text(-1), "1969-12-31T23:59:59");
    CHECK_TEXT(datetime_text(-DAY_SECONDS), "1969-12-31T00:00:00");
}

static const char *duration_text(int64_t seconds) {
    struct buffer out = {0};
    duration_write(&out, seconds);
    return take(&out);
}

static const char *span_text(int64_t months) {
    struct buffer out = {0};
    span_write(&out, months);
    return take(&out);
}

static const char *working_text(int64_t count) {
    struct buffer out = {0};
    working_days_write(&out, count);
    return take(&out);
}

static void test_lengths(void) {
    CHECK_TEXT(duration_text(12 * DAY_SECONDS), "12 days");
    CHECK_TEXT(duration_text(DAY_SECONDS + 7200), "1 day 2 hours");
    CHECK_TEXT(duration_text(-3 * DAY_SECONDS), "-3 days");
    CHECK_TEXT(duration_text(0), "0 days");
    CHECK_TEXT(duration_text(3661), "1 hour 1 minute 1 second");
    CHECK_TEXT(duration_text(59), "59 seconds");
    CHECK_TEXT(duration_text(-1), "-1 second");
    CHECK_TEXT(duration_text(2 * DAY_SECONDS + 1), "2 days 1 second");
    CHECK_TEXT(duration_text(INT64_MIN), "-106751991167300 days 15 hours 30 minutes 8 seconds");
    CHECK_TEXT(span_text(3), "3 months");
    CHECK_TEXT(span_text(1), "1 month");
    CHECK_TEXT(span_text(24), "2 years");
    CHECK_TEXT(span_text(12), "1 year");
    CHECK_TEXT(span_text(14), "14 months");
    CHECK_TEXT(span_text(0), "0 months");
    CHECK_TEXT(span_text(-12), "-1 year");
    CHECK_TEXT(span_text(-3), "-3 months");
    CHECK_TEXT(working_text(5), "5 working days");
    CHECK_TEXT(working_text(1), "1 working day");
    CHECK_TEXT(working_text(-2), "-2 working days");
    CHECK_TEXT(working_text(0), "0 working days");
}

static const char *by_pattern(const char *text, const char *pattern) {
    int64_t seconds;
    bool has_time;
    if (!date_parse_pattern(text, strlen(text), pattern, &seconds, &has_time))
        return "-";
    if (has_time)
        return datetime_text(seconds);
    CHECK_INT(seconds % DAY_SECONDS, 0);
    return date_text(seconds / DAY_SECONDS);
}

static void test_patterns(void) {
    CHECK_TEXT(by_pattern("31/03/2026", "%d/%m/%Y"), "2026-03-31");
    CHECK_TEXT(by_pattern("1/3/2026", "%d/%m/%Y"), "2026-03-01");
    CHECK_TEXT(by_pattern("03/31/26", "%m/%d/%y"), "2026-03-31");
    CHECK_TEXT(by_pattern("03/31/69", "%m/%d/%y"), "2069-03-31");
    CHECK_TEXT(by_pattern("03/31/70", "%m/%d/%y"), "1970-03-31");
    CHECK_TEXT(by_pattern("03/31/00", "%m/%d/%y"), "2000-03-31");
    CHECK_TEXT(by_pattern("03/31/6", "%m/%d/%y"), "-");
    CHECK_TEXT(by_pattern("20260331", "%Y%m%d"), "2026-03-31");
    CHECK_TEXT(by_pattern("31 Mar 2026", "%d %b %Y"), "2026-03-31");
    CHECK_TEXT(by_pattern("31   march 2026", "%d %B %Y"), "2026-03-31");
    CHECK_TEXT(by_pattern("May 1, 2026", "%b %e, %Y"), "2026-05-01");
    CHECK_TEXT(by_pattern("DECEMBER 24, 2026", "%b %e, %Y"), "2026-12-24");
    CHECK_TEXT(by_pattern("2026-03", "%Y-%m"), "2026-03-01");
    CHECK_TEXT(by_pattern("2026", "%Y"), "2026-01-01");
    CHECK_TEXT(by_pattern("2026-03-31T17:05:09", "%Y-%m-%dT%H:%M:%S"), "2026-03-31T17:05:09");
    CHECK_TEXT(by_pattern("2026-03-31 5:05 PM", "%Y-%m-%d %I:%M %p"), "2026-03-31T17:05:00");
    CHECK_TEXT(by_pattern("2026-03-31 12:05 am", "%Y-%m-%d %I:%M %p"), "2026-03-31T00:05:00");
    CHECK_TEXT(by_pattern("2026-03-31 12:05 pm", "%Y-%m-%d %I:%M %p"), "2026-03-31T12:05:00");
    CHECK_TEXT(by_pattern("100%2026", "100%%%Y"), "2026-01-01");
    CHECK_TEXT(by_pattern("Tuesday, 31 March 2026", "%A, %d %B %Y"), "2026-03-31");
    CHECK_TEXT(by_pattern("tue 31.03.2026", "%a %d.%m.%Y"), "2026-03-31");
    CHECK_TEXT(by_pattern("2026-090", "%Y-%j"), "2026-03-31");
    CHECK_TEXT(by_pattern("2024-366", "%Y-%j"), "2024-12-31");
}

static void test_patterns_refuse(void) {
    CHECK_TEXT(by_pattern("31/03/2026 ", "%d/%m/%Y"), "-");
    CHECK_TEXT(by_pattern("31/03/2026", "%d/%m/%Y %H"), "-");
    CHECK_TEXT(by_pattern("31-03-2026", "%d/%m/%Y"), "-");
    CHECK_TEXT(by_pattern("31/02/2026", "%d/%m/%Y"), "-");
    CHECK_TEXT(by_pattern("00/02/2026", "%d/%m/%Y"), "-");
    CHECK_TEXT(by_pattern("31/13/2026", "%d/%m/%Y"), "-");
    CHECK_TEXT(by_pattern("31/03/26", "%d/%m/%Y"), "-");
    CHECK_TEXT(by_pattern("31/03/12026", "%d/%m/%Y"), "-");
    CHECK_TEXT(by_pattern("", "%d/%m/%Y"), "-");
    CHECK_TEXT(by_pattern("31 Mrz 2026", "%d %b %Y"), "-");
    CHECK_TEXT(by_pattern("2026-03-31 24:00", "%Y-%m-%d %H:%M"), "-");
    CHECK_TEXT(by_pattern("2026-03-31 13:00 pm", "%Y-%m-%d %I:%M %p"), "-");
    CHECK_TEXT(by_pattern("2026-03-31 00:00 pm", "%Y-%m-%d %I:%M %p"), "-");
    CHECK_TEXT(by_pattern("2026-03-31 1:00 xm", "%Y-%m-%d %I:%M %p"), "-");
    CHECK_TEXT(by_pattern("2026-03-31 10:60", "%Y-%m-%d %H:%M"), "-");
    CHECK_TEXT(by_pattern("2026-03-31 10:5", "%Y-%m-%d %H:%M"), "-");
    CHECK_TEXT(by_pattern("2026-03-31 10:05:60", "%Y-%m-%d %H:%M:%S"), "-");
    CHECK_TEXT(by_pattern("Monday, 31 March 2026", "%A, %d %B %Y"), "-"); /* it was a Tuesday */
    CHECK_TEXT(by_pattern("2026-366", "%Y-%j"), "-");
    CHECK_TEXT(by_pattern("2026-000", "%Y-%j"), "-");
    CHECK_TEXT(by_pattern("31.03", "%d.%m"), "-"); /* no year, no date */
}

static void test_pattern_problems(void) {
    CHECK(date_pattern_problem("%d/%m/%Y") == NULL);
    CHECK(date_pattern_problem("%d %B") == NULL); /* good to write by, though not to read by */
    CHECK(date_pattern_problem("100%% of %Y") == NULL);
    CHECK(date_pattern_problem("%A %a %d %j %b %B %m %y %Y %H %I %M %S %p %e") == NULL);
    CHECK_TEXT(date_pattern_problem("%d/%m/%"), "it ends in a lone %");
    CHECK_TEXT(date_pattern_problem("%Q %Y"), "it has a letter after % that means nothing");
    CHECK_TEXT(date_pattern_problem("%H:%M"), "it names no part of a date");
    CHECK_TEXT(date_pattern_problem(""), "it names no part of a date");
    CHECK_TEXT(date_pattern_problem("%%Y"), "it names no part of a date");
    CHECK_TEXT(date_pattern_read_problem("%d %B"), "it has no year");
    CHECK_TEXT(date_pattern_read_problem("%d/%m/%"), "it ends in a lone %");
    CHECK_TEXT(date_pattern_read_problem("%d %Y"), "it has a day but no month");
    CHECK(date_pattern_read_problem("%d/%m/%Y") == NULL);
    CHECK(date_pattern_read_problem("%y%j") == NULL);
    CHECK(date_pattern_read_problem("%Y") == NULL);
}

static void test_dates_meant(void) {
    struct arena *arena = arena_create();
    static const char *const dates[][2] = {
        {"05.01.2026", "2026-01-05"}, {"5.1.26", "2026-01-05"},      {"31/12/2026", "2026-12-31"}, {"12/31/2026", "2026-12-31"}, {"3/3/2026", "2026-03-03"}, {"2026/12/31", "2026-12-31"},
        {"2026.1.5", "2026-01-05"},   {"31 / 12 / 2026", "2026-12-31"}, {"05/06/2026", "2026-12-31"}, {"31.02.2026", "2026-12-31"}, {"2026-1-5", "2026-01-05"}};
    static const char *const others[] = {"", "5", "1/2", "1.250.000", "2026-01-05", "1/2.2026", "a/b/c", "1/2/3", "100/12/2026", "31.12.2026.", "1.2.3.4"};
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++)
        CHECK_TEXT(date_meant(arena, dates[i][0]), dates[i][1]);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        CHECK(date_meant(arena, others[i]) == NULL);
    arena_destroy(arena);
}

int main(void) {
    RUN(test_every_day);
    RUN(test_known_days);
    RUN(test_valid);
    RUN(test_add_months);
    RUN(test_add_days);
    RUN(test_working_days_without_holidays);
    RUN(test_holidays);
    RUN(test_working_days_against_plain_counting);
    RUN(test_working_days_at_the_ends);
    RUN(test_periods);
    RUN(test_periods_of_several);
    RUN(test_period_units);
    RUN(test_iso_weeks);
    RUN(test_period_parse_refuses);
    RUN(test_period_of_every_day);
    RUN(test_fiscal_periods_of_days);
    RUN(test_first_periods);
    RUN(test_steps);
    RUN(test_last_periods);
    RUN(test_cadence_units);
    RUN(test_cadences_tile_the_calendar);
    RUN(test_date_parse);
    RUN(test_datetime);
    RUN(test_lengths);
    RUN(test_patterns);
    RUN(test_patterns_refuse);
    RUN(test_pattern_problems);
    RUN(test_dates_meant);
    return UNIT_END("base_civil");
}
