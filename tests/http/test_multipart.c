#include <retort/base/buf.h>
#include <retort/test.h>

#include "retort/http/multipart.h"

// ---- reading ------------------------------------------------------------------

static void put_optional(rt_buf *out, const char *label, rt_str s)
{
    if (!s.data)
        return;
    rt_buf_put_cstr(out, label);
    rt_buf_put(out, s);
}

static void put_event(rt_buf *out, rt_arena *arena, rt_buf *data,
                      const rt_multipart_part *part,
                      const rt_multipart_event *event)
{
    switch (event->kind) {
    case RT_MULTIPART_PART:
        rt_buf_put_char(out, '[');
        rt_buf_put(out, part->name.data ? part->name : RT_STR("-"));
        put_optional(out, "|", part->filename);
        put_optional(out, ":", part->content_type);
        rt_buf_put_char(out, ']');
        data->len = 0;
        break;
    case RT_MULTIPART_DATA:
        CHECK(event->data.len > 0);
        rt_buf_put(data, event->data);
        break;
    case RT_MULTIPART_PART_END:
        rt_buf_put(out, rt_multipart_text(arena, part, rt_buf_str(data)));
        rt_buf_put_char(out, ';');
        break;
    case RT_MULTIPART_END: rt_buf_put_cstr(out, "end"); break;
    case RT_MULTIPART_NEED_MORE: break;
    }
}

// Decode pieces of a body with the boundary "b" and write down what comes out.
static rt_str decode(rt_arena *arena, rt_str boundary,
                     const rt_multipart_limits *limits, const rt_str *pieces,
                     size_t n)
{
    rt_multipart m;
    rt_multipart_event event;
    rt_multipart_part part = {0};
    rt_buf out, data;
    rt_buf_init(&out, arena);
    rt_buf_init(&data, arena);
    rt_status st = rt_multipart_init(&m, arena, boundary, limits);

    for (size_t i = 0; !st && i <= n; i++) {
        if (i < n) {
            rt_multipart_push(&m, pieces[i]);
        } else {
            rt_multipart_finish(&m);
        }
        do {
            st = rt_multipart_next(&m, arena, &event);
            if (event.kind == RT_MULTIPART_PART)
                part = event.part;
            if (!st)
                put_event(&out, arena, &data, &part, &event);
        } while (!st && event.kind != RT_MULTIPART_NEED_MORE &&
                 event.kind != RT_MULTIPART_END);
    }
    if (st) {
        rt_buf_put_cstr(&out, rt_status_name(st));
        CHECK(rt_multipart_next(&m, arena, &event) == st);
    }
    return rt_buf_str(&out);
}

typedef struct row {
    const char *body;
    const char *shown;
} row;

static void check_division(void *arg, const rt_str *pieces, size_t n)
{
    const row *r = arg;
    rt_arena arena = {0};
    CHECK_EQ(decode(&arena, RT_STR("b"), NULL, pieces, n),
             rt_str_from(r->shown));
    rt_arena_deinit(&arena);
}

// Each body is cut at each byte.
static void check_rows(row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        RT_CASE(rows[i].body);
        rt_test_pieces(rt_str_from(rows[i].body), check_division, &rows[i]);
    }
}

// ---- bodies -------------------------------------------------------------------

#define CD      "Content-Disposition: form-data; "
#define NAME(n) CD "name=\"" n "\"\r\n\r\n"

