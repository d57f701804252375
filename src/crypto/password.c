#include "retort/crypto/password.h"

#include <limits.h>

#include <retort/base/buf.h>
#include <retort/crypto/random.h>

#include "crypto/evp.h"

// Werkzeug's defaults.
#define SALT_BYTES     16
#define SCRYPT_N       32768
#define SCRYPT_R       8
#define SCRYPT_P       1
#define SCRYPT_BYTES   64
#define PBKDF2_DIGEST  "sha256"
#define PBKDF2_ROUNDS  1000000
#define HASH_BYTES_MAX EVP_MAX_MD_SIZE

// What is hashed, and the hash. `method` has the parameters written out.
typedef struct hashing {
    rt_str password;
    rt_str salt;
    rt_buf *method;
    uint8_t hash[HASH_BYTES_MAX];
    size_t len;
} hashing;

// Split at colons; returns the number of parts, at most `max`, or more than that.
static size_t split(rt_str text, rt_str *parts, size_t max)
{
    size_t n = 0;
    while (text.data) {
        rt_str part = rt_str_cut(&text, ':');
        if (n < max)
            parts[n] = part;
        n++;
    }
    return n;
}

// ---- scrypt -----------------------------------------------------------------

static rt_status check_scrypt(int64_t n, int64_t r, int64_t p)
{
    uint64_t bytes;

    if (n < 2 || (n & (n - 1)) || r < 1 || p < 1)
        return RT_E_RANGE;
    if (__builtin_mul_overflow((uint64_t)n, (uint64_t)r, &bytes) ||
        __builtin_mul_overflow(bytes, (uint64_t)p, &bytes) ||
        __builtin_mul_overflow(bytes, 128u, &bytes) ||
        bytes > RT_PASSWORD_MEMORY_MAX)
        return RT_E_LIMIT;
    return RT_OK;
}

static rt_status scrypt(const rt_str *args, size_t n_args, hashing *h)
{
    int64_t n = SCRYPT_N, r = SCRYPT_R, p = SCRYPT_P;

    if (n_args != 0 && n_args != 3)
        return RT_E_SYNTAX;
    if (n_args &&
        !(rt_str_parse_int(args[0], &n) && rt_str_parse_int(args[1], &r) &&
          rt_str_parse_int(args[2], &p)))
        return RT_E_SYNTAX;
    rt_status st = check_scrypt(n, r, p);
    if (st)
        return st;
    // OpenSSL counts some working memory on top.
    if (!EVP_PBE_scrypt(h->password.data, h->password.len,
                        (const unsigned char *)h->salt.data, h->salt.len,
                        (uint64_t)n, (uint64_t)r, (uint64_t)p,
                        2 * RT_PASSWORD_MEMORY_MAX, h->hash, SCRYPT_BYTES))
        return RT_E_RANGE;
    h->len = SCRYPT_BYTES;
    rt_buf_printf(h->method, "scrypt:%lld:%lld:%lld", (long long)n,
                  (long long)r, (long long)p);
    return RT_OK;
}

// ---- pbkdf2 -----------------------------------------------------------------

// Look a digest up by the name hashlib has for it.
static EVP_MD *fetch_digest(rt_str name)
{
    char text[32];

    if (rt_str_eq_nocase(name, RT_STR("blake2b")))
        name = RT_STR("blake2b-512");
    if (rt_str_eq_nocase(name, RT_STR("blake2s")))
        name = RT_STR("blake2s-256");
    if (name.len == 0 || name.len >= sizeof text)
        return NULL;
    for (size_t i = 0; i < name.len; i++)
        text[i] = name.data[i] == '_' ? '-' : name.data[i];
    text[name.len] = '\0';
    return EVP_MD_fetch(NULL, text, NULL);
}

static rt_status derive(const EVP_MD *md, int64_t rounds, hashing *h)
{
    int len = EVP_MD_get_size(md);

    if (len <= 0 || len > HASH_BYTES_MAX || h->password.len > INT_MAX ||
        h->salt.len > INT_MAX)
        return RT_E_UNSUPPORTED;
    if (!PKCS5_PBKDF2_HMAC(h->password.data, (int)h->password.len,
                           (const unsigned char *)h->salt.data,
                           (int)h->salt.len, (int)rounds, md, len, h->hash))
        return RT_E_UNSUPPORTED; // a digest that makes no HMAC
    h->len = (size_t)len;
    return RT_OK;
}

static rt_status pbkdf2(const rt_str *args, size_t n_args, hashing *h)
{
    rt_str name = n_args ? args[0] : RT_STR(PBKDF2_DIGEST);
    int64_t rounds = PBKDF2_ROUNDS;

    if (n_args > 2 || (n_args == 2 && !rt_str_parse_int(args[1], &rounds)))
        return RT_E_SYNTAX;
    if (rounds < 1)
        return RT_E_RANGE;
    if (rounds > RT_PASSWORD_ROUNDS_MAX)
        return RT_E_LIMIT;
    EVP_MD *md = fetch_digest(name);
    if (!md)
        return RT_E_UNSUPPORTED;
    rt_status st = derive(md, rounds, h);
    EVP_MD_free(md);
    rt_buf_printf(h->method, "pbkdf2:%.*s:%lld", RT_STR_ARG(name),
                  (long long)rounds);
    return st;
}

// ---- both -------------------------------------------------------------------

static rt_status run(rt_str method, hashing *h)
{
    rt_str parts[4];
    size_t n = split(method, parts, RT_COUNT(parts));

    // Empty text is text to OpenSSL, NULL is none.
    if (!h->password.len)
        h->password = RT_STR("");
    if (!h->salt.len)
        h->salt = RT_STR("");
    if (n > RT_COUNT(parts))
        return RT_E_SYNTAX;
    if (n && rt_str_eq(parts[0], RT_STR("scrypt")))
        return scrypt(parts + 1, n - 1, h);
    if (n && rt_str_eq(parts[0], RT_STR("pbkdf2")))
        return pbkdf2(parts + 1, n - 1, h);
    return RT_E_UNSUPPORTED;
}

static void put_hash(rt_buf *buf, const hashing *h)
{
    for (size_t i = 0; i < h->len; i++)
        rt_buf_put_hex(buf, h->hash[i], 2);
}

rt_status rt_password_dump(rt_arena *arena, rt_str password, const char *method,
                           rt_str *out)
{
    rt_buf buf;
    rt_buf_init(&buf, arena);
    hashing h = {.password = password,
                 .salt = rt_random_token(arena, SALT_BYTES),
                 .method = &buf};

    rt_status st = run(rt_str_from(method ? method : "scrypt"), &h);
    if (st)
        return st;
    rt_buf_put_char(&buf, '$');
    rt_buf_put(&buf, h.salt);
    rt_buf_put_char(&buf, '$');
    put_hash(&buf, &h);
    *out = rt_buf_str(&buf);
    return RT_OK;
}

rt_status rt_password_match(rt_str stored, rt_str password, bool *match)
{
    rt_arena arena = {0};
    rt_buf method, text;
    hashing h = {.password = password, .method = &method};

    *match = false;
    rt_str rest = stored;
    rt_str name = rt_str_cut(&rest, '$');
    h.salt = rt_str_cut(&rest, '$');
    if (!rest.data)
        return RT_OK; // two dollars are missing: it is no hash

    rt_buf_init(&method, &arena);
    rt_buf_init(&text, &arena);
    rt_status st = run(name, &h);
    if (!st) {
        put_hash(&text, &h);
        *match = rt_secret_eq(rt_buf_str(&text), rest);
    }
    rt_arena_deinit(&arena);
    return st;
}
