// The graph of revisions: reading a folder, order, and the way to a target.
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "revision.h"

#define FILE_BYTES_MAX ((size_t)16 << 20)

static rt_status fail(const rt__history *history, rt_error *err,
                      rt_status status, const char *format, rt_str a, rt_str b)
{
    if (err) {
        *err =
            (rt_error){.status = status,
                       .message = rt_format_values(
                           history->arena, format,
                           (const rt_value[]){rt_value_str(a), rt_value_str(b)},
                           2)};
    }
    return status;
}

static rt__revision *by_id(const rt__history *history, rt_str id)
{
    rt_vec_each(rt__revision, r, &history->revisions)
        if (rt_str_eq(r->id, id))
            return r;
    return NULL;
}

static bool follows(const rt__revision *revision, rt_str id)
{
    for (size_t i = 0; i < revision->n_down; i++) {
        if (rt_str_eq(revision->down[i], id))
            return true;
    }
    return false;
}

bool rt__history_is_head(const rt__history *history,
                         const rt__revision *revision)
{
    rt_vec_each(rt__revision, r, &history->revisions)
        if (follows(r, revision->id))
            return false;
    return true;
}

size_t rt__history_heads(const rt__history *history, rt_arena *arena,
                         rt__revision ***out)
{
    rt__revision **heads =
        rt_new(arena, rt__revision *, history->revisions.len);
    size_t n = 0;
    rt_vec_each(rt__revision, r, &history->revisions)
        if (rt__history_is_head(history, r))
            heads[n++] = r;
    *out = heads;
    return n;
}

// ---- reading --------------------------------------------------------------------

static rt_status read_file(rt__history *history, const char *folder,
                           const char *name, rt_error *err)
{
    rt_buf path;
    rt_buf_init(&path, history->arena);
    rt_buf_printf(&path, "%s/%s", folder, name);
    rt_str at = rt_buf_str(&path);
    FILE *file = fopen(at.data, "re");
    if (!file) {
        return fail(history, err, rt_status_from_errno(errno),
                    "cannot open {}: {}", at, rt_str_from(strerror(errno)));
    }
    rt_buf text;
    rt_buf_init(&text, history->arena);
    char piece[4096];
    for (size_t n; (n = fread(piece, 1, sizeof(piece), file)) &&
                   text.len < FILE_BYTES_MAX;)
        rt_buf_put_bytes(&text, piece, n);
    fclose(file);
    if (text.len >= FILE_BYTES_MAX) {
        return fail(history, err, RT_E_LIMIT, "{} is too long{}", at,
                    RT_STR(""));
    }
    return rt__revision_parse(history->arena, at, rt_buf_str(&text),
                              rt_vec_push(history->arena, &history->revisions),
                              err);
}

static int is_sql(const struct dirent *entry)
{
    return entry->d_name[0] != '.' &&
           rt_str_ends_with(rt_str_from(entry->d_name), RT_STR(".sql"));
}

rt_status rt__history_read(rt_arena *arena, const char *folder,
                           rt__history *out, rt_error *err)
{
    rt__history history = {.arena = arena};
    struct dirent **names;
    int n = scandir(folder, &names, is_sql, alphasort);
    if (n < 0) {
        return fail(&history, err, RT_E_NOT_FOUND,
                    "there is no folder {}: run `db init`{}",
                    rt_str_copy(arena, rt_str_from(folder)), RT_STR(""));
    }
    rt_status status = RT_OK;
    for (int i = 0; i < n; i++) {
        if (!status)
            status = read_file(&history, folder, names[i]->d_name, err);
        free(names[i]);
    }
    free(names);
    if (!status)
        status = rt__history_order(&history, err);
    if (!status)
        *out = history;
    return status;
}

// ---- order ----------------------------------------------------------------------

static rt_status check_names(const rt__history *history, rt_error *err)
{
    rt_vec_each(rt__revision, r, &history->revisions) {
        rt__revision *same = by_id(history, r->id);
        if (same != r) {
            return fail(history, err, RT_E_SYNTAX,
                        "{} and {} have the same revision", same->path,
                        r->path);
        }
        for (size_t i = 0; i < r->n_down; i++) {
            if (!by_id(history, r->down[i])) {
                return fail(history, err, RT_E_SYNTAX,
                            "{} follows {}, which is not there", r->path,
                            r->down[i]);
            }
        }
    }
    return RT_OK;
}

