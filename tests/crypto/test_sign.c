// Signatures, against what itsdangerous makes with the same key.
#include <retort/base/time.h>
#include <retort/crypto/sign.h>
#include <retort/test.h>

#define VALUE RT_STR("value.with.dots")
#define KEY   RT_STR("secret-key")
#define NOW   (1700000000 * RT_TIME_SECOND)

static rt_arena arena;

static rt_signer *new_signer(rt_str key, const rt_signer_options *options)
{
    return rt_signer_new(&arena, &key, 1, options);
}

typedef struct row {
    rt_signer_options options;
    const char *plain, *timed;
} row;

// Made by Signer and TimestampSigner.
static const row rows[] = {
    {{NULL, RT_SHA1, RT_DERIVE_CONCAT, 0},
     "value.with.dots.PolKRf_bZ5WKQhMrLXXM5lcshg4",
     "value.with.dots.ZVPxAA.0HdzBIesc21qokA24mvbKBA7MuM"},
    {{NULL, RT_SHA256, RT_DERIVE_CONCAT, 0},
     "value.with.dots.mdwivgC3Tn8UNDHYZxBxZjkXMy4rGuMhXxtKDbJmavs",
     "value.with.dots.ZVPxAA.vp4UM6_DE9HKg7XS3lMS3ITtK3qUj0OsvZyJ6ZsjsxM"},
    {{NULL, RT_SHA512, RT_DERIVE_CONCAT, 0},
     "value.with.dots.2Gz_Ngwb9lwSNg3lXXEwNg-Uz7IaFW5xeK48cyDgcRZGSCn81hMIotG1FKTU4iLV3yNndgFhLTZSLJBH93prVA",
     "value.with.dots.ZVPxAA.Y7AN5U-jnoHuhXNa2wBlh8o1fhwMwAX7gi99q2fJOlL_aOqzk7wwWaYSWCt6hjNBd1NNYH7gD6PuN2RF_AIh2Q"},
    {{NULL, RT_SHA1, RT_DERIVE_DJANGO, 0},
     "value.with.dots.mog2Rctf28Mk1d9i3tNB5dawaoQ",
     "value.with.dots.ZVPxAA.8kvvYCwhds96Ngt0N57kT9zeYe0"},
    {{NULL, RT_SHA256, RT_DERIVE_DJANGO, 0},
     "value.with.dots.X9OEnp7Ze_T1ocLDhw0JN_mJcaLGQWtw-rlo9Korpq8",
     "value.with.dots.ZVPxAA.Y_B2HGjnnaMwmiUvxxpQrg37PjNFPjFRNW53P4SG4CU"},
    {{NULL, RT_SHA512, RT_DERIVE_DJANGO, 0},
     "value.with.dots.QEiLv6jdXXrzwZAxKyoW_qDbBYLpps1MQFlPwOCyQm2Wt_dt82Q_5b_tGcWoK9H7lB2Y1xLF0j4tA_kldzswjg",
     "value.with.dots.ZVPxAA.pGoJdTe11KN_pCrCI1xzIYn0ieKBmUOpLwwZdjT-pftt4wh4vni9W9cx9L6St9s479NjSmhfRV_KF8cLw0rOYQ"},
    {{NULL, RT_SHA1, RT_DERIVE_HMAC, 0},
     "value.with.dots.D2yFjiZ9RtTayNDNcR4NbELHZds",
     "value.with.dots.ZVPxAA.R800jJv-p-PA_g18BLkDVv1QoPs"},
    {{NULL, RT_SHA256, RT_DERIVE_HMAC, 0},
     "value.with.dots.lAlJrWECAu-5Re7_O45sXE_a32mVy0PPpprfCLu11UM",
     "value.with.dots.ZVPxAA.oSQu4tLE3YTfCdE0yKg4jGXHw3Jw96LuK0ouXXsfAh4"},
    {{NULL, RT_SHA512, RT_DERIVE_HMAC, 0},
     "value.with.dots.sgeq1U_c8sL3sZcZX7H_Ki9-UZp445qIq8ysag_NiJgFyfYQYhYjWtHDP9edwRjkXd3XAONmlqFZdIopcQjwSw",
     "value.with.dots.ZVPxAA.uFbf9qfqD41ne0QgRrjEMvz-Zv1I9wDXALLeEHqkKs5I_fMqjZ5Yzlb8MvsFWhmVbOrZ6G60iS-DAUi1K-RtSA"},
    {{NULL, RT_SHA1, RT_DERIVE_NONE, 0},
     "value.with.dots.arjjiLReaGUOYCBHDX6Ojz4h9V8",
     "value.with.dots.ZVPxAA.dbVQE6lXhEk_PiN-Wt5aUVvH8SY"},
    {{NULL, RT_SHA256, RT_DERIVE_NONE, 0},
     "value.with.dots.yzgCIS67ZIxfBn7SzAiH9BMsgQqsd9lgB93pwO4U2Qs",
     "value.with.dots.ZVPxAA.rUq1B5WQqaX0sBizYxIQuWYRq-_kMnkWke0EYvw15VQ"},
    {{NULL, RT_SHA512, RT_DERIVE_NONE, 0},
     "value.with.dots.lxL2m_Jz0FcatEabatUnrQwf3IYmaBSYlAY4NyU-lgP75kVOmdu8InBhaHvPdaizXHY1bzgb49i63NVGXLCGqg",
     "value.with.dots.ZVPxAA.HyXBGK6YikKK0EtFZOlbTtD0Sv_yY5l4raJUX05iyPLiqXhUhEuKvvtRmlZFlMefRL6mVrA5wWGUA5k7vsCdPw"},
    {{"cookie-session", RT_SHA1, RT_DERIVE_CONCAT, 0},
     "value.with.dots.YK8os9GU6o8XGsm65SgdAACm_aI",
     "value.with.dots.ZVPxAA.5glXRX770RVGUlwXMA1Bwe_Eyic"},
    {{"cookie-session", RT_SHA256, RT_DERIVE_CONCAT, 0},
     "value.with.dots.2ABV5foIuW_XHsjcI7ZQUdSdipF_nBRRvKhFCcSHfvI",
     "value.with.dots.ZVPxAA.NZAsDa0475Ba2A2C5wlIQrEUnDJfI8_2Jn29hlY9VVk"},
    {{"cookie-session", RT_SHA1, RT_DERIVE_DJANGO, 0},
     "value.with.dots.4sVKR27_IjmvoWpliaAGeky3VjY",
     "value.with.dots.ZVPxAA.36uxgWFpTtgnF_54Bn1ts8154r4"},
    {{"cookie-session", RT_SHA256, RT_DERIVE_DJANGO, 0},
     "value.with.dots.Xowb-p1H5z8MqBAkeNxnsI5VTJ7Nef98nwoagaRYnmE",
     "value.with.dots.ZVPxAA.Jvq2Dbd18mXw4AmUrKU1UWUzzpQo-6XP3fVsCxQcLmY"},
    {{"cookie-session", RT_SHA1, RT_DERIVE_HMAC, 0},
     "value.with.dots.sFBt0sxxnRGSEKUom2ITspPdUjo",
     "value.with.dots.ZVPxAA.JDeCFm3ZNFRZ_N2VsiOQMXMekdY"},
    {{"cookie-session", RT_SHA256, RT_DERIVE_HMAC, 0},
     "value.with.dots.cWWc4_lD5gQu7t-HZxb0d_zowCOOewNynILLKfYN7G4",
     "value.with.dots.ZVPxAA.WsqxXj8Nn8QhoMrRWrFTrKb-Zw7JfticG8VYTNm8Qxg"},
    {{"cookie-session", RT_SHA1, RT_DERIVE_NONE, 0},
     "value.with.dots.arjjiLReaGUOYCBHDX6Ojz4h9V8",
     "value.with.dots.ZVPxAA.dbVQE6lXhEk_PiN-Wt5aUVvH8SY"},
    {{"cookie-session", RT_SHA256, RT_DERIVE_NONE, 0},
     "value.with.dots.yzgCIS67ZIxfBn7SzAiH9BMsgQqsd9lgB93pwO4U2Qs",
     "value.with.dots.ZVPxAA.rUq1B5WQqaX0sBizYxIQuWYRq-_kMnkWke0EYvw15VQ"},
    {{NULL, RT_SHA1, RT_DERIVE_DJANGO, ':'},
     "value.with.dots:mog2Rctf28Mk1d9i3tNB5dawaoQ",
     "value.with.dots:ZVPxAA:eKRr8WC3jNLwGsnjs3-bIpvXH9Q"},
};

