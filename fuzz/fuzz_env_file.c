// .env files: names are names, values are text, and errors point into the file.
//
// covers: src/app/env_file.c
#include <assert.h>

#include <retort/app/env_file.h>
#include <retort/base/utf8.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static rt_arena arena;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    rt_params variables = {0};
    rt_error err = {0};
    rt_str text = rt_str_of(data, size);
    rt_status status = rt_env_file_parse(&arena, text, &variables, &err);
    assert(status == err.status);
    if (status) {
        assert(err.line >= 1 && err.column >= 1 && err.message.len);
        assert(rt_error_text(&arena, &err).len);
    }
    for (size_t i = 0; i < variables.len; i++) {
        rt_param v = variables.items[i];
        assert(v.name.len && v.name.data[v.name.len] == '\0');
        assert(rt_utf8_valid(v.value));
        assert(v.value.data && v.value.data[v.value.len] == '\0');
    }
    rt_arena_deinit(&arena);
    return 0;
}
