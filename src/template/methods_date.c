// Methods of dates, and of the two parts of one: its date and its time of day.
//
// A value of kind RT_DATE is what Python calls an aware datetime in UTC. Its
// date() and time() are objects (date_parts.c).
#include <retort/base/attributes.h>
#include <retort/base/time.h>

#include "template/date_parts.h"
#include "template/methods.h"

// ---- methods ------------------------------------------------------------------------------

static rt_status any_strftime(RT__METHOD_ARGS)
{
    rt_buf buf;
    if (!rt_value_is_text(a[1]))
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "strftime() argument 1 must be str, not {}",
                         rt__method_type(a[1]));
    rt__moment moment = rt__moment_in(a[0]);
    rt_status st = rt__check_text(r, a[1].len);
    rt__buf_init(r, &buf);
    if (!st)
        rt__put_strftime(&buf, &moment, rt_value_as_str(a[1]));
    *out = rt_value_str(rt_buf_str(&buf));
    return st ? st : rt__buf_status(r, &buf);
}

// The argument `timespec`, which is the number-th one.
static rt_status read_spec(rt_render *r, rt_value v, int number,
                           rt__time_spec *out)
{
    static const char *const names[] = {
        [RT__AUTO] = "auto",
        [RT__HOURS] = "hours",
        [RT__MINUTES] = "minutes",
        [RT__SECONDS] = "seconds",
        [RT__MILLISECONDS] = "milliseconds",
        [RT__MICROSECONDS] = "microseconds",
    };
    *out = RT__AUTO;
    if (rt__is_absent(v))
        return RT_OK;
    if (!rt_value_is_text(v))
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "isoformat() argument {} must be str, not {}", number,
                         rt__method_type(v));
    for (size_t i = 0; i < RT_COUNT(names); i++) {
        if (rt_str_eq(rt_value_as_str(v), rt_str_from(names[i]))) {
            *out = (rt__time_spec)i;
            return RT_OK;
        }
    }
    return rt__raise(r, RT_TEMPLATE_VALUE_ERROR, "Unknown timespec value");
}

static rt_status datetime_isoformat(RT__METHOD_ARGS)
{
    rt_str separator = RT_STR("T");
    rt__time_spec spec;
    rt_buf buf;
    if (!rt__is_absent(a[1])) {
        separator = rt_value_as_str(a[1]);
        if (!rt_value_is_text(a[1]) || rt__text_len(separator) != 1)
            return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                             "isoformat() argument 1 must be a unicode "
                             "character, not {}",
                             rt__type_name(a[1]));
    }
    rt_status st = read_spec(r, a[2], 2, &spec);
    if (st)
        return st;
    rt_civil_time t = rt_time_civil(a[0].as.date_us);
    rt__buf_init(r, &buf);
    rt__put_date(&buf, &t);
    rt_buf_put(&buf, separator);
    rt__put_time(&buf, &t, spec);
    rt_buf_put_cstr(&buf, "+00:00");
    *out = rt_value_str(rt_buf_str(&buf));
    return rt__buf_status(r, &buf);
}

static rt_status date_isoformat(RT__METHOD_ARGS)
{
    *out = rt_value_str(rt_value_text(r->arena, a[0]));
    return RT_OK;
}

static rt_status time_isoformat(RT__METHOD_ARGS)
{
    rt__time_spec spec;
    rt_buf buf;
    rt_civil_time t = rt__moment_in(a[0]).civil;
    rt_status st = read_spec(r, a[1], 1, &spec);
    if (st)
        return st;
    rt__buf_init(r, &buf);
    rt__put_time(&buf, &t, spec);
    *out = rt_value_str(rt_buf_str(&buf));
    return rt__buf_status(r, &buf);
}

static rt_status any_weekday(RT__METHOD_ARGS)
{
    *out = rt_value_int(rt__moment_in(a[0]).civil.weekday);
    return RT_OK;
}

static rt_status any_isoweekday(RT__METHOD_ARGS)
{
    *out = rt_value_int(rt__moment_in(a[0]).civil.weekday + 1);
    return RT_OK;
}

