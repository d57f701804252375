// Arenas: memory with a lifetime instead of an owner.
//
// An arena hands out memory by moving a pointer through blocks and takes all
// of it back at once. Process, connection, request and scratch have one each.
// Nothing in an arena is freed by itself; what must be closed (a descriptor, a
// handle of a foreign library) registers a cleanup, and cleanups run backwards
// when the arena is reset, rewound past them, or freed.
//
//     block 1            block 2 (current)
//    [####### used ###] [#### used ##|...... free ......]
//                                    ^next               ^end
//
// Under AddressSanitizer the free part is poisoned and allocations are kept
// apart by red zones. In debug builds the first block is tiny, so that code
// which wrongly relies on two allocations being neighbours fails early.
//
// Running out of memory ends the process (docs/adr/0001). Whatever a client
// can size is checked against a named limit before it is allocated.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <retort/base/attributes.h>

RT_C_BEGIN

// Alignment of what rt_arena_alloc returns: fits every C type in use here.
#define RT_ARENA_ALIGN 16u

struct rt_arena_block;
struct rt_arena_cleanup;

// An arena. Zero-initialise it or call rt_arena_init; free it with
// rt_arena_deinit. The fields belong to the functions below.
typedef struct rt_arena {
    char *next;                   // the first free byte of the current block
    char *end;                    // one past its last byte
    struct rt_arena_block *block; // current block, linked to older ones
    struct rt_arena_cleanup *cleanups; // newest first
    size_t block_bytes;                // size of the first block; 0: default
} rt_arena;

// A place in an arena to go back to.
typedef struct rt_arena_mark {
    char *next;
    struct rt_arena_block *block;
    struct rt_arena_cleanup *cleanups;
} rt_arena_mark;

// Prepare an arena; no memory is taken before the first allocation.
//
//   block_bytes  size of the first block, of which rt_arena_reset keeps hold;
//                0 means the default of 4 KiB (64 bytes in debug builds)
void rt_arena_init(rt_arena *arena, size_t block_bytes);

// Make an arena on the heap, for owners that only hold a pointer. End it with
// rt_arena_delete.
rt_arena *rt_arena_new(void);
void rt_arena_delete(rt_arena *arena);

// Run the cleanups and give all memory back to the system.
void rt_arena_deinit(rt_arena *arena);

// Run the cleanups and make all memory available again. The first block stays
// with the arena, so a reset arena serves its next user without malloc.
void rt_arena_reset(rt_arena *arena);

// Remember the present state, and go back to it: everything allocated since is
// gone and cleanups registered since have run.
static inline rt_arena_mark rt_arena_save(const rt_arena *arena)
{
    rt_arena_mark mark = {arena->next, arena->block, arena->cleanups};
    return mark;
}

void rt_arena_rewind(rt_arena *arena, rt_arena_mark mark);

// Register fn(ptr) to run when the arena is reset, freed, or rewound past this
// point. The newest registration runs first.
void rt_arena_defer(rt_arena *arena, void (*fn)(void *ptr), void *ptr);

// Bytes this arena holds from the system, and the same for all arenas of the
// process (the server's memory limit looks at the sum).
size_t rt_arena_bytes(const rt_arena *arena);
size_t rt_arena_bytes_total(void);

// The general allocation, out of line. Never returns NULL.
void *rt_arena_alloc_slow(rt_arena *arena, size_t bytes);

// Multiply, ending the process on overflow: no request can be that large.
RT_NORETURN void rt_arena_times_failed(size_t count, size_t bytes);

static inline size_t rt_arena_times(size_t count, size_t bytes)
{
    size_t product;
    if (RT_UNLIKELY(__builtin_mul_overflow(count, bytes, &product)))
        rt_arena_times_failed(count, bytes);
    return product;
}

#if defined(__SANITIZE_ADDRESS__)
#define RT__ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define RT__ARENA_ASAN 1
#endif
#endif

// Allocate uninitialised memory, aligned to 16 bytes. Zero bytes give a valid
// pointer that may not be read.
__attribute__((malloc, alloc_size(2), returns_nonnull)) static inline void *
rt_arena_alloc(rt_arena *arena, size_t bytes)
{
#ifndef RT__ARENA_ASAN
    size_t rounded =
        (bytes + RT_ARENA_ALIGN - 1) & ~(size_t)(RT_ARENA_ALIGN - 1);
    // Zero, which is also what a sum that overflows is rounded to, becomes the
    // largest number here and takes the slow path.
    if (RT_LIKELY(rounded - 1 < (size_t)(arena->end - arena->next))) {
        char *memory = arena->next;
        arena->next += rounded;
        return memory;
    }
#endif
    return rt_arena_alloc_slow(arena, bytes);
}

// Allocate zeroed memory.
__attribute__((malloc, alloc_size(2), returns_nonnull)) static inline void *
rt_arena_zalloc(rt_arena *arena, size_t bytes)
{
    void *memory = rt_arena_alloc(arena, bytes);
#ifdef __OPTIMIZE__
    // Where the size is known, gcc clears by `rep stos`, which takes longer to
    // begin than memset does to end.
    if (__builtin_constant_p(bytes) && bytes > 64)
        __asm__("" : "+r"(bytes));
#endif
    return memset(memory, 0, bytes);
}

// Make room for `new_bytes` where `old_bytes` were allocated before: in place
// when the allocation was the last one, else by copying. NULL with 0 allocates.
void *rt_arena_grow(rt_arena *arena, void *memory, size_t old_bytes,
                    size_t new_bytes);

// Copy bytes into the arena.
static inline void *rt_arena_copy(rt_arena *arena, const void *data,
                                  size_t bytes)
{
    void *memory = rt_arena_alloc(arena, bytes);
    if (bytes)
        memcpy(memory, data, bytes);
    return memory;
}

// Allocate `n` zeroed objects of a type: rt_new(arena, rt_str, 4).
#define rt_new(arena, type, n) \
    ((type *)rt_arena_zalloc(arena, rt_arena_times((n), sizeof(type))))

RT_C_END
