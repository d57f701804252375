// IRIs: a URI is ASCII, an IRI is text, and both stay what they are when they are
// converted again.
//
// covers: src/http/iri.c
// covers: src/http/idna.c
// covers: src/http/punycode.c
#include <assert.h>

#include <retort/base/utf8.h>
#include <retort/http/idna.h>
#include <retort/http/iri.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static rt_arena arena;

static void check_ascii(rt_str s)
{
    for (size_t i = 0; i < s.len; i++)
        assert(!(s.data[i] & 0x80));
}

static void check_host(rt_str name)
{
    rt_str ascii, again;

    rt_str decoded = rt_idna_decode(&arena, name);
    assert(rt_utf8_valid(decoded));
    if (rt_idna_encode(&arena, name, &ascii) != RT_OK)
        return;
    check_ascii(ascii);
    rt_status st = rt_idna_encode(&arena, ascii, &again);
    assert(st == RT_OK && rt_str_eq(again, ascii));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    rt_str text = rt_utf8_repair(&arena, rt_str_of(data, size));
    rt_str out;

    if (size > 4096)
        return 0;
    check_host(text);
    if (rt_iri_to_uri(&arena, text, &out) == RT_OK)
        check_ascii(out);
    if (rt_uri_to_iri(&arena, text, &out) == RT_OK)
        assert(rt_utf8_valid(out));
    rt_arena_reset(&arena);
    return 0;
}
