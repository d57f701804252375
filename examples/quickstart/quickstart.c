// A note board: a web page, a JSON API for it, and each feature of Retort once.
//
//     script/run                          then open http://127.0.0.1:5000
//     build/release/examples/quickstart/quickstart check
//
// The notes live in the memory of the worker, where nothing has to be locked,
// because a worker runs one request at a time. They end with it, and with
// several workers each has notes of its own; so main() asks for one unless the
// command line or the environment says otherwise. docs/quickstart.md walks
// through this file.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <retort.h>
#include <retort/base/time.h>

#define NOTES_MAX    60 // the oldest falls off the board
#define AUTHOR_BYTES 160
#define TEXT_BYTES   1200
#define THEME_DAYS   INT64_C(365)

// ---- the notes ------------------------------------------------------------

typedef struct note {
    int64_t id; // 0: a free place
    int64_t likes;
    int64_t created_us;
    char author[AUTHOR_BYTES + 1];
    char text[TEXT_BYTES + 1];
} note;

// Note `id` stands at id % NOTES_MAX.
static note notes[NOTES_MAX];
static int64_t last_id;
static int64_t requests_served;

static note *find_note(int64_t id)
{
    note *n = id > 0 ? &notes[id % NOTES_MAX] : NULL;
    return n && n->id == id ? n : NULL;
}

static void set_text(char *to, const char *text, size_t bytes)
{
    snprintf(to, bytes + 1, "%s", text);
}

static note *add_note(const char *author, const char *text)
{
    note *n = &notes[++last_id % NOTES_MAX];
    *n = (note){.id = last_id, .created_us = rt_time_now()};
    set_text(n->author, author, AUTHOR_BYTES);
    set_text(n->text, text, TEXT_BYTES);
    return n;
}

// Step through the notes, newest first: start with NULL.
static note *next_note(const note *n)
{
    int64_t id = n ? n->id : last_id + 1;
    while (--id > 0 && id > last_id - NOTES_MAX)
        if (find_note(id))
            return find_note(id);
    return NULL;
}

static void start_worker(rt_app *app, void *arg)
{
    (void)app;
    (void)arg;
    add_note("Retort", "A view is a function. Its parameters are the rule's.");
    add_note("Ada", "This note was kept warm in the memory of a worker.");
    add_note("Brian", "hello, world");
}

// ---- the page -------------------------------------------------------------

static const char style[] =
    ":root{--paper:#f6f1e7;--card:#fffdf8;--ink:#2b2a33;--soft:#7c7565;"
    "--line:#e4dbc8;--accent:#b4532a}\n"
    "[data-theme=dark]{--paper:#1e1f26;--card:#282a33;--ink:#ece8df;"
    "--soft:#9b98a3;--line:#3a3c47;--accent:#f0a36b}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0 auto;max-width:64rem;padding:2rem 1.25rem;color:var(--ink);"
    "background:var(--paper);font:1rem/1.55 system-ui,sans-serif}\n"
    "a{color:var(--accent);text-decoration:none}a:hover"
    "{text-decoration:underline}\n"
    "header{display:flex;align-items:center;gap:.8rem}\n"
    "header img{width:2.6rem}h1{margin:0 auto 0 0;font-size:1.7rem;"
    "letter-spacing:-.02em}h1 a{color:inherit}\n"
    "form{display:flex;flex-wrap:wrap;gap:.6rem;margin:1.6rem 0 0}\n"
    "input,button{font:inherit;color:inherit;padding:.55rem .8rem;border:1px "
    "solid var(--line);border-radius:.5rem;background:var(--card)}\n"
    "input:focus{outline:2px solid var(--accent);outline-offset:-1px}\n"
    "input{flex:1 1 9rem;min-width:0}.wide{flex:4 1 16rem}"
    ".find{margin:0;max-width:14rem}button{cursor:pointer}\n"
    "form button{background:var(--accent);border-color:var(--accent);"
    "color:var(--card);font-weight:600}\n"
    ".board{display:grid;grid-template-columns:repeat(auto-fill,minmax(15rem,"
    "1fr));gap:1rem;margin:1.6rem 0;padding:0;list-style:none}\n"
    ".board li{display:flex;flex-direction:column;background:var(--card);"
    "border:1px solid var(--line);border-radius:.8rem;padding:1rem 1.1rem;"
    "box-shadow:0 1px 3px #0000000f}\n"
    ".board p{flex:1;margin:0 0 .8rem;font-size:1.1rem;overflow-wrap:anywhere}"
    "\n.board small,footer,.tour{color:var(--soft)}\n"
    ".board small{display:flex;gap:.5rem;align-items:center;flex-wrap:wrap}\n"
    ".board button{margin-left:auto;padding:.05rem .6rem;font-size:.85rem}\n"
    ".board button+button{margin-left:0}\n"
    ".tour{border-top:1px solid var(--line);padding-top:1rem;columns:18rem 2}\n"
    ".tour p{margin:0 0 .4rem;break-inside:avoid}footer{margin-top:1.5rem;"
    "font-size:.9rem}\n";

