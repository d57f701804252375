// Pages of a list, and what templates see of one.
#include <string.h>

#include <retort/base/base64.h>
#include <retort/base/json.h>

#include "model.h"

// ---- which page -------------------------------------------------------------------

RT_NORETURN static void no_page(rt_db *db, int status)
{
    if (rt_db_request(db))
        rt_abort(rt_db_request(db), status);
    rt__db_wrong(db, status == 404 ? "there is no such page"
                                   : "the cursor is none");
}

// A number of the request from 1 on.
static int64_t number_of(rt_db *db, const rt_page_options *o, const char *name,
                         int64_t given, int64_t otherwise)
{
    const char *text = NULL;
    int64_t n = given;
    if (!given && rt_db_request(db))
        text = rt_query_get(rt_db_request(db), name, NULL);
    if (!given && !text)
        return otherwise;
    bool good = !text || rt_str_parse_int(rt_str_trim(rt_str_from(text)), &n);
    if (good && n >= 1)
        return n;
    if (!o->no_error)
        no_page(db, 404);
    return otherwise;
}

static rt_page page_of(rt_db *db, const rt_page_options *o)
{
    int64_t max = o->max_per_page ? o->max_per_page : 100;
    rt_page page = {
        .page = number_of(db, o, "page", o->page, 1),
        .per_page =
            number_of(db, o, "per_page", o->per_page,
                      o->otherwise_per_page ? o->otherwise_per_page : 20),
        .total = -1,
        .pages = -1,
    };
    if (page.per_page > max)
        page.per_page = max;
    // So far on there is nothing, and the offset would not fit.
    if (page.page - 1 > INT64_MAX / page.per_page - 1)
        page.page = INT64_MAX / page.per_page;
    return page;
}

// The values, with those of LIMIT and OFFSET. One row more says whether there is
// a next page.
static rt_value *with_limits(rt_db *db, const rt_page *page,
                             const rt_value *values, size_t n)
{
    rt_value *all = rt_new(rt_db_arena(db), rt_value, n + 2);
    if (n)
        memcpy(all, values, n * sizeof(*values));
    all[n] = rt_value_int(page->per_page + 1);
    all[n + 1] = rt_value_int((page->page - 1) * page->per_page);
    return all;
}

static const char *with_limit_text(rt_db *db, const char *text)
{
    return rt_str_concat(rt_db_arena(db), rt_str_from(text),
                         RT_STR(" LIMIT ? OFFSET ?"))
        .data;
}

static void finish(rt_db *db, rt_page *page, const rt_page_options *o,
                   const char *count, const rt_value *values, size_t n)
{
    if (page->n == 0 && page->page != 1 && !o->no_error)
        no_page(db, 404);
    page->has_prev = page->page > 1;
    page->has_next = page->n > (size_t)page->per_page;
    if (page->has_next)
        page->n = (size_t)page->per_page;
    if (page->n) {
        page->first = (page->page - 1) * page->per_page + 1;
        page->last = page->first + (int64_t)page->n - 1;
    }
    if (o->no_count)
        return;
    // The last page says by itself how many there are.
    page->total = page->n && !page->has_next
                      ? page->last
                      : rt_db_scalar_int_values(db, count, values, n);
    page->pages =
        page->total / page->per_page + (page->total % page->per_page ? 1 : 0);
    page->has_next = page->page < page->pages;
}

rt_page rt_db_paginate_models(rt_db *db, const rt_model *model,
                              const rt_page_options *options, const char *rest,
                              const rt_value *values, size_t n)
{
    static const rt_page_options defaults;
    const rt_page_options *o = options ? options : &defaults;
    rt_page page = page_of(db, o);
    void *rows;
    page.n = rt_db_load_all(db, model, &rows, with_limit_text(db, rest),
                            with_limits(db, &page, values, n), n + 2);
    page.rows = rows;
    finish(db, &page, o, rt__model_count_statement(db, model, rest), values, n);
    page.items = rt_model_rows_value(rt_db_arena(db), model, rows, page.n);
    return page;
}

