#include <retort/base/buf.h>
#include <retort/test.h>

#include "retort/http/auth.h"

static rt_arena arena;

// "scheme token <name=value>..." or "basic user password".
static rt_str describe(const rt_auth *auth)
{
    rt_buf buf;

    rt_buf_init(&buf, &arena);
    rt_buf_put(&buf, auth->scheme);
    if (auth->username.data) {
        rt_buf_put_char(&buf, ' ');
        rt_buf_put(&buf, auth->username);
        rt_buf_put_char(&buf, '/');
        rt_buf_put(&buf, auth->password);
    }
    if (auth->token.data) {
        rt_buf_put_char(&buf, ' ');
        rt_buf_put(&buf, auth->token);
    }
    for (size_t i = 0; i < auth->params.len; i++) {
        rt_buf_put_cstr(&buf, " <");
        rt_buf_put(&buf, auth->params.items[i].name);
        if (auth->params.items[i].value.data) {
            rt_buf_put_char(&buf, '=');
            rt_buf_put(&buf, auth->params.items[i].value);
        }
        rt_buf_put_char(&buf, '>');
    }
    return rt_buf_str(&buf);
}

RT_TEST(credentials_are_read_and_written)
{
    static const struct {
        const char *header;
        const char *read;
        const char *dumped;
    } rows[] = {
        {"Basic dXNlcjpwYXNz", "basic user/pass", "Basic dXNlcjpwYXNz"},
        {"BASIC  dXNlcjpwYXNz ", "basic user/pass", "Basic dXNlcjpwYXNz"},
        {"basic dXNlcg==", "basic user/", "Basic dXNlcjo="},
        {"Basic dTpwOnE=", "basic u/p:q", "Basic dTpwOnE="},
        {"Basic w6k6w7w=", "basic \xc3\xa9/\xc3\xbc", "Basic w6k6w7w="},
        {"Basic Og==", "basic /", "Basic Og=="},
        {"Basic", "basic /", "Basic Og=="},
        {"Bearer abc.def==", "bearer abc.def==", "Bearer abc.def=="},
        {"bearer", "bearer ", "Bearer "},
        {"Token a b", "token a b", "Token a b"},
        {"Digest username=\"a\", realm=\"b c\", nc=00000001",
         "digest <username=a> <realm=b c> <nc=00000001>",
         "Digest username=a, realm=\"b c\", nc=00000001"},
        {"AWS4-HMAC-SHA256 Credential=a/b, x",
         "aws4-hmac-sha256 <Credential=a/b> <x>",
         "Aws4-Hmac-Sha256 Credential=\"a/b\", x"},
        {"x a*=UTF-8''%41", "x <a=A>", "X a=A"},
        {"x =\"a", "x", "X "},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].header);
        rt_auth auth = {0};
        rt_str dumped = {0};
        REQUIRE(rt_auth_parse(&arena, rt_guarded(rows[i].header), &auth) ==
                RT_OK);
        CHECK_EQ(describe(&auth), rt_str_from(rows[i].read));
        CHECK_EQ(rt_auth_dump(&arena, &auth, &dumped), RT_OK);
        CHECK_EQ(dumped, rt_str_from(rows[i].dumped));
    }
    rt_arena_deinit(&arena);
}

RT_TEST(credentials_that_cannot_be_decoded_are_none)
{
    static const struct {
        const char *header;
        rt_status st;
    } rows[] = {
        {"", RT_E_SYNTAX},         {"Basic dXNlcg", RT_E_SYNTAX},
        {"Basic a", RT_E_SYNTAX},  {"Basic \xc3\xa9", RT_E_SYNTAX},
        {"Basic /w==", RT_E_UTF8},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].header);
        rt_auth auth = {.scheme = RT_STR("untouched")};
        CHECK_EQ(rt_auth_parse(&arena, rt_guarded(rows[i].header), &auth),
                 rows[i].st);
        CHECK_EQ(auth.scheme, RT_STR("untouched"));
    }
    rt_arena_deinit(&arena);
}

RT_TEST(a_challenge_is_read_and_written)
{
    static const struct {
        const char *header, *dumped;
    } rows[] = {
        {"Basic realm=\"parity test\"", "Basic realm=\"parity test\""},
        {"basic realm=x", "Basic realm=\"x\""},
        {"Bearer realm=x, scope=read", "Bearer realm=\"x\", scope=read"},
        {"digest realm=r, nonce=n, qop=auth, algorithm=MD5",
         "Digest realm=\"r\", nonce=\"n\", qop=\"auth\", algorithm=MD5"},
        {"Bearer", "Bearer "},
        {"Negotiate YII=", "Negotiate YII="},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].header);
        rt_auth challenge = {0};
        rt_str dumped = {0};
        REQUIRE(rt_challenge_parse(&arena, rt_guarded(rows[i].header),
                                   &challenge) == RT_OK);
        CHECK_EQ(rt_challenge_dump(&arena, &challenge, &dumped), RT_OK);
        CHECK_EQ(dumped, rt_str_from(rows[i].dumped));
    }

    rt_auth bare = {.scheme = RT_STR("negotiate")};
    rt_auth bad = {.scheme = RT_STR("x"), .token = RT_STR("a\nb")};
    rt_str dumped = {0};
    CHECK_EQ(rt_challenge_parse(&arena, (rt_str){0}, &bad), RT_E_SYNTAX);
    CHECK_EQ(rt_challenge_dump(&arena, &bad, &dumped), RT_E_SYNTAX);
    CHECK_EQ(rt_auth_dump(&arena, &bad, &dumped), RT_E_SYNTAX);
    CHECK(dumped.data == NULL);
    CHECK_EQ(rt_challenge_dump(&arena, &bare, &dumped), RT_OK);
    CHECK_EQ(dumped, RT_STR("Negotiate"));
    rt_arena_deinit(&arena);
}
