// part of: db
// needs: libpq
//
// The limit on PostgreSQL: TechEmpower's database tests on libpq in pipeline mode,
// with prepared statements and binary results. Each query has a Sync of its own,
// as TechEmpower demands; the updates of a request are one transaction, that is,
// they share one.
//
//     bench_db_limit_pq <port> <url> <connections> [one-write]
//
// libpq writes at every Sync. With `one-write` the Syncs of a turn of the loop
// leave together: the program puts itself before the `send` that libpq calls.
#include <arpa/inet.h>
#include <libpq-fe.h>

#include "db_limit.h"

#define CONNECTIONS_MAX 32
#define WAITING_MAX     (1024 * 1024) // statements; a power of two
#define CORK_BYTES      (4 * 1024 * 1024)

typedef enum step {
    STEP_GET,
    STEP_LIST,
    STEP_SET, // all of a request; `index` is their number
} step;

typedef struct waiting {
    job *job;
    step step;
    int index;
} waiting;

typedef struct connection {
    PGconn *pq;
    int fd;
    waiting *queue; // a ring of WAITING_MAX
    size_t first, end;
    char *cork;
    size_t corked;
} connection;

static connection connections[CONNECTIONS_MAX];
static int connection_count;
static bool one_write;

// ---- what leaves ------------------------------------------------------------

static connection *connection_of(int fd)
{
    for (int i = 0; one_write && i < connection_count; i++)
        if (connections[i].fd == fd)
            return &connections[i];
    return NULL;
}

ssize_t send(int fd, const void *data, size_t len, int flags)
{
    connection *c = connection_of(fd);

    if (!c)
        return sendto(fd, data, len, flags, NULL, 0);
    if (c->corked + len > CORK_BYTES)
        die("too much is to be sent in one turn");
    memcpy(c->cork + c->corked, data, len);
    c->corked += len;
    return (ssize_t)len;
}

static void end_turn(void)
{
    for (int i = 0; i < connection_count; i++) {
        connection *c = &connections[i];
        size_t sent = 0;
        while (sent < c->corked) {
            ssize_t n = sendto(c->fd, c->cork + sent, c->corked - sent,
                               MSG_NOSIGNAL, NULL, 0);
            if (n < 0 && errno != EAGAIN)
                die("cannot send to the database");
            sent += n > 0 ? (size_t)n : 0;
        }
        c->corked = 0;
    }
}

static void push(connection *c, job *j, step s, int index)
{
    if (c->end - c->first == WAITING_MAX)
        die("too many statements wait");
    c->queue[c->end++ % WAITING_MAX] = (waiting){j, s, index};
    j->pending++;
}

static void ask(connection *c, const char *name, int n, const int *numbers)
{
    uint32_t bytes[2];
    const char *values[2] = {(char *)&bytes[0], (char *)&bytes[1]};
    static const int lengths[2] = {4, 4}, formats[2] = {1, 1};

    for (int i = 0; i < n; i++)
        bytes[i] = htonl((uint32_t)numbers[i]);
    if (!PQsendQueryPrepared(c->pq, name, n, values, lengths, formats, 1))
        die(PQerrorMessage(c->pq));
}

static void sync_now(connection *c)
{
    if (!PQpipelineSync(c->pq))
        die(PQerrorMessage(c->pq));
}

static void start_job(job *j)
{
    static int turn;
    connection *c = &connections[turn++ % connection_count];

    if (j->what == FORTUNES) {
        ask(c, "list", 0, NULL);
        sync_now(c);
        push(c, j, STEP_LIST, 0);
        return;
    }
    for (int i = 0; i < j->count; i++) {
        ask(c, "get", 1, &j->worlds[i].id);
        sync_now(c);
        push(c, j, STEP_GET, i);
    }
}

static int by_id(const void *a, const void *b)
{
    return ((const world *)a)->id - ((const world *)b)->id;
}

// In the order of their keys, or two transactions wait for each other.
static void update_worlds(connection *c, job *j)
{
    qsort(j->worlds, (size_t)j->count, sizeof *j->worlds, by_id);
    for (int i = 0; i < j->count; i++) {
        j->worlds[i].number = random_world();
        ask(c, "set", 2, (int[]){j->worlds[i].number, j->worlds[i].id});
    }
    sync_now(c);
    push(c, j, STEP_SET, j->count);
}

// ---- what arrives -----------------------------------------------------------

