// Loaders: where sources come from, and what no name leads to.
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <retort/template.h>
#include <retort/test.h>

static rt_arena arena;
static char root[] = "/tmp/retort-loader-XXXXXX";

static const char *path_of(const char *name)
{
    return rt_str_cstr(&arena, rt_format(&arena, "{}/{}", root, name));
}

static void write_file(const char *name, const char *text)
{
    FILE *file = fopen(path_of(name), "w");
    REQUIRE(file != NULL);
    fputs(text, file);
    fclose(file);
}

// root/in is the folder of templates; root/secret lies beside it.
static rt_template_loader make_folder(void)
{
    REQUIRE(mkdtemp(root) != NULL);
    REQUIRE(!mkdir(path_of("in"), 0700) && !mkdir(path_of("in/sub"), 0700));
    write_file("secret", "SECRET");
    write_file("in/a.html", "A");
    write_file("in/sub/b.html", "B");
    write_file("in/empty", "");
    REQUIRE(!symlink("../secret", path_of("in/link")));
    REQUIRE(!symlink("loop", path_of("in/loop")));
    REQUIRE(!mkfifo(path_of("in/fifo"), 0600));
    return rt_template_folder(&arena, path_of("in"));
}

static void remove_folder(void)
{
    static const char *const names[] = {
        "secret",  "in/a.html", "in/sub/b.html", "in/empty", "in/link",
        "in/loop", "in/fifo",   "in/sub",        "in",       ""};
    for (size_t i = 0; i < RT_COUNT(names); i++)
        (void)!remove(path_of(names[i]));
    rt_arena_deinit(&arena);
}

// What a loader has under a name: "<not found>", or the text.
static rt_str load(rt_template_loader l, rt_str name)
{
    rt_template_source source = {0};
    rt_status st = l.load(l.self, &arena, name, &source);
    return st == RT_E_NOT_FOUND ? RT_STR("<not found>")
           : st                 ? rt_str_from(rt_status_text(st))
                                : source.text;
}

typedef struct names {
    rt_value list;
} names;

static void add_name(rt_str name, void *arg)
{
    names *n = arg;
    CHECK(!rt_list_push(n->list, RT(rt_str_copy(&arena, name))));
}

static bool lists(rt_template_loader l, const char *name)
{
    names n = {rt_list_new(&arena)};
    l.each(l.self, add_name, &n);
    rt_list_each(v, n.list)
        if (rt_value_equal(*v, RT(name)))
            return true;
    return false;
}

RT_TEST(a_folder_is_never_left)
{
    const struct {
        rt_str name;
        const char *text;
    } rows[] = {
        {RT_STR("a.html"), "A"},
        {RT_STR("sub/b.html"), "B"},
        {RT_STR("./a.html"), "A"},
        {RT_STR("sub//b.html"), "B"},
        {RT_STR("/a.html"), "A"},
        {RT_STR("empty"), ""},
        {RT_STR("link"), "SECRET"}, // links are of whoever owns the folder
        {RT_STR("../secret"), "<not found>"},
        {RT_STR("sub/../../secret"), "<not found>"},
        {RT_STR("sub/../a.html"), "<not found>"},
        {RT_STR(".."), "<not found>"},
        {RT_STR("/../secret"), "<not found>"},
        {RT_STR("//etc/passwd"), "<not found>"},
        {RT_STR("/etc/passwd"), "<not found>"},
        {RT_STR("a.html\0.txt"), "<not found>"},
        {RT_STR("..\\secret"), "<not found>"},
        {RT_STR(""), "<not found>"},
        {RT_STR("."), "<not found>"},
        {RT_STR("sub"), "<not found>"},
        {RT_STR("a.html/b"), "<not found>"},
        {RT_STR("loop"), "<not found>"},
        {RT_STR("fifo"), "<not found>"},
        {RT_STR("nosuch"), "<not found>"},
    };

    rt_template_loader l = make_folder();
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_test_case("%.*s", RT_STR_ARG(rows[i].name));
        CHECK_EQ(load(l, rows[i].name), rows[i].text);
        bool found = strcmp(rows[i].text, "<not found>") != 0;
        if (found)
            CHECK(l.stamp(l.self, rows[i].name) != 0);
    }
    remove_folder();
}

RT_TEST(a_folder_refuses_names_longer_than_paths)
{
    rt_template_loader l = make_folder();
    rt_buf name;
    rt_buf_init(&name, &arena);
    for (int i = 0; i < 3000; i++)
        rt_buf_put_cstr(&name, "x/");
    CHECK_EQ(load(l, rt_buf_str(&name)), "<not found>");
    name.len = 300;
    memset(name.data, 'x', 300);
    CHECK_EQ(load(l, rt_buf_str(&name)), "<not found>");
    remove_folder();
}

RT_TEST(a_folder_lists_its_files)
{
    rt_template_loader l = make_folder();
    CHECK(lists(l, "a.html"));
    CHECK(lists(l, "sub/b.html"));
    CHECK(!lists(l, "sub"));
    CHECK(!lists(l, "fifo"));
    CHECK(!lists(l, "loop"));
    remove_folder();
}

