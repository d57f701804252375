// `retort template`: templates from the command line.
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <retort/template.h>

#include "command.h"

#define NAMES_MAX 64

typedef struct settings {
    rt_template_options options;
    rt_template_stage stage;
    const char *context; // a JSON file, "-" for standard input
    const char *output;
    const char *name; // of the bundle's table
    // Names that the program has and this one has not.
    const char *filters[NAMES_MAX];
    const char *tests[NAMES_MAX];
    size_t n_filters, n_tests;
    bool help;
} settings;

enum {
    OPT_CONTEXT = 1000,
    OPT_STRICT,
    OPT_AUTOESCAPE,
    OPT_TRIM,
    OPT_LSTRIP,
    OPT_TOKENS,
    OPT_AST,
    OPT_CODE,
    OPT_NAME,
    OPT_FILTER,
    OPT_TEST,
    OPT_HELP,
};

static const struct option options[] = {
    {"context", required_argument, NULL, OPT_CONTEXT},
    {"strict", no_argument, NULL, OPT_STRICT},
    {"autoescape", no_argument, NULL, OPT_AUTOESCAPE},
    {"trim-blocks", no_argument, NULL, OPT_TRIM},
    {"lstrip-blocks", no_argument, NULL, OPT_LSTRIP},
    {"tokens", no_argument, NULL, OPT_TOKENS},
    {"ast", no_argument, NULL, OPT_AST},
    {"code", no_argument, NULL, OPT_CODE},
    {"output", required_argument, NULL, 'o'},
    {"name", required_argument, NULL, OPT_NAME},
    {"filter", required_argument, NULL, OPT_FILTER},
    {"test", required_argument, NULL, OPT_TEST},
    {"help", no_argument, NULL, OPT_HELP},
    {0}};

static bool add_name(const char **names, size_t *n)
{
    if (*n == NAMES_MAX)
        return false;
    names[(*n)++] = optarg;
    return true;
}

static bool read_option(settings *s, int option)
{
    switch (option) {
    case OPT_CONTEXT: s->context = optarg; return true;
    case OPT_STRICT: s->options.undefined = RT_UNDEFINED_STRICT; return true;
    case OPT_AUTOESCAPE: s->options.autoescape = RT_AUTOESCAPE_ON; return true;
    case OPT_TRIM: s->options.syntax.trim_blocks = true; return true;
    case OPT_LSTRIP: s->options.syntax.lstrip_blocks = true; return true;
    case OPT_TOKENS: s->stage = RT_TEMPLATE_TOKENS; return true;
    case OPT_AST: s->stage = RT_TEMPLATE_AST; return true;
    case OPT_CODE: s->stage = RT_TEMPLATE_CODE; return true;
    case 'o': s->output = optarg; return true;
    case OPT_NAME: s->name = optarg; return true;
    case OPT_FILTER: return add_name(s->filters, &s->n_filters);
    case OPT_TEST: return add_name(s->tests, &s->n_tests);
    case OPT_HELP: s->help = true; return true;
    default: return false;
    }
}

// ---- the environment -------------------------------------------------------

static rt_status fail_as_foreign(rt_template_call *call, rt_value *out)
{
    (void)out;
    return rt_template_fail(call, RT_TEMPLATE_RUNTIME_ERROR,
                            "only the program itself has {!r}",
                            (const char *)call->arg);
}

static rt_str translate(void *arg, rt_arena *arena, rt_str context,
                        rt_str message, rt_str plural, int64_t n)
{
    (void)arg;
    (void)arena;
    (void)context;
    return plural.data && n != 1 ? plural : message;
}

static rt_template_env *make_env(settings *s)
{
    s->options.translator = (rt_template_translator){translate, NULL, true};
    rt_template_env *env = rt_template_env_create(&s->options);
    for (size_t i = 0; i < s->n_filters; i++)
        rt_template_env_filter(env, s->filters[i], fail_as_foreign,
                               (void *)(uintptr_t)s->filters[i], 0);
    for (size_t i = 0; i < s->n_tests; i++)
        rt_template_env_test(env, s->tests[i], fail_as_foreign,
                             (void *)(uintptr_t)s->tests[i], 0);
    return env;
}

// ---- files -----------------------------------------------------------------

static bool read_file(rt_arena *arena, const char *path, rt_str *out)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    rt_buf text;
    rt_buf_init(&text, arena);
    if (!file) {
        fprintf(stderr, "retort: cannot read %s: %s\n", path, strerror(errno));
        return false;
    }
    char block[65536];
    size_t n;
    while ((n = fread(block, 1, sizeof block, file)) > 0)
        rt_buf_put_bytes(&text, block, n);
    bool failed = ferror(file);
    if (failed)
        fprintf(stderr, "retort: cannot read %s: %s\n", path, strerror(errno));
    if (file != stdin)
        fclose(file);
    if (failed)
        return false;
    *out = rt_buf_str(&text);
    return true;
}

