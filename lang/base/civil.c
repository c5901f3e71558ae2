/* Days, weeks, months and working days. See civil.h. */
#include "lang/base/civil.h"

/* Days and civil dates by counting from 1 March of year 0, so that the leap day ends the year (the arithmetic of 400-year eras). */
enum { ERA_DAYS = 146097, EPOCH_FROM_MARCH_0 = 719468 };

bool civil_is_valid(int year, int month, int day) {
    return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= civil_month_days(year, month);
}

static bool is_leap(int year) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int civil_month_days(int year, int month) {
    static const int days[] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month];
}

int64_t day_from_civil(int year, int month, int day) {
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = y / 400; /* years from 1 on are never negative here: year 1 January gives y = 0 */
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * ERA_DAYS + of_era * 365 + of_era / 4 - of_era / 100 + of_year - EPOCH_FROM_MARCH_0;
}

struct civil civil_from_day(int64_t day) {
    int64_t z = day + EPOCH_FROM_MARCH_0;
    int64_t era = (z >= 0 ? z : z - (ERA_DAYS - 1)) / ERA_DAYS;
    int64_t of_era = z - era * ERA_DAYS;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t shifted = (5 * of_year + 2) / 153;
    int month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
    return (struct civil){(int)(year + era * 400 + (month <= 2)), month, (int)(of_year - (153 * shifted + 2) / 5 + 1)};
}

int day_weekday(int64_t day) { /* 1970-01-01 was a Thursday */
    return (int)(((day + 3) % 7 + 7) % 7) + 1;
}

bool day_add(int64_t day, int64_t days, int64_t *result) {
    return !__builtin_add_overflow(day, days, result) && *result >= DAY_MIN && *result <= DAY_MAX;
}

bool day_add_months(int64_t day, int64_t months, int64_t *result) {
    struct civil date = civil_from_day(day);
    if (months > 120000 || months < -120000)
        return false;
    int64_t count = (int64_t)date.year * 12 + date.month - 1 + months;
    int64_t year = count / 12, month = count % 12 + 1;
    if (count < 12 || year > 9999)
        return false;
    int last = civil_month_days((int)year, (int)month);
    *result = day_from_civil((int)year, (int)month, date.day < last ? date.day : last);
    return true;
}

/* ---- working days ---- */

/* The first position whose holiday is at or after the day. */
static int find_holiday(const struct work_calendar *calendar, int64_t day) {
    int low = 0, high = calendar->holiday_count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (calendar->holidays[middle] < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool day_is_working(const struct work_calendar *calendar, int64_t day) {
    if (day_weekday(day) > 5)
        return false;
    int at = find_holiday(calendar, day);
    return at == calendar->holiday_count || calendar->holidays[at] != day;
}

/* Mondays to Fridays from a fixed Monday (1969-12-29, day -3) up to and with the day. */
static int64_t weekdays_until(int64_t day) {
    int64_t from = day + 3;
    int64_t weeks = from >= 0 ? from / 7 : -((-from + 6) / 7);
    int64_t rest = from - weeks * 7; /* 0 Monday .. 6 Sunday */
    return weeks * 5 + (rest < 5 ? rest + 1 : 5);
}

static int64_t holidays_on_weekdays(const struct work_calendar *calendar, int64_t after, int64_t until) {
    int64_t count = 0;
    int end = find_holiday(calendar, until + 1);
    for (int i = find_holiday(calendar, after + 1); i < end; i++)
        count += day_weekday(calendar->holidays[i]) <= 5;
    return count;
}

int64_t day_count_working(const struct work_calendar *calendar, int64_t a, int64_t b) {
    if (b < a)
        return -day_count_working(calendar, b, a);
    return weekdays_until(b) - weekdays_until(a) - holidays_on_weekdays(calendar, a, b);
}

bool day_add_working(const struct work_calendar *calendar, int64_t day, int64_t count, int64_t *result) {
    if (count > 3000000 || count < -3000000)
        return false;
    int64_t step = count < 0 ? -1 : 1, left = count < 0 ? -count : count;
    /* Whole weeks at a time while at least two are left: a week has at most five working days. */
    while (left > 10) {
        int64_t weeks = left / 5 - 1;
        int64_t to = day + step * weeks * 7;
        if (to < DAY_MIN || to > DAY_MAX)
            return false;
        /* Forward the days of (day, to] are passed; back those of [to, day), which is (to-1, day-1]. */
        left -= step > 0 ? day_count_working(calendar, day, to) : day_count_working(calendar, to - 1, day - 1);
        day = to;
    }
    while (left > 0) {
        day += step;
        if (day < DAY_MIN || day > DAY_MAX)
            return false;
        left -= day_is_working(calendar, day);
    }
    *result = day;
    return true;
}