static bool is_ready(const rt__history *history, const rt__revision *revision)
{
    for (size_t i = 0; i < revision->n_down; i++) {
        if (!by_id(history, revision->down[i])->mark)
            return false;
    }
    return true;
}

rt_status rt__history_order(rt__history *history, rt_error *err)
{
    rt_status status = check_names(history, err);
    if (status)
        return status;
    rt__history ordered = {.arena = history->arena};
    size_t n = history->revisions.len;
    while (ordered.revisions.len < n) {
        size_t before = ordered.revisions.len;
        rt_vec_each(rt__revision, r, &history->revisions)
            if (!r->mark && is_ready(history, r)) {
                r->mark = true;
                *(rt__revision *)rt_vec_push(history->arena,
                                             &ordered.revisions) = *r;
            }
        if (ordered.revisions.len == before) {
            return fail(history, err, RT_E_SYNTAX,
                        "revisions follow each other in a ring{}{}", RT_STR(""),
                        RT_STR(""));
        }
    }
    rt_vec_each(rt__revision, r, &ordered.revisions)
        r->mark = false;
    *history = ordered;
    return RT_OK;
}

// ---- the way to a target ----------------------------------------------------------

rt__revision *rt__history_find(const rt__history *history, rt_str id,
                               rt_error *err)
{
    rt__revision *found = NULL;
    rt_vec_each(rt__revision, r, &history->revisions) {
        if (rt_str_eq(r->id, id))
            return r;
        if (!id.len || !rt_str_starts_with(r->id, id))
            continue;
        if (found) {
            (void)!fail(history, err, RT_E_EXISTS,
                        "more than one revision begins with '{}'{}", id,
                        RT_STR(""));
            return NULL;
        }
        found = r;
    }
    if (!found) {
        (void)!fail(history, err, RT_E_NOT_FOUND,
                    "Can't locate revision identified by '{}'{}", id,
                    RT_STR(""));
    }
    return found;
}

static void unmark(rt__history *history)
{
    rt_vec_each(rt__revision, r, &history->revisions)
        r->mark = false;
}

// Mark a revision and all it stands on.
static void mark_below(rt__history *history, rt__revision *revision)
{
    if (revision->mark)
        return;
    revision->mark = true;
    for (size_t i = 0; i < revision->n_down; i++)
        mark_below(history, by_id(history, revision->down[i]));
}

static rt_status mark_current(rt__history *history, const rt_str *at,
                              size_t n_at, rt_error *err)
{
    unmark(history);
    for (size_t i = 0; i < n_at; i++) {
        rt__revision *r = by_id(history, at[i]);
        if (!r) {
            return fail(history, err, RT_E_NOT_FOUND,
                        "the database is at {}, which is not among the "
                        "revisions{}",
                        at[i], RT_STR(""));
        }
        mark_below(history, r);
    }
    return RT_OK;
}

// target = [ id ] ( "+" | "-" ) number
static bool split_steps(rt_str target, rt_str *id, int64_t *steps)
{
    for (size_t i = 0; i < target.len; i++) {
        if (target.data[i] != '+' && target.data[i] != '-')
            continue;
        int64_t n;
        if (!rt_str_parse_int(rt_str_slice(target, i + 1, target.len), &n) ||
            n < 0)
            return false;
        *id = rt_str_slice(target, 0, i);
        *steps = target.data[i] == '+' ? n : -n;
        return true;
    }
    return false;
}

typedef struct plan {
    rt__history *history;
    rt__revision **steps;
    size_t n;
} plan;

static plan plan_new(rt__history *history)
{
    return (plan){
        history,
        rt_new(history->arena, rt__revision *, history->revisions.len + 1), 0};
}

// All that `target` stands on and the database does not have.
static void add_missing(plan *p, rt__revision *target)
{
    rt__history *history = p->history;
    bool *had = rt_new(history->arena, bool, history->revisions.len);
    for (size_t i = 0; i < history->revisions.len; i++)
        had[i] = history->revisions.items[i].mark;
    mark_below(history, target);
    for (size_t i = 0; i < history->revisions.len; i++) {
        if (history->revisions.items[i].mark && !had[i])
            p->steps[p->n++] = &history->revisions.items[i];
    }
}

