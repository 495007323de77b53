/* The kernels, the fastest first. */
#include "scan/walk.h"

#if defined(__x86_64__)
static bool has_avx2(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
}
#endif

static bool always(void) {
    return true;
}

static const struct {
    const char *name;
    scan_kernel *kernel;
    bool (*can_run)(void);
} kernels[] = {
#if defined(__x86_64__)
    {"avx512", scan_kernel_avx512, base_has_avx512},
    {"avx2", scan_kernel_avx2, has_avx2},
#endif
    {"c", scan_kernel_c, always},
};

scan_kernel *scan_kernel_at(size_t i, const char **name) {
    for (size_t k = 0; k < sizeof kernels / sizeof kernels[0]; k++) {
        if (!kernels[k].can_run() || i-- > 0) continue;
        *name = kernels[k].name;
        return kernels[k].kernel;
    }
    return NULL;
}

scan_kernel *scan_choose_kernel(void) {
    const char *name;
    return scan_kernel_at(0, &name);
}
