// Database URLs: one that is shown has no password and is otherwise the same.
//
// covers: ext/db/src/url.c
#include <assert.h>
#include <string.h>

#include "driver.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static rt_arena arena;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    rt_str text = rt_str_of(data, size);
    const char *given = rt_str_cstr(&arena, rt_str_cut(&text, '\0'));
    const char *why = NULL;
    rt__db_url url, shown;
    if (rt__db_url_parse(&arena, given, &url, &why)) {
        assert(why && *why);
        rt_arena_reset(&arena);
        return 0;
    }
    assert(url.port >= 0 && url.port <= 65535);
    rt_status status = rt__db_url_parse(&arena, url.masked, &shown, &why);
    assert(status == RT_OK);
    assert(!shown.password[0] || strcmp(shown.password, "***") == 0);
    assert(strcmp(shown.user, url.user) == 0);
    assert(strcmp(shown.host, url.host) == 0);
    assert(strcmp(shown.database, url.database) == 0);
    assert(shown.engine == url.engine && shown.port == url.port);
    assert(shown.memory == url.memory && shown.n_options == url.n_options);
    assert(strcmp(shown.masked, url.masked) == 0);
    for (size_t i = 0; i < url.n_options; i++)
        assert(rt__db_url_option(&url, url.options[i].name, NULL));
    assert(rt_db_engine_is_built(url.engine));
    assert(rt_db_engine_name(url.engine)[0]);
    rt_arena_reset(&arena);
    return 0;
}