static int number_at(const PGresult *r, int row, int column)
{
    uint32_t bytes;
    memcpy(&bytes, PQgetvalue(r, row, column), sizeof bytes);
    return (int)ntohl(bytes);
}

static void take_rows(const waiting *w, const PGresult *r)
{
    job *j = w->job;

    if (w->step == STEP_GET) {
        j->worlds[w->index].number = number_at(r, 0, 1);
        return;
    }
    j->fortune_count = PQntuples(r);
    for (int i = 0; i < j->fortune_count; i++) {
        j->fortunes[i].id = number_at(r, i, 0);
        snprintf(j->fortunes[i].message, sizeof j->fortunes[i].message, "%s",
                 PQgetvalue(r, i, 1));
    }
}

static void finish_statement(connection *c, const waiting *w)
{
    job *j = w->job;

    if (--j->pending > 0)
        return;
    if (j->what == UPDATES && w->step == STEP_GET)
        update_worlds(c, j);
    else
        answer_job(j);
}

static void on_own_readable(void *own)
{
    connection *c = own;

    if (!PQconsumeInput(c->pq))
        die(PQerrorMessage(c->pq));
    while (c->first != c->end && !PQisBusy(c->pq)) {
        waiting w = c->queue[c->first % WAITING_MAX];
        PGresult *r = PQgetResult(c->pq);
        if (!r)
            continue; // the end of a statement's results
        ExecStatusType status = PQresultStatus(r);
        if (status == PGRES_TUPLES_OK)
            take_rows(&w, r);
        else if (status != PGRES_PIPELINE_SYNC && status != PGRES_COMMAND_OK)
            die(PQresultErrorMessage(r));
        PQclear(r);
        if (status == PGRES_PIPELINE_SYNC) {
            c->first++;
            finish_statement(c, &w);
        }
    }
    if (!one_write)
        PQflush(c->pq);
}

// ---- the start --------------------------------------------------------------

static void prepare(PGconn *pq, const char *name, const char *sql)
{
    PGresult *r = PQprepare(pq, name, sql, 0, NULL);
    if (PQresultStatus(r) != PGRES_COMMAND_OK)
        die(PQerrorMessage(pq));
    PQclear(r);
}

static void open_connection(connection *c, const char *url)
{
    c->pq = PQconnectdb(url);
    if (PQstatus(c->pq) != CONNECTION_OK)
        die(PQerrorMessage(c->pq));
    prepare(c->pq, "get", "SELECT id, randomNumber FROM World WHERE id = $1");
    prepare(c->pq, "set", "UPDATE World SET randomNumber = $1 WHERE id = $2");
    prepare(c->pq, "list", "SELECT id, message FROM Fortune");
}

static void fill_cache(PGconn *pq)
{
    PGresult *r = PQexecParams(pq, "SELECT id, randomNumber FROM World", 0,
                               NULL, NULL, NULL, NULL, 1);
    if (PQntuples(r) != WORLDS)
        die("worlds are missing");
    for (int i = 0; i < WORLDS; i++)
        world_cache[number_at(r, i, 0)] = number_at(r, i, 1);
    PQclear(r);
}

// From here on libpq neither waits nor, with `one_write`, writes.
static void begin_pipeline(connection *c)
{
    c->queue = calloc(WAITING_MAX, sizeof *c->queue);
    c->cork = malloc(CORK_BYTES);
    c->fd = PQsocket(c->pq);
    if (!c->queue || !c->cork || PQsetnonblocking(c->pq, 1) ||
        !PQenterPipelineMode(c->pq))
        die("cannot begin a pipeline");
    watch(c->fd, c);
}

int main(int argc, char **argv)
{
    bool together = argc == 5 && strcmp(argv[4], "one-write") == 0;
    int n = argc >= 4 ? (int)strtol(argv[3], NULL, 10) : 0;

    if (n < 1 || n > CONNECTIONS_MAX || argc > 5 || (argc == 5 && !together)) {
        fprintf(stderr, "usage: %s <port> <url> <connections> [one-write]\n",
                argv[0]);
        return 2;
    }
    begin();
    for (int i = 0; i < n; i++)
        open_connection(&connections[i], argv[2]);
    fill_cache(connections[0].pq);
    for (int i = 0; i < n; i++)
        begin_pipeline(&connections[i]);
    connection_count = n;
    one_write = together;
    serve_for_ever(argv[1], (char *)connections, sizeof connections);
}
