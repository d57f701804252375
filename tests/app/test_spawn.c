// Waiting in views: children of a request, sleeping, other threads, defers.
#include <pthread.h>

#include "app_test.h"

typedef struct job {
    const char *name;
    int64_t sleep_ms;
} job;

static void work(rt_request *req, void *arg)
{
    const job *j = arg;
    char local[16];
    snprintf(local, sizeof local, "%s", j->name);
    rt_sleep(j->sleep_ms);
    trace(local);
    rt_value name = RT(rt_str_copy(req->arena, rt_str_from(local)));
    CHECK(rt_list_push(rt_g_get(req, "done"), name) == RT_OK);
}

static rt_response *spawning(rt_request *req)
{
    static job jobs[] = {{"slow", 30}, {"quick", 1}, {"none", 0}};
    rt_g_set(req, "done", rt_list_new(req->arena));
    for (size_t i = 0; i < RT_COUNT(jobs); i++)
        rt_spawn(req, work, &jobs[i]);
    trace("spawned");
    rt_spawn_wait(req);
    rt_spawn_wait(req); // there is nobody left
    return rt_text(req, "{}", rt_g_get(req, "done"));
}

RT_TEST(children_run_while_the_view_waits_for_them)
{
    rt_app *app = rt_app_new("family");
    rt_get(app, "/", spawning);
    rt_client *client = rt_client_new(app);

    CHECK_EQ(get(client, "/"), "['none', 'quick', 'slow']");
    CHECK_EQ(traced, "spawned none quick slow");
    end(client, app);
}

static void wait_for_ever(rt_request *req, void *arg)
{
    (void)req, (void)arg;
    trace("waiting");
    rt_sleep(3600000);
    trace("never");
}

static rt_response *leaving(rt_request *req)
{
    rt_spawn(req, wait_for_ever, NULL);
    rt_sleep(1);
    return rt_text(req, "left");
}

static rt_response *leaving_by_abort(rt_request *req)
{
    rt_spawn(req, wait_for_ever, NULL);
    rt_sleep(1);
    rt_abort(req, 404);
}

static void note_teardown(rt_request *req, const rt_http_error *error,
                          void *arg)
{
    (void)req, (void)error, (void)arg;
    trace("teardown");
}

RT_TEST(children_end_with_their_request)
{
    rt_app *app = rt_app_new("leaving");
    rt_get(app, "/", leaving);
    rt_get(app, "/abort", leaving_by_abort);
    rt_teardown_request(app, note_teardown);
    rt_client *client = rt_client_new(app);

    CHECK_EQ(get(client, "/"), "left");
    get_status(client, "/abort", 404);
    CHECK_EQ(traced, "waiting teardown waiting teardown");
    end(client, app);
}

static void grandchild(rt_request *req, void *arg)
{
    (void)req;
    rt_sleep(1);
    trace(arg);
}

static void child(rt_request *req, void *arg)
{
    rt_spawn(req, grandchild, arg);
    trace("child");
}

static rt_response *generations(rt_request *req)
{
    rt_spawn(req, child, word("grandchild"));
    rt_spawn_wait(req);
    return rt_text(req, "{}", traced);
}

RT_TEST(a_child_may_have_children)
{
    rt_app *app = rt_app_new("generations");
    rt_get(app, "/", generations);
    rt_client *client = rt_client_new(app);

    CHECK_EQ(get(client, "/"), "child grandchild");
    end(client, app);
}

// ---- aborts cross nothing ----------------------------------------------------

static void try_query(rt_request *req, void *arg)
{
    (void)arg;
    trace(rt_query(req, "missing"));
}

static rt_response *querying(rt_request *req)
{
    rt_spawn(req, try_query, NULL);
    rt_spawn_wait(req);
    return rt_text(req, "{}", rt_query(req, "q"));
}

RT_TEST(a_view_may_abort_after_its_child_did)
{
    rt_app *app = rt_app_new("crossing");
    rt_get(app, "/", querying);
    rt_client *client = rt_client_new(app);

    CHECK_EQ(get(client, "/?q=1"), "1");
    get_status(client, "/", 400);
    end(client, app);
}

// ---- threads -----------------------------------------------------------------

typedef struct sum {
    pthread_t thread;
    int from, to, result;
} sum;

