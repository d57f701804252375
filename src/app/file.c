// Files as responses. A source is what is sent, from disk or memory; what is said
// about it does not depend on where it comes from.
#include "retort/app/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <retort/app/caching.h>
#include <retort/app/config.h>
#include <retort/app/negotiate.h>
#include <retort/base/number.h>
#include <retort/base/time.h>
#include <retort/http/header_value.h>
#include <retort/http/media_type.h>
#include <retort/http/path.h>

#include "app/app.h"
#include "app/beneath.h"
#include "app/failure.h"

typedef struct source {
    int fd;       // -1: `bytes`
    rt_str bytes; // in memory
    rt_str path;  // on disk, absolute
    struct stat stat;
    const char
        *encoding; // of a compressed variant; NULL: it is the file itself
    rt_str name;   // for the type and the download; empty: none
} source;

// ---- names -------------------------------------------------------------------

static rt_str last_part(rt_str path)
{
    size_t slash = rt_str_rfind_char(path, '/');
    return slash == RT_STR_NONE ? path
                                : rt_str_slice(path, slash + 1, SIZE_MAX);
}

static bool is_plain(rt_str name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (name.data[i] < 0x20 || name.data[i] == 0x7f)
            return false; // a control character, or not ASCII
    }
    return true;
}

// RFC 8187 attr-char.
static rt_str encode_name(rt_arena *arena, rt_str name)
{
    rt_buf buf;

    rt_buf_init(&buf, arena);
    rt_buf_put_cstr(&buf, "UTF-8''");
    for (size_t i = 0; i < name.len; i++) {
        char c = name.data[i];
        if (rt_is_alpha(c) || rt_is_digit(c) ||
            (c && strchr("!#$&+-.^_`|~", c))) {
            rt_buf_put_char(&buf, c);
        } else {
            rt_buf_printf(&buf, "%%%02X", (unsigned char)c);
        }
    }
    return rt_buf_str(&buf);
}

// `attachment; filename=cafe.txt; filename*=UTF-8''caf%C3%A9.txt`
static void set_disposition(rt_response *response, rt_str name,
                            bool as_attachment)
{
    rt_arena *arena = response->request->arena;
    rt_params params = {0};
    rt_buf text;

    if (is_plain(name)) {
        rt_params_add(&params, arena, RT_STR("filename"), name);
    } else {
        rt_params_add(&params, arena, RT_STR("filename"),
                      rt_ascii_fold(arena, name));
        rt_params_add(&params, arena, RT_STR("filename*"),
                      encode_name(arena, name));
    }
    rt_buf_init(&text, arena);
    rt_header_put_options(&text,
                          as_attachment ? RT_STR("attachment")
                                        : RT_STR("inline"),
                          &params);
    rt_set_header(response, "Content-Disposition", rt_buf_str(&text).data);
}

// ---- what is said about a file -------------------------------------------------

static void set_type(rt_response *response, const source *src,
                     const rt_file_options *options)
{
    rt_arena *arena = response->request->arena;
    rt_str encoding = {0};
    rt_str type = rt_str_from(options->type);

    if (!options->type)
        type = rt_media_type_guess(src->name, &encoding);
    if (!type.data)
        type = RT_STR("application/octet-stream");
    rt_set_type(response, rt_str_cstr(arena, type));
    if (src->encoding)
        encoding = rt_str_from(src->encoding);
    // Browsers would decompress an archive that is to be saved.
    if (encoding.data && (src->encoding || !options->as_attachment))
        rt_set_header(response, "Content-Encoding",
                      rt_str_cstr(arena, encoding));
}

static uint32_t adler32(rt_str text)
{
    uint32_t a = 1, b = 0;

    for (size_t i = 0; i < text.len; i++) {
        a = (a + (unsigned char)text.data[i]) % 65521;
        b = (b + a) % 65521;
    }
    return b << 16 | a;
}