// What the page does beyond links: it speaks to the JSON API.
static const char script[] =
    "const ask = async (method, path, body) => {\n"
    "  const reply = await fetch('/api/notes' + path, {method,\n"
    "    headers: body && {'Content-Type': 'application/json'},\n"
    "    body: body && JSON.stringify(body)});\n"
    "  if (!reply.ok) return alert((await reply.json()).error);\n"
    "  location.reload();\n"
    "};\n"
    "document.getElementById('write').onsubmit = event => {\n"
    "  event.preventDefault();\n"
    "  ask('POST', '', Object.fromEntries(new FormData(event.target)));\n"
    "};\n"
    "for (const b of document.querySelectorAll('[data-method]'))\n"
    "  b.onclick = () => ask(b.dataset.method, b.dataset.path);\n";

static const char icon[] =
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'>"
    "<circle cx='13' cy='20' r='10' fill='#f0a36b'/>"
    "<path d='M4 22a9 9 0 0 0 18 0z' fill='#b4532a'/>"
    "<path d='M13 11c1-7 9-8 17-4l-1 3c-6-3-8-1-8 4z' fill='#f0a36b'/>"
    "<circle cx='10' cy='25' r='1.4' fill='#fff'/>"
    "<circle cx='15' cy='24' r='1' fill='#fff'/></svg>\n";

// The parts that change: theme, search, notes, tour, visits, worker, request,
// the other theme's URL and name. Values are escaped unless they are safe.
#define PAGE                                                                \
    "<!doctype html>\n<html lang=en data-theme=\"{}\">\n"                   \
    "<meta charset=utf-8>\n"                                                \
    "<meta name=viewport content=\"width=device-width\">\n"                 \
    "<title>Note board</title>\n"                                           \
    "<link rel=icon href=/icon.svg>\n"                                      \
    "<link rel=stylesheet href=/style.css>\n"                               \
    "<header><img src=/icon.svg alt=\"\"><h1><a href=/>Note board</a></h1>" \
    "<form class=find><input name=q value=\"{}\" placeholder=Search "       \
    "aria-label=Search></form></header>\n"                                  \
    "<form id=write><input name=author placeholder=\"Your name\" "          \
    "maxlength=40 required><input class=wide name=text maxlength=280 "      \
    "placeholder=\"What is on your mind?\" required>"                       \
    "<button>Pin it</button></form>\n"                                      \
    "<ul class=board>\n{}</ul>\n<div class=tour>{}</div>\n"                 \
    "<footer>Your visit {} &middot; worker {}, request {} &middot; "        \
    "<a href=\"{}\">{} theme</a></footer>\n<script src=/board.js></script>\n"

#define CARD                                                           \
    "<li><p>{}</p><small><a href=\"{}\">{}</a> {}<button "             \
    "data-method=POST data-path=/{}/likes>&#9829; {}</button><button " \
    "data-method=DELETE data-path=/{} title=Remove>&#215;</button></small>\n"

static rt_value escaped(rt_request *req, const char *text)
{
    return rt_value_safe(rt_html_escape(rt_arena_of(req), rt_str_from(text)));
}

static void put_card(rt_request *req, rt_buf *out, const note *n)
{
    const char *author = n->author;
    rt_buf date;
    rt_buf_init(&date, rt_arena_of(req));
    rt_time_put_iso(&date, n->created_us - n->created_us % RT_TIME_SECOND);
    rt_str minute = rt_str_slice(rt_buf_str(&date), 11, 5);

    rt_buf_format(out, CARD, escaped(req, n->text),
                  escaped(req, rt_url_for(req, "by_author", "author", author)),
                  escaped(req, author), minute, n->id, n->likes, n->id);
}

