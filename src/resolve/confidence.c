#include "resolve/resolve.h"

/* 65535 / (1 + exp(-x / 4)) for x = 0 to 48 quarter nats; between them the curve is nearly straight. */
static const uint16_t steps[50] = {32768, 36842, 40793, 44510, 47910, 50940, 53580, 55833, 57723, 59286,
                                   60564, 61597, 62427, 63089, 63614, 64029, 64356, 64613, 64815, 64973,
                                   65096, 65193, 65268, 65327, 65373, 65409, 65437, 65458, 65475, 65488,
                                   65499, 65507, 65513, 65518, 65522, 65525, 65527, 65529, 65530, 65531,
                                   65532, 65533, 65533, 65534, 65534, 65534, 65534, 65534, 65535, 65535};

uint16_t resolve_probability(int32_t score) {
    enum { MOST = 1200 };
    uint32_t size = score < 0 ? 0u - (uint32_t)score : (uint32_t)score;
    size = size < MOST ? size : MOST;
    uint32_t step = size / 25, part = size % 25;
    uint32_t value = steps[step] + (uint32_t)(steps[step + 1] - steps[step]) * part / 25;
    return (uint16_t)(score < 0 ? 65535 - value : value);
}
