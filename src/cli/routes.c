// The command `routes`: a table of the rules, as `flask routes` prints it.
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <retort/base/buf.h>
#include <retort/base/vec.h>

#include "cli/commands.h"

typedef enum column {
    ENDPOINT,
    METHODS,
    HOST,
    APPLICATION,
    RULE,
    COLUMNS
} column;

static const char *const titles[COLUMNS] = {
    [ENDPOINT] = "Endpoint",       [METHODS] = "Methods", [HOST] = "Host",
    [APPLICATION] = "Application", [RULE] = "Rule",
};

typedef struct row {
    rt_str cells[COLUMNS];
    rt_str prefix;
    size_t match;
} row;

typedef struct table {
    rt_arena arena;
    bool all_methods;
    RT_VEC(row) rows;
    size_t widths[COLUMNS]; // 0: a column that is not shown
} table;

// ---- the rows ----------------------------------------------------------------

// Without those that come by themselves.
static rt_str shown_methods(rt_arena *arena, rt_str methods)
{
    rt_buf out;
    rt_buf_init(&out, arena);
    while (methods.len) {
        rt_str method = rt_str_trim(rt_str_cut(&methods, ','));
        if (rt_str_eq(method, RT_STR("HEAD")) ||
            rt_str_eq(method, RT_STR("OPTIONS")))
            continue;
        if (out.len)
            rt_buf_put(&out, RT_STR(", "));
        rt_buf_put(&out, method);
    }
    return rt_buf_str(&out);
}

static void add_row(const rt_route_info *info, void *arg)
{
    table *t = arg;
    row *r = rt_vec_push(&t->arena, &t->rows);
    *r = (row){.cells = {[ENDPOINT] = info->endpoint,
                         [METHODS] = info->methods,
                         [HOST] = info->host,
                         [APPLICATION] = rt_str_from(info->app),
                         [RULE] = info->rule},
               .prefix = rt_str_copy(&t->arena, info->prefix),
               .match = info->match};
    for (size_t i = 0; i < COLUMNS; i++)
        r->cells[i] = rt_str_copy(&t->arena, r->cells[i]);
    if (!t->all_methods)
        r->cells[METHODS] = shown_methods(&t->arena, r->cells[METHODS]);
    if (!info->app)
        r->cells[RULE] = rt_str_concat(&t->arena, info->rule, RT_STR("/..."));
}

static void measure(table *t)
{
    bool shown[COLUMNS] = {true, true, false, false, true};
    rt_vec_each(row, r, &t->rows) {
        shown[HOST] |= r->cells[HOST].len > 0;
        shown[APPLICATION] |= r->prefix.len > 0;
        for (size_t i = 0; i < COLUMNS; i++)
            if (r->cells[i].len > t->widths[i])
                t->widths[i] = r->cells[i].len;
    }
    for (size_t i = 0; i < COLUMNS; i++) {
        size_t least = strlen(titles[i]);
        if (!shown[i])
            t->widths[i] = 0;
        else if (t->widths[i] < least)
            t->widths[i] = least;
    }
}

// ---- their order -------------------------------------------------------------

static int compare_cells(const row *a, const row *b, column by)
{
    int order = rt_str_compare(a->cells[by], b->cells[by]);
    return order ? order : rt_str_compare(a->cells[RULE], b->cells[RULE]);
}

static int by_endpoint(const void *a, const void *b)
{
    return compare_cells(a, b, ENDPOINT);
}

static int by_methods(const void *a, const void *b)
{
    return compare_cells(a, b, METHODS);
}

static int by_rule(const void *a, const void *b)
{
    int order = compare_cells(a, b, RULE);
    return order ? order : compare_cells(a, b, METHODS);
}

// What is mounted is asked first, at the longest prefix.
static int by_match(const void *a, const void *b)
{
    const row *x = a, *y = b;
    if (x->prefix.len != y->prefix.len)
        return x->prefix.len < y->prefix.len ? 1 : -1;
    int order = rt_str_compare(x->prefix, y->prefix);
    return order ? order : (x->match > y->match) - (x->match < y->match);
}

static const struct order {
    const char *name;
    int (*compare)(const void *a, const void *b);
} orders[] = {
    {"endpoint", by_endpoint},
    {"methods", by_methods},
    {"rule", by_rule},
    {"match", by_match},
};

static const struct order *find_order(const char *name)
{
    for (size_t i = 0; i < RT_COUNT(orders); i++)
        if (strcmp(orders[i].name, name) == 0)
            return &orders[i];
    fprintf(stderr,
            "routes: --sort must be endpoint, methods, rule or match, not "
            "\"%s\"\n",
            name);
    return NULL;
}

// ---- printing ----------------------------------------------------------------

// The last column is not filled up.
static void print_row(const table *t, const rt_str cells[COLUMNS])
{
    for (size_t i = 0; i < COLUMNS; i++) {
        if (i == RULE)
            printf("%.*s\n", RT_STR_ARG(cells[i]));
        else if (t->widths[i])
            printf("%-*.*s  ", (int)t->widths[i], RT_STR_ARG(cells[i]));
    }
}

static void print_table(table *t)
{
    rt_str heads[COLUMNS], lines[COLUMNS];
    measure(t);
    for (size_t i = 0; i < COLUMNS; i++) {
        char *line = rt_arena_alloc(&t->arena, t->widths[i] + 1);
        memset(line, '-', t->widths[i]);
        heads[i] = rt_str_from(titles[i]);
        lines[i] = rt_str_of(line, t->widths[i]);
    }
    print_row(t, heads);
    print_row(t, lines);
    rt_vec_each(row, r, &t->rows)
        print_row(t, r->cells);
}

static void print_help(const rt_app *app)
{
    printf("Usage: %s routes [OPTIONS]\n\n"
           "List the rules of the application and of those mounted in it.\n\n"
           "Options:\n"
           "  -s, --sort ORDER   endpoint, methods, rule, or match: the order "
           "in which a\n"
           "                     path is tried on them.  [endpoint]\n"
           "  --all-methods      Show HEAD and OPTIONS too.\n"
           "  --help             Show this message and exit.\n",
           rt_app_name(app));
}

enum {
    OPT_HELP = 1000
};

static const struct option options[] = {{"sort", required_argument, NULL, 's'},
                                        {"all-methods", no_argument, NULL, 'A'},
                                        {"help", no_argument, NULL, OPT_HELP},
                                        {0}};

int rt__command_routes(rt_app *app, int argc, char **argv)
{
    table t = {0};
    const struct order *order = &orders[0];
    int option;
    optind = 1;
    while ((option = getopt_long(argc, argv, "s:A", options, NULL)) != -1) {
        switch (option) {
        case 's': order = find_order(optarg); break;
        case 'A': t.all_methods = true; break;
        case '?': return 2; // getopt has said why
        default: print_help(app); return 0;
        }
        if (!order)
            return 2;
    }
    if (optind < argc) {
        fprintf(stderr, "routes: unexpected argument \"%s\"\n", argv[optind]);
        return 2;
    }
    rt_app_each_route(app, add_row, &t);
    if (t.rows.len)
        qsort(t.rows.items, t.rows.len, sizeof *t.rows.items, order->compare);
    print_table(&t);
    rt_arena_deinit(&t.arena);
    return 0;
}
