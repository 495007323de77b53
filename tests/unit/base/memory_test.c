/* Memory, buffers, slices, hash and errors: what every room builds on. */
#include <stdlib.h>

#include "../check.h"
#include "base/base.h"

/* Counts what is asked for and given back, and says no when told to. */
typedef struct counter {
    size_t n_calls, n_held;
    bool refuses;
} counter;

static void *count_allocate(void *context, size_t size) {
    counter *c = context;
    c->n_calls++;
    void *memory = c->refuses ? NULL : malloc(size ? size : 1);
    c->n_held += memory != NULL;
    return memory;
}

static void *count_reallocate(void *context, void *memory, size_t size) {
    counter *c = context;
    c->n_calls++;
    void *grown = c->refuses ? NULL : realloc(memory, size ? size : 1);
    c->n_held += grown && !memory;
    return grown;
}

static void count_release(void *context, void *memory) {
    counter *c = context;
    c->n_held -= memory != NULL;
    free(memory);
}

static sm_allocator counting(counter *c) {
    return (sm_allocator){c, count_allocate, count_reallocate, count_release};
}

/* --- Arena ---------------------------------------------------------------------------------------------------------- */

enum { N_PARTS = 200 };

/* Sizes around the edges of words and blocks, small and large mixed. */
static size_t part_size(size_t i) {
    static const size_t sizes[] = {0, 1, 7, 8, 9, 100, 4096, 16 * 1024, 3, 16 * 1024 + 1, 40000, 2, 200000};
    return sizes[i % (sizeof sizes / sizeof sizes[0])];
}

static void fill_parts(base_arena *arena, unsigned char *parts[N_PARTS]) {
    bool all_come = true, all_aligned = true, all_whole = true;
    for (size_t i = 0; i < N_PARTS; i++) {
        parts[i] = base_arena_alloc(arena, part_size(i));
        all_come &= parts[i] != NULL;
        if (!parts[i]) return;
        all_aligned &= (uintptr_t)parts[i] % 8 == 0;
        memset(parts[i], (int)i, part_size(i));
    }
    for (size_t i = 0; i < N_PARTS; i++)
        for (size_t k = 0; k < part_size(i); k++) all_whole &= parts[i][k] == (unsigned char)i;
    CHECK(all_come);
    CHECK(all_aligned);
    CHECK(all_whole);
}

static void an_arena_gives_aligned_parts_and_keeps_its_blocks(void) {
    counter c = {0};
    sm_allocator allocator = counting(&c);
    base_arena arena;
    unsigned char *first[N_PARTS], *second[N_PARTS];
    base_arena_init(&arena, &allocator);
    base_arena_reset(&arena); /* of an empty one */
    fill_parts(&arena, first);
    size_t n_calls = c.n_calls;
    CHECK(n_calls < N_PARTS / 4);
    for (int round = 0; round < 3; round++) {
        base_arena_reset(&arena);
        fill_parts(&arena, second);
    }
    CHECK(c.n_calls == n_calls);
    CHECK(first[0] == second[0]);
    base_arena_free(&arena);
    CHECK(c.n_held == 0);
    CHECK(base_arena_alloc(&arena, 10) != NULL); /* a freed arena is a new one */
    base_arena_free(&arena);
    base_arena_free(&arena);
    CHECK(c.n_held == 0);
}

static void an_arena_without_memory_says_so(void) {
    counter c = {.refuses = true};
    sm_allocator allocator = counting(&c);
    base_arena arena;
    base_arena_init(&arena, &allocator);
    CHECK(base_arena_alloc(&arena, 1) == NULL);
    CHECK(base_arena_copy(&arena, "x", 1) == NULL);
    c.refuses = false;
    char *kept = base_arena_copy(&arena, "金山", 6);
    CHECK_STR("金山", kept, "a copy has a NUL");
    c.refuses = true;
    CHECK(base_arena_alloc(&arena, 1 << 20) == NULL);
    CHECK(base_arena_alloc(&arena, SIZE_MAX) == NULL);
    CHECK(base_arena_alloc(&arena, SIZE_MAX - 8) == NULL);
    CHECK(base_arena_alloc(&arena, SIZE_MAX - 64) == NULL);
    CHECK_STR("金山", kept, "what was there is still there");
    CHECK_STR("", base_arena_copy(&arena, NULL, 0), "a copy of nothing");
    base_arena_free(&arena);
    CHECK(c.n_held == 0);
}

/* --- Arrays and buffers ---------------------------------------------------------------------------------------------- */

