// TechEmpower's database tests. Tables World and Fortune must be there, as
// bench/db_schema.py makes them:
//
//     python3 bench/db_schema.py sqlite:////tmp/bench.db
//     script/run bench --database sqlite:////tmp/bench.db
//     curl -i 'http://127.0.0.1:5000/queries?queries=3'
//
// uses: db
#include <stdlib.h>
#include <string.h>

#include <retort/db.h>

#include "bench.h"

#define WORLDS      10000
#define QUERIES_MAX 500

// PostgreSQL would answer with a column `randomnumber`.
#define GET_WORLD \
    "SELECT id, randomNumber AS \"randomNumber\" FROM World WHERE id = ?"

// A worker's cache of all worlds, by id; 0 where it has not been filled.
static int64_t cached[WORLDS + 1];

// xorshift64: a database is not asked for secrets here.
static int64_t random_world(void)
{
    static uint64_t state;

    while (state == 0)
        rt_random_fill(&state, sizeof state);
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (int64_t)(state % WORLDS) + 1;
}

static size_t count_of(rt_request *req, const char *name)
{
    int64_t n = rt_query_int(req, name, 1);
    return n < 1 ? 1 : n > QUERIES_MAX ? QUERIES_MAX : (size_t)n;
}

static int by_number(const void *a, const void *b)
{
    int64_t x = rt_value_as_int(*(const rt_value *)a, 0);
    int64_t y = rt_value_as_int(*(const rt_value *)b, 0);
    return (x > y) - (x < y);
}

// `n` random worlds, each by a query of its own, in the order of their ids:
// transactions that update them do not wait for each other crosswise then.
static rt_value *get_worlds(rt_request *req, size_t n)
{
    rt_value ids[QUERIES_MAX];
    rt_db_result *results = rt_new(req->arena, rt_db_result, n);
    rt_value *worlds = rt_new(req->arena, rt_value, n);

    for (size_t i = 0; i < n; i++)
        ids[i] = RT(random_world());
    qsort(ids, n, sizeof *ids, by_number);
    rt_db_many(rt_db_of(req), GET_WORLD, ids, 1, n, results);
    for (size_t i = 0; i < n; i++)
        worlds[i] = rt_list_get(results[i].rows, 0);
    return worlds;
}

static rt_response *json_list(rt_request *req, const rt_value *items, size_t n)
{
    return bench_named(rt_json_value(req, rt_list_of(req->arena, items, n)));
}

static rt_response *db(rt_request *req)
{
    rt_value world = rt_db_one_or_404(req, GET_WORLD, random_world());
    return bench_named(rt_json_value(req, world));
}

static rt_response *queries(rt_request *req)
{
    size_t n = count_of(req, "queries");
    return json_list(req, get_worlds(req, n), n);
}

static int by_message(const void *a, const void *b)
{
    rt_value key = RT("message");
    rt_value x = rt_dict_get(*(const rt_value *)a, key);
    rt_value y = rt_dict_get(*(const rt_value *)b, key);
    return rt_str_compare(rt_value_as_str(x), rt_value_as_str(y));
}

static rt_response *fortunes(rt_request *req)
{
    rt_value rows = rt_db_all(req, "SELECT id, message FROM Fortune");
    size_t n = rt_list_len(rows) + 1;
    rt_value *sorted = rt_new(req->arena, rt_value, n);

    sorted[0] = rt_dict(req, "id", 0, "message",
                        "Additional fortune added at request time.");
    memcpy(sorted + 1, rt_list_items(rows), (n - 1) * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, by_message);
    return bench_named(rt_render(req, "fortunes.html", "fortunes",
                                 rt_list_of(req->arena, sorted, n)));
}

static rt_response *updates(rt_request *req)
{
    size_t n = count_of(req, "queries");
    rt_value *worlds = get_worlds(req, n);
    rt_value *values = rt_new(req->arena, rt_value, 2 * n);

    for (size_t i = 0; i < n; i++) {
        values[2 * i] = RT(random_world());
        values[2 * i + 1] = rt_dict_get(worlds[i], RT("id"));
        worlds[i] = rt_dict(req, "id", values[2 * i + 1], "randomNumber",
                            values[2 * i]);
    }
    RT_TX(req)
    rt_db_many(rt_db_of(req), "UPDATE World SET randomNumber = ? WHERE id = ?",
               values, 2, n, NULL);
    return json_list(req, worlds, n);
}

static void fill_cache(rt_request *req)
{
    rt_value all =
        rt_db_all(req,
                  "SELECT id, randomNumber AS \"randomNumber\" FROM World");

    rt_list_each(world, all) {
        int64_t id = rt_value_as_int(rt_dict_get(*world, RT("id")), 0);
        if (id >= 1 && id <= WORLDS)
            cached[id] =
                rt_value_as_int(rt_dict_get(*world, RT("randomNumber")), 0);
    }
}

static rt_response *cached_queries(rt_request *req)
{
    size_t n = count_of(req, "count");
    rt_value *worlds = rt_new(req->arena, rt_value, n);

    if (cached[1] == 0)
        fill_cache(req);
    for (size_t i = 0; i < n; i++) {
        int64_t id = random_world();
        worlds[i] = rt_dict(req, "id", id, "randomNumber", cached[id]);
    }
    return json_list(req, worlds, n);
}

void bench_add_database(rt_app *app, const char *url)
{
    rt_db_init(app, .url = url);
    rt_get(app, "/db", db);
    rt_get(app, "/queries", queries);
    rt_get(app, "/fortunes", fortunes);
    rt_get(app, "/updates", updates);
    rt_get(app, "/cached-queries", cached_queries);
}
