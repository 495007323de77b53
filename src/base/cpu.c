/* The kernels, and which of them this processor can run. */
#include "base/base.h"

static bool always(void) {
    return true;
}

#if defined(__x86_64__)
static bool has_avx2(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
}

/* What any of the library's vector code uses. */
static bool has_avx512(void) {
    return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi")
           && __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("bmi2");
}
#else
static bool has_avx2(void) {
    return false;
}

static bool has_avx512(void) {
    return false;
}
#endif

#if defined(__aarch64__)
static bool has_neon(void) {
    return true; /* as all of them have */
}
#else
static bool has_neon(void) {
    return false;
}
#endif

static const struct {
    const char *word;
    bool (*can_run)(void);
} kernels[] = {[SM_KERNEL_C] = {"c", always},
               [SM_KERNEL_AVX2] = {"avx2", has_avx2},
               [SM_KERNEL_AVX512] = {"avx512", has_avx512},
               [SM_KERNEL_NEON] = {"neon", has_neon}};

enum { N_KERNELS = sizeof kernels / sizeof kernels[0] };

bool base_kernel_can_run(uint32_t kernel) {
    return kernel != SM_KERNEL_AUTO && kernel < N_KERNELS && kernels[kernel].can_run();
}

uint32_t base_kernel_best(void) {
    static const uint32_t fastest_first[] = {SM_KERNEL_AVX512, SM_KERNEL_AVX2, SM_KERNEL_NEON};
    for (size_t i = 0; i < sizeof fastest_first / sizeof fastest_first[0]; i++)
        if (base_kernel_can_run(fastest_first[i])) return fastest_first[i];
    return SM_KERNEL_C;
}

const char *base_kernel_word(uint32_t kernel) {
    return kernel < N_KERNELS ? kernels[kernel].word : NULL;
}
