#include "cli/options.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <retort/base/buf.h>
#include <retort/base/format.h>
#include <retort/base/vec.h>

// What was given for an option, as it was written.
typedef struct given {
    const rt_option *option;
    RT_VEC(rt_str) texts;
} given;

typedef struct reader {
    const rt__usage *usage;
    rt_arena *arena;
    given given[RT_OPTIONS_MAX];
    size_t options;
    RT_VEC(rt_str) words; // that are no options
    bool help;
} reader;

static const rt_option none[] = {{.name = NULL}};

// ---- messages -------------------------------------------------------------------

static const char *blank_before(const char *command)
{
    return *command ? " " : "";
}

static rt_str upper_word(rt_arena *arena, const char *name)
{
    rt_str word = rt_str_upper(arena, rt_str_from(name));
    for (char *c = (char *)(uintptr_t)word.data; *c; c++)
        *c = *c == '-' ? '_' : *c;
    return word;
}

static void put_usage(FILE *to, const rt__usage *u)
{
    rt_arena arena = {0};
    fprintf(to, "Usage: %s%s%s [OPTIONS]", u->program, blank_before(u->command),
            u->command);
    for (const rt_option *a = u->arguments; a && a->name; a++) {
        bool may = a->optional || a->otherwise;
        rt_str word = upper_word(&arena, a->name);
        fprintf(to, " %s%.*s%s%s", may ? "[" : "", RT_STR_ARG(word),
                may ? "]" : "", a->many ? "..." : "");
    }
    fputs(u->group ? " COMMAND [ARGS]...\n" : "\n", to);
    rt_arena_deinit(&arena);
}

void rt__usage_fail(const rt__usage *u, rt_str message)
{
    put_usage(stderr, u);
    fprintf(stderr, "Try '%s%s%s --help' for help.\n\nError: %.*s\n",
            u->program, blank_before(u->command), u->command,
            RT_STR_ARG(message));
}

// "'-n' / '--name'"
static rt_str hint(const reader *r, const rt_option *o, bool argument)
{
    if (argument)
        return rt_format(r->arena, "'{}'", upper_word(r->arena, o->name));
    char letter[2] = {o->letter, 0};
    return o->letter ? rt_format(r->arena, "'-{}' / '--{}'", letter, o->name)
                     : rt_format(r->arena, "'--{}'", o->name);
}

#define FAIL(r, ...) \
    (rt__usage_fail((r)->usage, rt_format((r)->arena, __VA_ARGS__)), false)

// ---- the words --------------------------------------------------------------------

static given *find_long(reader *r, rt_str name)
{
    for (size_t i = 0; i < r->options; i++)
        if (rt_str_eq(name, rt_str_from(r->given[i].option->name)))
            return &r->given[i];
    return NULL;
}

static given *find_letter(reader *r, char letter)
{
    for (size_t i = 0; i < r->options; i++)
        if (r->given[i].option->letter == letter)
            return &r->given[i];
    return NULL;
}

static void give(reader *r, given *g, rt_str text)
{
    *rt_vec_push(r->arena, &g->texts) = text;
}

// True where --no-name is an option: a flag that is on by itself.
static bool has_no(const rt_option *o)
{
    return o->type == RT_OPTION_FLAG && o->otherwise;
}

static given *find_no(reader *r, rt_str name)
{
    given *g = rt_str_skip(&name, RT_STR("no-")) ? find_long(r, name) : NULL;
    return g && has_no(g->option) ? g : NULL;
}

// "--name", "--name=value", "--name" "value".
static bool read_long(reader *r, rt_str word, int argc, char **argv, int *at)
{
    rt_str value = word;
    rt_str name = rt_str_cut(&value, '=');
    if (rt_str_eq(name, RT_STR("help"))) {
        r->help = true;
        return true;
    }
    given *g = find_long(r, name), *no = find_no(r, name);
    if (!g && !no)
        return FAIL(r, "No such option: --{}", name);
    if (no || g->option->type == RT_OPTION_FLAG) {
        if (value.data)
            return FAIL(r, "Option '--{}' does not take a value.", name);
        give(r, g ? g : no, g ? RT_STR("true") : RT_STR("false"));
        return true;
    }
    if (!value.data && *at + 1 < argc)
        value = rt_str_from(argv[++*at]);
    if (!value.data)
        return FAIL(r, "Option '--{}' requires an argument.", name);
    give(r, g, value);
    return true;
}

// "-abc", "-nvalue", "-n" "value".
static bool read_letters(reader *r, rt_str word, int argc, char **argv, int *at)
{
    while (word.len) {
        char letter[2] = {word.data[0], 0};
        rt_str_take(&word, 1);
        given *g = find_letter(r, letter[0]);
        if (!g)
            return FAIL(r, "No such option: -{}", letter);
        if (g->option->type == RT_OPTION_FLAG) {
            give(r, g, RT_STR("true"));
            continue;
        }
        if (!word.len && *at + 1 >= argc)
            return FAIL(r, "Option '-{}' requires an argument.", letter);
        give(r, g, word.len ? word : rt_str_from(argv[++*at]));
        return true;
    }
    return true;
}

