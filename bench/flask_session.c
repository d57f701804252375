// Cost of a session: microseconds of processor time for opening and for signing
// the cookie, by its parts, and for a whole request through the application that
// reads it, or changes it, beside one that leaves it alone.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <retort.h>
#include <retort/base/time.h>
#include <retort/http/request.h>
#include <retort/http/tagged_json.h>

#define ROUNDS 9
#define TIMES  20000

// What sessions hold: a user; with a token and messages; as much as fits.
static const struct content {
    const char *name;
    const char *json;
} contents[] = {
    {"a user", "{\"_permanent\":true,\"user_id\":4711}"},
    {"user, token, flash",
     "{\"_flashes\":[{\" t\":[\"message\",\"Your post was saved.\"]}],"
     "\"csrf_token\":\"6c1a8e0d3f5b7924e8d6c0a1b2f3948576a0c1d2\","
     "\"lang\":\"de\",\"user_id\":4711}"},
    {"a basket of 30",
     "{\"basket\":[{\"n\":1,\"sku\":\"A-1001\"},{\"n\":2,\"sku\":\"B-2002\"},"
     "{\"n\":1,\"sku\":\"A-1003\"},{\"n\":2,\"sku\":\"B-2004\"},"
     "{\"n\":1,\"sku\":\"A-1005\"},{\"n\":2,\"sku\":\"B-2006\"},"
     "{\"n\":1,\"sku\":\"A-1007\"},{\"n\":2,\"sku\":\"B-2008\"},"
     "{\"n\":1,\"sku\":\"A-1009\"},{\"n\":2,\"sku\":\"B-2010\"},"
     "{\"n\":1,\"sku\":\"A-1011\"},{\"n\":2,\"sku\":\"B-2012\"},"
     "{\"n\":1,\"sku\":\"A-1013\"},{\"n\":2,\"sku\":\"B-2014\"},"
     "{\"n\":1,\"sku\":\"A-1015\"},{\"n\":2,\"sku\":\"B-2016\"},"
     "{\"n\":1,\"sku\":\"A-1017\"},{\"n\":2,\"sku\":\"B-2018\"},"
     "{\"n\":1,\"sku\":\"A-1019\"},{\"n\":2,\"sku\":\"B-2020\"},"
     "{\"n\":1,\"sku\":\"A-1021\"},{\"n\":2,\"sku\":\"B-2022\"},"
     "{\"n\":1,\"sku\":\"A-1023\"},{\"n\":2,\"sku\":\"B-2024\"},"
     "{\"n\":1,\"sku\":\"A-1025\"},{\"n\":2,\"sku\":\"B-2026\"},"
     "{\"n\":1,\"sku\":\"A-1027\"},{\"n\":2,\"sku\":\"B-2028\"},"
     "{\"n\":1,\"sku\":\"A-1029\"},{\"n\":2,\"sku\":\"B-2030\"}]}"},
};

