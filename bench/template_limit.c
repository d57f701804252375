// part of: template
//
// The limit of bench/template.py: a program written by hand for the three pages
// of bench/templates. It reads the same values as the templates, asks for the
// same names, escapes what they escape and writes into one growing buffer; but
// what a template finds out when it runs, it knows.
#include <retort/base/escape.h>
#include <retort/base/hash.h>
#include <retort/base/number.h>

#include "template_run.h"

// ---- looking up and printing -----------------------------------------------------

// The names of the contexts, hashed once.
// clang-format takes the names of a line for a call, and never comes to rest.
// clang-format off
#define NAMES(X)                                                              \
    X(author) X(body) X(date) X(draft) X(fortunes) X(heading) X(id) X(kind)   \
    X(lang) X(menu) X(message) X(name) X(notices) X(path) X(posts)            \
    X(revision) X(root) X(rows) X(site) X(static) X(tags) X(text) X(title)    \
    X(total) X(user) X(year)

// clang-format on

enum {
#define NAME(name) NAME_##name,
    NAMES(NAME)
#undef NAME
};

static struct {
    rt_str text;
    uint64_t hash;
} names[] = {

#define NAME(name) {.text = {#name, sizeof #name - 1}},
    NAMES(NAME)
#undef NAME
};

static rt_value get_named(rt_value dict, size_t n)
{
    const rt_dict_entry *e =
        rt_dict_find_hashed(dict, names[n].text, names[n].hash);
    return e ? e->value : rt_value_undefined();
}

#define GET(dict, name) get_named(dict, NAME_##name)
#define LITERAL(text)   rt_buf_put_bytes(out, text, sizeof text - 1)
#define PRINT(text, v)  (LITERAL(text), print(out, v))

static void print(rt_buf *out, rt_value v)
{
    switch (rt_value_kind(v)) {
    case RT_STRING: rt_buf_put_html(out, (rt_str){v.as.text, v.len}); return;
    case RT_INT: rt_buf_put_int(out, v.as.integer); return;
    case RT_FLOAT: rt_buf_put_double(out, v.as.number); return;
    case RT_BOOL:
        if (v.as.boolean)
            LITERAL("True");
        else
            LITERAL("False");
        return;
    default: return;
    }
}

// ---- table and fortunes ------------------------------------------------------------

static void put_table(rt_buf *out, rt_value context)
{
    LITERAL("<table>\n");
    rt_list_each(row, GET(context, rows)) {
        LITERAL("<tr>");
        rt_list_each(cell, *row) {
            PRINT("<td>", *cell);
            LITERAL("</td>");
        }
        LITERAL("</tr>\n");
    }
    LITERAL("</table>");
}

static void put_fortunes(rt_buf *out, rt_value context)
{
    LITERAL("<!DOCTYPE html>\n<html>\n<head><title>Fortunes</title></head>\n"
            "<body>\n<table>\n<tr><th>id</th><th>message</th></tr>\n");
    rt_list_each(f, GET(context, fortunes)) {
        PRINT("<tr><td>", GET(*f, id));
        PRINT("</td><td>", GET(*f, message));
        LITERAL("</td></tr>\n");
    }
    LITERAL("</table>\n</body>\n</html>");
}

// ---- page --------------------------------------------------------------------------

static void put_nav(rt_buf *out, rt_value site, rt_value path, rt_value user)
{
    LITERAL("<nav>\n  <ul>\n");
    rt_list_each(item, GET(site, menu)) {
        rt_value to = GET(*item, path);
        LITERAL("    <li");
        if (rt_value_equal(to, path))
            LITERAL(" class=\"here\"");
        PRINT("><a href=\"", to);
        PRINT("\">", GET(*item, title));
        LITERAL("</a></li>\n");
    }
    if (rt_value_is_true(user))
        LITERAL(
            "    <li class=\"right\"><a href=\"/logout\">Log out</a></li>\n");
    else
        LITERAL("    <li class=\"right\"><a href=\"/login\">Log in</a></li>\n");
    LITERAL("  </ul>\n</nav>");
}

static void put_head(rt_buf *out, rt_value context, rt_value site,
                     rt_value user)
{
    PRINT("<!doctype html>\n<html lang=\"", GET(context, lang));
    PRINT("\">\n<head>\n  <meta charset=\"utf-8\">\n"
          "  <meta name=\"viewport\" content=\"width=device-width, "
          "initial-scale=1\">\n  <title>",
          GET(context, heading));
    PRINT(" - ", GET(site, name));
    PRINT("</title>\n  <link rel=\"stylesheet\" href=\"", GET(site, static));
    PRINT("/main.css?v=", GET(site, revision));
    PRINT("\">\n</head>\n<body>\n<header>\n  <h1><a href=\"", GET(site, root));
    PRINT("\">", GET(site, name));
    LITERAL("</a></h1>\n");
    put_nav(out, site, GET(context, path), user);
    LITERAL("</header>\n");
}

static void put_notices(rt_buf *out, rt_value notices)
{
    if (!rt_value_is_true(notices))
        return;
    LITERAL("<ul class=\"notices\">\n");
    rt_list_each(n, notices) {
        rt_value kind = GET(*n, kind);
        if (kind.kind == RT_UNDEFINED)
            kind = rt_value_str(RT_STR("info"));
        PRINT("  <li class=\"", kind);
        PRINT("\">", GET(*n, text));
        LITERAL("</li>\n");
    }
    LITERAL("</ul>\n");
}

