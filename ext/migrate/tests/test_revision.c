#include <retort/test.h>

#include "revision.h"

// Lives as long as the process of its test.
static rt_arena arena;

#define FILE_TEXT                                                       \
    "-- revision: bbb222\n-- down: aaa111, ccc333\n-- message: add x\n" \
    "-- upgrade is a word of this comment\n"                            \
    "-- upgrade\nA;\n-- upgrade postgresql\nP;\nQ;\n"                   \
    "-- downgrade\nB;\n"

static rt__revision parse(const char *text)
{
    rt__revision r;
    CHECK(rt__revision_parse(&arena, RT_STR("x.sql"), rt_str_from(text), &r,
                             NULL) == RT_OK);
    return r;
}

RT_TEST(a_file_says_what_it_is_and_what_it_follows)
{
    rt__revision r = parse(FILE_TEXT);
    CHECK_EQ(r.id, "bbb222");
    CHECK_EQ(r.message, "add x");
    CHECK(r.n_down == 2);
    CHECK_EQ(r.down[1], "ccc333");
}

RT_TEST(an_engine_takes_its_own_section_or_the_general_one)
{
    rt__revision r = parse(FILE_TEXT);
    rt__section s = rt__revision_section(&r, "upgrade", RT_DB_SQLITE);
    CHECK_EQ(rt_str_trim(s.sql), "A;");
    s = rt__revision_section(&r, "upgrade", RT_DB_POSTGRESQL);
    CHECK_EQ(rt_str_trim(s.sql), "P;\nQ;");
    CHECK(s.line == 8);
    s = rt__revision_section(&r, "downgrade", RT_DB_MARIADB);
    CHECK_EQ(rt_str_trim(s.sql), "B;");
}

RT_TEST(a_file_that_makes_no_sense_is_named_with_its_line)
{
    rt_error err = {0};
    rt__revision r;
    CHECK(rt__revision_parse(&arena, RT_STR("x.sql"),
                             RT_STR("-- revision: a\n-- upgrade oracle\n"), &r,
                             &err) == RT_E_SYNTAX);
    CHECK(err.line == 2);
    CHECK_EQ(err.message, "there is no engine oracle");
    CHECK(rt__revision_parse(&arena, RT_STR("x.sql"), RT_STR("\n"), &r, &err) ==
          RT_E_SYNTAX);
}

RT_TEST(statements_end_at_semicolons_that_are_none_of_a_text)
{
    rt_str rest = RT_STR(
        "-- first\nINSERT INTO a VALUES (';', \"x;\"); /* ; */ SELECT $t$ ; "
        "$t$;\nCREATE TRIGGER t BEGIN UPDATE a SET b = CASE WHEN 1 THEN 2 END; "
        "DELETE FROM c; END;\n\nSELECT 1");
    static const char *const begins[] = {"INSERT", "SELECT $t$", "CREATE",
                                         "SELECT 1"};
    static const size_t lines[] = {2, 2, 3, 5};
    rt_str statement;
    size_t line = 1;
    for (size_t i = 0; i < RT_COUNT(begins); i++) {
        RT_CASE(begins[i]);
        CHECK(rt__sql_next_statement(&rest, &statement, &line));
        CHECK(rt_str_starts_with(statement, rt_str_from(begins[i])));
        CHECK(line == lines[i]);
    }
    CHECK(!rt__sql_next_statement(&rest, &statement, &line));
}

RT_TEST(what_does_not_end_goes_to_the_end_of_the_text)
{
    static const char *const rows[] = {"SELECT 1 /* ; a", "SELECT $t$ ; a",
                                       "SELECT '; a", "SELECT 1 -- ; a"};
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i]);
        rt_str rest = rt_guarded(rows[i]), statement;
        size_t line = 1;
        CHECK(rt__sql_next_statement(&rest, &statement, &line));
        CHECK_EQ(statement, rows[i]);
        CHECK(!rt__sql_next_statement(&rest, &statement, &line));
    }
}

// aaa <- bbb <- ddd, aaa <- ccc, given in an order of their own.
static rt__history four(void)
{
    static const char *const files[] = {"-- revision: ddd\n-- down: bbb\n",
                                        "-- revision: ccc\n-- down: aaa\n",
                                        "-- revision: aaa\n-- down:\n",
                                        "-- revision: bbb\n-- down: aaa\n"};
    rt__history history = {.arena = &arena};
    for (size_t i = 0; i < RT_COUNT(files); i++) {
        *(rt__revision *)rt_vec_push(&arena, &history.revisions) =
            parse(files[i]);
    }
    CHECK(rt__history_order(&history, NULL) == RT_OK);
    return history;
}

static rt_str names(rt__revision **steps, size_t n)
{
    rt_buf buf;
    rt_buf_init(&buf, &arena);
    for (size_t i = 0; i < n; i++) {
        rt_buf_put_cstr(&buf, i ? " " : "");
        rt_buf_put(&buf, steps[i]->id);
    }
    return rt_buf_str(&buf);
}

RT_TEST(targets_give_the_revisions_on_the_way)
{
    static const struct {
        const char *at, *target, *steps; // NULL: an error
        bool up;
    } rows[] = {
        {"", "ddd", "aaa bbb ddd", true},
        {"aaa", "d", "bbb ddd", true},
        {"bbb", "+1", "ddd", true},
        {"", "head", NULL, true},
        {"", "xxx", NULL, true},
        {"ddd", "heads", "ccc", true},
        {"ddd", "-1", "ddd", false},
        {"ddd", "aaa", "ddd bbb", false},
        {"ddd", "base", "ddd bbb aaa", false},
        {"aaa", "-2", NULL, false},
        {"ddd", "ccc", NULL, false},
        {"zzz", "head", NULL, true},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].target);
        rt__history history = four();
        rt_str at = rt_str_from(rows[i].at);
        rt__revision **steps;
        size_t n = 0;
        rt_error err = {0};
        rt_status status =
            rows[i].up ? rt__history_upgrade(&history, &at, at.len > 0,
                                             rt_str_from(rows[i].target),
                                             &steps, &n, &err)
                       : rt__history_downgrade(&history, &at, at.len > 0,
                                               rt_str_from(rows[i].target),
                                               &steps, &n, &err);
        CHECK((status == RT_OK) == (rows[i].steps != NULL));
        if (rows[i].steps) {
            CHECK_EQ(names(steps, n), rows[i].steps);
        } else {
            CHECK(err.message.len);
        }
    }
}

RT_TEST(a_ring_and_a_missing_parent_are_refused)
{
    rt_error err = {0};
    rt__history ring = {.arena = &arena};
    *(rt__revision *)rt_vec_push(&arena, &ring.revisions) =
        parse("-- revision: a\n-- down: b\n");
    CHECK(rt__history_order(&ring, &err) == RT_E_SYNTAX);
    CHECK_EQ(err.message, "x.sql follows b, which is not there");
    *(rt__revision *)rt_vec_push(&arena, &ring.revisions) =
        parse("-- revision: b\n-- down: a\n");
    CHECK(rt__history_order(&ring, &err) == RT_E_SYNTAX);
}
