// Expressions: what each of them is read as.
#include "syntax_text.h"

struct row {
    const char *text;
    const char *tree;
};

static void check_rows(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        RT_CASE(rows[i].text);
        CHECK_EQ(syntax_expression(rt_guarded(rows[i].text)), rows[i].tree);
    }
}

RT_TEST(operators_bind_as_in_jinja)
{
    static const struct row rows[] = {
        {"a + b * c", "(+ a (* b c))"},
        {"a - b - c", "(- (- a b) c)"},
        {"a * b // c % d / e", "(/ (% (// (* a b) c) d) e)"},
        {"a + b - c ~ d", "(- (+ a b) (concat items=[c d]))"},
        {"1 + 2 ~ 3", "(+ 1 (concat items=[2 3]))"},
        {"1 ~ 2 * 3 ~ 4", "(concat items=[1 (* 2 3) 4])"},
        {"a ~ b + c ~ d", "(+ (concat items=[a b]) (concat items=[c d]))"},
        {"a * b + c * d", "(+ (* a b) (* c d))"},
        {"a + b < c ~ d",
         "(compare (+ a b) operands=[(< (concat items=[c d]))])"},
        {"a or b and not c", "(or a (and b (not c)))"},
        {"a and b or c and d", "(or (and a b) (and c d))"},
        {"a or b or c", "(or (or a b) c)"},
        {"not a == b", "(not (compare a operands=[(== b)]))"},
        {"not not a", "(not (not a))"},
        {"not a in b", "(not (compare a operands=[(in b)]))"},
        {"not a + b", "(not (+ a b))"},
        {"a and not b < c", "(and a (not (compare b operands=[(< c)])))"},
        {"not a and b", "(and (not a) b)"},
    };

    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(powers_bind_to_the_left_and_weaker_than_signs)
{
    static const struct row rows[] = {
        {"-a ** b ** c", "(** (** (neg a) b) c)"},
        {"2 ** -a", "(** 2 (neg a))"},
        {"2 ** 3 ** 2", "(** (** 2 3) 2)"},
        {"-2 ** 2", "(** (neg 2) 2)"},
        {"- - a", "(neg (neg a))"},
        {"+a.b", "(pos (getattr a b))"},
        {"- + - a", "(neg (pos (neg a)))"},
        {"-a.b(c)", "(neg (call (getattr a b) args=[c]))"},
        {"-5|abs", "(filter operand=(neg 5) abs)"},
        {"a * -b", "(* a (neg b))"},
        {"a - -b", "(- a (neg b))"},
    };

    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(comparisons_are_chained)
{
    static const struct row rows[] = {
        {"a < b", "(compare a operands=[(< b)])"},
        {"a < b <= c", "(compare a operands=[(< b) (<= c)])"},
        {"a == b in c != d", "(compare a operands=[(== b) (in c) (!= d)])"},
        {"a not in b", "(compare a operands=[(not-in b)])"},
        {"a > b >= c not in d",
         "(compare a operands=[(> b) (>= c) (not-in d)])"},
        {"a in b in c", "(compare a operands=[(in b) (in c)])"},
        {"(a < b) < c",
         "(compare (compare a operands=[(< b)]) operands=[(< c)])"},
        {"a + 1 < b * 2", "(compare (+ a 1) operands=[(< (* b 2))])"},
    };

    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(conditions_bind_to_the_right)
{
    static const struct row rows[] = {
        {"a if b", "(condexpr b a)"},
        {"a if b else c", "(condexpr b a otherwise=c)"},
        {"a if b else c if d else e",
         "(condexpr b a otherwise=(condexpr d c otherwise=e))"},
        {"a if b if c else d if e else f",
         "(condexpr c (condexpr b a) otherwise=(condexpr e d otherwise=f))"},
        {"a if b if c", "(condexpr c (condexpr b a))"},
        {"(a if b else c) if d else e",
         "(condexpr d (condexpr b a otherwise=c) otherwise=e)"},
        {"a or b if c and d else e",
         "(condexpr (and c d) (or a b) otherwise=e)"},
        {"[a if b else c, d]", "(list items=[(condexpr b a otherwise=c) d])"},
        {"a if b if c else d", "(condexpr c (condexpr b a) otherwise=d)"},
    };

    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(literals_are_constants)
{
    static const struct row rows[] = {
        {"true", "True"},
        {"True", "True"},
        {"false", "False"},
        {"False", "False"},
        {"none", "None"},
        {"None", "None"},
        {"nan", "nan"},
        {"0", "0"},
        {"00_0", "0"},
        {"1_000", "1000"},
        {"0x_fF", "255"},
        {"0B101", "5"},
        {"0o17", "15"},
        {"9223372036854775807", "9223372036854775807"},
        {"9223372036854775808", "(bigint \"9223372036854775808\")"},
        {"0xffff_ffff_ffff_ffff", "(bigint \"0xffffffffffffffff\")"},
        {"1.5e3", "1500.0"},
        {"1e400", "inf"},
        {"1_0.0_1", "10.01"},
        {"\"a\"", "\"a\""},
        {"\"a\" 'b' \"c\"", "\"abc\""},
        {"\"a\\n\" '\"'", "\"a\\n\\\"\""},
        {"[]", "(list)"},
        {"[1]", "(list items=[1])"},
        {"[1, 2, ]", "(list items=[1 2])"},
        {"{}", "(dict)"},
        {"{\"a\": 1}", "(dict items=[(pair \"a\" 1)])"},
        {"{a: b, 1: 2, }", "(dict items=[(pair a b) (pair 1 2)])"},
        {"[(1, [2])]", "(list items=[(tuple items=[1 (list items=[2])])])"},
    };

    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(commas_in_parentheses_make_tuples)
{
    static const struct row rows[] = {
        {"()", "(tuple)"},
        {"(1)", "1"},
        {"((1))", "1"},
        {"(1,)", "(tuple items=[1])"},
        {"(1, 2)", "(tuple items=[1 2])"},
        {"(1, 2,)", "(tuple items=[1 2])"},
        {"((1, 2), 3)", "(tuple items=[(tuple items=[1 2]) 3])"},
        {"(a if b else c, d)", "(tuple items=[(condexpr b a otherwise=c) d])"},
    };

    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(any_name_is_a_variable)
{
    static const struct row rows[] = {
        {"a", "a"},   {"_", "_"},     {"in", "in"},         {"and", "and"},
        {"is", "is"}, {"for", "for"}, {"endfor", "endfor"}, {"loop", "loop"},
    };

    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(attributes_and_subscripts_follow_a_primary)
{
    static const struct row rows[] = {
        {"a.b", "(getattr a b)"},
        {"a.b.c", "(getattr (getattr a b) c)"},
        {"a.for", "(getattr a for)"},
        {"a.0", "(getitem a 0)"},
        {"a.0.1", "(getitem (getitem a 0) 1)"},
        {"a.1_0", "(getitem a 10)"},
        {"a.0x1", "(getitem a 1)"},
        {"a[\"b\"]", "(getitem a \"b\")"},
        {"a[b.c]", "(getitem a (getattr b c))"},
        {"a[b][c]", "(getitem (getitem a b) c)"},
        {"\"a\".b", "(getattr \"a\" b)"},
        {"[1][0]", "(getitem (list items=[1]) 0)"},
        {"{1: 2}[1]", "(getitem (dict items=[(pair 1 2)]) 1)"},
        {"a[1, 2]", "(getitem a (tuple items=[1 2]))"},
        {"a[]", "(getitem a (tuple))"},
        {"(a, b)[0]", "(getitem (tuple items=[a b]) 0)"},
    };

    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(slices_leave_out_what_they_like)
{
    static const struct row rows[] = {
        {"a[:]", "(getitem a (slice))"},
        {"a[1:]", "(getitem a (slice start=1))"},
        {"a[:2]", "(getitem a (slice stop=2))"},
        {"a[1:2]", "(getitem a (slice start=1 stop=2))"},
        {"a[::]", "(getitem a (slice))"},
        {"a[1::]", "(getitem a (slice start=1))"},
        {"a[:2:]", "(getitem a (slice stop=2))"},
        {"a[::3]", "(getitem a (slice step=3))"},
        {"a[1:2:3]", "(getitem a (slice start=1 stop=2 step=3))"},
        {"a[1:, 2]", "(getitem a (tuple items=[(slice start=1) 2]))"},
        {"a[:, ::b]", "(getitem a (tuple items=[(slice) (slice step=b)]))"},
        {"a[b if c else d:-1]",
         "(getitem a (slice start=(condexpr c b otherwise=d) stop=(neg 1)))"},
    };

    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(calls_take_arguments_of_four_kinds)
{
    static const struct row rows[] = {
        {"a()", "(call a)"},
        {"a(1, 2,)", "(call a args=[1 2])"},
        {"a(b=1)", "(call a kwargs=[(keyword b 1)])"},
        {"a(1, b=2)", "(call a args=[1] kwargs=[(keyword b 2)])"},
        {"a(*b)", "(call a dyn_args=b)"},
        {"a(**b)", "(call a dyn_kwargs=b)"},
        {"a(1, b=2, *c, **d)",
         "(call a args=[1] kwargs=[(keyword b 2)] dyn_args=c dyn_kwargs=d)"},
        {"a(*b, c=1)", "(call a kwargs=[(keyword c 1)] dyn_args=b)"},
        {"a(*b, **c)", "(call a dyn_args=b dyn_kwargs=c)"},
        {"a(b)(c).d[e]",
         "(getitem (getattr (call (call a args=[b]) args=[c]) d) e)"},
        {"(a)(b)", "(call a args=[b])"},
        {"a(b, c if d else e, f=g == h)",
         "(call a args=[b (condexpr d c otherwise=e)] kwargs=[(keyword f "
         "(compare g operands=[(== h)]))])"},
        {"a(b=1, c=2,)", "(call a kwargs=[(keyword b 1) (keyword c 2)])"},
        {"a((b, c))", "(call a args=[(tuple items=[b c])])"},
    };

    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(filters_bind_to_the_signed_operand)
{
    static const struct row rows[] = {
        {"a|b", "(filter operand=a b)"},
        {"a|b|c", "(filter operand=(filter operand=a b) c)"},
        {"a|b.c.d", "(filter operand=a b.c.d)"},
        {"a|b()", "(filter operand=a b)"},
        {"a|b(1, c=2, *d, **e)",
         "(filter operand=a b args=[1] kwargs=[(keyword c 2)] dyn_args=d "
         "dyn_kwargs=e)"},
        {"a.b|c", "(filter operand=(getattr a b) c)"},
        {"a[0]|b", "(filter operand=(getitem a 0) b)"},
        {"a + b|c", "(+ a (filter operand=b c))"},
        {"a ** b|c", "(** a (filter operand=b c))"},
        {"a|b ** c", "(** (filter operand=a b) c)"},
        {"(a + b)|c", "(filter operand=(+ a b) c)"},
        {"a|b(1)()|c",
         "(filter operand=(call (filter operand=a b args=[1])) c)"},
        {"not a|b", "(not (filter operand=a b))"},
        {"\"a\"|b ~ c", "(concat items=[(filter operand=\"a\" b) c])"},
    };

    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(tests_take_one_argument_without_parentheses)
{
    static const struct row rows[] = {
        {"a is b", "(test a b)"},
        {"a is not b", "(not (test a b))"},
        {"a is b(1)", "(test a b args=[1])"},
        {"a is b()", "(test a b)"},
        {"a is b 1", "(test a b args=[1])"},
        {"a is b 1.5", "(test a b args=[1.5])"},
        {"a is b \"c\" \"d\"", "(test a b args=[\"cd\"])"},
        {"a is b c.d(1)", "(test a b args=[(call (getattr c d) args=[1])])"},
        {"a is b [1]", "(test a b args=[(list items=[1])])"},
        {"a is b {1: 2}", "(test a b args=[(dict items=[(pair 1 2)])])"},
        {"a is b.c", "(test a b.c)"},
        {"a is b -1", "(- (test a b) 1)"},
        {"a is b and c", "(and (test a b) c)"},
        {"a is b or c", "(or (test a b) c)"},
        {"a is in [1]", "(test a in args=[(list items=[1])])"},
        {"a is b|c", "(filter operand=(test a b) c)"},
        {"a|b is c|d", "(filter operand=(test (filter operand=a b) c) d)"},
        {"2 * 3 is odd", "(* 2 (test 3 odd))"},
        {"not a is b", "(not (test a b))"},
        {"a is b is_c", "(test a b args=[is_c])"},
        {"a is b if", "(test a b args=[if])"},
        {"a is b == c", "(compare (test a b) operands=[(== c)])"},
        {"a is not b 1", "(not (test a b args=[1]))"},
        {"x if a is b else y", "(condexpr (test a b) x otherwise=y)"},
        {"a is b(1)(2)", "(call (test a b args=[1]) args=[2])"},
    };

    check_rows(rows, RT_COUNT(rows));
}
