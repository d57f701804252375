#include <retort/test.h>

#include "retort/http/request.h"

static rt_arena arena;

RT_TEST(a_target_is_taken_apart)
{
    static const struct {
        const char *target, *raw_path, *path, *query;
        bool has_query;
    } rows[] = {
        {"/", "/", "/", "", false},
        {"/?", "/", "/", "", true},
        {"/a/b?x=1&y", "/a/b", "/a/b", "x=1&y", true},
        {"/a%20b%2Fc?%41", "/a%20b%2Fc", "/a b/c", "%41", true},
        {"/a?b?c", "/a", "/a", "b?c", true},
        {"/%C3%A4", "/%C3%A4", "/\xc3\xa4", "", false},
        {"/\xc3\xa4", "/\xc3\xa4", "/\xc3\xa4", "", false},
        {"/%FF", "/%FF", "/\xef\xbf\xbd", "", false},
        {"/%", "/%", "/%", "", false},
        {"/%4", "/%4", "/%4", "", false},
        {"/+", "/+", "/+", "", false},
        {"//a/../b", "//a/../b", "//a/../b", "", false},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_request req = {.arena = &arena};
        RT_CASE(rows[i].target);
        rt_request_set_target(&req, rt_guarded(rows[i].target));
        CHECK_EQ(req.target, rows[i].target);
        CHECK_EQ(req.raw_path, rows[i].raw_path);
        CHECK_EQ(req.path, rows[i].path);
        CHECK_EQ(req.query, rows[i].query);
        CHECK(req.query.data != NULL);
        CHECK_EQ(req.has_query, rows[i].has_query);
    }
    rt_request req = {.arena = &arena};
    rt_request_set_target(&req, rt_guarded("/a%00b"));
    CHECK_EQ(req.path, RT_STR("/a\0b"));
    rt_arena_deinit(&arena);
}

RT_TEST(a_header_that_is_not_there_has_no_data)
{
    rt_request req = {.arena = &arena};

    CHECK(rt_request_header(&req, RT_STR("Host")).data == NULL);
    CHECK(rt_headers_add(&req.headers, &arena, RT_STR("Host"), RT_STR("a")) ==
          RT_OK);
    CHECK_EQ(rt_request_header(&req, RT_STR("host")), "a");
    rt_arena_deinit(&arena);
}

// ---- bodies ------------------------------------------------------------------

// Gives one piece per call and then what `last` says.
typedef struct pieces {
    const char *const *items;
    size_t n;
    rt_status last;
    int reads;
} pieces;

static rt_status read_piece(rt_request *req, rt_str *piece)
{
    pieces *p = req->server;
    p->reads++;
    if (!p->n)
        return p->last;
    p->n--;
    *piece = rt_guarded(*p->items++);
    return RT_OK;
}

static const rt_body_source source = {.read = read_piece};

static const char *const three[] = {"one ", "two ", "three"};

static rt_request with_body(pieces *p)
{
    return (rt_request){.arena = &arena,
                        .body = &source,
                        .server = p,
                        .content_length = -1,
                        .max_body = RT_BODY_UNLIMITED};
}

RT_TEST(a_body_is_pulled_piece_by_piece_to_its_end)
{
    pieces p = {three, 3, RT_OK, 0};
    rt_request req = with_body(&p);
    rt_str piece;

    CHECK(!req.body_started);
    for (size_t i = 0; i < 3; i++) {
        CHECK_EQ(rt_request_read_body(&req, &piece), RT_OK);
        CHECK_EQ(piece, three[i]);
        CHECK(req.body_started);
        CHECK(!req.body_ended);
    }
    for (int i = 0; i < 3; i++) {
        CHECK_EQ(rt_request_read_body(&req, &piece), RT_OK);
        CHECK_EQ(piece.len, 0u);
        CHECK(req.body_ended);
    }
    CHECK_EQ(p.reads, 4); // the source is not asked behind the end
    rt_arena_deinit(&arena);
}

RT_TEST(without_a_body_the_end_comes_at_once)
{
    rt_request req = {.arena = &arena};
    rt_str piece = RT_STR("untouched"), all = piece;

    CHECK_EQ(rt_request_read_body(&req, &piece), RT_OK);
    CHECK_EQ(piece.len, 0u);
    CHECK(!req.body_started);
    CHECK_EQ(rt_request_read_all(&req, &all), RT_OK);
    CHECK_EQ(all, "");
    CHECK_EQ(all.data[0], '\0');
    rt_arena_deinit(&arena);
}

