// Forms as the test client sends them.
#pragma once

#include <retort/app/client.h>

// Write the fields and files of the options as a body, urlencoded when there are
// no files; `*type` is its content type.
rt_str rt__client_form(rt_arena *arena, const rt_client_options *options,
                       rt_str *type);
