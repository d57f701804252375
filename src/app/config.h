// What the files that read an application's settings share.
#pragma once

#include "app/app.h"

// Settings in a file longer than this are refused.
#define RT_CONFIG_FILE_BYTES ((size_t)1 << 20)

// Read a whole file.
//
//   memory   `*out` lies in `arena`, NUL-terminated
//   errors   RT_E_NOT_FOUND, RT_E_ACCESS, RT_E_IO; RT_E_LIMIT (longer than
//            `limit`); `*err`, when given, has a message
rt_status rt__file_read(rt_arena *arena, const char *path, size_t limit,
                        rt_str *out, rt_error *err);

// Put the built-in keys with their defaults into an application's settings.
void rt__config_init(rt_app *app);

// Take what the built-in keys say, and fill what was bound to others. Called
// once, when the application starts.
void rt__config_apply(rt_app *app);
