/* Calendar periods packed into one number. See civil.h. */
#include "lang/base/civil.h"
#include "lang/base/limits.h"
#include "lang/base/text.h"

#include <string.h>

/* Ordinals: weeks since that of 1969-12-29 (a Monday, day -3); months, quarters and years since year 0; days since 1970. Of several units: that of the first times
 * UNITS_STEP, and how many there are. */
enum { FIRST_MONDAY = -3, UNITS_STEP = 512 };
_Static_assert((int)LIMIT_PERIOD_UNITS < (int)UNITS_STEP, "the number of units fits beside the first");
static const int64_t ORDINAL_BIAS = (int64_t)1 << 31; /* keeps ordinals positive inside the packed number */

static int64_t pack(enum period_kind kind, int64_t ordinal) {
    return (int64_t)kind * PERIOD_KIND_STEP + ordinal + ORDINAL_BIAS;
}

static int64_t ordinal_of(int64_t period) {
    return period % PERIOD_KIND_STEP - ORDINAL_BIAS;
}

enum period_kind period_kind_of(int64_t period) {
    return (enum period_kind)(period / PERIOD_KIND_STEP);
}

static int64_t floor_divide(int64_t a, int64_t b) {
    return a >= 0 ? a / b : -((-a + b - 1) / b);
}

/* A period as so many units from the first on. */
struct units {
    enum period_kind unit;
    int64_t first, count;
};

static struct units units_of(int64_t period) {
    static const enum period_kind units[] = {[PERIOD_WEEKS] = PERIOD_WEEK, [PERIOD_MONTHS] = PERIOD_MONTH, [PERIOD_DAYS] = PERIOD_DAY};
    enum period_kind kind = period_kind_of(period);
    int64_t ordinal = ordinal_of(period);
    if (kind < PERIOD_WEEKS)
        return (struct units){kind, ordinal, 1};
    int64_t first = floor_divide(ordinal, UNITS_STEP);
    return (struct units){units[kind], first, ordinal - first * UNITS_STEP};
}

/* At the calendar's end the units that there are. */
static int64_t pack_units(struct units units) {
    int64_t left = ordinal_of(period_of_day(units.unit, DAY_MAX, 1)) - units.first + 1;
    if (units.count == 1 || left == 1)
        return pack(units.unit, units.first);
    enum period_kind kind = units.unit == PERIOD_WEEK ? PERIOD_WEEKS : units.unit == PERIOD_MONTH ? PERIOD_MONTHS : PERIOD_DAYS;
    return pack(kind, units.first * UNITS_STEP + (units.count < left ? units.count : left));
}

int64_t period_of_day(enum period_kind kind, int64_t day, int fiscal_month) {
    struct civil date = civil_from_day(day);
    int64_t month = (int64_t)date.year * 12 + date.month - 1;
    int64_t fiscal = month - (fiscal_month - 1);
    switch (kind) {
    case PERIOD_WEEK: return pack(kind, floor_divide(day - FIRST_MONDAY, 7));
    case PERIOD_MONTH: return pack(kind, month);
    case PERIOD_QUARTER: return pack(kind, month / 3);
    case PERIOD_YEAR: return pack(kind, date.year);
    case PERIOD_FISCAL_QUARTER: return pack(kind, floor_divide(fiscal, 3));
    case PERIOD_FISCAL_YEAR: return pack(kind, floor_divide(fiscal, 12));
    default: return pack(PERIOD_DAY, day);
    }
}

static int64_t first_of_month(int64_t month) {
    if (month < 12)
        return DAY_MIN;
    if (month >= 120000)
        return DAY_MAX + 1;
    return day_from_civil((int)(month / 12), (int)(month % 12) + 1, 1);
}

static int64_t first_day(enum period_kind kind, int64_t ordinal, int fiscal_month) {
    switch (kind) {
    case PERIOD_WEEK: return ordinal * 7 + FIRST_MONDAY;
    case PERIOD_MONTH: return first_of_month(ordinal);
    case PERIOD_QUARTER: return first_of_month(ordinal * 3);
    case PERIOD_YEAR: return first_of_month(ordinal * 12);
    case PERIOD_FISCAL_QUARTER: return first_of_month(ordinal * 3 + fiscal_month - 1);
    case PERIOD_FISCAL_YEAR: return first_of_month(ordinal * 12 + fiscal_month - 1);
    default: return ordinal;
    }
}

