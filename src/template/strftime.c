#include "template/strftime.h"

#include <retort/base/attributes.h>

static const char *const weekdays[] = {"Monday",   "Tuesday", "Wednesday",
                                       "Thursday", "Friday",  "Saturday",
                                       "Sunday"};
static const char *const months[] = {"January", "February", "March",
                                     "April",   "May",      "June",
                                     "July",    "August",   "September",
                                     "October", "November", "December"};

const char *rt__weekday_full(int weekday)
{
    return weekdays[weekday];
}

const char *rt__month_full(int month)
{
    return months[month - 1];
}

// ---- days and weeks -----------------------------------------------------------------

static bool is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int rt__day_of_year(const rt_civil_time *t)
{
    static const int before[] = {0,   31,  59,  90,  120, 151,
                                 181, 212, 243, 273, 304, 334};
    return before[t->month - 1] + (t->month > 2 && is_leap(t->year)) + t->day -
           1;
}

// Years in which a Thursday begins or ends have 53 weeks; the first of January
// falls on weekday `first`.
static int weeks_in_year(int first, bool leap)
{
    return first == 3 || (leap && first == 2) ? 53 : 52;
}

int rt__iso_week(const rt_civil_time *t, int64_t *year)
{
    int day = rt__day_of_year(t);
    int first = ((t->weekday - day) % 7 + 7) % 7;
    int week = (day - t->weekday + 10) / 7;
    *year = t->year;
    if (week < 1) {
        bool leap = is_leap(t->year - 1);
        *year -= 1;
        return weeks_in_year(((first - 365 - leap) % 7 + 7) % 7, leap);
    }
    if (week > weeks_in_year(first, is_leap(t->year))) {
        *year += 1;
        return 1;
    }
    return week;
}

// ---- directives ------------------------------------------------------------------------

typedef struct directive {
    char pad; // '-', '_', '0', or zero: as usual
    bool upper;
    bool swap;
    size_t width;
} directive;

static void put_padding(rt_buf *out, size_t start, const directive *d)
{
    size_t len = out->len - start;
    if (len >= d->width || out->status)
        return;
    size_t pad = d->width - len;
    if (!rt_buf_reserve(out, pad))
        return;
    memmove(out->data + start + pad, out->data + start, len);
    memset(out->data + start, d->pad == '0' ? '0' : ' ', pad);
    out->len += pad;
}

static void put_number(rt_buf *out, const directive *d, int64_t number,
                       size_t digits, char pad)
{
    char text[24];
    size_t at = sizeof text;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do
        text[--at] = (char)('0' + rest % 10);
    while (rest /= 10);

    if (d->pad == '_' || d->pad == '0')
        pad = d->pad;
    if (d->pad == '-') {
        digits = 0;
        pad = ' ';
    }
    if (d->width)
        digits = d->width;
    size_t len = sizeof text - at + (number < 0);
    if (number < 0 && pad == '0')
        rt_buf_put_char(out, '-');
    if (digits > len)
        rt_buf_put_repeat(out, pad == '_' ? ' ' : pad, digits - len);
    if (number < 0 && pad != '0')
        rt_buf_put_char(out, '-');
    rt_buf_put_bytes(out, text + at, sizeof text - at);
}

static void put_word(rt_buf *out, const directive *d, const char *word,
                     size_t len)
{
    size_t start = out->len;
    for (size_t i = 0; i < len; i++)
        rt_buf_put_char(out,
                        d->upper || d->swap ? rt_to_upper(word[i]) : word[i]);
    put_padding(out, start, d);
}

static void put_half(rt_buf *out, const directive *d, int hour, bool lower)
{
    directive plain = *d;
    bool small = lower || (d->swap && !d->upper);
    plain.upper = false;
    plain.swap = false;
    put_word(out, &plain,
             hour < 12 ? (small ? "am" : "AM") : (small ? "pm" : "PM"), 2);
}

static void put_format(rt_buf *out, const directive *d,
                       const rt__moment *moment, const char *format)
{
    size_t start = out->len;
    rt__put_strftime(out, moment, rt_str_from(format));
    for (size_t i = start; i < out->len && d->upper; i++)
        out->data[i] = rt_to_upper(out->data[i]);
    put_padding(out, start, d);
}

static int hour_of_half(int hour)
{
    return hour % 12 ? hour % 12 : 12;
}

static int64_t mod_100(int64_t year)
{
    return (year % 100 + 100) % 100;
}

static int64_t epoch_seconds(const rt_civil_time *t)
{
    int64_t us = 0;
    (void)rt_time_from_civil(*t, &us); // it came from a moment
    return us / RT_TIME_SECOND - (us % RT_TIME_SECOND < 0);
}

// The directives that are others put together.
static const char *composite(char conversion)
{
    switch (conversion) {
    case 'c': return "%a %b %e %H:%M:%S %Y";
    case 'D':
    case 'x': return "%m/%d/%y";
    case 'F': return "%Y-%m-%d";
    case 'r': return "%I:%M:%S %p";
    case 'R': return "%H:%M";
    case 'T':
    case 'X': return "%H:%M:%S";
    case 'n': return "\n";
    case 't': return "\t";
    default: return NULL;
    }
}

