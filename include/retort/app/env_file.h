// .env files: settings of a machine, kept out of the program and its
// repository.
//
//     # the development database
//     DATABASE_URL = sqlite:///app.db
//     export GREETING="two\nlines, by ${USER}"
//     PATTERN='taken as it is: ${USER}'
//
// Follows python-dotenv, which Flask's command line uses.
#pragma once

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/error.h>
#include <retort/base/status.h>
#include <retort/base/str.h>
#include <retort/http/query.h>

RT_C_BEGIN

// A file longer than this is refused.
#define RT_ENV_FILE_BYTES ((size_t)1 << 20)

// Read the text of such a file and add its variables. `${NAME}` and
// `${NAME:-otherwise}` stand for a variable of the file so far, else of the
// environment; in single quotes they stand for themselves. A name without `=` is
// left out.
//
//   memory   copied into `arena`, NUL-terminated
//   limits   RT_PARAMS_MAX variables
//   errors   RT_E_SYNTAX   a name that is none, a quote that is never closed,
//                          text behind a closing quote; `*err` has line, column
//                          and excerpt
//            RT_E_UTF8, RT_E_LIMIT
rt_status rt_env_file_parse(rt_arena *arena, rt_str text, rt_params *out,
                            rt_error *err);

// Read a file and set its variables in the environment of the process, those
// that are not there yet: the real environment wins.
//
//   memory   what `*err` says lies in `arena`
//   errors   RT_E_NOT_FOUND   there is no such file
//            RT_E_IO          it cannot be read
//            as rt_env_file_parse
rt_status rt_env_file_load(rt_arena *arena, const char *path, rt_error *err);

RT_C_END
