// Detection by RE2, one alternation of all names, leftmost-longest: a worker for tests/bench/run.
//
//     re2 FILE NAMES      documents and names, one a line
//
// Answers `buffer`, the file as one text, and `lines`, each by itself, with the number of matches. The pattern and the text
// are taken as bytes (Latin-1), which is the faster way, and the states that it finds may take as much memory as they like.
#include <re2/re2.h>

#include <string>

#include "../worker.h"

static unsigned long long count(const RE2 &pattern, re2::StringPiece text) {
    unsigned long long found = 0;
    re2::StringPiece match;
    for (size_t at = 0; pattern.Match(text, at, text.size(), RE2::UNANCHORED, &match, 1); found++)
        at = static_cast<size_t>(match.data() - text.data()) + match.size();
    return found;
}

int main(int argc, char **argv) {
    char request[64];
    if (argc != 3) fail("usage", "re2 FILE NAMES");
    documents text = read_documents(argv[1]), names = read_documents(argv[2]);
    RE2::Options options;
    options.set_longest_match(true);
    options.set_encoding(RE2::Options::EncodingLatin1);
    options.set_max_mem(int64_t{1} << 32);
    double before = now();
    std::string alternation;
    for (size_t i = 0, len; i < names.n; i++) {
        const char *name = line_at(&names, i, &len);
        if (i) alternation += '|';
        alternation += RE2::QuoteMeta(re2::StringPiece(name, len));
    }
    RE2 pattern(alternation, options);
    if (!pattern.ok()) fail("RE2", pattern.error().c_str());
    say_ready(before);
    while (next_request(request)) {
        unsigned long long found = 0;
        if (strcmp(request, "buffer") == 0) {
            found = count(pattern, re2::StringPiece(text.text, text.len));
        } else {
            for (size_t i = 0, len; i < text.n; i++) {
                const char *line = line_at(&text, i, &len);
                found += count(pattern, re2::StringPiece(line, len));
            }
        }
        printf("%llu\n", found);
        fflush(stdout);
    }
    return 0;
}
