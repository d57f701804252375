// Pages of a list.
//
//     rt_page page = rt_db_paginate(req, post, "WHERE draft = ? ORDER BY id DESC",
//                                   false);
//     return rt_render(req, "index.html", "page", rt_page_value(req, &page));
//
//     {% for post in page.items %} ... {% endfor %}
//     {% for n in page.iter_pages() %}
//       {% if n %}<a href="{{ url_for('index', page=n) }}">{{ n }}</a>{% else %}…{% endif %}
//     {% endfor %}
//
// ?page and ?per_page of the request say which: page 1 and 20 rows unless they do,
// at most 100. What is no page, or an empty page but for the first, is 404.
//
// Follows flask_sqlalchemy.pagination.Pagination.
#pragma once

#include <retort/db/model.h>

RT_C_BEGIN

// Options of rt_db_paginate_with; zero is the default.
typedef struct rt_page_options {
    int64_t page;               // 0: ?page
    int64_t per_page;           // 0: ?per_page
    int64_t otherwise_per_page; // without ?per_page; 0: 20
    int64_t max_per_page;       // 0: 100
    bool
        no_error; // a page that is none is the first, one that is empty is shown
    bool no_count; // total and pages are not known (-1); has_next is
    int unused;
} rt_page_options;

typedef struct rt_page {
    rt_value items;   // list of dicts
    const void *rows; // of the model's type; NULL: rt_db_paginate_rows
    size_t n;
    int64_t page, per_page;
    int64_t total, pages;
    int64_t first, last; // numbers of its first and last row; 0: none
    bool has_prev, has_next;
} rt_page;

#define rt_db_paginate(db, type_, ...)                      \
    rt_db_paginate_models(RT__DB(db), &type_##_model, NULL, \
                          "" RT_ARG1(__VA_ARGS__),          \
                          RT_VALUES_FROM2(__VA_ARGS__))
rt_page rt_db_paginate_models(rt_db *db, const rt_model *model,
                              const rt_page_options *options, const char *rest,
                              const rt_value *values, size_t n);

// Of rows of any statement, which must have an order and no LIMIT.
#define rt_db_paginate_rows(...)                           \
    rt_db_paginate_sql(RT__DB(RT_ARG1(__VA_ARGS__)), NULL, \
                       "" RT_ARG2(__VA_ARGS__), RT_VALUES_FROM3(__VA_ARGS__))
rt_page rt_db_paginate_sql(rt_db *db, const rt_page_options *options,
                           const char *sql, const rt_value *values, size_t n);

// As templates see it: items, page, per_page, total, pages, first, last, has_prev,
// prev_num, has_next, next_num, and iter_pages(left_edge=2, left_current=2,
// right_current=4, right_edge=2).
#define rt_page_value(db, page) rt_page_object(rt_db_arena(RT__DB(db)), (page))
rt_value rt_page_object(rt_arena *arena, const rt_page *page);

// Keyset pagination: what follows a row, without counting those before it. `order`
// is columns of the model, "-created,-id", of which the last makes it unique;
// `after` is the cursor of the page before, "" for the first page; `*next` becomes
// the cursor for the next, NULL at the end. A cursor that is none is 400.
#define rt_db_keyset(db, type_, out, order, after, limit, next, ...)           \
    rt_db_keyset_models(RT__DB(db), &type_##_model,                            \
                        (void **)RT__MODEL_LIST(type_, out), (order), (after), \
                        (limit), (next), "" RT_ARG1(__VA_ARGS__),              \
                        RT_VALUES_FROM2(__VA_ARGS__))
size_t rt_db_keyset_models(rt_db *db, const rt_model *model, void **out,
                           const char *order, const char *after, int64_t limit,
                           const char **next, const char *where,
                           const rt_value *values, size_t n);

RT_C_END