RT_TEST(all_that_is_left_is_read_at_once)
{
    pieces p = {three, 3, RT_OK, 0};
    rt_request req = with_body(&p);
    rt_str piece, rest;

    CHECK_EQ(rt_request_read_body(&req, &piece), RT_OK);
    CHECK_EQ(rt_request_read_all(&req, &rest), RT_OK);
    CHECK_EQ(rest, "two three");
    CHECK_EQ(rest.data[rest.len], '\0');
    CHECK_EQ(rt_request_read_all(&req, &rest), RT_OK);
    CHECK_EQ(rest, "");
    rt_arena_deinit(&arena);
}

RT_TEST(a_failing_source_is_told_of_in_both_ways)
{
    static const rt_status rows[] = {RT_E_SYNTAX, RT_E_LIMIT, RT_E_CLOSED,
                                     RT_E_TIMEOUT};

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        pieces p = {three, 1, rows[i], 0};
        rt_request req = with_body(&p);
        rt_str out = RT_STR("untouched");
        RT_CASE(rt_status_name(rows[i]));
        CHECK_EQ(rt_request_read_all(&req, &out), rows[i]);
        CHECK_EQ(out, "untouched");
        CHECK_EQ(rt_request_read_body(&req, &out), rows[i]);
        CHECK(!req.body_ended);
    }
    rt_arena_deinit(&arena);
}

// A source of many small pieces that counts what it is asked to keep.
typedef struct supply {
    int left;
    size_t reserved;
    size_t limit;
} supply;

static rt_status read_supply(rt_request *req, rt_str *piece)
{
    static char kib[1024];
    supply *s = req->server;
    *piece = rt_str_of(kib, s->left-- > 0 ? sizeof kib : 0);
    return RT_OK;
}

static rt_status reserve_supply(rt_request *req, size_t bytes)
{
    supply *s = req->server;
    if (s->reserved + bytes > s->limit)
        return RT_E_BUSY;
    s->reserved += bytes;
    return RT_OK;
}

RT_TEST(room_for_a_body_is_made_as_it_comes_and_only_where_there_is_some)
{
    static const rt_body_source endless = {read_supply, reserve_supply};

    static const struct {
        int kib; // that come
        int64_t announced;
        size_t limit;
        rt_status status;
        size_t most; // reserved in all
    } rows[] = {
        {16, 16 << 10, SIZE_MAX, RT_OK, (16 << 10) + 1},
        {8192, 8192 << 10, SIZE_MAX, RT_OK, (9 << 20) + 2},
        {1, INT64_MAX, SIZE_MAX, RT_OK, (4 << 20) + 1},
        {8192, -1, SIZE_MAX, RT_OK, 32 << 20},
        {8192, 8192 << 10, 8 << 20, RT_E_BUSY, (1 << 20) + 1},
        {8192, -1, 8 << 20, RT_E_BUSY, 8 << 20},
        {1, 1 << 10, 1000, RT_E_BUSY, 0},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_test_case("row %zu", i);
        supply s = {rows[i].kib, 0, rows[i].limit};
        rt_request req = {.arena = &arena,
                          .body = &endless,
                          .server = &s,
                          .content_length = rows[i].announced,
                          .max_body = RT_BODY_UNLIMITED};
        rt_str out = RT_STR("untouched");
        CHECK_EQ(rt_request_read_all(&req, &out), rows[i].status);
        CHECK_EQ(out.len, rows[i].status ? 9 : (size_t)rows[i].kib << 10);
        CHECK(s.reserved <= rows[i].most);
        rt_arena_deinit(&arena);
    }
}

RT_TEST(a_length_beyond_the_limit_is_refused_before_anything_is_read)
{
    static const struct {
        int64_t length;
        uint64_t limit;
        rt_status status;
    } rows[] = {
        {12, 12, RT_OK},
        {13, 12, RT_E_LIMIT},
        {1, 0, RT_E_LIMIT},
        {0, 0, RT_OK},
        {-1, 0, RT_OK}, // not known: the source watches
        {INT64_MAX, 12, RT_E_LIMIT},
        {INT64_MAX, RT_BODY_UNLIMITED, RT_OK},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        pieces p = {three, 3, RT_OK, 0};
        rt_request req = with_body(&p);
        rt_str out;
        rt_test_case("row %zu", i);
        req.content_length = rows[i].length;
        req.max_body = rows[i].limit;
        CHECK_EQ(rt_request_read_all(&req, &out), rows[i].status);
        CHECK_EQ(p.reads, rows[i].status ? 0 : 4);
    }
    rt_arena_deinit(&arena);
}
