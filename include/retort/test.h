// A small test harness: each test runs in a process of its own.
//
//     #include <retort/test.h>
//
//     RT_TEST(parse_reads_a_decimal_number)
//     {
//         static const struct {
//             const char *text;
//             int value;
//         } rows[] = {{"0", 0}, {"-7", -7}, {"42", 42}};
//
//         for (size_t i = 0; i < RT_COUNT(rows); i++) {
//             RT_CASE(rows[i].text);
//             CHECK_EQ(atoi(rows[i].text), rows[i].value);
//         }
//     }
//
// The library brings main(): `./test_x --list`, `./test_x part-of-a-name`,
// `./test_x --no-fork name` for a debugger. A test that crashes, hangs, leaks
// (under a sanitizer) or makes no check fails and the others go on. The last
// line is always `N passed, N failed, N skipped`; the exit status is zero when
// none failed.
//
// Environment: RT_TEST_TIMEOUT, seconds per test, 60 by default; RT_TEST_FILTER,
// as an argument; RT_TEST_ACCEPT=1 rewrites golden files.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <retort/base/attributes.h>
#include <retort/base/str.h>

RT_C_BEGIN

// Define a test. The name is a sentence about behaviour.
#define RT_TEST(name)                                                         \
    static void rt__test_run_##name(void);                                    \
    static rt_test_entry rt__test_entry_##name = {#name, __FILE__, __LINE__,  \
                                                  rt__test_run_##name, NULL}; \
    __attribute__((constructor)) static void rt__test_add_##name(void)        \
    {                                                                         \
        rt_test_register(&rt__test_entry_##name);                             \
    }                                                                         \
    static void rt__test_run_##name(void)

// Note a failure and go on when the condition is false. The value is the
// condition's, so a test may write `if (!CHECK(p)) return;`.
#define CHECK(...)                                  \
    rt_test_check(__FILE__, __LINE__, #__VA_ARGS__, \
                  (__VA_ARGS__) ? true : false)

// Note a failure and end this test when the condition is false.
#define REQUIRE(...)                  \
    ((__VA_ARGS__) ? rt_test_passed() \
                   : rt_test_require_failed(__FILE__, __LINE__, #__VA_ARGS__))

// Compare two values and print both when they differ: integers of any type,
// bool, double, C strings and rt_str (by content, one against the other too) and
// pointers (by address). NULL and the empty string differ.
#ifndef __cplusplus
#define CHECK_EQ(actual, expected)                              \
    rt_test_check_equal(__FILE__, __LINE__, #actual, #expected, \
                        RT_TEST_VALUE(actual), RT_TEST_VALUE(expected))
#else
#define CHECK_EQ(actual, expected) CHECK((actual) == (expected))
#endif

// Run a statement in a child process that must die of SIGABRT, having written
// `text` to standard error: how an assertion is tested.
#define CHECK_ABORTS(statement, text)                            \
    do {                                                         \
        if (rt_test_dying_begin()) {                             \
            statement;                                           \
            rt_test_dying_survived();                            \
        }                                                        \
        rt_test_dying_end(__FILE__, __LINE__, #statement, text); \
    } while (0)

// Name the row being tested; failures and crashes from here on carry it.
// rt_test_case takes a format instead.
#define RT_CASE(text) rt_test_row(text)
void rt_test_row(const char *text);
void rt_test_case(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

// End this test without a verdict.
#define RT_SKIP(why) rt_test_skip(why)
RT_NORETURN void rt_test_skip(const char *why);

// Copy bytes so that they end exactly at an unreadable page: a read one byte
// too far dies at once, with or without a sanitizer. The copy is read-only and
// not NUL-terminated.
//
//   memory   each copy lives until 256 further ones are made, or the test ends
rt_str rt_guarded(const char *cstr);
rt_str rt_guarded_bytes(const void *data, size_t len);

// Loop over every way to cut `len` bytes in two, both ends included.
#define RT_SPLITS(i, len) \
    for (size_t i = 0, i##_end_ = (len); i <= i##_end_; i++)

// Call `run` once for each division of the bytes into pieces: whole, cut in two
// at each byte, and one byte at a time. Every piece ends at an unreadable page
// and is gone when `run` returns. A failure names the division.
typedef void rt_test_pieces_fn(void *arg, const rt_str *pieces, size_t count);
void rt_test_pieces(rt_str bytes, rt_test_pieces_fn *run, void *arg);

// Compare with a golden file, found relative to the test's own source file.
// RT_TEST_ACCEPT=1 (`script/test --accept`) writes the file instead.
#define rt_test_golden(path, actual) \
    rt_test_golden_at(__FILE__, __LINE__, path, actual)
bool rt_test_golden_at(const char *file, int line, const char *path,
                       rt_str actual);

// What the macros stand on.

typedef struct rt_test_entry {
    const char *name;
    const char *file;
    int line;
    void (*run)(void);
    struct rt_test_entry *next; // set by rt_test_register
} rt_test_entry;

void rt_test_register(rt_test_entry *entry);

// A value with its type, for comparing and printing.
typedef enum rt_test_kind {
    RT_TEST_INT,
    RT_TEST_UINT,
    RT_TEST_BOOL,
    RT_TEST_DOUBLE,
    RT_TEST_STR,
    RT_TEST_POINTER,
} rt_test_kind;

typedef struct rt_test_value {
    rt_test_kind kind;

    union {
        long long i;
        unsigned long long u;
        double f;
        rt_str s; // data is NULL for a NULL C string
        const volatile void *p;
    };
} rt_test_value;

rt_test_value rt_test_int(long long i);
rt_test_value rt_test_uint(unsigned long long u);
rt_test_value rt_test_bool(bool b);
rt_test_value rt_test_double(double f);
rt_test_value rt_test_cstr(const char *s);
rt_test_value rt_test_str(rt_str s);
rt_test_value rt_test_pointer(const volatile void *p);

#define RT_TEST_VALUE(x) \
    _Generic((x),                                                              \
        bool: rt_test_bool,                                                    \
        char: rt_test_int,                                                     \
        signed char: rt_test_int,                                              \
        short: rt_test_int,                                                    \
        int: rt_test_int,                                                      \
        long: rt_test_int,                                                     \
        long long: rt_test_int,                                                \
        unsigned char: rt_test_uint,                                           \
        unsigned short: rt_test_uint,                                          \
        unsigned int: rt_test_uint,                                            \
        unsigned long: rt_test_uint,                                           \
        unsigned long long: rt_test_uint,                                      \
        float: rt_test_double,                                                 \
        double: rt_test_double,                                                \
        char *: rt_test_cstr,                                                  \
        const char *: rt_test_cstr,                                            \
        rt_str: rt_test_str,                                                   \
        default: rt_test_pointer)(x)

bool rt_test_check(const char *file, int line, const char *expression, bool ok);
bool rt_test_check_equal(const char *file, int line, const char *actual_text,
                         const char *expected_text, rt_test_value actual,
                         rt_test_value expected);
void rt_test_passed(void);
RT_NORETURN void rt_test_require_failed(const char *file, int line,
                                        const char *expression);
bool rt_test_dying_begin(void); // true in the child
RT_NORETURN void rt_test_dying_survived(void);
bool rt_test_dying_end(const char *file, int line, const char *statement,
                       const char *text);

RT_C_END