static void an_array_grows_or_is_left_alone(void) {
    counter c = {0};
    sm_allocator allocator = counting(&c);
    void *items = NULL;
    size_t capacity = 0;
    CHECK(base_grow(&allocator, &items, &capacity, 0, 8) && capacity == 0 && c.n_calls == 0);
    CHECK(base_grow(&allocator, &items, &capacity, 1, 8) && capacity >= 1);
    memset(items, 'x', capacity * 8);
    CHECK(base_grow(&allocator, &items, &capacity, 1000, 8) && capacity >= 1000 && ((char *)items)[127] == 'x');
    size_t n_calls = c.n_calls, before = capacity;
    void *same = items;
    CHECK(base_grow(&allocator, &items, &capacity, capacity, 8) && c.n_calls == n_calls);
    CHECK(!base_grow(&allocator, &items, &capacity, SIZE_MAX, 1));
    CHECK(!base_grow(&allocator, &items, &capacity, SIZE_MAX / 2 + 2, 1));
    CHECK(!base_grow(&allocator, &items, &capacity, SIZE_MAX / 8, 16));
    CHECK(!base_grow(&allocator, &items, &capacity, SIZE_MAX / 40 + 1, 40));
    CHECK_ROW(c.n_calls == n_calls, "sizes that overflow are never asked for");
    c.refuses = true;
    CHECK(!base_grow(&allocator, &items, &capacity, capacity + 1, 8));
    CHECK(items == same && capacity == before);
    count_release(&c, items);
}

static void a_buffer_ends_with_a_nul_and_refuses_what_does_not_fit(void) {
    sm_buffer buffer = {0};
    CHECK(base_buffer_append(&buffer, NULL, 0) && buffer.len == 0 && buffer.data && buffer.data[0] == '\0');
    for (int i = 0; i < 1000; i++) CHECK(base_buffer_format(&buffer, "%d,%s;", i, "金山"));
    CHECK(buffer.len == strlen(buffer.data) && buffer.capacity > buffer.len);
    CHECK_STR("999,金山;", buffer.data + buffer.len - 11, "the end");
    CHECK(base_buffer_append(&buffer, "a\0b", 3) && buffer.data[buffer.len] == '\0'
          && buffer.data[buffer.len - 2] == '\0');
    uint64_t len = buffer.len;
    const char *data = buffer.data;
    CHECK(!base_buffer_reserve(&buffer, UINT64_MAX) && !base_buffer_reserve(&buffer, SIZE_MAX / 2));
    CHECK(!base_buffer_reserve(&buffer, SIZE_MAX / 2 - buffer.len));
    CHECK(buffer.len == len && buffer.data == data);
    sm_buffer_free(&buffer);
    CHECK(!buffer.data && !buffer.len && !buffer.capacity);
    sm_buffer_free(&buffer);
    sm_buffer_free(NULL);
}

/* --- Slices ----------------------------------------------------------------------------------------------------------- */