RT_TEST(signatures_are_those_of_itsdangerous)
{
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].plain);
        rt_signer *signer = new_signer(KEY, &rows[i].options);
        rt_str out;
        rt_signed stamped;
        CHECK_EQ(rt_signer_sign(signer, &arena, VALUE), rows[i].plain);
        CHECK_EQ(rt_signer_sign_at(signer, &arena, VALUE, NOW), rows[i].timed);
        CHECK_EQ(rt_signer_unsign(signer, &arena, rt_guarded(rows[i].plain),
                                  &out),
                 RT_OK);
        CHECK_EQ(out, VALUE);
        CHECK_EQ(rt_signer_unsign_at(signer, &arena, rt_guarded(rows[i].timed),
                                     (rt_age_limit){NOW, 1}, &stamped),
                 RT_OK);
        CHECK_EQ(stamped.value, VALUE);
        CHECK_EQ(stamped.time_us, NOW);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(any_change_makes_a_signature_bad)
{
    rt_signer *signer = new_signer(KEY, NULL);
    rt_str text = rt_signer_sign(signer, &arena, VALUE), out = VALUE;
    for (size_t i = 0; i + 1 < text.len; i++) {
        char *changed = rt_str_cstr(&arena, text);
        changed[i] = changed[i] == 'x' ? 'y' : 'x';
        CHECK_EQ(rt_signer_unsign(signer, &arena, rt_str_from(changed), &out),
                 RT_E_SIGNATURE);
    }
    static const char *const bad[] = {"",       ".",        "value",
                                      "value.", "value.Z",  "value.Zg",
                                      ".....",  "\xff.\xff"};
    for (size_t i = 0; i < RT_COUNT(bad); i++) {
        RT_CASE(bad[i]);
        CHECK_EQ(rt_signer_unsign(signer, &arena, rt_guarded(bad[i]), &out),
                 RT_E_SIGNATURE);
    }
    CHECK_EQ(out, VALUE);
    rt_arena_deinit(&arena);
}

