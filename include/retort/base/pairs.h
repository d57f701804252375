// Keyword arguments: `"key", value` lists without varargs functions.
//
// A function that takes keywords is a macro over one that takes an array:
//
//     #define rt_json(...)
//         rt_json_pairs(RT_ARG1(__VA_ARGS__), RT_PAIRS_FROM2(__VA_ARGS__))
//     rt_json(req, "ok", true, "count", 3);
//
// RT_PAIRS_FROM2 turns what follows the first argument into two: an array of
// {name, RT(value)} and its length. Up to 32 pairs; zero are fine; a key
// without value is a static assertion that says so; a value RT cannot take is
// a compile error. RT_VALUES_FROM2 does the same for plain values.
#pragma once

#include <retort/base/attributes.h>
#include <retort/base/value.h>

RT_C_BEGIN

// One keyword argument.
typedef struct rt_pair {
    const char *name;
    rt_value value;
} rt_pair;

// The number of arguments, 1 to 67.
#define RT_ARG_COUNT(...)                                                      \
    RT__ARG_68(__VA_ARGS__, 67, 66, 65, 64, 63, 62, 61, 60, 59, 58, 57, 56,    \
               55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43, 42, 41, 40, \
               39, 38, 37, 36, 35, 34, 33, 32, 31, 30, 29, 28, 27, 26, 25, 24, \
               23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8,   \
               7, 6, 5, 4, 3, 2, 1, 0)
#define RT__ARG_68(a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13,     \
                   a14, a15, a16, a17, a18, a19, a20, a21, a22, a23, a24, a25, \
                   a26, a27, a28, a29, a30, a31, a32, a33, a34, a35, a36, a37, \
                   a38, a39, a40, a41, a42, a43, a44, a45, a46, a47, a48, a49, \
                   a50, a51, a52, a53, a54, a55, a56, a57, a58, a59, a60, a61, \
                   a62, a63, a64, a65, a66, a67, n, ...)                       \
    n

// The first and the second argument.
#define RT_ARG1(...)           RT__ARG1(__VA_ARGS__, 0)
#define RT__ARG1(a, ...)       a
#define RT_ARG2(...)           RT__ARG2(__VA_ARGS__, 0, 0)
#define RT__ARG2(a, b, ...)    b
#define RT_ARG3(...)           RT__ARG3(__VA_ARGS__, 0, 0, 0)
#define RT__ARG3(a, b, c, ...) c

// What follows the first (first two, first three) arguments as `rt_pair *,
// size_t`: the two parameters a function with keywords ends in.
#define RT_PAIRS_FROM2(...) \
    RT__CAT(RT__PAIRS_, RT_ARG_COUNT(__VA_ARGS__))(0, 0, __VA_ARGS__)
#define RT_PAIRS_FROM3(...) \
    RT__CAT(RT__PAIRS_, RT__PRED(RT_ARG_COUNT(__VA_ARGS__)))(0, __VA_ARGS__)
#define RT_PAIRS_FROM4(...)                                            \
    RT__CAT(RT__PAIRS_, RT__PRED(RT__PRED(RT_ARG_COUNT(__VA_ARGS__)))) \
    (__VA_ARGS__)

// The same for values: `rt_value *, size_t`.
#define RT_VALUES_FROM2(...) \
    RT__CAT(RT__VALUES_, RT_ARG_COUNT(__VA_ARGS__))(0, 0, __VA_ARGS__)
#define RT_VALUES_FROM3(...) \
    RT__CAT(RT__VALUES_, RT__PRED(RT_ARG_COUNT(__VA_ARGS__)))(0, __VA_ARGS__)
#define RT_VALUES_FROM4(...)                                            \
    RT__CAT(RT__VALUES_, RT__PRED(RT__PRED(RT_ARG_COUNT(__VA_ARGS__)))) \
    (__VA_ARGS__)