static rt_status any_isocalendar(RT__METHOD_ARGS)
{
    rt_civil_time t = rt__moment_in(a[0]).civil;
    int64_t year;
    int week = rt__iso_week(&t, &year);
    rt_value parts[] = {rt_value_int(year), rt_value_int(week),
                        rt_value_int(t.weekday + 1)};
    *out = rt_tuple_of(r->arena, parts, 3);
    return RT_OK;
}

// Days since the day before 0001-01-01.
static rt_status any_toordinal(RT__METHOD_ARGS)
{
    rt_civil_time t = rt__moment_in(a[0]).civil;
    t.hour = t.minute = t.second = t.microsecond = 0;
    *out = rt_value_int(rt__moment_us(&t) / RT_TIME_DAY -
                        RT_TIME_MIN / RT_TIME_DAY + 1);
    return RT_OK;
}

static rt_status any_ctime(RT__METHOD_ARGS)
{
    rt_buf buf;
    rt__moment moment = rt__moment_in(a[0]);
    rt__buf_init(r, &buf);
    rt__put_strftime(&buf, &moment, RT_STR("%a %b %e %H:%M:%S "));
    rt__put_padded(&buf, moment.civil.year, 4);
    *out = rt_value_str(rt_buf_str(&buf));
    return rt__buf_status(r, &buf);
}

static rt_status datetime_date(RT__METHOD_ARGS)
{
    *out = rt__date_part_new(r->arena, rt_time_civil(a[0].as.date_us), false);
    return RT_OK;
}

static rt_status datetime_time(RT__METHOD_ARGS)
{
    *out = rt__date_part_new(r->arena, rt_time_civil(a[0].as.date_us), true);
    return RT_OK;
}

static rt_status datetime_timestamp(RT__METHOD_ARGS)
{
    *out = rt_value_float((double)a[0].as.date_us / 1e6);
    return RT_OK;
}

static rt_status datetime_tzname(RT__METHOD_ARGS)
{
    *out = rt_value_cstr("UTC");
    return RT_OK;
}

// ---- replace -----------------------------------------------------------------------------------

