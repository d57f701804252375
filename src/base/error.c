#include "retort/base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <retort/base/buf.h>

static void put_place(rt_buf *buf, const rt_error *error)
{
    if (!error->file.len && !error->line)
        return;
    rt_buf_put(buf, error->file.len ? error->file : RT_STR("line "));
    if (error->line) {
        if (error->file.len)
            rt_buf_put_char(buf, ':');
        rt_buf_put_uint(buf, error->line);
        if (error->column) {
            rt_buf_put_char(buf, ':');
            rt_buf_put_uint(buf, error->column);
        }
    }
    rt_buf_put_cstr(buf, ": ");
}

// The caret stands below its column; tabs stay tabs so that it lines up.
static void put_excerpt(rt_buf *buf, const rt_error *error)
{
    rt_buf_put_cstr(buf, "\n    ");
    rt_buf_put(buf, error->excerpt);
    if (!error->column)
        return;
    rt_buf_put_cstr(buf, "\n    ");
    size_t column = 1;
    for (size_t i = 0; i < error->excerpt.len && column < error->column; i++) {
        unsigned char c = (unsigned char)error->excerpt.data[i];
        if ((c & 0xc0) == 0x80) // inside a code point
            continue;
        rt_buf_put_char(buf, c == '\t' ? '\t' : ' ');
        column++;
    }
    rt_buf_put_char(buf, '^');
}

rt_str rt_error_text(rt_arena *arena, const rt_error *error)
{
    rt_buf buf;
    rt_buf_init(&buf, arena);
    for (const rt_error *e = error; e; e = e->cause) {
        if (e != error)
            rt_buf_put_cstr(&buf, "\nbecause: ");
        put_place(&buf, e);
        rt_buf_put(&buf, e->message.len
                             ? e->message
                             : rt_str_from(rt_status_text(e->status)));
        if (e->excerpt.len)
            put_excerpt(&buf, e);
    }
    return rt_buf_str(&buf);
}

void rt_misuse(rt_site site, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fflush(stdout);
    fprintf(stderr, "%s:%d: ", site.file, site.line);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(RT_EXIT_MISUSE);
}

// One write, so that the line stays whole among those of other processes, and no
// memory, of which there may be none.
void rt_panic(const char *format, ...)
{
    char line[1024] = "retort: ";
    size_t start = strlen(line);
    va_list args;
    va_start(args, format);
    fflush(stdout);
    vsnprintf(line + start, sizeof line - start - 1, format, args);
    va_end(args);
    size_t len = strlen(line);
    line[len++] = '\n';
    (void)!write(STDERR_FILENO, line, len);
    abort();
}