// Expands to an expression of type int that stops the compiler.
#define RT__ODD_PAIRS                                                       \
    ((rt_pair *)0 +                                                         \
     0 * sizeof(struct {                                                    \
         _Static_assert(0, "keyword arguments are pairs: a key is missing " \
                           "its value");                                    \
         int unused;                                                        \
     })),                                                                   \
        (size_t)0
#define RT__TOO_MANY_PAIRS                                                  \
    ((rt_pair *)0 +                                                         \
     0 * sizeof(struct {                                                    \
         _Static_assert(0, "at most 32 pairs: use the function that takes " \
                           "an array");                                     \
         int unused;                                                        \
     })),                                                                   \
        (size_t)0

#define RT__TOO_MANY_VALUES                                                  \
    ((rt_value *)0 +                                                         \
     0 * sizeof(struct {                                                     \
         _Static_assert(0, "at most 32 values: use the function that takes " \
                           "an array");                                      \
         int unused;                                                         \
     })),                                                                    \
        (size_t)0

#define RT__PRED(n) RT__CAT(RT__PRED_, n)
#define RT__PRED_1  0
#define RT__PRED_2  1
#define RT__PRED_3  2
#define RT__PRED_4  3
#define RT__PRED_5  4
#define RT__PRED_6  5
#define RT__PRED_7  6
#define RT__PRED_8  7
#define RT__PRED_9  8
#define RT__PRED_10 9
#define RT__PRED_11 10
#define RT__PRED_12 11
#define RT__PRED_13 12
#define RT__PRED_14 13
#define RT__PRED_15 14
#define RT__PRED_16 15
#define RT__PRED_17 16
#define RT__PRED_18 17
#define RT__PRED_19 18
#define RT__PRED_20 19
#define RT__PRED_21 20
#define RT__PRED_22 21
#define RT__PRED_23 22
#define RT__PRED_24 23
#define RT__PRED_25 24
#define RT__PRED_26 25
#define RT__PRED_27 26
#define RT__PRED_28 27
#define RT__PRED_29 28
#define RT__PRED_30 29
#define RT__PRED_31 30
#define RT__PRED_32 31
#define RT__PRED_33 32
#define RT__PRED_34 33
#define RT__PRED_35 34
#define RT__PRED_36 35
#define RT__PRED_37 36
#define RT__PRED_38 37
#define RT__PRED_39 38
#define RT__PRED_40 39
#define RT__PRED_41 40
#define RT__PRED_42 41
#define RT__PRED_43 42
#define RT__PRED_44 43
#define RT__PRED_45 44
#define RT__PRED_46 45
#define RT__PRED_47 46
#define RT__PRED_48 47
#define RT__PRED_49 48
#define RT__PRED_50 49
#define RT__PRED_51 50
#define RT__PRED_52 51
#define RT__PRED_53 52
#define RT__PRED_54 53
#define RT__PRED_55 54
#define RT__PRED_56 55
#define RT__PRED_57 56
#define RT__PRED_58 57
#define RT__PRED_59 58
#define RT__PRED_60 59
#define RT__PRED_61 60
#define RT__PRED_62 61
#define RT__PRED_63 62
#define RT__PRED_64 63
#define RT__PRED_65 64
#define RT__PRED_66 65
#define RT__PRED_67 66

// x, y and z are the arguments before the pairs.
#define RT__PAIRS_1(x, y, z) (const rt_pair *)0, (size_t)0
#define RT__PAIRS_3(x, y, z, ...) \
    (const rt_pair[]){RT__P1(__VA_ARGS__)}, (size_t)1
#define RT__PAIRS_5(x, y, z, ...) \
    (const rt_pair[]){RT__P2(__VA_ARGS__)}, (size_t)2
#define RT__PAIRS_7(x, y, z, ...) \
    (const rt_pair[]){RT__P3(__VA_ARGS__)}, (size_t)3
#define RT__PAIRS_9(x, y, z, ...) \
    (const rt_pair[]){RT__P4(__VA_ARGS__)}, (size_t)4
#define RT__PAIRS_11(x, y, z, ...) \
    (const rt_pair[]){RT__P5(__VA_ARGS__)}, (size_t)5
