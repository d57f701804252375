#include "http/upload.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include <retort/base/buf.h>

// ---- the temporary file -------------------------------------------------------

static void close_fd(void *ptr)
{
    close((int)(intptr_t)ptr);
}

// For file systems that cannot make files without a name.
static int open_and_unlink(rt_arena *arena, const char *folder)
{
    rt_buf path;
    rt_buf_init(&path, arena);
    rt_buf_put_cstr(&path, folder);
    rt_buf_put_cstr(&path, "/retort-XXXXXX");
    char *name = rt_str_cstr(arena, rt_buf_str(&path));
    int fd = mkostemp(name, O_CLOEXEC);
    if (fd >= 0)
        unlink(name);
    return fd;
}

rt_status rt__upload_open(rt_arena *arena, const char *folder, int *fd)
{
    if (!folder)
        folder = secure_getenv("TMPDIR");
    if (!folder || !*folder)
        folder = "/tmp";
    int opened = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (opened < 0)
        opened = open_and_unlink(arena, folder);
    if (opened < 0)
        return rt_status_from_errno(errno);
    rt_arena_defer(arena, close_fd, (void *)(intptr_t)opened);
    *fd = opened;
    return RT_OK;
}

rt_status rt__upload_write(int fd, rt_str bytes)
{
    while (bytes.len > 0) {
        ssize_t n = write(fd, bytes.data, bytes.len);
        if (n < 0 && errno != EINTR)
            return rt_status_from_errno(errno);
        if (n > 0)
            rt_str_take(&bytes, (size_t)n);
    }
    return RT_OK;
}

// ---- reading --------------------------------------------------------------------

rt_status rt_file_read_at(const rt_upload *file, uint64_t offset, void *buffer,
                          size_t len, size_t *got)
{
    *got = 0;
    if (offset >= file->size)
        return RT_OK;
    if (len > file->size - offset)
        len = (size_t)(file->size - offset);
    if (file->data.data) {
        memcpy(buffer, file->data.data + offset, len);
        *got = len;
        return RT_OK;
    }
    while (*got < len) {
        ssize_t n = pread(file->fd, (char *)buffer + *got, len - *got,
                          file->offset + (int64_t)(offset + *got));
        if (n < 0 && errno != EINTR)
            return rt_status_from_errno(errno);
        if (n == 0)
            return RT_E_IO; // somebody has cut the file
        if (n > 0)
            *got += (size_t)n;
    }
    return RT_OK;
}

rt_status rt_file_read(const rt_upload *file, rt_arena *arena, rt_str *out)
{
    if (file->data.data) {
        *out = file->data;
        return RT_OK;
    }
    char *text = rt_arena_alloc(arena, (size_t)file->size + 1);
    size_t got;
    rt_status st = rt_file_read_at(file, 0, text, (size_t)file->size, &got);
    if (st)
        return st;
    text[got] = '\0';
    *out = rt_str_of(text, got);
    return RT_OK;
}

// Copy by blocks what the kernel cannot copy by itself.
static rt_status copy_blocks(const rt_upload *file, uint64_t from, int fd)
{
    char block[16384];

    while (from < file->size) {
        size_t got;
        rt_status st = rt_file_read_at(file, from, block, sizeof block, &got);
        if (!st)
            st = rt__upload_write(fd, rt_str_of(block, got));
        if (st)
            return st;
        from += got;
    }
    return RT_OK;
}

rt_status rt_file_copy(const rt_upload *file, int fd)
{
    if (file->data.data)
        return rt__upload_write(fd, file->data);

    uint64_t copied = 0;
    while (copied < file->size) {
        off_t from = file->offset + (off_t)copied;
        ssize_t n =
            sendfile(fd, file->fd, &from, (size_t)(file->size - copied));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) // not possible between these two, or an error to be found
            return copy_blocks(file, copied, fd);
        copied += (uint64_t)n;
    }
    return RT_OK;
}

rt_status rt_file_save(const rt_upload *file, const char *path)
{
    assert(path);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        return rt_status_from_errno(errno);
    rt_status st = rt_file_copy(file, fd);
    if (close(fd) != 0 && !st)
        st = rt_status_from_errno(errno);
    return st;
}
