// Trees as text, for people and golden files:
//
//     for @1
//       target: name x store @1
//       iter: name xs @1
//       body:
//         output @1
//           items:
//             data "text" @1
//
// Behind the kind come the fields that are no nodes, then the line. What is
// empty or false is left out. The texts of a kind that has several are named.
#include "template/ast.h"
#include "template/token.h"

static void put_indent(rt_buf *out, size_t depth)
{
    rt_buf_put_repeat(out, ' ', 2 * depth);
}

static const char *op_text(rt__op op)
{
    switch (op) {
    case RT__ADD: return "+";
    case RT__SUB: return "-";
    case RT__MUL: return "*";
    case RT__DIV: return "/";
    case RT__FLOORDIV: return "//";
    case RT__MOD: return "%";
    case RT__POW: return "**";
    }
    return "?";
}

static const char *cmp_text(rt__cmp cmp)
{
    switch (cmp) {
    case RT__EQ: return "==";
    case RT__NE: return "!=";
    case RT__LT: return "<";
    case RT__LE: return "<=";
    case RT__GT: return ">";
    case RT__GE: return ">=";
    case RT__IN: return "in";
    case RT__NOT_IN: return "not in";
    }
    return "?";
}

static void put_value(rt_buf *out, rt_value value)
{
    if (rt_value_is_text(value)) {
        rt__put_quoted(out, rt_value_as_str(value));
    } else {
        rt_value_put_repr(out, value);
    }
}

static void put_text(rt_buf *out, const rt__field *field, rt_str text,
                     bool named)
{
    if (named && !text.len)
        return;
    rt_buf_put_char(out, ' ');
    if (named) {
        rt_buf_put_cstr(out, field->name);
        rt_buf_put_char(out, '=');
    }
    rt__put_quoted(out, text);
}

static bool has_texts(const rt__kind_info *info)
{
    size_t count = 0;

    for (size_t i = 0; i < info->fields_len; i++)
        count += info->fields[i].type == RT__FIELD_TEXT;
    return count > 1;
}

// A field that is no node; nothing when it is empty.
static void put_scalar(rt_buf *out, const rt__field *field, const void *at,
                       bool named)
{
    switch (field->type) {
    case RT__FIELD_NAME:
        rt_buf_put_char(out, ' ');
        rt_buf_put(out, *(const rt_str *)at);
        break;
    case RT__FIELD_TEXT:
        put_text(out, field, *(const rt_str *)at, named);
        break;
    case RT__FIELD_VALUE:
        rt_buf_put_char(out, ' ');
        put_value(out, *(const rt_value *)at);
        break;
    case RT__FIELD_FLAG:
        if (*(const bool *)at) {
            rt_buf_put_char(out, ' ');
            rt_buf_put_cstr(out, field->name);
        }
        break;
    case RT__FIELD_OP:
        rt_buf_put_char(out, ' ');
        rt_buf_put_cstr(out, op_text(*(const rt__op *)at));
        break;
    case RT__FIELD_CMP:
        rt_buf_put_char(out, ' ');
        rt_buf_put_cstr(out, cmp_text(*(const rt__cmp *)at));
        break;
    default: break;
    }
}

static void put_node(rt_buf *out, const rt__node *node, size_t depth);

static void put_field_name(rt_buf *out, const rt__field *field, size_t depth)
{
    put_indent(out, depth);
    rt_buf_put_cstr(out, field->name);
    rt_buf_put_char(out, ':');
}

static void put_children(rt_buf *out, const rt__field *field, const void *at,
                         size_t depth)
{
    if (field->type == RT__FIELD_LIST) {
        const rt__nodes *list = at;
        if (!list->len)
            return;
        put_field_name(out, field, depth);
        rt_buf_put_char(out, '\n');
        for (size_t i = 0; i < list->len; i++) {
            put_indent(out, depth + 1);
            put_node(out, list->items[i], depth + 1);
        }
    } else if (field->type == RT__FIELD_NODE ||
               field->type == RT__FIELD_MAYBE) {
        const rt__node *child = *(rt__node *const *)at;
        if (!child)
            return;
        put_field_name(out, field, depth);
        rt_buf_put_char(out, ' ');
        put_node(out, child, depth);
    }
}

static void put_node(rt_buf *out, const rt__node *node, size_t depth)
{
    const rt__kind_info *info = rt__kind_info_of(node->kind);
    const char *base = (const char *)node;
    bool named = has_texts(info);

    rt_buf_put_cstr(out, info->name);
    for (size_t i = 0; i < info->fields_len; i++)
        put_scalar(out, &info->fields[i], base + info->fields[i].offset, named);
    rt_buf_put_cstr(out, " @");
    rt_buf_put_uint(out, node->line);
    rt_buf_put_char(out, '\n');
    for (size_t i = 0; i < info->fields_len; i++) {
        put_children(out, &info->fields[i], base + info->fields[i].offset,
                     depth + 1);
    }
}

void rt__ast_dump(const rt__node *node, rt_buf *out)
{
    put_node(out, node, 0);
}
