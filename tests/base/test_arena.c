// Arenas: what is given, what is taken back, and when cleanups run.
#include <stdlib.h>

#include <retort/base/str.h>
#include <retort/test.h>

#include "retort/base/arena.h"

#ifdef RT__ARENA_ASAN
#include <sanitizer/asan_interface.h>

static bool may_touch(const void *p, size_t bytes)
{
    void *region = (void *)(uintptr_t)p;
    return __asan_region_is_poisoned(region, bytes) == NULL;
}
#endif

// Fill memory so that a neighbour that overlaps it shows.
static unsigned char *mark(void *memory, size_t bytes, int with)
{
    return memset(memory, with, bytes);
}

static bool is_all(const unsigned char *memory, size_t bytes, int with)
{
    for (size_t i = 0; i < bytes; i++)
        if (memory[i] != with)
            return false;
    return true;
}

RT_TEST(allocations_are_aligned_and_do_not_overlap)
{
    static const size_t sizes[] = {1,  2,  15, 16,  17,  31,  32,   33,   63,
                                   64, 65, 80, 127, 128, 129, 1000, 4096, 9000};
    unsigned char *got[RT_COUNT(sizes)];
    rt_arena arena = {0};

    for (size_t i = 0; i < RT_COUNT(sizes); i++) {
        got[i] = rt_arena_alloc(&arena, sizes[i]);
        CHECK_EQ((uintptr_t)got[i] % RT_ARENA_ALIGN, 0u);
        mark(got[i], sizes[i], (int)i + 1);
    }
    for (size_t i = 0; i < RT_COUNT(sizes); i++) {
        rt_test_case("%zu bytes", sizes[i]);
        CHECK(is_all(got[i], sizes[i], (int)i + 1));
    }
    rt_arena_deinit(&arena);
}

RT_TEST(no_bytes_are_a_pointer_all_the_same)
{
    rt_arena arena = {0};
    // Through volatile, or the compiler would take the promise for the result.
    void *volatile first = rt_arena_alloc(&arena, 0);
    void *volatile second = rt_arena_alloc(&arena, 0);
    void *volatile copied = rt_arena_copy(&arena, NULL, 0);
    void *volatile objects = rt_new(&arena, int64_t, 0);

    CHECK(first != NULL);
    CHECK(second != NULL);
    CHECK(copied != NULL);
    CHECK(objects != NULL);
    CHECK(first != second);
    rt_arena_deinit(&arena);
}

RT_TEST(zeroed_memory_is_zero_where_other_memory_was_before)
{
    rt_arena arena = {0};

    mark(rt_arena_alloc(&arena, 500), 500, 0xff);
    rt_arena_reset(&arena);
    CHECK(is_all(rt_arena_zalloc(&arena, 500), 500, 0));
    rt_arena_reset(&arena);
    int64_t *numbers = rt_new(&arena, int64_t, 60);
    for (size_t i = 0; i < 60; i++)
        CHECK_EQ(numbers[i], 0);
    rt_arena_deinit(&arena);
}

RT_TEST(a_copy_is_of_its_own)
{
    rt_arena arena = {0};
    char text[] = "text";
    char *copy = rt_arena_copy(&arena, text, sizeof text);

    text[0] = 'n';
    CHECK_EQ(copy, "text");
    rt_arena_deinit(&arena);
}

RT_TEST(more_than_there_can_be_ends_the_process)
{
    rt_arena arena = {0};
    volatile size_t huge = SIZE_MAX, half = SIZE_MAX / 2 + 1;

    CHECK_ABORTS(rt_arena_alloc(&arena, huge), "out of memory");
    CHECK_ABORTS(rt_arena_alloc(&arena, huge - 14), "out of memory");
    CHECK_ABORTS((void)rt_new(&arena, int64_t, half), "out of memory");
    CHECK_EQ(rt_arena_times(3, 5), 15u);
    CHECK_EQ(rt_arena_times(SIZE_MAX, 1), SIZE_MAX);
    CHECK_EQ(rt_arena_times(0, 16), 0u);
    rt_arena_deinit(&arena);
}

