// What the PostgreSQL driver's two halves know of each other: postgresql.c talks
// to the server, postgresql_value.c reads and writes values.
#pragma once

#include <libpq-fe.h>

#include "driver.h"

// The values of one execution, as libpq takes them. Kept for the next one.
typedef struct rt__pg_params {
    size_t n, cap;
    const char **values;
    int *lengths;
    int *formats;
    rt_arena *arena; // of the bytes; reset by each encoding
} rt__pg_params;

// Encode values for parameters of the types given.
//
//   errors   RT_E_TYPE or RT_E_RANGE: `*at` is the parameter
rt_status rt__pg_encode(rt__pg_params *params, const Oid *types,
                        const rt_value *values, size_t n, size_t *at);
void rt__pg_params_free(rt__pg_params *params);

// Whether values of the type are read from their binary form.
bool rt__pg_has_binary(Oid type);

// One field that is not NULL; what it refers to is copied into `arena`.
//
//   errors   RT_E_SYNTAX   not of that form
rt_status rt__pg_decode(rt_arena *arena, Oid type, bool binary,
                        const char *data, size_t len, rt_value *out);