RT_TEST(a_stamp_follows_its_file)
{
    rt_template_loader l = make_folder();
    rt_template_source source;
    CHECK(!l.load(l.self, &arena, RT_STR("a.html"), &source));
    CHECK_EQ(l.stamp(l.self, RT_STR("a.html")), source.stamp);
    write_file("in/a.html", "longer");
    CHECK(l.stamp(l.self, RT_STR("a.html")) != source.stamp);
    CHECK(!unlink(path_of("in/a.html")));
    CHECK_EQ(l.stamp(l.self, RT_STR("a.html")), 0u);
    remove_folder();
}

RT_TEST(memory_and_bundles_have_what_they_were_given)
{
    static const rt_template_bundle bundle[] = {{"x", "X\0Y", 3},
                                                {"d/y", "", 0}};
    rt_template_loader m =
        rt_template_memory(&arena, "a", "A", "b/c", RT_STR("C"));
    rt_template_loader b =
        rt_template_bundled(&arena, bundle, RT_COUNT(bundle));

    CHECK_EQ(load(m, RT_STR("a")), "A");
    CHECK_EQ(load(m, RT_STR("b/c")), "C");
    CHECK_EQ(load(m, RT_STR("./a")), "<not found>");
    CHECK_EQ(load(m, RT_STR("a\0")), "<not found>");
    CHECK(lists(m, "a") && lists(m, "b/c"));
    CHECK_EQ(load(b, RT_STR("x")), RT_STR("X\0Y"));
    CHECK_EQ(load(b, RT_STR("d/y")), "");
    CHECK(lists(b, "d/y"));
    rt_arena_deinit(&arena);
}

static rt_status load_broken(void *self, rt_arena *a, rt_str name,
                             rt_template_source *out)
{
    (void)self;
    (void)a;
    (void)out;
    return rt_str_eq(name, RT_STR("broken")) ? RT_E_IO : RT_E_NOT_FOUND;
}

RT_TEST(a_choice_takes_the_first_that_has_it)
{
    rt_template_loader loaders[] = {
        {.load = load_broken},
        rt_template_memory(&arena, "a", "first", "broken", "1"),
        rt_template_memory(&arena, "a", "second", "b", "B", "broken", "2")};
    rt_template_loader l =
        rt_template_choice(&arena, loaders, RT_COUNT(loaders));

    CHECK_EQ(load(l, RT_STR("a")), "first");
    CHECK_EQ(load(l, RT_STR("b")), "B");
    CHECK_EQ(load(l, RT_STR("c")), "<not found>");
    CHECK_EQ(load(l, RT_STR("broken")), rt_status_text(RT_E_IO));
    CHECK_EQ(l.stamp(l.self, RT_STR("a")), 0u);
    CHECK(lists(l, "a") && lists(l, "b"));
    rt_arena_deinit(&arena);
}

RT_TEST(a_prefix_chooses_its_loader)
{
    rt_template_prefix prefixes[] = {
        {"admin", rt_template_memory(&arena, "x", "admin")},
        {"admin/deep", rt_template_memory(&arena, "x", "deep")},
        {"mail", make_folder()}};
    rt_template_loader l =
        rt_template_prefixes(&arena, prefixes, RT_COUNT(prefixes));

    CHECK_EQ(load(l, RT_STR("admin/x")), "admin");
    CHECK_EQ(load(l, RT_STR("mail/sub/b.html")), "B");
    CHECK_EQ(load(l, RT_STR("mail/../secret")), "<not found>");
    CHECK_EQ(load(l, RT_STR("x")), "<not found>");
    CHECK_EQ(load(l, RT_STR("admin")), "<not found>");
    CHECK_EQ(load(l, RT_STR("adminx")), "<not found>");
    CHECK_EQ(load(l, RT_STR("nosuch/x")), "<not found>");
    CHECK(l.stamp(l.self, RT_STR("mail/a.html")) != 0);
    CHECK_EQ(l.stamp(l.self, RT_STR("admin/x")), 0u);
    CHECK(lists(l, "admin/x") && lists(l, "mail/sub/b.html"));
    remove_folder();
}

RT_TEST(what_a_loader_fails_with_is_reported)
{
    rt_template_env *env = rt_template_env_new(.loader = {.load = load_broken});
    rt_template *t;
    rt_template_error error = {0};

    CHECK_EQ(rt_template_get(env, &arena, RT_STR("broken"), &t, &error),
             RT_E_IO);
    CHECK_EQ(error.kind, RT_TEMPLATE_RUNTIME_ERROR);
    CHECK(rt_str_starts_with(error.message,
                             RT_STR("cannot load template 'broken': ")));
    CHECK_EQ(rt_template_get(env, &arena, RT_STR("b"), &t, &error),
             RT_E_NOT_FOUND);
    CHECK_EQ(error.kind, RT_TEMPLATE_NOT_FOUND);
    CHECK_EQ(error.message, "b");
    CHECK_EQ(rt_template_get(env, &arena, RT_STR("b"), &t, NULL),
             RT_E_NOT_FOUND);
    rt_template_env_free(env);
    rt_arena_deinit(&arena);
}
