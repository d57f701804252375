// Bytecode: what the compiler makes of a template and the VM runs.
//
// A template is a set of codes: its root, one per block, one per macro, call
// body, recursive loop and loop filter. Each runs in a frame with slots for its
// variables and a stack for its expressions. A code that stands inside another
// one reaches the outer frame's slots, which live as long as the render; so a
// macro sees the variables of its definition as they are when it is called.
#pragma once

#include <retort/base/map.h>
#include <retort/template.h>

#include "template/runtime.h"

// name        operands                      stack: before -- after
// `a` is a signed number (an index or a jump), `b` and `c` are small ones.
// First those that pages are full of (vm.c), then the others (instructions.c).
#define RT__COMMON_OPCODES(X)                                                  \
    X(TEXT)         /* a: constant                       --                 */ \
    X(OUT)          /*                             value --                 */ \
    X(OUT_SLOT)     /* a: slot                           --                 */ \
    X(OUT_ATTR)     /* a: name, c: slot                  -- (slot.name)     */ \
    X(TEXT_SLOT)    /* a: constant, c: slot; TEXT, then OUT_SLOT            */ \
    X(TEXT_ATTR)    /* a: constant, b: slot, c: name; TEXT, then OUT_ATTR   */ \
    X(CONST)        /* a: constant                       -- value           */ \
    X(NONE)         /*                                   -- none            */ \
    X(LOAD)         /* a: slot                           -- value           */ \
    X(LOAD_RAW)     /* a: slot                           -- value or absent */ \
    X(STORE)        /* a: slot                     value --                 */ \
    X(CLEAR)        /* a: slot                           --                 */ \
    X(COPY)         /* a: slot, c: from slot             --                 */ \
    X(RESOLVE)      /* a: slot, c: name                  --                 */ \
    X(POP)          /*                             value --                 */ \
    X(ATTR)         /* a: name                    object -- object.name     */ \
    X(LOAD_ATTR)    /* a: name, c: slot                  -- slot.name       */ \
    X(NOT)          /*                                 x -- not x           */ \
    X(COMPARE)      /* b: rt__cmp                    x y -- x op y          */ \
    X(JUMP)         /* a: to                             --                 */ \
    X(JUMP_UNLESS)  /* a: to, b: rt__cmp; COMPARE, JUMP_FALSE  x y --       */ \
    X(JUMP_FALSE)   /* a: to                           x --                 */ \
    X(JUMP_TRUE)    /* a: to                           x --                 */ \
    X(AND)          /* a: to, when false; x stays      x -- x | --          */ \
    X(OR)           /* a: to, when true; x stays       x -- x | --          */ \
    X(JUMP_ABSENT)  /* a: to, c: slot; when absent       --                 */ \
    X(JUMP_GIVEN)   /* a: to, c: slot; when not absent   --                 */ \
    X(JUMP_PARENT)  /* a: to, when extended              --                 */ \
    X(ITER)         /* a: loop slot, b: flags   iterable --                */  \
    X(NEXT)         /* a: to at the end, c: loop slot    -- item            */ \
    X(NEXT_SLOT)    /* the same, b: slot for the item    --                 */ \
    X(AGAIN)        /* a: to a NEXT_SLOT, which it does  --                 */ \
    X(RETURN)       /*                                   --                 */ \
    X(RETURN_VALUE) /*                             value --                 */

#define RT__OTHER_OPCODES(X)                                                     \
    X(LOAD_OUTER)  /* a: slot, b: frames up             -- value          */     \
    X(STORE_OUTER) /* a: slot, b: frames up       value --                */     \
    X(COPY_OUTER)  /* a: slot, b: up, c: its slot       --                */     \
    X(EXPORT)      /* a: name, b: 1 public        value -- value          */     \
    X(DUP)         /*                             value -- value value    */     \
    X(SWAP)        /*                               x y -- y x            */     \
    X(ROT3)        /*                             x y z -- z x y          */     \
    X(ITEM)        /*                        object key -- object[key]    */     \
    X(SLICE)       /*            object start stop step -- object[::]     */     \
    X(BINARY)      /* b: rt__op                     x y -- x op y         */     \
    X(NEGATE)      /*                                 x -- -x             */     \
    X(POSITIVE)    /*                                 x -- +x             */     \
    X(CONCAT)      /* a: n, b: as plain text    x1 .. xn -- text          */     \
    X(LIST)        /* a: n                      x1 .. xn -- list          */     \
    X(TUPLE)       /* a: n                      x1 .. xn -- tuple         */     \
    X(DICT)        /* a: n                 k1 v1 .. kn vn -- dict         */     \
    X(UNPACK)      /* a: n                      iterable -- xn .. x1      */     \
    X(CALL)        /* a: args, c: named; b: 1 extra  f x.. n v.. -- value */     \
    X(CALL_METHOD) /* the same; the callee is object, name                */     \
    X(FILTER)      /* a: use, b: as CALL, c: args       x.. -- value      */     \
    X(TEST)        /* the same                          x.. -- bool       */     \
    X(LOOP_FILTER) /* a: code, c: loop slot             --                */     \
    X(RECURSE)     /* a: code                  iterable -- text           */     \
    X(RECURSIVE_ITER) /* a: loop slot                     --                 */  \
    X(MACRO)         /* a: code                           -- macro          */   \
    X(CAPTURE)       /*                                   --                */   \
    X(CAPTURED)      /* b: 1 markup, 2 as escaping says   -- text           */   \
    X(MARKUP)        /*                              text -- safe or text   */   \
    X(ESCAPING)      /* a: slot for the old mode     mode --                */   \
    X(ESCAPING_BACK) /* a: slot                           --                */   \
    X(BLOCK)         /* a: name, b: 1 scoped 2 required 4 ..  [locals] --   */   \
    X(EXTENDS)       /*                              name --                */   \
    X(PARENT)        /*                                   --                */   \
    X(INCLUDE)       /* b: flags             name [locals] --               */   \
    X(IMPORT)        /* b: 1 with context    name [locals] -- module        */   \
    X(MEMBER)        /* a: name                    module -- module value   */   \
    X(SELF)          /*                                   -- self           */   \
    X(SUPER)         /* a: name                           -- super          */   \
    X(NAMESPACE_SET) /* a: name              value object --                */   \
    X(CHECK_NAMESPACE) /*                          object --                  */ \
    X(UNDEFINED) /* a: constant (hint), c: name+1     -- undefined      */       \
    X(DEBUG)     /*                                   -- text           */       \
    X(FAIL)      /* a: constant, b: kind              --                */

