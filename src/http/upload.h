// The temporary file of a form's uploads.
#pragma once

#include <retort/http/form.h>

// Open a file without a name; it is closed with the arena.
rt_status rt__upload_open(rt_arena *arena, const char *folder, int *fd);

// Write all bytes to a descriptor.
rt_status rt__upload_write(int fd, rt_str bytes);
