// Session cookies: whatever a client sends is a session, empty if need be; what is
// read is signed and then read the same. As the input cannot guess a signature,
// it is read as a cookie and as the payload of one that is signed.
//
// covers: src/app/session_cookie.c
#include <assert.h>

#include <retort.h>
#include <retort/base/time.h>
#include <retort/http/tagged_json.h>

#include "app/app.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static rt_arena arena;

static const rt__session_settings *settings(void)
{
    static rt_app *app;
    if (!app) {
        app = rt_app_new("fuzz");
        rt_configure(app, "SECRET_KEY", "key", "SECRET_KEY_FALLBACKS",
                     rt_list_of(&arena, (const rt_value[]){RT("old")}, 1));
        rt_app_gateway(app);
    }
    return &app->session;
}

static rt_value read_cookie(rt_str cookie)
{
    rt_str origin = {NULL, 0};
    rt_value data = rt__session_unsign(settings(), &arena, cookie, &origin);
    assert(data.kind == RT_DICT);
    assert(origin.data || rt_dict_len(data) == 0);
    return data;
}

static void round_trip(rt_value data)
{
    rt_str text, again;
    if (rt_tagged_json_dump(&arena, data, &settings()->style, &text, NULL))
        return; // keys of several kinds, or too deep with its tags
    rt_value back = read_cookie(rt__session_sign(settings(), &arena, text));
    rt_status st =
        rt_tagged_json_dump(&arena, back, &settings()->style, &again, NULL);
    assert(!st);
    assert(rt_str_eq(text, again) || rt_dict_len(back) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    rt_str input = rt_str_of(data, size);

    read_cookie(input);
    round_trip(read_cookie(
        rt_signer_sign_at(settings()->signer, &arena, input, rt_time_now())));
    round_trip(read_cookie(rt__session_sign(settings(), &arena, input)));
    rt_arena_reset(&arena);
    return 0;
}
