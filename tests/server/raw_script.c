// Scripts: the bytes of a case, and where in them something is waited for.
#include "raw_parts.h"

#define PROBE                                   \
    RT_STR("GET /probe HTTP/1.1\r\nHost: x\r\n" \
           "Connection: close\r\n\r\n")

rt_arena *raw_memory(void)
{
    static rt_arena arena;
    static bool ready;
    if (!ready)
        rt_arena_init(&arena, 0);
    ready = true;
    return &arena;
}

static void add_stop(raw_script *s, raw_wait wait, rt_str text)
{
    REQUIRE(s->stops_len < RAW_STOPS);
    s->stops[s->stops_len++] = (raw_stop){s->bytes.len, wait, text};
}

static void repeat(raw_script *s, rt_str directive)
{
    size_t star = rt_str_rfind_char(directive, '*');
    REQUIRE(star != RT_STR_NONE);
    rt_str text = rt_str_slice(directive, 0, star);
    int64_t times = 0;
    REQUIRE(
        rt_str_parse_int(rt_str_slice(directive, star + 1, SIZE_MAX), &times));
    for (int64_t i = 0; i < times; i++)
        rt_buf_put(&s->bytes, text);
}

static void obey(raw_script *s, rt_str directive, bool *probe)
{
    rt_str text = directive;
    if (rt_str_eq(directive, RT_STR("pause"))) {
        add_stop(s, WAIT_PAUSE, RT_STR(""));
    } else if (rt_str_eq(directive, RT_STR("quiet"))) {
        add_stop(s, WAIT_QUIET, RT_STR(""));
    } else if (rt_str_skip(&text, RT_STR("answer "))) {
        add_stop(s, WAIT_ANSWER, text);
    } else if (rt_str_eq(directive, RT_STR("half"))) {
        s->half = true;
    } else if (rt_str_eq(directive, RT_STR("end"))) {
        *probe = false;
    } else {
        repeat(s, directive);
    }
}

raw_script *raw_compile(const raw_case *row)
{
    raw_script *s = rt_new(raw_memory(), raw_script, 1);
    rt_str rest = row->bytes;
    bool probe = true;
    size_t at;
    s->row = row;
    rt_buf_init(&s->bytes, raw_memory());
    while ((at = rt_str_find(rest, RT_STR("<<"))) != RT_STR_NONE) {
        rt_buf_put(&s->bytes, rt_str_take(&rest, at));
        rt_str_take(&rest, 2);
        size_t end = rt_str_find(rest, RT_STR(">>"));
        REQUIRE(end != RT_STR_NONE);
        obey(s, rt_str_take(&rest, end), &probe);
        rt_str_take(&rest, 2);
    }
    rt_buf_put(&s->bytes, rest);
    s->case_bytes = s->bytes.len;
    if (probe && !s->half)
        rt_buf_put(&s->bytes, PROBE);
    return s;
}

void raw_add(raw_batch *batch, const char *name, const char *before,
             rt_str middle, const char *after, const char *expect)
{
    rt_buf bytes;
    rt_buf_init(&bytes, raw_memory());
    rt_buf_put_cstr(&bytes, before);
    rt_buf_put(&bytes, middle);
    rt_buf_put_cstr(&bytes, after);
    // As often as the length is a power of two, there is twice the room.
    if ((batch->len & (batch->len - 1)) == 0) {
        size_t room = batch->len ? 2 * batch->len : 1;
        raw_case *grown = rt_new(raw_memory(), raw_case, room);
        if (batch->len)
            memcpy(grown, batch->cases, batch->len * sizeof *grown);
        batch->cases = grown;
    }
    batch->cases[batch->len++] =
        (raw_case){rt_str_cstr(raw_memory(), rt_str_from(name)),
                   rt_buf_str(&bytes),
                   rt_str_cstr(raw_memory(), rt_str_from(expect))};
}
