#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <retort/base/buf.h>
#include <retort/test.h>

#include "retort/http/form.h"

// ---- reading ------------------------------------------------------------------

// A body that comes in pieces of `step` bytes, and what it ends with.
typedef struct body {
    rt_str left;
    size_t step;
    rt_status end;
    size_t reads;
} body;

static rt_status read_body(void *arg, rt_str *piece)
{
    body *b = arg;
    b->reads++;
    if (b->left.len == 0 && b->end)
        return b->end;
    *piece = rt_str_take(&b->left, b->step);
    return RT_OK;
}

static rt_status read_form(rt_form_data *form, rt_arena *arena,
                           const char *type, rt_str text, size_t step,
                           const rt_form_options *options)
{
    body b = {.left = text, .step = step};
    rt_form_source source = {read_body, &b, -1};
    return rt_form_read(form, arena, rt_str_from(type), &source, options);
}

// Write a form as name=value and name|filename:type=contents.
static rt_str show(rt_arena *arena, const rt_form_data *form)
{
    rt_buf out;
    rt_buf_init(&out, arena);
    for (size_t i = 0; i < form->fields.len; i++)
        rt_buf_printf(&out, "%.*s=%.*s;",
                      RT_STR_ARG(form->fields.items[i].name),
                      RT_STR_ARG(form->fields.items[i].value));
    rt_vec_each(rt_upload, file, &form->files) {
        rt_str contents;
        CHECK(!rt_file_read(file, arena, &contents));
        CHECK_EQ(contents.len, (size_t)file->size);
        rt_buf_printf(&out, "%.*s|%.*s", RT_STR_ARG(file->field),
                      RT_STR_ARG(file->filename));
        if (file->content_type.data)
            rt_buf_printf(&out, ":%.*s", RT_STR_ARG(file->content_type));
        rt_buf_put_char(&out, '=');
        rt_buf_put(&out, contents);
        rt_buf_put_char(&out, ';');
    }
    if (form->damaged)
        rt_buf_put_cstr(&out, "damaged");
    return rt_buf_str(&out);
}

#define URLENCODED "application/x-www-form-urlencoded"
#define MULTIPART  "multipart/form-data; boundary=b"
#define CD         "Content-Disposition: form-data; "
#define FIELD(n)   "--b\r\n" CD "name=" n "\r\n\r\n"
#define UPLOAD(n)  "--b\r\n" CD "name=" n "; filename=" n ".txt\r\n\r\n"

RT_TEST(a_body_is_read_by_its_type)
{
    static const struct {
        const char *type;
        const char *body;
        const char *shown;
    } rows[] = {
        {URLENCODED, "a=1&b=x+y&a=%C3%A9&c", "a=1;b=x y;a=\xc3\xa9;c=;"},
        {URLENCODED "; charset=utf-8", "a=%ff", "a=%FF;"},
        {"Application/X-WWW-Form-Urlencoded", "a=1", "a=1;"},
        {URLENCODED, "", ""},
        {URLENCODED, "a=\xff", "damaged"},
        {"application/x-url-encoded", "a=1", ""},
        {"text/plain", "a=1", ""},
        {"", "a=1", ""},
        {MULTIPART,
         FIELD("a") "1\r\n" UPLOAD("f") "2\r\n" FIELD("a") "3\r\n--b--",
         "a=1;a=3;f|f.txt=2;"},
        {MULTIPART,
         "--b\r\n" CD "name=f; filename=\"\"\r\nContent-Type: x/y\r\n\r\n\r\n"
         "--b--",
         "f|:x/y=;"},
        {"multipart/form-data; BOUNDARY=\"b\"", FIELD("a") "1\r\n--b--",
         "a=1;"},
        {"multipart/form-data; boundary*0=\"-\"; boundary*1=\"-\"",
         "----\r\n" CD "name=a\r\n\r\n1\r\n------", "a=1;"},
        {"multipart/form-data", FIELD("a") "1\r\n--b--", "damaged"},
        {"multipart/form-data; boundary=\"\xc3\xa9\"", "--\xc3\xa9--",
         "damaged"},
        {"multipart/mixed; boundary=b", FIELD("a") "1\r\n--b--", ""},
        {MULTIPART, FIELD("a") "1\r\n" FIELD("c") "2", "damaged"},
        {MULTIPART, "", "damaged"},
        {MULTIPART, "--b--", ""},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].body);
        for (size_t step = 1; step < 200; step += 66) {
            rt_arena arena = {0};
            rt_form_data form;
            CHECK(!read_form(&form, &arena, rows[i].type,
                             rt_guarded(rows[i].body), step, NULL));
            CHECK_EQ(show(&arena, &form), rt_str_from(rows[i].shown));
            rt_arena_deinit(&arena);
        }
    }
}

