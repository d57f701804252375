// The switch for AArch64 (AAPCS64). See switch.h, and switch_x86_64.S for the
// idea.
//
// Where branch target identification is in force the switch ends in a return,
// though that is mispredicted, because a jump may not land behind a call.
#include "base/switch.h"

#ifdef RT_SWITCH_AARCH64

#ifdef __ARM_FEATURE_BTI_DEFAULT
#define GO_ON ret
#else
#define GO_ON br x30
#endif

// Load what rt__switch has saved, and take its frame away.
    .macro RESTORE
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
    .endm

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

    RESTORE
    GO_ON
    .cfi_endproc
    .size   rt__switch, . - rt__switch

    .globl  rt__switch_start
    .hidden rt__switch_start
    .type   rt__switch_start, %function
    .p2align 4
// The first thing on a new stack, entered by the switch with `entry` in x19,
// `then` in x21 and `arg` in x20. There is no caller: the undefined return
// address is where debuggers and unwinders stop.
    .cfi_startproc
    .cfi_undefined x30
    nop // unwinders look up the byte before the address they return to
rt__switch_start:
    mov     x29, #0
    mov     x30, #0
    mov     x0, x20
    blr     x19
    mov     sp, x0 // nothing below is touched any more
    b       rt__switch_end
    .cfi_endproc
    .size   rt__switch_start, . - rt__switch_start

    .type   rt__switch_end, %function
    .p2align 4
// Where a stack is left for good: the frame is the one that rt__switch made on
// the other stack, and unwinding goes on there.
rt__switch_end:
    .cfi_startproc
    .cfi_def_cfa sp, 160
    .cfi_offset x19, -160
    .cfi_offset x20, -152
    .cfi_offset x21, -144
    .cfi_offset x22, -136
    .cfi_offset x23, -128
    .cfi_offset x24, -120
    .cfi_offset x25, -112
    .cfi_offset x26, -104
    .cfi_offset x27, -96
    .cfi_offset x28, -88
    .cfi_offset x29, -80
    .cfi_offset x30, -72
    mov     x0, x20
    blr     x21
    RESTORE
    ret
    .cfi_endproc
    .size   rt__switch_end, . - rt__switch_end

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