static bool read_context(rt_arena *arena, const char *path, rt_value *out)
{
    rt_str text;
    rt_error error = {0};
    *out = rt_dict_new(arena);
    if (!path)
        return true;
    if (!read_file(arena, path, &text))
        return false;
    if (rt_json_parse(arena, text, NULL, out, &error)) {
        error.file = rt_str_from(path);
        fprintf(stderr, "%s\n", rt_error_text(arena, &error).data);
        return false;
    }
    if (out->kind != RT_DICT) {
        fprintf(stderr, "%s: the context must be a JSON object\n", path);
        return false;
    }
    return true;
}

static int complain(rt_arena *arena, const rt_template_error *error)
{
    fprintf(stderr, "%s\n", rt_template_error_text(arena, error).data);
    return 1;
}

// The folder and the name of a file.
static void split_path(rt_arena *arena, const char *path, const char **folder,
                       const char **name)
{
    const char *slash = strrchr(path, '/');
    *name = slash ? slash + 1 : path;
    *folder =
        slash
            ? rt_str_cstr(arena,
                          rt_str_of(path,
                                    slash == path ? 1 : (size_t)(slash - path)))
            : ".";
}

// ---- commands -----------------------------------------------------------------

// What is on standard output may only fail to get there at the end.
static int close_output(int status)
{
    if (!fflush(stdout) && !ferror(stdout))
        return status;
    fprintf(stderr, "retort: cannot write the output: %s\n", strerror(errno));
    return 1;
}

// Templates that FILE includes or extends are looked for beside it.
static int render(settings *s, rt_arena *arena, const char *path)
{
    rt_value context;
    rt_template *t;
    rt_template_error error = {0};
    rt_str source;
    const char *folder = ".", *name = NULL;
    if (s->context && strcmp(path, "-") == 0 && strcmp(s->context, "-") == 0) {
        fputs("retort: the template and its context cannot both be standard "
              "input\n",
              stderr);
        return EXIT_USAGE;
    }
    if (strcmp(path, "-") != 0)
        split_path(arena, path, &folder, &name);
    if (!read_context(arena, s->context, &context) ||
        (!name && !read_file(arena, "-", &source)))
        return 1;
    s->options.loader = rt_template_folder(arena, folder);
    rt_template_env *env = make_env(s);
    rt_status st =
        name ? rt_template_get(env, arena, rt_str_from(name), &t, &error)
             : rt_template_parse(env, arena, source, &t, &error);
    rt_buf out;
    rt_buf_init(&out, arena);
    int status = 0;
    if (!st) {
        st = rt_template_render(t, arena, context, &out, &error);
        fwrite(rt_buf_str(&out).data, 1, out.len, stdout);
        rt_template_put(t);
    }
    if (st)
        status = complain(arena, &error);
    rt_template_env_free(env);
    return status;
}

static int dump(settings *s, rt_arena *arena, const char *path)
{
    rt_str source;
    rt_template_error error = {0};
    rt_buf out;
    rt_buf_init(&out, arena);
    if (!read_file(arena, path, &source))
        return 1;
    rt_template_env *env = make_env(s);
    rt_status st = rt_template_dump(env, arena, source, s->stage, &out, &error);
    fwrite(rt_buf_str(&out).data, 1, out.len, stdout);
    int status = st ? complain(arena, &error) : 0;
    rt_template_env_free(env);
    return status;
}

typedef struct walk {
    rt_arena *arena;
    rt_template_env *env;
    rt_template_loader loader;
    int checked;
    int failed;
    FILE *out;
} walk;

static bool is_folder(const char *path)
{
    struct stat st;
    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return true;
    fprintf(stderr, "retort: cannot read the folder %s: %s\n", path,
            strerror(stat(path, &st) ? errno : ENOTDIR));
    return false;
}

static void tell(void *arg, const rt_template_error *error)
{
    complain(arg, error);
}

static void check_one(rt_str name, void *arg)
{
    walk *w = arg;
    w->checked++;
    if (rt_template_check(w->env, w->arena, name, tell, w->arena))
        w->failed++;
}

// Compile all and say what is wrong; the count goes to `out`.
static int check_all(settings *s, rt_arena *arena, const char *folder,
                     FILE *out)
{
    if (!is_folder(folder))
        return EXIT_USAGE;
    walk w = {.arena = arena, .loader = rt_template_folder(arena, folder)};
    s->options.loader = w.loader;
    w.env = make_env(s);
    w.loader.each(w.loader.self, check_one, &w);
    rt_template_env_free(w.env);
    fprintf(out, "%d templates, %d with errors\n", w.checked, w.failed);
    return w.failed ? 1 : 0;
}

static int check(settings *s, rt_arena *arena, const char *folder)
{
    return check_all(s, arena, folder, stdout);
}