static bool read_words(reader *r, int argc, char **argv, int *rest)
{
    bool options = true;
    int at = 1;
    for (; at < argc; at++) {
        rt_str word = rt_str_from(argv[at]);
        if (options && rt_str_eq(word, RT_STR("--"))) {
            options = false;
        } else if (options && rt_str_skip(&word, RT_STR("--"))) {
            if (!read_long(r, word, argc, argv, &at))
                return false;
        } else if (options && word.len > 1 && rt_str_skip(&word, RT_STR("-"))) {
            if (!read_letters(r, word, argc, argv, &at))
                return false;
        } else if (r->usage->group) {
            break;
        } else {
            *rt_vec_push(r->arena, &r->words) = word;
        }
    }
    *rest = at;
    return true;
}

// ---- values -------------------------------------------------------------------------

// --dry-run of "user create" is RETORT_USER_CREATE_DRY_RUN.
static rt_str variable_of(const reader *r, const rt_option *o)
{
    rt_str name =
        rt_str_upper(r->arena,
                     rt_format(r->arena, "retort_{}{}{}", r->usage->command,
                               *r->usage->command ? "_" : "", o->name));
    for (char *c = (char *)(uintptr_t)name.data; *c; c++)
        *c = isalnum((unsigned char)*c) ? *c : '_';
    return name;
}

// What nobody gave may be in the environment; of an option with .many, in words.
static void look_into_environment(reader *r, given *g)
{
    const char *text = getenv(variable_of(r, g->option).data);
    if (!*r->usage->command || g->texts.len || !text || !*text)
        return;
    rt_str rest = rt_str_from(text);
    if (!g->option->many)
        give(r, g, rest);
    while (g->option->many && rest.len) {
        rt_str word = rt_str_cut(&rest, ' ');
        if (word.len)
            give(r, g, word);
    }
}

static bool missing(const reader *r, const rt_option *o, bool argument)
{
    if (argument)
        return FAIL(r, "Missing argument {}.", hint(r, o, true));
    return FAIL(r, "Missing option {}.", hint(r, o, false));
}

static bool read_one(const reader *r, const rt_option *o, rt_str text,
                     bool argument, rt_value *out)
{
    rt_str why;
    if (!rt_option_parse(o, r->arena, text, out, &why))
        return true;
    return FAIL(r, "Invalid value for {}: {}.", hint(r, o, argument), why);
}

// The value of one option; of several texts the last counts.
static bool read_value(const reader *r, const given *g, bool argument,
                       rt_value *out)
{
    const rt_option *o = g->option;
    size_t n = g->texts.len;
    bool wanted = argument ? !o->optional : o->required;
    *out = rt_value_none();
    if (!n && o->otherwise)
        return read_one(r, o, rt_str_from(o->otherwise), argument, out);
    if (!n && wanted)
        return missing(r, o, argument);
    if (!n && o->type == RT_OPTION_FLAG)
        *out = rt_value_bool(false);
    if (o->many)
        *out = rt_list_new(r->arena);
    if (!o->many)
        return !n || read_one(r, o, g->texts.items[n - 1], argument, out);
    for (size_t i = 0; i < n; i++) {
        rt_value item;
        if (!read_one(r, o, g->texts.items[i], argument, &item))
            return false;
        (void)!rt_list_push(*out, item); // a list of its own
    }
    return true;
}

static bool keep_value(const reader *r, const given *g, bool argument,
                       rt_value values)
{
    rt_value value;
    if (!read_value(r, g, argument, &value))
        return false;
    (void)!rt_dict_set_str(values, rt_str_from(g->option->name), value);
    return true;
}

static bool read_arguments(const reader *r, rt_value values)
{
    const rt_option *a = r->usage->arguments ? r->usage->arguments : none;
    size_t at = 0;
    for (; a->name; a++) {
        given g = {.option = a};
        while (at < r->words.len && (a->many || !g.texts.len))
            *rt_vec_push(r->arena, &g.texts) = r->words.items[at++];
        if (!keep_value(r, &g, true, values))
            return false;
    }
    if (at == r->words.len)
        return true;
    size_t n = r->words.len - at;
    rt_str extra = rt_str_join(r->arena, RT_STR(" "), &r->words.items[at], n);
    return FAIL(r, "Got unexpected extra argument{} ({})", n > 1 ? "s" : "",
                extra);
}

