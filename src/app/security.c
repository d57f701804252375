#include "retort/app/security.h"

#include <retort/base/time.h>
#include <retort/crypto/password.h>
#include <retort/crypto/token.h>

#include "app/app.h"
#include "app/failure.h"

// ---- signing ------------------------------------------------------------------

static rt_signer *signer_of(rt_request *req, const rt_sign_options *options)
{
    const rt__session_settings *settings = &rt_app_of(req)->session;
    if (!settings->keys_len) {
        rt__fail(req,
                 "{}nothing can be signed, as there is no SECRET_KEY: set "
                 "one that nobody can guess, with "
                 "rt_configure(app, \"SECRET_KEY\", ...)",
                 rt__place(req, options->site));
    }
    return rt_signer_new(req->arena, settings->keys, settings->keys_len,
                         &(rt_signer_options){.salt = options->salt
                                                          ? options->salt
                                                          : "itsdangerous"});
}

const char *rt_sign_value(rt_request *req, rt_value value,
                          const rt_sign_options *options)
{
    rt_str token;
    rt_status st = rt_token_dump(signer_of(req, options), req->arena, value,
                                 rt_time_now(), &token);
    if (st)
        rt__fail(req, "{!r} cannot be signed: {}", value, rt_status_text(st));
    return token.data;
}

rt_status rt_unsign_value(rt_request *req, const char *token, rt_value *out,
                          const rt_sign_options *options)
{
    rt_age_limit limit = {rt_time_now(), options->max_age_s};
    return rt_token_load(signer_of(req, options), req->arena,
                         rt_str_from(token), limit, out);
}

// ---- passwords ------------------------------------------------------------------

// What another thread works on: it has memory of its own, and the request's is
// not touched.
typedef struct job {
    rt_arena arena;
    rt_str password;
    rt_str hash;
    rt_status status;
    bool match;
} job;

static void hash_password(void *arg)
{
    job *j = arg;
    j->status = rt_password_dump(&j->arena, j->password, NULL, &j->hash);
}

static void free_job(void *arg)
{
    rt_arena_deinit(&((job *)arg)->arena);
}

// The job ends with the request, as its coroutine may be dropped in the offload.
static job *new_job(rt_request *req, const char *password)
{
    job *j = rt_new(req->arena, job, 1);
    j->password = rt_str_copy(req->arena, rt_str_from(password));
    rt_defer(req, free_job, j);
    return j;
}

const char *rt_password_hash(rt_request *req, const char *password)
{
    job *j = new_job(req, password);
    rt_offload(req, hash_password, j);
    if (j->status)
        rt_abort_status(req, j->status);
    return rt_str_cstr(req->arena, j->hash);
}

// A hash of nothing anybody knows, which no password matches.
#define NOBODY                                                               \
    "scrypt:32768:8:1$nobody$0000000000000000000000000000000000000000000000" \
    "0000000000000000000000000000000000000000000000000000000000000000000000" \
    "0000000000"

static void check_password(void *arg)
{
    job *j = arg;
    j->status = rt_password_match(j->hash, j->password, &j->match);
}

bool rt_password_check(rt_request *req, const char *hash, const char *password)
{
    job *j = new_job(req, password);
    j->hash =
        hash ? rt_str_copy(req->arena, rt_str_from(hash)) : RT_STR(NOBODY);
    rt_offload(req, check_password, j);
    if (j->status) {
        rt__fail(req,
                 "a password cannot be checked: its hash has a method "
                 "that is {}",
                 rt_status_text(j->status));
    }
    return j->match && hash;
}
