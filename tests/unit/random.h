/* Numbers that look random and are the same on every machine: what a test tries can be tried again. */
#ifndef TESTS_UNIT_RANDOM_H
#define TESTS_UNIT_RANDOM_H

#include <stdint.h>

typedef struct random_source {
    uint64_t state;
} random_source;

/* SplitMix64 (public domain, Sebastiano Vigna) */
static inline uint64_t random_next(random_source *source) {
    uint64_t z = source->state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

/* 0 to n - 1 */
static inline uint32_t random_below(random_source *source, uint32_t n) {
    return (uint32_t)(random_next(source) >> 32) % n;
}

#endif
