// Run files of template cases: jinja-cases FILE.jsonl...
//
// A case is a line of JSON: an environment, templates, a context, and the text
// they render to or the error they fail with. Each failure is printed with what
// was expected and what came; the last line is `N passed, N failed`. With
// `--except=FILE`, cases that the file lists with a reason are named and not
// counted.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <retort/template.h>

typedef struct run {
    int passed;
    int failed;
    bool quiet;
    const char *only; // part of an id
    rt_str exceptions;
} run;

static rt_value get(rt_value dict, const char *key)
{
    return rt_dict_get_str(dict, rt_str_from(key));
}

static bool is_on(rt_value dict, const char *key)
{
    return rt_value_is_true(get(dict, key));
}

static const char *text(rt_arena *arena, rt_value dict, const char *key)
{
    rt_value v = get(dict, key);
    return rt_value_is_text(v) ? rt_value_as_cstr(arena, v) : NULL;
}

// ---- the environment ----------------------------------------------------------

static void set_syntax(rt_template_syntax *s, rt_arena *arena, rt_value env)
{
    s->block_start = text(arena, env, "block_start_string");
    s->block_end = text(arena, env, "block_end_string");
    s->variable_start = text(arena, env, "variable_start_string");
    s->variable_end = text(arena, env, "variable_end_string");
    s->comment_start = text(arena, env, "comment_start_string");
    s->comment_end = text(arena, env, "comment_end_string");
    s->line_statement_prefix = text(arena, env, "line_statement_prefix");
    s->line_comment_prefix = text(arena, env, "line_comment_prefix");
    s->newline_sequence = text(arena, env, "newline_sequence");
    s->trim_blocks = is_on(env, "trim_blocks");
    s->lstrip_blocks = is_on(env, "lstrip_blocks");
    s->keep_trailing_newline = is_on(env, "keep_trailing_newline");
    rt_value extensions = get(env, "extensions");
    rt_list_each(e, extensions) {
        rt_str name = rt_value_as_str(*e);
        s->ext_do |= rt_str_eq(name, RT_STR("do"));
        s->ext_loopcontrols |= rt_str_eq(name, RT_STR("loopcontrols"));
        s->ext_i18n |= rt_str_eq(name, RT_STR("i18n"));
        s->ext_debug |= rt_str_eq(name, RT_STR("debug"));
    }
}

static const char *const *suffixes(rt_arena *arena, rt_value list,
                                   const char *const *otherwise)
{
    if (!rt_value_is_list(list))
        return otherwise;
    const char **all = rt_new(arena, const char *, rt_list_len(list) + 1);
    for (size_t i = 0; i < rt_list_len(list); i++)
        all[i] = rt_value_as_cstr(arena, rt_list_items(list)[i]);
    return all;
}

static void set_autoescape(rt_template_options *o, rt_arena *arena,
                           rt_value env)
{
    static const char *const enabled[] = {"html", "htm", "xml", NULL};
    rt_value v = get(env, "autoescape");
    if (v.kind != RT_DICT) {
        o->autoescape =
            rt_value_is_true(v) ? RT_AUTOESCAPE_ON : RT_AUTOESCAPE_OFF;
        return;
    }
    o->autoescape = RT_AUTOESCAPE_BY_NAME;
    o->suffixes.enabled = suffixes(arena, get(v, "enabled"), enabled);
    o->suffixes.disabled = suffixes(arena, get(v, "disabled"), NULL);
    o->suffixes.otherwise = is_on(v, "default");
}

static rt_undefined_mode undefined_mode(rt_value env)
{
    rt_str name = rt_value_as_str(get(env, "undefined"));
    if (rt_str_eq(name, RT_STR("strict")))
        return RT_UNDEFINED_STRICT;
    if (rt_str_eq(name, RT_STR("chainable")))
        return RT_UNDEFINED_CHAINABLE;
    if (rt_str_eq(name, RT_STR("debug")))
        return RT_UNDEFINED_DEBUG;
    return RT_UNDEFINED_DEFAULT;
}

static rt_status none_to_empty(void *arg, rt_arena *arena, rt_value value,
                               rt_value *out)
{
    (void)arg;
    (void)arena;
    *out = rt_value_is_none(value) ? RT("") : value;
    return RT_OK;
}

