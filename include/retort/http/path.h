// Paths from strangers: file names that may be used, and joining that stays
// inside a folder.
//
// Follows werkzeug.utils.secure_filename and werkzeug.security.safe_join, byte
// for byte but for NUL, which no path has.
#pragma once

#include <stddef.h>

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/str.h>

RT_C_BEGIN

// What is left of a text in ASCII: letters without their accents, and nothing of
// what has no ASCII part.
//
//   memory   in `arena`, NUL-terminated
rt_str rt_ascii_fold(rt_arena *arena, rt_str text);

// Make a name of it that is safe on any file system: ASCII letters, digits and
// `._-`, without a dot or underscore at either end.
//
//     "My cool movie.mov"     "My_cool_movie.mov"
//     "../../etc/passwd"      "etc_passwd"
//     "caf\u00e9.txt"         "cafe.txt"
//
// The result may be empty, or the name of a file that exists: the caller looks.
//
//   memory   in `arena`, NUL-terminated
rt_str rt_secure_filename(rt_arena *arena, rt_str filename);

// Join a path from a client to a folder of ours. `data` is NULL when the result
// would lie outside: for absolute paths, for `..` that climb out, for NULs.
// Symbolic links are not looked at.
//
//   memory   in `arena`, NUL-terminated
rt_str rt_safe_join(rt_arena *arena, rt_str folder, rt_str untrusted);

// The same with several parts, each of which stays below the ones before it;
// empty parts are left out.
rt_str rt_safe_join_parts(rt_arena *arena, rt_str folder,
                          const rt_str *untrusted, size_t n);

RT_C_END
