// Arenas: blocks from malloc, a bump pointer, and two linked lists.
//
// Blocks double in size up to BLOCK_BYTES_MAX; what is larger gets a block of
// its own. The block list runs from the current block to the oldest one, and
// the cleanup list from the newest cleanup to the oldest, so rewinding is
// popping both until the mark. The cleanups themselves lie in the arena.
#include "retort/base/arena.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

#include <retort/base/error.h>

#ifdef RT__ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(p, n)   ASAN_POISON_MEMORY_REGION(p, n)
#define UNPOISON(p, n) ASAN_UNPOISON_MEMORY_REGION(p, n)
#define RED_ZONE       16u // poisoned bytes between two allocations
#else
#define POISON(p, n)   ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
#define RED_ZONE       0u
#endif

#ifdef RT_DEBUG
#define BLOCK_BYTES_DEFAULT 64u
#else
#define BLOCK_BYTES_DEFAULT 4096u
#endif
#define BLOCK_BYTES_MAX (64u * 1024u)

typedef struct rt_arena_block {
    struct rt_arena_block *older;
    size_t bytes; // of payload
    _Alignas(RT_ARENA_ALIGN) char payload[];
} block;

typedef struct rt_arena_cleanup {
    struct rt_arena_cleanup *older;
    void (*fn)(void *ptr);
    void *ptr;
} cleanup;

// Functions given to rt_offload may use arenas of their own on other threads.
static atomic_size_t total_bytes;

static block *block_new(size_t bytes)
{
    block *b = malloc(sizeof(block) + bytes);
    if (!b)
        rt_panic("out of memory: %zu bytes", bytes);
    b->bytes = bytes;
    atomic_fetch_add_explicit(&total_bytes, sizeof(block) + bytes,
                              memory_order_relaxed);
    POISON(b->payload, bytes);
    return b;
}

static void block_free(block *b)
{
    atomic_fetch_sub_explicit(&total_bytes, sizeof(block) + b->bytes,
                              memory_order_relaxed);
    UNPOISON(b->payload, b->bytes);
    free(b);
}

void rt_arena_init(rt_arena *arena, size_t block_bytes)
{
    *arena = (rt_arena){.block_bytes = block_bytes};
}

rt_arena *rt_arena_new(void)
{
    rt_arena *arena = calloc(1, sizeof *arena);
    if (!arena)
        rt_panic("out of memory: %zu bytes", sizeof *arena);
    return arena;
}

void rt_arena_delete(rt_arena *arena)
{
    if (!arena)
        return;
    rt_arena_deinit(arena);
    free(arena);
}

// A cleanup is unlinked before it runs, so that one which allocates or
// registers in the same arena cannot make another run twice.
static void run_cleanups(rt_arena *arena, const cleanup *until)
{
    while (arena->cleanups != until) {
        cleanup *c = arena->cleanups;
        assert(c);
        arena->cleanups = c->older;
        c->fn(c->ptr);
    }
}

static void pop_blocks(rt_arena *arena, const block *until)
{
    while (arena->block != until) {
        block *b = arena->block;
        assert(b);
        arena->block = b->older;
        block_free(b);
    }
}

void rt_arena_deinit(rt_arena *arena)
{
    run_cleanups(arena, NULL);
    pop_blocks(arena, NULL);
    arena->next = arena->end = NULL;
}

void rt_arena_reset(rt_arena *arena)
{
    if (!arena->block)
        return;
    run_cleanups(arena, NULL);
    while (arena->block->older) {
        block *b = arena->block;
        arena->block = b->older;
        block_free(b);
    }
    arena->next = arena->block->payload;
    arena->end = arena->next + arena->block->bytes;
    POISON(arena->next, arena->block->bytes);
}

void rt_arena_rewind(rt_arena *arena, rt_arena_mark mark)
{
    run_cleanups(arena, mark.cleanups);
    // An arena saved before its first allocation keeps that first block.
    if (!mark.block && arena->block) {
        rt_arena_reset(arena);
        return;
    }
    pop_blocks(arena, mark.block);
    arena->next = mark.next;
    if (arena->block) {
        arena->end = arena->block->payload + arena->block->bytes;
        POISON(arena->next, (size_t)(arena->end - arena->next));
    }
}

void rt_arena_defer(rt_arena *arena, void (*fn)(void *ptr), void *ptr)
{
    assert(fn);
    cleanup *c = rt_arena_alloc(arena, sizeof *c);
    *c = (cleanup){arena->cleanups, fn, ptr};
    arena->cleanups = c;
}

size_t rt_arena_bytes(const rt_arena *arena)
{
    size_t sum = 0;
    for (const block *b = arena->block; b; b = b->older)
        sum += sizeof(block) + b->bytes;
    return sum;
}

size_t rt_arena_bytes_total(void)
{
    return atomic_load_explicit(&total_bytes, memory_order_relaxed);
}

void rt_arena_times_failed(size_t count, size_t bytes)
{
    rt_panic("out of memory: %zu times %zu bytes", count, bytes);
}

// The next block is twice the current one, or as large as it must be.
static void add_block(rt_arena *arena, size_t need)
{
    size_t bytes = arena->block         ? 2 * arena->block->bytes
                   : arena->block_bytes ? arena->block_bytes
                                        : BLOCK_BYTES_DEFAULT;
    if (bytes > BLOCK_BYTES_MAX)
        bytes = BLOCK_BYTES_MAX;
    if (bytes < need)
        bytes = need;
    block *b = block_new(bytes);
    b->older = arena->block;
    arena->block = b;
    arena->next = b->payload;
    arena->end = b->payload + bytes;
}

void *rt_arena_alloc_slow(rt_arena *arena, size_t bytes)
{
    size_t rounded = bytes + RED_ZONE + (RT_ARENA_ALIGN - 1);
    if (rounded < bytes)
        rt_panic("out of memory: %zu bytes", bytes);
    rounded &= ~(size_t)(RT_ARENA_ALIGN - 1);
    if (rounded == 0) // keep distinct allocations distinct
        rounded = RT_ARENA_ALIGN;
    if (!arena->block || rounded > (size_t)(arena->end - arena->next))
        add_block(arena, rounded);
    char *memory = arena->next;
    arena->next += rounded;
    UNPOISON(memory, bytes);
    return memory;
}

// The bytes the last allocation of this size took from its block.
static size_t taken(size_t bytes)
{
    return (bytes + RED_ZONE + (RT_ARENA_ALIGN - 1)) &
           ~(size_t)(RT_ARENA_ALIGN - 1);
}

void *rt_arena_grow(rt_arena *arena, void *memory, size_t old_bytes,
                    size_t new_bytes)
{
    assert(new_bytes >= old_bytes);
    if (memory && old_bytes && arena->block &&
        (char *)memory + taken(old_bytes) == arena->next &&
        new_bytes < SIZE_MAX / 2 &&
        taken(new_bytes) <= (size_t)(arena->end - (char *)memory)) {
        arena->next = (char *)memory + taken(new_bytes);
        UNPOISON(memory, new_bytes);
        return memory;
    }
    void *fresh = rt_arena_alloc(arena, new_bytes);
    if (memory)
        memcpy(fresh, memory, old_bytes);
    return fresh;
}
