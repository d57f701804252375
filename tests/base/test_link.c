#include <string.h>

#include <retort/test.h>

#include "retort/base/list.h"

typedef struct item {
    char letter;
    rt_link link;
} item;

// The letters in order, walked backwards too.
static const char *spell(const rt_link *head)
{
    static char text[16];
    size_t n = 0;

    for (rt_link *l = rt_links_first(head); l && l != head; l = l->next)
        text[n++] = RT_CONTAINER(l, item, link)->letter;
    text[n] = '\0';
    size_t back = n;
    for (rt_link *l = n ? head->prev : NULL; l && l != head; l = l->prev)
        CHECK_EQ(RT_CONTAINER(l, item, link)->letter, text[--back]);
    CHECK_EQ(back, 0u);
    return text;
}

RT_TEST(a_zeroed_head_is_an_empty_list)
{
    rt_link head = {0};

    CHECK(rt_links_is_empty(&head));
    CHECK(rt_links_first(&head) == NULL);
    CHECK(rt_links_take(&head) == NULL);
    CHECK_EQ(spell(&head), "");
}

RT_TEST(links_leave_from_anywhere_and_come_back_at_the_end)
{
    rt_link head = {0};
    item items[] = {{'a', {0}}, {'b', {0}}, {'c', {0}}};

    for (size_t i = 0; i < 3; i++) {
        CHECK(!rt_link_is_listed(&items[i].link));
        rt_links_push(&head, &items[i].link);
        CHECK(rt_link_is_listed(&items[i].link));
    }
    CHECK_EQ(spell(&head), "abc");

    rt_link_remove(&items[1].link);
    CHECK(!rt_link_is_listed(&items[1].link));
    CHECK_EQ(spell(&head), "ac");
    rt_link_remove(&items[1].link); // in none any more
    CHECK_EQ(spell(&head), "ac");
    rt_links_push(&head, &items[1].link);
    CHECK_EQ(spell(&head), "acb");

    CHECK(rt_links_take(&head) == &items[0].link);
    CHECK(rt_links_take(&head) == &items[2].link);
    CHECK(rt_links_take(&head) == &items[1].link);
    CHECK(rt_links_take(&head) == NULL);
    CHECK(rt_links_is_empty(&head));
    CHECK(!rt_link_is_listed(&items[1].link));

    rt_links_push(&head, &items[2].link);
    CHECK_EQ(spell(&head), "c");
}
