// The version table, and running revisions.
#pragma once

#include "revision.h"

#define RT__VERSION_TABLE "rt_version"

// Where the database is: the ids in rt_version, or in alembic_version where that
// is there alone. None: the base.
size_t rt__version_read(rt_db *db, rt_str **out);

// Say that the database is at these revisions.
void rt__version_write(rt_db *db, const rt_str *at, size_t n);

// What the database is at when it was at `at` and a revision was run.
size_t rt__version_after(rt_arena *arena, const rt__history *history,
                         const rt_str *at, size_t n, const rt__revision *step,
                         bool up, rt_str **out);

// Run one revision and write down the version, in one transaction where the engine
// allows, one at a time across hosts. True when it was run; false when another has
// been faster.
bool rt__revision_run(rt_db *db, const rt__history *history,
                      const rt__revision *revision, bool up);

// The same as text: what `upgrade --sql` prints.
void rt__revision_print(rt_db_engine engine, const rt__history *history,
                        const rt__revision *revision, bool up, rt_str **at,
                        size_t *n, rt_buf *out);