// ---- growing -----------------------------------------------------------------

RT_TEST(the_last_allocation_grows_in_place_while_its_block_has_room)
{
    rt_arena arena;
    rt_arena_init(&arena, 4096);
    unsigned char *memory = mark(rt_arena_alloc(&arena, 10), 10, 7);

    CHECK(rt_arena_grow(&arena, memory, 10, 100) == memory);
    CHECK(rt_arena_grow(&arena, memory, 100, 3000) == memory);
    CHECK(is_all(memory, 10, 7));
    mark(memory, 3000, 8);

    unsigned char *moved = rt_arena_grow(&arena, memory, 3000, 5000);
    CHECK(moved != memory);
    CHECK(is_all(moved, 3000, 8));
    rt_arena_deinit(&arena);
}

RT_TEST(an_allocation_with_another_behind_it_moves)
{
    rt_arena arena;
    rt_arena_init(&arena, 4096);
    unsigned char *memory = mark(rt_arena_alloc(&arena, 16), 16, 1);
    unsigned char *behind = mark(rt_arena_alloc(&arena, 16), 16, 2);

    unsigned char *moved = rt_arena_grow(&arena, memory, 16, 32);
    mark(moved + 16, 16, 3);
    CHECK(moved != memory);
    CHECK(is_all(moved, 16, 1));
    CHECK(is_all(behind, 16, 2));
    rt_arena_deinit(&arena);
}

RT_TEST(growing_to_the_last_byte_of_a_block_and_one_beyond)
{
    for (size_t to = 900; to < 1100; to++) {
        rt_arena arena;
        rt_arena_init(&arena, 1024);
        rt_test_case("%zu bytes", to);
        unsigned char *memory = mark(rt_arena_alloc(&arena, 100), 100, 9);
        memory = rt_arena_grow(&arena, memory, 100, to);
        CHECK(is_all(memory, 100, 9));
        mark(memory, to, 4);
        mark(rt_arena_alloc(&arena, 16), 16, 5);
        CHECK(is_all(memory, to, 4));
        rt_arena_deinit(&arena);
    }
}

RT_TEST(growing_nothing_allocates)
{
    rt_arena arena = {0};
    unsigned char *memory = rt_arena_grow(&arena, NULL, 0, 10);

    mark(memory, 10, 1);
    memory = rt_arena_grow(&arena, memory, 10, 10);
    CHECK(is_all(memory, 10, 1));
    rt_arena_deinit(&arena);
}

// ---- going back --------------------------------------------------------------

RT_TEST(rewinding_gives_the_same_memory_again)
{
    rt_arena arena;
    rt_arena_init(&arena, 4096);
    unsigned char *kept = mark(rt_arena_alloc(&arena, 40), 40, 1);
    rt_arena_mark here = rt_arena_save(&arena);
    void *first = rt_arena_alloc(&arena, 100);

    rt_arena_rewind(&arena, here);
    CHECK(rt_arena_alloc(&arena, 100) == first);
    CHECK(is_all(kept, 40, 1));
    rt_arena_deinit(&arena);
}

RT_TEST(rewinding_gives_back_the_blocks_taken_since)
{
    rt_arena arena;
    rt_arena_init(&arena, 256);
    unsigned char *kept = mark(rt_arena_alloc(&arena, 100), 100, 1);
    size_t before = rt_arena_bytes(&arena);
    size_t total = rt_arena_bytes_total();
    rt_arena_mark here = rt_arena_save(&arena);
    void *next = rt_arena_alloc(&arena, 1);

    rt_arena_rewind(&arena, here);
    for (int i = 0; i < 50; i++)
        mark(rt_arena_alloc(&arena, 200), 200, 2);
    CHECK(rt_arena_bytes(&arena) > before);
    CHECK_EQ(rt_arena_bytes_total() - total, rt_arena_bytes(&arena) - before);

    rt_arena_rewind(&arena, here);
    CHECK_EQ(rt_arena_bytes(&arena), before);
    CHECK_EQ(rt_arena_bytes_total(), total);
    CHECK(rt_arena_alloc(&arena, 1) == next);
    CHECK(is_all(kept, 100, 1));
    rt_arena_deinit(&arena);
}

