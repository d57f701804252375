#include "template/token.h"

void rt__put_quoted(rt_buf *out, rt_str text)
{
    rt_buf_put_char(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];

        switch (c) {
        case '\n': rt_buf_put_cstr(out, "\\n"); break;
        case '\r': rt_buf_put_cstr(out, "\\r"); break;
        case '\t': rt_buf_put_cstr(out, "\\t"); break;
        case '"': rt_buf_put_cstr(out, "\\\""); break;
        case '\\': rt_buf_put_cstr(out, "\\\\"); break;
        default:
            if ((unsigned char)c < 0x20 || c == 0x7f) {
                rt_buf_put_cstr(out, "\\x");
                rt_buf_put_hex(out, (unsigned char)c, 2);
            } else {
                rt_buf_put_char(out, c);
            }
        }
    }
    rt_buf_put_char(out, '"');
}

static bool has_text(rt__token_kind kind)
{
    switch (kind) {
    case RT__TOK_DATA:
    case RT__TOK_NAME:
    case RT__TOK_STRING:
    case RT__TOK_INTEGER:
    case RT__TOK_FLOAT: return true;
    default: return false;
    }
}

rt_status rt__tokens_dump(const rt_template_syntax *syntax, rt_str source,
                          rt_arena *arena, rt_buf *out,
                          rt_template_error *error)
{
    rt__lexer lexer;
    rt__token token;
    rt_status st = rt__lexer_init(&lexer, arena, syntax, source, false, error);

    if (st)
        return st;
    do {
        rt__lexer_next(&lexer, &token);
        if (token.kind == RT__TOK_ERROR) {
            return error->kind == RT_TEMPLATE_LIMIT_ERROR ? RT_E_LIMIT
                                                          : RT_E_SYNTAX;
        }
        rt_buf_put_uint(out, token.line);
        rt_buf_put_char(out, ' ');
        rt_buf_put_cstr(out, rt__token_kind_name(token.kind));
        if (has_text(token.kind)) {
            rt_buf_put_char(out, ' ');
            rt__put_quoted(out, token.text);
        }
        rt_buf_put_char(out, '\n');
    } while (token.kind != RT__TOK_END);
    return out->status;
}
