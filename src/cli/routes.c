// The command `routes`: a table of the rules, as `flask routes` prints it.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <retort/base/buf.h>
#include <retort/base/vec.h>

#include "cli/commands.h"
#include "cli/options.h"

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
    bool whole_hosts; // some are no subdomains
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
    t->whole_hosts |= info->host.len && !info->subdomain;
    if (!t->all_methods)
        r->cells[METHODS] = shown_methods(&t->arena, r->cells[METHODS]);
    if (!info->app)
        r->cells[RULE] = rt_str_concat(&t->arena, info->rule, RT_STR("/..."));
}

static const char *title_of(const table *t, size_t c)
{
    return c == HOST && !t->whole_hosts ? "Subdomain" : titles[c];
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
        size_t least = strlen(title_of(t, i));
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

static int by_domain(const void *a, const void *b)
{
    return compare_cells(a, b, HOST);
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
    {"endpoint", by_endpoint}, {"methods", by_methods}, {"domain", by_domain},
    {"rule", by_rule},         {"match", by_match},
};

static const struct order *find_order(const char *name)
{
    const struct order *order = orders;
    while (strcmp(order->name, name) != 0)
        order++;
    return order;
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
        heads[i] = rt_str_from(title_of(t, i));
        lines[i] = rt_str_of(line, t->widths[i]);
    }
    print_row(t, heads);
    print_row(t, lines);
    rt_vec_each(row, r, &t->rows)
        print_row(t, r->cells);
}

static const rt_option options[] = {
    {.name = "sort",
     .letter = 's',
     .type = RT_OPTION_CHOICE,
     .choices = RT_CHOICES("endpoint", "methods", "domain", "rule", "match"),
     .otherwise = "endpoint",
     .help = "What to sort by; \"match\" is the order in which a path is tried "
             "on the rules."},
    {.name = "all-methods",
     .type = RT_OPTION_FLAG,
     .help = "Show HEAD and OPTIONS too."},
    {.name = NULL}};

static void list(rt_app *app, const struct order *order, bool all_methods)
{
    table t = {.all_methods = all_methods};
    rt_app_each_route(app, add_row, &t);
    if (t.rows.len)
        qsort(t.rows.items, t.rows.len, sizeof *t.rows.items, order->compare);
    print_table(&t);
    rt_arena_deinit(&t.arena);
}

int rt__command_routes(rt_app *app, int argc, char **argv)
{
    static const rt__usage usage = {
        .command = "routes",
        .help = "List the rules of the application and of those mounted in it.",
        .options = options};
    rt__usage own = usage;
    rt_arena arena = {0};
    rt_value values;
    int rest;
    own.program = rt_app_name(app);
    bool ok = rt__options_read(&own, &arena, argc, argv, &values, &rest);
    if (ok && rt_value_is_none(values))
        rt__help_put(stdout, &own);
    else if (ok)
        list(app,
             find_order(rt_value_as_cstr(
                 &arena, rt_dict_get_str(values, RT_STR("sort")))),
             rt_value_is_true(rt_dict_get_str(values, RT_STR("all-methods"))));
    rt_arena_deinit(&arena);
    return ok ? 0 : 2;
}