RT_TEST(an_arena_saved_while_empty_is_empty_after_rewinding)
{
    rt_arena arena = {0};
    rt_arena_mark empty = rt_arena_save(&arena);

    rt_arena_rewind(&arena, empty); // nothing happened yet
    void *first = rt_arena_alloc(&arena, 8);
    for (int i = 0; i < 20; i++)
        rt_arena_alloc(&arena, 500);
    rt_arena_rewind(&arena, empty);
    CHECK(rt_arena_alloc(&arena, 8) == first);
    rt_arena_deinit(&arena);
}

RT_TEST(a_reset_keeps_the_first_block_and_nothing_else)
{
    rt_arena arena;
    rt_arena_init(&arena, 512);
    size_t none = rt_arena_bytes_total();
    void *first = rt_arena_alloc(&arena, 100);
    size_t one_block = rt_arena_bytes(&arena);

    for (int i = 0; i < 30; i++)
        rt_arena_alloc(&arena, 300);
    rt_arena_reset(&arena);
    CHECK_EQ(rt_arena_bytes(&arena), one_block);
    CHECK_EQ(rt_arena_bytes_total() - none, one_block);
    CHECK(rt_arena_alloc(&arena, 100) == first);

    rt_arena_deinit(&arena);
    CHECK_EQ(rt_arena_bytes(&arena), 0u);
    CHECK_EQ(rt_arena_bytes_total(), none);
}

RT_TEST(an_arena_without_memory_can_be_reset_and_freed)
{
    rt_arena arena = {0};

    rt_arena_reset(&arena);
    CHECK_EQ(rt_arena_bytes(&arena), 0u);
    rt_arena_deinit(&arena);
    rt_arena_deinit(&arena);
    mark(rt_arena_alloc(&arena, 20), 20, 1); // and used again
    CHECK(rt_arena_bytes(&arena) > 20);
    rt_arena_deinit(&arena);
    rt_arena_delete(NULL);
}

RT_TEST(the_first_block_is_as_large_as_asked_for)
{
    rt_arena arena;
    rt_arena_init(&arena, 10000);

    CHECK_EQ(rt_arena_bytes(&arena), 0u); // none before it is needed
    rt_arena_alloc(&arena, 1);
    CHECK(rt_arena_bytes(&arena) >= 10000);
    CHECK(rt_arena_bytes(&arena) < 10100);
    rt_arena_deinit(&arena);
}

// ---- poison ------------------------------------------------------------------

RT_TEST(what_is_not_allocated_is_poisoned)
{
#ifdef RT__ARENA_ASAN
    rt_arena arena;
    rt_arena_init(&arena, 1024);
    char *before = rt_arena_alloc(&arena, 24);
    rt_arena_mark here = rt_arena_save(&arena);
    char *memory = rt_arena_alloc(&arena, 100);

    CHECK(may_touch(before, 24));
    CHECK(!may_touch(before + 24, 1)); // between two allocations
    CHECK(may_touch(memory, 100));
    CHECK(!may_touch(memory + 100, 1)); // what is free

    memory = rt_arena_grow(&arena, memory, 100, 200);
    CHECK(may_touch(memory, 200));
    CHECK(!may_touch(memory + 200, 1));

    rt_arena_rewind(&arena, here);
    CHECK(!may_touch(memory, 1));
    CHECK(may_touch(before, 24));

    rt_arena_reset(&arena);
    CHECK(!may_touch(before, 1));
    CHECK(!may_touch(rt_arena_alloc(&arena, 0), 1));
    rt_arena_deinit(&arena);
#else
    RT_SKIP("only AddressSanitizer poisons memory");
#endif
}

// ---- cleanups ----------------------------------------------------------------

static char ran[64]; // the letters of the cleanups that ran, in order

static void note(void *letter)
{
    size_t len = strlen(ran);
    ran[len] = *(const char *)letter;
    ran[len + 1] = '\0';
}

static char letters[] = "abcdefghij";

