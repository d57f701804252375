// Passwords, against hashes that Werkzeug made.
#include <retort/crypto/password.h>
#include <retort/test.h>

static rt_arena arena;

typedef struct row {
    const char *hash, *password;
} row;

static const row rows[] = {
    {"scrypt:16:1:1$salt$086be1ce38ba574b6133f2c1cfafecb7f2406cc739054fb"
     "368b2cb0f556daf00279f0990c0bee16fdc6f2f0a004c83d38eecb2833efc8a5ee"
     "4bdf82a004a9adc",
     "pw"},
    {"scrypt:32768:8:1$s4lt$01ad86382792341f94469038100c177274ec598bd94a"
     "c8e25e252c6e56799621b51dca673e9549295df1001916ef5b11a0756753838d33"
     "8565cd5529ac919f8c",
     "secret"},
    {"scrypt:16:8:2$$8d12c62f0dab079dcb95b698a5012d79cf25ae9f6a2e2990f79"
     "7ea92bcb907a656f1d3c886b0f1c725e42adcc54713fb514d2e070ea3070a4cfcd"
     "6c877a364b8",
     ""},
    {"pbkdf2:sha256:3$salt$3c671234e386cb307220d70ee15c4985160b8a8dba62f"
     "247001b07974ad52ed1",
     "pw"},
    {"pbkdf2:sha1:1000$x$26074894861e4a466597359f1b12ee41935a8a19",
     "s\303\251cret"},
    {"pbkdf2:sha512:2$$a422663fda8609a1e2fd53541260edf886ec636605814c2e1"
     "7b4c78d8f9e233266f223f65cb2b7440b12c099ce1aa3279e29aa848e29825103d"
     "2bc5a5f4f4ad3",
     ""},
    {"pbkdf2:md5:2$\303\251$f3897e771cc520538476e5e02b2aa5b8", "ab"},
    {"pbkdf2:sha3_256:2$salt$7707a0647b20a494f286cd484e35b19e86abd7b79c3"
     "dfb23592460ee3ea8512d",
     "pw"},
    {"pbkdf2:blake2b:2$salt$8c2ca3e38a51fb40cf37f83d66231ce2c0cc632ea3a5"
     "07114cae1e575f69b87804ad17e638018e3427c421c8c7fa115e22e0845d2e04a8"
     "4502e81923b282e56b",
     "pw"},
    {"pbkdf2:sha512_256:2$salt$2d2d8488131b32c4484e497fcc8303a6480812fb9"
     "2fd30c67f24c1cf7f51c9f3",
     "pw"},
};

static bool match(const char *hash, const char *password)
{
    bool yes = true;
    CHECK_EQ(rt_password_match(rt_str_from(hash), rt_str_from(password), &yes),
             RT_OK);
    return yes;
}

RT_TEST(hashes_of_werkzeug_match_their_passwords_alone)
{
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].hash);
        CHECK(match(rows[i].hash, rows[i].password));
        CHECK(!match(rows[i].hash, "another"));
    }
}

RT_TEST(a_new_hash_has_the_parameters_and_matches)
{
    static const struct {
        const char *method, *begin;
        size_t len; // of all of it
    } methods[] = {
        {NULL, "scrypt:32768:8:1$", 168},
        {"scrypt", "scrypt:32768:8:1$", 168},
        {"scrypt:16:8:1", "scrypt:16:8:1$", 165},
        {"pbkdf2:sha1:10", "pbkdf2:sha1:10$", 78},
        {"pbkdf2:sha512:10", "pbkdf2:sha512:10$", 168},
    };

    for (size_t i = 0; i < RT_COUNT(methods); i++) {
        rt_str one, two;
        RT_CASE(methods[i].begin);
        CHECK_EQ(rt_password_dump(&arena, RT_STR("pw"), methods[i].method,
                                  &one),
                 RT_OK);
        CHECK_EQ(rt_password_dump(&arena, RT_STR("pw"), methods[i].method,
                                  &two),
                 RT_OK);
        CHECK(rt_str_starts_with(one, rt_str_from(methods[i].begin)));
        CHECK_EQ(one.len, methods[i].len);
        CHECK(!rt_str_eq(one, two)); // salted
        CHECK(match(one.data, "pw"));
        CHECK(!match(one.data, "Pw"));
    }
    rt_arena_deinit(&arena);
}

RT_TEST(passwords_may_contain_anything)
{
    rt_str hash, nul = rt_str_of("a\0b", 3);
    bool yes = false;
    CHECK_EQ(rt_password_dump(&arena, nul, "scrypt:16:8:1", &hash), RT_OK);
    CHECK_EQ(rt_password_match(hash, nul, &yes), RT_OK);
    CHECK(yes);
    CHECK(!match(hash.data, "a"));
    rt_arena_deinit(&arena);
}

RT_TEST(what_is_no_hash_matches_nothing)
{
    static const char *const texts[] = {"",
                                        "plain",
                                        "$",
                                        "scrypt:16:8:1$salt",
                                        "scrypt:16:8:1$salt$",
                                        "scrypt:16:8:1$salt$abc",
                                        "pbkdf2:sha256:1$salt$\303\251",
                                        "scrypt$$",
                                        "pbkdf2:sha256:1$$$"};
    for (size_t i = 0; i < RT_COUNT(texts); i++) {
        RT_CASE(texts[i]);
        CHECK(!match(texts[i], ""));
    }
}

RT_TEST(methods_that_are_none_are_errors)
{
    static const struct {
        const char *method;
        rt_status status;
    } methods[] = {
        {"", RT_E_UNSUPPORTED},
        {"md5", RT_E_UNSUPPORTED},
        {"plain", RT_E_UNSUPPORTED},
        {"pbkdf2:foo:1", RT_E_UNSUPPORTED},
        {"pbkdf2::1", RT_E_UNSUPPORTED},
        {"pbkdf2:sha256:0", RT_E_RANGE},
        {"pbkdf2:sha256:-1", RT_E_RANGE},
        {"pbkdf2:sha256:x", RT_E_SYNTAX},
        {"pbkdf2:sha256:1:2", RT_E_SYNTAX},
        {"pbkdf2:sha256:1000000000", RT_E_LIMIT},
        {"scrypt:16:1", RT_E_SYNTAX},
        {"scrypt:16:a:1", RT_E_SYNTAX},
        {"scrypt:16:1:1:1", RT_E_SYNTAX},
        {"scrypt:", RT_E_SYNTAX},
        {"scrypt:3:1:1", RT_E_RANGE},
        {"scrypt:1:1:1", RT_E_RANGE},
        {"scrypt:0:1:1", RT_E_RANGE},
        {"scrypt:16:0:1", RT_E_RANGE},
        {"scrypt:16:1:0", RT_E_RANGE},
        {"scrypt:1073741824:8:1", RT_E_LIMIT},
        {"scrypt:4611686018427387904:9223372036854775807:8", RT_E_LIMIT},
    };

    for (size_t i = 0; i < RT_COUNT(methods); i++) {
        RT_CASE(methods[i].method);
        rt_str out = RT_STR("untouched");
        bool yes = true;
        CHECK_EQ(rt_password_dump(&arena, RT_STR("pw"), methods[i].method,
                                  &out),
                 methods[i].status);
        CHECK_EQ(out, "untouched");
        rt_str stored = rt_str_concat(&arena, rt_str_from(methods[i].method),
                                      RT_STR("$salt$abc"));
        CHECK_EQ(rt_password_match(stored, RT_STR("pw"), &yes),
                 methods[i].status);
        CHECK(!yes);
    }
    rt_arena_deinit(&arena);
}
