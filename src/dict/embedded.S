/* The default dictionary as the build compiled it, in the library's read-only data. Aligned to 64 as its sections are. */
#if defined(__x86_64__) || defined(__i386__)
#define PROGBITS @progbits
#else
#define PROGBITS %progbits
#endif
    .section .rodata.sm_embedded_dict, "a", PROGBITS
    .balign 64
    .globl sm_embedded_dict
    .hidden sm_embedded_dict
    .type sm_embedded_dict, %object
sm_embedded_dict:
    .incbin "default.smd"
    .globl sm_embedded_dict_end
    .hidden sm_embedded_dict_end
    .type sm_embedded_dict_end, %object
sm_embedded_dict_end:
    .byte 0
    .size sm_embedded_dict, sm_embedded_dict_end - sm_embedded_dict
    .section .note.GNU-stack, "", PROGBITS