static void slices_are_compared_by_bytes(void) {
    static const struct {
        const char *a, *b;
        int order;
    } cases[] = {{"", "", 0},    {"a", "", 1},  {"a", "a", 0}, {"a", "b", -1},
                 {"ab", "a", 1}, {"é", "z", 1}, {"Z", "a", -1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        base_slice a = base_slice_of(cases[i].a), b = base_slice_of(cases[i].b);
        int order = base_slice_compare(a, b), back = base_slice_compare(b, a);
        CHECK_ROW((order > 0) - (order < 0) == cases[i].order && (back > 0) - (back < 0) == -cases[i].order,
                  cases[i].a);
        CHECK_ROW(base_slice_equal(a, b) == (cases[i].order == 0), cases[i].a);
        CHECK_ROW(base_slice_is(a, cases[i].b) == (cases[i].order == 0), cases[i].a);
    }
    base_slice none = base_slice_of(NULL);
    CHECK(none.len == 0 && base_slice_equal(none, base_slice_of("")) && base_slice_compare(none, none) == 0);
    CHECK(base_slice_starts(base_slice_of("XSHG:688111"), "XSHG:")
          && !base_slice_starts(base_slice_of("XSH"), "XSHG:"));
    CHECK(base_slice_starts(base_slice_of("x"), "")
          && base_slice_equal((base_slice){"a\0b", 3}, (base_slice){"a\0b", 3}));
    CHECK(!base_slice_is((base_slice){"a\0b", 3}, "a"));
}

/* --- Hash: the values are a part of the dictionary's format; worked out by hand with 128-bit integers ------------------ */

static void the_hash_never_changes(void) {
    static const struct {
        const char *bytes;
        size_t len;
        uint64_t hash;
    } cases[] = {
        {"", 0, 0x9e3779b97f4a7c15},
        {"\0", 1, 0xf2f37271ad33e225},
        {"a", 1, 0x60bbef90f518f985},
        {"1234567", 7, 0xc7b6c6612986a25e},
        {"12345678", 8, 0xe218e9e4d1f5f87f},
        {"123456789", 9, 0xde38e3c8dc6bb341},
        {"XSHG:688111", 11, 0x3c35868db677090d},
        {"金山办公", 12, 0xdd5ad187995eaf36},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CHECK_ROW(base_hash(cases[i].bytes, cases[i].len) == cases[i].hash, cases[i].bytes);
        char moved[32]; /* at any address */
        for (size_t shift = 0; shift < 8; shift++) {
            memcpy(moved + shift, cases[i].bytes, cases[i].len);
            CHECK_ROW(base_hash(moved + shift, cases[i].len) == cases[i].hash, cases[i].bytes);
        }
    }
    unsigned char all[256];
    for (int i = 0; i < 256; i++) all[i] = (unsigned char)i;
    CHECK(base_hash(all, sizeof all) == 0xd574a8498d04aec1);
}

static void a_changed_byte_changes_the_hash(void) {
    unsigned char bytes[64] = {0};
    bool all_differ = true;
    for (size_t len = 1; len <= sizeof bytes; len++) {
        uint64_t before = base_hash(bytes, len);
        all_differ &= before != base_hash(bytes, len - 1);
        for (size_t at = 0; at < len; at++)
            for (int bit = 0; bit < 8; bit++) {
                bytes[at] ^= (unsigned char)(1 << bit);
                all_differ &= base_hash(bytes, len) != before;
                bytes[at] ^= (unsigned char)(1 << bit);
            }
    }
    CHECK(all_differ);
}

/* --- Errors ----------------------------------------------------------------------------------------------------------- */

static void an_error_says_what_and_where(void) {
    sm_error error;
    memset(&error, 0xAA, sizeof error);
    CHECK(base_fail(&error, SM_ERR_ARG, "%s %d", "word", 7) == SM_ERR_ARG);
    CHECK(error.status == SM_ERR_ARG && error.line == 0 && error.byte == 0);
    CHECK_STR("", error.file, "no file");
    CHECK_STR("word 7", error.message, "the message");
    CHECK(base_fail_at(&error, SM_ERR_TABLE, "names.tsv", 812, 99, "bad") == SM_ERR_TABLE);
    CHECK(error.line == 812 && error.byte == 99);
    CHECK_STR("names.tsv", error.file, "the file");
    CHECK(base_fail_at(&error, SM_ERR_FORMAT, NULL, 0, 1, "bad") == SM_ERR_FORMAT);
    CHECK_STR("", error.file, "NULL is no file");
    CHECK(base_fail(NULL, SM_ERR_IO, "x") == SM_ERR_IO && base_fail_at(NULL, SM_ERR_IO, "f", 1, 1, "x") == SM_ERR_IO);
}

/* Whatever is cut, it stays UTF-8. */
static void a_message_that_is_too_long_is_cut_between_characters(void) {
    char text[900];
    for (size_t shift = 0; shift < 3; shift++) {
        memset(text, 'x', sizeof text);
        for (size_t at = shift; at + 3 < sizeof text; at += 3) memcpy(text + at, "公", 3);
        text[sizeof text - 1] = '\0';
        sm_error error;
        base_fail_at(&error, SM_ERR_IO, text, 0, 0, "%s", text);
        size_t len = strlen(error.message), file_len = strlen(error.file);
        CHECK(len >= sizeof error.message - 4 && base_utf8_valid_prefix(error.message, len) == len);
        CHECK(file_len >= sizeof error.file - 4 && base_utf8_valid_prefix(error.file, file_len) == file_len);
    }
}

/* What strangers wrote is quoted there. */
static void a_message_is_one_line_of_utf8_whatever_it_quotes(void) {
    static const struct {
        const char *quoted, *message;
    } rows[] = {{"公司 é😀", "'公司 é😀'"},
                {"a\nb\x1B[2Jc\x7F", "'a?b?[2Jc?'"},
                {"\xFF\xE5\x85", "'\?\?\?'"},
                {"\xE5\x85x\xE5\x85\xAC", "'\?\?x公'"},
                {"\xC2\x9B"
                 "2J°",
                 "'\?\?2J°'"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sm_error error;
        base_fail(&error, SM_ERR_ARG, "'%s'", rows[i].quoted);
        CHECK_STR(rows[i].message, error.message, rows[i].quoted);
    }
}

static void every_status_has_words(void) {
    for (sm_status status = SM_OK; status <= SM_ERR_UNSUPPORTED; status++) {
        const char *text = sm_status_text(status);
        CHECK(text && text[0] && strcmp(text, "unknown status") != 0);
        for (sm_status other = SM_OK; other < status; other++) CHECK(strcmp(text, sm_status_text(other)) != 0);
    }
    CHECK_STR("unknown status", sm_status_text(SM_ERR_UNSUPPORTED + 1), "past the last");
    CHECK_STR("unknown status", sm_status_text(-1), "before the first");
}

int main(void) {
    an_arena_gives_aligned_parts_and_keeps_its_blocks();
    an_arena_without_memory_says_so();
    an_array_grows_or_is_left_alone();
    a_buffer_ends_with_a_nul_and_refuses_what_does_not_fit();
    slices_are_compared_by_bytes();
    the_hash_never_changes();
    a_changed_byte_changes_the_hash();
    an_error_says_what_and_where();
    a_message_is_one_line_of_utf8_whatever_it_quotes();
    a_message_that_is_too_long_is_cut_between_characters();
    every_status_has_words();
    return check_report();
}
