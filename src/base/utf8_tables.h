/* What vectors check UTF-8 by: three lookups (high half of the byte before, its low half, high half of the byte) name the
 * faults that each half allows, and what all three allow is a fault; the method is Keiser and Lemire's (Validating UTF-8 in
 * less than one instruction per byte, 2021). */
#ifndef BASE_UTF8_TABLES_H
#define BASE_UTF8_TABLES_H

#include "base/base.h"

/* Faults of two bytes in a row, a bit each. */
enum {
    TOO_SHORT = 1,           /* a lead without its continuation */
    TOO_LONG = 2,            /* a continuation behind ASCII */
    OVERLONG_3 = 4,          /* E0 80–9F */
    TOO_LARGE = 8,           /* F4 90 and above */
    SURROGATE = 16,          /* ED A0–BF */
    OVERLONG_2 = 32,         /* C0, C1 */
    TOO_LARGE_1000 = 64,     /* F5 and above, 80–8F; also F0 80–8F, overlong */
    TWO_CONTINUATIONS = 128, /* right only inside three and four bytes, which is asked apart */
    CARRY = TOO_SHORT | TOO_LONG | TWO_CONTINUATIONS
};

static const uint8_t utf8_by_high_before[16] = {TOO_LONG,
                                                TOO_LONG,
                                                TOO_LONG,
                                                TOO_LONG,
                                                TOO_LONG,
                                                TOO_LONG,
                                                TOO_LONG,
                                                TOO_LONG,
                                                TWO_CONTINUATIONS,
                                                TWO_CONTINUATIONS,
                                                TWO_CONTINUATIONS,
                                                TWO_CONTINUATIONS,
                                                TOO_SHORT | OVERLONG_2,
                                                TOO_SHORT,
                                                TOO_SHORT | OVERLONG_3 | SURROGATE,
                                                TOO_SHORT | TOO_LARGE | TOO_LARGE_1000};
static const uint8_t utf8_by_low_before[16] = {CARRY | OVERLONG_3 | OVERLONG_2 | TOO_LARGE_1000,
                                               CARRY | OVERLONG_2,
                                               CARRY,
                                               CARRY,
                                               CARRY | TOO_LARGE,
                                               CARRY | TOO_LARGE | TOO_LARGE_1000,
                                               CARRY | TOO_LARGE | TOO_LARGE_1000,
                                               CARRY | TOO_LARGE | TOO_LARGE_1000,
                                               CARRY | TOO_LARGE | TOO_LARGE_1000,
                                               CARRY | TOO_LARGE | TOO_LARGE_1000,
                                               CARRY | TOO_LARGE | TOO_LARGE_1000,
                                               CARRY | TOO_LARGE | TOO_LARGE_1000,
                                               CARRY | TOO_LARGE | TOO_LARGE_1000,
                                               CARRY | TOO_LARGE | TOO_LARGE_1000 | SURROGATE,
                                               CARRY | TOO_LARGE | TOO_LARGE_1000,
                                               CARRY | TOO_LARGE | TOO_LARGE_1000};
static const uint8_t utf8_by_high[16] = {TOO_SHORT,
                                         TOO_SHORT,
                                         TOO_SHORT,
                                         TOO_SHORT,
                                         TOO_SHORT,
                                         TOO_SHORT,
                                         TOO_SHORT,
                                         TOO_SHORT,
                                         TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS | OVERLONG_3 | TOO_LARGE_1000,
                                         TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS | OVERLONG_3 | TOO_LARGE,
                                         TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS | SURROGATE | TOO_LARGE,
                                         TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS | SURROGATE | TOO_LARGE,
                                         TOO_SHORT,
                                         TOO_SHORT,
                                         TOO_SHORT,
                                         TOO_SHORT};

#endif
