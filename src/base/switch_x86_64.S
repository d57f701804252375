// The switch for x86-64 (System V ABI): save what a function must preserve,
// change the stack pointer, restore the same, go on. See switch.h.
//
// It ends in a jump instead of a return. The processor predicts a return from
// the calls it has seen, and the last call was made on the other stack; so a
// return would be mispredicted every time and cost more than all the rest. For
// the same reason coroutine.c calls it last, which compiles to a jump. Only the
// end of a coroutine is a return: it fits the call by which it was resumed, and
// after it the prediction is right for everything above.
//
// MXCSR and the x87 control word stay the thread's (coroutine.h says so);
// loading them would double the cost.
#include "base/switch.h"

#ifdef RT_SWITCH_X86_64

// Under indirect branch tracking an indirect call must land on endbr64. The
// jump lands behind a call instead, hence its notrack.
#if defined(__CET__) && (__CET__ & 1)
#define LANDING endbr64
#else
#define LANDING
#endif

    .text
    .globl  rt__switch
    .hidden rt__switch
    .type   rt__switch, @function
    .p2align 4
// void rt__switch(void **from, void *to)
rt__switch:
    .cfi_startproc
    LANDING
    pushq   %rbp
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset %rbp, 0
    pushq   %rbx
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset %rbx, 0
    pushq   %r12
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset %r12, 0
    pushq   %r13
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset %r13, 0
    pushq   %r14
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset %r14, 0
    pushq   %r15
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset %r15, 0

    // Both stacks have the same shape here, so the unwinding tables hold for
    // the one we leave and for the one we enter.
    movq    %rsp, (%rdi)
    movq    %rsi, %rsp

    popq    %r15
    .cfi_adjust_cfa_offset -8
    .cfi_restore %r15
    popq    %r14
    .cfi_adjust_cfa_offset -8
    .cfi_restore %r14
    popq    %r13
    .cfi_adjust_cfa_offset -8
    .cfi_restore %r13
    popq    %r12
    .cfi_adjust_cfa_offset -8
    .cfi_restore %r12
    popq    %rbx
    .cfi_adjust_cfa_offset -8
    .cfi_restore %rbx
    popq    %rbp
    .cfi_adjust_cfa_offset -8
    .cfi_restore %rbp
    popq    %rcx
    .cfi_adjust_cfa_offset -8
    .cfi_register %rip, %rcx
    notrack jmpq *%rcx
    .cfi_endproc
    .size   rt__switch, . - rt__switch

    .globl  rt__switch_start
    .hidden rt__switch_start
    .type   rt__switch_start, @function
    .p2align 4
// The first thing on a new stack, entered by the jump above with `entry` in
// r12, `then` in r14 and `arg` in r13. There is no caller: the undefined return
// address is where debuggers and unwinders stop.
    .cfi_startproc
    .cfi_undefined %rip
    nop // unwinders look up the byte before the address they return to
rt__switch_start:
    LANDING
    xorl    %ebp, %ebp
    movq    %r13, %rdi
    callq   *%r12
    movq    %rax, %rsp // nothing below is touched any more
    jmp     rt__switch_end
    .cfi_endproc
    .size   rt__switch_start, . - rt__switch_start

    .type   rt__switch_end, @function
    .p2align 4
// Where a stack is left for good: the frame is the one that rt__switch made on
// the other stack, and unwinding goes on there.
rt__switch_end:
    .cfi_startproc
    .cfi_def_cfa %rsp, 56
    .cfi_offset %rbp, -16
    .cfi_offset %rbx, -24
    .cfi_offset %r12, -32
    .cfi_offset %r13, -40
    .cfi_offset %r14, -48
    .cfi_offset %r15, -56
    subq    $8, %rsp // aligned for a call
    .cfi_adjust_cfa_offset 8
    movq    %r13, %rdi
    callq   *%r14
    addq    $8, %rsp
    .cfi_adjust_cfa_offset -8
    popq    %r15
    .cfi_adjust_cfa_offset -8
    .cfi_restore %r15
    popq    %r14
    .cfi_adjust_cfa_offset -8
    .cfi_restore %r14
    popq    %r13
    .cfi_adjust_cfa_offset -8
    .cfi_restore %r13
    popq    %r12
    .cfi_adjust_cfa_offset -8
    .cfi_restore %r12
    popq    %rbx
    .cfi_adjust_cfa_offset -8
    .cfi_restore %rbx
    popq    %rbp
    .cfi_adjust_cfa_offset -8
    .cfi_restore %rbp
    retq
    .cfi_endproc
    .size   rt__switch_end, . - rt__switch_end

// Indirect branch tracking is kept to, shadow stacks are not: nothing switches
// those. An object says so in this note, and the linker takes the common part.
#if defined(__CET__) && (__CET__ & 1)
    .section .note.gnu.property, "a", @note
    .p2align 3
    .long   4
    .long   16
    .long   5
    .asciz  "GNU"
    .long   0xc0000002
    .long   4
    .long   1
    .long   0
#endif

#endif

    .section .note.GNU-stack, "", @progbits
