#include "crypto/evp.h"

#include <openssl/err.h>
#include <pthread.h>

#include <retort/base/error.h>

#define OPENSSL_NAME(name, openssl, hashlib) [name] = openssl,

static const char *const names[] = {RT_DIGESTS(OPENSSL_NAME)};

#define COUNT RT_COUNT(names)

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static EVP_MD *digests[COUNT];
static EVP_MAC *hmac;

void rt__evp_failed(const char *what)
{
    char why[256] = "no reason given";
    unsigned long code = ERR_peek_last_error();

    if (code)
        ERR_error_string_n(code, why, sizeof why);
    rt_panic("OpenSSL: %s failed: %s", what, why);
}

const char *rt__evp_name(rt_digest digest)
{
    return names[digest];
}

static EVP_MD *fetch_digest(rt_digest digest)
{
    pthread_mutex_lock(&lock);
    EVP_MD *md = digests[digest];
    if (!md) {
        md = EVP_MD_fetch(NULL, names[digest], NULL);
        if (!md)
            rt__evp_failed(names[digest]);
        __atomic_store_n(&digests[digest], md, __ATOMIC_RELEASE);
    }
    pthread_mutex_unlock(&lock);
    return md;
}

const EVP_MD *rt__evp_digest(rt_digest digest)
{
    const EVP_MD *md = __atomic_load_n(&digests[digest], __ATOMIC_ACQUIRE);
    return md ? md : fetch_digest(digest);
}

static EVP_MAC *fetch_hmac(void)
{
    pthread_mutex_lock(&lock);
    EVP_MAC *mac = hmac;
    if (!mac) {
        mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
        if (!mac)
            rt__evp_failed("HMAC");
        __atomic_store_n(&hmac, mac, __ATOMIC_RELEASE);
    }
    pthread_mutex_unlock(&lock);
    return mac;
}

EVP_MAC *rt__evp_hmac(void)
{
    EVP_MAC *mac = __atomic_load_n(&hmac, __ATOMIC_ACQUIRE);
    return mac ? mac : fetch_hmac();
}
