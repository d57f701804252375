// What is read can be written, and reads back as the same value, in every
// style; what is refused is refused with a place inside the text.
//
// covers: src/base/json_parse.c
#include <stdint.h>
#include <stdlib.h>

#include <retort/base/json.h>
#include <retort/base/utf8.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition) ((condition) ? (void)0 : abort())

static const rt_json_style styles[] = {
    {0},
    {.compact = true, .sort_keys = true},
    {.indent = 2, .unicode = true},
    {.html_safe = true, .indent = 1, .compact = true, .sort_keys = true},
};

static void check_error(rt_arena *arena, rt_str text, rt_status status,
                        const rt_error *err)
{
    size_t lines = 1;

    for (size_t i = 0; i < text.len; i++)
        lines += text.data[i] == '\n';
    MUST(err->status == status);
    MUST(err->line >= 1 && err->line <= lines);
    MUST(err->column >= 1 && err->column <= text.len + 1);
    MUST(err->message.len > 0 && rt_utf8_valid(err->message));
    MUST(rt_utf8_valid(err->excerpt));
    MUST(rt_error_text(arena, err).len > err->message.len);
}

static void check_style(rt_arena *arena, rt_value v, const rt_json_style *style)
{
    rt_value again;
    rt_str first;
    rt_str second;

    MUST(rt_json_dump(arena, v, style, &first, NULL) == RT_OK);
    for (size_t i = 0; i < first.len; i++) {
        char c = first.data[i];
        MUST(style->unicode || (c < 0x7f && (c >= 0x20 || c == '\n')));
        MUST(!style->html_safe || (c != '<' && c != '>' && c != '&'));
    }
    // Indenting may make a text longer than a default allows.
    rt_json_limits limits = {.bytes = first.len + 1};
    MUST(rt_json_parse(arena, first, &limits, &again, NULL) == RT_OK);
    MUST(rt_value_equal(v, again));
    MUST(rt_json_dump(arena, again, style, &second, NULL) == RT_OK);
    MUST(rt_str_eq(first, second));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const rt_json_limits narrow = {.bytes = 64, .depth = 2, .values = 4};
    rt_str text = rt_str_of(data, size);
    rt_arena arena = {0};
    rt_error err = {0};
    rt_value v;

    rt_status st = rt_json_parse(&arena, text, &narrow, &v, &err);
    if (st != RT_OK)
        check_error(&arena, text, st, &err);
    st = rt_json_parse(&arena, text, NULL, &v, &err);
    if (st != RT_OK) {
        check_error(&arena, text, st, &err);
    } else {
        for (size_t i = 0; i < RT_COUNT(styles); i++)
            check_style(&arena, v, &styles[i]);
    }
    rt_arena_deinit(&arena);
    return 0;
}
