// OpenSSL's algorithms, looked up once per process.
//
// OpenSSL 3 finds an implementation by name among providers and their
// properties, which takes longer than digesting a page; so each is fetched when
// first needed and kept for the life of the process.
#pragma once

#include <openssl/evp.h>

#include <retort/crypto/digest.h>

// A digest. Thread-safe. If this OpenSSL has none of that name (MD5 in FIPS
// mode), the process ends.
const EVP_MD *rt__evp_digest(rt_digest digest);

// The name OpenSSL knows a digest by.
const char *rt__evp_name(rt_digest digest);

// HMAC.
EVP_MAC *rt__evp_hmac(void);

// End the process: OpenSSL refused what cannot fail but for want of memory.
RT_NORETURN RT_COLD void rt__evp_failed(const char *what);