// What else there is to try: a URL, and what it shows.
static const char *const tour[][2] = {
    {"/hello/world", "a text in the URL becomes a parameter of the view"},
    {"/notes/1", "an integer does, or the answer is 404"},
    {"/circle/2.5", "a float, and an answer as JSON"},
    {"/uuid/6b1f0c56-8d3a-4c0e-9d56-0b6f3c1f2a10", "any value"},
    {"/?q=view", "a field of the query"},
    {"/api/notes?limit=2", "another application, mounted below /api"},
    {"/countdown/5", "a stream that waits without holding the others up"},
    {"/together", "three waits at once, on coroutines of one request"},
    {"/status", "a file, closed by a defer"},
    {"/nowhere", "an error handler"},
};

static rt_value tour_links(rt_request *req)
{
    rt_buf out;
    rt_buf_init(&out, rt_arena_of(req));
    for (size_t i = 0; i < RT_COUNT(tour); i++)
        rt_buf_format(&out, "<p><a href=\"{}\">{}</a><br>{}\n", tour[i][0],
                      tour[i][0], tour[i][1]);
    return rt_value_safe(rt_buf_str(&out));
}

// ---- views of the page ----------------------------------------------------

// The board with the notes of one author, or of all (NULL), that contain `q`.
static rt_response *board(rt_request *req, const char *author, const char *q)
{
    const char *theme = rt_cookie_get(req, "theme", "light");
    const char *other = strcmp(theme, "dark") == 0 ? "light" : "dark";
    rt_buf cards;
    rt_buf_init(&cards, rt_arena_of(req));
    for (note *n = next_note(NULL); n; n = next_note(n))
        if ((!author || strcmp(n->author, author) == 0) &&
            strcasestr(n->text, q))
            put_card(req, &cards, n);

    return rt_html(req, PAGE, theme, q, rt_value_safe(rt_buf_str(&cards)),
                   tour_links(req), rt_g_get(req, "visits"), getpid(),
                   requests_served, rt_url_for(req, "set_theme", "name", other),
                   other);
}

static rt_response *home(rt_request *req)
{
    return board(req, NULL, rt_query_get(req, "q", ""));
}

static rt_response *by_author(rt_request *req, const char *author)
{
    return board(req, author, "");
}

static rt_response *show_note(rt_request *req, int64_t id)
{
    const note *n = find_note(id);
    if (!n)
        rt_abort(req, 404, "There is no note {}.", id); // does not return
    return rt_text(req, "{}: {}\n", (const char *)n->author,
                   (const char *)n->text);
}

// Responses are adorned by setters, which return them.
static rt_response *set_theme(rt_request *req, const char *name)
{
    rt_response *response = rt_redirect(req, rt_url_for(req, "home"));
    return rt_set_cookie(response, "theme", name,
                         .max_age_s = THEME_DAYS * 24 * 3600, .httponly = true,
                         .samesite = RT_SAMESITE_LAX);
}

// Constant bytes; which ones, the route says.
typedef struct asset {
    const char *rule;
    const char *type;
    rt_str bytes;
} asset;

static asset assets[] = {
    {"/style.css", "text/css", {style, sizeof style - 1}},
    {"/board.js", "text/javascript", {script, sizeof script - 1}},
    {"/icon.svg", "image/svg+xml", {icon, sizeof icon - 1}},
};

static rt_response *send_asset(rt_request *req)
{
    const asset *a = rt_route_arg(req);
    return rt_set_header(rt_bytes(req, a->bytes, a->type), "Cache-Control",
                         "max-age=60");
}

// ---- the tour -------------------------------------------------------------

static rt_response *hello(rt_request *req, const char *name)
{
    return rt_text(req, "Hello {}! You came with {}.\n", name,
                   rt_header_get(req, "User-Agent", "no name"));
}

static rt_response *circle(rt_request *req, double radius)
{
    return rt_json(req, "radius", radius, "area", 3.14159265 * radius * radius);
}

static rt_response *show_uuid(rt_request *req, rt_value id)
{
    return rt_text(req, "{} is a UUID.\n", id);
}

