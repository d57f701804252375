// Log lines: their text, their JSON, where they go and that they stay whole.
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <retort/base/json.h>
#include <retort/base/log.h>
#include <retort/base/time.h>
#include <retort/test.h>

static rt_arena arena;

// 2026-11-24 21:55:10.123456 UTC
#define SOME_TIME (1795557310 * RT_TIME_SECOND + 123456)

static rt_str text_of(const rt_log_record *record)
{
    rt_buf buf;

    setenv("TZ", "UTC", 1);
    tzset();
    rt_buf_init(&buf, &arena);
    rt_log_put_text(&buf, record);
    return rt_buf_str(&buf);
}

static rt_str json_of(const rt_log_record *record)
{
    rt_buf buf;

    rt_buf_init(&buf, &arena);
    rt_log_put_json(&buf, record);
    return rt_buf_str(&buf);
}

RT_TEST(a_record_is_one_line_of_text)
{
    const rt_log_record record = {.time = SOME_TIME,
                                  .level = RT_LOG_WARNING,
                                  .logger = "app",
                                  .message = RT_STR("low on tea")};

    CHECK_EQ(text_of(&record),
             "[2026-11-24 21:55:10,123] WARNING in app: low on tea\n");
    rt_arena_deinit(&arena);
}

RT_TEST(the_time_of_a_text_line_is_local)
{
    const rt_log_record record = {.time = SOME_TIME, .level = RT_LOG_INFO};
    rt_buf buf;

    setenv("TZ", "XYZ-05:30", 1); // east of Greenwich
    tzset();
    rt_buf_init(&buf, &arena);
    rt_log_put_text(&buf, &record);
    CHECK_EQ(rt_buf_str(&buf), "[2026-11-25 03:25:10,123] INFO in retort: \n");
    rt_arena_deinit(&arena);
}

// The rest of the line behind "in app: ".
static rt_str shown(rt_str message)
{
    const rt_log_record record = {.time = SOME_TIME,
                                  .level = RT_LOG_INFO,
                                  .logger = "app",
                                  .message = message};
    rt_str line = text_of(&record);
    size_t at = rt_str_find(line, RT_STR("app: "));

    return rt_str_slice(line, at + 5, SIZE_MAX);
}

