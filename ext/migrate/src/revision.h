// Revisions: files of SQL, and the graph their `down` lines make.
//
//     base <- aaa <- bbb <- ddd (head)
//                 <- ccc <-
//
// A revision names those it follows. One that nobody follows is a head.
#pragma once

#include <retort/base/error.h>
#include <retort/base/format.h>
#include <retort/base/vec.h>
#include <retort/db.h>

#define RT__DOWN_MAX 8 // revisions that one merges

typedef struct rt__revision {
    rt_str id;
    rt_str message;
    rt_str down[RT__DOWN_MAX];
    size_t n_down;
    rt_str path; // NUL-terminated
    rt_str text; // the file
    bool mark;   // for walks
} rt__revision;

typedef struct rt__history {
    rt_arena *arena;
    RT_VEC(rt__revision) revisions; // those that are followed come first
} rt__history;

// A piece of a revision for an engine.
typedef struct rt__section {
    rt_str sql;
    size_t line; // of its first line in the file
    bool found;
} rt__section;

// Read one file's text. `path` is for messages.
//
//   errors   RT_E_SYNTAX: no revision line, a section of another name
rt_status rt__revision_parse(rt_arena *arena, rt_str path, rt_str text,
                             rt__revision *out, rt_error *err);

// The SQL of a direction, "upgrade" or "downgrade": that of the engine where the
// file has one, else the general one.
rt__section rt__revision_section(const rt__revision *revision,
                                 const char *direction, rt_db_engine engine);

// Step through the statements of a piece of SQL: false at the end. Semicolons in
// text, comments, dollar quotes and in BEGIN ... END of triggers do not end one.
// `*line` is that of the statement's first line, counted from *line before.
bool rt__sql_next_statement(rt_str *rest, rt_str *statement, size_t *line);

// Read a folder and put its revisions in order.
//
//   errors   RT_E_NOT_FOUND: no folder; RT_E_SYNTAX: a file that makes no sense,
//            two with one id, one that follows what is not there, a ring
rt_status rt__history_read(rt_arena *arena, const char *folder,
                           rt__history *out, rt_error *err);
// The same of revisions that are there already: check and order them.
rt_status rt__history_order(rt__history *history, rt_error *err);

// By the beginning of its id, which must be of one alone; NULL otherwise, and in
// `*err` why.
rt__revision *rt__history_find(const rt__history *history, rt_str id,
                               rt_error *err);
bool rt__history_is_head(const rt__history *history,
                         const rt__revision *revision);
// Whether the revision `at` is, or stands on, the one `id`.
bool rt__history_stands_on(const rt__history *history, rt_str at, rt_str id);
size_t rt__history_heads(const rt__history *history, rt_arena *arena,
                         rt__revision ***out);

// The steps from where a database is (`at`, `n_at` ids) to a target: "head",
// "heads", "base", an id, "+1", "-2", "id+1". Revisions in the order in which they
// are run.
//
//   errors   RT_E_NOT_FOUND, RT_E_SYNTAX, RT_E_RANGE (too many steps), RT_E_EXISTS
//            ("head" where there are several)
rt_status rt__history_upgrade(rt__history *history, const rt_str *at,
                              size_t n_at, rt_str target, rt__revision ***steps,
                              size_t *n_steps, rt_error *err);
rt_status rt__history_downgrade(rt__history *history, const rt_str *at,
                                size_t n_at, rt_str target,
                                rt__revision ***steps, size_t *n_steps,
                                rt_error *err);
