#include "http1/scan.h"

// The sum of the classes a byte belongs to: 1 value, 2 target, 4 plain host,
// 8 printable. Bytes above 0x7f are obs-text, in values alone.
// clang-format off
const unsigned char rt__http1_classes[256] = {
     0,  0,  0,  0,  0,  0,  0,  0,  0,  1,  0,  0,  0,  0,  0,  0, // 0x00
     0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0, // 0x10
     9, 11, 11,  9, 11, 11, 11, 11, 11, 11, 11, 11, 11, 15, 15, 11, // 0x20
    15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 11, 11, 11, 11, 11,  9, // 0x30
    11, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, // 0x40
    15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 11, 11, 11, 11, 15, // 0x50
    11, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, // 0x60
    15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 11, 11, 11, 11,  0, // 0x70
     1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1, // 0x80
     1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1, // 0x90
     1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1, // 0xa0
     1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1, // 0xb0
     1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1, // 0xc0
     1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1, // 0xd0
     1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1, // 0xe0
     1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1, // 0xf0
};

// clang-format on

uint64_t rt__odd_mask_of_rest(const char *at, const char *end)
{
    size_t len = end - at < 64 ? (size_t)(end - at) : 64, i = 0;
    uint64_t mask = 0;

#ifdef __SSE2__
    for (; i + 16 <= len; i += 16) {
        uint64_t even = rt__bits(rt__printable(rt__load16(at + i)));
        mask |= (even ^ 0xffff) << i;
    }
#endif
    for (; i < len; i++) {
        uint64_t is_odd = !rt__is_class(at[i], RT__HTTP1_PRINTABLE);
        mask |= is_odd << i;
    }
    return mask;
}