rt_page rt_db_paginate_sql(rt_db *db, const rt_page_options *options,
                           const char *sql, const rt_value *values, size_t n)
{
    static const rt_page_options defaults;
    const rt_page_options *o = options ? options : &defaults;
    rt_page page = page_of(db, o);
    rt_value rows = rt_db_all_values(db, with_limit_text(db, sql),
                                     with_limits(db, &page, values, n), n + 2);
    rt_buf count;
    rt_buf_init(&count, rt_db_arena(db));
    rt_buf_put_cstr(&count, "SELECT count(*) FROM (");
    rt_buf_put_cstr(&count, sql);
    rt_buf_put_cstr(&count, ") AS rt_rows");
    page.n = rt_list_len(rows);
    finish(db, &page, o, rt_buf_str(&count).data, values, n);
    page.items = rt_list_of(rt_db_arena(db), rt_list_items(rows), page.n);
    return page;
}

// ---- in templates -----------------------------------------------------------------

// The numbers to show, none for what is left out.
static void put_numbers(rt_value list, int64_t from, int64_t to)
{
    for (int64_t i = from; i < to; i++)
        (void)!rt_list_push(list, rt_value_int(i));
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t most(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

enum {
    LEFT_EDGE,
    LEFT_CURRENT,
    RIGHT_CURRENT,
    RIGHT_EDGE,
    EDGES
};

static rt_value iter_pages(rt_arena *arena, const rt_page *page,
                           const int64_t edges[EDGES])
{
    rt_value list = rt_list_new(arena);
    int64_t end = most(page->pages, 0) + 1;
    int64_t left = least(1 + edges[LEFT_EDGE], end);
    int64_t from = most(left, page->page - edges[LEFT_CURRENT]);
    int64_t to = least(page->page + edges[RIGHT_CURRENT] + 1, end);
    int64_t right = most(most(to, left), end - edges[RIGHT_EDGE]);

    put_numbers(list, 1, left);
    if (left == end)
        return list;
    if (from > left)
        (void)!rt_list_push(list, rt_value_none());
    put_numbers(list, from, to);
    if (to >= end)
        return list;
    if (right > to)
        (void)!rt_list_push(list, rt_value_none());
    put_numbers(list, right, end);
    return list;
}

// iter_pages(left_edge=2, left_current=2, right_current=4, right_edge=2)
static rt_status call_iter_pages(void *self, rt_arena *arena,
                                 const rt_value *args, size_t n_args,
                                 size_t n_named, rt_value *out)
{
    static const char *const names[] = {"left_edge", "left_current",
                                        "right_current", "right_edge"};
    int64_t edges[EDGES] = {2, 2, 4, 2};
    if (n_args > EDGES)
        return RT_E_TYPE;
    for (size_t i = 0; i < n_args; i++)
        edges[i] = rt_value_as_int(args[i], 0);
    for (size_t i = 0; i < n_named; i++) {
        rt_str name = rt_value_as_str(args[n_args + 2 * i]);
        size_t at = 0;
        while (at < EDGES && !rt_str_eq(name, rt_str_from(names[at])))
            at++;
        if (at == EDGES)
            return RT_E_TYPE;
        edges[at] = rt_value_as_int(args[n_args + 2 * i + 1], 0);
    }
    for (size_t i = 0; i < EDGES; i++)
        edges[i] = least(most(edges[i], 0), 1000);
    *out = iter_pages(arena, self, edges);
    return RT_OK;
}

static const rt_vtable iter_pages_type = {
    .name = "iter_pages",
    .call = call_iter_pages,
};

static rt_value number_if(bool there, int64_t n)
{
    return there ? rt_value_int(n) : rt_value_none();
}

static rt_value page_attr(void *self, rt_arena *arena, rt_str name)
{
    const rt_page *page = self;

    const struct {
        const char *name;
        rt_value value;
    } all[] = {
        {"items", page->items},
        {"page", rt_value_int(page->page)},
        {"per_page", rt_value_int(page->per_page)},
        {"total", number_if(page->total >= 0, page->total)},
        {"pages", rt_value_int(most(page->pages, 0))},
        {"first", rt_value_int(page->first)},
        {"last", rt_value_int(page->last)},
        {"has_prev", rt_value_bool(page->has_prev)},
        {"prev_num", number_if(page->has_prev, page->page - 1)},
        {"has_next", rt_value_bool(page->has_next)},
        {"next_num", number_if(page->has_next, page->page + 1)},
    };

    for (size_t i = 0; i < RT_COUNT(all); i++)
        if (rt_str_eq(name, rt_str_from(all[i].name)))
            return all[i].value;
    if (rt_str_eq(name, RT_STR("iter_pages")))
        return rt_object_new(arena, &iter_pages_type, self);
    return rt_value_undefined();
}

static bool page_next(void *self, rt_arena *arena, size_t *state, rt_value *out)
{
    (void)arena;
    const rt_page *page = self;
    return rt_list_next(page->items, state, out);
}

static const rt_vtable page_type = {
    .name = "page",
    .attr = page_attr,
    .next = page_next,
};

rt_value rt_page_object(rt_arena *arena, const rt_page *page)
{
    return rt_object_new(arena, &page_type,
                         rt_arena_copy(arena, page, sizeof(*page)));
}

// ---- keysets ------------------------------------------------------------------------

#define KEYS_MAX 8

typedef struct keyset {
    rt_db *db;
    const rt_model *model;
    const rt_field *fields[KEYS_MAX];
    bool descending[KEYS_MAX];
    size_t n;
    rt_value after[KEYS_MAX];
} keyset;

static void read_order(keyset *k, const char *order)
{
    for (rt_str rest = rt_str_from(order); rest.data; k->n++) {
        rt_str column = rt_str_trim(rt_str_cut(&rest, ','));
        if (k->n == KEYS_MAX)
            rt__db_wrong(k->db, "an order of more than %d columns", KEYS_MAX);
        k->descending[k->n] = rt_str_skip(&column, RT_STR("-"));
        const rt_field *f = rt__model_column(k->model, column);
        if (!f || rt_field_is_nullable(f))
            rt__db_wrong(k->db, "%s has no column %.*s that is never NULL",
                         k->model->name, RT_STR_ARG(column));
        k->fields[k->n] = f;
    }
}

// A time is its microseconds, a UUID its text; the rest is JSON as it is.
static rt_value to_json(rt_arena *arena, rt_value v)
{
    if (v.kind == RT_DATE)
        return rt_value_int(v.as.date_us);
    if (v.kind == RT_UUID)
        return rt_value_str(rt_value_text(arena, v));
    return v;
}

static const char *cursor_of(keyset *k, const void *row)
{
    rt_arena *arena = rt_db_arena(k->db);
    rt_value list = rt_list_new(arena);
    rt_str json;
    for (size_t i = 0; i < k->n; i++)
        (void)!rt_list_push(
            list, to_json(arena, rt_field_value(arena, k->fields[i], row)));
    if (rt_json_dump(arena, list, &(rt_json_style){.compact = true}, &json,
                     NULL))
        rt__db_wrong(k->db, "an order of columns that are no text");
    return rt_str_cstr(arena, rt_base64url_encode(arena, json));
}

static bool fits(rt_value v, const rt_field *f)
{
    if (f->type == RT_FIELD_TEXT || f->type == RT_FIELD_UUID)
        return rt_value_is_text(v);
    if (f->type == RT_FIELD_FLOAT)
        return v.kind == RT_FLOAT || v.kind == RT_INT;
    if (f->type == RT_FIELD_BOOL)
        return v.kind == RT_BOOL;
    return v.kind == RT_INT;
}

static bool read_uuid(rt_arena *arena, rt_value *v)
{
    uint8_t *bytes = rt_new(arena, uint8_t, 16);
    if (!rt__db_parse_uuid(rt_value_as_str(*v), bytes))
        return false;
    *v = rt_value_uuid(bytes);
    return true;
}

static bool read_cursor(keyset *k, const char *cursor)
{
    rt_arena *arena = rt_db_arena(k->db);
    rt_str json;
    rt_value list;
    if (rt_base64url_decode(arena, rt_str_from(cursor), &json) ||
        rt_json_parse(arena, json, NULL, &list, NULL) ||
        !rt_value_is_list(list) || rt_list_len(list) != k->n)
        return false;
    for (size_t i = 0; i < k->n; i++) {
        rt_value v = rt_list_items(list)[i];
        if (!fits(v, k->fields[i]))
            return false;
        if (k->fields[i]->type == RT_FIELD_TIME)
            v = rt_value_date(v.as.integer);
        if (k->fields[i]->type == RT_FIELD_UUID && !read_uuid(arena, &v))
            return false;
        k->after[i] = v;
    }
    return true;
}

static void put_column(keyset *k, rt_buf *buf, size_t i)
{
    rt_db_engine engine = rt_db_engine_of(k->db);
    rt__put_name(buf, engine, k->model->table);
    rt_buf_put_char(buf, '.');
    rt__put_name(buf, engine, rt_field_column(k->fields[i]));
}

// (a < ? OR (a = ? AND (b > ?))): columns may go in different directions, which
// the comparison of rows cannot say.
static size_t put_after(keyset *k, rt_buf *buf, size_t i, rt_value *out)
{
    rt_buf_put_char(buf, '(');
    put_column(k, buf, i);
    rt_buf_put_cstr(buf, k->descending[i] ? " < ?" : " > ?");
    *out++ = k->after[i];
    size_t n = 1;
    if (i + 1 < k->n) {
        rt_buf_put_cstr(buf, " OR (");
        put_column(k, buf, i);
        rt_buf_put_cstr(buf, " = ? AND ");
        *out++ = k->after[i];
        n += 1 + put_after(k, buf, i + 1, out);
        rt_buf_put_char(buf, ')');
    }
    rt_buf_put_char(buf, ')');
    return n;
}

static const char *past_where(keyset *k, const char *where)
{
    while (rt_is_space(*where))
        where++;
    if (!*where)
        return where;
    if (!rt_str_eq_nocase(rt_str_of(where, strnlen(where, 5)), RT_STR("WHERE")))
        rt__db_wrong(k->db, "a keyset takes \"WHERE ...\" or nothing");
    return where + 5;
}

size_t rt_db_keyset_models(rt_db *db, const rt_model *model, void **out,
                           const char *order, const char *after, int64_t limit,
                           const char **next, const char *where,
                           const rt_value *values, size_t n)
{
    keyset k = {.db = db, .model = model};
    read_order(&k, order);
    if (after && *after && !read_cursor(&k, after))
        no_page(db, 400);
    if (limit < 1)
        limit = 1;

    rt_value *all = rt_new(rt_db_arena(db), rt_value, n + 2 * KEYS_MAX + 1);
    if (n)
        memcpy(all, values, n * sizeof(*values));
    const char *condition = past_where(&k, where);
    rt_buf buf;
    rt_buf_init(&buf, rt_db_arena(db));
    if (*condition)
        rt_buf_printf(&buf, "WHERE (%s)", condition);
    if (after && *after) {
        rt_buf_put_cstr(&buf, *condition ? " AND " : "WHERE ");
        n += put_after(&k, &buf, 0, all + n);
    }
    for (size_t i = 0; i < k.n; i++) {
        rt_buf_put_cstr(&buf, i ? ", " : " ORDER BY ");
        put_column(&k, &buf, i);
        rt_buf_put_cstr(&buf, k.descending[i] ? " DESC" : "");
    }
    rt_buf_put_cstr(&buf, " LIMIT ?");
    all[n++] = rt_value_int(limit < INT64_MAX ? limit + 1 : limit);

    size_t len = rt_db_load_all(db, model, out, rt_buf_str(&buf).data, all, n);
    bool more = len > (size_t)limit;
    if (more)
        len = (size_t)limit;
    *next = more ? cursor_of(&k, (char *)*out + (len - 1) * model->size) : NULL;
    return len;
}
