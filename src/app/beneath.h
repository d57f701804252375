// Opening a file below a folder, whatever the name says.
#pragma once

// Open `name` for reading. It must be relative and normalised, without "..".
// Links are followed while they stay below the folder.
//
//   returns   a descriptor, or -1 with errno: EXDEV or ELOOP for a link that
//             leads outside
int rt__open_beneath(const char *folder, const char *name);

// The same as it is done where the kernel cannot help: no links at all.
int rt__open_beneath_walking(const char *folder, const char *name);
