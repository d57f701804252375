#include <stdlib.h>
#include <sys/stat.h>

#include "app_test.h"

static char folder[] = "/tmp/retort-config-XXXXXX";

static void write_file(const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
}

static rt_app *new_app(void)
{
    if (!mkdtemp(folder))
        abort();
    return rt_app_new("shop", .root_path = folder);
}

static void remove_folder(void)
{
    rt_arena arena = {0};
    const char *command = rt_format(&arena, "rm -r {}", folder).data;
    CHECK_EQ(system(command), 0);
    rt_arena_deinit(&arena);
}

RT_TEST(what_flask_sets_is_set)
{
    rt_app *app = rt_app_new("shop");
    CHECK_EQ(rt_str_from(rt_config_text(app, "SESSION_COOKIE_NAME", "")),
             RT_STR("session"));
    CHECK_EQ(rt_config_int(app, "PERMANENT_SESSION_LIFETIME", 0),
             (int64_t)2678400);
    CHECK(rt_config_bool(app, "SESSION_COOKIE_HTTPONLY", false));
    CHECK(rt_value_is_none(rt_config_get(app, "SECRET_KEY")));
    CHECK(rt_value_is_undefined(rt_config_get(app, "OWN")));
    rt_app_free(app);
}

RT_TEST(keys_are_set_and_read_by_type)
{
    rt_app *app = rt_app_new("shop");
    rt_configure(app, "NAME", "Retort", "SIZE", 20, "RATE", 1.5, "ON", true);
    rt_config_set(app, "SIZE", 21);
    CHECK_EQ(rt_str_from(rt_config_text(app, "NAME", "-")), RT_STR("Retort"));
    CHECK_EQ(rt_config_int(app, "SIZE", 0), (int64_t)21);
    CHECK_EQ(rt_config_float(app, "SIZE", 0), 21.0);
    CHECK_EQ(rt_config_float(app, "RATE", 0), 1.5);
    CHECK(rt_config_bool(app, "ON", false));
    // another type, and nothing
    CHECK_EQ(rt_str_from(rt_config_text(app, "SIZE", "-")), RT_STR("-"));
    CHECK_EQ(rt_config_int(app, "NAME", 7), (int64_t)7);
    CHECK_EQ(rt_config_int(app, "NOT_THERE", 7), (int64_t)7);
    CHECK(rt_config_bool(app, "NAME", true));
    rt_app_free(app);
}

RT_TEST(a_file_of_json_is_read)
{
    rt_app *app = new_app();
    write_file("config.json",
               "{\"PAGE_SIZE\": 50, \"lower\": 1, \"MAIL\": {\"host\": \"h\"}, "
               "\"SECRET_KEY\": \"k\"}");
    mkdir(rt_instance_path(app), 0700);
    write_file("instance/own.json", "{\"PAGE_SIZE\": 51}");
    rt_config_from_file(app, "config.json");
    CHECK_EQ(rt_config_int(app, "PAGE_SIZE", 0), (int64_t)50);
    CHECK(rt_value_is_undefined(rt_config_get(app, "lower")));
    CHECK_EQ(rt_str_from(rt_config_text(app, "SECRET_KEY", "")), RT_STR("k"));
    rt_config_from_file(app, "own.json", .instance = true);
    CHECK_EQ(rt_config_int(app, "PAGE_SIZE", 0), (int64_t)51);
    rt_config_from_file(app, "missing.json", .silent = true);
    setenv("RT_TEST_SETTINGS", "config.json", 1);
    rt_config_from_envvar(app, "RT_TEST_SETTINGS");
    CHECK_EQ(rt_config_int(app, "PAGE_SIZE", 0), (int64_t)50);
    rt_config_from_envvar(app, "RT_TEST_NOT_SET", .silent = true);
    rt_app_free(app);
    remove_folder();
}

RT_TEST(a_file_of_variables_is_read)
{
    rt_app *app = new_app();
    write_file("app.env", "PAGE_SIZE=50\nNAME='Retort'\nlower=1\nON=true\n");
    rt_config_from_file(app, "app.env");
    CHECK_EQ(rt_config_int(app, "PAGE_SIZE", 0), (int64_t)50);
    CHECK_EQ(rt_str_from(rt_config_text(app, "NAME", "")), RT_STR("Retort"));
    CHECK(rt_config_bool(app, "ON", false));
    CHECK(rt_value_is_undefined(rt_config_get(app, "lower")));
    rt_app_free(app);
    remove_folder();
}

