#include "scan/walk.h"

#if defined(__x86_64__)

scan_kernel *scan_choose_kernel(void) {
    bool has_avx512 = __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi")
                      && __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("bmi2");
    return has_avx512 ? scan_kernel_avx512 : scan_kernel_c;
}

#else

scan_kernel *scan_choose_kernel(void) {
    return scan_kernel_c;
}

#endif