#define RT__OPCODES(X)    \
    RT__COMMON_OPCODES(X) \
    RT__OTHER_OPCODES(X)

typedef enum rt__opcode {
#define OPCODE(name) RT__OP_##name,
    RT__OPCODES(OPCODE)
#undef OPCODE
    RT__OP_COUNT
} rt__opcode;

// Kinds of OUT in `b`: text that is markup already; constants, as Jinja treats
// them when it compiles: escaped, if the mode known then says so, before they are
// finalized.
#define RT__OUT_RAW     1u
#define RT__OUT_ESCAPED 2u
#define RT__OUT_PLAIN   3u

// Flags of calls, filters and tests in `b`: *args lies behind the named ones, and
// **kwargs behind it.
#define RT__EXTRA_ARGS  1u
#define RT__EXTRA_NAMED 2u

typedef struct rt__ins {
    uint8_t op;
    uint8_t b;
    uint16_t c;
    int32_t a;
} rt__ins;

// What a template can ask of `loop`.
#define RT__LOOP_MEMBERS(X) \
    X(index)                \
    X(index0)               \
    X(first)                \
    X(last)                 \
    X(length)               \
    X(revindex)             \
    X(revindex0)            \
    X(depth)                \
    X(depth0)               \
    X(previtem)             \
    X(nextitem)             \
    X(cycle)                \
    X(changed)

typedef enum rt__loop_member {
    RT__LOOP_NONE,
#define MEMBER(name) RT__LOOP_##name,
    RT__LOOP_MEMBERS(MEMBER)
#undef MEMBER
} rt__loop_member;

// A name with its hash, so that looking it up does not hash it again. An
// attribute has one for each place that asks for it.
typedef struct rt__name {
    rt_dict_key key;
    bool is_entry;  // as an attribute of a dict it is the entry: no method
    uint8_t member; // rt__loop_member: as an attribute of `loop`
} rt__name;

// Texts of templates are copied in blocks: so many bytes behind them are theirs.
#define RT__TEXT_SLACK 16u

// A filter or test at the place where it is used.
typedef struct rt__use {
    rt_str name;
    const rt__builtin *builtin;     // or
    const struct rt__host_fn *host; // or neither: an error when it is reached
} rt__use;

typedef enum rt__code_kind {
    RT__CODE_ROOT,
    RT__CODE_BLOCK,
    RT__CODE_MACRO,
    RT__CODE_LOOP,   // the body of a recursive loop
    RT__CODE_FILTER, // the condition of a loop
} rt__code_kind;

typedef struct rt__code {
    rt__code_kind kind;
    rt_str name; // of a block or macro
    rt_template *owner;
    rt__ins *ins;
    uint32_t *places; // offset in the source, one per instruction
    uint32_t len;
    uint32_t slots;
    uint32_t stack;
    rt_str *slot_names; // for messages about undefined variables
    uint32_t place;     // of the definition
    // Macros: parameters are the first slots.
    uint16_t params;
    uint16_t params_named; // slots of kwargs, varargs and caller follow
    int16_t kwargs_slot;   // -1: none
    int16_t varargs_slot;
    int16_t caller_slot;
    bool caller_explicit; // it is one of the parameters
    bool required;        // blocks
    bool keeps_frame;     // something it makes may use its frame later
} rt__code;

typedef struct rt__block_entry {
    rt_str name;
    const rt__code *code;
} rt__block_entry;

struct rt_template {
    rt_arena arena; // everything of the template
    rt_template_env *env;
    rt_str name; // data is NULL without one
    rt_str file;
    rt_str source;
    uint64_t stamp;
    int references;
    bool autoescape; // at the start of its codes

    const rt__code *root;
    rt__block_entry *blocks;
    size_t blocks_len;
    rt__code **codes;
    size_t codes_len;
    rt_value *constants;
    size_t constants_len;
    rt__name *names;
    size_t names_len;
    rt__use *uses;
    size_t uses_len;
    bool has_extends;
};

// Compile the source of `t`, whose arena, env, name and source are set; as one
// expression, the root returns its value. `problems` is told each unknown filter
// and test, `*error` is the first problem; NULL where nobody wants to know.
typedef struct rt__problems {
    rt_template_problem *tell;
    void *arg;
    size_t told;
} rt__problems;

rt_status rt__template_compile(rt_template *t, rt_arena *scratch,
                               bool expression, rt__problems *problems,
                               rt_template_error *error);

// Write the codes of a template as text, for people.
void rt__template_dump_code(const rt_template *t, rt_buf *out);
