// URLs, hosts, request targets and percent coding: what is read must be written
// back as it was, and what is resolved must stay resolved.
//
// covers: src/http/url.c
// covers: src/http/host.c
// covers: src/http/target.c
// covers: src/http/percent.c
#include <assert.h>

#include <retort/base/utf8.h>
#include <retort/http/percent.h>
#include <retort/http/target.h>
#include <retort/http/url.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static rt_arena arena;

static void try_url(rt_str text)
{
    rt_url_parts url;
    if (rt_url_parse(text, &url) != RT_OK)
        return;

    rt_buf buf;
    rt_buf_init(&buf, &arena);
    rt_url_put(&buf, &url);
    assert(rt_str_eq(rt_buf_str(&buf), text));
}

static void try_join(rt_str base, rt_str reference)
{
    rt_str once;
    if (rt_url_join(&arena, base, reference, &once) != RT_OK)
        return;

    rt_str twice = {0};
    rt_status st = rt_url_join(&arena, base, once, &twice);
    assert(st == RT_OK);
    assert(rt_str_eq(once, twice));
}

static void try_target(rt_str text)
{
    static const rt_method methods[] = {RT_METHOD_GET, RT_METHOD_OPTIONS,
                                        RT_METHOD_CONNECT};

    for (size_t i = 0; i < RT_COUNT(methods); i++) {
        rt_target target;
        if (rt_target_parse(methods[i], text, &target) != RT_OK)
            continue;
        bool path = target.path.len > 0 && target.path.data[0] == '/';
        assert(path == (target.form == RT_TARGET_ORIGIN ||
                        target.form == RT_TARGET_ABSOLUTE));
        assert((target.host.name.len > 0) == (target.authority.len > 0));
    }
}

static void try_percent(rt_str text)
{
    for (int set = RT_PERCENT_COMPONENT; set <= RT_PERCENT_COOKIE_PATH; set++) {
        rt_str encoded = rt_percent_encode(&arena, text, (rt_percent_set)set);
        for (size_t i = 0; i < encoded.len; i++)
            assert(encoded.data[i] > ' ' && encoded.data[i] < 0x7f);
        if (set == RT_PERCENT_COMPONENT || set == RT_PERCENT_PATH)
            assert(rt_str_eq(rt_percent_decode(&arena, encoded), text));
    }
    assert(rt_utf8_valid(rt_percent_decode_path(&arena, text)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    rt_str text = rt_str_of(data, size);

    // A line break parts a base from a reference.
    rt_str reference = text;
    rt_str base = rt_str_cut(&reference, '\n');
    if (reference.data) {
        try_join(base, reference);
    } else {
        try_join(RT_STR("http://a/b/c/d;p?q"), text);
    }

    rt_host_port host;
    if (rt_host_parse(text, &host) == RT_OK)
        assert(host.name.len > 0 && host.port >= -1 && host.port <= 65535);
    try_url(text);
    try_target(text);
    try_percent(text);
    rt_arena_reset(&arena);
    return rt_scheme_port(text) == 0;
}
