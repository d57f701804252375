// Commands of an application's own.
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli_test.h"

static int greet(rt_request *req, void *arg)
{
    (void)arg;
    const char *color = rt_option_text(req, "color");
    printf("%s|%lld|%.2f|%s|%s\n", rt_option_text(req, "name"),
           (long long)rt_option_int(req, "count"),
           rt_option_float(req, "factor"),
           rt_option_flag(req, "loud") ? "!" : "", color ? color : "none");
    return 0;
}

static int list_all(rt_request *req, void *arg)
{
    (void)arg;
    rt_value files = rt_option_get(req, "file");
    rt_value tags = rt_option_get(req, "tag");
    printf("%s %s %s\n", rt_value_repr(rt_arena_of(req), files).data,
           rt_value_repr(rt_arena_of(req), tags).data,
           rt_option_flag(req, "color") ? "colors" : "plain");
    return 3;
}

static rt_app *make_app(void)
{
    rt_app *app = rt_app_new("shop");
    rt_command(app, "greet", greet, .help = "Say hello. To somebody.",
               .arguments = RT_OPTIONS({.name = "name"}),
               .options = RT_OPTIONS(
                   {.name = "count",
                    .letter = 'c',
                    .type = RT_OPTION_INT,
                    .otherwise = "1",
                    .help = "How often."},
                   {.name = "factor", .type = RT_OPTION_FLOAT},
                   {.name = "loud", .letter = 'l', .type = RT_OPTION_FLAG},
                   {.name = "color",
                    .type = RT_OPTION_CHOICE,
                    .choices = RT_CHOICES("red", "blue")}));
    rt_command(
        app, "file list", list_all,
        .arguments =
            RT_OPTIONS({.name = "file", .many = true, .optional = true}),
        .options = RT_OPTIONS(
            {.name = "tag", .letter = 't', .many = true, .type = RT_OPTION_INT},
            {.name = "color", .type = RT_OPTION_FLAG, .otherwise = "true"},
            {.name = "out-dir", .required = true}));
    rt_command_group(app, "file", "Files of the shop.");
    return app;
}

#define CHECK_RUN(app, wanted_status, wanted, ...) \
    do {                                           \
        outcome o_ = cli((app), __VA_ARGS__);      \
        CHECK_EQ(o_.status, (wanted_status));      \
        CHECK_EQ(o_.text, (wanted));               \
    } while (0)

RT_TEST(options_are_found_by_name_and_arguments_by_place)
{
    rt_app *app = make_app();
    CHECK_RUN(app, 0, "ada|1|0.00||none\n", "greet", "ada");
    CHECK_RUN(app, 0, "ada|3|1.50|!|red\n", "greet", "--count", "3",
              "--factor=1.5", "ada", "--loud", "--color", "red");
    CHECK_RUN(app, 0, "ada|-5|0.00|!|none\n", "greet", "-lc-5", "ada");
    CHECK_RUN(app, 0, "--loud|4|0.00||none\n", "greet", "-c", "4", "--",
              "--loud");
    CHECK_RUN(app, 0, "|2|0.00||none\n", "greet", "-c1", "-c2", "");
    rt_app_free(app);
}

RT_TEST(what_may_be_given_often_is_a_list)
{
    rt_app *app = make_app();
    CHECK_RUN(app, 3, "[] [] colors\n", "file", "list", "--out-dir=x");
    CHECK_RUN(app, 3, "['a', 'b'] [1, 2] plain\n", "file", "list", "-t1", "a",
              "--tag", "2", "b", "--no-color", "--out-dir", "x");
    rt_app_free(app);
}

RT_TEST(arguments_that_make_no_sense_are_answered_as_click_does)
{
    static const struct {
        const char *text;
        const char *words[5];
    } rows[] = {
        {"Missing argument 'NAME'.", {"greet"}},
        {"Invalid value for '-c' / '--count': 'x' is not a valid integer.",
         {"greet", "ada", "--count", "x"}},
        {"Invalid value for '--factor': '1,5' is not a valid float.",
         {"greet", "ada", "--factor=1,5"}},
        {"Invalid value for '--color': 'green' is not one of 'red', 'blue'.",
         {"greet", "ada", "--color", "green"}},
        {"No such option: --size", {"greet", "ada", "--size"}},
        {"No such option: -s", {"greet", "-ls", "ada"}},
        {"No such option: --no-loud", {"greet", "--no-loud", "ada"}},
        {"Option '--count' requires an argument.", {"greet", "--count"}},
        {"Option '-c' requires an argument.", {"greet", "-c"}},
        {"Option '--loud' does not take a value.", {"greet", "--loud=1"}},
        {"Got unexpected extra argument (b)", {"greet", "a", "b"}},
        {"Got unexpected extra arguments (b c)", {"greet", "a", "b", "c"}},
        {"Missing option '--out-dir'.", {"file", "list"}},
        {"Usage: shop greet [OPTIONS] NAME\n"
         "Try 'shop greet --help' for help.\n\nError: ",
         {"greet"}},
        {"Usage: shop file list [OPTIONS] [FILE]...\n", {"file", "list"}},
        {"Usage: shop file [OPTIONS] COMMAND [ARGS]...\n"
         "Try 'shop file --help' for help.\n\n"
         "Error: No such command 'move'.",
         {"file", "move"}},
        {"No such command 'nothing'.", {"nothing"}},
        {"No such option: --nothing", {"--nothing"}},
    };

    rt_app *app = make_app();
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].text);
        outcome o = cli_call(app, rows[i].words);
        CHECK_EQ(o.status, 2);
        CHECK_HAS(o.text, rows[i].text);
    }
    rt_app_free(app);
}