// Runs after the head was sent. Others are served while it sleeps.
static void count_down(rt_writer *out, void *arg)
{
    for (int64_t n = *(int64_t *)arg; n > 0; n--) {
        rt_write_format(out, "{} ...\n", n);
        rt_sleep(1000);
    }
    rt_write(out, RT_STR("Lift-off!\n"));
}

static rt_response *countdown(rt_request *req, int64_t from)
{
    int64_t *n = rt_arena_copy(rt_arena_of(req), &from, sizeof from);
    return rt_stream(req, "text/plain", count_down, n);
}

static void wait_a_while(rt_request *req, void *arg)
{
    (void)req, (void)arg;
    rt_sleep(300);
}

static rt_response *together(rt_request *req)
{
    int64_t start_ms = rt_time_monotonic_ms();
    for (int i = 0; i < 3; i++)
        rt_spawn(req, wait_a_while, NULL);
    rt_spawn_wait(req);
    return rt_text(req, "Three waits of 300 ms took {} ms.\n",
                   rt_time_monotonic_ms() - start_ms);
}

static void close_file(void *file)
{
    fclose(file);
}

// What must be closed registers a defer, and then the view may leave anywhere.
static rt_response *status(rt_request *req)
{
    char *text = rt_arena_alloc(rt_arena_of(req), 4096);
    FILE *file = fopen("/proc/self/status", "r");
    if (!file)
        rt_abort(req, 503, "This system does not say.");
    rt_defer(req, close_file, file);
    size_t len = fread(text, 1, 4096, file);
    return rt_bytes(req, rt_str_of(text, len), "text/plain");
}

// A body is pulled piece by piece, so it may be larger than memory:
//     curl --data-binary @file http://127.0.0.1:5000/count
static rt_response *count_body(rt_request *req)
{
    int64_t bytes = 0, lines = 0;
    for (rt_str piece; (piece = rt_body_read(req)).len > 0;) {
        bytes += (int64_t)piece.len;
        for (size_t i = 0; i < piece.len; i++)
            lines += piece.data[i] == '\n';
    }
    return rt_json(req, "bytes", bytes, "lines", lines);
}

// ---- hooks ----------------------------------------------------------------

// Before each request: what the views will want to know goes into `g`.
static rt_response *count_visit(rt_request *req, void *arg)
{
    int64_t visits = 0;
    (void)arg;
    rt_str_parse_int(rt_str_from(rt_cookie_get(req, "visits", "0")), &visits);
    if (visits < 0 || visits > 1000000) // a client may send what it likes
        visits = 0;
    rt_g_set(req, "visits", visits + 1);
    return NULL; // carry on
}

static rt_response *remember_visit(rt_request *req, rt_response *response,
                                   void *arg)
{
    const char *endpoint = rt_endpoint(req);
    (void)arg;
    if (endpoint && strcmp(endpoint, "home") == 0)
        rt_set_cookie(response, "visits",
                      rt_value_as_cstr(rt_arena_of(req),
                                       rt_g_get(req, "visits")),
                      .httponly = true, .samesite = RT_SAMESITE_LAX);
    return response;
}

static void count_request(rt_request *req, const rt_http_error *error,
                          void *arg)
{
    (void)req;
    (void)error;
    (void)arg;
    requests_served++;
}

static rt_response *not_found(rt_request *req, const rt_http_error *error,
                              void *arg)
{
    (void)arg;
    return rt_set_status(
        rt_html(req,
                "<!doctype html>\n<html lang=en>\n<title>Not found</title>\n"
                "<link rel=stylesheet href=/style.css>\n<h1>Not here</h1>\n"
                "<p>{}\n<p><a href=\"{}\">Back to the board</a>\n",
                error->message, rt_url_for(req, "home")),
        404);
}

// Middleware sees every request, those of mounted applications too.
static rt_response *add_safe_headers(rt_request *req, const rt_gateway *next,
                                     void *arg)
{
    rt_response *response = rt_gateway_call(next, req);
    (void)arg;
    rt_set_header(response, "X-Content-Type-Options", "nosniff");
    return rt_set_header(response, "Content-Security-Policy",
                         "default-src 'self'");
}

// ---- the JSON API ---------------------------------------------------------

static rt_value note_value(rt_request *req, const note *n)
{
    const char *author = n->author, *text = n->text;
    return rt_dict(req, "id", n->id, "author", author, "text", text, "likes",
                   n->likes, "created", rt_value_date(n->created_us));
}

