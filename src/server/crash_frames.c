// Stacks as people want to see them. An endless recursion has thousands of
// frames, of which a few say it all: where it happened, what repeats, and who
// began. Called in a signal handler.
#include "server/crash.h"

// The longest round of mutual recursion that is recognised.
#define PERIOD_MAX 8
// Of what is still too long this much is from the outer end, where the view is.
#define OUTER      (RT__CRASH_FRAMES / 2)

static bool is_same(void *const *a, void *const *b, int n)
{
    for (int i = 0; i < n; i++)
        if (a[i] != b[i])
            return false;
    return true;
}

// How often the first `period` frames come again right behind themselves.
static int count_repeats(void *const *frames, int n, int period)
{
    int times = 0;
    while ((times + 2) * period <= n &&
           is_same(frames, frames + (times + 1) * period, period))
        times++;
    return times;
}

// The shortest round that the frames begin with, which is one frame that does
// not come again at worst. Twice the same is left as it is.
static int find_round(void *const *frames, int n, int *repeats)
{
    for (int period = 1; period <= PERIOD_MAX && period <= n; period++) {
        *repeats = count_repeats(frames, n, period);
        if (*repeats > 1)
            return period;
    }
    *repeats = 0;
    return 1;
}

// Append a frame; when there is no room the oldest of the outer half goes.
static void push(rt__crash_slot *slot, rt__crash_frame frame)
{
    if (slot->frames_len == RT__CRASH_FRAMES) {
        rt__crash_frame *outer = &slot->frames[RT__CRASH_FRAMES - OUTER];
        for (int i = 0; i + 1 < OUTER; i++)
            outer[i] = outer[i + 1];
        slot->frames_len--;
    }
    slot->frames[slot->frames_len++] = frame;
}

void rt__crash_put_frames(rt__crash_slot *slot, void *const *frames, int n)
{
    slot->frames_len = 0;
    for (int at = 0; at < n;) {
        int repeats, period = find_round(frames + at, n - at, &repeats);
        for (int i = 0; i < period; i++)
            push(slot, (rt__crash_frame){
                           .address = frames[at + i],
                           .number = at + i,
                           .repeats = i + 1 == period ? repeats : 0,
                           .period = period,
                       });
        at += period * (repeats + 1);
    }
}