RT_TEST(help_is_made_from_the_options)
{
    rt_app *app = make_app();
    CHECK_RUN(app, 0,
              "Usage: shop greet [OPTIONS] NAME\n"
              "\n"
              "  Say hello. To somebody.\n"
              "\n"
              "Options:\n"
              "  -c, --count INTEGER  How often.  [default: 1]\n"
              "  --factor FLOAT\n"
              "  -l, --loud\n"
              "  --color [red|blue]\n"
              "  --help               Show this message and exit.\n",
              "greet", "--help");
    CHECK_RUN(app, 0,
              "Usage: shop file [OPTIONS] COMMAND [ARGS]...\n"
              "\n"
              "  Files of the shop.\n"
              "\n"
              "Options:\n"
              "  --help  Show this message and exit.\n"
              "\n"
              "Commands:\n"
              "  list\n",
              "file", "--help");
    CHECK_EQ(cli(app, "file").status, 2);
    CHECK_HAS(cli(app, "--help").text,
              "Commands:\n"
              "  eval       Print what a template's expression is.\n"
              "  file list\n"
              "  greet      Say hello.\n"
              "  routes     List the rules of the application.\n"
              "  run        Serve the application.\n");
    rt_app_free(app);
}

RT_TEST(options_come_from_the_environment_where_nobody_gave_them)
{
    rt_app *app = make_app();
    setenv("RETORT_GREET_COUNT", "7", 1);
    setenv("RETORT_FILE_LIST_OUT_DIR", "x", 1);
    setenv("RETORT_FILE_LIST_TAG", "1 2", 1);
    CHECK_RUN(app, 0, "ada|7|0.00||none\n", "greet", "ada");
    CHECK_RUN(app, 0, "ada|8|0.00||none\n", "greet", "ada", "-c8");
    CHECK_RUN(app, 3, "[] [1, 2] colors\n", "file", "list");
    setenv("RETORT_GREET_COUNT", "many", 1);
    CHECK_HAS(cli(app, "greet", "ada").text, "'many' is not a valid integer");
    rt_app_free(app);
}

// ---- what a command can do -----------------------------------------------------

static void say_end(void *text)
{
    printf("%s", (const char *)text);
}

static void child(rt_request *req, void *arg)
{
    (void)req;
    rt_sleep(1);
    printf("%s ", (const char *)arg);
}

static int work(rt_request *req, void *arg)
{
    static char end[] = "end\n", name[] = "child";
    rt_defer(req, say_end, end);
    rt_spawn(req, child, name);
    rt_spawn_wait(req);
    printf("%s %s ", (const char *)arg,
           rt_config_text(rt_app_of(req), "PLACE", "?"));
    printf("%s ", rt_render_text(req, "greeting.txt", "n", 3).data);
    int pair[2];
    if (pipe(pair) || write(pair[1], "x", 1) != 1 ||
        rt_wait_fd(pair[0], RT_WAIT_READ, 1000))
        return 1;
    printf("%s ", rt_url_for(req, "show", "id", 7));
    return 0;
}

static rt_response *show(rt_request *req, int64_t id)
{
    return rt_text(req, "{}", id);
}

static void worker(rt_app *app, void *arg)
{
    (void)app;
    printf("%s ", (const char *)arg);
}

