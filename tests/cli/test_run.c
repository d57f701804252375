// What `run` is told, and that the server does it.
#include <stdlib.h>
#include <string.h>

#include <retort/base/log.h>

#include "cli_test.h"

static rt_response *echo(rt_request *req)
{
    rt_str body = rt_body(req);
    return rt_text(req, "{} bytes", body.len);
}

static rt_response *complain(rt_request *req)
{
    static const rt_logger shop = {.name = "shop"};
    rt_log_with(&shop, RT_LOG_WARNING, "sold out", "id", 7);
    rt_log(&shop, RT_LOG_DEBUG, "a detail");
    return rt_empty(req, 204);
}

static rt_app *make_app(void)
{
    rt_app *app = rt_app_new("shop");
    rt_route(app, "/echo", echo, .methods = "GET POST");
    rt_get(app, "/complain", complain);
    return app;
}

RT_TEST(arguments_that_make_no_sense_are_refused_with_what_would)
{
    static const struct {
        const char *word, *value, *text;
    } rows[] = {
        {"--port", "65536", "--port must be a number from 0 to 65535"},
        {"--port", "", "--port must be a number from 0 to 65535"},
        {"-w", "-1", "--workers must be a number from 0 to 1024"},
        {"--host", "", "--host must be given"},
        {"--max-body", "16T", "--max-body must be a size such as"},
        {"--max-body", "K", "--max-body must be a size such as"},
        {"--max-body", "0", "--max-body must be a size such as"},
        {"--max-body", "9223372036854775807K", "--max-body must be a size"},
        {"--max-head", "1G", "at most 16M"},
        {"--grace", "0", "--grace must be a number of seconds"},
        {"--grace", "1e9", "--grace must be a number of seconds"},
        {"--grace", "soon", "--grace must be a number of seconds"},
        {"--log-level", "loud", "--log-level must be debug, info, warning"},
        {"--log-format", "xml", "--log-format must be text, plain or json"},
        {"--nosuch", "1", "unrecognized option '--nosuch'"},
        {"extra", "1", "unexpected argument \"extra\""},
        {"--access-log", "a.log", "a file is given as --access-log=a.log"},
    };

    rt_app *app = make_app();
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].text);
        outcome o = cli(app, "run", rows[i].word, rows[i].value);
        CHECK_EQ(o.status, 2);
        CHECK_HAS(o.text, rows[i].text);
    }
    rt_app_free(app);
}

RT_TEST(variables_that_make_no_sense_are_named)
{
    static const struct {
        const char *name, *value, *text;
    } rows[] = {
        {"RETORT_RUN_PORT", "http", "RETORT_RUN_PORT must be a number"},
        {"RETORT_RUN_MAX_BODY", "big", "RETORT_RUN_MAX_BODY must be a size"},
        {"RETORT_RUN_IDLE_TIMEOUT", "-1", "RETORT_RUN_IDLE_TIMEOUT must be"},
        {"RETORT_LOG_FORMAT", "xml",
         "RETORT_LOG_FORMAT must be text, plain or json"},
        {"RETORT_LOG_LEVEL", "x", "RETORT_LOG_LEVEL must be debug"},
    };

    rt_app *app = make_app();
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].text);
        setenv(rows[i].name, rows[i].value, 1);
        outcome o = cli(app, "run");
        CHECK_EQ(o.status, 2);
        CHECK_HAS(o.text, rows[i].text);
        unsetenv(rows[i].name);
    }
    rt_app_free(app);
}

RT_TEST(the_help_has_every_option_in_lines_of_a_terminal)
{
    rt_app *app = make_app();
    outcome o = cli(app, "run", "--help");
    CHECK_EQ(o.status, 0);
    CHECK_HAS(o.text, "-p, --port PORT ");
    CHECK_HAS(o.text, "--access-log[=FILE]");
    CHECK_HAS(o.text, "--worker-timeout SECS ");
    for (const char *line = o.text; *line;) {
        size_t len = strcspn(line, "\n");
        rt_test_case("%.*s", (int)len, line);
        CHECK(len <= 80);
        line += len + (line[len] == '\n');
    }
    rt_app_free(app);
}

RT_TEST(the_limits_of_the_command_line_are_the_server_s)
{
    rt_app *app = make_app();
    served server = cli_serve(app, "run", "-p", "0", "-w", "0", "--max-body=1K",
                              "--max-headers", "3", "--max-target", "20");
    CHECK_HAS(cli_ask(&server, "POST /echo HTTP/1.0\r\nHost: x\r\n"
                               "Content-Length: 4\r\n\r\nfour"),
              "4 bytes");
    CHECK_HAS(cli_ask(&server, "POST /echo HTTP/1.0\r\nHost: x\r\n"
                               "Content-Length: 1025\r\n\r\n"),
              " 413 ");
    CHECK_HAS(cli_ask(&server, "GET /echo HTTP/1.0\r\nHost: x\r\n"
                               "A: 1\r\nB: 2\r\nC: 3\r\n\r\n"),
              " 431 ");
    CHECK_HAS(cli_ask(&server, "GET /echo?12345678901234567890 HTTP/1.0\r\n"
                               "Host: x\r\n\r\n"),
              " 414 ");
    CHECK_EQ(cli_stop(&server).status, 0);
    rt_app_free(app);
}