// A member of the JSON body, or 400.
static const char *need(rt_request *req, const char *name, size_t bytes)
{
    rt_value member = rt_dict_get_str(rt_json_body(req), rt_str_from(name));
    rt_str text = rt_value_as_str(member);
    if (!text.len)
        rt_abort(req, 400, "{!r} is missing", name);
    if (text.len > bytes)
        rt_abort(req, 400, "{!r} is longer than {} bytes", name, bytes);
    return rt_value_as_cstr(rt_arena_of(req), member);
}

// Runs before the views whose rule names a note, and hands it to them.
static rt_response *load_note(rt_request *req, void *arg)
{
    int64_t id = rt_value_as_int(rt_arg(req, "id"), 0);
    note *n = find_note(id);
    (void)arg;
    if (!n)
        rt_abort(req, 404, "there is no note {}", id);
    rt_local_set(req, "note", n);
    return NULL;
}

static rt_response *api_list(rt_request *req)
{
    int64_t left = rt_query_int(req, "limit", NOTES_MAX);
    rt_value list = rt_list_new(rt_arena_of(req));
    for (note *n = next_note(NULL); n && left-- > 0; n = next_note(n))
        (void)rt_list_push(list, note_value(req, n));
    return rt_json(req, "notes", list, "last", last_id);
}

static rt_response *api_create(rt_request *req)
{
    note *n = add_note(need(req, "author", AUTHOR_BYTES),
                       need(req, "text", TEXT_BYTES));
    rt_response *response = rt_json_value(req, note_value(req, n));
    rt_set_header(response, "Location",
                  rt_url_for(req, "api_show", "id", n->id));
    return rt_set_status(response, 201);
}

static rt_response *api_show(rt_request *req)
{
    return rt_json_value(req, note_value(req, rt_local_get(req, "note")));
}

static rt_response *api_replace(rt_request *req)
{
    note *n = rt_local_get(req, "note");
    const char *author = need(req, "author", AUTHOR_BYTES);
    set_text(n->text, need(req, "text", TEXT_BYTES), TEXT_BYTES);
    set_text(n->author, author, AUTHOR_BYTES);
    return api_show(req);
}

static rt_response *api_change(rt_request *req)
{
    note *n = rt_local_get(req, "note");
    set_text(n->text, need(req, "text", TEXT_BYTES), TEXT_BYTES);
    return api_show(req);
}

static rt_response *api_remove(rt_request *req)
{
    note *n = rt_local_get(req, "note");
    n->id = 0;
    return rt_empty(req, 204);
}

static rt_response *api_likes(rt_request *req)
{
    note *n = rt_local_get(req, "note");
    n->likes += rt_is_post(req);
    return rt_json(req, "likes", n->likes);
}

static rt_response *json_error(rt_request *req, const rt_http_error *error,
                               void *arg)
{
    (void)arg;
    return rt_set_status(rt_json(req, "error", error->message, "status",
                                 error->status),
                         error->status);
}

static rt_app *make_api(void)
{
    rt_before_fn *const *with_note = RT_HOOKS(load_note);
    rt_app *api = rt_app_new("api", .max_body = 65536);

    rt_get(api, "/notes", api_list);
    rt_post(api, "/notes", api_create);
    rt_get(api, "/notes/<int:id>", api_show, .before = with_note);
    rt_put(api, "/notes/<int:id>", api_replace, .before = with_note);
    rt_patch(api, "/notes/<int:id>", api_change, .before = with_note);
    rt_delete(api, "/notes/<int:id>", api_remove, .before = with_note);
    rt_route(api, "/notes/<int:id>/likes", api_likes, .methods = "GET POST",
             .before = with_note);
    rt_error_handler(api, 0, json_error); // all of them
    return api;
}

// ---- the application ------------------------------------------------------