RT_TEST(a_command_has_what_requests_have)
{
    char folder[] = "/tmp/retort-cli-XXXXXX", path[64];
    REQUIRE(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/greeting.txt", folder);
    FILE *f = fopen(path, "w");
    REQUIRE(f != NULL);
    fputs("{{ n }}{{ request }}{{ config.PLACE }}", f);
    fclose(f);

    rt_app *app = rt_app_new("shop", .templates = folder);
    rt_configure(app, "PLACE", "here", "SERVER_NAME", "shop.example");
    rt_get(app, "/show/<int:id>", show);
    rt_on_worker_start(app, worker, .arg = (char[]){"start"});
    rt_on_worker_stop(app, worker, .arg = (char[]){"stop\n"});
    rt_command(app, "work", work, .arg = (char[]){"arg"});
    CHECK_RUN(app, 0,
              "start child arg here 3here http://shop.example/show/7 end\n"
              "stop\n ",
              "work");
    rt_app_free(app);
    unlink(path);
    rmdir(folder);
}

static int give_up(rt_request *req, void *arg)
{
    static const rt_error_kind sold_out = {.name = "SoldOut"};
    static char closed[] = "closed\n";
    const char *how = rt_option_text(req, "how");
    (void)arg;
    rt_defer(req, say_end, closed);
    if (strcmp(how, "404") == 0)
        rt_abort(req, 404, "there is no {}", "cheese");
    if (strcmp(how, "500") == 0)
        rt_abort(req, 500);
    if (strcmp(how, "kind") == 0)
        rt_raise(req, &sold_out, "none left");
    if (strcmp(how, "url") == 0)
        rt_url_for(req, "nowhere");
    if (strcmp(how, "option") == 0)
        rt_option_text(req, "size");
    rt_abort_response(req, rt_empty(req, 204));
}

RT_TEST(an_abort_ends_the_command_with_its_message)
{
    static const char *const rows[][2] = {
        {"404", "closed\nError: there is no cheese\n"},
        {"500", "closed\nError: "},
        {"kind", "closed\nError: SoldOut: none left\n"},
        {"url", "closed\nError: a URL outside of requests needs SERVER_NAME\n"},
        {"option", "closed\nError: the command \"give-up\" has no option "
                   "'size'\n"},
        {"response", "closed\nError: the command ended with a response, 204\n"},
    };
    rt_app *app = rt_app_new("shop");
    rt_command(app, "give-up", give_up,
               .arguments = RT_OPTIONS({.name = "how"}));
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i][0]);
        outcome o = cli(app, "give-up", rows[i][0]);
        CHECK_EQ(o.status, 1);
        CHECK(rt_str_starts_with(rt_str_from(o.text), rt_str_from(rows[i][1])));
    }
    rt_app_free(app);
}

// ---- blueprints ----------------------------------------------------------------

static int say(rt_request *req, void *arg)
{
    (void)req;
    printf("%s\n", (const char *)arg);
    return 0;
}

static rt_blueprint *make_part(const char *name, const char *group)
{
    rt_blueprint *part = rt_blueprint_new(name, .cli_group = group);
    rt_command(part, "clean", say, .arg = (char *)(uintptr_t)name);
    return part;
}

RT_TEST(commands_of_a_blueprint_are_in_a_group_of_its_name)
{
    rt_app *app = rt_app_new("site");
    rt_blueprint *outer = rt_blueprint_new("outer");
    rt_register_blueprint(outer, make_part("inner", NULL));
    rt_register_blueprint(app, outer);
    rt_register_blueprint(app, make_part("blog", NULL));
    rt_register_blueprint(app, make_part("wiki", "docs"));
    rt_register_blueprint(app, make_part("top", ""));
    rt_register_blueprint(app, make_part("last", ""), .cli_group = "end");
    CHECK_RUN(app, 0, "blog\n", "blog", "clean");
    CHECK_RUN(app, 0, "wiki\n", "docs", "clean");
    CHECK_RUN(app, 0, "top\n", "clean");
    CHECK_RUN(app, 0, "last\n", "end", "clean");
    CHECK_RUN(app, 0, "inner\n", "outer.inner", "clean");
    rt_app_free(app);
}

// ---- the program's own -----------------------------------------------------------

static int show_config(rt_request *req, void *arg)
{
    (void)arg;
    const char *greet = getenv("CLI_TEST_GREETING");
    printf("%lld %s\n", (long long)rt_config_int(rt_app_of(req), "SIZE", 0),
           greet ? greet : "none");
    return 0;
}

static void write_file(const char *folder, const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    REQUIRE(f != NULL);
    fputs(text, f);
    fclose(f);
}

