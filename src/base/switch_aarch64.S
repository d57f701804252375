// The switch for AArch64 (AAPCS64). See switch.h, and switch_x86_64.S for the
// idea.
//
// It ends in a return, though that is mispredicted, because under branch target
// identification a jump could not land behind a call.
#include "base/switch.h"

#ifdef RT_SWITCH_AARCH64

    .text
    .globl  rt__switch
    .hidden rt__switch
    .type   rt__switch, %function
    .p2align 4
// void rt__switch(void **from, void *to)
//
//   sp + 0    x19..x28
//   sp + 80   x29 (frame), x30 (return address)
//   sp + 96   d8..d15
rt__switch:
    .cfi_startproc
    hint    #34 // bti c
    sub     sp, sp, #160
    .cfi_adjust_cfa_offset 160
    stp     x19, x20, [sp, #0]
    stp     x21, x22, [sp, #16]
    stp     x23, x24, [sp, #32]
    stp     x25, x26, [sp, #48]
    stp     x27, x28, [sp, #64]
    stp     x29, x30, [sp, #80]
    .cfi_rel_offset x19, 0
    .cfi_rel_offset x20, 8
    .cfi_rel_offset x21, 16
    .cfi_rel_offset x22, 24
    .cfi_rel_offset x23, 32
    .cfi_rel_offset x24, 40
    .cfi_rel_offset x25, 48
    .cfi_rel_offset x26, 56
    .cfi_rel_offset x27, 64
    .cfi_rel_offset x28, 72
    .cfi_rel_offset x29, 80
    .cfi_rel_offset x30, 88
    stp     d8, d9, [sp, #96]
    stp     d10, d11, [sp, #112]
    stp     d12, d13, [sp, #128]
    stp     d14, d15, [sp, #144]

    // Both stacks have the same shape here, so the unwinding tables hold for
    // the one we leave and for the one we enter.
    mov     x9, sp
    str     x9, [x0]
    mov     sp, x1

    ldp     x19, x20, [sp, #0]
    ldp     x21, x22, [sp, #16]
    ldp     x23, x24, [sp, #32]
    ldp     x25, x26, [sp, #48]
    ldp     x27, x28, [sp, #64]
    ldp     x29, x30, [sp, #80]
    ldp     d8, d9, [sp, #96]
    ldp     d10, d11, [sp, #112]
    ldp     d12, d13, [sp, #128]
    ldp     d14, d15, [sp, #144]
    add     sp, sp, #160
    .cfi_adjust_cfa_offset -160
    .cfi_restore x19
    .cfi_restore x20
    .cfi_restore x21
    .cfi_restore x22
    .cfi_restore x23
    .cfi_restore x24
    .cfi_restore x25
    .cfi_restore x26
    .cfi_restore x27
    .cfi_restore x28
    .cfi_restore x29
    .cfi_restore x30
    ret
    .cfi_endproc
    .size   rt__switch, . - rt__switch

    .globl  rt__switch_start
    .hidden rt__switch_start
    .type   rt__switch_start, %function
    .p2align 4
// The first thing on a new stack, entered by the return above with the entry
// function in x19 and its argument in x20. There is no caller: the undefined
// return address is where debuggers and unwinders stop.
rt__switch_start:
    .cfi_startproc
    .cfi_undefined x30
    mov     x29, #0
    mov     x30, #0
    mov     x0, x20
    blr     x19
    brk     #1
    .cfi_endproc
    .size   rt__switch_start, . - rt__switch_start

#ifdef __ARM_FEATURE_BTI_DEFAULT
    .section .note.gnu.property, "a", %note
    .p2align 3
    .word   4
    .word   16
    .word   5
    .asciz  "GNU"
    .word   0xc0000000
    .word   4
    .word   1
    .word   0
#endif

#endif

    .section .note.GNU-stack, "", %progbits