RT_TEST(a_message_cannot_leave_its_line)
{
    static const struct {
        rt_str message;
        const char *shown;
    } rows[] = {
        {{"a\nb", 3}, "a\\nb\n"},
        {{"a\r\n[2026-11-24] INFO in app: forged", 35},
         "a\\r\\n[2026-11-24] INFO in app: forged\n"},
        {{"\x1b[31mred", 8}, "\\x1b[31mred\n"},
        {{"\0\x7f\t", 3}, "\\x00\\x7f\\t\n"},
        {{"\xc2\x9b"
          "31m",
          5},
         "\\x9b31m\n"},
        {{"\xe2\x80\xa8\xe2\x80\xae", 6}, "\\u2028\\u202e\n"},
        {{"\xff\xc3", 2}, "\xef\xbf\xbd\xef\xbf\xbd\n"},
        {{"caf\xc3\xa9 \xe4\xb8\xad", 9}, "caf\xc3\xa9 \xe4\xb8\xad\n"},
        {{"\\n", 2}, "\\n\n"},
        {{"", 0}, "\n"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].shown);
        CHECK_EQ(shown(rt_guarded_bytes(rows[i].message.data,
                                        rows[i].message.len)),
                 rows[i].shown);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(fields_follow_the_message)
{
    const rt_value items[] = {RT(1), RT("two")};
    const rt_pair fields[] = {
        {"id", RT(7)},
        {"ratio", RT(0.5)},
        {"ok", RT(true)},
        {"user", RT("ada")},
        {"agent", RT("a \"b\" c")},
        {"empty", RT("")},
        {"query", RT("a=b")},
        {"two", RT("x\ny")},
        {"list", rt_list_of(&arena, items, 2)},
        {"none", rt_value_none()},
        {"bytes", rt_value_bytes("\xff", 1)},
        {"message", RT("taken")},
    };
    const rt_log_record record = {.time = SOME_TIME,
                                  .level = RT_LOG_ERROR,
                                  .logger = "shop",
                                  .message = RT_STR("m"),
                                  .fields = fields,
                                  .n_fields = RT_COUNT(fields)};

    CHECK_EQ(text_of(&record),
             "[2026-11-24 21:55:10,123] ERROR in shop: m id=7 ratio=0.5 "
             "ok=True user=ada agent=\"a \\\"b\\\" c\" empty=\"\" "
             "query=\"a=b\" two=x\\ny list=\"[1, 'two']\" none=None "
             "bytes=b'\\xff' message=taken\n");

    // Without the process id, which no row can know.
    rt_str json = json_of(&record);
    size_t pid = rt_str_find(json, RT_STR("\"pid\":"));
    size_t rest = rt_str_find(json, RT_STR(",\"message\""));
    CHECK_EQ(rt_str_slice(json, 0, pid),
             "{\"time\":\"2026-11-24T21:55:10.123456Z\",\"level\":\"ERROR\","
             "\"logger\":\"shop\",");
    CHECK_EQ(
        rt_str_slice(json, rest, SIZE_MAX),
        ",\"message\":\"m\",\"id\":7,\"ratio\":0.5,\"ok\":true,"
        "\"user\":\"ada\",\"agent\":\"a \\\"b\\\" c\",\"empty\":\"\","
        "\"query\":\"a=b\",\"two\":\"x\\ny\",\"list\":[1,\"two\"],"
        "\"none\":null,\"bytes\":\"b'\\\\xff'\",\"_message\":\"taken\"}\n");
    rt_arena_deinit(&arena);
}

RT_TEST(a_json_line_is_json_whatever_is_in_it)
{
    rt_value cycle = rt_list_new(&arena);
    const rt_pair fields[] = {
        {"bad \xff key\n", RT("bad \xc3 text\n\x1b")},
        {"undefined", rt_value_undefined()},
        {"nan", RT((double)NAN)},
        {"cycle", cycle},
        {"time", RT(1)},
    };
    const rt_log_record record = {.time = SOME_TIME,
                                  .level = RT_LOG_INFO,
                                  .logger = "we\"ird",
                                  .message = RT_STR("\xff\n\0"),
                                  .fields = fields,
                                  .n_fields = RT_COUNT(fields),
                                  .detail = RT_STR("one\ntwo\n")};
    rt_value v;

    CHECK(rt_list_push(cycle, cycle) == RT_OK);
    rt_str line = json_of(&record);
    CHECK_EQ(rt_str_find_char(line, '\n'), line.len - 1);
    REQUIRE(rt_json_parse(&arena, line, NULL, &v, NULL) == RT_OK);
    CHECK_EQ(rt_value_as_str(rt_dict_get_str(v, RT_STR("logger"))), "we\"ird");
    CHECK_EQ(rt_value_as_str(rt_dict_get_str(v, RT_STR("message"))),
             RT_STR("\xef\xbf\xbd\n\0"));
    CHECK_EQ(rt_value_as_str(rt_dict_get_str(v, RT_STR("detail"))),
             "one\ntwo\n");
    CHECK_EQ(rt_value_as_int(rt_dict_get_str(v, RT_STR("pid")), 0), getpid());
    CHECK_EQ(rt_value_as_int(rt_dict_get_str(v, RT_STR("_time")), 0), 1);
    rt_arena_deinit(&arena);
}

RT_TEST(a_detail_is_indented_below_its_line)
{
    rt_log_record record = {.time = SOME_TIME,
                            .level = RT_LOG_CRITICAL,
                            .logger = "app",
                            .message = RT_STR("worker died"),
                            .detail = RT_STR("frame 1\n\nframe\x1b 2\n")};

    CHECK_EQ(text_of(&record),
             "[2026-11-24 21:55:10,123] CRITICAL in app: worker died\n"
             "    frame 1\n"
             "    \n"
             "    frame\\x1b 2\n");
    rt_arena_deinit(&arena);
}

RT_TEST(long_text_is_cut_and_says_so)
{
    rt_buf buf;
    rt_buf expected;

    // The last character that is kept straddles the limit and goes too.
    rt_buf_init(&buf, &arena);
    rt_buf_put_repeat(&buf, 'a', RT_LOG_TEXT_MAX - 1);
    rt_buf_init(&expected, &arena);
    rt_buf_put(&expected, rt_buf_str(&buf));
    rt_buf_put_cstr(&expected, "... (12 bytes more)\n");
    rt_buf_put_cstr(&buf, "\xc3\xa9 and more.");
    CHECK_EQ(shown(rt_str_slice(rt_buf_str(&buf), 0, RT_LOG_TEXT_MAX + 11)),
             rt_buf_str(&expected));

    const rt_pair field = {"text", rt_value_str(rt_buf_str(&buf))};
    const rt_log_record record = {.level = RT_LOG_INFO,
                                  .message = rt_buf_str(&buf),
                                  .fields = &field,
                                  .n_fields = 1,
                                  .detail = rt_buf_str(&buf)};
    rt_value v;
    CHECK(rt_json_parse(&arena, json_of(&record), NULL, &v, NULL) == RT_OK);
    rt_value text = rt_dict_get_str(v, RT_STR("text"));
    CHECK(rt_str_ends_with(rt_value_as_str(text), RT_STR(" bytes more)")));
    CHECK(text_of(&record).len < 3 * RT_LOG_TEXT_MAX + 200);
    rt_arena_deinit(&arena);
}

// ---- what reaches a sink --------------------------------------------------

static int records;
static rt_log_level last_level;
static char last_name[32];
static char last_message[64];
static size_t last_fields;

static void remember(void *arg, const rt_log_record *record)
{
    CHECK(arg == &arena);
    CHECK(record->time > 0);
    records++;
    last_level = record->level;
    last_fields = record->n_fields;
    snprintf(last_name, sizeof last_name, "%s", record->logger);
    snprintf(last_message, sizeof last_message, "%.*s",
             RT_STR_ARG(record->message));
    errno = EIO; // a sink may do as it likes
}

RT_TEST(a_sink_gets_the_records)
{
    static const rt_logger shop = {"shop", RT_LOG_UNSET};

    rt_log_setup(&(rt_log_options){.sink = remember, .arg = &arena});
    errno = ENOENT;
    rt_log(&shop, RT_LOG_WARNING, "order {} of {!r}", 7, "ada");
    CHECK_EQ(errno, ENOENT);
    CHECK_EQ(records, 1);
    CHECK_EQ(last_level, RT_LOG_WARNING);
    CHECK_EQ(last_name, "shop");
    CHECK_EQ(last_message, "order 7 of 'ada'");
    CHECK_EQ(last_fields, 0u);

    rt_log(NULL, RT_LOG_INFO, "no values");
    CHECK_EQ(last_name, "retort");
    CHECK_EQ(last_message, "no values");

    rt_log_with(&shop, RT_LOG_INFO, "placed {}", "id", 7, "total", 9.5);
    CHECK_EQ(last_message, "placed {}");
    CHECK_EQ(last_fields, 2u);
    rt_log_with(&shop, RT_LOG_INFO, "no fields");
    CHECK_EQ(last_fields, 0u);

    rt_log_emit(
        &(rt_log_record){.level = RT_LOG_ERROR, .message = RT_STR("whole")});
    CHECK_EQ(last_message, "whole");
    CHECK_EQ(records, 5);
}

RT_TEST(a_level_keeps_what_is_below_it_out)
{
    static const struct {
        rt_log_level process;
        rt_log_level logger;
        rt_log_level least;
    } rows[] = {
        {RT_LOG_UNSET, RT_LOG_UNSET, RT_LOG_INFO},
        {RT_LOG_ERROR, RT_LOG_UNSET, RT_LOG_ERROR},
        {RT_LOG_DEBUG, RT_LOG_UNSET, RT_LOG_DEBUG},
        {RT_LOG_ERROR, RT_LOG_DEBUG, RT_LOG_DEBUG},
        {RT_LOG_DEBUG, RT_LOG_CRITICAL, RT_LOG_CRITICAL},
    };

    static const rt_log_level levels[] = {RT_LOG_DEBUG, RT_LOG_INFO,
                                          RT_LOG_WARNING, RT_LOG_ERROR,
                                          RT_LOG_CRITICAL};

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        const rt_logger logger = {"x", rows[i].logger};
        rt_log_setup(&(rt_log_options){
            .level = rows[i].process, .sink = remember, .arg = &arena});
        for (size_t k = 0; k < RT_COUNT(levels); k++) {
            bool expected = levels[k] >= rows[i].least;
            rt_test_case("row %zu, %s", i, rt_log_level_name(levels[k]));
            CHECK_EQ(rt_log_enabled(&logger, levels[k]), expected);
            records = 0;
            rt_log(&logger, levels[k], "message");
            rt_log_with(&logger, levels[k], "message", "a", 1);
            CHECK_EQ(records, expected ? 2 : 0);
        }
    }
}