RT_TEST(the_environment_is_read_by_prefix)
{
    rt_app *app = new_app();
    write_file(".env", "SHOP_FROM_FILE=1\nSHOP_SIZE=1\n");
    write_file(".retortenv", "SHOP_FROM_FILE=2\nSHOP_SECOND=2\n");
    setenv("SHOP_SIZE", "30", 1);
    setenv("SHOP_RATE", "0.5", 1);
    setenv("SHOP_NAME", "no json", 1);
    setenv("SHOP_LIST", "[1, \"x\"]", 1);
    setenv("SHOP_MAIL__server", "localhost", 1);
    setenv("SHOP_MAIL__Tls__on", "true", 1);
    setenv("SHOPPING", "no", 1);
    rt_config_from_env(app, "SHOP");
    rt_arena arena = {0};
    rt_str own =
        rt_format(&arena, "{} {} {} {} {} {} {}", rt_config_get(app, "SIZE"),
                  rt_config_get(app, "RATE"), rt_config_get(app, "NAME"),
                  rt_config_get(app, "LIST"), rt_config_get(app, "MAIL"),
                  rt_config_get(app, "FROM_FILE"),
                  rt_config_get(app, "SECOND"));
    CHECK_EQ(own, RT_STR("30 0.5 no json [1, 'x'] {'Tls': {'on': True}, "
                         "'server': 'localhost'} 1 2"));
    rt_arena_deinit(&arena);
    rt_app_free(app);
    remove_folder();
}

RT_TEST(keys_with_a_prefix_are_a_namespace)
{
    rt_app *app = rt_app_new("shop");
    rt_arena arena = {0};
    rt_configure(app, "DB_HOST", "h", "DB_PORT", 5432, "DEBUGGED", 1);
    rt_value db = rt_config_namespace(app, &arena, "DB_");
    CHECK_EQ(rt_value_repr(&arena, db), RT_STR("{'host': 'h', 'port': 5432}"));
    rt_arena_deinit(&arena);
    rt_app_free(app);
}

typedef struct settings {
    const char *dsn;
    int64_t pool;
    int retries;
    double rate;
    bool verbose;
    rt_value hosts;
} settings;

RT_TEST(a_structure_is_filled_at_the_start)
{
    settings s = {.dsn = "app.db", .pool = 5, .retries = 3, .rate = 0.5};
    rt_app *app = rt_app_new("shop");
    setenv("BOUND_POOL", "9", 1);
    setenv("BOUND_HOSTS", "[\"a\"]", 1);
    rt_config_bind(app, &s, RT_CONFIG_FIELD(settings, dsn),
                   RT_CONFIG_FIELD(settings, pool),
                   RT_CONFIG_FIELD(settings, retries),
                   RT_CONFIG_FIELD(settings, rate),
                   RT_CONFIG_FIELD(settings, verbose),
                   RT_CONFIG_FIELD(settings, hosts));
    CHECK_EQ(rt_config_int(app, "POOL", 0), (int64_t)5);
    rt_config_from_env(app, "BOUND");
    rt_configure(app, "VERBOSE", true, "RATE", 2, "RETRIES", 4);
    rt_client *client = rt_client_new(app);
    CHECK_EQ(rt_str_from(s.dsn), RT_STR("app.db"));
    CHECK_EQ(s.pool, (int64_t)9);
    CHECK_EQ(s.retries, 4);
    CHECK_EQ(s.rate, 2.0);
    CHECK(s.verbose);
    CHECK_EQ(rt_list_len(s.hosts), (size_t)1);
    rt_client_free(client);
    rt_app_free(app);
}

static rt_response *body_size(rt_request *req)
{
    return rt_text(req, "{}", rt_body(req).len);
}

RT_TEST(the_limit_of_bodies_is_a_setting)
{
    rt_app *app = rt_app_new("shop");
    rt_post(app, "/", body_size);
    rt_config_set(app, "MAX_CONTENT_LENGTH", 4);
    rt_client *client = rt_client_new(app);
    CHECK_EQ(rt_client_post(client, "/", .body = RT_STR("1234")).status, 200);
    CHECK_EQ(rt_client_post(client, "/", .body = RT_STR("12345")).status, 413);
    rt_client_free(client);
    rt_app_free(app);
}