#define RT__PAIRS_13(x, y, z, ...) \
    (const rt_pair[]){RT__P6(__VA_ARGS__)}, (size_t)6
#define RT__PAIRS_15(x, y, z, ...) \
    (const rt_pair[]){RT__P7(__VA_ARGS__)}, (size_t)7
#define RT__PAIRS_17(x, y, z, ...) \
    (const rt_pair[]){RT__P8(__VA_ARGS__)}, (size_t)8
#define RT__PAIRS_19(x, y, z, ...) \
    (const rt_pair[]){RT__P9(__VA_ARGS__)}, (size_t)9
#define RT__PAIRS_21(x, y, z, ...) \
    (const rt_pair[]){RT__P10(__VA_ARGS__)}, (size_t)10
#define RT__PAIRS_23(x, y, z, ...) \
    (const rt_pair[]){RT__P11(__VA_ARGS__)}, (size_t)11
#define RT__PAIRS_25(x, y, z, ...) \
    (const rt_pair[]){RT__P12(__VA_ARGS__)}, (size_t)12
#define RT__PAIRS_27(x, y, z, ...) \
    (const rt_pair[]){RT__P13(__VA_ARGS__)}, (size_t)13
#define RT__PAIRS_29(x, y, z, ...) \
    (const rt_pair[]){RT__P14(__VA_ARGS__)}, (size_t)14
#define RT__PAIRS_31(x, y, z, ...) \
    (const rt_pair[]){RT__P15(__VA_ARGS__)}, (size_t)15
#define RT__PAIRS_33(x, y, z, ...) \
    (const rt_pair[]){RT__P16(__VA_ARGS__)}, (size_t)16
#define RT__PAIRS_35(x, y, z, ...) \
    (const rt_pair[]){RT__P17(__VA_ARGS__)}, (size_t)17
#define RT__PAIRS_37(x, y, z, ...) \
    (const rt_pair[]){RT__P18(__VA_ARGS__)}, (size_t)18
#define RT__PAIRS_39(x, y, z, ...) \
    (const rt_pair[]){RT__P19(__VA_ARGS__)}, (size_t)19
#define RT__PAIRS_41(x, y, z, ...) \
    (const rt_pair[]){RT__P20(__VA_ARGS__)}, (size_t)20
#define RT__PAIRS_43(x, y, z, ...) \
    (const rt_pair[]){RT__P21(__VA_ARGS__)}, (size_t)21
#define RT__PAIRS_45(x, y, z, ...) \
    (const rt_pair[]){RT__P22(__VA_ARGS__)}, (size_t)22
#define RT__PAIRS_47(x, y, z, ...) \
    (const rt_pair[]){RT__P23(__VA_ARGS__)}, (size_t)23
#define RT__PAIRS_49(x, y, z, ...) \
    (const rt_pair[]){RT__P24(__VA_ARGS__)}, (size_t)24
#define RT__PAIRS_51(x, y, z, ...) \
    (const rt_pair[]){RT__P25(__VA_ARGS__)}, (size_t)25
#define RT__PAIRS_53(x, y, z, ...) \
    (const rt_pair[]){RT__P26(__VA_ARGS__)}, (size_t)26
#define RT__PAIRS_55(x, y, z, ...) \
    (const rt_pair[]){RT__P27(__VA_ARGS__)}, (size_t)27
#define RT__PAIRS_57(x, y, z, ...) \
    (const rt_pair[]){RT__P28(__VA_ARGS__)}, (size_t)28
#define RT__PAIRS_59(x, y, z, ...) \
    (const rt_pair[]){RT__P29(__VA_ARGS__)}, (size_t)29
#define RT__PAIRS_61(x, y, z, ...) \
    (const rt_pair[]){RT__P30(__VA_ARGS__)}, (size_t)30
#define RT__PAIRS_63(x, y, z, ...) \
    (const rt_pair[]){RT__P31(__VA_ARGS__)}, (size_t)31
#define RT__PAIRS_65(x, y, z, ...) \
    (const rt_pair[]){RT__P32(__VA_ARGS__)}, (size_t)32