RT_TEST(levels_have_names_in_any_case)
{
    static const struct {
        const char *name;
        rt_log_level level;
    } rows[] = {
        {"debug", RT_LOG_DEBUG},     {"INFO", RT_LOG_INFO},
        {"Warning", RT_LOG_WARNING}, {"warn", RT_LOG_WARNING},
        {"error", RT_LOG_ERROR},     {"CRITICAL", RT_LOG_CRITICAL},
    };

    rt_log_level level = RT_LOG_UNSET;

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].name);
        CHECK(rt_log_level_parse(rt_str_from(rows[i].name), &level) == RT_OK);
        CHECK_EQ(level, rows[i].level);
    }
    CHECK(rt_log_level_parse(RT_STR("loud"), &level) == RT_E_NOT_FOUND);
    CHECK(rt_log_level_parse(RT_STR(""), &level) == RT_E_NOT_FOUND);
    CHECK_EQ(level, RT_LOG_CRITICAL);
    CHECK_EQ(rt_log_level_name(RT_LOG_WARNING), "WARNING");
    CHECK_EQ(rt_log_level_name(RT_LOG_UNSET), "UNSET");
}

// ---- what reaches a descriptor ----------------------------------------------

// A pipe in packet mode gives back what one write gave it.
RT_TEST(each_record_is_one_write)
{
    int ends[2];
    char line[4096];

    REQUIRE(pipe2(ends, O_DIRECT | O_CLOEXEC) == 0);
    for (int json = 0; json < 2; json++) {
        rt_log_setup(&(rt_log_options){.json = json, .fd = ends[1]});
        rt_log(NULL, RT_LOG_INFO, "first");
        rt_log_emit(&(rt_log_record){.level = RT_LOG_INFO,
                                     .message = RT_STR("second"),
                                     .detail = RT_STR("a\nb")});
        ssize_t n = read(ends[0], line, sizeof line);
        CHECK(n > 0 && line[n - 1] == '\n');
        CHECK(memmem(line, (size_t)n, "first", 5) != NULL);
        n = read(ends[0], line, sizeof line);
        CHECK(n > 0 && line[n - 1] == '\n');
        CHECK(memmem(line, (size_t)n, "second", 6) != NULL);
    }
    close(ends[0]);
    close(ends[1]);
}

