// Migrations: a database's schema, changed step by step.
//
//     rt_db_init(app, .url = "sqlite:///blog.db");
//     rt_db_models(app, NULL, RT_MODELS(&user_model, &post_model));
//     rt_migrate_init(app);
//
//     $ ./blog db init
//     $ ./blog db revision --autogenerate -m "users and posts"
//     $ ./blog db upgrade
//
// A revision is a file of SQL in the folder `migrations`:
//
//     -- revision: 3f2a9c0d1b7e
//     -- down: 8d1c00b5a2f4
//     -- message: add slug
//
//     -- upgrade
//     ALTER TABLE post ADD COLUMN slug VARCHAR(80);
//
//     -- upgrade postgresql
//     ...                              instead, where the engines differ
//
//     -- downgrade
//     ALTER TABLE post DROP COLUMN slug;
//
// Link with libretort-migrate. Follows Alembic and Flask-Migrate.
#pragma once

#include <retort/app/command.h>
#include <retort/db.h>

RT_C_BEGIN

// Options of rt_migrate_init; zero is the default.
typedef struct rt_migrate_options {
    const char *name;   // of the database; NULL: the one without a name
    const char *folder; // below the root; NULL: "migrations"
    const char *group;  // of the commands; NULL: "db"
    rt_site site;       // set by the macro
    int unused;
} rt_migrate_options;

// Add the commands: init, revision, upgrade, downgrade, current, history, heads,
// merge, stamp, check.
#define rt_migrate_init(...)                                          \
    rt_migrate_init_with(RT_ARG1(__VA_ARGS__),                        \
                         &(rt_migrate_options){.site = RT_HERE,       \
                                               RT__TAIL2(__VA_ARGS__, \
                                                         .unused = 0)})
void rt_migrate_init_with(rt_app *app, const rt_migrate_options *options);

// Bring a database to a revision, as `upgrade` does: for programs that migrate
// when they start, and for tests. NULL is "head". One at a time across hosts.
//
//   errors   end the request: a revision that fails or is not there; the message
//            names the file and the statement's line
void rt_migrate_upgrade(rt_request *req, const rt_migrate_options *options,
                        const char *target);

RT_C_END
