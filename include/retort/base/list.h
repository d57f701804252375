// Intrusive lists: a link is a field of what is listed, so that joining and
// leaving a list allocates nothing and leaving needs no search.
//
//     head <-> link <-> link <-> head      (a ring; the head is a link too)
//
// A zeroed head is an empty list and a zeroed link is in no list. A head that
// has links may not be copied or moved.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <retort/base/attributes.h>

RT_C_BEGIN

typedef struct rt_link {
    struct rt_link *prev;
    struct rt_link *next;
} rt_link;

// The structure that contains a link.
#define RT_CONTAINER(link, type, field) \
    ((type *)(void *)((char *)(link)-offsetof(type, field)))

// True when the link is in a list. Not for heads.
static inline bool rt_link_is_listed(const rt_link *link)
{
    return link->next != NULL;
}

static inline bool rt_links_is_empty(const rt_link *head)
{
    return head->next == NULL || head->next == head;
}

// The first link, or NULL.
static inline rt_link *rt_links_first(const rt_link *head)
{
    return rt_links_is_empty(head) ? NULL : head->next;
}

// Put a link at the end. It may not be in a list.
static inline void rt_links_push(rt_link *head, rt_link *link)
{
    if (head->next == NULL)
        head->next = head->prev = head;

    link->prev = head->prev;
    link->next = head;
    head->prev->next = link;
    head->prev = link;
}

// Take a link out of its list; one that is in none stays so.
static inline void rt_link_remove(rt_link *link)
{
    if (link->next == NULL)
        return;

    link->prev->next = link->next;
    link->next->prev = link->prev;
    link->prev = link->next = NULL;
}

// Take out the first link, or return NULL.
static inline rt_link *rt_links_take(rt_link *head)
{
    rt_link *link = rt_links_first(head);
    if (link)
        rt_link_remove(link);
    return link;
}

RT_C_END
