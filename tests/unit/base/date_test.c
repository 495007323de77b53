/* Dates are read in the forms that pages write, and counted by the calendar. */
#include "../check.h"
#include "../rows.h"

static void each_row_is_read_as_it_says(void) {
    rows r;
    if (!rows_open(&r, "tests/unit/base/dates.tsv")) return;
    while (rows_next(&r, 3)) {
        char got[16];
        size_t len = strlen(r.cells[0]);
        char *text = malloc(len ? len : 1); /* without a NUL: nothing behind the slice may be read */
        if (!text) exit(2);
        memcpy(text, r.cells[0], len);
        snprintf(got, sizeof got, "%d", base_date_parse((base_slice){text, len}));
        if (!CHECK_STR(r.cells[1], got, r.place))
            fprintf(stderr, "  input:    %s\n  reason:   %s\n", r.cells[0], r.cells[2]);
        free(text);
    }
    CHECK(r.n_rows > 25);
    CHECK(base_date_parse((base_slice){NULL, 0}) == 0);
    rows_close(&r);
}

static int days_in(int year, int month) {
    if (month == 2) return year % 400 == 0 || (year % 4 == 0 && year % 100 != 0) ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/* Day by day through six hundred years: each is one more than the last, and what lies between is no day. */
static void days_are_counted_one_by_one(void) {
    int32_t expected = base_date_days(16000101);
    bool all_count = true, all_return = true, all_valid = true, others_are_not = true;
    for (int year = 1600; year < 2200; year++)
        for (int month = 0; month < 100; month++)
            for (int day = 0; day < 100; day++) {
                int32_t date = year * 10000 + month * 100 + day;
                if (month < 1 || month > 12 || day < 1 || day > days_in(year, month)) {
                    others_are_not &= !base_date_is_valid(date);
                    continue;
                }
                all_valid &= base_date_is_valid(date);
                all_count &= base_date_days(date) == expected;
                all_return &= base_date_of_days(expected++) == date;
            }
    CHECK(all_count);
    CHECK(all_return);
    CHECK(all_valid);
    CHECK(others_are_not);
}

static void known_days_have_their_numbers(void) {
    CHECK(base_date_days(19700101) == 0);
    CHECK(base_date_days(19691231) == -1);
    CHECK(base_date_days(20000301) == 11017);
    CHECK(base_date_days(20211222) == 18983);
    CHECK(base_date_days(99991231) == 2932896);
    CHECK(base_date_of_days(2932896) == 99991231 && base_date_of_days(2932897) == 0);
    CHECK(base_date_of_days(-135140) == 16000101 && base_date_of_days(-135141) == 0);
    CHECK(base_date_of_days(INT64_MAX) == 0 && base_date_of_days(INT64_MIN) == 0);
    CHECK(base_date_is_valid(99991231));
    CHECK(!base_date_is_valid(0) && !base_date_is_valid(-20211222) && !base_date_is_valid(15991231));
    CHECK(!base_date_is_valid(INT32_MAX) && !base_date_is_valid(INT32_MIN) && !base_date_is_valid(100000101));
}

int main(void) {
    each_row_is_read_as_it_says();
    days_are_counted_one_by_one();
    known_days_have_their_numbers();
    return check_report();
}