static void put_c_string(FILE *out, rt_str text)
{
    int column = 0;
    fputs("        \"", out);
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c == '\n')
            column += fprintf(out, "\\n");
        else if (c == '"' || c == '\\' || c == '?')
            column += fprintf(out, "\\%c", c);
        else if (c < 0x20 || c > 0x7e)
            column += fprintf(out, "\\%03o", c);
        else
            column += fputc(c, out) != EOF;
        if ((c == '\n' || column > 66) && i + 1 < text.len) {
            fputs("\"\n        \"", out);
            column = 0;
        }
    }
    fputc('"', out);
}

static void bundle_one(rt_str name, void *arg)
{
    walk *w = arg;
    rt_template_source source = {0};
    if (w->loader.load(w->loader.self, w->arena, name, &source))
        return;
    fprintf(w->out, "    {\n");
    put_c_string(w->out, name);
    fprintf(w->out, ",\n");
    put_c_string(w->out, source.text);
    fprintf(w->out, ",\n        %zu,\n    },\n", source.text.len);
    w->checked++;
}

// A template with an error would only be found out when it is rendered, so the
// bundle is written only when all compile.
static int bundle(settings *s, rt_arena *arena, const char *folder)
{
    const char *name = s->name ? s->name : "templates";
    int status = check_all(s, arena, folder, stderr);
    if (status)
        return status;
    walk w = {.arena = arena, .loader = rt_template_folder(arena, folder)};
    w.out = s->output ? fopen(s->output, "w") : stdout;
    if (!w.out) {
        fprintf(stderr, "retort: cannot write %s: %s\n", s->output,
                strerror(errno));
        return 1;
    }
    fprintf(w.out,
            "// Templates of %s, by `retort template bundle`. Load them with\n"
            "// rt_template_bundled(arena, %s, %s_len).\n"
            "#include <retort/template.h>\n\n"
            "extern const rt_template_bundle %s[];\n"
            "extern const size_t %s_len;\n\n"
            "const rt_template_bundle %s[] = {\n",
            folder, name, name, name, name, name);
    w.loader.each(w.loader.self, bundle_one, &w);
    fprintf(w.out, "    {NULL, NULL, 0},\n};\n\nconst size_t %s_len = %d;\n",
            name, w.checked);
    if (w.out == stdout)
        return 0;
    bool failed = ferror(w.out);
    if (!fclose(w.out) && !failed)
        return 0;
    fprintf(stderr, "retort: cannot write %s: %s\n", s->output,
            strerror(errno));
    return 1;
}

static const struct command {
    const char *name;
    int (*run)(settings *s, rt_arena *arena, const char *path);
    const char *help;
} commands[] = {
    {"render", render,
     "Usage: retort template render [OPTIONS] FILE\n\n"
     "Render a template; \"-\" reads it from standard input.\n\n"
     "  --context FILE   The variables, a JSON object; \"-\" is standard "
     "input.\n"
     "  --strict         Undefined variables are errors.\n"
     "  --autoescape     Escape what is printed for HTML.\n"
     "  --trim-blocks, --lstrip-blocks\n"},
    {"check", check,
     "Usage: retort template check [--filter NAME] [--test NAME] DIR\n\n"
     "Compile every template below a folder and report every error. Filters "
     "and\ntests that your program adds are named by --filter and --test.\n"},
    {"dump", dump,
     "Usage: retort template dump [--tokens|--ast|--code] FILE\n\n"
     "Show what the stages of the compiler make of a template.\n"},
    {"bundle", bundle,
     "Usage: retort template bundle DIR [-o FILE] [--name NAME] [--filter "
     "NAME]\n                              [--test NAME]\n\n"
     "Write all templates as a C file; the loader for it needs no files. "
     "Filters and\ntests that your program adds are named by --filter and "
     "--test.\n"},
};

static int print_helps(void)
{
    for (size_t i = 0; i < RT_COUNT(commands); i++) {
        fputs(i ? "\n" : "", stdout);
        fputs(commands[i].help, stdout);
    }
    return close_output(0);
}

int template_command(int argc, char **argv)
{
    settings s = {.stage = RT_TEMPLATE_CODE};
    // The extensions have tags that nothing else could mean.
    s.options.syntax.ext_do = s.options.syntax.ext_loopcontrols = true;
    s.options.syntax.ext_i18n = s.options.syntax.ext_debug = true;
    const struct command *c = NULL;
    if (strcmp(argv[0], "--help") == 0)
        return print_helps();
    for (size_t i = 0; i < RT_COUNT(commands); i++)
        if (strcmp(argv[0], commands[i].name) == 0)
            c = &commands[i];
    if (!c) {
        fprintf(stderr, "retort template: no such command \"%s\"\n", argv[0]);
        return EXIT_USAGE;
    }
    int option;
    while ((option = getopt_long(argc, argv, "o:", options, NULL)) != -1)
        if (!read_option(&s, option))
            return EXIT_USAGE;
    if (s.help) {
        fputs(c->help, stdout);
        return close_output(0);
    }
    if (optind != argc - 1) {
        fputs(c->help, stderr);
        return EXIT_USAGE;
    }
    rt_arena arena = {0};
    int status = c->run(&s, &arena, argv[optind]);
    rt_arena_deinit(&arena);
    return close_output(status);
}
