/* The kernels, and which of them this processor can run. */
#include <stdatomic.h>

#include "base/base.h"

static bool always(void) {
    return true;
}

#if defined(__x86_64__)
#include <cpuid.h>

/* What the system keeps of a thread's registers while another has the processor. The code for vectors counts bits too. */
enum { KEEPS_YMM = 0x06, KEEPS_ZMM = 0xe6 };

static bool system_keeps(uint32_t registers) {
    uint32_t eax, ebx, ecx, edx;
    if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx) || (~ecx & (bit_OSXSAVE | bit_POPCNT))) return false;
    __asm__("xgetbv" : "=a"(eax), "=d"(edx) : "c"(0));
    return (eax & registers) == registers;
}

/* The processor is asked, as what __builtin_cpu_supports() reads is never filled in programs that Zig links. */
static bool has(uint32_t registers, uint32_t of_ebx, uint32_t of_ecx) {
    uint32_t eax, ebx, ecx, edx;
    return system_keeps(registers) && __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) && (ebx & of_ebx) == of_ebx
           && (ecx & of_ecx) == of_ecx;
}

static bool has_avx2(void) {
    return has(KEEPS_YMM, bit_AVX2 | bit_BMI | bit_BMI2, 0);
}

/* What any of the library's vector code uses. */
static bool has_avx512(void) {
    return has(KEEPS_ZMM, bit_AVX512F | bit_AVX512BW | bit_AVX512VL | bit_AVX512DQ | bit_BMI | bit_BMI2,
               bit_AVX512VBMI | bit_AVX512VBMI2);
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

/* A bit for each kernel that can run. The processor is asked once, as each question takes microseconds in a virtual machine;
 * threads that ask at the same time find the same. */
static uint32_t runnable(void) {
    static _Atomic uint32_t known;
    uint32_t found = atomic_load_explicit(&known, memory_order_relaxed);
    if (found) return found;
    for (uint32_t kernel = SM_KERNEL_C; kernel < N_KERNELS; kernel++)
        if (kernels[kernel].can_run()) found |= 1u << kernel;
    atomic_store_explicit(&known, found, memory_order_relaxed);
    return found;
}

bool base_kernel_can_run(uint32_t kernel) {
    return kernel != SM_KERNEL_AUTO && kernel < N_KERNELS && (runnable() >> kernel & 1) != 0;
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
