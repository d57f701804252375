// Cost of reading one request head: nanoseconds and, where the kernel lets us
// count them, user-space instructions.
#include <linux/perf_event.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <retort/http1/reader.h>

#define ROUNDS 9
#define HEADS  200000

static const char tiny[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

static const char browser[] =
    "GET /articles/2024/introduction?page=2&sort=date HTTP/1.1\r\n"
    "Host: www.example.org\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 "
    "Firefox/128.0\r\n"
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,"
    "image/avif,image/webp,*/*;q=0.8\r\n"
    "Accept-Language: en-US,en;q=0.5\r\n"
    "Accept-Encoding: gzip, deflate, br, zstd\r\n"
    "Referer: https://www.example.org/articles/2024/\r\n"
    "Connection: keep-alive\r\n"
    "Cookie: session=eyJ1c2VyX2lkIjo0Mn0.Zr3k2A.q1w2e3r4t5y6u7i8o9p0; "
    "theme=dark\r\n"
    "Upgrade-Insecure-Requests: 1\r\n"
    "Sec-Fetch-Dest: document\r\n"
    "Sec-Fetch-Mode: navigate\r\n"
    "Sec-Fetch-Site: same-origin\r\n"
    "Sec-Fetch-User: ?1\r\n"
    "Priority: u=0, i\r\n"
    "\r\n";

static int open_counter(void)
{
    struct perf_event_attr attr = {
        .type = PERF_TYPE_HARDWARE,
        .size = sizeof attr,
        .config = PERF_COUNT_HW_INSTRUCTIONS,
        .exclude_kernel = 1,
        .exclude_hv = 1,
    };
    return (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
}

static double now_ns(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

static void read_one(rt_http1_reader *reader, rt_arena *arena, const char *data,
                     size_t len)
{
    rt_http1_head head;

    if (rt_http1_read_head(reader, data, len, arena, &head) != RT_HTTP1_HEAD)
        __builtin_trap();
    rt_http1_reader_next(reader);
    rt_arena_reset(arena);
}

static void measure(const char *name, const char *data, size_t len)
{
    int counter = open_counter();
    double best_ns = 1e18;
    double best_instructions = 1e18;
    rt_http1_reader reader;
    rt_arena arena;

    rt_http1_reader_init(&reader, NULL);
    rt_arena_init(&arena, 0);
    for (int round = 0; round < ROUNDS; round++) {
        unsigned long long before = 0;
        unsigned long long after = 0;
        double start = now_ns();

        if (counter >= 0 && read(counter, &before, sizeof before) < 0)
            before = 0;
        for (int i = 0; i < HEADS; i++)
            read_one(&reader, &arena, data, len);
        if (counter >= 0 && read(counter, &after, sizeof after) < 0)
            after = 0;

        double ns = (now_ns() - start) / HEADS;
        double instructions = (double)(after - before) / HEADS;
        best_ns = ns < best_ns ? ns : best_ns;
        if (instructions > 0 && instructions < best_instructions)
            best_instructions = instructions;
    }
    printf("%-8s %4zu bytes %7.1f ns", name, len, best_ns);
    if (best_instructions < 1e18)
        printf(" %7.0f instructions", best_instructions);
    printf("\n");
    rt_arena_deinit(&arena);
    if (counter >= 0)
        close(counter);
}

int main(void)
{
    measure("tiny", tiny, sizeof tiny - 1);
    measure("browser", browser, sizeof browser - 1);
    return 0;
}