static rt_status up_steps(plan *p, rt_str id, int64_t steps, rt_error *err)
{
    rt__history *history = p->history;
    if (id.len) {
        rt__revision *from = rt__history_find(history, id, err);
        if (!from)
            return RT_E_NOT_FOUND;
        add_missing(p, from);
    }
    for (int64_t i = 0; i < steps; i++) {
        rt__revision *next = NULL;
        rt_vec_each(rt__revision, r, &history->revisions)
            if (!next && !r->mark && is_ready(history, r) &&
                (!id.len || !p->n || follows(r, p->steps[p->n - 1]->id)))
                next = r;
        if (!next) {
            return fail(history, err, RT_E_RANGE,
                        "Relative revision +{} didn't produce {} migrations",
                        rt_value_text(history->arena, rt_value_int(steps)),
                        rt_value_text(history->arena, rt_value_int(steps)));
        }
        next->mark = true;
        p->steps[p->n++] = next;
    }
    return RT_OK;
}

rt_status rt__history_upgrade(rt__history *history, const rt_str *at,
                              size_t n_at, rt_str target, rt__revision ***steps,
                              size_t *n_steps, rt_error *err)
{
    rt_status status = mark_current(history, at, n_at, err);
    if (status)
        return status;
    plan p = plan_new(history);
    rt__revision **heads;
    size_t n = rt__history_heads(history, history->arena, &heads);
    rt_str id;
    int64_t count;
    if (rt_str_eq(target, RT_STR("head")) && n > 1) {
        return fail(history, err, RT_E_EXISTS,
                    "Multiple head revisions are present: {} and {}; name one, "
                    "or 'heads' for all, or `merge` them",
                    heads[0]->id, heads[1]->id);
    }
    if (rt_str_eq(target, RT_STR("head")) ||
        rt_str_eq(target, RT_STR("heads"))) {
        for (size_t i = 0; i < n; i++)
            add_missing(&p, heads[i]);
    } else if (split_steps(target, &id, &count) && count >= 0) {
        if ((status = up_steps(&p, id, count, err)))
            return status;
    } else {
        rt__revision *r = rt__history_find(history, target, err);
        if (!r)
            return RT_E_NOT_FOUND;
        add_missing(&p, r);
    }
    *steps = p.steps;
    *n_steps = p.n;
    return RT_OK;
}

// The newest that is applied and that nobody applied follows.
static rt__revision *top(rt__history *history)
{
    for (size_t i = history->revisions.len; i--;) {
        rt__revision *r = &history->revisions.items[i];
        if (r->mark)
            return r;
    }
    return NULL;
}

static rt_status down_steps(plan *p, int64_t steps, rt_error *err)
{
    for (int64_t i = 0; i < steps; i++) {
        rt__revision *r = top(p->history);
        if (!r) {
            return fail(p->history, err, RT_E_RANGE,
                        "Relative revision -{} didn't produce {} migrations",
                        rt_value_text(p->history->arena, rt_value_int(steps)),
                        rt_value_text(p->history->arena, rt_value_int(steps)));
        }
        r->mark = false;
        p->steps[p->n++] = r;
    }
    return RT_OK;
}

bool rt__history_stands_on(const rt__history *history, rt_str at, rt_str id)
{
    if (rt_str_eq(at, id))
        return true;
    const rt__revision *revision = by_id(history, at);
    for (size_t i = 0; revision && i < revision->n_down; i++) {
        if (rt__history_stands_on(history, revision->down[i], id))
            return true;
    }
    return false;
}

rt_status rt__history_downgrade(rt__history *history, const rt_str *at,
                                size_t n_at, rt_str target,
                                rt__revision ***steps, size_t *n_steps,
                                rt_error *err)
{
    rt_status status = mark_current(history, at, n_at, err);
    if (status)
        return status;
    plan p = plan_new(history);
    rt_str id;
    int64_t count;
    rt__revision *stop = NULL;
    if (split_steps(target, &id, &count) && !id.len && count <= 0) {
        if ((status = down_steps(&p, -count, err)))
            return status;
    } else {
        if (!rt_str_eq(target, RT_STR("base")) &&
            !(stop = rt__history_find(history, target, err)))
            return RT_E_NOT_FOUND;
        if (stop && !stop->mark) {
            return fail(history, err, RT_E_RANGE,
                        "the database is not past {}{}", stop->id, RT_STR(""));
        }
        for (size_t i = history->revisions.len; i--;) {
            rt__revision *r = &history->revisions.items[i];
            if (r->mark && r != stop &&
                (!stop || rt__history_stands_on(history, r->id, stop->id)))
                p.steps[p.n++] = r;
        }
    }
    *steps = p.steps;
    *n_steps = p.n;
    return RT_OK;
}
