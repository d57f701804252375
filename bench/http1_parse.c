// Cost of reading one request head and of writing one response head:
// nanoseconds and, where the kernel lets us count them, user-space instructions.
#include <linux/perf_event.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <retort/http1/reader.h>
#include <retort/http1/writer.h>

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

typedef struct work {
    const char *data;
    size_t len;
    rt_http1_reader reader;
    rt_headers headers;
    rt_arena arena; // reset each time
    char *out;
} work;

static void read_one(work *w)
{
    rt_http1_head head;

    if (rt_http1_read_head(&w->reader, w->data, w->len, &w->arena, &head) !=
        RT_HTTP1_HEAD)
        __builtin_trap();
    rt_http1_reader_next(&w->reader);
    rt_arena_reset(&w->arena);
}

static void write_one(work *w)
{
    rt_buf out = {.data = w->out, .cap = 4096};
    rt_http1_reply reply = {
        .status = 200,
        .headers = &w->headers,
        .length = 13,
        .minor = 1,
        .keep_alive = true,
        .date = RT_STR("Sun, 06 Nov 1994 08:49:37 GMT"),
        .server = RT_STR("retort"),
    };

    if (rt_http1_write_head(&out, &reply).framing != RT_HTTP1_LENGTH)
        __builtin_trap();
    w->len = out.len;
}

static void measure(const char *name, void (*run)(work *), work *w)
{
    int counter = open_counter();
    double best_ns = 1e18;
    double best_instructions = 1e18;

    for (int round = 0; round < ROUNDS; round++) {
        unsigned long long before = 0;
        unsigned long long after = 0;
        double start = now_ns();

        if (counter >= 0 && read(counter, &before, sizeof before) < 0)
            before = 0;
        for (int i = 0; i < HEADS; i++)
            run(w);
        if (counter >= 0 && read(counter, &after, sizeof after) < 0)
            after = 0;

        double ns = (now_ns() - start) / HEADS;
        double instructions = (double)(after - before) / HEADS;
        best_ns = ns < best_ns ? ns : best_ns;
        if (instructions > 0 && instructions < best_instructions)
            best_instructions = instructions;
    }
    printf("%-8s %4zu bytes %7.1f ns", name, w->len, best_ns);
    if (best_instructions < 1e18)
        printf(" %7.0f instructions", best_instructions);
    printf("\n");
    if (counter >= 0)
        close(counter);
}

int main(void)
{
    static char out[4096];
    rt_arena arena = {0};
    work w = {.out = out};

    rt_http1_reader_init(&w.reader, NULL);
    rt_headers_push(&w.headers, &arena, RT_STR("Content-Type"),
                    RT_STR("text/plain; charset=utf-8"));

    w.data = tiny;
    w.len = sizeof tiny - 1;
    measure("tiny", read_one, &w);
    w.data = browser;
    w.len = sizeof browser - 1;
    measure("browser", read_one, &w);
    measure("reply", write_one, &w);

    rt_arena_deinit(&w.arena);
    rt_arena_deinit(&arena);
    return 0;
}
