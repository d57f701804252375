// Renders bench/templates for bench/template.py, which says what and how often.
#include <retort/template.h>

#include "template_run.h"

static const char *const page_templates[] = {"base.html", "macros.html",
                                             "nav.html", "page.html"};

static rt_template_loader loader;
static rt_template_env *env;
static rt_arena arena; // of a render

static rt_template_env *new_env(int reload_ms)
{
    return rt_template_env_new(.loader = loader, .autoescape = RT_AUTOESCAPE_ON,
                               .syntax = {.trim_blocks = true,
                                          .lstrip_blocks = true},
                               .no_reload = reload_ms < 0,
                               .reload_ms = reload_ms);
}

_Noreturn static void fail_with(const rt_template_error *error)
{
    rt_str text = rt_template_error_text(&arena, error);
    fail("template", text.data);
}

static rt_template *get(rt_template_env *from, rt_str name)
{
    rt_template *t;
    rt_template_error error = {0};
    if (rt_template_get(from, &arena, name, &t, &error))
        fail_with(&error);
    return t;
}

static void render(const workload *w, rt_buf *out)
{
    char name[24];
    size_t len = strlen(w->name);
    rt_template_error error = {0};
    memcpy(name, w->name, len);
    memcpy(name + len, ".html", 5);
    rt_template *t = get(env, rt_str_of(name, len + 5));
    if (rt_template_render(t, &arena, w->context, out, &error))
        fail_with(&error);
    rt_template_put(t);
    rt_arena_reset(&arena);
}

// From the sources in memory to bytecode, in a new environment each time.
static void load(long times)
{
    rt_template_loader before = loader;
    rt_arena sources = {0};
    rt_pair pairs[RT_COUNT(page_templates)];
    for (size_t i = 0; i < RT_COUNT(page_templates); i++) {
        rt_template_source source = {0};
        if (loader.load(loader.self, &sources, rt_str_from(page_templates[i]),
                        &source))
            fail(page_templates[i], "cannot be loaded");
        pairs[i] = (rt_pair){page_templates[i], rt_value_str(source.text)};
    }
    loader = rt_template_memory_pairs(&sources, pairs, RT_COUNT(pairs));
    double start = now_ns();
    while (times-- > 0) {
        rt_template_env *fresh = new_env(-1);
        for (size_t i = 0; i < RT_COUNT(page_templates); i++)
            rt_template_put(get(fresh, rt_str_from(page_templates[i])));
        rt_template_env_free(fresh);
    }
    printf("%.0f\n", now_ns() - start);
    loader = before;
    rt_arena_deinit(&sources);
    rt_arena_reset(&arena);
}

int main(int argc, char **argv)
{
    char command[16], name[16];
    long times;
    rt_arena lasting = {0};
    rt_buf out;
    if (argc != 2)
        fail("bench_template", "which folder?");
    read_contexts(&lasting, argv[1]);
    rt_buf_init(&out, &lasting);
    loader = rt_template_folder(&lasting, argv[1]);
    rt_template_env *cached = new_env(-1), *reloading = new_env(0),
                    *seldom = new_env(1000);
    while (scanf("%15s %15s %ld", command, name, &times) == 3) {
        env = cached;
        if (strcmp(command, "load") == 0) {
            load(times);
        } else if (strcmp(command, "reload") == 0) {
            // Looks for each template whether its file has changed.
            env = reloading;
            run_command("render", find_workload(name), times, &out);
        } else if (strcmp(command, "seldom") == 0) {
            // The same once a second, as an application does.
            env = seldom;
            run_command("render", find_workload(name), times, &out);
        } else {
            run_command(command, find_workload(name), times, &out);
        }
        fflush(stdout);
    }
    rt_template_env_free(cached);
    rt_template_env_free(reloading);
    rt_template_env_free(seldom);
    rt_arena_deinit(&arena);
    rt_arena_deinit(&lasting);
    return 0;
}