int64_t period_first_day(int64_t period, int fiscal_month) {
    struct units units = units_of(period);
    int64_t day = first_day(units.unit, units.first, fiscal_month);
    return day < DAY_MIN ? DAY_MIN : day > DAY_MAX ? DAY_MAX : day;
}

int64_t period_last_day(int64_t period, int fiscal_month) {
    struct units units = units_of(period);
    int64_t day = first_day(units.unit, units.first + units.count, fiscal_month) - 1;
    return day < DAY_MIN ? DAY_MIN : day > DAY_MAX ? DAY_MAX : day;
}

/* ---- periods that follow one another ---- */

static const char *const kind_words[] = {
    [PERIOD_WEEK] = "week", [PERIOD_MONTH] = "month", [PERIOD_QUARTER] = "quarter", [PERIOD_YEAR] = "year", [PERIOD_FISCAL_QUARTER] = "fiscal_quarter",
    [PERIOD_FISCAL_YEAR] = "fiscal_year", [PERIOD_DAY] = "day",
};

const char *period_kind_word(enum period_kind kind) {
    return kind_words[kind];
}

bool period_kind_parse(const char *word, enum period_kind *kind) {
    for (*kind = PERIOD_WEEK; *kind <= PERIOD_DAY; (*kind)++)
        if (strcmp(kind_words[*kind], word) == 0)
            return true;
    return false;
}

void cadence_write(struct buffer *out, struct cadence cadence) {
    if (cadence.count == 1)
        buffer_add_string(out, kind_words[cadence.unit]);
    else
        buffer_add_format(out, "%d %ss", cadence.count, kind_words[cadence.unit]);
}

static int months_of(enum period_kind kind) {
    switch (kind) {
    case PERIOD_QUARTER: case PERIOD_FISCAL_QUARTER: return 3;
    case PERIOD_YEAR: case PERIOD_FISCAL_YEAR: return 12;
    default: return 1;
    }
}

int cadence_units(struct cadence cadence) {
    return cadence.count == 1 ? 1 : cadence.count * months_of(cadence.unit);
}

int64_t cadence_period(struct cadence cadence, int64_t day, int fiscal_month) {
    int64_t period = period_of_day(cadence.unit, day, fiscal_month);
    if (cadence.count == 1)
        return period;
    if (cadence.unit != PERIOD_WEEK && cadence.unit != PERIOD_DAY)
        period = period_of_day(PERIOD_MONTH, period_first_day(period, fiscal_month), fiscal_month);
    return pack_units((struct units){period_kind_of(period), ordinal_of(period), cadence_units(cadence)});
}

int64_t period_next(int64_t period) {
    struct units units = units_of(period);
    units.first += units.count;
    return units.count == 1 ? pack(units.unit, units.first) : pack_units(units);
}

int64_t period_step_to(int64_t from, int64_t period, int fiscal_month) {
    struct units wanted = units_of(period), first = {wanted.unit, ordinal_of(period_of_day(wanted.unit, from, fiscal_month)), wanted.count};
    int64_t steps = floor_divide(wanted.first - first.first, first.count);
    return steps <= 0 ? from : period_first_day(pack(first.unit, first.first + steps * first.count), fiscal_month);
}

/* ---- as text ---- */

/* The week that holds the year's first Thursday is its first (ISO 8601). */
static int64_t first_week(int year) {
    int64_t fourth = day_from_civil(year, 1, 4);
    return floor_divide(fourth - FIRST_MONDAY, 7);
}

static bool read_digits(const char *bytes, int count, int *value) {
    *value = 0;
    for (int i = 0; i < count; i++) {
        if (bytes[i] < '0' || bytes[i] > '9')
            return false;
        *value = *value * 10 + (bytes[i] - '0');
    }
    return true;
}