#define RT__PAIRS_2(...)  RT__ODD_PAIRS
#define RT__PAIRS_4(...)  RT__ODD_PAIRS
#define RT__PAIRS_6(...)  RT__ODD_PAIRS
#define RT__PAIRS_8(...)  RT__ODD_PAIRS
#define RT__PAIRS_10(...) RT__ODD_PAIRS
#define RT__PAIRS_12(...) RT__ODD_PAIRS
#define RT__PAIRS_14(...) RT__ODD_PAIRS
#define RT__PAIRS_16(...) RT__ODD_PAIRS
#define RT__PAIRS_18(...) RT__ODD_PAIRS
#define RT__PAIRS_20(...) RT__ODD_PAIRS
#define RT__PAIRS_22(...) RT__ODD_PAIRS
#define RT__PAIRS_24(...) RT__ODD_PAIRS
#define RT__PAIRS_26(...) RT__ODD_PAIRS
#define RT__PAIRS_28(...) RT__ODD_PAIRS
#define RT__PAIRS_30(...) RT__ODD_PAIRS
#define RT__PAIRS_32(...) RT__ODD_PAIRS
#define RT__PAIRS_34(...) RT__ODD_PAIRS
#define RT__PAIRS_36(...) RT__ODD_PAIRS
#define RT__PAIRS_38(...) RT__ODD_PAIRS
#define RT__PAIRS_40(...) RT__ODD_PAIRS
#define RT__PAIRS_42(...) RT__ODD_PAIRS
#define RT__PAIRS_44(...) RT__ODD_PAIRS
#define RT__PAIRS_46(...) RT__ODD_PAIRS
#define RT__PAIRS_48(...) RT__ODD_PAIRS
#define RT__PAIRS_50(...) RT__ODD_PAIRS
#define RT__PAIRS_52(...) RT__ODD_PAIRS
#define RT__PAIRS_54(...) RT__ODD_PAIRS
#define RT__PAIRS_56(...) RT__ODD_PAIRS
#define RT__PAIRS_58(...) RT__ODD_PAIRS
#define RT__PAIRS_60(...) RT__ODD_PAIRS
#define RT__PAIRS_62(...) RT__ODD_PAIRS
#define RT__PAIRS_64(...) RT__ODD_PAIRS
#define RT__PAIRS_66(...) RT__ODD_PAIRS
#define RT__PAIRS_67(...) RT__TOO_MANY_PAIRS
#define RT__P1(k, v) \
    {                \
        k, RT(v)     \
    }