static double now_us(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
    return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

static int compare(const void *a, const void *b)
{
    const double *x = a;
    const double *y = b;
    return (*x > *y) - (*x < *y);
}

static void must(rt_status st, const char *what)
{
    if (!st)
        return;
    fprintf(stderr, "%s: %s\n", what, rt_status_text(st));
    exit(1);
}

// What is measured, and what it works on.
typedef struct work {
    rt_arena arena; // of one request
    rt_signer *signer;
    rt_value value;
    rt_str cookie;
    rt_gateway gateway;
    const char *path;
} work;

static double measure(work *w, void (*fn)(work *w))
{
    double rounds[ROUNDS];
    for (size_t round = 0; round < ROUNDS; round++) {
        double start = now_us();
        for (size_t i = 0; i < TIMES; i++) {
            fn(w);
            rt_arena_reset(&w->arena);
        }
        rounds[round] = (now_us() - start) / TIMES;
    }
    qsort(rounds, ROUNDS, sizeof rounds[0], compare);
    return rounds[ROUNDS / 2];
}

// ---- the cookie -------------------------------------------------------------

static void open_cookie(work *w)
{
    rt_age_limit limit = {rt_time_now(), 2678400};
    rt_signed payload;
    rt_value value;
    rt_str text;
    must(rt_signer_unsign_at(w->signer, &w->arena, w->cookie, limit, &payload),
         "unsign");
    must(rt_token_unpack(&w->arena, payload.value, &text), "unpack");
    must(rt_tagged_json_parse(&w->arena, text, NULL, &value, NULL), "parse");
}

static void sign_cookie(work *w)
{
    static const rt_json_style style = {.compact = true, .sort_keys = true};
    rt_str text;
    must(rt_tagged_json_dump(&w->arena, w->value, &style, &text, NULL), "dump");
    w->cookie =
        rt_signer_sign_at(w->signer, &w->arena, rt_token_pack(&w->arena, text),
                          rt_time_now());
}

// ---- requests ---------------------------------------------------------------

static rt_response *untouched(rt_request *req)
{
    return rt_text(req, "Hello!");
}

static rt_response *reading(rt_request *req)
{
    return rt_text(req, "{}", rt_session_get(req, "user_id"));
}

static rt_response *writing(rt_request *req)
{
    rt_session_set(req, "last", rt_time_now());
    return rt_text(req, "Hello!");
}

static void request(work *w)
{
    rt_request req = {.arena = &w->arena,
                      .method = RT_METHOD_GET,
                      .method_text = RT_STR("GET"),
                      .script_root = RT_STR(""),
                      .scheme = RT_STR("http"),
                      .host = RT_STR("localhost"),
                      .version = 11,
                      .peer_address = RT_STR("127.0.0.1")};
    rt_request_set_target(&req, rt_str_from(w->path));
    rt_headers_push(&req.headers, &w->arena, RT_STR("Cookie"), w->cookie);
    if (rt_gateway_call(&w->gateway, &req)->status != 200)
        must(RT_E_IO, w->path);
}

static double measure_request(work *w, const char *path)
{
    w->path = path;
    return measure(w, request);
}

static void run(const struct content *content, rt_gateway gateway)
{
    rt_arena arena = {0};
    rt_str key = RT_STR("key");
    work w = {.gateway = gateway};
    w.signer =
        rt_signer_new(&arena, &key, 1,
                      &(rt_signer_options){.salt = "cookie-session",
                                           .derivation = RT_DERIVE_HMAC});
    must(rt_tagged_json_parse(&arena, rt_str_from(content->json), NULL,
                              &w.value, NULL),
         content->name);
    double sign = measure(&w, sign_cookie);
    sign_cookie(&w);
    w.cookie = rt_str_copy(&arena, w.cookie);
    double open = measure(&w, open_cookie);
    printf("%-20s %6zu %8.2f %8.2f %8.2f", content->name, w.cookie.len, open,
           sign, open + sign);

    w.cookie = rt_str_concat(&arena, RT_STR("session="), w.cookie);
    double untouched = measure_request(&w, "/untouched");
    printf(" %11.2f %9.2f %9.2f\n", untouched, measure_request(&w, "/reading"),
           measure_request(&w, "/writing"));
    rt_arena_deinit(&w.arena);
    rt_arena_deinit(&arena);
}

int main(void)
{
    rt_app *app = rt_app_new("bench");
    rt_configure(app, "SECRET_KEY", "key", "SESSION_REFRESH_EACH_REQUEST",
                 false);
    rt_get(app, "/untouched", untouched);
    rt_get(app, "/reading", reading);
    rt_get(app, "/writing", writing);
    rt_gateway gateway = rt_app_gateway(app);
    printf("%-20s %6s %8s %8s %8s %11s %9s %9s\n", "microseconds", "bytes",
           "open", "sign", "both", "no session", "reading", "writing");
    for (size_t i = 0; i < RT_COUNT(contents); i++)
        run(&contents[i], gateway);
    rt_app_free(app);
    return 0;
}
