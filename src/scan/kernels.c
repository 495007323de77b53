/* The kernels of this build. */
#include "scan/walk.h"

static scan_kernel *const kernels[] = {
    [SM_KERNEL_C] = scan_kernel_c,
#if defined(__x86_64__)
    [SM_KERNEL_AVX2] = scan_kernel_avx2,
    [SM_KERNEL_AVX512] = scan_kernel_avx512,
#elif defined(__aarch64__)
    [SM_KERNEL_NEON] = scan_kernel_neon,
#endif
};

scan_kernel *scan_kernel_of(uint32_t kernel) {
    return kernels[kernel];
}
