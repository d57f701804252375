// Cost of finding a rule among 10, 1,000 and 10,000: nanoseconds of processor
// time per match, for one path again and again and for paths in random order.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <retort/routing/build.h>

#define ROUNDS  9
#define MATCHES 200000

// The shapes of the rules; `%u` is the rule's number. A path is the rule with
// its variables filled in.
static const struct shape {
    const char *name;
    const char *rule;
    const char *path;
} shapes[] = {
    {"text", "/section%u/page%u", "/section%u/page%u"},
    {"one variable", "/item%u/<int:id>", "/item%u/42"},
    {"two variables", "/api/v1/users%u/<name>/posts/<int:id>",
     "/api/v1/users%u/somebody/posts/1234"},
    {"variable first", "/<lang>/topic%u/", "/en/topic%u/"},
    {"prefix", "/p%u-<slug>", "/p%u-how-it-works"},
    {"suffix", "/<slug>-p%u", "/how-it-works-p%u"},
    {"path with end", "/<path:p>/end%u", "/a/b/c/end%u"},
    {"rest", "/files%u/<path:rest>", "/files%u/a/b/c.txt"},
};

static double now_ns(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
    return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    const double *x = a;
    const double *y = b;
    return (*x > *y) - (*x < *y);
}

// Put the number where the shape has it.
static const char *fill(rt_arena *arena, const char *shape, unsigned number)
{
    rt_buf buf;
    rt_buf_init(&buf, arena);
    for (const char *at = shape; *at; at++) {
        if (at[0] == '%' && at[1] == 'u') {
            rt_buf_put_uint(&buf, number);
            at++;
        } else {
            rt_buf_put_char(&buf, *at);
        }
    }
    return rt_buf_str(&buf).data;
}

static void add(rt_url_map *map, const char *text)
{
    rt_url_rule_options options = {.endpoint = text};
    rt_error err = {0};
    if (rt_url_map_add(map, text, &options, NULL, &err)) {
        fprintf(stderr, "%s: %.*s\n", text, RT_STR_ARG(err.message));
        exit(1);
    }
}

static double measure(const rt_url_map *map, rt_arena *arena,
                      const rt_str *paths, size_t paths_len)
{
    double rounds[ROUNDS];
    for (size_t round = 0; round < ROUNDS; round++) {
        double start = now_ns();
        for (size_t i = 0; i < MATCHES; i++) {
            rt_url_target target = {
                .method = RT_METHOD_GET,
                .path = paths[i % paths_len],
            };
            rt_url_result result;
            if (rt_url_match(map, arena, &target, &result) != RT_URL_FOUND) {
                fprintf(stderr, "%.*s has no rule\n", RT_STR_ARG(target.path));
                exit(1);
            }
            rt_arena_reset(arena);
        }
        rounds[round] = (now_ns() - start) / MATCHES;
    }
    qsort(rounds, ROUNDS, sizeof rounds[0], compare);
    return rounds[ROUNDS / 2];
}

static void shuffle(rt_str *paths, size_t n)
{
    uint64_t x = 88172645463325252u;
    for (size_t i = n - 1; i > 0; i--) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        size_t k = x % (i + 1);
        rt_str swap = paths[i];
        paths[i] = paths[k];
        paths[k] = swap;
    }
}

static void run(const struct shape *shape, unsigned rules)
{
    rt_arena arena = {0};
    rt_arena request = {0};
    rt_url_map *map = rt_url_map_new(&arena, NULL);
    rt_str *paths = rt_new(&arena, rt_str, rules);

    double start = now_ns();
    for (unsigned i = 0; i < rules; i++)
        add(map, fill(&arena, shape->rule, i));
    rt_url_map_compile(map);
    double compiled = now_ns() - start;

    for (unsigned i = 0; i < rules; i++)
        paths[i] = rt_str_from(fill(&arena, shape->path, i));
    double one = measure(map, &request, paths + rules / 2, 1);
    shuffle(paths, rules);
    double all = measure(map, &request, paths, rules);
    printf("%-16s %8u %10.0f %10.0f %12.2f\n", shape->name, rules, one, all,
           compiled / 1e6);
    rt_arena_deinit(&request);
    rt_arena_deinit(&arena);
}

int main(void)
{
    static const unsigned sizes[] = {10, 1000, 10000};
    printf("%-16s %8s %10s %10s %12s\n", "rules", "number", "one, ns",
           "random, ns", "building, ms");
    for (size_t i = 0; i < RT_COUNT(shapes); i++) {
        for (size_t k = 0; k < RT_COUNT(sizes); k++)
            run(&shapes[i], sizes[k]);
    }
    return 0;
}