RT_TEST(a_part_without_a_name_has_none)
{
    rt_arena arena = {0};
    rt_form_data form;
    CHECK(!read_form(&form, &arena, MULTIPART,
                     RT_STR("--b\r\n" CD "x=y\r\n\r\n1\r\n--b--"), 9, NULL));
    REQUIRE(form.fields.len == 1);
    CHECK(!form.fields.items[0].name.data);
    CHECK_EQ(form.fields.items[0].value.data, "1"); // NUL-terminated
    rt_arena_deinit(&arena);
}

RT_TEST(types_that_are_no_form_leave_the_body_alone)
{
    rt_arena arena = {0};
    rt_form_data form;
    body b = {.left = RT_STR("a=1"), .step = 9};
    rt_form_source source = {read_body, &b, 3};
    CHECK(!rt_form_read(&form, &arena, RT_STR("text/plain"), &source, NULL));
    CHECK_EQ(b.reads, 0u);
    CHECK(!rt_form_is_type(&arena, RT_STR("text/plain")));
    CHECK(rt_form_is_type(&arena, RT_STR(URLENCODED)));
    CHECK(rt_form_is_type(&arena, RT_STR(MULTIPART)));
    rt_arena_deinit(&arena);
}

RT_TEST(what_the_source_says_is_passed_on)
{
    static const char *const types[] = {URLENCODED, MULTIPART};

    for (size_t i = 0; i < RT_COUNT(types); i++) {
        RT_CASE(types[i]);
        rt_arena arena = {0};
        rt_form_data form;
        body b = {.left = RT_STR(FIELD("a") "1\r\n"),
                  .step = 5,
                  .end = RT_E_CLOSED};
        rt_form_source source = {read_body, &b, -1};
        CHECK(rt_form_read(&form, &arena, rt_str_from(types[i]), &source,
                           NULL) == RT_E_CLOSED);
        CHECK_EQ(form.fields.len, 0u);
        CHECK(!form.damaged);
        rt_arena_deinit(&arena);
    }
}

// ---- limits ---------------------------------------------------------------------

RT_TEST(fields_are_limited_together_and_to_the_byte)
{
    static const struct {
        const char *type;
        const char *body;
        uint64_t max;
        bool ok;
    } rows[] = {
        {URLENCODED, "a=12345678", 10, true},
        {URLENCODED, "a=12345678", 9, false},
        {URLENCODED, "a=12345678", UINT64_MAX, true},
        {MULTIPART, FIELD("a") "12345\r\n" FIELD("b") "678\r\n--b--", 8, true},
        {MULTIPART, FIELD("a") "12345\r\n" FIELD("b") "678\r\n--b--", 7, false},
        {MULTIPART, UPLOAD("f") "1234567890\r\n--b--", 1, true},
        {MULTIPART, FIELD("a") "1\r\n--b--", RT_FORM_UNLIMITED, true},
        {MULTIPART, FIELD("a") "\r\n--b--", RT_FORM_NOTHING, true},
        {MULTIPART, FIELD("a") "1\r\n--b--", RT_FORM_NOTHING, false},
        {URLENCODED, "a", RT_FORM_NOTHING, false},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].body);
        for (size_t step = 1; step < 100; step += 98) {
            rt_arena arena = {0};
            rt_form_data form;
            rt_form_options options = {.max_memory = rows[i].max};
            rt_status st = read_form(&form, &arena, rows[i].type,
                                     rt_guarded(rows[i].body), step, &options);
            CHECK_EQ((int)st, rows[i].ok ? RT_OK : RT_E_LIMIT);
            CHECK_EQ(form.fields.len + form.files.len > 0, rows[i].ok);
            rt_arena_deinit(&arena);
        }
    }
}

RT_TEST(a_length_beyond_the_limit_is_refused_unread)
{
    rt_arena arena = {0};
    rt_form_data form;
    body b = {.left = RT_STR("a=1"), .step = 9};
    rt_form_source source = {read_body, &b, RT_FORM_MEMORY + 1};
    CHECK(rt_form_read(&form, &arena, RT_STR(URLENCODED), &source, NULL) ==
          RT_E_LIMIT);
    CHECK_EQ(b.reads, 0u);
    source.content_length = RT_FORM_MEMORY;
    CHECK(!rt_form_read(&form, &arena, RT_STR(URLENCODED), &source, NULL));
    rt_arena_deinit(&arena);
}