static bool parse_one(const char *bytes, size_t length, int64_t *period) {
    int year, part;
    bool fiscal = length >= 2 && bytes[0] == 'F' && bytes[1] == 'Y';
    if (fiscal) {
        bytes += 2;
        length -= 2;
    }
    if (length < 4 || !read_digits(bytes, 4, &year) || year < 1)
        return false;
    if (length == 4) {
        *period = pack(fiscal ? PERIOD_FISCAL_YEAR : PERIOD_YEAR, year);
        return true;
    }
    if (length == 6 && bytes[4] == 'Q' && read_digits(bytes + 5, 1, &part) && part >= 1 && part <= 4) {
        *period = pack(fiscal ? PERIOD_FISCAL_QUARTER : PERIOD_QUARTER, (int64_t)year * 4 + part - 1);
        return true;
    }
    if (!fiscal && length == 7 && bytes[4] == '-' && read_digits(bytes + 5, 2, &part) && part >= 1 && part <= 12) {
        *period = pack(PERIOD_MONTH, (int64_t)year * 12 + part - 1);
        return true;
    }
    if (!fiscal && length == 8 && bytes[4] == '-' && bytes[5] == 'W' && read_digits(bytes + 6, 2, &part) && part >= 1) {
        int64_t week = first_week(year) + part - 1;
        if (week >= first_week(year + 1)) /* past the 52nd or, in a long year, the 53rd; also in 9999, by the first week of 10000 */
            return false;
        *period = pack(PERIOD_WEEK, week);
        return true;
    }
    int64_t day;
    if (fiscal || !date_parse(bytes, length, &day))
        return false;
    *period = pack(PERIOD_DAY, day);
    return true;
}

/* The first of several units, "..", and the last. */
static bool parse_several(const char *bytes, size_t length, size_t first_length, int64_t *period) {
    int64_t first, last;
    if (!parse_one(bytes, first_length, &first) || !parse_one(bytes + first_length + 2, length - first_length - 2, &last))
        return false;
    enum period_kind unit = period_kind_of(first);
    int64_t count = last - first + 1;
    bool has_several = unit == PERIOD_WEEK || unit == PERIOD_MONTH || unit == PERIOD_DAY;
    if (!has_several || period_kind_of(last) != unit || count < 2 || count > LIMIT_PERIOD_UNITS)
        return false;
    *period = pack_units((struct units){unit, ordinal_of(first), count});
    return true;
}

bool period_parse(const char *bytes, size_t length, int64_t *period) {
    for (size_t i = 0; i + 1 < length; i++)
        if (bytes[i] == '.' && bytes[i + 1] == '.')
            return parse_several(bytes, length, i, period);
    return parse_one(bytes, length, period);
}

static void write_one(struct buffer *out, enum period_kind kind, int64_t ordinal) {
    switch (kind) {
    case PERIOD_WEEK: {
        int64_t thursday = ordinal * 7 + FIRST_MONDAY + 3; /* a week belongs to the year of its Thursday */
        int year = civil_from_day(thursday).year;
        buffer_add_format(out, "%04d-W%02d", year, (int)(ordinal - first_week(year)) + 1);
        break;
    }
    case PERIOD_MONTH:
        buffer_add_format(out, "%04d-%02d", (int)(ordinal / 12), (int)(ordinal % 12) + 1);
        break;
    case PERIOD_QUARTER:
        buffer_add_format(out, "%04dQ%d", (int)(ordinal / 4), (int)(ordinal % 4) + 1);
        break;
    case PERIOD_YEAR:
        buffer_add_format(out, "%04d", (int)ordinal);
        break;
    case PERIOD_FISCAL_QUARTER:
        buffer_add_format(out, "FY%04dQ%d", (int)floor_divide(ordinal, 4), (int)(ordinal - floor_divide(ordinal, 4) * 4) + 1);
        break;
    case PERIOD_FISCAL_YEAR:
        buffer_add_format(out, "FY%04d", (int)ordinal);
        break;
    default:
        date_write(out, ordinal);
        break;
    }
}

void period_write(struct buffer *out, int64_t period) {
    struct units units = units_of(period);
    write_one(out, units.unit, units.first);
    if (units.count > 1) {
        buffer_add_string(out, "..");
        write_one(out, units.unit, units.first + units.count - 1);
    }
}