// "1709209845.0-20-3142387450", as Werkzeug writes it.
static void set_file_etag(rt_response *response, const source *src)
{
    double time = (double)src->stat.st_mtim.tv_sec +
                  1e-9 * (double)src->stat.st_mtim.tv_nsec;
    rt_buf tag;

    rt_buf_init(&tag, response->request->arena);
    rt_buf_put_double(&tag, time);
    rt_buf_put_char(&tag, '-');
    rt_buf_put_int(&tag, src->stat.st_size);
    rt_buf_put_char(&tag, '-');
    rt_buf_put_uint(&tag, adler32(src->path));
    rt_set_etag(response, rt_buf_str(&tag).data);
}

static void set_validators(rt_response *response, const source *src,
                           const rt_file_options *options)
{
    int64_t modified_us = options->last_modified_us;

    if (!modified_us && src->fd >= 0)
        modified_us = src->stat.st_mtim.tv_sec * RT_TIME_SECOND;
    if (modified_us)
        rt_set_last_modified(response, modified_us);
    if (options->etag) {
        rt_set_etag(response, options->etag);
    } else if (!options->no_etag && src->fd >= 0) {
        set_file_etag(response, src);
    }
}

static void set_caching(rt_response *response, const rt_file_options *options)
{
    rt_seconds age = options->max_age;
    rt_value configured = rt_config_get(rt_app_of(response->request),
                                        "SEND_FILE_MAX_AGE_DEFAULT");

    if (!age.is_set && rt_value_kind(configured) == RT_INT)
        age = RT_SECONDS(rt_value_as_int(configured, 0));
    rt_cache_control(response, .no_cache = !age.is_set || age.count <= 0,
                     .public_ = age.is_set && age.count > 0, .max_age = age);
    if (age.is_set)
        rt_set_expires(response,
                       rt_time_now() / RT_TIME_SECOND * RT_TIME_SECOND +
                           age.count * RT_TIME_SECOND);
}

// Options that cannot work are found before a file is open.
static void check_options(rt_request *req, const rt_file_options *options)
{
    if (options->etag && strpbrk(options->etag, "\"\r\n"))
        rt__fail(req, "{}a file's tag {!r} has a quote or a line break in it",
                 rt__place(req, options->site), options->etag);
    if (options->type && strpbrk(options->type, "\r\n"))
        rt__fail(req, "{}a file's type {!r} has a line break in it",
                 rt__place(req, options->site), options->type);
}

// The server in front sends the file: it is told which.
static bool leave_to_front(rt_request *req, rt_response *response,
                           const source *src)
{
    if (src->fd < 0 || !rt_config_bool(rt_app_of(req), "USE_X_SENDFILE", false))
        return false;
    close(src->fd);
    rt_set_header(response, "X-Sendfile", rt_str_cstr(req->arena, src->path));
    return true;
}

static rt_response *respond(rt_request *req, const source *src,
                            const rt_file_options *options)
{
    rt_response *response = rt_bytes(req, src->bytes, NULL);
    bool left = leave_to_front(req, response, src);

    if (src->fd >= 0 && !left) {
        response->body_kind = RT_BODY_FILE;
        response->fd = src->fd;
        response->body_length = src->stat.st_size;
    }
    set_type(response, src, options);
    if (src->name.len > 0)
        set_disposition(response, src->name, options->as_attachment);
    set_validators(response, src, options);
    set_caching(response, options);
    if (options->precompressed)
        rt_vary(response, "Accept-Encoding");
    if (options->conditional == RT_OFF)
        return response;
    return rt_conditional(req, response, .accept_ranges = !left);
}

// ---- opening -----------------------------------------------------------------

// Take an open file as the source; false when it is none.
static bool take(source *src, int fd)
{
    if (fd < 0)
        return false;
    if (fstat(fd, &src->stat) == 0 && S_ISREG(src->stat.st_mode)) {
        src->fd = fd;
        return true;
    }
    close(fd);
    errno = EISDIR;
    return false;
}