RT_TEST(the_default_limit_is_half_a_million_bytes)
{
    for (unsigned more = 0; more < 2; more++) {
        rt_arena arena = {0};
        rt_buf text;
        rt_form_data form;
        rt_buf_init(&text, &arena);
        rt_buf_put_cstr(&text, FIELD("a"));
        rt_buf_put_repeat(&text, 'x', 500000 + more);
        rt_buf_put_cstr(&text, "\r\n--b--");
        rt_status st =
            read_form(&form, &arena, MULTIPART, rt_buf_str(&text), 65536, NULL);
        CHECK_EQ((int)st, more ? RT_E_LIMIT : RT_OK);
        rt_arena_deinit(&arena);
    }
}

RT_TEST(parts_are_limited_fields_and_files_alike)
{
    rt_arena arena = {0};
    rt_form_data form;
    rt_str text = RT_STR(FIELD("a") "1\r\n" UPLOAD("f") "2\r\n--b--");
    CHECK(!read_form(&form, &arena, MULTIPART, text, 7,
                     &(rt_form_options){.max_parts = 2}));
    CHECK(read_form(&form, &arena, MULTIPART, text, 7,
                    &(rt_form_options){.max_parts = 1}) == RT_E_LIMIT);
    CHECK(read_form(&form, &arena, MULTIPART, text, 7,
                    &(rt_form_options){.max_parts = RT_FORM_NOTHING}) ==
          RT_E_LIMIT);
    CHECK(!read_form(&form, &arena, MULTIPART, RT_STR("--b--"), 7,
                     &(rt_form_options){.max_parts = RT_FORM_NOTHING}));
    rt_arena_deinit(&arena);
}

// ---- files ----------------------------------------------------------------------

// A body with files of the given sizes, each of another letter.
static rt_str body_of_files(rt_arena *arena, const size_t *sizes, size_t n)
{
    rt_buf text;
    rt_buf_init(&text, arena);
    for (size_t i = 0; i < n; i++) {
        rt_buf_put_cstr(&text, UPLOAD("f"));
        rt_buf_put_repeat(&text, (char)('a' + i), sizes[i]);
        rt_buf_put_cstr(&text, "\r\n");
    }
    rt_buf_put_cstr(&text, "--b--");
    return rt_buf_str(&text);
}

static void check_contents(const rt_upload *file, char c, size_t size)
{
    rt_arena arena = {0};
    rt_str text;
    char some[10];
    size_t got;

    CHECK_EQ(file->size, (uint64_t)size);
    CHECK(!rt_file_read(file, &arena, &text));
    REQUIRE(text.len == size);
    for (size_t i = 0; i < size; i += 997)
        REQUIRE(text.data[i] == c);
    CHECK_EQ(text.data[size], '\0');
    CHECK(!rt_file_read_at(file, size - 3, some, sizeof some, &got));
    CHECK_EQ(got, 3u);
    CHECK_EQ(some[2], c);
    CHECK(!rt_file_read_at(file, size, some, sizeof some, &got));
    CHECK_EQ(got, 0u);
    rt_arena_deinit(&arena);
}

RT_TEST(large_files_share_a_temporary_file)
{
    static const size_t sizes[] = {RT_FORM_FILE_MEMORY, RT_FORM_FILE_MEMORY + 1,
                                   900000, 4};
    static const bool in_memory[] = {true, false, false, true};
    rt_arena arena = {0};
    rt_form_data form;

    rt_str text = body_of_files(&arena, sizes, RT_COUNT(sizes));
    CHECK(!read_form(&form, &arena, MULTIPART, text, 10000, NULL));
    REQUIRE(form.files.len == RT_COUNT(sizes));
    for (size_t i = 0; i < RT_COUNT(sizes); i++) {
        rt_test_case("file %zu", i);
        check_contents(&form.files.items[i], (char)('a' + i), sizes[i]);
        CHECK_EQ(form.files.items[i].data.data != NULL, in_memory[i]);
    }
    CHECK_EQ(form.files.items[1].fd, form.files.items[2].fd);
    rt_arena_deinit(&arena);
}

RT_TEST(many_files_in_memory_are_limited_together)
{
    static const size_t sizes[] = {500000, 500000, 500000, 500000, 500000, 9};
    rt_arena arena = {0};
    rt_form_data form;

    rt_str text = body_of_files(&arena, sizes, RT_COUNT(sizes));
    CHECK(!read_form(&form, &arena, MULTIPART, text, 10000, NULL));
    REQUIRE(form.files.len == RT_COUNT(sizes));
    for (size_t i = 0; i < RT_COUNT(sizes); i++)
        CHECK_EQ(form.files.items[i].data.data != NULL, i != 4);
    check_contents(&form.files.items[4], 'e', 500000);
    rt_arena_deinit(&arena);
}