static int days_in_month(const rt_civil_time *t)
{
    static const int days[] = {31, 0, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    rt_civil_time leap_day = {.year = t->year, .month = 2, .day = 29};
    int64_t us;
    if (t->month != 2)
        return days[t->month - 1];
    return rt_time_from_civil(leap_day, &us) ? 28 : 29;
}

// Read an argument into `*field`, which keeps its value without one.
static rt_status read_field(rt_render *r, rt_value v, int64_t least,
                            int64_t most, const char *wrong, int64_t *field)
{
    rt_status st = rt__method_count(r, v, *field, field);
    if (!st && (*field < least || *field > most))
        return rt__raise_text(r, RT_TEMPLATE_VALUE_ERROR, rt_str_from(wrong));
    return st;
}

// Replace the fields of a date by a[0..2].
static rt_status replace_date(rt_render *r, const rt_value *a, rt_civil_time *t)
{
    int64_t year = t->year;
    int64_t month = t->month;
    int64_t day = t->day;
    rt_status st = rt__method_count(r, a[0], year, &year);
    if (!st && (year < 1 || year > 9999))
        return rt__raise(r, RT_TEMPLATE_VALUE_ERROR, "year {} is out of range",
                         year);
    if (!st)
        st = read_field(r, a[1], 1, 12, "month must be in 1..12", &month);
    if (st)
        return st;
    t->year = year;
    t->month = (int)month;
    st = read_field(r, a[2], 1, days_in_month(t),
                    "day is out of range for month", &day);
    t->day = (int)day;
    return st;
}

// Replace the fields of a time by a[0..3].
static rt_status replace_time(rt_render *r, const rt_value *a, rt_civil_time *t)
{
    int64_t hour = t->hour;
    int64_t minute = t->minute;
    int64_t second = t->second;
    int64_t micro = t->microsecond;
    rt_status st = read_field(r, a[0], 0, 23, "hour must be in 0..23", &hour);
    if (!st)
        st = read_field(r, a[1], 0, 59, "minute must be in 0..59", &minute);
    if (!st)
        st = read_field(r, a[2], 0, 59, "second must be in 0..59", &second);
    if (!st)
        st = read_field(r, a[3], 0, 999999, "microsecond must be in 0..999999",
                        &micro);
    t->hour = (int)hour;
    t->minute = (int)minute;
    t->second = (int)second;
    t->microsecond = (int)micro;
    return st;
}

static rt_status datetime_replace(RT__METHOD_ARGS)
{
    rt_civil_time t = rt_time_civil(a[0].as.date_us);
    rt_status st = replace_date(r, a + 1, &t);
    if (!st)
        st = replace_time(r, a + 4, &t);
    *out = rt_value_date(rt__moment_us(&t));
    return st;
}

static rt_status date_replace(RT__METHOD_ARGS)
{
    rt_civil_time t = rt__moment_in(a[0]).civil;
    rt_status st = replace_date(r, a + 1, &t);
    if (st)
        return st;
    *out = rt__date_part_new(r->arena, rt_time_civil(rt__moment_us(&t)),
                             false); // with weekday
    return RT_OK;
}

static rt_status time_replace(RT__METHOD_ARGS)
{
    rt_civil_time t = rt__moment_in(a[0]).civil;
    rt_status st = replace_time(r, a + 1, &t);
    if (!st)
        *out = rt__date_part_new(r->arena, t, true);
    return st;
}

// ---- the tables --------------------------------------------------------------------------------

#define ROW         RT__METHOD_ROW
#define POSITION    RT__POSITIONAL
#define DATE_FIELDS " year month day"
#define TIME_FIELDS " hour minute second microsecond"

static const rt__method datetime_rows[] = {
    ROW("date", datetime_date, "self", 1, POSITION),
    ROW("time", datetime_time, "self", 1, POSITION),
    ROW("ctime", any_ctime, "self", 1, POSITION),
    ROW("tzname", datetime_tzname, "self", 1, POSITION),
    ROW("replace", datetime_replace, "self" DATE_FIELDS TIME_FIELDS, 1, 0),
    ROW("weekday", any_weekday, "self", 1, POSITION),
    ROW("strftime", any_strftime, "self format", 2, 0),
    ROW("isoformat", datetime_isoformat, "self sep timespec", 1, 0),
    ROW("timestamp", datetime_timestamp, "self", 1, POSITION),
    ROW("toordinal", any_toordinal, "self", 1, POSITION),
    ROW("isoweekday", any_isoweekday, "self", 1, POSITION),
    ROW("isocalendar", any_isocalendar, "self", 1, POSITION),
};

static const rt__method date_rows[] = {
    ROW("ctime", any_ctime, "self", 1, POSITION),
    ROW("replace", date_replace, "self" DATE_FIELDS, 1, 0),
    ROW("weekday", any_weekday, "self", 1, POSITION),
    ROW("strftime", any_strftime, "self format", 2, 0),
    ROW("isoformat", date_isoformat, "self", 1, POSITION),
    ROW("toordinal", any_toordinal, "self", 1, POSITION),
    ROW("isoweekday", any_isoweekday, "self", 1, POSITION),
    ROW("isocalendar", any_isocalendar, "self", 1, POSITION),
};

static const rt__method time_rows[] = {
    ROW("replace", time_replace, "self" TIME_FIELDS, 1, 0),
    ROW("strftime", any_strftime, "self format", 2, 0),
    ROW("isoformat", time_isoformat, "self timespec", 1, 0),
};

static const rt__methods date_methods = {date_rows, RT_COUNT(date_rows)};
static const rt__methods time_methods = {time_rows, RT_COUNT(time_rows)};
const rt__methods rt__datetime_methods = {datetime_rows,
                                          RT_COUNT(datetime_rows)};

const rt__methods *rt__date_part_methods(rt_value v)
{
    bool is_time;
    if (!rt__is_date_part(v, &is_time))
        return NULL;
    return is_time ? &time_methods : &date_methods;
}