static bool put_name(rt_buf *out, const directive *d, const rt__moment *moment,
                     char conversion)
{
    const rt_civil_time *t = &moment->civil;
    const char *word;
    switch (conversion) {
    case 'a': put_word(out, d, weekdays[t->weekday], 3); return true;
    case 'b':
    case 'h': put_word(out, d, months[t->month - 1], 3); return true;
    case 'A': word = weekdays[t->weekday]; break;
    case 'B': word = months[t->month - 1]; break;
    case 'p': put_half(out, d, t->hour, false); return true;
    case 'P': put_half(out, d, t->hour, true); return true;
    case 'z': word = moment->utc ? "+0000" : ""; break;
    case 'Z': word = moment->utc ? "UTC" : ""; break;
    case '%': word = "%"; break;
    default:
        word = composite(conversion);
        if (word)
            put_format(out, d, moment, word);
        return word != NULL;
    }
    put_word(out, d, word, strlen(word));
    return true;
}

static bool put_field(rt_buf *out, const directive *d, const rt_civil_time *t,
                      char conversion)
{
    int64_t year;
    int sunday = (t->weekday + 1) % 7; // days since Sunday
    int week = rt__iso_week(t, &year);
    int day = rt__day_of_year(t);
    switch (conversion) {
    case 'C': put_number(out, d, t->year / 100, 1, '0'); break;
    case 'd': put_number(out, d, t->day, 2, '0'); break;
    case 'e': put_number(out, d, t->day, 2, '_'); break;
    case 'g': put_number(out, d, mod_100(year), 2, '0'); break;
    case 'G': put_number(out, d, year, 1, '0'); break;
    case 'H': put_number(out, d, t->hour, 2, '0'); break;
    case 'I': put_number(out, d, hour_of_half(t->hour), 2, '0'); break;
    case 'j': put_number(out, d, day + 1, 3, '0'); break;
    case 'k': put_number(out, d, t->hour, 2, '_'); break;
    case 'l': put_number(out, d, hour_of_half(t->hour), 2, '_'); break;
    case 'm': put_number(out, d, t->month, 2, '0'); break;
    case 'M': put_number(out, d, t->minute, 2, '0'); break;
    case 's': put_number(out, d, epoch_seconds(t), 1, '_'); break;
    case 'S': put_number(out, d, t->second, 2, '0'); break;
    case 'u': put_number(out, d, t->weekday + 1, 1, '0'); break;
    case 'U': put_number(out, d, (day + 7 - sunday) / 7, 2, '0'); break;
    case 'V': put_number(out, d, week, 2, '0'); break;
    case 'w': put_number(out, d, sunday, 1, '0'); break;
    case 'W': put_number(out, d, (day + 7 - t->weekday) / 7, 2, '0'); break;
    case 'y': put_number(out, d, mod_100(t->year), 2, '0'); break;
    case 'Y': put_number(out, d, t->year, 1, '0'); break;
    default: return false;
    }
    return true;
}

// ---- the format ----------------------------------------------------------------------------

static void read_flags(rt_str *rest, directive *d)
{
    for (; rest->len; (void)rt_str_take(rest, 1)) {
        switch (rest->data[0]) {
        case '-':
        case '_':
        case '0': d->pad = rest->data[0]; break;
        case '^': d->upper = true; break;
        case '#': d->swap = true; break;
        default: return;
        }
    }
}

// More than any text may have is as good as endless.
static void read_width(rt_str *rest, directive *d)
{
    for (; rest->len && rt_is_digit(rest->data[0]); (void)rt_str_take(rest, 1))
        if (d->width < SIZE_MAX / 100)
            d->width = d->width * 10 + (size_t)(rest->data[0] - '0');
}

// Read E or O, which ask for the digits and calendars of a locale and change
// nothing in C; false where none may stand.
static bool read_modifier(rt_str *rest)
{
    const char *with = "cCxXyY";
    if (!rt_str_skip(rest, RT_STR("E"))) {
        if (!rt_str_skip(rest, RT_STR("O")))
            return true;
        with = "BbhdeHImMSuUVwWy";
    }
    return rest->len && strchr(with, rest->data[0]);
}

// Write the directive behind a "%" and step over it.
static void put_directive(rt_buf *out, const rt__moment *moment, rt_str *rest)
{
    rt_str whole = {rest->data - 1, 0};
    directive d = {0};

    if (rt_str_skip(rest, RT_STR("f"))) { // Python's own: no flags
        put_number(out, &d, moment->civil.microsecond, 6, '0');
        return;
    }
    read_flags(rest, &d);
    read_width(rest, &d);
    bool allowed = read_modifier(rest);
    if (rest->len) {
        char conversion = rest->data[0];
        if (allowed && (put_name(out, &d, moment, conversion) ||
                        put_field(out, &d, &moment->civil, conversion))) {
            (void)rt_str_take(rest, 1);
            return;
        }
        if (!(conversion & 0x80))
            (void)rt_str_take(rest, 1);
    }
    size_t start = out->len;
    whole.len = (size_t)(rest->data - whole.data);
    rt_buf_put(out, whole);
    put_padding(out, start, &d);
}

void rt__put_strftime(rt_buf *out, const rt__moment *moment, rt_str format)
{
    while (format.len && !out->status) {
        size_t percent = rt_str_find_char(format, '%');
        if (percent == RT_STR_NONE)
            percent = format.len;
        rt_buf_put(out, rt_str_take(&format, percent));
        if (rt_str_skip(&format, RT_STR("%")))
            put_directive(out, moment, &format);
    }
}
