/* The kernels of this build. */
#include "scan/walk.h"

typedef struct of_kernel {
    scan_kernel *walk;
    scan_ask_letters *ask_letters;
} of_kernel;

static const of_kernel table[] = {
    [SM_KERNEL_C] = {scan_kernel_c, scan_ask_letters_c},
#if defined(__x86_64__)
    [SM_KERNEL_AVX2] = {scan_kernel_avx2, scan_ask_letters_c},
    [SM_KERNEL_AVX512] = {scan_kernel_avx512, scan_ask_letters_avx512},
#elif defined(__aarch64__)
    [SM_KERNEL_NEON] = {scan_kernel_neon, scan_ask_letters_c},
#endif
};

scan_kernel *scan_kernel_of(uint32_t kernel) {
    return table[kernel].walk;
}

scan_ask_letters *scan_ask_letters_of(uint32_t kernel) {
    return table[kernel].ask_letters;
}
