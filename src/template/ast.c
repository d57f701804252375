#include "template/ast.h"

#include <stddef.h>
#include <string.h>

const rt__kind_info *rt__kind_info_of(rt__node_kind kind)
{
    // Each case has a type `self`, so that a field needs no name of its struct.
    // The last field, which ends every table, is not counted.
    switch (kind) {
#define FIELD(type, name) {#name, RT__FIELD_##type, offsetof(self, name)},
#define INFO(constant, type, text)                                        \
    case RT__NODE_##constant: {                                           \
        typedef rt__ast_##type self;                                      \
        static const rt__field fields[] = {RT__AST_##constant(FIELD){0}}; \
        static const rt__kind_info info = {text, sizeof(self), fields,    \
                                           RT_COUNT(fields) - 1};         \
        return &info;                                                     \
    }
        RT__NODES(INFO)
#undef INFO
#undef FIELD
    default: break;
    }
    rt_panic("a node of no kind: %d", (int)kind);
}

static void *field_of(rt__node *node, const rt__field *field)
{
    return (char *)node + field->offset;
}

bool rt__node_each_child(rt__node *node, rt__visit_fn *visit, void *arg)
{
    const rt__kind_info *info = rt__kind_info_of(node->kind);

    for (size_t i = 0; i < info->fields_len; i++) {
        void *field = field_of(node, &info->fields[i]);

        switch (info->fields[i].type) {
        case RT__FIELD_NODE:
        case RT__FIELD_MAYBE: {
            rt__node **child = field;
            if (*child && !visit(arg, child))
                return false;
            break;
        }
        case RT__FIELD_LIST: {
            rt__nodes *list = field;
            for (size_t k = 0; k < list->len; k++) {
                if (!visit(arg, &list->items[k]))
                    return false;
            }
            break;
        }
        default: break;
        }
    }
    return true;
}

rt__node *rt__node_new(rt_arena *arena, rt__node_kind kind,
                       const rt__node *place)
{
    rt__node *node = rt_arena_zalloc(arena, rt__kind_info_of(kind)->bytes);

    node->kind = kind;
    node->line = place->line;
    node->offset = place->offset;
    node->height = 1;
    return node;
}

static bool copy_child(void *arg, rt__node **child)
{
    *child = rt__node_copy(arg, *child);
    return true;
}

rt__node *rt__node_copy(rt_arena *arena, const rt__node *node)
{
    const rt__kind_info *info = rt__kind_info_of(node->kind);
    rt__node *copy = rt_arena_copy(arena, node, info->bytes);

    // The lists are copied first, for the children are replaced in place.
    for (size_t i = 0; i < info->fields_len; i++) {
        if (info->fields[i].type != RT__FIELD_LIST)
            continue;
        rt__nodes *list = field_of(copy, &info->fields[i]);
        list->items =
            rt_arena_copy(arena, list->items, list->len * sizeof(rt__node *));
    }
    rt__node_each_child(copy, copy_child, arena);
    return copy;
}
