// Objects of the host: what a template can do with them goes through their
// vtable.
#include <retort/base/coroutine.h>

#include "rendering.h"

typedef struct point {
    int x, y;
    bool yields;
    bool aborts;
} point;

static rt_value make_point(point *p);

static void wait_a_little(const point *p)
{
    if (p->yields || p->aborts)
        rt_coro_yield();
}

static rt_value point_attr(void *self, rt_arena *a, rt_str name)
{
    const point *p = self;
    (void)a;
    wait_a_little(p);
    if (rt_str_eq(name, RT_STR("x")))
        return RT(p->x);
    if (rt_str_eq(name, RT_STR("_secret")))
        return RT("secret");
    if (rt_str_eq(name, RT_STR("self")))
        return make_point(self);
    return rt_value_undefined();
}

static rt_value point_item(void *self, rt_arena *a, rt_value key)
{
    const point *p = self;
    (void)a;
    wait_a_little(p);
    if (rt_value_equal(key, RT("y")))
        return RT(p->y);
    switch (rt_value_as_int(key, -1)) {
    case 0: return RT(p->x);
    case 1: return RT(p->y);
    default: return rt_value_undefined();
    }
}

static bool point_next(void *self, rt_arena *a, size_t *state, rt_value *out)
{
    const point *p = self;
    (void)a;
    wait_a_little(p);
    if (*state == 2)
        return false;
    *out = RT((*state)++ ? p->y : p->x);
    return true;
}

static rt_status point_call(void *self, rt_arena *a, const rt_value *args,
                            size_t n, size_t n_named, rt_value *out)
{
    const point *p = self;
    wait_a_little(p);
    if (n == 1)
        return RT_E_IO;
    *out = RT(rt_format(a, "{}+{}", n, n_named));
    if (n_named)
        *out = RT(rt_format(a, "{}={}", args[n], args[n + 1]));
    return RT_OK;
}

static void point_text(void *self, rt_buf *out)
{
    const point *p = self;
    wait_a_little(p);
    rt_buf_format(out, "<{}, {}>", p->x, p->y);
}

static size_t point_len(void *self)
{
    wait_a_little(self);
    return 2;
}

static bool point_is_true(void *self)
{
    return ((point *)self)->x != 0;
}

static const rt_vtable point_vtable = {.name = "point",
                                       .attr = point_attr,
                                       .item = point_item,
                                       .next = point_next,
                                       .call = point_call,
                                       .text = point_text,
                                       .len = point_len,
                                       .is_true = point_is_true};
static const rt_vtable bare_vtable = {.name = "bare"};

static rt_value make_point(point *p)
{
    return rt_object_new(&arena, &point_vtable, p);
}

static point p1 = {3, 4, false, false};
static point p0 = {0, 7, false, false};

static rt_value context(void)
{
    return dict_of("p", make_point(&p1), "q", make_point(&p0), "bare",
                   rt_object_new(&arena, &bare_vtable, NULL));
}

RT_TEST(an_object_does_what_its_vtable_can)
{
    static const render_row rows[] = {
        {"{{ p.x }} {{ p['y'] }} {{ p.y }} {{ p['x'] }} {{ p[1] }}",
         "3 4 4 3 4"},
        {"{{ p.z }}|{{ p.z is undefined }}", "|True"},
        {"{{ p.z.a }}", "!UndefinedError: 'point object' has no attribute 'z'"},
        {"{{ p.self.self.x }}", "3"},
        {"{% for n in p %}{{ n }}{{ ', ' if not loop.last }}{% endfor %}",
         "3, 4"},
        {"{{ p|length }} {{ p|list }} {{ p|sum }} {{ p|max }} {{ 4 in p }}",
         "2 [3, 4] 7 4 True"},
        {"{{ p|map('string')|join('-') }} {{ [p, q]|map(attribute='x')|list }}",
         "3-4 [3, 0]"},
        {"{{ [p, q]|sort(attribute='x')|map(attribute=1)|join(',') }}", "7,4"},
        {"{{ p() }} {{ p(1, 2) }} {{ p(a=5) }} {{ p is callable }}",
         "0+0 2+0 a=5 True"},
        {"{{ p(1) }}",
         "!TemplateRuntimeError: point failed: input or output failed"},
        {"{{ p }} {{ [p] }} {{ 'a' ~ p }} {{ '%s'|format(p) }}",
         "<3, 4> [<3, 4>] a<3, 4> <3, 4>"},
        {"{% autoescape true %}{{ p }}{% endautoescape %}", "&lt;3, 4&gt;"},
        {"{{ 'yes' if p else 'no' }} {{ 'yes' if q else 'no' }} {{ not q }}",
         "yes no True"},
        {"{{ p == p }} {{ p == q }} {{ p is sameas p }} {{ {p: 1}[p] }}",
         "True False True 1"},
        {"{% set a, b = p %}{{ a }}{{ b }}", "34"},
        {"{{ p is iterable }} {{ p is mapping }} {{ bare is iterable }}",
         "True False False"},
        {"{% for x in bare %}{% endfor %}",
         "!TypeError: 'bare' object is not iterable"},
        {"{{ bare() }}", "!TypeError: 'bare' object is not callable"},
        {"{{ bare|length }}", "!TypeError: object of type 'bare' has no len()"},
        {"{{ bare.x }}|{{ bare['x'] }}|{{ 1 if bare }}", "||1"},
        {"{{ p + 1 }}", "!TypeError: unsupported operand type(s) for +: "
                        "'point' and 'int'"},
        {"{{ p < q }}", "!TypeError: '<' not supported between instances of "
                        "'point' and 'point'"},
        {"{{ p._secret }}", ""}, // nobody sees these
    };

    CHECK_ROWS(rt_template_env_new(.loader = {0}), rows, context());
}