static int open_plain(const char *folder, const char *name)
{
    (void)folder;
    return open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

typedef int open_fn(const char *folder, const char *name);

// Open the best of what lies there: a compressed variant the client accepts, or
// the file itself.
static bool open_source(rt_request *req, source *src, open_fn *open_file,
                        const char *folder, const char *name,
                        bool precompressed)
{
    static const struct {
        const char *encoding, *suffix;
    } variants[] = {{"br", "br"}, {"gzip", "gz"}};

    src->fd = -1;
    rt_accept accept = {0};
    if (precompressed)
        accept = rt_accept_of(req, RT_ACCEPT_ENCODING);
    for (size_t i = 0; accept.len > 0 && i < RT_COUNT(variants); i++) {
        rt_str encoding = rt_str_from(variants[i].encoding);
        if (rt_accept_quality(&accept, encoding) <= 0)
            continue;
        rt_str variant =
            rt_format(req->arena, "{}.{}", name, variants[i].suffix);
        if (take(src, open_file(folder, variant.data))) {
            src->encoding = variants[i].encoding;
            return true;
        }
    }
    return take(src, open_file(folder, name));
}

static rt_str below_root(rt_request *req, const char *path)
{
    if (path[0] == '/')
        return rt_str_from(path);
    return rt_format(req->arena, "{}/{}", rt_root_path(rt_app_of(req)), path);
}

static rt_str download_name(const rt_file_options *options, rt_str path)
{
    return options->download_name ? rt_str_from(options->download_name)
                                  : last_part(path);
}

rt_response *rt_file_send(rt_request *req, const char *path,
                          const rt_file_options *options)
{
    rt_str full = below_root(req, path);
    source src = {.path = full, .name = download_name(options, full)};

    check_options(req, options);
    if (!open_source(req, &src, open_plain, NULL, full.data,
                     options->precompressed)) {
        const char *why = strerror(errno);
        rt__fail(req, "{}rt_send_file: cannot open {!r}: {}",
                 rt__place(req, options->site), full, why);
    }
    return respond(req, &src, options);
}

rt_response *rt_file_send_bytes(rt_request *req, rt_str bytes,
                                const rt_file_options *options)
{
    source src = {.fd = -1,
                  .bytes = bytes,
                  .name = rt_str_from(options->download_name)};

    check_options(req, options);
    if (!options->type && !options->download_name)
        rt__fail(req,
                 "{}rt_send_bytes: bytes have no name to guess a type from; "
                 "give them a .type or a .download_name",
                 rt__place(req, options->site));
    if (options->as_attachment && !options->download_name)
        rt__fail(req, "{}rt_send_bytes: an attachment needs a .download_name",
                 rt__place(req, options->site));
    return respond(req, &src, options);
}

rt_response *rt_file_send_from(rt_request *req, const char *folder, rt_str name,
                               const rt_file_options *options)
{
    rt_str full_folder = below_root(req, folder);
    rt_str full = rt_safe_join(req->arena, full_folder, name);

    check_options(req, options);
    if (!full.data)
        rt_abort(req, 404);
    // Behind the folder stands the name, normalised: without ".." and "//".
    rt_str inside = rt_str_slice(full, full_folder.len, SIZE_MAX);
    while (rt_str_skip(&inside, RT_STR("/")))
        continue;
    source src = {.path = full, .name = download_name(options, full)};
    if (inside.len == 0 ||
        !open_source(req, &src, rt__open_beneath, full_folder.data,
                     rt_str_cstr(req->arena, inside), options->precompressed))
        rt_abort(req, 404);
    return respond(req, &src, options);
}

// ---- static folders ------------------------------------------------------------

typedef struct static_folder {
    const char *folder;
    rt_file_options options;
} static_folder;

// What a file's URL changes with: its time and size. `data` is NULL when there
// is no such file.
static rt_str fingerprint(rt_request *req, const static_folder *s, rt_str name)
{
    rt_str path = rt_safe_join(req->arena, below_root(req, s->folder), name);
    struct stat st;

    if (!path.data || stat(path.data, &st) != 0 || !S_ISREG(st.st_mode))
        return (rt_str){0};
    rt_str text = rt_format(req->arena, "{} {} {}", (int64_t)st.st_mtim.tv_sec,
                            (int64_t)st.st_mtim.tv_nsec, (int64_t)st.st_size);
    return rt_str_slice(rt_etag_of_bytes(req->arena, text), 0, 10);
}

// A URL with a fingerprint names this version alone, which may be kept forever.
static bool is_pinned(rt_request *req, const static_folder *s, rt_str name)
{
    if (!req->query.len)
        return false;
    const char *asked = rt_query_get(req, "v", NULL);
    rt_str now = asked ? fingerprint(req, s, name) : (rt_str){0};
    return now.data && rt_str_eq(now, rt_str_from(asked));
}

#define PINNED_SECONDS 31536000 // a year, the longest there is a use for

static rt_response *static_file(rt_request *req)
{
    const static_folder *s = rt_route_arg(req);
    rt_str name = rt_value_as_str(rt_arg(req, "filename"));
    // Before the file is open: a query that is malformed ends the request.
    bool pinned = is_pinned(req, s, name);
    rt_response *response =
        rt_file_send_from(req, s->folder, name, &s->options);
    if (!pinned)
        return response;
    rt_remove_header(response, "Expires"); // max-age says it
    return rt_cache_control(response, .public_ = true, .immutable = true,
                            .max_age = RT_SECONDS(PINNED_SECONDS));
}

const char *rt_static_url(rt_request *req, const char *endpoint,
                          const char *filename)
{
    const rt__route *route =
        rt_map_get(&rt_app_of(req)->endpoints, rt_str_from(endpoint));
    if (!route || route->view.fn != (rt_any_fn)static_file)
        rt__fail(req, "rt_static_url: {!r} is no static folder", endpoint);
    rt_str version = fingerprint(req, route->arg, rt_str_from(filename));
    if (!version.data)
        return rt_url_for(req, endpoint, "filename", filename);
    return rt_url_for(req, endpoint, "filename", filename, "v", version);
}

void rt__scope_add_static(rt_scope *scope, const char *prefix,
                          const char *endpoint, const char *folder,
                          const rt_file_options *options, rt_site site)
{
    static_folder *s = rt_new(scope->arena, static_folder, 1);
    s->folder = rt_str_cstr(scope->arena, rt_str_from(folder));
    s->options = *options;
    rt_scope_add_route(
        scope, rt_format(scope->arena, "{}/<path:filename>", prefix).data,
        RT_VIEW(static_file),
        &(rt_route_options){.endpoint = endpoint, .arg = s, .site = site});
}

void rt_scope_add_static(rt_scope *scope, const char *prefix,
                         const char *folder, const rt_file_options *options,
                         rt_site site)
{
    rt_str path = rt_str_from(prefix);

    rt__scope_check_open(scope, site, "rt_static");
    if (path.len < 2 || path.data[0] != '/' || path.data[path.len - 1] == '/')
        rt_misuse(site,
                  "rt_static: prefix \"%s\" must begin with a slash and not "
                  "end with one",
                  prefix ? prefix : "");
    if (!folder || !*folder)
        rt_misuse(site, "rt_static: \"%s\" needs a folder", prefix);
    rt__scope_add_static(scope, prefix,
                         rt_str_cstr(scope->arena, last_part(path)), folder,
                         options, site);
}

// "" is the root: what no other rule has.
static const char *static_prefix(rt_app *app)
{
    const char *path = app->options.static_url_path;
    if (!path)
        return "/static";
    if (*path && *path != '/')
        rt_misuse(app->options.site,
                  "rt_app_new: .static_url_path \"%s\" must begin with a slash",
                  path);
    rt_str prefix = rt_str_from(path);
    while (rt_str_ends_with(prefix, RT_STR("/")))
        prefix.len--;
    return rt_str_cstr(&app->arena, prefix);
}

void rt__app_add_static_default(rt_app *app)
{
    const char *folder = app->options.static_folder;
    const char *prefix = static_prefix(app);
    struct stat st;

    if (folder && !*folder)
        return;
    rt_str full = rt_format(&app->arena, "{}/{}", rt_root_path(app), "static");
    if (!folder && (stat(full.data, &st) != 0 || !S_ISDIR(st.st_mode)))
        return;
    rt__scope_add_static(&app->scope, prefix, "static",
                         folder ? folder : "static",
                         &(rt_file_options){.unused = 0}, app->options.site);
}