static rt_str translate(void *arg, rt_arena *arena, rt_str context,
                        rt_str message, rt_str plural, int64_t n)
{
    rt_value messages = *(rt_value *)arg;
    rt_str key = message;
    if (context.len) {
        rt_str parts[] = {context, message};
        key = rt_str_join(arena, RT_STR("\x04"), parts, 2);
    }
    rt_value found = rt_dict_get_str(messages, key);
    if (rt_value_is_list(found))
        return rt_value_as_str(rt_list_get(found, n == 1 ? 0 : 1));
    if (rt_value_is_text(found))
        return rt_value_as_str(found);
    return plural.data && n != 1 ? plural : message;
}

static void set_policies(rt_template_policies *p, rt_arena *arena,
                         rt_value policies)
{
    rt_value v = get(policies, "truncate.leeway");
    if (v.kind == RT_INT) {
        int64_t *leeway = rt_new(arena, int64_t, 1);
        *leeway = v.as.integer;
        p->truncate_leeway = leeway;
    }
    v = get(policies, "urlize.rel");
    if (rt_value_is_text(v) || rt_value_is_none(v))
        p->urlize_rel = rt_value_is_none(v) ? RT_STR("") : rt_value_as_str(v);
    v = get(policies, "urlize.target");
    if (rt_value_is_text(v))
        p->urlize_target = rt_value_as_str(v);
    p->urlize_extra_schemes = get(policies, "urlize.extra_schemes");
    p->i18n_trimmed = is_on(policies, "ext.i18n.trimmed");
    rt_value json = get(policies, "json.dumps_kwargs");
    if (json.kind != RT_DICT)
        return;
    p->json_keep_order = !is_on(json, "sort_keys");
    rt_value ascii = get(json, "ensure_ascii");
    p->json_unicode = ascii.kind == RT_BOOL && !ascii.as.boolean;
    rt_value separators = get(json, "separators");
    if (rt_value_is_list(separators)) {
        p->json_item_separator = rt_value_as_str(rt_list_get(separators, 0));
        p->json_key_separator = rt_value_as_str(rt_list_get(separators, 1));
    }
}

static rt_template_env *make_env(rt_arena *arena, rt_value c)
{
    rt_value env = get(c, "env"), templates = get(c, "templates");
    rt_template_options o = {0};
    set_syntax(&o.syntax, arena, env);
    set_autoescape(&o, arena, env);
    set_policies(&o.policies, arena, get(env, "policies"));
    o.undefined = undefined_mode(env);
    if (rt_value_is_text(get(env, "finalize")))
        o.finalize = none_to_empty;
    rt_value sandbox = get(env, "sandboxed");
    if (rt_value_is_true(sandbox))
        o.sandbox =
            rt_value_is_text(sandbox) ? RT_SANDBOX_IMMUTABLE : RT_SANDBOX_ON;
    rt_value translations = get(env, "translations");
    if (translations.kind == RT_DICT) {
        rt_value *messages = rt_new(arena, rt_value, 1);
        *messages = get(translations, "messages");
        o.translator =
            (rt_template_translator){translate, messages,
                                     is_on(translations, "newstyle")};
    }
    rt_pair *sources = rt_new(arena, rt_pair, rt_dict_len(templates));
    size_t n = 0;
    rt_dict_each(e, templates)
        sources[n++] = (rt_pair){rt_value_as_cstr(arena, e->key), e->value};
    o.loader = rt_template_memory_pairs(arena, sources, n);

    rt_template_env *made = rt_template_env_create(&o);
    rt_value globals = get(env, "globals");
    rt_dict_each(e, globals)
        rt_template_env_global(made, rt_value_as_cstr(arena, e->key), e->value);
    return made;
}

// ---- one case --------------------------------------------------------------------

static void fail(run *r, rt_str id, const char *what, rt_str expected,
                 rt_str actual)
{
    r->failed++;
    if (r->quiet)
        return;
    printf("FAIL %.*s: %s\n--- expected\n%.*s\n+++ actual\n%.*s\n",
           RT_STR_ARG(id), what, RT_STR_ARG(expected), RT_STR_ARG(actual));
}

