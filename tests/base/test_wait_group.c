// Groups of coroutines.
#include <string.h>

#include <retort/base/wait.h>
#include <retort/test.h>

#include "base/coroutine_impl.h"

static char trace[128];

static void note(char c)
{
    size_t len = strlen(trace);
    trace[len] = c;
    trace[len + 1] = '\0';
}

// Writes each letter after one more turn than the one before; a digit waits
// that many milliseconds, '*' for ever.
typedef struct script {
    const char *text;
    rt_status status;
} script;

// Sleep, and say whether it was cut short.
static rt_status sleep_for(int64_t ms)
{
    static rt_wait_queue nobody;

    rt_sleep(ms);
    return rt_wait_on(&nobody, 0) == RT_E_CANCELLED ? RT_E_CANCELLED : RT_OK;
}

static void perform(void *arg)
{
    script *s = arg;

    for (const char *c = s->text; *c; c++) {
        if (*c == '*') {
            s->status = sleep_for(60000);
        } else if (*c >= '0' && *c <= '9') {
            s->status = sleep_for(*c - '0');
        } else {
            note(*c);
            s->status = sleep_for(0);
        }
        if (s->status)
            return;
    }
}

static void turn_idly(void)
{
    for (int i = 0; i < 3; i++)
        rt_reactor_turn(rt_reactor_current(), 0);
}

static void finish(void)
{
    CHECK_EQ(rt__coro_count().used, 0);
    rt_reactor_free(rt_reactor_current());
}

RT_TEST(members_begin_in_the_next_turn_and_run_side_by_side)
{
    rt_group group = {{0}, {{0}}};
    script a = {.text = "abc"};
    script x = {.text = "xy"};

    CHECK(rt_group_is_empty(&group));
    CHECK_EQ(rt_group_wait(&group), RT_OK);
    rt_group_spawn(&group, perform, &a);
    rt_group_spawn(&group, perform, &x);
    CHECK_EQ(trace, "");
    CHECK(!rt_group_is_empty(&group));
    CHECK_EQ(rt_group_wait(&group), RT_OK);
    CHECK_EQ(trace, "axbyc");
    CHECK(rt_group_is_empty(&group));
    finish();
}

typedef struct parent {
    rt_group group;
    script children[3];
    rt_status status;
    bool ended;
} parent;

static void raise_children(void *arg)
{
    parent *p = arg;

    for (size_t i = 0; i < RT_COUNT(p->children); i++)
        rt_group_spawn(&p->group, perform, &p->children[i]);
    note('<');
    p->status = rt_group_wait(&p->group);
    note('>');
    p->ended = true;
}

RT_TEST(a_coroutine_waits_for_its_children)
{
    static parent p = {
        .children = {{.text = "a2"}, {.text = "b"}, {.text = ""}}};
    rt_coro *co = rt_coro_new(raise_children, &p);

    rt_coro_resume(co);
    CHECK_EQ(trace, "<");
    while (!p.ended)
        rt_reactor_turn(rt_reactor_current(), -1);
    CHECK_EQ(trace, "<ab>");
    CHECK_EQ(p.status, RT_OK);
    rt_coro_drop(co);
    finish();
}

RT_TEST(a_cancelled_parent_leaves_its_children_running)
{
    static parent p = {
        .children = {{.text = "a*"}, {.text = "b*"}, {.text = "c"}}};
    rt_coro *co = rt_coro_new(raise_children, &p);

    rt_coro_resume(co);
    turn_idly();
    rt_coro_cancel(co);
    turn_idly();
    CHECK(p.ended);
    CHECK_EQ(p.status, RT_E_CANCELLED);
    CHECK_EQ(trace, "<abc>");
    CHECK(!rt_group_is_empty(&p.group));
    rt_coro_drop(co);

    rt_group_cancel(&p.group);
    turn_idly();
    CHECK(rt_group_is_empty(&p.group));
    CHECK_EQ(p.children[0].status, RT_E_CANCELLED);
    CHECK_EQ(p.children[1].status, RT_E_CANCELLED);
    CHECK_EQ(p.children[2].status, RT_OK);
    finish();
}

RT_TEST(dropping_a_group_drops_its_members_and_ends_the_waits_for_it)
{
    static parent p = {
        .children = {{.text = "a*"}, {.text = "b*"}, {.text = "c"}}};
    rt_coro *co = rt_coro_new(raise_children, &p);

    rt_coro_resume(co);
    turn_idly();
    rt_group_drop(&p.group);
    CHECK(rt_group_is_empty(&p.group));
    CHECK_EQ(rt__coro_count().used, 1);
    turn_idly();
    CHECK(p.ended);
    CHECK_EQ(p.status, RT_OK);
    rt_coro_drop(co);

    // Members that had not begun, and a group with none.
    rt_group_spawn(&p.group, perform, &p.children[0]);
    rt_group_drop(&p.group);
    rt_group_drop(&p.group);
    turn_idly();
    CHECK_EQ(trace, "<abc>");
    finish();
}

typedef struct tree {
    rt_group *group;
    int depth;
} tree;

static int leaves;

static void grow(void *arg)
{
    tree *t = arg;
    tree below = {.group = t->group, .depth = t->depth - 1};
    rt_group inner = {{0}, {{0}}}; // on the stack: nobody drops this coroutine

    if (t->depth == 0) {
        leaves++;
        return;
    }
    rt_group_spawn(&inner, grow, &below);
    rt_group_spawn(&inner, grow, &below);
    CHECK_EQ(rt_group_wait(&inner), RT_OK);
}

RT_TEST(groups_nest)
{
    rt_group group = {{0}, {{0}}};
    tree root = {.group = &group, .depth = 7};

    rt_group_spawn(&group, grow, &root);
    CHECK_EQ(rt_group_wait(&group), RT_OK);
    CHECK_EQ(leaves, 128);
    finish();
}

static void spawn_sibling(void *arg)
{
    static script last = {.text = "z"};

    note('s');
    rt_group_spawn(arg, perform, &last);
}

RT_TEST(a_member_may_add_members)
{
    rt_group group = {{0}, {{0}}};

    rt_group_spawn(&group, spawn_sibling, &group);
    CHECK_EQ(rt_group_wait(&group), RT_OK);
    CHECK_EQ(trace, "sz");
    finish();
}

static void drop_own_group(void *arg)
{
    rt_group_drop(arg);
}

RT_TEST(a_member_may_not_drop_its_group)
{
    rt_group group = {{0}, {{0}}};

    rt_group_spawn(&group, drop_own_group, &group);
    CHECK_ABORTS((void)rt_group_wait(&group), "rt_coro_drop");
    rt_group_drop(&group);
    finish();
}
