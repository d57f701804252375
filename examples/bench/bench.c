// What servers are measured with: `/plaintext` and `/json` as TechEmpower
// defines them, and one rule for each other way a request can go.
//
//     script/run bench --workers 1
//     curl -i http://127.0.0.1:5000/plaintext
//
// With `--database URL` first also TechEmpower's database tests, database.c.
#include "bench.h"

#include <string.h>

#define SLOW_MS 1000
#define PIECES  8

// TechEmpower asks for a Server header; Date comes by itself. Both parts are
// literals, so unlike with rt_set_header nothing is checked or copied.
rt_response *bench_named(rt_response *response)
{
    rt_headers_push(&response->headers, response->request->arena,
                    RT_STR("Server"), RT_STR("Retort"));
    return response;
}

static rt_response *plaintext(rt_request *req)
{
    return bench_named(rt_text(req, "Hello, World!"));
}

static rt_response *json(rt_request *req)
{
    return bench_named(rt_json(req, "message", "Hello, World!"));
}

// Send the body back under the type it came with.
static rt_response *echo(rt_request *req)
{
    const char *type = rt_header_get(req, "Content-Type", NULL);
    return rt_bytes(req, rt_body(req), type);
}

// Waiting costs a coroutine and no thread: a worker with hundreds of these
// still answers everything else at once.
static rt_response *slow(rt_request *req)
{
    rt_sleep(SLOW_MS);
    return rt_text(req, "Hello, late World!");
}

static void write_pieces(rt_writer *out, void *arg)
{
    (void)arg;
    for (int i = 1; i <= PIECES; i++)
        rt_write_format(out, "piece {} of {}\n", i, PIECES);
}

static rt_response *stream(rt_request *req)
{
    return rt_stream(req, "text/plain", write_pieces, NULL);
}

static rt_response *no_content(rt_request *req)
{
    return rt_empty(req, 204);
}

// From disk, as a style sheet or a picture would be.
static rt_response *file(rt_request *req)
{
    return rt_send_file(req, "file.txt");
}

// Take `--database URL` out of the arguments; NULL where it is not given.
static const char *take_database(int *argc, char **argv)
{
    for (int i = 1; i + 1 < *argc; i++)
        if (strcmp(argv[i], "--database") == 0) {
            const char *url = argv[i + 1];
            memmove(argv + i, argv + i + 2,
                    (size_t)(*argc - i - 1) * sizeof *argv);
            *argc -= 2;
            return url;
        }
    return NULL;
}

int main(int argc, char **argv)
{
    const char *url = take_database(&argc, argv);
    rt_app *app = rt_app_new("bench");
    rt_get(app, "/plaintext", plaintext);
    rt_get(app, "/json", json);
    rt_post(app, "/echo", echo);
    rt_get(app, "/slow", slow);
    rt_get(app, "/stream", stream);
    rt_get(app, "/no-content", no_content);
    rt_get(app, "/file", file);
    if (url)
        bench_add_database(app, url);
    return rt_main(app, argc, argv);
}
