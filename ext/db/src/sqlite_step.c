// Stepping SQLite on the thread of the worker.
//
// A statement is stepped on a coroutine of its own, which the caller resumes like
// calling a function. Most are over before anybody has noticed. One that is not
// stops after a millisecond, in SQLite's progress handler, until the worker has
// looked after everybody else (docs/adr/0008).
//
//     caller              stepper
//       | resume ----------> | sqlite3_step
//       | <------- a ms over | (progress handler)
//       | rt_sleep(0)        |
//       | resume ----------> |
//       | <----------- a row |
#include <retort/base/time.h>

#include "sqlite.h"

enum {
    LOOK_EVERY = 1000, // instructions, some 20 us
    SLICE_NS = 1000000,
};

static void step_forever(void *arg)
{
    rt__lite *lite = arg;

    for (;;) {
        lite->result = sqlite3_step(lite->stepping->handle);
        lite->running = false;
        rt_coro_yield();
    }
}

// The clock starts with the first look, so a short statement never reads it.
static int look_around(void *arg)
{
    rt__lite *lite = arg;

    if (lite->stop)
        return 1;
    if (!lite->stepper || rt_coro_current() != lite->stepper)
        return 0;

    int64_t now = rt_time_monotonic_ns();
    if (lite->began_ns == 0)
        lite->began_ns = now;
    if (now - lite->began_ns > SLICE_NS) {
        lite->began_ns = 0;
        rt_coro_yield();
    }
    return lite->stop;
}

void rt__lite_slice(rt__lite *lite)
{
    sqlite3_progress_handler(lite->db, LOOK_EVERY, look_around, lite);
}

void rt__lite_stop(rt__lite *lite)
{
    if (!lite->stepping)
        return;
    lite->stop = true;
    while (lite->running)
        rt_coro_resume(lite->stepper);
    lite->stop = false;
    lite->stepping = NULL;
    rt_wake(&lite->idle);
}

static bool is_cancelled(void)
{
    return rt_coro_current() && rt_coro_is_cancelled(rt_coro_current());
}

rt_status rt__lite_wait_idle(rt__lite *lite)
{
    while (lite->stepping) {
        rt_status status = rt_wait_on(&lite->idle, -1);
        if (status)
            return status;
    }
    return RT_OK;
}

int rt__lite_step(rt__lite *lite, rt__lite_stmt *stmt)
{
    if (rt__lite_wait_idle(lite))
        return SQLITE_INTERRUPT;
    if (!lite->stepper)
        lite->stepper = rt_coro_new(step_forever, lite);

    lite->stepping = stmt;
    lite->running = true;
    for (;;) {
        rt_coro_resume(lite->stepper);
        if (!lite->running)
            break;
        // Nobody waits for who is in no coroutine, and who cleans up may not wait.
        if (rt_coro_current())
            rt_sleep(0);
        if (is_cancelled()) {
            rt__lite_stop(lite);
            return SQLITE_INTERRUPT;
        }
    }
    lite->stepping = NULL;
    rt_wake(&lite->idle);
    return lite->result;
}

// Another process writes: ask again after growing pauses, as sqlite3_busy_timeout
// does. A reader whose snapshot has become old would ask in vain.
bool rt__lite_pause(rt__lite *lite, int code, int64_t since_ms, int *pauses)
{
    static const uint8_t pause_ms[] = {1, 2, 5, 10, 15, 20, 25, 25, 50, 100};
    int64_t waited = rt_time_monotonic_ms() - since_ms;

    if ((code & 0xff) != SQLITE_BUSY || code == SQLITE_BUSY_SNAPSHOT ||
        waited >= lite->conn.options->busy_timeout_ms || is_cancelled())
        return false;
    rt_sleep(pause_ms[*pauses]);
    if (*pauses + 1 < (int)sizeof pause_ms)
        ++*pauses;
    return true;
}

int rt__lite_step_first(rt__lite *lite, rt__lite_stmt *stmt)
{
    int64_t since_ms = rt_time_monotonic_ms();
    int pauses = 0;
    int code;

    lite->began_ns = 0;
    stmt->total_before = sqlite3_total_changes(lite->db);
    while ((code = rt__lite_step(lite, stmt)) != SQLITE_ROW &&
           code != SQLITE_DONE) {
        if ((code & 0xff) == SQLITE_BUSY)
            sqlite3_reset(stmt->handle);
        if (!rt__lite_pause(lite, code, since_ms, &pauses))
            break;
    }
    return code;
}
