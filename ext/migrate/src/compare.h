// What models and database differ in, and the SQL that makes the database so.
#pragma once

#include <retort/base/buf.h>
#include <retort/db.h>

typedef struct rt__difference {
    size_t count; // differences
    rt_buf up;    // statements
    rt_buf down;  // those that take them back, in their order
    rt_buf notes; // a line each, for people: "+ table post"
} rt__difference;

// Compare. A table that no model describes is left out, unless `drop` is set.
//
//   errors   end the request, when the database cannot be read
void rt__models_compare(rt_db *db, const rt_model *const *models, bool drop,
                        rt__difference *out);
