// trans blocks: messages for translators.
//
//     {% trans user=name, n=count %}One message of {{ user }}
//     {% pluralize n %}{{ n }} messages of {{ user }}{% endtrans %}
//
// The message is collected in two forms at once, of which the compiler takes
// one: as a format with its percent signs doubled, and plain.
#include <string.h>

#include "template/chars.h"
#include "template/parser.h"

typedef struct message {
    rt_buf format;
    rt_buf plain;
} message;

typedef struct trans {
    rt__ast_trans *node;
    size_t variables; // KEYWORDs on the stack from here on
    rt_map places;    // where on it they are, by name
    size_t declared;  // up to here they are declared
    rt_str count;     // the variable that counts: the first one, unless
                      // pluralize names another; data is NULL: none yet
    int trimmed;      // -1: as the environment says
} trans;

// ---- variables -------------------------------------------------------------

// Among those on the stack below `end`.
static rt__ast_keyword *find_variable(const rt__parser *p, const trans *t,
                                      size_t end, rt_str name)
{
    const rt_map_entry *entry =
        name.data ? rt_map_find(&t->places, name) : NULL;

    if (!entry || (uintptr_t)entry->value >= end)
        return NULL;
    return rt__as_keyword(p->stack[(uintptr_t)entry->value]);
}

// Names that stand for themselves are at the line of the block.
static rt__place place_in(const trans *t, rt__place place)
{
    rt__place begin = {t->node->node.line, t->node->node.offset};

    return rt__place_at(begin, place);
}

static rt__node *make_name(rt__parser *p, rt_str name, rt__place place,
                           bool store)
{
    rt__ast_name *n = rt__make(p, name, NAME, place);

    n->name = name;
    n->store = store;
    return &n->node;
}

static void push_variable(rt__parser *p, trans *t, rt_str name, rt__node *value,
                          rt__place place)
{
    rt__ast_keyword *n = rt__make(p, keyword, KEYWORD, place);

    n->name = name;
    n->value = value;
    if (name.data) // what is no name has failed
        rt_map_put(&t->places, name, (void *)(uintptr_t)p->stack_len);
    rt__node_push(p, rt__node_measure(p, &n->node));
}

// A count that is called is called once: `_trans` is set to it before, and that
// node goes below the variables on the stack.
static rt__node *call_before(rt__parser *p, trans *t, rt__node *value)
{
    rt__place place = {t->node->node.line, t->node->node.offset};
    rt_str name = rt__name_intern(p, RT_STR("_trans"));
    rt__ast_assign *n = rt__make(p, assign, ASSIGN, place);

    n->target = make_name(p, name, place, true);
    n->value = value;
    assert(p->stack_len == t->variables);
    rt__node_push(p, &n->node);
    t->variables++;
    return make_name(p, name, place, false);
}

// variable = "trimmed" | "notrimmed" | name [ "=" expr ]
static void parse_variable(rt__parser *p, trans *t)
{
    rt__place place = rt__tok_place(p);
    rt__word word = p->tok.word;
    rt_str name = rt__name_expect(p);
    rt__node *value;

    if (find_variable(p, t, p->stack_len, name)) {
        rt__parse_fail_as(
            p, place, RT_TEMPLATE_ASSERTION_ERROR,
            rt_format(p->arena, "translatable variable '{}' is defined twice",
                      name));
    }
    if (rt__tok_accept(p, RT__TOK_ASSIGN)) {
        value = rt__parse_expr(p);
    } else if (t->trimmed < 0 &&
               (word == RT__WORD_TRIMMED || word == RT__WORD_NOTRIMMED)) {
        t->trimmed = word == RT__WORD_TRIMMED;
        return;
    } else {
        value = make_name(p, name, place_in(t, place), false);
    }
    if (!t->count.data) {
        t->count = name;
        if (value->kind == RT__NODE_CALL)
            value = call_before(p, t, value);
    }
    push_variable(p, t, name, value, place);
}

// [ variable *( "," variable ) ]; a colon where a variable is awaited ends them
static void parse_variables(rt__parser *p, trans *t)
{
    while (!p->status && !rt__tok_is(p, RT__TOK_BLOCK_END)) {
        if (p->stack_len > t->variables)
            rt__tok_expect(p, RT__TOK_COMMA);
        if (rt__tok_accept(p, RT__TOK_COLON))
            break;
        parse_variable(p, t);
    }
    rt__tok_expect(p, RT__TOK_BLOCK_END);
    t->declared = p->stack_len;
}

// ---- messages --------------------------------------------------------------

static void put_data(message *m, rt_str text)
{
    rt_buf_put(&m->plain, text);
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '%')
            rt_buf_put_char(&m->format, '%');
        rt_buf_put_char(&m->format, text.data[i]);
    }
}

// "{{" name "}}"
static void parse_reference(rt__parser *p, trans *t, message *m)
{
    rt__tok_step(p);
    rt__place place = place_in(t, rt__tok_place(p));
    rt_str name = rt__name_expect(p);
    rt__tok_expect(p, RT__TOK_VARIABLE_END);
    rt_buf_put_cstr(&m->format, "%(");
    rt_buf_put(&m->format, name);
    rt_buf_put_cstr(&m->format, ")s");
    t->node->referenced = true;
    if (!find_variable(p, t, p->stack_len, name))
        push_variable(p, t, name, make_name(p, name, place, false), place);
    if (!t->count.data)
        t->count = name;
}