RT_TEST(the_sandbox_hides_names_of_objects)
{
    static const render_row rows[] = {
        {"{{ p._secret }}|{{ p['_secret'] }}|{{ p|attr('_secret') }}|"
         "{{ [p]|map(attribute='_secret')|list }}",
         "|||[Undefined]"},
        {"{{ '{0._secret}'.format(p) }}", ""},
        {"{{ p._secret.x }}",
         "!UndefinedError: 'point object' has no attribute '_secret'"},
        {"{{ p.x }}", "3"},
    };

    CHECK_ROWS(rt_template_env_new(.sandbox = RT_SANDBOX_ON), rows, context());
}

// ---- objects whose text is markup ------------------------------------------------

// Jinja asks an object for __html__; where it makes text of it first, the text
// is escaped. The rows were run through Jinja2 3.1 with a module that prints "<".
static const render_row markup_rows[] = {
    {"{{ m }}", "<"},
    {"{{ m|e }}", "<"},
    {"{{ m is escaped }}", "True"},
    {"{{ m is string }}", "False"},
    {"{{ ['&', m]|join }}", "&amp;<"},
    {"{{ [m]|join('<') }}", "<"},
    {"{{ ['&']|join(m) }}", "&amp;"},
    {"{{ ['&', '']|join(m) }}", "&amp;&lt;"},
    {"{{ '%s'|safe|format(m) }}", "<"},
    {"{{ '%(x)s'|safe|format(x=m) }}", "<"},
    {"{{ '<%s>'|safe % m }}", "<<>"},
    {"{{ '%s' % m }}", "&lt;"},
    {"{{ ('{}&'|safe).format(m) }}", "<&"},
    {"{{ ('{!s}'|safe).format(m) }}", "&lt;"},
    {"{{ ('<'|safe) + m }}", "<<"},
    {"{{ m + ('<'|safe) }}", "<<"},
    {"{{ ('a'|safe) + m + '<' }}", "a<&lt;"},
    {"{{ '<' ~ m }}", "&lt;&lt;"},
    {"{{ ('<'|safe) ~ m }}", "<&lt;"},
    {"{{ m|urlize }}", "<"},
    {"{{ {'a': m}|xmlattr }}", " a=\"<\""},
    {"{{ m|safe }}", "<"},
    {"{{ m|forceescape }}", "&lt;"},
    {"{{ m|string }}", "&lt;"},
    {"{{ m|upper }}", "&lt;"},
    {"{{ m|trim }}", "&lt;"},
    {"{{ m|striptags }}", "&lt;"},
    {"{{ m|replace('<', '&') }}", "&amp;"},
    {"{{ 'a<b'|replace('a', m) }}", "&lt;&lt;b"},
    {"{{ 'a<b'|replace(m, '&') }}", "a&lt;b"},
    {"{{ ('a<'|safe)|replace('a', m) }}", "&lt;<"},
    {"{{ ('a'|safe).replace('a', m) }}", "<"},
    {"{{ ('-'|safe).join([m, '&']) }}", "<-&amp;"},
    {"{{ ''|default(m, true) }}", "<"},
};

static void put_less(void *self, rt_buf *out)
{
    (void)self;
    rt_buf_put_char(out, '<');
}

static const rt_vtable markup_vtable = {.name = "icon",
                                        .text = put_less,
                                        .markup = true};

RT_TEST(an_object_that_is_markup_is_not_escaped)
{
    CHECK_ROWS(rt_template_env_new(.autoescape = RT_AUTOESCAPE_ON), markup_rows,
               dict_of("m", rt_object_new(&arena, &markup_vtable, NULL)));
}

