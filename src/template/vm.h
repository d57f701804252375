// The VM: one render from its first code to its last.
#pragma once

#include <retort/template.h>

#include "template/code.h"
#include "template/env.h"
#include "template/runtime.h"

// The context of a template (jinja2.runtime.Context): what names mean that are
// no local variables. Looked at in this order; each is a dict, or undefined
// where it would be empty.
typedef struct rt__context {
    rt_value vars;    // set at the top level, and shown by a module
    rt_value hidden;  // the same, and not shown
    rt_value overlay; // of an include, an import or a scoped block
    const struct rt__context
        *outer;          // of an include or a block: all of the above
    rt_value base;       // what the render was given
    rt_template *t;      // whose root began it
    rt_template *parent; // it extends
    // The codes of each block, the most derived one first.
    struct rt__block_chain *blocks;
} rt__context;

typedef struct rt__block_chain {
    rt_str name;
    const rt__code **codes;
    size_t len;
    struct rt__block_chain *next;
} rt__block_chain;

// A running code. Frames that closures may point at live as long as the render.
typedef struct rt__frame {
    struct rt__frame *outer; // of the code around this one
    const rt__code *code;
    rt__context *ctx;
    const rt__ins *at; // of the instruction at work, for errors
    rt_value *slots;
    rt_value *stack;
    rt_value *sp;              // above the stack, between two instructions
    const rt_value *constants; // of the template
    rt__name *names;
    uint32_t room; // for values
} rt__frame;

// Captured output.
typedef struct rt__capture {
    rt_buf buf;
    struct rt__capture *outer;
} rt__capture;

typedef struct rt__vm {
    rt_render head; // first: an rt_render is an rt__vm
    bool plain;     // nothing but text is to be done when something is printed
    bool metered;   // turns of loops are counted
    rt_buf *out;    // what is printed to: the output, or a capture
    rt_buf *top;    // the output
    rt__capture *captures;
    rt__frame *frame; // the innermost
    rt_template_env *env;
    rt_template_writer *write; // streaming
    void *write_arg;
    size_t flushed;             // bytes that have been written
    rt_value globals;           // of this render
    void *data;                 // for functions of the host
    struct rt__module *modules; // imported without context
    rt__frame *spare;           // ended, to be used again; linked by `outer`
} rt__vm;

static inline rt__vm *rt__vm_of(rt_render *r)
{
    return (rt__vm *)r;
}

// Run a code to its end. Its frame is set up by the caller. For filters of loops
// `*out` is their verdict.
rt_status rt__vm_run(rt__vm *vm, rt__frame *frame, rt_value *out);

// Do the instruction at frame->at, one of those that vm.c leaves to others. Sets
// frame->at to the last one that was done, and frame->sp.
rt_status rt__vm_do(rt__vm *vm, rt__frame *frame);

// Count one level of calls; the caller takes it off again. Fails when they are
// nested too deep.
rt_status rt__enter(rt__vm *vm);

// Have what is printed collected, and take what was.
void rt__capture_begin(rt__vm *vm);
rt_str rt__capture_end(rt__vm *vm);

// Note that an error came through a macro, block, include ...; so many at most.
#define RT__ERROR_FRAMES_MAX 32
void rt__error_frame(rt__vm *vm, const char *what, rt_str name);

// A frame for a code; all slots are absent.
rt__frame *rt__frame_new(rt__vm *vm, const rt__code *code, rt__frame *outer,
                         rt__context *ctx);

// What a name means in a context, or absent.
rt_value rt__context_lookup(const rt__vm *vm, const rt__context *ctx,
                            rt_str name, uint64_t hash);
// Add all that a context has of its own to a dict.
void rt__context_collect(const rt__context *ctx, rt_value into);

// ---- closures.c: what can be called that is made of code ----------------------

rt_value rt__macro_new(rt__vm *vm, const rt__code *code);
rt_value rt__super_new(rt__vm *vm, rt__context *ctx, rt_str block,
                       const rt__code *code);
rt_value rt__self_new(rt__vm *vm, rt__context *ctx);
bool rt__is_closure(rt_value v);
// As everywhere below: where `out` is NULL, the text is printed instead.
rt_status rt__closure_call(rt__vm *vm, rt_value callee, const rt_value *args,
                           size_t n, const rt_value *named, size_t n_named,
                           rt_value *out);

// Run a code with its output captured: what macros, super and loops return. Or,
// where `out` is NULL, just run it.
rt_status rt__run_captured(rt__vm *vm, rt__frame *frame, rt_value *out);

// ---- loop.c ----------------------------------------------------------------------

// The state of a loop; as a value, the template's `loop`. What follows is in
// loop.c.
typedef struct rt__loop {
    rt_object object;
    rt__iter iter;
    bool quick; // through a list, and nothing else is to be done
} rt__loop;

rt_status rt__loop_start(rt__vm *vm, rt_value *slot, rt_value iterable,
                         bool extended);
void rt__loop_set_filter(rt_value slot, const rt__code *filter,
                         rt__frame *frame);
void rt__loop_set_recursive(rt_value slot, const rt__code *body,
                            rt__frame *frame, int depth);
// False at the end, or after an error.
bool rt__loop_next(rt__vm *vm, rt__loop *loop, rt_value *item);
bool rt__is_loop(rt_value v);
rt__loop_member rt__loop_member_find(rt_str name);
rt_value rt__loop_attr(rt__vm *vm, rt_value loop, rt__loop_member member,
                       rt_str name);
// cycle and changed; NULL: no such method.
const rt__builtin *rt__loop_method(rt_str name);
rt_status rt__loop_run(rt__vm *vm, const rt__code *body, rt__frame *outer,
                       rt_value iterable, int depth, rt_value *out);
rt_status rt__loop_call(rt__vm *vm, rt_value loop, rt_value iterable,
                        rt_value *out);

// ---- inherit.c: other templates ------------------------------------------------------

// The text of a template's name; TypeError for what is none.
rt_status rt__template_name(rt__vm *vm, rt_value name, rt_str *out);
void rt__context_add_blocks(rt__vm *vm, rt__context *ctx, const rt_template *t);
rt_status rt__extends(rt__vm *vm, rt__context *ctx, rt_value name);
rt_status rt__run_parent(rt__vm *vm, rt__context *ctx);
rt_status rt__run_block(rt__vm *vm, rt__context *ctx, rt_str name,
                        const rt__code *asked, rt_value locals, unsigned flags);
rt_status rt__include(rt__vm *vm, rt__context *ctx, rt_value name,
                      rt_value locals, unsigned flags);
rt_status rt__import(rt__vm *vm, rt__context *ctx, rt_value name,
                     rt_value locals, bool with_context, rt_value *out);
rt_status rt__module_member(rt__vm *vm, rt_value module, rt__name *name,
                            rt_value *out);
#define RT__INCLUDE_IGNORE_MISSING  1u
#define RT__INCLUDE_WITHOUT_CONTEXT 2u
#define RT__BLOCK_SCOPED            1u
#define RT__BLOCK_REQUIRED          2u

// ---- i18n.c and debug.c -------------------------------------------------------------

// gettext and its kind, where the environment has a translator; NULL: no such
// name.
const rt__builtin *rt__i18n_find(const rt_template_env *env, rt_str name);
rt_status rt__debug_text(rt__vm *vm, const rt__context *ctx, rt_value *out);
