// The kernel keeps the walk inside the folder (openat2, since Linux 5.6). Where
// it cannot, or a sandbox forbids the call, the walk is our own, from folder to
// folder and without any links.
#include "app/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <retort/base/str.h>

#if defined(SYS_openat2) && __has_include(<linux/openat2.h>)
#include <linux/openat2.h>
#define HAVE_OPENAT2 1
#endif

// Not to wait for whoever opens the other end of a named pipe.
#define OPEN_FLAGS (O_RDONLY | O_CLOEXEC | O_NONBLOCK)

static int walk(int folder, const char *path)
{
    rt_str name = rt_str_from(path);
    int at = folder;

    while (at >= 0) {
        rt_str part = rt_str_cut(&name, '/');
        char text[256];
        if (part.len == 0 || part.len >= sizeof text) {
            errno = ENOENT;
            break;
        }
        memcpy(text, part.data, part.len);
        text[part.len] = '\0';
        int flags = OPEN_FLAGS | O_NOFOLLOW | (name.data ? O_DIRECTORY : 0);
        int next = openat(at, text, flags);
        if (at != folder)
            close(at);
        at = next;
        if (!name.data)
            return at;
    }
    if (at >= 0 && at != folder)
        close(at);
    return -1;
}

static int open_in(int folder, const char *name)
{
#ifdef HAVE_OPENAT2
    struct open_how how = {.flags = OPEN_FLAGS,
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
    int fd = (int)syscall(SYS_openat2, folder, name, &how, sizeof how);
    if (fd >= 0 || (errno != ENOSYS && errno != EPERM))
        return fd;
#endif
    return walk(folder, name);
}

typedef int open_in_fn(int folder, const char *name);

static int with_folder(const char *folder, const char *name, open_in_fn *fn)
{
    int at = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (at < 0)
        return -1;
    int fd = fn(at, name);
    int error = errno;
    close(at);
    errno = error;
    return fd;
}

int rt__open_beneath(const char *folder, const char *name)
{
    return with_folder(folder, name, open_in);
}

int rt__open_beneath_walking(const char *folder, const char *name)
{
    return with_folder(folder, name, walk);
}
