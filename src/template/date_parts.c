#include "template/date_parts.h"

#include <retort/base/attributes.h>
#include <retort/base/hash.h>

// ---- text -----------------------------------------------------------------------

void rt__put_padded(rt_buf *out, int64_t number, int digits)
{
    int64_t power = 1;
    if (number < 0) {
        rt_buf_put_char(out, '-');
        number = -number;
    }
    for (int i = 1; i < digits; i++)
        power *= 10;
    for (; power > 1 && number < power; power /= 10)
        rt_buf_put_char(out, '0');
    rt_buf_put_int(out, number);
}

void rt__put_date(rt_buf *out, const rt_civil_time *t)
{
    rt__put_padded(out, t->year, 4);
    rt_buf_put_char(out, '-');
    rt__put_padded(out, t->month, 2);
    rt_buf_put_char(out, '-');
    rt__put_padded(out, t->day, 2);
}

void rt__put_time(rt_buf *out, const rt_civil_time *t, rt__time_spec spec)
{
    if (spec == RT__AUTO)
        spec = t->microsecond ? RT__MICROSECONDS : RT__SECONDS;
    rt__put_padded(out, t->hour, 2);
    if (spec >= RT__MINUTES) {
        rt_buf_put_char(out, ':');
        rt__put_padded(out, t->minute, 2);
    }
    if (spec >= RT__SECONDS) {
        rt_buf_put_char(out, ':');
        rt__put_padded(out, t->second, 2);
    }
    if (spec >= RT__MILLISECONDS) {
        rt_buf_put_char(out, '.');
        if (spec == RT__MILLISECONDS) {
            rt__put_padded(out, t->microsecond / 1000, 3);
        } else {
            rt__put_padded(out, t->microsecond, 6);
        }
    }
}

// ---- the parts of a date ------------------------------------------------------------

// An object's self is an rt_civil_time: of a date with midnight as time, of a
// time with Python's 1900-01-01 as date.

static rt_value int_field(const rt_civil_time *t, rt_str name, bool of_date)
{
    const struct {
        const char *name;
        int64_t value;
        bool of_date;
    } fields[] = {
        {"year", t->year, true},      {"month", t->month, true},
        {"day", t->day, true},        {"hour", t->hour, false},
        {"minute", t->minute, false}, {"second", t->second, false},
        {"fold", 0, false},           {"microsecond", t->microsecond, false},
    };

    for (size_t i = 0; i < RT_COUNT(fields); i++)
        if (fields[i].of_date == of_date &&
            rt_str_eq(name, rt_str_from(fields[i].name)))
            return rt_value_int(fields[i].value);
    return rt_value_undefined();
}

static rt_value date_attr(void *self, rt_arena *arena, rt_str name)
{
    (void)arena;
    return int_field(self, name, true);
}

static rt_value time_attr(void *self, rt_arena *arena, rt_str name)
{
    (void)arena;
    if (rt_str_eq(name, RT_STR("tzinfo")))
        return rt_value_none();
    return int_field(self, name, false);
}

static void date_text(void *self, rt_buf *out)
{
    rt__put_date(out, self);
}

static void time_text(void *self, rt_buf *out)
{
    rt__put_time(out, self, RT__AUTO);
}

static void date_repr(void *self, rt_repr *to)
{
    const rt_civil_time *t = self;
    rt_buf_printf(to->buf, "datetime.date(%lld, %d, %d)", (long long)t->year,
                  t->month, t->day);
}

static void time_repr(void *self, rt_repr *to)
{
    const rt_civil_time *t = self;
    rt_buf_printf(to->buf, "datetime.time(%d, %d", t->hour, t->minute);
    if (t->second || t->microsecond)
        rt_buf_printf(to->buf, ", %d", t->second);
    if (t->microsecond)
        rt_buf_printf(to->buf, ", %d", t->microsecond);
    rt_buf_put_char(to->buf, ')');
}

int64_t rt__moment_us(const rt_civil_time *t)
{
    int64_t us = 0;
    (void)rt_time_from_civil(*t, &us); // it came from a moment
    return us;
}

static const rt_vtable date_vtable;
static const rt_vtable time_vtable;

static bool same_part(const rt_civil_time *a, rt_value other,
                      const rt_vtable *vtable)
{
    if (other.kind != RT_OBJECT || other.as.object->vtable != vtable)
        return false;
    const rt_civil_time *b = other.as.object->self;
    return rt__moment_us(a) == rt__moment_us(b);
}

static bool date_equal(void *self, rt_value other)
{
    return same_part(self, other, &date_vtable);
}

static bool time_equal(void *self, rt_value other)
{
    return same_part(self, other, &time_vtable);
}

static uint64_t part_hash(void *self)
{
    return rt_hash_int((uint64_t)rt__moment_us(self));
}

static const rt_vtable date_vtable = {
    .name = "date",
    .attr = date_attr,
    .text = date_text,
    .repr = date_repr,
    .equal = date_equal,
    .hash = part_hash,
};

static const rt_vtable time_vtable = {
    .name = "time",
    .attr = time_attr,
    .text = time_text,
    .repr = time_repr,
    .equal = time_equal,
    .hash = part_hash,
};

rt_value rt__date_part_new(rt_arena *arena, rt_civil_time civil, bool is_time)
{
    rt_civil_time *p = rt_arena_copy(arena, &civil, sizeof civil);
    if (is_time) {
        p->year = 1900;
        p->month = 1;
        p->day = 1;
        p->weekday = 0;
    } else {
        p->hour = 0;
        p->minute = 0;
        p->second = 0;
        p->microsecond = 0;
    }
    return rt_object_new(arena, is_time ? &time_vtable : &date_vtable, p);
}

rt__moment rt__moment_in(rt_value v)
{
    if (v.kind == RT_DATE)
        return (rt__moment){rt_time_civil(v.as.date_us), true};
    return (rt__moment){*(const rt_civil_time *)v.as.object->self, false};
}

bool rt__is_date_part(rt_value v, bool *is_time)
{
    if (v.kind != RT_OBJECT)
        return false;
    *is_time = v.as.object->vtable == &time_vtable;
    return *is_time || v.as.object->vtable == &date_vtable;
}