RT_TEST(another_salt_or_key_is_another_signature)
{
    rt_signer *one = new_signer(KEY, &(rt_signer_options){.salt = "one"});
    rt_signer *two = new_signer(KEY, &(rt_signer_options){.salt = "two"});
    rt_signer *other =
        new_signer(RT_STR("other"), &(rt_signer_options){.salt = "one"});
    rt_str text = rt_signer_sign(one, &arena, VALUE), out;
    CHECK_EQ(rt_signer_unsign(one, &arena, text, &out), RT_OK);
    CHECK_EQ(rt_signer_unsign(two, &arena, text, &out), RT_E_SIGNATURE);
    CHECK_EQ(rt_signer_unsign(other, &arena, text, &out), RT_E_SIGNATURE);
    rt_arena_deinit(&arena);
}

RT_TEST(the_first_key_signs_and_all_verify)
{
    rt_str keys[] = {RT_STR("new"), RT_STR("old"), RT_STR("oldest")};
    rt_signer *all = rt_signer_new(&arena, keys, 3, NULL);
    rt_signer *newest = new_signer(keys[0], NULL);
    rt_str out;
    for (size_t i = 0; i < 3; i++) {
        rt_str text = rt_signer_sign(new_signer(keys[i], NULL), &arena, VALUE);
        CHECK_EQ(rt_signer_unsign(all, &arena, text, &out), RT_OK);
        CHECK_EQ(rt_signer_unsign(newest, &arena, text, &out),
                 i == 0 ? RT_OK : RT_E_SIGNATURE);
    }
    CHECK_EQ(rt_signer_sign(all, &arena, VALUE),
             rt_signer_sign(newest, &arena, VALUE));
    rt_arena_deinit(&arena);
}

RT_TEST(signatures_expire_and_do_not_come_from_the_future)
{
    rt_signer *signer = new_signer(KEY, NULL);
    rt_str text = rt_signer_sign_at(signer, &arena, VALUE, NOW);
    rt_signed out;

    static const struct {
        int64_t max_age_s, later_s;
        rt_status status;
    } ages[] = {{10, 0, RT_OK},         {10, 10, RT_OK},
                {10, 11, RT_E_EXPIRED}, {10, -1, RT_E_EXPIRED},
                {0, 1000000, RT_OK},    {0, -1000000, RT_OK}};

    for (size_t i = 0; i < RT_COUNT(ages); i++)
        CHECK_EQ(rt_signer_unsign_at(signer, &arena, text,
                                     (rt_age_limit){NOW + ages[i].later_s *
                                                              RT_TIME_SECOND,
                                                    ages[i].max_age_s},
                                     &out),
                 ages[i].status);
    // A part of a second does not count.
    CHECK_EQ(rt_signer_sign_at(signer, &arena, VALUE, NOW + 999999), text);
    rt_arena_deinit(&arena);
}

// All of these are signed; it is their time that is looked at.
RT_TEST(times_are_read_as_itsdangerous_reads_them)
{
    static const struct {
        const char *text;
        int64_t max_age_s;
        rt_status status;
    } texts[] = {
        {"no time.CCq8CsJht8s5C3hM3FAM2adcGlc", 0, RT_E_SYNTAX},
        {"v.Z.Z-EAP6KonFYpsVN1RJFa-p4OAlM", 0, RT_E_SYNTAX},
        {"v.AAAAAAAAAAAA.oclYq2mEMAmQuUhLe0evd_zpNoc", 0, RT_E_SYNTAX},
        {"v.!!!!!.eZAoaLqX1LtmWWXnVSkDiqLjPPE", 0, RT_OK},
        {"v.!!!!!.eZAoaLqX1LtmWWXnVSkDiqLjPPE", 9, RT_E_EXPIRED},
        {"v..laaFEvAn6iGJwjqtau5N2YmZ0A8", 0, RT_OK},
        {"v.__________8.k3C2teCy-SkkH3ZyP_HNhuX2lMo", 9, RT_E_EXPIRED},
    };

    rt_signer *signer = new_signer(KEY, NULL);
    rt_signed out;
    for (size_t i = 0; i < RT_COUNT(texts); i++) {
        RT_CASE(texts[i].text);
        CHECK_EQ(rt_signer_unsign_at(signer, &arena, rt_guarded(texts[i].text),
                                     (rt_age_limit){NOW, texts[i].max_age_s},
                                     &out),
                 texts[i].status);
    }
    rt_arena_deinit(&arena);
}
