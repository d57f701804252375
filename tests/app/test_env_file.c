#include <stdlib.h>
#include <unistd.h>

#include <retort/base/format.h>
#include <retort/test.h>

#include "retort/app/env_file.h"

// "NAME=[value] NAME=[value]", or the error: "2:5 message".
static rt_str parse(rt_arena *arena, const char *text)
{
    rt_params variables = {0};
    rt_error err = {0};
    rt_buf buf;
    rt_buf_init(&buf, arena);
    if (rt_env_file_parse(arena, rt_guarded(text), &variables, &err)) {
        rt_buf_printf(&buf, "%zu:%zu %.*s", err.line, err.column,
                      RT_STR_ARG(err.message));
        return rt_buf_str(&buf);
    }
    for (size_t i = 0; i < variables.len; i++) {
        rt_buf_printf(&buf, "%s%.*s=[%.*s]", i ? " " : "",
                      RT_STR_ARG(variables.items[i].name),
                      RT_STR_ARG(variables.items[i].value));
    }
    return rt_buf_str(&buf);
}

RT_TEST(variables_are_read)
{
    static const struct {
        const char *text, *expected;
    } rows[] = {
        {"", ""},
        {"A=1", "A=[1]"},
        {"A=1\nB=2\n", "A=[1] B=[2]"},
        {"\r\n A = 1 \r\nB=2\r\n", "A=[1] B=[2]"},
        {"# comment\n\n  # another\nA=1 # behind\nB=2#no", "A=[1] B=[2#no]"},
        {"A=", "A=[]"},
        {"A= # empty", "A=[]"},
        {"A=a b  c ", "A=[a b  c]"},
        {"A=x=y", "A=[x=y]"},
        {"export A=1\nexport\tB=2", "A=[1] B=[2]"},
        {"export=1", "export=[1]"},
        {"NO_VALUE\nA=1\nexport B", "A=[1]"},
        {"A.b-c=1", "A.b-c=[1]"},
        {"A='x # y'", "A=[x # y]"},
        {"A='it\\'s \\\\ \\n' # c", "A=[it's \\ \\n]"},
        {"A=\"two\\nlines\\t\\\"q\\\" \\x\"", "A=[two\nlines\t\"q\" \\x]"},
        {"A=\"one\ntwo\"\nB=3", "A=[one\ntwo] B=[3]"},
        {"A=x\nB=\"${A}-${A}\"\nC='${A}'\nD=${A}y",
         "A=[x] B=[x-x] C=[${A}] D=[xy]"},
        {"A=${NOT_THERE_AT_ALL}|${NOT_THERE_AT_ALL:-else}|$B|${open",
         "A=[|else|$B|${open]"},
        {"A=1\nA=2\nB=${A}", "A=[1] A=[2] B=[2]"},
        {"\xc3\xa4=1", "1:1 a variable's name is expected here"},
        {"A=\xc3\xa4", "A=[\xc3\xa4]"},
        {"A=\xff", "1:3 this is not UTF-8"},
        {"A=1\n  =2", "2:3 a variable's name is expected here"},
        {"A B", "1:3 \"=\" is expected here"},
        {"A=\"x\ny", "1:3 the quote is never closed"},
        {"\nB='x' y", "2:7 nothing but a comment may follow the closing quote"},
        {"\xc3\xa4", "1:1 a variable's name is expected here"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_arena arena = {0};
        RT_CASE(rows[i].text);
        CHECK_EQ(parse(&arena, rows[i].text), rt_str_from(rows[i].expected));
        rt_arena_deinit(&arena);
    }
}

RT_TEST(the_environment_is_looked_into_and_wins)
{
    rt_arena arena = {0};
    setenv("RT_TEST_THERE", "old", 1);
    unsetenv("RT_TEST_NEW");
    CHECK_EQ(parse(&arena, "A=${RT_TEST_THERE}"), RT_STR("A=[old]"));

    char path[] = "/tmp/retort-env-XXXXXX";
    int fd = mkstemp(path);
    FILE *file = fdopen(fd, "w");
    fputs("RT_TEST_THERE=new\nRT_TEST_NEW=1\nRT_TEST_NEW=2\n", file);
    fclose(file);
    rt_error err = {0};
    CHECK_EQ(rt_env_file_load(&arena, path, &err), RT_OK);
    CHECK_EQ(rt_str_from(getenv("RT_TEST_THERE")), RT_STR("old"));
    CHECK_EQ(rt_str_from(getenv("RT_TEST_NEW")), RT_STR("2"));
    unlink(path);
    CHECK_EQ(rt_env_file_load(&arena, path, &err), RT_E_NOT_FOUND);
    CHECK(rt_str_eq(err.file, rt_str_from(path)));
    rt_arena_deinit(&arena);
}

RT_TEST(more_variables_than_allowed_are_refused)
{
    rt_arena arena = {0};
    rt_buf text;
    rt_buf_init(&text, &arena);
    for (int i = 0; i <= RT_PARAMS_MAX; i++)
        rt_buf_put_cstr(&text, "A=1\n");
    rt_params variables = {0};
    CHECK_EQ(rt_env_file_parse(&arena, rt_buf_str(&text), &variables, NULL),
             RT_E_LIMIT);
    rt_arena_deinit(&arena);
}
