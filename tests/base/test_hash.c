#include <sys/wait.h>
#include <unistd.h>

#include <retort/test.h>

#include "retort/base/hash.h"

RT_TEST(equal_bytes_hash_alike_wherever_they_lie)
{
    unsigned char space[80];

    for (size_t len = 0; len <= 64; len++) {
        unsigned char bytes[64];
        rt_test_case("%zu bytes", len);
        for (size_t i = 0; i < len; i++)
            bytes[i] = (unsigned char)(i * 37 + len);
        rt_str guarded = rt_guarded_bytes(bytes, len);
        uint64_t hash = rt_hash_bytes(guarded.data, len);
        for (size_t offset = 0; offset < 8; offset++) {
            memcpy(space + offset, bytes, len);
            CHECK_EQ(rt_hash_bytes(space + offset, len), hash);
        }
    }
    CHECK_EQ(rt_hash_bytes(NULL, 0), rt_hash_bytes("", 0));
}

RT_TEST(every_bit_counts)
{
    for (size_t len = 1; len <= 40; len++) {
        unsigned char bytes[40] = {0};
        uint64_t hash = rt_hash_bytes(bytes, len);
        rt_test_case("%zu bytes", len);
        for (size_t bit = 0; bit < len * 8; bit++) {
            bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
            CHECK(rt_hash_bytes(bytes, len) != hash);
            bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
        }
    }
}

RT_TEST(zeros_of_different_length_differ)
{
    static const unsigned char zeros[64];
    uint64_t hashes[65];

    for (size_t len = 0; len <= 64; len++) {
        hashes[len] = rt_hash_bytes(zeros, len);
        for (size_t shorter = 0; shorter < len; shorter++)
            CHECK(hashes[shorter] != hashes[len]);
    }
}

// Tables look at the lowest bits alone.
RT_TEST(counting_numbers_spread_over_the_low_bits)
{
    unsigned buckets[1024] = {0};

    for (uint64_t n = 0; n < 4096; n++)
        buckets[rt_hash_int(n) % 1024]++;
    for (size_t i = 0; i < 1024; i++)
        CHECK(buckets[i] < 40); // four on average
}

// Hash in a child and say whether it agrees with the parent.
static bool child_agrees(uint64_t hash)
{
    int status = 0;
    pid_t pid = fork();

    if (pid == 0)
        _exit(rt_hash_bytes("key", 3) == hash ? 0 : 1);
    return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

RT_TEST(children_hash_as_the_process_that_made_the_seed)
{
    rt_hash_seed();
    uint64_t hash = rt_hash_bytes("key", 3);

    rt_hash_seed(); // draws no other
    CHECK_EQ(rt_hash_bytes("key", 3), hash);
    CHECK(child_agrees(hash));
}

// In a process that has not hashed yet, so this test may not hash before.
static bool child_draws(uint64_t *out)
{
    int ends[2];
    if (pipe(ends))
        return false;
    pid_t pid = fork();
    if (pid == 0) {
        uint64_t hash = rt_hash_bytes("key", 3);
        _exit(write(ends[1], &hash, sizeof hash) == sizeof hash ? 0 : 1);
    }
    int status;
    bool good = pid > 0 && waitpid(pid, &status, 0) == pid &&
                read(ends[0], out, sizeof *out) == sizeof *out;
    close(ends[0]);
    close(ends[1]);
    return good;
}

RT_TEST(each_process_draws_a_seed_of_its_own)
{
    uint64_t first = 0, second = 0;

    REQUIRE(child_draws(&first));
    REQUIRE(child_draws(&second));
    CHECK(first != second);
}
