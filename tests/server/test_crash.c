// How a stack becomes what the log shows of it.
#include <stdio.h>
#include <string.h>

#include <retort/base/str.h>
#include <retort/test.h>

#include "server/crash.h"

// Each letter of `stack` is a frame.
static const rt__crash_slot *put(const char *stack)
{
    static rt__crash_slot slot;
    static char place[256];
    static void *frames[16384];
    int n = (int)strlen(stack);
    for (int i = 0; i < n; i++)
        frames[i] = &place[(unsigned char)stack[i]];
    rt__crash_put_frames(&slot, frames, n);
    return &slot;
}

// The letters with their repeats: "ab3" is a, then b, and b 3 times more; in
// "ab(2)3" both come again.
static const char *dump(const char *stack)
{
    static char text[1024];
    const rt__crash_slot *slot = put(stack);
    size_t len = 0;
    text[0] = '\0';
    for (int i = 0; i < slot->frames_len; i++) {
        const rt__crash_frame *f = &slot->frames[i];
        text[len++] = stack[f->number];
        text[len] = '\0';
        if (f->repeats && f->period == 1)
            len += (size_t)sprintf(text + len, "%d", f->repeats);
        else if (f->repeats)
            len += (size_t)sprintf(text + len, "(%d)%d", f->period, f->repeats);
    }
    return text;
}

RT_TEST(frames_that_repeat_are_listed_once)
{
    static const struct {
        const char *stack;
        const char *listed;
    } rows[] = {
        {"", ""},
        {"a", "a"},
        {"abc", "abc"},
        {"aab", "aab"},
        {"aaab", "a2b"},
        {"xaaaaab", "xa4b"},
        {"ababababz", "ab(2)3z"},
        {"xabcabcabcab", "xabc(3)2ab"},
        {"aaabbb", "a2b2"},
        {"abab", "abab"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].stack);
        CHECK_EQ(dump(rows[i].stack), rows[i].listed);
    }
}

RT_TEST(of_a_long_stack_both_ends_are_kept)
{
    char stack[201];
    for (int i = 0; i < 200; i++)
        stack[i] = (char)(i + 1); // no two are the same
    stack[200] = '\0';
    const rt__crash_slot *slot = put(stack);
    CHECK_EQ(slot->frames_len, RT__CRASH_FRAMES);
    CHECK_EQ(slot->frames[0].number, 0);
    CHECK_EQ(slot->frames[RT__CRASH_FRAMES / 2 - 1].number,
             RT__CRASH_FRAMES / 2 - 1);
    CHECK_EQ(slot->frames[RT__CRASH_FRAMES - 1].number, 199);
    CHECK_EQ(slot->frames[RT__CRASH_FRAMES / 2].number,
             200 - RT__CRASH_FRAMES / 2);
}