RT_TEST(parts_have_names_files_and_types)
{
    static row rows[] = {
        {"--b\r\n" NAME("a") "1\r\n--b\r\n" NAME("c") "2\r\n--b--\r\n",
         "[a]1;[c]2;end"},
        {"--b\r\n" CD "name=\"f\"; filename=\"x.txt\"\r\n"
         "Content-Type: text/plain\r\n\r\nline\r\n\r\n--b--",
         "[f|x.txt:text/plain]line\r\n;end"},
        {"--b\r\n" CD "name=f; filename=\"\"\r\n\r\n\r\n--b--", "[f|];end"},
        {"--b--", "end"},
        {"--b--\r\n", "end"},
        {"--b\r\nx: y\r\ncontent-DISPOSITION:form-data;name=a\r\n\r\n1\r\n--b--",
         "[a]1;end"},
        {"--b\r\n" CD "filename=x\r\n\r\n1\r\n--b--", "[-|x]1;end"},
        {"--b\r\nContent-Disposition:\r\n\r\n1\r\n--b--", "[-]1;end"},
        {"--b\r\n" CD "name=a\r\n" CD "name=c\r\n\r\n1\r\n--b--", "[a]1;end"},
        {"--b\r\nodd line\r\n: x\r\n" NAME("a") "1\r\n--b--", "[a]1;end"},
    };

    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(what_surrounds_the_parts_is_ignored)
{
    static row rows[] = {
        {"preamble\r\n--b\r\n" NAME("a") "1\r\n--b--\r\nepilogue --b\r\n",
         "[a]1;end"},
        {"text --b\r\n" NAME("a") "1\r\n--b--x", "[a]1;end"},
        {"--bx\r\n--b-\r\n--b\r\n" NAME("a") "1\r\n--b--", "[a]1;end"},
        {"--b \t\r\n" NAME("a") "1\r\n--b\v\f\r\n" NAME("c") "2\r\n--b--",
         "[a]1;[c]2;end"},
        {"----b\r\n" NAME("a") "1\r\n--b--", "[a]1;end"},
    };

    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(data_are_all_up_to_a_whole_delimiter)
{
    static row rows[] = {
        {"--b\r\n" NAME("a") "\r\n--b--", "[a];end"},
        {"--b\r\n" NAME("a") "--b--", "[a];end"}, // the head's own line break
        {"--b\r\n" NAME("a") "--b\r\n" NAME("c") "--b--", "[a];[c];end"},
        {"--b\r\n" NAME("a") "1--b--\r\n--b--", "[a]1--b--;end"},
        {"--b\r\n" NAME("a") "\r\n--bb\r\n--b-\r\n--b x\r\n--b--",
         "[a]\r\n--bb\r\n--b-\r\n--b x;end"},
        {"--b\r\n" NAME("a") "\r\r\n\n\r\n--b--", "[a]\r\r\n\n;end"},
        {"--b\r\n" NAME("a") "1\r\r\n--b--", "[a]1\r;end"},
        {"--b\r\n" NAME("a") "-\r\n-\r\n--\r\n-b\r\n--b--",
         "[a]-\r\n-\r\n--\r\n-b;end"},
        {"--b\r\n" NAME("a") "x\r\n--b\r\r\n\r\n" NAME("c") "--b--",
         "[a]x;RT_E_SYNTAX"},
    };

    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(lines_may_end_in_other_ways_than_they_should)
{
    static row rows[] = {
        {"--b\n" CD "name=a\n\n1\n--b--\n", "[a]1;end"},
        {"--b\r" CD "name=a\r\r1\r--b--\r", "[a]1;end"},
        {"--b\n" CD "name=a\r\n\r\n1\n2\n--b\r\n" NAME("c") "3\r--b--",
         "[a]1\n2;[c]3;end"},
        {"--b\n" CD "name=a\n\n--b--", "[a];end"},
        {"--b\r" CD "name=a\r\r\n1\r\n--b--", "[a]1;end"},
        {"--b\r\n" CD "name=a\r\n\n1\r\n--b--", "[a]1;end"},
        {"--b\r\n" CD "name=a\n\r\n1\r\n\r\n2\r\n--b--", "[a]2;end"},
        {"--b\r\n" CD "name=a\r\r\n--b--", "[a];end"},
    };

    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(heads_are_unfolded_and_decoded)
{
    static row rows[] = {
        {"--b\r\n" CD "\r\n\tname=a;\n filename=\"x y\"\r\n\r\n1\r\n--b--",
         "[a|x y]1;end"},
        {"--b\r\n" CD "name=a; filename*=utf-8''caf%C3%A9\r\n\r\n1\r\n--b--",
         "[a|caf\xc3\xa9]1;end"},
        {"--b\r\n" CD "name=a; filename*0=ca; filename*1=fe\r\n\r\n1\r\n--b--",
         "[a|cafe]1;end"},
        {"--b\r\n" CD "name=\"caf\xc3\xa9%22\\\"\"\r\n\r\n1\r\n--b--",
         "[caf\xc3\xa9\"\"]1;end"},
        {"--b\r\n" CD "name=a; filename=\"C:\\dir\\x.txt\"\r\n\r\n1\r\n--b--",
         "[a|C:\\dir\\x.txt]1;end"},
        {"--b\r\n" CD "name=\"\xff\"\r\n\r\n1\r\n--b--", "RT_E_SYNTAX"},
        {"--b\r\n \r\n" NAME("a") "1\r\n--b--", "[a]1;end"},
    };

    check_rows(rows, RT_COUNT(rows));
}

#define TYPED(charset)                                                  \
    "--b\r\n" CD "name=a\r\nContent-Type: text/plain; charset=" charset \
    "\r\n\r\ncaf\xc3\xa9 \xe9\r\n--b--"

RT_TEST(fields_are_read_in_the_charset_of_their_part)
{
    static row rows[] = {
        {TYPED("utf-8"),
         "[a:text/plain; charset=utf-8]caf\xc3\xa9 \xef\xbf\xbd;end"},
        {TYPED("ISO-8859-1"),
         "[a:text/plain; charset=ISO-8859-1]caf\xc3\x83\xc2\xa9 \xc3\xa9;end"},
        {TYPED("us-ascii"), "[a:text/plain; charset=us-ascii]"
                            "caf\xef\xbf\xbd\xef\xbf\xbd \xef\xbf\xbd;end"},
        {TYPED("koi8-r"),
         "[a:text/plain; charset=koi8-r]caf\xc3\xa9 \xef\xbf\xbd;end"},
    };

    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(damaged_bodies_are_told_from_whole_ones)
{
    static row rows[] = {
        {"", "RT_E_SYNTAX"},
        {"--", "RT_E_SYNTAX"},
        {"--b", "RT_E_SYNTAX"},
        {"--b-", "RT_E_SYNTAX"},
        {"--c--", "RT_E_SYNTAX"},
        {"--b\r\n", "RT_E_SYNTAX"},
        {"--b\r\n--b--", "RT_E_SYNTAX"},
        {"--b\r\n" CD "name=a", "RT_E_SYNTAX"},
        {"--b\r\nContent-Type: text/plain\r\n\r\n1\r\n--b--", "RT_E_SYNTAX"},
    };

    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(data_without_their_end_are_given_and_then_damage)
{
    rt_arena arena = {0};
    rt_multipart m;
    rt_multipart_event event;
    REQUIRE(!rt_multipart_init(&m, &arena, RT_STR("b"), NULL));

    rt_multipart_push(&m, RT_STR("--b\r\n" NAME("a") "12\r\n--"));
    CHECK(!rt_multipart_next(&m, &arena, &event));
    CHECK_EQ((int)event.kind, RT_MULTIPART_PART);
    CHECK(!rt_multipart_next(&m, &arena, &event));
    CHECK_EQ(event.data, "12");
    CHECK(!rt_multipart_next(&m, &arena, &event));
    CHECK_EQ((int)event.kind, RT_MULTIPART_NEED_MORE);
    rt_multipart_finish(&m);
    CHECK_EQ((int)rt_multipart_next(&m, &arena, &event), RT_E_SYNTAX);
    rt_arena_deinit(&arena);
}

// ---- boundaries and limits ------------------------------------------------------

RT_TEST(boundaries_of_hyphens_are_found_where_they_begin)
{
    static const struct {
        const char *boundary;
        const char *body;
        const char *shown;
    } rows[] = {
        {"-", "---\r\n" NAME("a") "1\r\n-----", "[a]1;end"},
        {"--", "----\r\n" NAME("a") "--\r\n---x\r\n------",
         "[a]--\r\n---x;end"},
        {"a b", "--a b\r\n" NAME("a") "--a\r\n--a b--", "[a]--a;end"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].body);
        rt_arena arena = {0};
        rt_str body = rt_guarded(rows[i].body);
        CHECK_EQ(decode(&arena, rt_str_from(rows[i].boundary), NULL, &body, 1),
                 rt_str_from(rows[i].shown));
        rt_arena_deinit(&arena);
    }
}

RT_TEST(a_boundary_is_short_ascii_text)
{
    rt_arena arena = {0};
    rt_buf longest;
    rt_buf_init(&longest, &arena);
    rt_buf_put_repeat(&longest, 'b', RT_MULTIPART_BOUNDARY_BYTES);
    rt_multipart m;

    CHECK(!rt_multipart_init(&m, &arena, rt_buf_str(&longest), NULL));
    rt_buf_put_char(&longest, 'b');
    CHECK(rt_multipart_init(&m, &arena, rt_buf_str(&longest), NULL) ==
          RT_E_SYNTAX);
    CHECK(rt_multipart_init(&m, &arena, RT_STR(""), NULL) == RT_E_SYNTAX);
    CHECK(rt_multipart_init(&m, &arena, RT_STR("b\xc3\xa9"), NULL) ==
          RT_E_SYNTAX);
    rt_arena_deinit(&arena);
}

typedef struct limited {
    rt_multipart_limits limits;
    const char *shown;
} limited;

static void check_limited(void *arg, const rt_str *pieces, size_t n)
{
    const limited *l = arg;
    rt_arena arena = {0};
    CHECK_EQ(decode(&arena, RT_STR("b"), &l->limits, pieces, n),
             rt_str_from(l->shown));
    rt_arena_deinit(&arena);
}

RT_TEST(parts_and_heads_are_limited_to_the_byte)
{
    static const char body[] =
        "--b\r\n" NAME("a") "1\r\n--b\r\n" NAME("c") "2\r\n--b--";
    const size_t head = sizeof(NAME("a")) - 1 - 4;
    limited rows[] = {
        {{.parts = 2}, "[a]1;[c]2;end"},
        {{.parts = 1}, "[a]1;RT_E_LIMIT"},
        {{.head_bytes = head}, "[a]1;[c]2;end"},
        {{.head_bytes = head - 1}, "RT_E_LIMIT"},
        {{.parts = SIZE_MAX, .head_bytes = SIZE_MAX}, "[a]1;[c]2;end"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].shown);
        rt_test_pieces(rt_str_from(body), check_limited, &rows[i]);
    }
}

// A body with one part that has `lines` lines in its head.
static rt_str many_lines(rt_arena *arena, unsigned lines)
{
    rt_buf body;
    rt_buf_init(&body, arena);
    rt_buf_put_cstr(&body, "--b\r\n" CD "name=a\r\n");
    for (unsigned i = 1; i < lines; i++)
        rt_buf_put_cstr(&body, "x: y\r\n");
    rt_buf_put_cstr(&body, "\r\n1\r\n--b--");
    return rt_buf_str(&body);
}

RT_TEST(lines_of_a_head_are_limited)
{
    rt_arena arena = {0};
    rt_str body = many_lines(&arena, RT_MULTIPART_HEADERS);
    CHECK_EQ(decode(&arena, RT_STR("b"), NULL, &body, 1), "[a]1;end");
    body = many_lines(&arena, RT_MULTIPART_HEADERS + 1);
    CHECK_EQ(decode(&arena, RT_STR("b"), NULL, &body, 1), "RT_E_LIMIT");
    rt_arena_deinit(&arena);
}

RT_TEST(a_head_that_never_ends_is_refused_before_it_is_kept)
{
    rt_arena arena = {0};
    rt_multipart m;
    rt_multipart_event event;
    char bytes[4096];
    rt_status st = rt_multipart_init(&m, &arena, RT_STR("b"), NULL);
    memset(bytes, 'x', sizeof bytes);
    rt_multipart_push(&m, RT_STR("--b\r\n"));

    for (int i = 0; !st && i < 100; i++) {
        st = rt_multipart_next(&m, &arena, &event);
        if (!st)
            rt_multipart_push(&m, rt_str_of(bytes, sizeof bytes));
    }
    CHECK_EQ((int)st, RT_E_LIMIT);
    CHECK(rt_arena_bytes(&arena) < (size_t)8 * RT_MULTIPART_HEAD_BYTES);
    rt_arena_deinit(&arena);
}

RT_TEST(padding_behind_a_boundary_is_limited)
{
    for (unsigned more = 0; more < 2; more++) {
        rt_arena arena = {0};
        rt_buf body;
        rt_buf_init(&body, &arena);
        rt_buf_put_cstr(&body, "--b\r\n" NAME("a") "1\r\n--b");
        rt_buf_put_repeat(&body, ' ', RT_MULTIPART_PADDING_BYTES + more);
        rt_buf_put_cstr(&body, "\r\n" NAME("c") "2\r\n--b--");
        const char *shown = more ? "[a]1\r\n--b   ...;end" : "[a]1;[c]2;end";
        rt_str bytes = rt_buf_str(&body);
        rt_str pieces[] = {rt_str_slice(bytes, 0, 100),
                           rt_str_slice(bytes, 100, SIZE_MAX)};
        rt_str seen = decode(&arena, RT_STR("b"), NULL, pieces, 2);
        size_t same = more ? 12 : strlen(shown);
        CHECK_EQ(rt_str_slice(seen, 0, same), rt_str_of(shown, same));
        CHECK_EQ(seen.len > 100, more == 1);
        rt_arena_deinit(&arena);
    }
}

RT_TEST(large_data_come_as_views_of_what_was_pushed)
{
    rt_arena arena = {0};
    rt_multipart m;
    rt_multipart_event event;
    static char block[65536];
    memset(block, 'x', sizeof block);
    REQUIRE(!rt_multipart_init(&m, &arena, RT_STR("b"), NULL));
    rt_multipart_push(&m, RT_STR("--b\r\n" NAME("a")));
    CHECK(!rt_multipart_next(&m, &arena, &event));
    CHECK(!rt_multipart_next(&m, &arena, &event));
    size_t before = rt_arena_bytes(&arena);

    for (int i = 0; i < 100; i++) {
        rt_multipart_push(&m, rt_str_of(block, sizeof block));
        CHECK(!rt_multipart_next(&m, &arena, &event));
        CHECK(event.data.data == block && event.data.len == sizeof block);
        CHECK(!rt_multipart_next(&m, &arena, &event));
        CHECK_EQ((int)event.kind, RT_MULTIPART_NEED_MORE);
    }
    CHECK_EQ(rt_arena_bytes(&arena), before);
    rt_arena_deinit(&arena);
}