#define RT__P2(k, v, ...)  {k, RT(v)}, RT__P1(__VA_ARGS__)
#define RT__P3(k, v, ...)  {k, RT(v)}, RT__P2(__VA_ARGS__)
#define RT__P4(k, v, ...)  {k, RT(v)}, RT__P3(__VA_ARGS__)
#define RT__P5(k, v, ...)  {k, RT(v)}, RT__P4(__VA_ARGS__)
#define RT__P6(k, v, ...)  {k, RT(v)}, RT__P5(__VA_ARGS__)
#define RT__P7(k, v, ...)  {k, RT(v)}, RT__P6(__VA_ARGS__)
#define RT__P8(k, v, ...)  {k, RT(v)}, RT__P7(__VA_ARGS__)
#define RT__P9(k, v, ...)  {k, RT(v)}, RT__P8(__VA_ARGS__)
#define RT__P10(k, v, ...) {k, RT(v)}, RT__P9(__VA_ARGS__)
#define RT__P11(k, v, ...) {k, RT(v)}, RT__P10(__VA_ARGS__)
#define RT__P12(k, v, ...) {k, RT(v)}, RT__P11(__VA_ARGS__)
#define RT__P13(k, v, ...) {k, RT(v)}, RT__P12(__VA_ARGS__)
#define RT__P14(k, v, ...) {k, RT(v)}, RT__P13(__VA_ARGS__)
#define RT__P15(k, v, ...) {k, RT(v)}, RT__P14(__VA_ARGS__)
#define RT__P16(k, v, ...) {k, RT(v)}, RT__P15(__VA_ARGS__)
#define RT__P17(k, v, ...) {k, RT(v)}, RT__P16(__VA_ARGS__)
#define RT__P18(k, v, ...) {k, RT(v)}, RT__P17(__VA_ARGS__)
#define RT__P19(k, v, ...) {k, RT(v)}, RT__P18(__VA_ARGS__)
#define RT__P20(k, v, ...) {k, RT(v)}, RT__P19(__VA_ARGS__)
#define RT__P21(k, v, ...) {k, RT(v)}, RT__P20(__VA_ARGS__)
#define RT__P22(k, v, ...) {k, RT(v)}, RT__P21(__VA_ARGS__)
#define RT__P23(k, v, ...) {k, RT(v)}, RT__P22(__VA_ARGS__)
#define RT__P24(k, v, ...) {k, RT(v)}, RT__P23(__VA_ARGS__)
#define RT__P25(k, v, ...) {k, RT(v)}, RT__P24(__VA_ARGS__)
#define RT__P26(k, v, ...) {k, RT(v)}, RT__P25(__VA_ARGS__)
#define RT__P27(k, v, ...) {k, RT(v)}, RT__P26(__VA_ARGS__)
#define RT__P28(k, v, ...) {k, RT(v)}, RT__P27(__VA_ARGS__)
#define RT__P29(k, v, ...) {k, RT(v)}, RT__P28(__VA_ARGS__)
#define RT__P30(k, v, ...) {k, RT(v)}, RT__P29(__VA_ARGS__)
#define RT__P31(k, v, ...) {k, RT(v)}, RT__P30(__VA_ARGS__)
#define RT__P32(k, v, ...) {k, RT(v)}, RT__P31(__VA_ARGS__)

#define RT__VALUES_0(...)     (const rt_value *)0, (size_t)0
#define RT__VALUES_1(x, y, z) (const rt_value *)0, (size_t)0
#define RT__VALUES_2(x, y, z, ...) \
    (const rt_value[]){RT__V1(__VA_ARGS__)}, (size_t)1
#define RT__VALUES_3(x, y, z, ...) \
    (const rt_value[]){RT__V2(__VA_ARGS__)}, (size_t)2
#define RT__VALUES_4(x, y, z, ...) \
    (const rt_value[]){RT__V3(__VA_ARGS__)}, (size_t)3
#define RT__VALUES_5(x, y, z, ...) \
    (const rt_value[]){RT__V4(__VA_ARGS__)}, (size_t)4
#define RT__VALUES_6(x, y, z, ...) \
    (const rt_value[]){RT__V5(__VA_ARGS__)}, (size_t)5
#define RT__VALUES_7(x, y, z, ...) \
    (const rt_value[]){RT__V6(__VA_ARGS__)}, (size_t)6
#define RT__VALUES_8(x, y, z, ...) \
    (const rt_value[]){RT__V7(__VA_ARGS__)}, (size_t)7
#define RT__VALUES_9(x, y, z, ...) \
    (const rt_value[]){RT__V8(__VA_ARGS__)}, (size_t)8
#define RT__VALUES_10(x, y, z, ...) \
    (const rt_value[]){RT__V9(__VA_ARGS__)}, (size_t)9
#define RT__VALUES_11(x, y, z, ...) \
    (const rt_value[]){RT__V10(__VA_ARGS__)}, (size_t)10
#define RT__VALUES_12(x, y, z, ...) \
    (const rt_value[]){RT__V11(__VA_ARGS__)}, (size_t)11
#define RT__VALUES_13(x, y, z, ...) \
    (const rt_value[]){RT__V12(__VA_ARGS__)}, (size_t)12
#define RT__VALUES_14(x, y, z, ...) \
    (const rt_value[]){RT__V13(__VA_ARGS__)}, (size_t)13
#define RT__VALUES_15(x, y, z, ...) \
    (const rt_value[]){RT__V14(__VA_ARGS__)}, (size_t)14