static void add_up(void *arg)
{
    sum *s = arg;
    s->thread = pthread_self();
    for (int i = s->from; i <= s->to; i++)
        s->result += i;
}

static rt_response *offloading(rt_request *req)
{
    sum s = {.from = 1, .to = 100};
    rt_offload(req, add_up, &s);
    CHECK(!pthread_equal(s.thread, pthread_self()));
    return rt_text(req, "{}", s.result);
}

static void offload_in_child(rt_request *req, void *arg)
{
    rt_offload(req, add_up, arg);
}

static rt_response *offloading_twice(rt_request *req)
{
    static sum sums[] = {{.from = 1, .to = 10}, {.from = 1, .to = 100}};
    rt_spawn(req, offload_in_child, &sums[0]);
    rt_spawn(req, offload_in_child, &sums[1]);
    rt_spawn_wait(req);
    return rt_text(req, "{} {}", sums[0].result, sums[1].result);
}

RT_TEST(work_is_done_on_another_thread_meanwhile)
{
    rt_app *app = rt_app_new("threads");
    rt_get(app, "/", offloading);
    rt_get(app, "/twice", offloading_twice);
    rt_client *client = rt_client_new(app);

    CHECK_EQ(get(client, "/"), "5050");
    CHECK_EQ(get(client, "/twice"), "55 5050");
    end(client, app);
}

static rt_response *asks_for_client(rt_request *req)
{
    return rt_text(req, "{}", rt_client_gone(req));
}

RT_TEST(a_program_that_calls_never_leaves)
{
    rt_app *app = rt_app_new("peer");
    rt_get(app, "/", asks_for_client);
    rt_client *client = rt_client_new(app);

    CHECK_EQ(get(client, "/"), "False");
    end(client, app);
}

// ---- defers ------------------------------------------------------------------

static void note(void *text)
{
    trace(text);
}

static void defer_in_child(rt_request *req, void *arg)
{
    rt_defer(req, note, arg);
}

static rt_response *deferring(rt_request *req)
{
    rt_defer(req, note, word("first"));
    rt_spawn(req, defer_in_child, word("child's"));
    rt_spawn_wait(req);
    rt_defer(req, note, word("last"));
    if (rt_query_int(req, "abort", 0))
        rt_abort(req, 404);
    return rt_query_int(req, "null", 0) ? NULL : rt_text(req, "x");
}

RT_TEST(defers_run_backwards_however_the_request_ends)
{
    static const struct {
        const char *url;
        int status;
    } rows[] = {{"/", 200}, {"/?abort=1", 404}, {"/?null=1", 500}};

    rt_app *app = rt_app_new("deferring");
    rt_get(app, "/", deferring);
    rt_client *client = rt_client_new(app);

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].url);
        traced[0] = '\0';
        get_status(client, rows[i].url, rows[i].status);
        CHECK_EQ(traced, "last child's first");
    }
    end(client, app);
}

static void wait_for_itself(rt_request *req, void *arg)
{
    (void)arg;
    trace("in");
    rt_spawn_wait(req);
    trace("never");
}

static rt_response *waits(rt_request *req)
{
    rt_spawn(req, wait_for_itself, NULL);
    rt_spawn_wait(req);
    return rt_text(req, "done");
}

RT_TEST(a_child_that_waits_for_itself_is_ended)
{
    rt_app *app = rt_app_new("family");
    rt_get(app, "/", waits);
    rt_client *client = rt_client_new(app);
    CHECK_EQ(get(client, "/"), "done");
    CHECK_EQ(traced, "in");
    CHECK(contains(logged, "waits for itself"));
    end(client, app);
}

static size_t sizes[2];

static void read_body(rt_request *req, void *arg)
{
    *(size_t *)arg = rt_body(req).len;
}

static rt_response *two_readers(rt_request *req)
{
    rt_spawn(req, read_body, &sizes[0]);
    rt_spawn(req, read_body, &sizes[1]);
    rt_spawn_wait(req);
    return rt_text(req, "{} {}", sizes[0], sizes[1]);
}

RT_TEST(children_that_ask_for_the_body_get_the_same)
{
    rt_app *app = rt_app_new("family");
    rt_post(app, "/", two_readers);
    rt_client *client = rt_client_new(app);
    rt_reply reply = rt_client_post(client, "/", .body = RT_STR("12345"));
    CHECK_EQ(reply.body, RT_STR("5 5"));
    end(client, app);
}