RT_TEST(cleanups_run_backwards_and_once)
{
    static const struct {
        const char *name;
        void (*end)(rt_arena *arena);
    } rows[] = {{"reset", rt_arena_reset}, {"deinit", rt_arena_deinit}};

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_arena arena = {0};
        RT_CASE(rows[i].name);
        ran[0] = '\0';
        for (int c = 0; c < 10; c++) { // over several blocks
            rt_arena_defer(&arena, note, &letters[c]);
            rt_arena_alloc(&arena, 100);
        }
        CHECK_EQ(ran, "");
        rows[i].end(&arena);
        CHECK_EQ(ran, "jihgfedcba");
        rows[i].end(&arena);
        CHECK_EQ(ran, "jihgfedcba");
        rt_arena_deinit(&arena);
    }
}

RT_TEST(rewinding_runs_the_cleanups_registered_since)
{
    rt_arena arena = {0};

    ran[0] = '\0';
    rt_arena_defer(&arena, note, &letters[0]);
    rt_arena_mark outer = rt_arena_save(&arena);
    rt_arena_defer(&arena, note, &letters[1]);
    rt_arena_mark inner = rt_arena_save(&arena);
    rt_arena_defer(&arena, note, &letters[2]);
    rt_arena_defer(&arena, note, &letters[3]);

    rt_arena_rewind(&arena, inner);
    CHECK_EQ(ran, "dc");
    rt_arena_defer(&arena, note, &letters[4]);
    rt_arena_rewind(&arena, outer);
    CHECK_EQ(ran, "dceb");
    rt_arena_deinit(&arena);
    CHECK_EQ(ran, "dceba");
}

RT_TEST(rewinding_to_the_empty_arena_runs_them_all)
{
    rt_arena arena = {0};
    rt_arena_mark empty = rt_arena_save(&arena);

    ran[0] = '\0';
    rt_arena_defer(&arena, note, &letters[0]);
    rt_arena_defer(&arena, note, &letters[1]);
    rt_arena_rewind(&arena, empty);
    CHECK_EQ(ran, "ba");
    rt_arena_deinit(&arena);
    CHECK_EQ(ran, "ba");
}

// A cleanup that uses the arena it belongs to, as one that logs does.
static void allocate_and_note(void *arena)
{
    mark(rt_arena_alloc(arena, 3000), 3000, 0xee);
    note(&letters[1]);
}

static void register_another(void *arena)
{
    note(&letters[2]);
    rt_arena_defer(arena, note, &letters[3]);
}

RT_TEST(a_cleanup_may_allocate_and_register_in_its_own_arena)
{
    rt_arena arena;
    rt_arena_init(&arena, 256);
    unsigned char *kept = mark(rt_arena_alloc(&arena, 50), 50, 1);
    size_t before = rt_arena_bytes(&arena);
    rt_arena_mark here = rt_arena_save(&arena);

    ran[0] = '\0';
    rt_arena_defer(&arena, note, &letters[0]);
    rt_arena_defer(&arena, allocate_and_note, &arena);
    rt_arena_defer(&arena, register_another, &arena);
    rt_arena_rewind(&arena, here);
    CHECK_EQ(ran, "cdba");
    CHECK_EQ(rt_arena_bytes(&arena), before);
    CHECK(is_all(kept, 50, 1));

    ran[0] = '\0';
    rt_arena_defer(&arena, allocate_and_note, &arena);
    rt_arena_defer(&arena, register_another, &arena);
    rt_arena_deinit(&arena);
    CHECK_EQ(ran, "cdb");
    CHECK_EQ(rt_arena_bytes(&arena), 0u);
}

RT_TEST(an_arena_on_the_heap_runs_its_cleanups_when_deleted)
{
    size_t before = rt_arena_bytes_total();
    rt_arena *arena = rt_arena_new();

    ran[0] = '\0';
    mark(rt_arena_alloc(arena, 10000), 10000, 1);
    rt_arena_defer(arena, note, &letters[0]);
    rt_arena_delete(arena);
    CHECK_EQ(ran, "a");
    CHECK_EQ(rt_arena_bytes_total(), before);
}
