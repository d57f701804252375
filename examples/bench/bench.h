// What the files of this example share.
#pragma once

#include <retort.h>

// Give a response the Server header that TechEmpower asks for.
rt_response *bench_named(rt_response *response);

// Give the application TechEmpower's database tests, on the database of a URL.
void bench_add_database(rt_app *app, const char *url);