static rt_app *make_app(void)
{
    rt_app *app = rt_app_new("quickstart");

    rt_get(app, "/", home);
    rt_get(app, "/by/<author>", by_author);
    rt_get(app, "/notes/<int:id>", show_note);
    rt_get(app, "/theme/<any(light, dark):name>", set_theme);
    for (size_t i = 0; i < RT_COUNT(assets); i++)
        rt_get(app, assets[i].rule, send_asset, .arg = &assets[i]);

    rt_get(app, "/hello/<name>", hello);
    rt_get(app, "/circle/<float:radius>", circle);
    rt_get(app, "/uuid/<uuid:id>", show_uuid);
    rt_get(app, "/countdown/<int(max=10):from>", countdown);
    rt_get(app, "/together", together);
    rt_get(app, "/status", status);
    rt_post(app, "/count", count_body, .max_body = RT_BODY_UNLIMITED);

    rt_before_request(app, count_visit);
    rt_after_request(app, remember_visit);
    rt_teardown_request(app, count_request);
    rt_error_handler(app, 404, not_found);
    rt_on_worker_start(app, start_worker);

    rt_mount(app, "/api", rt_app_gateway(make_api()));
    rt_use(app, add_safe_headers);
    return app;
}

// ---- the check ------------------------------------------------------------

// Requests and what must come back; a body is JSON.
static const struct {
    const char *method, *url, *body;
    int status;
    const char *contains;
} checks[] = {
    {"GET", "/", NULL, 200, "hello, world"},
    {"GET", "/?q=WARM", NULL, 200, "Ada"},
    {"GET", "/by/Ada", NULL, 200, "kept warm"},
    {"GET", "/notes/3", NULL, 200, "Brian: hello, world"},
    {"GET", "/notes/99", NULL, 404, "There is no note 99."},
    {"GET", "/style.css", NULL, 200, ".board"},
    {"GET", "/theme/dark", NULL, 200, "data-theme=\"dark\""},
    {"GET", "/hello/wide%20world", NULL, 200, "Hello wide world!"},
    {"GET", "/circle/2.0", NULL, 200, "12.566"},
    {"GET", "/uuid/6b1f0c56-8d3a-4c0e-9d56-0b6f3c1f2a10", NULL, 200, "6b1f"},
    {"GET", "/countdown/0", NULL, 200, "Lift-off!"},
    {"GET", "/together", NULL, 200, "Three waits"},
    {"GET", "/status", NULL, 200, "VmRSS"},
    {"POST", "/count", "\"a\nb\"", 200, "\"bytes\":5,\"lines\":1"},
    {"GET", "/api/notes?limit=1", NULL, 200, "\"id\":3"},
    {"POST", "/api/notes", "{\"author\":\"Eve\",\"text\":\"<b>\"}", 201, "Eve"},
    {"GET", "/", NULL, 200, "&lt;b&gt;"},
    {"POST", "/api/notes", "{\"author\":\"Eve\"}", 400, "'text' is missing"},
    {"POST", "/api/notes", "{", 400, "error"},
    {"PATCH", "/api/notes/4", "{\"text\":\"changed\"}", 200, "changed"},
    {"PUT", "/api/notes/4", "{\"author\":\"Eva\",\"text\":\"new\"}", 200,
     "Eva"},
    {"POST", "/api/notes/4/likes", "", 200, "\"likes\":1"},
    {"DELETE", "/api/notes/4", NULL, 204, ""},
    {"GET", "/api/notes/4", NULL, 404, "there is no note 4"},
    {"DELETE", "/api/notes", NULL, 405, "error"},
};

// The test client needs no socket: it calls the application as a server does.
static int check(rt_app *app)
{
    rt_client *client = rt_client_new(app);
    int failed = 0;

    for (size_t i = 0; i < RT_COUNT(checks); i++) {
        const char *body = checks[i].body;
        rt_reply reply = rt_client_request(
            client, checks[i].method, checks[i].url, .body = rt_str_from(body),
            .type = body ? "application/json" : NULL, .follow_redirects = true);
        if (reply.status == checks[i].status &&
            strstr(reply.body.data, checks[i].contains))
            continue;
        printf("%s %s: %d, wanted %d with %s\n%.*s\n", checks[i].method,
               checks[i].url, reply.status, checks[i].status,
               checks[i].contains, RT_STR_ARG(reply.body));
        failed++;
    }
    rt_client_free(client);
    rt_app_free(app);
    printf("%d passed, %d failed, 0 skipped\n", (int)RT_COUNT(checks) - failed,
           failed);
    return failed > 0;
}

int main(int argc, char **argv)
{
    rt_app *app = make_app();

    if (argc == 2 && strcmp(argv[1], "check") == 0)
        return check(app);
    setenv("RETORT_RUN_WORKERS", "1", 0); // does not replace what is set
    return rt_main(app, argc, argv);
}
