// Pages on each engine.
#include <retort.h>
#include <retort/db.h>
#include <retort/test.h>

#include "engines.h"

typedef struct item {
    int64_t id;
    int64_t rank;
} item;

RT_MODEL(item, "page_item", RT_FIELD(item, id, .primary_key = true),
         RT_FIELD(item, rank));

static void make_items(rt_db *db, rt_arena *arena, int n)
{
    rt_db_drop_all(db, RT_MODELS(&item_model));
    rt_db_create_all(db, RT_MODELS(&item_model));
    item *items = rt_new(arena, item, (size_t)n);
    for (int i = 0; i < n; i++)
        items[i].rank = i / 4;
    rt_db_insert_many(db, item, items, (size_t)n);
}

static rt_page page_at(rt_db *db, int64_t n, bool no_count)
{
    rt_page_options options = {
        .page = n, .per_page = 10, .no_error = true, .no_count = no_count};
    return rt_db_paginate_models(db, &item_model, &options, "ORDER BY id", NULL,
                                 0);
}

EACH_ENGINE(a_page_knows_where_it_is)
{
    make_items(db, arena, 25);

    static const struct {
        int64_t page;
        size_t n;
        int64_t first, last;
        bool has_prev, has_next;
    } rows[] = {
        {1, 10, 1, 10, false, true},       {2, 10, 11, 20, true, true},
        {3, 5, 21, 25, true, false},       {4, 0, 0, 0, true, false},
        {INT64_MAX, 0, 0, 0, true, false}, {-1, 10, 1, 10, false, true},
    };

    for (size_t i = 0; i < RT_COUNT(rows) * 2; i++) {
        rt_page page = page_at(db, rows[i / 2].page, i % 2);
        CHECK_EQ(page.n, rows[i / 2].n);
        CHECK_EQ(rt_list_len(page.items), rows[i / 2].n);
        CHECK_EQ(page.first, rows[i / 2].first);
        CHECK_EQ(page.last, rows[i / 2].last);
        CHECK_EQ(page.has_prev, rows[i / 2].has_prev);
        CHECK_EQ(page.has_next, rows[i / 2].has_next);
        CHECK_EQ(page.total, i % 2 ? -1 : 25);
        CHECK_EQ(page.pages, i % 2 ? -1 : 3);
    }
    rt_page page =
        rt_db_paginate_rows(db, "SELECT id FROM page_item ORDER BY id");
    CHECK_EQ(page.n, 20);
    CHECK_EQ(page.total, 25);
}

// As Flask-SQLAlchemy shows 19 pages.
RT_TEST(the_numbers_of_pages_leave_gaps)
{
    rt_arena arena = {0};

    static const struct {
        int64_t page, pages;
        const char *numbers;
    } rows[] = {
        {1, 19, "[1, 2, 3, 4, 5, None, 18, 19]"},
        {5, 19, "[1, 2, 3, 4, 5, 6, 7, 8, 9, None, 18, 19]"},
        {10, 19, "[1, 2, None, 8, 9, 10, 11, 12, 13, 14, None, 18, 19]"},
        {19, 19, "[1, 2, None, 17, 18, 19]"},
        {1, 1, "[1]"},
        {1, 0, "[]"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_page page = {.page = rows[i].page, .pages = rows[i].pages};
        rt_value object = rt_page_object(&arena, &page);
        const rt_object *o = object.as.object;
        rt_value fn = o->vtable->attr(o->self, &arena, RT_STR("iter_pages"));
        rt_value list;
        CHECK(fn.as.object->vtable->call(fn.as.object->self, &arena, NULL, 0, 0,
                                         &list) == RT_OK);
        CHECK_EQ(rt_value_repr(&arena, list).data, rows[i].numbers);
    }
    rt_arena_deinit(&arena);
}

EACH_ENGINE(keysets_visit_each_row_once)
{
    make_items(db, arena, 23);
    const char *after = "";
    size_t seen = 0;
    int64_t rank = 1000, id = 0;
    while (after) {
        item *items;
        size_t n = rt_db_keyset(db, item, &items, "-rank,id", after, 5, &after,
                                "WHERE id > ?", 0);
        for (size_t i = 0; i < n; i++) {
            CHECK(items[i].rank < rank ||
                  (items[i].rank == rank && items[i].id > id));
            rank = items[i].rank;
            id = items[i].id;
        }
        seen += n;
        REQUIRE(seen <= 23);
    }
    CHECK_EQ(seen, 23);
}
