#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dict/handle.h"

static sm_status make_handle(const void *bytes, uint64_t len, sm_dict **dict, sm_error *error) {
    sm_dict *made = calloc(1, sizeof *made);
    if (!made) return base_no_memory(error, "for a dictionary");
    sm_status status = dict_view_open(bytes, len, &made->view, error);
    if (status != SM_OK) {
        free(made);
        return status;
    }
    atomic_init(&made->holds, 1);
    *dict = made;
    return SM_OK;
}

sm_status sm_dict_open_memory(const void *bytes, uint64_t len, const sm_dict **dict, sm_error *error) {
    if (!dict) return base_fail(error, SM_ERR_ARG, "dict is NULL");
    *dict = NULL;
    if (!bytes || (uintptr_t)bytes % 8 != 0)
        return base_fail(error, SM_ERR_ARG,
                         "bytes are NULL or not aligned to 8; expected memory such as malloc() gives");
    sm_dict *made = NULL;
    sm_status status = make_handle(bytes, len, &made, error);
    *dict = made;
    return status;
}

static sm_status map_file(const char *path, void **bytes, size_t *len, sm_error *error) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return base_fail_at(error, SM_ERR_IO, path, 0, 0, "cannot be opened: %s", strerror(errno));
    struct stat info;
    sm_status status = SM_OK;
    if (fstat(file, &info) != 0)
        status = base_fail_at(error, SM_ERR_IO, path, 0, 0, "cannot be examined: %s", strerror(errno));
    else if (!S_ISREG(info.st_mode)) status = base_fail_at(error, SM_ERR_IO, path, 0, 0, "is no regular file");
    else if (info.st_size == 0)
        status = base_fail_at(error, SM_ERR_FORMAT, path, 0, 0,
                              "is empty; build a dictionary with `stockmention dict build`");
    if (status == SM_OK) {
        *len = (size_t)info.st_size;
        *bytes = mmap(NULL, *len, PROT_READ, MAP_PRIVATE, file, 0);
        if (*bytes == MAP_FAILED)
            status = base_fail_at(error, SM_ERR_IO, path, 0, 0, "cannot be mapped: %s", strerror(errno));
    }
    close(file);
    return status;
}

sm_status sm_dict_open(const char *path, const sm_dict **dict, sm_error *error) {
    if (!path || !dict) return base_fail(error, SM_ERR_ARG, "path and dict are needed");
    *dict = NULL;
    void *bytes = NULL;
    size_t len = 0;
    sm_status status = map_file(path, &bytes, &len, error);
    if (status != SM_OK) return status;
    sm_dict *made = NULL;
    status = make_handle(bytes, len, &made, error);
    if (!made) {
        munmap(bytes, len);
        if (error && !error->file[0]) base_copy_cut(error->file, sizeof error->file, path);
        return status;
    }
    made->mapped = bytes;
    made->mapped_size = len;
    *dict = made;
    return SM_OK;
}

/* The count of holds is the one thing about a dictionary that changes. */
static sm_dict *writable(const sm_dict *dict) {
    return (sm_dict *)(uintptr_t)dict;
}

const sm_dict *dict_retain(const sm_dict *dict) {
    if (atomic_load_explicit(&writable(dict)->holds, memory_order_relaxed))
        atomic_fetch_add_explicit(&writable(dict)->holds, 1, memory_order_relaxed);
    return dict;
}

void sm_dict_free(const sm_dict *dict) {
    if (!dict || atomic_load_explicit(&writable(dict)->holds, memory_order_relaxed) == 0) return;
    if (atomic_fetch_sub_explicit(&writable(dict)->holds, 1, memory_order_acq_rel) > 1) return;
    if (dict->mapped) munmap(dict->mapped, dict->mapped_size);
    free(writable(dict));
}

const dict_view *dict_get_view(const sm_dict *dict) {
    return &dict->view;
}

static uint32_t count_providers(const dict_view *view) {
    uint32_t n = 0;
    for (uint32_t row = 0; row < view->tables[DICT_PROVIDERS].n_rows; row++) {
        uint32_t before = 0;
        while (before < row
               && strcmp(dict_cell(view, DICT_PROVIDERS, before, 0), dict_cell(view, DICT_PROVIDERS, row, 0)) != 0)
            before++;
        n += before == row;
    }
    return n;
}

sm_status sm_dict_describe(const sm_dict *dict, sm_dict_info *info) {
    if (!dict || !info || info->struct_size < sizeof(uint32_t)) return SM_ERR_ARG;
    const dict_view *view = &dict->view;
    sm_dict_info full = {
        .struct_size = info->struct_size,
        .format_version = DICT_FORMAT_VERSION,
        .as_of = view->as_of,
        .version = view->version,
        .hash = view->hash,
        .size = view->size,
        .n_securities = view->n_securities,
        .n_issuers = view->n_issuers,
        .n_names = view->n_names,
        .n_notations = view->tables[DICT_NOTATIONS].n_rows,
        .n_providers = count_providers(view),
        .n_surfaces = view->n_surfaces,
    };
    base_init_struct(info, full.struct_size); /* a later version's may be longer */
    memcpy(info, &full, full.struct_size < sizeof full ? full.struct_size : sizeof full);
    return SM_OK;
}