RT_TEST(a_mounted_application_has_the_limit_of_the_one_it_is_in)
{
    static const char to_inner[] = "POST /in/echo HTTP/1.0\r\nHost: x\r\n"
                                   "Content-Length: 4\r\n\r\nfour";
    static const char to_own[] = "POST /own/echo HTTP/1.0\r\nHost: x\r\n"
                                 "Content-Length: 4\r\n\r\nfour";
    rt_app *app = make_app(), *inner = make_app(),
           *own = rt_app_new("own", .max_body = 10);
    rt_post(own, "/echo", echo);
    rt_mount(app, "/in", rt_app_gateway(inner));
    rt_mount(app, "/own", rt_app_gateway(own));
    served server = cli_serve(app, "run", "-p0", "-w0", "--max-body=3");
    CHECK_HAS(cli_ask(&server, to_inner), " 413 ");
    CHECK_HAS(cli_ask(&server, to_own), "4 bytes");
    CHECK_EQ(cli_stop(&server).status, 0);
    rt_app_free(app);
    rt_app_free(inner);
    rt_app_free(own);
}

RT_TEST(the_command_line_wins_over_the_environment)
{
    rt_app *app = make_app();
    setenv("RETORT_RUN_MAX_BODY", "3", 1);
    setenv("RETORT_RUN_PORT", "0", 1);
    setenv("RETORT_RUN_HOST", "", 1); // empty: as if it were not there
    served server = cli_serve(app, "run", "-w", "0", "--max-body", "4");
    CHECK_HAS(cli_ask(&server, "POST /echo HTTP/1.0\r\nHost: x\r\n"
                               "Content-Length: 4\r\n\r\nfour"),
              "4 bytes");
    cli_stop(&server);
    server = cli_serve(app, "run", "-w", "0");
    CHECK_HAS(cli_ask(&server, "POST /echo HTTP/1.0\r\nHost: x\r\n"
                               "Content-Length: 4\r\n\r\nfour"),
              " 413 ");
    cli_stop(&server);
    rt_app_free(app);
}

RT_TEST(the_log_has_the_level_and_the_format_that_were_asked_for)
{
    static const char get[] = "GET /complain HTTP/1.0\r\nHost: x\r\n\r\n";
    rt_app *app = make_app();
    served server = cli_serve(app, "run", "-p0", "-w0", "--log-format=json");
    CHECK_HAS(server.banner,
              "\"message\":\"serving\",\"name\":\"shop\",\"url\":");
    CHECK(!strstr(server.banner, "Serving"));
    cli_ask(&server, get);
    outcome o = cli_stop(&server);
    CHECK_HAS(o.text, "\"level\":\"WARNING\",\"logger\":\"shop\"");
    CHECK_HAS(o.text, "\"message\":\"sold out\",\"id\":7,\"method\":\"GET\","
                      "\"path\":\"/complain\",\"request_id\":\"");
    CHECK(!strstr(o.text, "a detail"));

    server = cli_serve(app, "run", "-p0", "-w0", "--log-format=plain");
    cli_ask(&server, get);
    CHECK_HAS(cli_stop(&server).text, "WARNING in shop: sold out id=7\n");

    setenv("RETORT_LOG_LEVEL", "debug", 1);
    server = cli_serve(app, "run", "-p0", "-w0");
    cli_ask(&server, get);
    CHECK_HAS(cli_stop(&server).text, "DEBUG in shop: a detail method=GET "
                                      "path=/complain request_id=");

    server = cli_serve(app, "run", "-p0", "-w0", "--log-level", "ERROR");
    cli_ask(&server, get);
    CHECK(!strstr(cli_stop(&server).text, "sold out"));
    rt_app_free(app);
}

RT_TEST(debug_mode_for_everybody_must_be_said_twice)
{
    rt_app *app = make_app();
    outcome o = cli(app, "run", "--debug", "--host", "0.0.0.0");
    CHECK_EQ(o.status, 2);
    CHECK_HAS(o.text, "0.0.0.0 is open");
    CHECK_HAS(o.text, "say --debug twice");
    setenv("RETORT_DEBUG", "1", 1);
    CHECK_EQ(cli(app, "run", "--host", "::").status, 2);

    static const char *const rows[][4] = {{"-h0.0.0.0", "-p0", "--debug"},
                                          {"-h0.0.0.0", "-p0", "--no-debug"},
                                          {"-h127.0.0.1", "-p0"}};
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i][0]);
        served server =
            cli_serve(app, "run", "-w1", rows[i][0], rows[i][1], rows[i][2]);
        CHECK_HAS(cli_ask(&server, "GET /echo HTTP/1.0\r\nHost: x\r\n\r\n"),
                  "0 bytes");
        CHECK_EQ(cli_stop(&server).status, 0);
    }
    rt_app_free(app);
}
