// Any text is a template or has an error in one of its lines. A tree has its
// nodes where they say they are, one above the other, and its copy is dumped as
// it is itself.
//
// The first byte chooses the options, the second one the delimiters.
//
// covers: src/template/lexer.c
// covers: src/template/lexer_root.c
// covers: src/template/lexer_tag.c
// covers: src/template/lexer_string.c
// covers: src/template/chars.c
// covers: src/template/parser.c
// covers: src/template/parser_expr.c
// covers: src/template/parser_primary.c
// covers: src/template/parser_stmt.c
// covers: src/template/parser_import.c
// covers: src/template/parser_trans.c
// covers: src/template/token.c
#include <stdint.h>
#include <stdlib.h>

#include <retort/base/utf8.h>

#include "template/ast.h"
#include "template/token.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition) ((condition) ? (void)0 : abort())

static const rt_template_syntax kinds[] = {
    {0},
    {.line_statement_prefix = "#", .line_comment_prefix = "##"},
    {.line_statement_prefix = "%",
     .line_comment_prefix = "//",
     .newline_sequence = "\r"},
    {.block_start = "<%",
     .block_end = "%>",
     .variable_start = "<%=",
     .variable_end = "%>",
     .comment_start = "<%#",
     .comment_end = "%>"},
    {.variable_start = "${",
     .variable_end = "}",
     .newline_sequence = "\r\n",
     .line_comment_prefix = "--"},
    {.block_start = "{", .block_end = "}"},
};

static rt_template_syntax syntax_of(unsigned options, unsigned kind)
{
    rt_template_syntax syntax = kinds[kind % RT_COUNT(kinds)];

    syntax.trim_blocks = options & 1;
    syntax.lstrip_blocks = options & 2;
    syntax.keep_trailing_newline = options & 4;
    syntax.ext_do = !(options & 8);
    syntax.ext_loopcontrols = !(options & 16);
    syntax.ext_i18n = !(options & 32);
    syntax.ext_debug = !(options & 64);
    return syntax;
}

static void check_error(rt_arena *arena, rt_str source, rt_status status,
                        const rt_template_error *error)
{
    rt_template_error end = {0};

    rt__source_place(arena, source, source.len, &end);
    MUST(status == RT_E_SYNTAX || status == RT_E_LIMIT || status == RT_E_UTF8);
    MUST((status == RT_E_LIMIT) == (error->kind == RT_TEMPLATE_LIMIT_ERROR));
    MUST(error->line >= 1 && error->line <= end.line);
    MUST(error->column >= 1 && error->column <= source.len + 1);
    MUST(error->message.len > 0 && rt_utf8_valid(error->message));
    MUST(rt_utf8_valid(error->excerpt));
}

// ---- trees ------------------------------------------------------------------

typedef struct check {
    rt_str source;
    uint32_t height; // of the highest child seen
    int depth;
} check;

// The line of each place is counted from the beginning, so only the trees of
// small sources are looked at as closely as that.
static uint32_t line_of(rt_str source, uint32_t offset)
{
    uint32_t line = 1;

    MUST(offset <= source.len);
    for (uint32_t i = 0; i < offset; i++) {
        char c = source.data[i];
        line +=
            c == '\n' ||
            (c == '\r' && (i + 1 == source.len || source.data[i + 1] != '\n'));
    }
    return line;
}

static bool check_node(void *arg, rt__node **child)
{
    check *above = arg;
    const rt__node *node = *child;
    check below = {.source = above->source, .depth = above->depth + 1};

    MUST(node != NULL && node->kind < RT__NODE_COUNT);
    MUST(below.depth <= 2 * RT__BLOCK_DEPTH_MAX + RT__EXPR_HEIGHT_MAX + 2);
    if (above->source.len < 1000)
        MUST(line_of(above->source, node->offset) == node->line);
    rt__node_each_child(*child, check_node, &below);
    MUST(node->height <= RT__EXPR_HEIGHT_MAX);
    if (node->kind >= RT__NODE_KEYWORD)
        MUST(node->height == below.height + 1);
    if (above->height < node->height)
        above->height = node->height;
    return true;
}

static void check_tree(rt_arena *arena, rt_str source, rt__node *root)
{
    check above = {.source = source};
    rt_buf first;
    rt_buf second;

    check_node(&above, &root);
    rt_buf_init(&first, arena);
    rt_buf_init(&second, arena);
    rt__ast_dump(root, &first);
    rt__ast_dump(rt__node_copy(arena, root), &second);
    MUST(first.len > 0);
    MUST(rt_str_eq(rt_buf_str(&first), rt_buf_str(&second)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    rt_template_syntax syntax = syntax_of(data[0], data[1]);
    rt__source source = {.text = rt_str_of(data + 2, size - 2),
                         .syntax = &syntax,
                         .i18n_trimmed = data[0] & 128};
    rt_arena arena = {0};
    rt_arena scratch = {0};
    rt_template_error error = {0};
    rt__node *root = NULL;
    rt_buf tokens;

    rt_buf_init(&tokens, &arena);
    rt_status lexed =
        rt__tokens_dump(&syntax, source.text, &arena, &tokens, &error);
    if (lexed)
        check_error(&arena, source.text, lexed, &error);

    rt_status st = rt__ast_parse(&source, &arena, &scratch, &root, &error);
    if (st)
        check_error(&arena, source.text, st, &error);
    else
        check_tree(&arena, source.text, root);
    MUST(lexed == RT_OK || st != RT_OK);

    st = rt__ast_parse_expression(&source, &arena, &scratch, &root, &error);
    if (st)
        check_error(&arena, source.text, st, &error);
    else
        check_tree(&arena, source.text, root);

    rt_arena_deinit(&arena);
    rt_arena_deinit(&scratch);
    return 0;
}