static void put_tags(rt_buf *out, rt_value tags)
{
    size_t left = rt_list_len(tags);
    rt_list_each(t, tags) {
        PRINT("<a class=\"tag\" href=\"/tag/", *t);
        PRINT("\">", *t);
        LITERAL("</a>");
        if (--left)
            LITERAL(", ");
    }
}

static void put_post(rt_buf *out, rt_value post, size_t index, rt_value user)
{
    rt_value id = GET(post, id), author = GET(post, author);
    PRINT("<article id=\"post-", id);
    LITERAL("\" class=\"");
    if (index % 2)
        LITERAL("odd");
    else
        LITERAL("even");
    LITERAL("\">\n  <h3>");
    rt_buf_put_uint(out, index);
    PRINT(". <a href=\"/post/", id);
    PRINT("\">", GET(post, title));
    PRINT("</a></h3>\n  <p class=\"meta\">by ", GET(author, name));
    PRINT(" on ", GET(post, date));
    if (rt_value_equal(GET(author, id), GET(user, id))) {
        PRINT(" <a href=\"/post/", id);
        LITERAL("/edit\">edit</a>");
    }
    PRINT("</p>\n  <p>", GET(post, body));
    LITERAL("</p>\n  <p class=\"tags\">");
    put_tags(out, GET(post, tags));
    LITERAL("</p>\n</article>\n");
}

static void put_field(rt_buf *out, const char *name, const char *label,
                      rt_value value, const char *type)
{
    PRINT("  <p><label for=\"", rt_value_cstr(name));
    PRINT("\">", rt_value_cstr(label));
    PRINT("</label>\n  <input type=\"", rt_value_cstr(type));
    PRINT("\" id=\"", rt_value_cstr(name));
    PRINT("\" name=\"", rt_value_cstr(name));
    LITERAL("\"");
    if (rt_value_is_true(value)) {
        PRINT(" value=\"", value);
        LITERAL("\"");
    }
    LITERAL("></p>\n");
}

// The heading of the workload has no letters beyond ASCII.
static void put_upper(rt_buf *out, rt_value v)
{
    char upper[256];
    size_t len = v.len < sizeof upper ? v.len : sizeof upper;
    for (size_t i = 0; i < len; i++)
        upper[i] = rt_to_upper(v.as.text[i]);
    rt_buf_put_html(out, (rt_str){upper, len});
}

static void put_main(rt_buf *out, rt_value context, rt_value user)
{
    rt_value posts = GET(context, posts), draft = GET(context, draft);
    size_t index = 0;
    LITERAL("<main>\n<h2>");
    put_upper(out, GET(context, heading));
    LITERAL("</h2>\n");
    rt_list_each(post, posts) {
        index++;
        put_post(out, *post, index, user);
    }
    if (!index)
        LITERAL("<p>No posts.</p>\n");
    LITERAL("<p>");
    rt_buf_put_uint(out, rt_list_len(posts));
    PRINT(" posts, ", GET(context, total));
    LITERAL(" words.</p>\n<form method=\"post\" action=\"/post\">\n");
    put_field(out, "title", "Title", GET(draft, title), "text");
    LITERAL("\n");
    put_field(out, "mail", "E-mail", rt_value_undefined(), "email");
    PRINT("\n  <p><textarea name=\"body\">", GET(draft, body));
    LITERAL("</textarea></p>\n"
            "  <p><input type=\"submit\" value=\"Send\"></p>\n"
            "</form>\n</main>\n");
}

static void put_page(rt_buf *out, rt_value context)
{
    rt_value site = GET(context, site), user = GET(context, user);
    put_head(out, context, site, user);
    put_notices(out, GET(context, notices));
    put_main(out, context, user);
    PRINT("<footer>\n  <p>&copy; ", GET(site, year));
    PRINT(" ", GET(site, name));
    if (rt_value_is_true(user)) {
        PRINT(", signed in as <b>", GET(user, name));
        LITERAL("</b>");
    }
    PRINT("</p>\n</footer>\n<script src=\"", GET(site, static));
    PRINT("/app.js?v=", GET(site, revision));
    LITERAL("\" defer></script>\n</body>\n</html>");
}

// ---- commands ------------------------------------------------------------------------

static void render(const workload *w, rt_buf *out)
{
    switch (w->name[0]) {
    case 't': put_table(out, w->context); return;
    case 'p': put_page(out, w->context); return;
    default: put_fortunes(out, w->context); return;
    }
}

int main(int argc, char **argv)
{
    char command[16], name[16];
    long times;
    rt_arena arena = {0};
    rt_buf out;
    if (argc != 2)
        fail("bench_template_limit", "which folder?");
    for (size_t i = 0; i < RT_COUNT(names); i++)
        names[i].hash = rt_hash_bytes(names[i].text.data, names[i].text.len);
    read_contexts(&arena, argv[1]);
    rt_buf_init(&out, &arena);
    while (scanf("%15s %15s %ld", command, name, &times) == 3) {
        run_command(command, find_workload(name), times, &out);
        fflush(stdout);
    }
    rt_arena_deinit(&arena);
    return 0;
}