RT_TEST(a_format_of_markup_takes_no_specification)
{
    static const render_row rows[] = {
        {"{{ ('{:5}'|safe).format(m) }}",
         "!ValueError: Format specifier 5 given, but icon does not define "
         "__html_format__"},
    };

    CHECK_ROWS(rt_template_env_new(.autoescape = RT_AUTOESCAPE_ON), rows,
               dict_of("m", rt_object_new(&arena, &markup_vtable, NULL)));
}

RT_TEST(what_an_imported_template_prints_is_markup)
{
    static const char *const imports[] = {
        "{% import 'mod' as m %}", "{% import 'mod' as m with context %}"};

    for (size_t i = 0; i < RT_COUNT(imports) * RT_COUNT(markup_rows); i++) {
        const render_row *row = &markup_rows[i / 2];
        rt_str source = rt_format(&arena, "{}{}", imports[i % 2], row->source);
        rt_template_env *env =
            rt_template_env_new(.autoescape = RT_AUTOESCAPE_ON,
                                .loader =
                                    rt_template_memory(&arena, "mod", "<"));
        RT_CASE(source.data);
        CHECK_EQ(render_in(env, source.data, rt_dict_new(&arena)), row->text);
        rt_template_env_free(env);
        rt_arena_deinit(&arena);
    }
}

// ---- in coroutines -----------------------------------------------------------------

typedef struct task {
    rt_template_env *env;
    rt_arena arena;
    point p;
    rt_str text;
    const char *source;
} task;

static void run_task(void *arg)
{
    task *t = arg;
    rt_template *template;
    rt_buf out;
    rt_buf_init(&out, &t->arena);
    rt_value vars = rt_dict_new(&t->arena);
    rt_value p = rt_object_new(&t->arena, &point_vtable, &t->p);
    CHECK(!rt_dict_set_str(vars, RT_STR("p"), p));
    REQUIRE(!rt_template_get(t->env, &t->arena, rt_str_from(t->source),
                             &template, NULL));
    rt_template_put(template); // the render counts it, too
    if (!rt_template_render(template, &t->arena, vars, &out, NULL))
        t->text = rt_buf_str(&out);
}

static rt_template_env *make_env(void)
{
    return rt_template_env_new(
            .cache_size = 1,
            .loader = rt_template_memory(
                &arena, "a",
                "{% macro f(q) %}{{ q.x }}{% endmacro %}{{ p }}{{ p[1] }}"
                "{{ f(p) }}{% for n in p %}{{ n }}{% endfor %}{{ p|length }}"
                "{{ p() }}{% include 'b' %}",
                "b", "{{ p }}"));
}

RT_TEST(callbacks_may_wait_while_other_renders_go_on)
{
    rt_template_env *env = make_env();
    task tasks[3] = {0};
    rt_coro *coros[3];
    bool running = true;
    for (int i = 0; i < 3; i++) {
        tasks[i] = (task){.env = env,
                          .p = {.x = i, .y = 9, .yields = true},
                          .source = "a"};
        coros[i] = rt_coro_new(run_task, &tasks[i]);
    }
    while (running) {
        running = false;
        for (int i = 0; i < 3; i++) {
            if (rt_coro_is_done(coros[i]))
                continue;
            rt_coro_resume(coros[i]);
            running = true;
        }
    }
    CHECK_EQ(tasks[0].text, "<0, 9>900920+0<0, 9>");
    CHECK_EQ(tasks[1].text, "<1, 9>911920+0<1, 9>");
    CHECK_EQ(tasks[2].text, "<2, 9>922920+0<2, 9>");
    for (int i = 0; i < 3; i++) {
        rt_coro_drop(coros[i]);
        rt_arena_deinit(&tasks[i].arena);
    }
    rt_template_env_free(env);
    rt_arena_deinit(&arena);
}

// A render that is dropped in the middle of a callback leaks nothing; which one
// is decided by how often it is resumed.
RT_TEST(a_render_may_end_in_any_callback)
{
    rt_template_env *env = make_env();
    bool done = false;
    int turns;
    for (turns = 1; !done && turns < 100; turns++) {
        task t = {.env = env,
                  .p = {.x = 1, .y = 2, .aborts = true},
                  .source = "a"};
        rt_coro *co = rt_coro_new(run_task, &t);
        for (int i = 0; i < turns && !rt_coro_is_done(co); i++)
            rt_coro_resume(co);
        done = rt_coro_is_done(co);
        rt_coro_drop(co);
        rt_arena_deinit(&t.arena);
    }
    CHECK(done && turns > 8);
    rt_template_env_free(env);
    rt_arena_deinit(&arena);
}
