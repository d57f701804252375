// What bench/template.c and bench/template_limit.c have in common: they read
// the contexts, then do what bench/template.py says on their standard input.
//
//     print NAME          write the length of the output, a line break, the output
//     count NAME          calls of malloc and of snprintf in a second render
//     render NAME TIMES   processor time of so many renders, in nanoseconds
#pragma once

#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <retort/base/buf.h>
#include <retort/base/json.h>

typedef struct workload {
    const char *name;
    rt_value context;
} workload;

static workload workloads[] = {{.name = "table"},
                               {.name = "page"},
                               {.name = "fortunes"}};

// Append one render of a workload, which is a fresh start each time.
static void render(const workload *w, rt_buf *out);

// ---- counters ----------------------------------------------------------------

// The program's own malloc and printf come before the C library's. Sanitizers
// need theirs; under them nothing is counted.
static size_t mallocs;
static size_t printfs;

#if defined(__GLIBC__) && !defined(RT_DEBUG)

void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t n, size_t bytes);
void *__libc_realloc(void *memory, size_t bytes);

void *malloc(size_t bytes)
{
    mallocs++;
    return __libc_malloc(bytes);
}

void *calloc(size_t n, size_t bytes)
{
    mallocs++;
    return __libc_calloc(n, bytes);
}

void *realloc(void *memory, size_t bytes)
{
    mallocs++;
    return __libc_realloc(memory, bytes);
}

typedef int print_function(char *to, size_t bytes, const char *format,
                           va_list args);

static int print_counted(char *to, size_t bytes, const char *format,
                         va_list args)
{
    static print_function *original;
    printfs++;
    if (!original)
        *(void **)&original = dlsym(RTLD_NEXT, "vsnprintf");
    return original(to, bytes, format, args);
}

// Fortified code calls the ones with underscores. The names are given to the
// linker only, for stdio.h may have bodies for them.
int counted_snprintf(char *to, size_t bytes, const char *format,
                     ...) __asm__("snprintf")
    __attribute__((format(printf, 3, 4)));
int counted_vsnprintf(char *to, size_t bytes, const char *format,
                      va_list args) __asm__("vsnprintf")
    __attribute__((format(printf, 3, 0)));
int counted_snprintf_chk(char *to, size_t bytes, int flag, size_t room,
                         const char *format, ...) __asm__("__snprintf_chk")
    __attribute__((format(printf, 5, 6)));
int counted_vsnprintf_chk(char *to, size_t bytes, int flag, size_t room,
                          const char *format,
                          va_list args) __asm__("__vsnprintf_chk")
    __attribute__((format(printf, 5, 0)));

int counted_snprintf(char *to, size_t bytes, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = print_counted(to, bytes, format, args);
    va_end(args);
    return len;
}

int counted_vsnprintf(char *to, size_t bytes, const char *format, va_list args)
{
    return print_counted(to, bytes, format, args);
}

int counted_snprintf_chk(char *to, size_t bytes, int flag, size_t room,
                         const char *format, ...)
{
    (void)flag;
    (void)room;
    va_list args;
    va_start(args, format);
    int len = print_counted(to, bytes, format, args);
    va_end(args);
    return len;
}

int counted_vsnprintf_chk(char *to, size_t bytes, int flag, size_t room,
                          const char *format, va_list args)
{
    (void)flag;
    (void)room;
    return print_counted(to, bytes, format, args);
}

#endif

// ---- the contexts --------------------------------------------------------------

_Noreturn static void fail(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s\n", what, why);
    exit(1);
}

static rt_str read_file(rt_arena *arena, const char *folder, const char *name,
                        const char *suffix)
{
    rt_buf buf;
    char path[4096];
    snprintf(path, sizeof path, "%s/%s%s", folder, name, suffix);
    FILE *f = fopen(path, "rb");
    if (!f)
        fail(path, "cannot be opened");
    rt_buf_init(&buf, arena);
    size_t n;
    do {
        if (!rt_buf_reserve(&buf, 65536))
            fail(path, "too long");
        n = fread(rt_buf_end(&buf), 1, 65536, f);
        buf.len += n;
    } while (n);
    fclose(f);
    return rt_buf_str(&buf);
}

static void read_contexts(rt_arena *arena, const char *folder)
{
    for (size_t i = 0; i < RT_COUNT(workloads); i++) {
        rt_str text = read_file(arena, folder, workloads[i].name, ".json");
        if (rt_json_parse(arena, text, NULL, &workloads[i].context, NULL))
            fail(workloads[i].name, "no JSON");
    }
}

// ---- commands ------------------------------------------------------------------

static double now_ns(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
    return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

static const workload *find_workload(const char *name)
{
    for (size_t i = 0; i < RT_COUNT(workloads); i++)
        if (strcmp(workloads[i].name, name) == 0)
            return &workloads[i];
    fail(name, "no such workload");
}

static void run_command(const char *command, const workload *w, long times,
                        rt_buf *out)
{
    if (strcmp(command, "render") == 0) {
        double start = now_ns();
        while (times-- > 0) {
            out->len = 0;
            render(w, out);
        }
        printf("%.0f\n", now_ns() - start);
        return;
    }
    render(w, out); // the first one loads the templates
    out->len = 0;
    size_t mallocs_before = mallocs, printfs_before = printfs;
    render(w, out);
    mallocs_before = mallocs - mallocs_before;
    printfs_before = printfs - printfs_before;
    if (strcmp(command, "count") == 0) {
        printf("%zu %zu\n", mallocs_before, printfs_before);
    } else {
        printf("%zu\n", out->len);
        fwrite(out->data, 1, out->len, stdout);
    }
}
