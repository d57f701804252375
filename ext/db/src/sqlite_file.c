// Database files of this process: the line of writers, and moving the log.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <retort/base/reactor.h>
#include <retort/base/time.h>

#include "sqlite.h"

enum {
    WAL_PAGES = 1000,
    WAL_PAGES_MOST = 4000,
};

struct rt__lite_file {
    rt_link link; // in `files`
    char *path;   // NULL: memory, which nobody shares
    int users;
    rt_link line;
    rt_work work; // moves the log
    bool moving;
};

static rt_link files;

static rt__lite_file *find(const char *path)
{
    if (rt_links_is_empty(&files))
        return NULL;
    for (rt_link *at = files.next; at != &files; at = at->next) {
        rt__lite_file *file = RT_CONTAINER(at, rt__lite_file, link);
        if (file->path && strcmp(file->path, path) == 0)
            return file;
    }
    return NULL;
}

rt__lite_file *rt__lite_file_join(const char *path)
{
    char *real = path ? realpath(path, NULL) : NULL;
    rt__lite_file *file = real ? find(real) : NULL;

    if (file) {
        free(real);
    } else {
        file = calloc(1, sizeof *file);
        if (!file)
            abort();
        file->path = real;
        rt_links_push(&files, &file->link);
    }
    file->users++;
    return file;
}

void rt__lite_file_leave(rt__lite_file *file)
{
    if (--file->users)
        return;
    rt_link_remove(&file->link);
    free(file->path);
    free(file);
}

// ---- the line of writers ------------------------------------------------------

static rt__lite *first(rt__lite_file *file)
{
    rt_link *link = rt_links_first(&file->line);
    return link ? RT_CONTAINER(link, rt__lite, place) : NULL;
}

// The place is in the connection and not on the stack of who waits, so one who is
// dropped leaves when `finish` is called for its query.
rt_status rt__lite_line_enter(rt__lite *lite)
{
    int64_t until =
        rt_time_monotonic_ms() + lite->conn.options->busy_timeout_ms;

    for (;;) {
        if (!rt_link_is_listed(&lite->place))
            rt_links_push(&lite->file->line, &lite->place);
        if (first(lite->file) == lite)
            return RT_OK;

        int64_t left = until - rt_time_monotonic_ms();
        rt_status status = rt_wait_on(&lite->turn, left > 0 ? left : 0);
        if (status && first(lite->file) != lite) {
            rt__lite_line_leave(lite);
            return status;
        }
    }
}

void rt__lite_line_leave(rt__lite *lite)
{
    if (!rt_link_is_listed(&lite->place))
        return;

    bool was_first = first(lite->file) == lite;
    rt_link_remove(&lite->place);

    rt__lite *next = first(lite->file);
    if (was_first && next)
        rt_wake_all(&next->turn);
}

// ---- fork -----------------------------------------------------------------------

// SQLite keeps in the process which files it has locked. A child inherits that but
// not the locks, and would use files without any. So what is idle is closed before;
// the pool takes it for worn out. Only the thread of the connections may do that.
static rt_link opened;
static pthread_t owner;

static void before_fork(void)
{
    if (rt_links_is_empty(&opened) || !pthread_equal(owner, pthread_self()))
        return;
    for (rt_link *at = opened.next, *next; at != &opened; at = next) {
        rt__lite *lite = RT_CONTAINER(at, rt__lite, opened);
        next = at->next;
        if (lite->conn.users > 0 || lite->conn.url->memory)
            continue;
        lite->conn.broken = true;
        lite->conn.driver->close(&lite->conn);
    }
}

void rt__lite_note_opened(rt__lite *lite)
{
    static bool asked;

    if (!asked)
        asked = pthread_atfork(before_fork, NULL, NULL) == 0;
    owner = pthread_self();
    rt_links_push(&opened, &lite->opened);
}

// ---- moving the log -------------------------------------------------------------

// On another thread. A passive checkpoint moves what it can without being in
// anybody's way; what fails now is done the next time. The statement reads the
// schema first, without which a connection does not know yet that there is a log,
// and sqlite3_wal_checkpoint_v2 does nothing.
static void move_log(rt_work *work)
{
    rt__lite_file *file = RT_CONTAINER(work, rt__lite_file, work);
    sqlite3 *db = NULL;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;

    if (sqlite3_open_v2(file->path, &db, flags, NULL) == SQLITE_OK)
        sqlite3_exec(db, "PRAGMA wal_checkpoint(PASSIVE)", NULL, NULL, NULL);
    sqlite3_close(db);
}

static void moved(rt_work *work)
{
    rt__lite_file *file = RT_CONTAINER(work, rt__lite_file, work);

    file->moving = false;
    rt__lite_file_leave(file);
}

int rt__lite_wal_hook(void *arg, sqlite3 *db, const char *name, int pages)
{
    rt__lite_file *file = arg;

    // SQLite begins the log anew only when all of it was moved, which another thread
    // does not manage while there is no end of writing.
    if (pages >= WAL_PAGES_MOST)
        sqlite3_wal_checkpoint_v2(db, name, SQLITE_CHECKPOINT_PASSIVE, NULL,
                                  NULL);
    if (pages < WAL_PAGES || file->moving || !file->path ||
        strcmp(name, "main") != 0)
        return SQLITE_OK;
    file->moving = true;
    file->users++;
    file->work = (rt_work){.run = move_log, .done = moved};
    rt_reactor_offload(rt_reactor_current(), &file->work);
    return SQLITE_OK;
}