RT_TEST(the_temporary_file_is_closed_with_the_arena_and_has_no_name)
{
    static const size_t size = 600000;
    char folder[] = "/tmp/retort-test-XXXXXX";
    rt_arena arena = {0}, text_arena = {0};
    rt_form_data form;

    REQUIRE(mkdtemp(folder));
    rt_str text = body_of_files(&text_arena, &size, 1);
    CHECK(!read_form(&form, &arena, MULTIPART, text, 10000,
                     &(rt_form_options){.temporary_dir = folder}));
    int fd = form.files.items[0].fd;
    CHECK(fcntl(fd, F_GETFD) == FD_CLOEXEC);
    CHECK(rmdir(folder) == 0); // it is empty
    rt_arena_deinit(&arena);
    CHECK(fcntl(fd, F_GETFD) == -1);
    rt_arena_deinit(&text_arena);
}

RT_TEST(a_temporary_file_that_cannot_be_made_is_an_error)
{
    static const size_t size = 600000;
    rt_arena arena = {0};
    rt_form_data form;
    rt_str text = body_of_files(&arena, &size, 1);
    CHECK(read_form(&form, &arena, MULTIPART, text, 10000,
                    &(rt_form_options){.temporary_dir = "/nowhere"}) ==
          RT_E_NOT_FOUND);
    CHECK_EQ(form.files.len, 0u);
    rt_arena_deinit(&arena);
}

RT_TEST(memory_is_bounded_however_large_a_file_is)
{
    enum {
        BLOCKS = 600
    };

    static char block[65536];
    rt_arena arena = {0}, body_arena = {0};
    rt_form_data form;
    rt_buf text;
    rt_buf_init(&text, &body_arena);
    memset(block, 'x', sizeof block);
    rt_buf_put_cstr(&text, UPLOAD("f"));
    for (int i = 0; i < BLOCKS; i++)
        rt_buf_put_bytes(&text, block, sizeof block);
    rt_buf_put_cstr(&text, "\r\n--b--");

    size_t before = rt_arena_bytes_total();
    CHECK(!read_form(&form, &arena, MULTIPART, rt_buf_str(&text), 65536, NULL));
    CHECK_EQ(form.files.items[0].size, (uint64_t)BLOCKS * sizeof block);
    CHECK(rt_arena_bytes_total() - before < 100000);
    rt_arena_deinit(&arena);
    rt_arena_deinit(&body_arena);
}

static void check_saved(const char *path, const rt_upload *file)
{
    struct stat info;
    CHECK(!rt_file_save(file, path));
    CHECK(stat(path, &info) == 0 && info.st_size == (off_t)file->size);
    CHECK(unlink(path) == 0);
}

RT_TEST(files_are_saved_and_copied)
{
    static const size_t sizes[] = {7, 600000};
    rt_arena arena = {0};
    rt_form_data form;
    char path[] = "/tmp/retort-test-XXXXXX";
    int fd = mkstemp(path);
    REQUIRE(fd >= 0);

    rt_str text = body_of_files(&arena, sizes, 2);
    REQUIRE(!read_form(&form, &arena, MULTIPART, text, 10000, NULL));
    for (size_t i = 0; i < 2; i++) {
        const rt_upload *file = &form.files.items[i];
        CHECK(!rt_file_copy(file, fd));
        check_saved(path, file);
        CHECK(rt_file_save(file, "/nowhere/x") == RT_E_NOT_FOUND);
    }
    CHECK_EQ((int)lseek(fd, 0, SEEK_CUR), 600007);
    close(fd);
    rt_arena_deinit(&arena);
}

RT_TEST(a_spooled_file_goes_to_descriptors_that_append)
{
    static const size_t size = 600000;
    rt_arena arena = {0};
    rt_form_data form;
    char path[] = "/tmp/retort-test-XXXXXX";
    int fd = mkstemp(path);
    REQUIRE(fd >= 0);
    // sendfile refuses these, so it is copied in blocks.
    REQUIRE(fcntl(fd, F_SETFL, O_APPEND) == 0);

    rt_str text = body_of_files(&arena, &size, 1);
    REQUIRE(!read_form(&form, &arena, MULTIPART, text, 10000, NULL));
    CHECK(!rt_file_copy(&form.files.items[0], fd));
    CHECK_EQ((int)lseek(fd, 0, SEEK_END), 600000);
    close(fd);
    unlink(path);
    rt_arena_deinit(&arena);
}

RT_TEST(files_are_found_by_their_field)
{
    rt_arena arena = {0};
    rt_form_data form;
    CHECK(!read_form(&form, &arena, MULTIPART,
                     RT_STR(UPLOAD("f") "1\r\n" UPLOAD("f") "2\r\n--b--"), 9,
                     NULL));
    const rt_upload *file = rt_form_file(&form, RT_STR("f"));
    REQUIRE(file);
    CHECK_EQ(file->data, "1");
    CHECK(!rt_form_file(&form, RT_STR("g")));
    rt_arena_deinit(&arena);
}
