// Random bytes: their form, and that they differ.
#include <sys/wait.h>
#include <unistd.h>

#include <retort/base/base64.h>
#include <retort/crypto/random.h>
#include <retort/test.h>

RT_TEST(tokens_have_the_bytes_asked_for)
{
    rt_arena arena = {0};
    rt_str out;
    CHECK_EQ(rt_random_token(&arena, 16).len, 22);
    CHECK_EQ(rt_random_hex(&arena, 16).len, 32);
    CHECK_EQ(rt_random_token(&arena, 0).len, 0);
    CHECK_EQ(rt_base64url_decode(&arena, rt_random_token(&arena, 33), &out),
             RT_OK);
    CHECK_EQ(out.len, 33);
    rt_arena_deinit(&arena);
}

RT_TEST(no_two_tokens_are_alike)
{
    rt_arena arena = {0};
    CHECK(!rt_str_eq(rt_random_token(&arena, 16), rt_random_token(&arena, 16)));
    rt_arena_deinit(&arena);
}

// A worker that drew what its sibling draws would hand out its sibling's tokens.
RT_TEST(processes_draw_different_numbers)
{
    char mine[16], theirs[16];
    int ends[2];
    rt_random_fill(mine, sizeof mine); // seeded before the fork
    REQUIRE(pipe(ends) == 0);
    pid_t child = fork();
    if (child == 0) {
        rt_random_fill(theirs, sizeof theirs);
        _exit(write(ends[1], theirs, sizeof theirs) != sizeof theirs);
    }
    rt_random_fill(mine, sizeof mine);
    CHECK_EQ(read(ends[0], theirs, sizeof theirs), (ssize_t)sizeof theirs);
    waitpid(child, NULL, 0);
    CHECK(memcmp(mine, theirs, sizeof mine) != 0);
}
