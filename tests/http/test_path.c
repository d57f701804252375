#include <retort/test.h>

#include "retort/http/path.h"

RT_TEST(file_names_are_made_safe)
{
    static const struct {
        const char *name;
        const char *safe;
    } rows[] = {
        {"My cool movie.mov", "My_cool_movie.mov"},
        {"../../../etc/passwd", "etc_passwd"},
        {"i contain cool \xc3\xbcml\xc3\xa4uts.txt",
         "i_contain_cool_umlauts.txt"},
        {"__filename__", "filename"},
        {"foo$&^*)bar", "foobar"},
        {"a  \t/ b\n\x1c"
         "c",
         "a_b_c"},
        {" a ", "a"},
        {"a _ b", "a___b"},
        {"a $ b", "a__b"},
        {"C:\\dir\\x.txt", "Cdirx.txt"},
        {"\xef\xac\x81le \xc2\xbd \xe2\x84\xa2.txt", "file_12_TM.txt"},
        {"\xef\xbc\x8f..\xef\xbc\x8f"
         "a",
         "a"}, // full-width slashes
        {"\xe2\x98\x83", ""},
        {"..", ""},
        {"._-._", "-"},
        {"", ""},
        {"a\xff"
         "b.txt",
         "ab.txt"},
        {"\xcd\xbe"
         "a",
         "a"}, // a Greek question mark is a semicolon
        {"a\xe1\x84\x80.\xea\xb0\x80", "a"},
        {".htaccess", "htaccess"},
        {"CON.txt", "CON.txt"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].name);
        rt_arena arena = {0};
        rt_str name = rt_secure_filename(&arena, rt_guarded(rows[i].name));
        CHECK_EQ(name, rt_str_from(rows[i].safe));
        CHECK_EQ(name.data[name.len], '\0');
        rt_arena_deinit(&arena);
    }
}

RT_TEST(joined_paths_stay_inside_their_folder)
{
    static const struct {
        const char *folder;
        const char *path;
        const char *joined; // NULL: refused
    } rows[] = {
        {"d", "a/b.txt", "d/a/b.txt"},
        {"d/", "a", "d/a"},
        {"/", "a", "/a"},
        {"", "a", "./a"},
        {"d", "", "d"},
        {"d", ".", "d/."},
        {"d", "./a//b/./", "d/a/b"},
        {"d", "a/../b", "d/b"},
        {"d", "a/b/../../c", "d/c"},
        {"d", "a/..", "d/."},
        {"d/..", "a", "d/../a"}, // ours
        {"d", "a\\..\\b", "d/a\\..\\b"},
        {"d", "..a/a../...", "d/..a/a../..."},
        {"d", "..", NULL},
        {"d", "../a", NULL},
        {"d", "a/../../b", NULL},
        {"d", "a/../../d/b", NULL},
        {"d", "/a", NULL},
        {"d", "//a", NULL},
        {"d", "/", NULL},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].path);
        rt_arena arena = {0};
        rt_str joined = rt_safe_join(&arena, rt_str_from(rows[i].folder),
                                     rt_guarded(rows[i].path));
        CHECK_EQ(joined.data != NULL, rows[i].joined != NULL);
        if (rows[i].joined)
            CHECK_EQ(joined.data, rows[i].joined);
        rt_arena_deinit(&arena);
    }
}

RT_TEST(a_path_with_a_nul_is_refused)
{
    rt_arena arena = {0};
    CHECK(!rt_safe_join(&arena, RT_STR("d"), rt_guarded_bytes("a\0b", 3)).data);
    rt_arena_deinit(&arena);
}

RT_TEST(each_part_stays_below_those_before_it)
{
    rt_arena arena = {0};
    rt_str down[] = {RT_STR("a/b"), RT_STR(""), RT_STR("c/../d")};
    rt_str up[] = {RT_STR("a/b"), RT_STR("../c")};
    CHECK_EQ(rt_safe_join_parts(&arena, RT_STR("d"), down, RT_COUNT(down)),
             "d/a/b/d");
    CHECK(!rt_safe_join_parts(&arena, RT_STR("d"), up, RT_COUNT(up)).data);
    CHECK_EQ(rt_safe_join_parts(&arena, RT_STR("d"), NULL, 0), "d");
    rt_arena_deinit(&arena);
}