static void check_error(run *r, rt_arena *arena, rt_value c, rt_str id,
                        const rt_template_error *error)
{
    rt_value want = get(c, "error");
    rt_str kind = rt_value_as_str(get(want, "kind"));
    rt_str name = rt_str_from(rt_template_error_name(error->kind));
    rt_value line = get(want, "line"), template = get(want, "template");
    // An assertion error is a special case of a syntax error.
    bool same = rt_str_eq(kind, name);
    if (line.kind == RT_INT)
        same = same && line.as.integer == (int64_t)error->line;
    if (rt_value_is_text(template))
        same =
            same && rt_str_eq(rt_value_as_str(template), error->template_name);
    if (same) {
        r->passed++;
        return;
    }
    fail(r, id, "another error",
         rt_format(arena, "{} at {} line {}: {}", kind, template, line,
                   get(want, "message")),
         rt_format(arena, "{} at {} line {}: {}", name, error->template_name,
                   error->line, error->message));
}

// The reason why a case is not run; empty when there is none.
static rt_str reason_against(const run *r, rt_str id)
{
    rt_str rest = r->exceptions;
    while (rest.data) {
        rt_str line = rt_str_cut(&rest, '\n');
        if (rt_str_eq(rt_str_cut(&line, ' '), id))
            return line;
    }
    return RT_STR("");
}

static void run_case(run *r, rt_arena *arena, rt_value c)
{
    rt_str id = rt_value_as_str(get(c, "id"));
    rt_str reason = reason_against(r, id);
    if (reason.len) {
        printf("EXCEPT %.*s: %.*s\n", RT_STR_ARG(id), RT_STR_ARG(reason));
        return;
    }
    if (r->only && rt_str_find(id, rt_str_from(r->only)) == RT_STR_NONE)
        return;
    rt_template_env *env = make_env(arena, c);
    rt_template *t = NULL;
    rt_template_error error = {0};
    rt_buf out;
    rt_buf_init(&out, arena);
    rt_status st = rt_template_get(env, arena, rt_value_as_str(get(c, "main")),
                                   &t, &error);
    if (!st)
        st = rt_template_render(t, arena, get(c, "context"), &out, &error);
    rt_value expect = get(c, "expect");
    rt_str text = rt_buf_str(&out);
    if (st && get(c, "error").kind == RT_DICT)
        check_error(r, arena, c, id, &error);
    else if (st)
        fail(r, id, "an error", rt_value_as_str(expect),
             rt_template_error_text(arena, &error));
    else if (!rt_value_is_text(expect))
        fail(r, id, "no error", rt_value_repr(arena, get(c, "error")), text);
    else if (!rt_str_eq(text, rt_value_as_str(expect)))
        fail(r, id, "another text", rt_value_as_str(expect), text);
    else
        r->passed++;
    rt_template_put(t);
    rt_template_env_free(env);
}

static bool run_file(run *r, const char *path)
{
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t cap = 0;
    ssize_t len;
    if (!file) {
        perror(path);
        return false;
    }
    while ((len = getline(&line, &cap, file)) > 0) {
        rt_arena arena = {0};
        rt_value c;
        rt_error error = {0};
        if (rt_json_parse(&arena, rt_str_of(line, (size_t)len), NULL, &c,
                          &error)) {
            rt_str why = rt_error_text(&arena, &error);
            fail(r, rt_str_from(path), "not JSON", RT_STR(""), why);
        } else {
            run_case(r, &arena, c);
        }
        rt_arena_deinit(&arena);
    }
    free(line);
    fclose(file);
    return true;
}

static bool read_exceptions(run *r, const char *path)
{
    static char text[65536];
    FILE *file = fopen(path, "r");
    if (!file) {
        perror(path);
        return false;
    }
    r->exceptions = rt_str_of(text, fread(text, 1, sizeof text, file));
    fclose(file);
    return true;
}

int main(int argc, char **argv)
{
    run r = {0};
    bool read = true;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--quiet") == 0)
            r.quiet = true;
        else if (strncmp(argv[i], "--only=", 7) == 0)
            r.only = argv[i] + 7;
        else if (strncmp(argv[i], "--except=", 9) == 0)
            read &= read_exceptions(&r, argv[i] + 9);
        else
            read &= run_file(&r, argv[i]);
    }
    printf("%d passed, %d failed\n", r.passed, r.failed);
    return read && r.passed && !r.failed ? 0 : 1;
}