#define RT__VALUES_16(x, y, z, ...) \
    (const rt_value[]){RT__V15(__VA_ARGS__)}, (size_t)15
#define RT__VALUES_17(x, y, z, ...) \
    (const rt_value[]){RT__V16(__VA_ARGS__)}, (size_t)16
#define RT__VALUES_18(x, y, z, ...) \
    (const rt_value[]){RT__V17(__VA_ARGS__)}, (size_t)17
#define RT__VALUES_19(x, y, z, ...) \
    (const rt_value[]){RT__V18(__VA_ARGS__)}, (size_t)18
#define RT__VALUES_20(x, y, z, ...) \
    (const rt_value[]){RT__V19(__VA_ARGS__)}, (size_t)19
#define RT__VALUES_21(x, y, z, ...) \
    (const rt_value[]){RT__V20(__VA_ARGS__)}, (size_t)20
#define RT__VALUES_22(x, y, z, ...) \
    (const rt_value[]){RT__V21(__VA_ARGS__)}, (size_t)21
#define RT__VALUES_23(x, y, z, ...) \
    (const rt_value[]){RT__V22(__VA_ARGS__)}, (size_t)22
#define RT__VALUES_24(x, y, z, ...) \
    (const rt_value[]){RT__V23(__VA_ARGS__)}, (size_t)23
#define RT__VALUES_25(x, y, z, ...) \
    (const rt_value[]){RT__V24(__VA_ARGS__)}, (size_t)24
#define RT__VALUES_26(x, y, z, ...) \
    (const rt_value[]){RT__V25(__VA_ARGS__)}, (size_t)25
#define RT__VALUES_27(x, y, z, ...) \
    (const rt_value[]){RT__V26(__VA_ARGS__)}, (size_t)26
#define RT__VALUES_28(x, y, z, ...) \
    (const rt_value[]){RT__V27(__VA_ARGS__)}, (size_t)27
#define RT__VALUES_29(x, y, z, ...) \
    (const rt_value[]){RT__V28(__VA_ARGS__)}, (size_t)28
#define RT__VALUES_30(x, y, z, ...) \
    (const rt_value[]){RT__V29(__VA_ARGS__)}, (size_t)29
#define RT__VALUES_31(x, y, z, ...) \
    (const rt_value[]){RT__V30(__VA_ARGS__)}, (size_t)30
#define RT__VALUES_32(x, y, z, ...) \
    (const rt_value[]){RT__V31(__VA_ARGS__)}, (size_t)31
#define RT__VALUES_33(x, y, z, ...) \
    (const rt_value[]){RT__V32(__VA_ARGS__)}, (size_t)32