RT_TEST(variables_come_from_files_unless_the_environment_has_them)
{
    char folder[] = "/tmp/retort-cli-XXXXXX", file[64];
    REQUIRE(mkdtemp(folder) != NULL);
    write_file(folder, ".env", "CLITEST_SIZE=1\nRETORT_RUN_PORT=0\n");
    write_file(folder, ".retortenv",
               "CLITEST_SIZE=2\nCLI_TEST_GREETING=hello\n");
    write_file(folder, "other.env", "CLITEST_SIZE=3\n");
    write_file(folder, "bad.env", "CLITEST_SIZE='3\n");
    snprintf(file, sizeof file, "%s/other.env", folder);

    rt_app *app = rt_app_new("shop", .root_path = folder);
    rt_command(app, "show", show_config);
    CHECK_RUN(app, 0, "0 hello\n", "show");
    served server = cli_serve(app, "run", "-w0");
    CHECK(server.port != 5000); // as .env says
    cli_stop(&server);
    rt_app_free(app);

    app = rt_app_new("shop", .root_path = folder);
    rt_command(app, "show", show_config);
    rt_config_from_env(app, "CLITEST");
    CHECK_RUN(app, 0, "1 hello\n", "show");
    CHECK_RUN(app, 0, "3 hello\n", "--env-file", file, "show");
    CHECK_RUN(app, 0, "3 hello\n", "-e", file, "show");
    outcome o = cli(app, "-e", "/nowhere/.env", "show");
    CHECK_EQ(o.status, 2);
    CHECK_HAS(o.text, "Error: Invalid value for '-e' / '--env-file': File "
                      "'/nowhere/.env' does not exist.");
    snprintf(file, sizeof file, "%s/bad.env", folder);
    o = cli(app, "-e", file, "show");
    CHECK_EQ(o.status, 2);
    CHECK_HAS(o.text, "bad.env:1:14: the quote is never closed");
    rt_app_free(app);

    snprintf(file, sizeof file, "%s/other.env", folder);
    unsetenv("CLI_TEST_GREETING");
    setenv("CLITEST_SIZE", "9", 1);
    app = rt_app_new("shop", .root_path = folder);
    rt_command(app, "show", show_config);
    rt_config_from_env(app, "CLITEST");
    CHECK_RUN(app, 0, "9 hello\n", "-e", file, "show");
    rt_app_free(app);
    char line[96];
    snprintf(line, sizeof line, "rm -r %s", folder);
    CHECK_EQ(system(line), 0);
}

static rt_status double_it(rt_template_call *call, rt_value *out)
{
    *out = RT(2 * rt_value_as_int(rt_template_arg(call, 0, RT(0)), 0));
    return RT_OK;
}

RT_TEST(eval_prints_what_an_expression_is)
{
    rt_app *app = rt_app_new("shop");
    rt_configure(app, "SIZE", 20, "SERVER_NAME", "shop.example");
    rt_template_filter(app, "double", double_it);
    rt_template_global(app, "colors", rt_value_cstr("red"));
    rt_get(app, "/show/<int:id>", show);
    CHECK_RUN(app, 0, "40\n", "eval", "config.SIZE|double");
    CHECK_RUN(app, 0, "'http://shop.example/show/7'\n", "eval",
              "url_for('show', id=7)");
    CHECK_RUN(app, 0, "['red', 1.5]\n", "eval", "[colors, 1.5]");
    outcome o = cli(app, "eval", "1 +");
    CHECK_EQ(o.status, 1);
    CHECK_HAS(o.text, "Error: ");
    CHECK_EQ(cli(app, "eval").status, 2);
    rt_app_free(app);
}

RT_TEST(the_version_is_told)
{
    rt_app *app = rt_app_new("shop");
    CHECK_HAS(cli(app, "--version").text, "shop (Retort ");
    setenv("RETORT_VERSION", "1", 1);
    CHECK_EQ(cli(app, "routes").status, 0);
    CHECK(!strstr(cli(app, "routes").text, "Retort"));
    rt_app_free(app);
}

static int log_detail(rt_request *req, void *arg)
{
    (void)arg;
    rt_log(NULL, RT_LOG_DEBUG, "a detail");
    return rt_app_is_debug(rt_app_of(req)) ? 4 : 0;
}

RT_TEST(the_log_and_debug_mode_are_the_process_s_in_commands_too)
{
    rt_app *app = rt_app_new("shop");
    rt_command(app, "log", log_detail);
    CHECK_RUN(app, 0, "", "log");
    setenv("RETORT_LOG_LEVEL", "debug", 1);
    setenv("RETORT_DEBUG", "1", 1);
    setenv("RETORT_RUN_PORT", "none of its business", 1);
    outcome o = cli(app, "log");
    CHECK_EQ(o.status, 4);
    CHECK_HAS(o.text, "DEBUG in retort: a detail\n");
    setenv("RETORT_LOG_LEVEL", "loud", 1);
    CHECK_EQ(cli(app, "log").status, 2);
    rt_app_free(app);
}
