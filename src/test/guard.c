// Copies that end at an unreadable page, and feeding bytes in pieces.
//
//      | page  ......... | copied bytes | unreadable page |
//                        ^ data          ^ data + len
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "retort/test.h"
#include "test/state.h"

#if defined(__SANITIZE_ADDRESS__)
#define HAVE_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAVE_ASAN 1
#endif
#endif
#ifdef HAVE_ASAN
#include <sanitizer/asan_interface.h>
#endif

#define RING 256

typedef struct guarded {
    char *map; // NULL when unused
    size_t map_len;
    rt_str bytes;
} guarded;

static guarded ring[RING];
static size_t ring_next;

static guarded guard(const void *data, size_t len)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t room = (len + page) / page * page; // at least one page, also for 0
    char *map = mmap(NULL, room + page, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (map == MAP_FAILED) {
        perror("retort/test: mmap");
        abort();
    }
    char *start = map + room - len;
    if (len > 0)
        memcpy(start, data, len);
    mprotect(map, room, PROT_READ);
    mprotect(map + room, page, PROT_NONE);
#ifdef HAVE_ASAN
    // Reading before the first byte is as wrong as reading behind the last.
    __asan_poison_memory_region(map, room - len);
#endif
    return (guarded){map, room + page, {start, len}};
}

static void release(guarded *g)
{
    if (!g->map)
        return;
#ifdef HAVE_ASAN
    __asan_unpoison_memory_region(g->map, g->map_len);
#endif
    munmap(g->map, g->map_len);
    g->map = NULL;
}

rt_str rt_guarded_bytes(const void *data, size_t len)
{
    guarded *g = &ring[ring_next++ % RING];

    release(g);
    *g = guard(data, len);
    return g->bytes;
}

rt_str rt_guarded(const char *cstr)
{
    return rt_guarded_bytes(cstr, strlen(cstr));
}

void rt__test_release_guarded(void)
{
    for (size_t i = 0; i < RING; i++)
        release(&ring[i]);
}

static void run_cut(rt_str bytes, size_t cut, rt_test_pieces_fn *run, void *arg)
{
    guarded head = guard(bytes.data, cut);
    guarded tail = guard(bytes.data + cut, bytes.len - cut);
    rt_str pieces[2] = {head.bytes, tail.bytes};

    snprintf(rt__test_current()->division, sizeof rt__test_current()->division,
             "cut after byte %zu of %zu", cut, bytes.len);
    run(arg, pieces, 2);
    release(&head);
    release(&tail);
}

static void run_bytes(rt_str bytes, rt_test_pieces_fn *run, void *arg)
{
    guarded *copies = calloc(bytes.len, sizeof *copies);
    rt_str *pieces = calloc(bytes.len, sizeof *pieces);

    if (!copies || !pieces)
        abort();
    for (size_t i = 0; i < bytes.len; i++) {
        copies[i] = guard(bytes.data + i, 1);
        pieces[i] = copies[i].bytes;
    }
    snprintf(rt__test_current()->division, sizeof rt__test_current()->division,
             "one byte at a time");
    run(arg, pieces, bytes.len);
    for (size_t i = 0; i < bytes.len; i++)
        release(&copies[i]);
    free(copies);
    free(pieces);
}

void rt_test_pieces(rt_str bytes, rt_test_pieces_fn *run, void *arg)
{
    guarded whole = guard(bytes.data, bytes.len);

    snprintf(rt__test_current()->division, sizeof rt__test_current()->division,
             "whole");
    run(arg, &whole.bytes, 1);
    release(&whole);

    for (size_t cut = 1; cut < bytes.len; cut++)
        run_cut(bytes, cut, run, arg);
    if (bytes.len > 0)
        run_bytes(bytes, run, arg);
    rt__test_current()->division[0] = '\0';
}
