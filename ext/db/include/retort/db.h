// Databases for Retort: SQLite, PostgreSQL, MariaDB.
//
//     rt_db_init(app, .url = "sqlite:///blog.db");
//
//     static rt_response *show(rt_request *req, int64_t id)
//     {
//         rt_value post = rt_db_one_or_404(
//             req, "SELECT * FROM post WHERE id = ?", id);
//         return rt_render(req, "post.html", "post", post);
//     }
//
// Link with libretort-db. Follows Flask-SQLAlchemy.
#pragma once

#include <retort/db/database.h>
#include <retort/db/error.h>
#include <retort/db/model.h>
#include <retort/db/page.h>
#include <retort/db/query.h>
#include <retort/db/sql.h>
#include <retort/db/transaction.h>