#define RT__VALUES_34(...) RT__TOO_MANY_VALUES
#define RT__VALUES_35(...) RT__TOO_MANY_VALUES
#define RT__VALUES_36(...) RT__TOO_MANY_VALUES
#define RT__VALUES_37(...) RT__TOO_MANY_VALUES
#define RT__VALUES_38(...) RT__TOO_MANY_VALUES
#define RT__VALUES_39(...) RT__TOO_MANY_VALUES
#define RT__VALUES_40(...) RT__TOO_MANY_VALUES
#define RT__VALUES_41(...) RT__TOO_MANY_VALUES
#define RT__VALUES_42(...) RT__TOO_MANY_VALUES
#define RT__VALUES_43(...) RT__TOO_MANY_VALUES
#define RT__VALUES_44(...) RT__TOO_MANY_VALUES
#define RT__VALUES_45(...) RT__TOO_MANY_VALUES
#define RT__VALUES_46(...) RT__TOO_MANY_VALUES
#define RT__VALUES_47(...) RT__TOO_MANY_VALUES
#define RT__VALUES_48(...) RT__TOO_MANY_VALUES
#define RT__VALUES_49(...) RT__TOO_MANY_VALUES
#define RT__VALUES_50(...) RT__TOO_MANY_VALUES
#define RT__VALUES_51(...) RT__TOO_MANY_VALUES
#define RT__VALUES_52(...) RT__TOO_MANY_VALUES
#define RT__VALUES_53(...) RT__TOO_MANY_VALUES
#define RT__VALUES_54(...) RT__TOO_MANY_VALUES
#define RT__VALUES_55(...) RT__TOO_MANY_VALUES
#define RT__VALUES_56(...) RT__TOO_MANY_VALUES
#define RT__VALUES_57(...) RT__TOO_MANY_VALUES
#define RT__VALUES_58(...) RT__TOO_MANY_VALUES
#define RT__VALUES_59(...) RT__TOO_MANY_VALUES
#define RT__VALUES_60(...) RT__TOO_MANY_VALUES
#define RT__VALUES_61(...) RT__TOO_MANY_VALUES
#define RT__VALUES_62(...) RT__TOO_MANY_VALUES
#define RT__VALUES_63(...) RT__TOO_MANY_VALUES
#define RT__VALUES_64(...) RT__TOO_MANY_VALUES
#define RT__VALUES_65(...) RT__TOO_MANY_VALUES
#define RT__VALUES_66(...) RT__TOO_MANY_VALUES
#define RT__VALUES_67(...) RT__TOO_MANY_VALUES
#define RT__V1(v)          RT(v)
#define RT__V2(v, ...)     RT(v), RT__V1(__VA_ARGS__)
#define RT__V3(v, ...)     RT(v), RT__V2(__VA_ARGS__)
#define RT__V4(v, ...)     RT(v), RT__V3(__VA_ARGS__)
#define RT__V5(v, ...)     RT(v), RT__V4(__VA_ARGS__)
#define RT__V6(v, ...)     RT(v), RT__V5(__VA_ARGS__)
#define RT__V7(v, ...)     RT(v), RT__V6(__VA_ARGS__)
#define RT__V8(v, ...)     RT(v), RT__V7(__VA_ARGS__)
#define RT__V9(v, ...)     RT(v), RT__V8(__VA_ARGS__)
#define RT__V10(v, ...)    RT(v), RT__V9(__VA_ARGS__)
#define RT__V11(v, ...)    RT(v), RT__V10(__VA_ARGS__)
#define RT__V12(v, ...)    RT(v), RT__V11(__VA_ARGS__)
#define RT__V13(v, ...)    RT(v), RT__V12(__VA_ARGS__)
#define RT__V14(v, ...)    RT(v), RT__V13(__VA_ARGS__)
#define RT__V15(v, ...)    RT(v), RT__V14(__VA_ARGS__)
#define RT__V16(v, ...)    RT(v), RT__V15(__VA_ARGS__)
#define RT__V17(v, ...)    RT(v), RT__V16(__VA_ARGS__)
#define RT__V18(v, ...)    RT(v), RT__V17(__VA_ARGS__)
#define RT__V19(v, ...)    RT(v), RT__V18(__VA_ARGS__)
#define RT__V20(v, ...)    RT(v), RT__V19(__VA_ARGS__)
#define RT__V21(v, ...)    RT(v), RT__V20(__VA_ARGS__)
#define RT__V22(v, ...)    RT(v), RT__V21(__VA_ARGS__)
#define RT__V23(v, ...)    RT(v), RT__V22(__VA_ARGS__)
#define RT__V24(v, ...)    RT(v), RT__V23(__VA_ARGS__)
#define RT__V25(v, ...)    RT(v), RT__V24(__VA_ARGS__)
#define RT__V26(v, ...)    RT(v), RT__V25(__VA_ARGS__)
#define RT__V27(v, ...)    RT(v), RT__V26(__VA_ARGS__)
#define RT__V28(v, ...)    RT(v), RT__V27(__VA_ARGS__)
#define RT__V29(v, ...)    RT(v), RT__V28(__VA_ARGS__)
#define RT__V30(v, ...)    RT(v), RT__V29(__VA_ARGS__)
#define RT__V31(v, ...)    RT(v), RT__V30(__VA_ARGS__)
#define RT__V32(v, ...)    RT(v), RT__V31(__VA_ARGS__)

RT_C_END
