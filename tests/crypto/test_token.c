// Tokens, against what itsdangerous makes with the same key.
#include <retort/base/json.h>
#include <retort/base/time.h>
#include <retort/crypto/random.h>
#include <retort/crypto/token.h>
#include <retort/test.h>

#define NOW (1700000000 * RT_TIME_SECOND)

static rt_arena arena;

static rt_signer *new_signer(void)
{
    rt_str key = RT_STR("secret-key");
    return rt_signer_new(&arena, &key, 1,
                         &(rt_signer_options){.salt = "itsdangerous"});
}

typedef struct row {
    const char *json, *plain, *timed;
} row;

// Made by URLSafeSerializer and URLSafeTimedSerializer.
static const row rows[] = {
    {"{\"id\":7}", "eyJpZCI6N30.97dU1g0IQTrWMYJufVf0zf_gByc",
     "eyJpZCI6N30.ZVPxAA.C64oLxy9XjZLK8axU5caKONaTCM"},
    {"[]", "W10.RGTMXbfiRI6lk8ams5M5u4JeQ5w",
     "W10.ZVPxAA.AodKFude9d6sQTgjVZL6YCekXvs"},
    {"null", "bnVsbA.iCWabtc1I2B25RkvFgEQdW1n8UM",
     "bnVsbA.ZVPxAA.wY89iyV2NpR5KM9VSRJdn0UJw_k"},
    {"\"\\u00e9\\ud83d\\ude00\"", "IsOp8J-YgCI.PG7pLV0jrKiRJLSljzargjRuhqc",
     "IsOp8J-YgCI.ZVPxAA.R95L-59cWmsgiCH6DeCOfM4Yc78"},
    {"\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"",
     ".eJxTSiQSKAEAS8sPbQ.9A5tU1zCDVWVGS-Op8QSCLrehDU",
     ".eJxTSiQSKAEAS8sPbQ.ZVPxAA.FRmiwwDYG4b199fZBmA6Fe2vny4"},
    {"{\"text\":\"the same words, the same words, the same words and the same words again\"}",
     ".eJyrVipJrShRslIqyUhVKE7MTVUozy9KKdZRwM9XSMxLwRBKT8zMU6oFAKgiHQM.5Sr89xT_JI2pCAp8LXIdysy46Uw",
     ".eJyrVipJrShRslIqyUhVKE7MTVUozy9KKdZRwM9XSMxLwRBKT8zMU6oFAKgiHQM.ZVPxAA.i8MWV764vK2oZ4aP4KfZUDwdPSQ"},
    {"[1.5,-0.0,1e+16,true]",
     "WzEuNSwtMC4wLDFlKzE2LHRydWVd.DpwLC1iZW3KE3scas07DtAWWiSk",
     "WzEuNSwtMC4wLDFlKzE2LHRydWVd.ZVPxAA.hzJHn3j8-LHPqzHSGotd5SgczN8"},
};

static rt_value parse(rt_str json)
{
    rt_value value = rt_value_undefined();
    CHECK_EQ(rt_json_parse(&arena, json, NULL, &value, NULL), RT_OK);
    return value;
}

RT_TEST(tokens_are_those_of_itsdangerous)
{
    rt_signer *signer = new_signer();
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].json);
        rt_value value = parse(rt_str_from(rows[i].json)), back;
        rt_str token;
        CHECK_EQ(rt_token_dump(signer, &arena, value, 0, &token), RT_OK);
        CHECK_EQ(token, rows[i].plain);
        CHECK_EQ(rt_token_dump(signer, &arena, value, NOW, &token), RT_OK);
        CHECK_EQ(token, rows[i].timed);
        CHECK_EQ(rt_token_load(signer, &arena, rt_guarded(rows[i].plain),
                               (rt_age_limit){0}, &back),
                 RT_OK);
        CHECK(rt_value_equal(back, value));
        CHECK_EQ(rt_token_load(signer, &arena, rt_guarded(rows[i].timed),
                               (rt_age_limit){NOW + 5 * RT_TIME_SECOND, 5},
                               &back),
                 RT_OK);
        CHECK(rt_value_equal(back, value));
        CHECK_EQ(rt_token_load(signer, &arena, rt_str_from(rows[i].timed),
                               (rt_age_limit){NOW + 6 * RT_TIME_SECOND, 5},
                               &back),
                 RT_E_EXPIRED);
    }
    rt_arena_deinit(&arena);
}

// All of these are signed.
RT_TEST(payloads_that_are_none_are_refused)
{
    static const struct {
        const char *token;
        rt_status status;
    } bad[] = {
        {"!.b69emf2PT5TLobjoPVAYGH8tD04", RT_E_SYNTAX},
        {".AAAA.2l-kIuVw8D6JzuQOmUtcXx9Ojck", RT_E_SYNTAX},
        {".8Fzq8EFKJ70RDY6BmiMRO00-Naw", RT_E_SYNTAX},
        {"..shi-Iesrx9q7-89tLk_Sdr9VEI0", RT_E_SYNTAX},
        {"bm90IGpzb24.ySWZG24GB9QnSQzsHgs4u7YgDsc", RT_E_SYNTAX},
        {".eJyrVkpUsjKsBQ.rlVlXSYbBN1XYi5LV8XSrnQI-AI", RT_E_SYNTAX},
        {".eJwzBwAAOAA4anVuaw.LsgjhoKPTXfx7NF71QDJUv-Ryo0", RT_OK},
        {"bm90IGpzb24.xSWZG24GB9QnSQzsHgs4u7YgDsc", RT_E_SIGNATURE},
    };

    rt_signer *signer = new_signer();
    rt_value value;
    for (size_t i = 0; i < RT_COUNT(bad); i++) {
        RT_CASE(bad[i].token);
        CHECK_EQ(rt_token_load(signer, &arena, rt_guarded(bad[i].token),
                               (rt_age_limit){0}, &value),
                 bad[i].status);
    }
    rt_str token = RT_STR("untouched");
    CHECK_EQ(rt_token_dump(signer, &arena, rt_value_undefined(), 0, &token),
             RT_E_TYPE);
    CHECK_EQ(token, "untouched");
    rt_arena_deinit(&arena);
}

RT_TEST(bytes_of_any_length_come_back)
{
    static const size_t lengths[] = {0,  1,   2,    9,     10,
                                     11, 100, 5000, 70000, RT_TOKEN_BYTES_MAX};
    for (size_t i = 0; i < RT_COUNT(lengths); i++) {
        size_t n = lengths[i];
        char *data = rt_arena_zalloc(&arena, n + 1);
        rt_str bytes = rt_str_of(data, n), out;
        CHECK_EQ(rt_token_unpack(&arena, rt_token_pack(&arena, bytes), &out),
                 RT_OK);
        CHECK(rt_str_eq(out, bytes));
        rt_random_fill(data, n);
        CHECK_EQ(rt_token_unpack(&arena, rt_token_pack(&arena, bytes), &out),
                 RT_OK);
        CHECK(rt_str_eq(out, bytes));
    }
    rt_arena_deinit(&arena);
}

RT_TEST(what_unpacks_to_too_much_is_refused)
{
    size_t n = RT_TOKEN_BYTES_MAX + 1;
    char *zeros = rt_arena_zalloc(&arena, n);
    rt_str packed = rt_token_pack(&arena, rt_str_of(zeros, n)), out;
    CHECK(packed.len < 2000);
    CHECK_EQ(rt_token_unpack(&arena, packed, &out), RT_E_LIMIT);
    rt_arena_deinit(&arena);
}
