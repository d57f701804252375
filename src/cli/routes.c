// The command `routes`: a table of endpoints, methods and rules.
#include <stdio.h>

#include "cli/commands.h"

typedef struct widths {
    int endpoint;
    int methods;
    int rule;
} widths;

static void widen(int *width, rt_str text)
{
    if ((int)text.len > *width)
        *width = (int)text.len;
}

static void measure(const rt_route_info *info, void *arg)
{
    widths *w = arg;
    widen(&w->endpoint, info->endpoint);
    widen(&w->methods, info->methods);
    widen(&w->rule, info->rule);
}

static void print_route(const rt_route_info *info, void *arg)
{
    const widths *w = arg;
    printf("%-*.*s  %-*.*s  %.*s\n", w->endpoint, RT_STR_ARG(info->endpoint),
           w->methods, RT_STR_ARG(info->methods), RT_STR_ARG(info->rule));
}

static void print_rule(int width)
{
    for (int i = 0; i < width; i++)
        putchar('-');
}

int rt__command_routes(rt_app *app, int argc, char **argv)
{
    widths w = {sizeof "Endpoint" - 1, sizeof "Methods" - 1, sizeof "Rule" - 1};
    if (argc > 1) {
        fprintf(stderr, "%s: unexpected argument \"%s\"\n", argv[0], argv[1]);
        return 2;
    }
    rt_app_each_route(app, measure, &w);
    printf("%-*s  %-*s  Rule\n", w.endpoint, "Endpoint", w.methods, "Methods");
    print_rule(w.endpoint);
    printf("  ");
    print_rule(w.methods);
    printf("  ");
    print_rule(w.rule);
    printf("\n");
    rt_app_each_route(app, print_route, &w);
    return 0;
}
