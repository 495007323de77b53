/* The public handle of a dictionary. Private to the room. */
#ifndef DICT_HANDLE_H
#define DICT_HANDLE_H

#include <stdatomic.h>

#include "dict/dict.h"

struct sm_dict {
    dict_view view;
    atomic_uint holds; /* 0: embedded, never freed */
    void *mapped;      /* what to unmap, or NULL */
    size_t mapped_size;
};

#endif