bool rt__options_read(const rt__usage *usage, rt_arena *arena, int argc,
                      char **argv, rt_value *values, int *rest)
{
    reader r = {.usage = usage, .arena = arena};
    for (const rt_option *o = usage->options; o && o->name; o++)
        r.given[r.options++] = (given){.option = o};
    *values = rt_value_none();
    if (!read_words(&r, argc, argv, rest))
        return false;
    if (r.help)
        return true;
    *values = rt_dict_new(arena);
    for (size_t i = 0; i < r.options; i++) {
        look_into_environment(&r, &r.given[i]);
        if (!keep_value(&r, &r.given[i], false, *values))
            return false;
    }
    return read_arguments(&r, *values);
}

// ---- help ------------------------------------------------------------------------------

#define WIDTH      78
#define COLUMN_MAX 30

// Write text in lines that begin at a column, of which the first has been
// reached already.
static void put_wrapped(FILE *to, rt_str text, int column)
{
    int at = column;
    while (text.len) {
        rt_str word = rt_str_cut(&text, ' ');
        bool fits = at == column || at + 1 + (int)word.len <= WIDTH;
        if (!fits) {
            fprintf(to, "\n%*s", column, "");
            at = column;
        }
        at += fprintf(to, "%s%.*s", at == column ? "" : " ", RT_STR_ARG(word));
    }
    fputc('\n', to);
}

void rt__help_put_rows(FILE *to, const char *title, const rt__help_row *rows,
                       size_t n)
{
    int width = 0;
    for (size_t i = 0; i < n; i++)
        if ((int)rows[i].name.len > width)
            width = (int)rows[i].name.len;
    if (width > COLUMN_MAX)
        width = COLUMN_MAX;
    fprintf(to, "\n%s:\n", title);
    for (size_t i = 0; i < n; i++) {
        if (!rows[i].text.len) {
            fprintf(to, "  %.*s\n", RT_STR_ARG(rows[i].name));
            continue;
        }
        fprintf(to, "  %-*.*s", width, RT_STR_ARG(rows[i].name));
        if ((int)rows[i].name.len > width)
            fprintf(to, "\n%*s", width + 2, "");
        fputs("  ", to);
        put_wrapped(to, rows[i].text, width + 4);
    }
}

// "-c, --color [red|blue]"
static rt_str name_option(rt_arena *arena, const rt_option *o)
{
    rt_buf out;
    rt_buf_init(&out, arena);
    if (o->letter)
        rt_buf_printf(&out, "-%c, ", o->letter);
    rt_buf_printf(&out, "--%s", o->name);
    if (has_no(o))
        rt_buf_printf(&out, " / --no-%s", o->name);
    switch (o->type) {
    case RT_OPTION_TEXT: rt_buf_put(&out, RT_STR(" TEXT")); break;
    case RT_OPTION_INT: rt_buf_put(&out, RT_STR(" INTEGER")); break;
    case RT_OPTION_FLOAT: rt_buf_put(&out, RT_STR(" FLOAT")); break;
    case RT_OPTION_FLAG: break;
    case RT_OPTION_CHOICE:
        for (const char *const *c = o->choices; *c; c++)
            rt_buf_printf(&out, "%s%s", c == o->choices ? " [" : "|", *c);
        rt_buf_put_char(&out, ']');
        break;
    }
    return rt_buf_str(&out);
}

static rt_str describe(rt_arena *arena, const rt_option *o)
{
    rt_buf out;
    rt_buf_init(&out, arena);
    rt_buf_put_cstr(&out, o->help ? o->help : "");
    const char *gap = out.len ? "  " : "";
    if (o->otherwise)
        rt_buf_printf(&out, "%s[default: %s]", gap, o->otherwise);
    else if (o->required)
        rt_buf_printf(&out, "%s[required]", gap);
    return rt_buf_str(&out);
}

static void put_arguments(FILE *to, rt_arena *arena, const rt_option *arguments)
{
    rt__help_row rows[RT_OPTIONS_MAX];
    size_t n = 0;
    bool any = false;
    for (const rt_option *a = arguments; a && a->name; a++) {
        any |= a->help != NULL;
        rows[n++] =
            (rt__help_row){upper_word(arena, a->name), describe(arena, a)};
    }
    if (any)
        rt__help_put_rows(to, "Arguments", rows, n);
}

void rt__help_put(FILE *to, const rt__usage *usage)
{
    rt_arena arena = {0};
    rt__help_row rows[RT_OPTIONS_MAX + 1];
    size_t n = 0;
    put_usage(to, usage);
    if (usage->help) {
        fputs("\n  ", to);
        put_wrapped(to, rt_str_from(usage->help), 2);
    }
    put_arguments(to, &arena, usage->arguments);
    for (const rt_option *o = usage->options; o && o->name; o++)
        rows[n++] = (rt__help_row){name_option(&arena, o), describe(&arena, o)};
    rows[n++] =
        (rt__help_row){RT_STR("--help"), RT_STR("Show this message and exit.")};
    rt__help_put_rows(to, "Options", rows, n);
    rt_arena_deinit(&arena);
}
