// Integers of any size, as arithmetic sees them: a sign and a natural number.
//
// Values of the runtime are RT_INT where they fit and objects of this file
// where they do not. rt__int is the view of either that the functions below
// compute with.
#pragma once

#include "template/nat.h"
#include "template/runtime.h"

// A view of an integer. `limbs` may point into the structure itself, so it is
// filled in its place and never copied.
typedef struct rt__int {
    const uint32_t *limbs;
    size_t len;
    bool negative;
    uint32_t small[2];
} rt__int;

// View a bool, an int or a big integer; false for other values.
bool rt__int_view(rt_value v, rt__int *out);

// The value of a sign and limbs in the render's arena, which it keeps.
rt_value rt__int_value(rt_render *r, bool negative, uint32_t *limbs,
                       size_t len);

// Room for limbs, having checked RT__INT_BITS_MAX.
rt_status rt__int_room(rt_render *r, size_t limbs, uint32_t **out);

rt_status rt__int_add(rt_render *r, const rt__int *a, const rt__int *b,
                      rt_value *out);
rt_status rt__int_sub(rt_render *r, const rt__int *a, const rt__int *b,
                      rt_value *out);
rt_status rt__int_mul(rt_render *r, const rt__int *a, const rt__int *b,
                      rt_value *out);
// Floor division and its remainder, either of which may be NULL. b is not zero.
rt_status rt__int_divmod(rt_render *r, const rt__int *a, const rt__int *b,
                         rt_value *quotient, rt_value *remainder);
// a to the power of an exponent that is not negative.
rt_status rt__int_pow(rt_render *r, const rt__int *a, const rt__int *b,
                      rt_value *out);
// a / b, rounded once. b is not zero.
rt_status rt__int_true_div(rt_render *r, const rt__int *a, const rt__int *b,
                           double *out);
rt_status rt__int_negate(rt_render *r, const rt__int *a, rt_value *out);

int rt__int_compare(const rt__int *a, const rt__int *b);
// Against a double, exactly. Not for NaN.
int rt__int_compare_double(const rt__int *a, double x);

// The nearest double; false when that is infinite.
bool rt__int_to_double(const rt__int *a, double *out);

// Count what comparing or hashing an integer, or writing its digits, costs.
rt_status rt__int_step(rt_render *r, const rt__int *a);
rt_status rt__int_step_digits(rt_render *r, const rt__int *a);

// Append the digits of |a| in base 2, 8, 10 or 16, without sign and prefix.
// More than RT__INT_DIGITS_MAX decimal ones make the buffer RT_E_RANGE.
void rt__int_put_digits(rt_buf *out, const rt__int *a, unsigned base);
