// Digests and HMAC, against what Python's hashlib and hmac give.
#include <retort/base/buf.h>
#include <retort/crypto/digest.h>
#include <retort/test.h>

typedef struct row {
    rt_digest digest;
    const char *name, *of_nothing, *of_fox, *hmac_of_fox;
} row;

static const row rows[] = {
    {RT_SHA1, "sha1", "da39a3ee5e6b4b0d3255bfef95601890afd80709",
     "c519c1a06cdbeb2bc499e22137fb48683858b345",
     "22f9e077a3cebd09248154f85d9a56c79941fd96"},
    {RT_SHA224, "sha224",
     "d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f",
     "146129bd31db775c819f4c28929cc5ac7130d4bac470e97134857c1a",
     "aca35715b8cae3bcf41f49c9a5f88a174a2f38d4c78892a38061ed56"},
    {RT_SHA256, "sha256",
     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
     "5cac4f980fedc3d3f1f99b4be3472c9b30d56523e632d151237ec9309048bda9",
     "203d1e5cedd2d18f8c5a3beff0bd9c1ebcb97097dfcb288c46b00c9227fde2c0"},
    {RT_SHA384, "sha384",
     "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da"
     "274edebfe76f65fbd51ad2f14898b95b",
     "2e45933dd1a1e6a6928a732d58abeb180c225e5e7b99c64eb6f233a7b99ee463"
     "5c17f44ca544cf620cf4289deb4c08cf",
     "60638fa0aa4b044fc6f50d5c4a11dd5c26863cd335e3aac16ac6434fc79505df"
     "b05bc3d02a556e271979b41c9379f579"},
    {RT_SHA512, "sha512",
     "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
     "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
     "015e6d23e760f612cca616c54f110cb12dd54213f1e046c7607081372402eff4"
     "936b379296ed549236020afb37bd3e728a044a4243754f095498c98bc24f77e0",
     "36f44b125a8a90639dc46733039571792e081e0fd8685ff746784b02ed14aa35"
     "629d562c7117cde4a701570551faa5a5e1b7ef1eb5c3bcd4cc1fdb8923fcf14e"},
    {RT_MD5, "md5", "d41d8cd98f00b204e9800998ecf8427e",
     "a2004f37730b9445670a738fa0fc9ee5", "d006bc60c92ff6e54f615474fe835e02"},
};

#define FOX RT_STR("The quick brown fox")

static rt_str hex(rt_arena *arena, const uint8_t *sum, size_t len)
{
    rt_buf buf;
    rt_buf_init(&buf, arena);
    for (size_t i = 0; i < len; i++)
        rt_buf_put_hex(&buf, sum[i], 2);
    return rt_buf_str(&buf);
}

RT_TEST(digests_are_those_of_hashlib)
{
    rt_arena arena = {0};
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].name);
        const row *r = &rows[i];
        uint8_t sum[RT_DIGEST_BYTES_MAX];
        CHECK_EQ(rt_digest_hex(&arena, r->digest, (rt_str){NULL, 0}),
                 r->of_nothing);
        size_t len = rt_digest_sum(r->digest, FOX, sum);
        CHECK_EQ(len, rt_digest_bytes(r->digest));
        CHECK_EQ(hex(&arena, sum, len), r->of_fox);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(pieces_make_the_digest_of_the_whole)
{
    rt_arena arena = {0};
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].name);
        uint8_t sum[RT_DIGEST_BYTES_MAX];
        rt_digester *d = rt_digester_new(&arena, rows[i].digest);
        rt_digester_add(d, rt_str_slice(FOX, 0, 7));
        rt_digester_add(d, (rt_str){NULL, 0});
        rt_digester_add(d, rt_str_slice(FOX, 7, SIZE_MAX));
        size_t len = rt_digester_end(d, sum);
        CHECK_EQ(hex(&arena, sum, len), rows[i].of_fox);
    }
    rt_digester_new(&arena, RT_SHA256); // may be left unfinished
    rt_arena_deinit(&arena);
}

RT_TEST(hmac_is_that_of_python)
{
    rt_arena arena = {0};
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].name);
        uint8_t sum[RT_DIGEST_BYTES_MAX];
        size_t len = rt_hmac_sum(rows[i].digest, RT_STR("key"), FOX, sum);
        CHECK_EQ(hex(&arena, sum, len), rows[i].hmac_of_fox);
        rt_hmac_key *key =
            rt_hmac_key_new(&arena, rows[i].digest, RT_STR("key"));
        for (int again = 0; again < 3; again++) {
            len = rt_hmac_key_sum(key, FOX, sum);
            CHECK_EQ(hex(&arena, sum, len), rows[i].hmac_of_fox);
        }
    }
    rt_arena_deinit(&arena);
}

RT_TEST(keys_may_be_empty_or_longer_than_a_block)
{
    rt_arena arena = {0};
    uint8_t sum[RT_DIGEST_BYTES_MAX];
    char longer[200];
    memset(longer, 'k', sizeof longer);
    size_t len = rt_hmac_sum(RT_SHA1, rt_str_of(longer, sizeof longer),
                             RT_STR("x"), sum);
    CHECK_EQ(hex(&arena, sum, len), "e2e4a90d1cee5e796e99915a47e0c725cf932393");
    rt_str none = {NULL, 0};
    len = rt_hmac_sum(RT_SHA256, none, none, sum);
    CHECK_EQ(
        hex(&arena, sum, len),
        "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
    rt_hmac_key *key = rt_hmac_key_new(&arena, RT_SHA256, none);
    len = rt_hmac_key_sum(key, none, sum);
    CHECK_EQ(
        hex(&arena, sum, len),
        "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
    rt_arena_deinit(&arena);
}

RT_TEST(names_are_those_of_hashlib)
{
    rt_digest digest = RT_MD5;
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        CHECK_EQ(rt_digest_name(rows[i].digest), rows[i].name);
        CHECK_EQ(rt_digest_parse(rt_str_from(rows[i].name), &digest), RT_OK);
        CHECK_EQ(digest, rows[i].digest);
    }
    CHECK_EQ(rt_digest_parse(RT_STR("SHA256"), &digest), RT_E_UNSUPPORTED);
    CHECK_EQ(rt_digest_parse(RT_STR(""), &digest), RT_E_UNSUPPORTED);
}

RT_TEST(secrets_are_equal_when_their_bytes_are)
{
    CHECK(rt_secret_eq(RT_STR("abc"), rt_guarded("abc")));
    CHECK(!rt_secret_eq(RT_STR("abc"), rt_guarded("abd")));
    CHECK(!rt_secret_eq(RT_STR("abc"), rt_guarded("ab")));
    CHECK(rt_secret_eq(RT_STR(""), (rt_str){NULL, 0}));
}
