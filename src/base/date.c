#include "base/base.h"

static bool is_leap(int32_t year) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool base_date_is_valid(int32_t date) {
    static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int32_t year = date / 10000, month = date / 100 % 100, day = date % 100;
    if (year < 1600 || year > 9999 || month < 1 || month > 12 || day < 1) return false;
    return day <= days[month - 1] + (month == 2 && is_leap(year));
}

static bool read_digits(base_slice *text, size_t min, size_t max, int32_t *value) {
    size_t n = 0;
    *value = 0;
    while (n < max && n < text->len && text->bytes[n] >= '0' && text->bytes[n] <= '9')
        *value = *value * 10 + (text->bytes[n++] - '0');
    if (n < min) return false;
    text->bytes += n;
    text->len -= n;
    return true;
}

static bool read_separator(base_slice *text) {
    static const char *const separators[] = {"-", "/", ".", "年", "月"};
    for (size_t i = 0; i < sizeof separators / sizeof separators[0]; i++) {
        if (!base_slice_starts(*text, separators[i])) continue;
        size_t len = base_slice_of(separators[i]).len;
        text->bytes += len;
        text->len -= len;
        return true;
    }
    return false;
}

int32_t base_date_parse(base_slice text) {
    int32_t year, month, day;
    if (!read_digits(&text, 4, 4, &year)) return 0;
    bool is_parted = read_separator(&text);
    size_t min = is_parted ? 1 : 2;
    if (!read_digits(&text, min, 2, &month)) return 0;
    if (is_parted && !read_separator(&text)) return 0;
    if (!read_digits(&text, min, 2, &day)) return 0;
    if (text.len && text.bytes[0] >= '0' && text.bytes[0] <= '9') return 0;
    int32_t date = year * 10000 + month * 100 + day;
    return base_date_is_valid(date) ? date : 0;
}

/* Days from the civil calendar, counting years from March so that the leap day is the last of its year. */
int32_t base_date_days(int32_t date) {
    int32_t year = date / 10000, month = date / 100 % 100, day = date % 100;
    if (month <= 2) year--;
    int32_t era = year / 400, of_era = year - era * 400;
    int32_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

int32_t base_date_of_days(int64_t days) {
    if (days < base_date_days(16000101) || days > base_date_days(99991231)) return 0;
    int32_t since = (int32_t)days + 719468, era = since / 146097, of_era = since % 146097; /* from 1 March of year 0 */
    int32_t of_400 = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int32_t of_year = of_era - (365 * of_400 + of_400 / 4 - of_400 / 100);
    int32_t from_march = (5 * of_year + 2) / 153, day = of_year - (153 * from_march + 2) / 5 + 1;
    int32_t month = from_march + (from_march < 10 ? 3 : -9);
    return (of_400 + era * 400 + (month <= 2)) * 10000 + month * 100 + day;
}