RT_TEST(a_log_that_cannot_be_written_is_lost_in_silence)
{
    int ends[2];
    char fill[4096] = {0};

    // Full, and nobody reads: the line is given up.
    REQUIRE(pipe2(ends, O_NONBLOCK | O_CLOEXEC) == 0);
    while (write(ends[1], fill, sizeof fill) > 0)
        continue;
    rt_log_setup(&(rt_log_options){.fd = ends[1]});
    errno = ENOENT;
    rt_log(NULL, RT_LOG_ERROR, "full");
    CHECK_EQ(errno, ENOENT);
    close(ends[0]);
    close(ends[1]);

    rt_log(NULL, RT_LOG_ERROR, "closed");
    CHECK_EQ(errno, ENOENT);
}

#define WRITERS 4
#define LINES   250

RT_TEST(lines_of_several_processes_do_not_mix)
{
    int ends[2];
    rt_buf buf;
    int whole = 0;
    int lines = WRITERS * LINES;

    REQUIRE(pipe(ends) == 0);
    rt_log_setup(&(rt_log_options){.json = true, .fd = ends[1]});
    for (int writer = 0; writer < WRITERS; writer++) {
        if (fork() == 0) {
            for (int i = 0; i < LINES; i++) {
                rt_log_with(NULL, RT_LOG_INFO, "line", "writer", writer, "line",
                            i, "padding", "0123456789012345678901234567890123");
            }
            _exit(0);
        }
    }
    close(ends[1]);
    rt_buf_init(&buf, &arena);
    for (ssize_t n = 1; n > 0;) {
        char chunk[4096];
        n = read(ends[0], chunk, sizeof chunk);
        if (n > 0)
            rt_buf_put_bytes(&buf, chunk, (size_t)n);
    }
    close(ends[0]);
    for (int writer = 0; writer < WRITERS; writer++)
        wait(NULL);

    rt_str rest = rt_buf_str(&buf);
    while (rest.len) {
        rt_value v;
        rt_str line = rt_str_cut(&rest, '\n');
        whole += rt_json_parse(&arena, line, NULL, &v, NULL) == RT_OK &&
                 rt_value_as_int(rt_dict_get_str(v, RT_STR("writer")), -1) >= 0;
    }
    CHECK_EQ(whole, lines);
    rt_arena_deinit(&arena);
}

static size_t say_context(rt_arena *memory, rt_pair *fields)
{
    fields[0] =
        (rt_pair){"path", rt_value_str(rt_str_copy(memory, RT_STR("/a b")))};
    fields[1] = (rt_pair){"id", RT(7)};
    return 2;
}

static char kept[1024];

static void keep_lines(void *arg, const rt_log_record *record)
{
    (void)arg;
    snprintf(kept, sizeof kept, "%s%s", text_of(record).data + 26,
             strchr(json_of(record).data, 'm'));
}

RT_TEST(what_is_at_work_is_said_behind_the_record_s_own_fields)
{
    rt_log_options options = {.sink = keep_lines};
    rt_log_setup(&options);
    rt_log_set_context(say_context);
    rt_log_with(NULL, RT_LOG_INFO, "hello", "id", 1);
    CHECK(strstr(kept, "hello id=1 path=\"/a b\" id=7\n") != NULL);
    CHECK(strstr(kept, "\"message\":\"hello\",\"id\":1,\"path\":\"/a b\"}") !=
          NULL);
    rt_log(NULL, RT_LOG_INFO, "hello");
    CHECK(strstr(kept, "hello path=\"/a b\" id=7\n") != NULL);

    options.no_context = true;
    rt_log_setup(&options);
    rt_log(NULL, RT_LOG_INFO, "hello");
    CHECK(strstr(kept, "hello\n") != NULL);
    rt_log_set_context(NULL);
    rt_arena_deinit(&arena);
}