static void fail_tag(rt__parser *p)
{
    switch (rt__tok_is(p, RT__TOK_NAME) ? p->tok.word : RT__WORD_OTHER) {
    case RT__WORD_PLURALIZE:
        rt__parse_fail(p, rt__tok_place(p),
                       RT_STR("a trans block has only one 'pluralize'"));
        break;
    case RT__WORD_TRANS:
        rt__parse_fail(p, rt__tok_place(p),
                       RT_STR("trans blocks cannot be nested; did you mean "
                              "'endtrans'?"));
        break;
    default:
        rt__parse_fail_about(p, rt__tok_place(p),
                             "tags in a trans block are not allowed: '{}'",
                             rt__token_text(&p->tok));
    }
}

// message = *( data | "{{" name "}}" ), up to one of the tags in `ends`
static message parse_message(rt__parser *p, trans *t, rt__words ends)
{
    message m;

    rt_buf_init(&m.format, p->arena);
    rt_buf_init(&m.plain, p->arena);
    for (;;) {
        switch (p->tok.kind) {
        case RT__TOK_DATA:
            put_data(&m, p->tok.text);
            rt__tok_step(p);
            continue;
        case RT__TOK_VARIABLE_BEGIN: parse_reference(p, t, &m); continue;
        case RT__TOK_BLOCK_BEGIN:
            rt__tok_step(p);
            if (!rt__tok_is(p, RT__TOK_NAME) ||
                !(ends & RT__WORD_BIT(p->tok.word)))
                fail_tag(p);
            break;
        case RT__TOK_END:
            rt__parse_fail(p, rt__tok_place(p),
                           RT_STR("unclosed trans block, expected 'endtrans'"));
            break;
        default: break;
        }
        return m;
    }
}

// Line breaks with the white space around them become one space each; white
// space at both ends goes.
static rt_str trim(rt_arena *arena, rt_str text)
{
    const char *at = text.data;
    const char *end = at + text.len;
    rt_buf buf;

    for (size_t len; (len = rt__space_len_before(at, end)) != 0;)
        end -= len;
    at = rt__skip_space(at, end);
    rt_buf_init(&buf, arena);
    while (at < end) {
        const char *after = rt__skip_space(at, end);
        if (after > at && memchr(at, '\n', (size_t)(after - at))) {
            rt_buf_put_char(&buf, ' ');
            at = after;
        } else {
            if (after == at)
                after++;
            rt_buf_put_bytes(&buf, at, (size_t)(after - at));
            at = after;
        }
    }
    return rt_buf_str(&buf);
}

static rt_str text_of(rt__parser *p, const trans *t, rt_buf *buf)
{
    rt_str text = rt_buf_str(buf);
    bool trimmed = t->trimmed < 0 ? p->source->i18n_trimmed : t->trimmed > 0;

    return trimmed && text.len ? trim(p->arena, text) : text;
}

// ---- the block -------------------------------------------------------------

// "pluralize" [ name ] message; the name is the variable that counts.
static void parse_pluralize(rt__parser *p, trans *t)
{
    rt__ast_trans *n = t->node;

    rt__tok_step(p);
    if (!rt__tok_is(p, RT__TOK_BLOCK_END)) {
        rt__place place = rt__tok_place(p);
        t->count = rt__name_expect(p);
        if (!find_variable(p, t, t->declared, t->count)) {
            rt__parse_fail_as(p, place, RT_TEMPLATE_ASSERTION_ERROR,
                              rt_format(p->arena,
                                        "unknown variable '{}' for pluralize",
                                        t->count));
        }
    }
    // What only this message names does not count.
    bool counted = t->count.data != NULL;
    rt__tok_expect(p, RT__TOK_BLOCK_END);
    message m = parse_message(p, t, RT__WORD_BIT(RT__WORD_ENDTRANS));
    if (!counted) {
        rt__parse_fail(p, (rt__place){n->node.line, n->node.offset},
                       RT_STR("'pluralize' without variables"));
        return;
    }
    if (p->status)
        return;
    n->plural = text_of(p, t, &m.format);
    n->plural_plain = text_of(p, t, &m.plain);
    n->count =
        rt__node_copy(p->arena,
                      find_variable(p, t, p->stack_len, t->count)->value);
    n->count_is_num = rt_str_eq(t->count, RT_STR("num"));
}

// trans = "trans" [ string ] [ variable *( "," variable ) ] message
//         [ "pluralize" [ name ] message ] "endtrans"
rt__node *rt__parse_trans(rt__parser *p)
{
    rt__ast_trans *n = rt__make(p, trans, TRANS, rt__tok_place(p));
    trans t = {.node = n, .variables = p->stack_len, .trimmed = -1};

    rt_map_init(&t.places, p->arena);
    rt__tok_step(p);
    if (rt__tok_is(p, RT__TOK_STRING)) {
        n->has_context = true;
        n->context = p->tok.text;
        rt__tok_step(p);
    }
    parse_variables(p, &t);
    message m = parse_message(p, &t,
                              RT__WORD_BIT(RT__WORD_ENDTRANS) |
                                  RT__WORD_BIT(RT__WORD_PLURALIZE));
    n->singular = text_of(p, &t, &m.format);
    n->singular_plain = text_of(p, &t, &m.plain);
    if (rt__word_is(p, RT__WORD_PLURALIZE))
        parse_pluralize(p, &t);
    rt__tok_step(p);
    n->variables = rt__nodes_take(p, t.variables);
    return &n->node;
}
