/** stockmention: finds every stock mention in financial text, says which security it is, and links it to quote pages.
 *
 *  This one header is the whole public API and its manual, so that there is one place to include and to read; hence its
 *  length.
 *
 *  Use in four steps: open an engine (once), make a scanner (one a thread), extract (once a document), read the result.
 *
 *      sm_engine *engine = NULL;
 *      sm_result *result = NULL;
 *      sm_document document;
 *      sm_document_init(&document, sizeof document);
 *      document.text = "金山办公（688111.SH）涨3%";
 *      document.text_len = strlen(document.text);
 *      if (sm_engine_open(NULL, NULL, &engine, NULL) == SM_OK
 *          && sm_engine_extract(engine, NULL, &document, NULL, &result, NULL) == SM_OK)
 *          printf("%llu mentions\n", (unsigned long long)sm_result_mention_count(result));
 *      sm_result_free(result);
 *      sm_engine_free(engine);
 *
 *  Rules that hold for every function here:
 *  - Strings go in as pointer + length in bytes; they need not end with NUL and are not kept after the call.
 *  - Names and messages come out as NUL-terminated UTF-8 that belongs to the object they were asked from.
 *  - Every position is a byte offset into the caller's own input, end exclusive, unless its name says another unit.
 *  - Dates are calendar days written as the decimal number yyyymmdd (20211222); 0 means not known.
 *  - Structs that begin with `struct_size` are filled with their …_init() first; bytes after the fields that a caller
 *    knows must be zero.
 *  - Arrays of structs come with their stride, so that structs can grow in later versions. Beside each stands an …_at() that
 *    gives one of them by its index, from 0; NULL past the end.
 *  - `error` may be NULL. A function that returns SM_OK leaves it alone.
 *  - Every ..._free() takes NULL.
 *  - Nothing here prints, aborts, or reads the locale or the environment.
 *
 *  The library is for 64-bit little-endian machines, as dictionaries are mapped as they are: for others it does not compile.
 */
#ifndef STOCKMENTION_H
#define STOCKMENTION_H

#include <stddef.h>
#include <stdint.h>

#if defined(SM_STATIC)
#define SM_API
#elif defined(_WIN32) && defined(SM_BUILDING)
#define SM_API __declspec(dllexport)
#elif defined(_WIN32)
#define SM_API __declspec(dllimport)
#else
#define SM_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* --- Version ------------------------------------------------------------------------------------------------------ */

enum { SM_VERSION_MAJOR = 1, SM_VERSION_MINOR = 0, SM_VERSION_PATCH = 0 };

/** The version of the library that is loaded, such as "1.0.0". Valid for the life of the process. */
SM_API const char *sm_version(void);

/** The size of a public struct in the library that is loaded, for those who declare it anew in another language.
 *  @param name  without "sm_", such as "mention".
 *  @return bytes; 0 for NULL and for what is none. */
SM_API uint32_t sm_struct_size(const char *name);

/* --- Status and errors -------------------------------------------------------------------------------------------- */

typedef int32_t sm_status;
enum {
    SM_OK = 0,
    SM_ERR_ARG = 1,        /* an argument is NULL, out of range or not known; the message says which */
    SM_ERR_NOMEM = 2,      /* an allocation failed */
    SM_ERR_IO = 3,         /* a file could not be read */
    SM_ERR_FORMAT = 4,     /* a compiled dictionary is damaged or of another format version; the byte says where */
    SM_ERR_TABLE = 5,      /* source tables have errors; the report lists all of them */
    SM_ERR_UNKNOWN = 6,    /* no such security, provider or table */
    SM_ERR_PATTERN = 7,    /* a notation's pattern was refused by PCRE2 when it was first used */
    SM_ERR_UNSUPPORTED = 8 /* this processor or this build of the library lacks what was asked for */
};

/** A status in one or two English words, such as "out of memory". Valid for the life of the process. */
SM_API const char *sm_status_text(sm_status status);

/** What went wrong, and where. Owned by the caller; needs no initialisation and holds no resources. */
typedef struct sm_error {
    sm_status status;
    uint32_t line;     /* in `file`, from 1; 0: no line */
    uint64_t byte;     /* in the file or input that was read */
    char file[256];    /* "" where no file is meant */
    char message[512]; /* one sentence: what is wrong, the offending text quoted, what would be right */
} sm_error;

/* --- Memory ------------------------------------------------------------------------------------------------------- */

/** Where an engine takes its memory from. ICU's own memory and PCRE2's executable memory are not taken from here.
 *  All three functions are needed; they may be called from any thread that uses the engine. */
typedef struct sm_allocator {
    void *context; /* handed to each call */
    void *(*allocate)(void *context, size_t size);
    void *(*reallocate)(void *context, void *memory, size_t size); /* memory may be NULL */
    void (*release)(void *context, void *memory);                  /* memory may be NULL */
} sm_allocator;

/** Bytes that a function hands out: `data` is NULL or a block that the caller gives back with sm_buffer_free(). The
 *  bytes are followed by a NUL that `len` does not count. Start with sm_buffer b = {0}; functions append. */
typedef struct sm_buffer {
    char *data;
    uint64_t len;
    uint64_t capacity;
} sm_buffer;

SM_API void sm_buffer_free(sm_buffer *buffer);

/* --- Dictionaries ------------------------------------------------------------------------------------------------- */

/** The compiled tables: securities, names, notations, providers, weights. Immutable; shared by any number of threads.
 *  Engines keep the dictionary they were opened on alive, so it may be freed right after. */
typedef struct sm_dict sm_dict;

/** The dictionary that was compiled into the library. Never NULL; need not be freed (freeing it does nothing). */
SM_API const sm_dict *sm_dict_default(void);

/** Maps a compiled dictionary file and verifies it in full.
 *  @return SM_OK; SM_ERR_ARG; SM_ERR_NOMEM; SM_ERR_IO; SM_ERR_FORMAT with the byte of the first fault in `error`. */
SM_API sm_status sm_dict_open(const char *path, const sm_dict **dict, sm_error *error);

/** The same for bytes in memory, which are borrowed: they must outlive the dictionary and every engine opened on it.
 *  @param bytes  aligned to 8. */
SM_API sm_status sm_dict_open_memory(const void *bytes, uint64_t len, const sm_dict **dict, sm_error *error);

SM_API void sm_dict_free(const sm_dict *dict);

typedef struct sm_dict_info {
    uint32_t struct_size;
    uint32_t format_version;
    int32_t as_of; /* the day that the tables are of */
    uint32_t reserved;
    const char *version; /* as-of date and hash, "2026-11-23/1f2e3d4c": the "dictionary" of the JSON output */
    uint64_t hash;       /* of the whole file: equal tables give equal hashes */
    uint64_t size;       /* bytes */
    uint64_t n_securities, n_issuers, n_names, n_notations, n_providers, n_surfaces;
} sm_dict_info;

/** Describes a dictionary. Set info->struct_size first; what this version does not know behind its own fields becomes 0.
 *  @return SM_OK or SM_ERR_ARG. */
SM_API sm_status sm_dict_describe(const sm_dict *dict, sm_dict_info *info);

typedef struct sm_build_options {
    uint32_t struct_size;
    int32_t as_of;            /* the day of the tables; 0: the base's, which must then be given */
    const sm_dict *base;      /* tables to layer over, or NULL to build from nothing */
    const char *const *paths; /* folders of tables, or single .tsv files, laid over the base in this order */
    uint64_t n_paths;
} sm_build_options;

SM_API void sm_build_options_init(sm_build_options *options, uint32_t struct_size);

/** Compiles TSV tables into a dictionary (the columns are described in src/dict/tables/README.md).
 *  @param compiled  receives the bytes of the dictionary file; NULL only checks the tables.
 *  @param report    receives every problem that was found, a line each, "FILE:LINE: what is wrong; what is expected";
 *                   may be NULL. Warnings (a row that a newer base already has) are lines too, marked "warning:".
 *  @return SM_OK; SM_ERR_ARG; SM_ERR_NOMEM; SM_ERR_IO; SM_ERR_TABLE (then `error` holds the first problem and how many
 *          there are in all, and `compiled` is left alone). */
SM_API sm_status sm_dict_build(const sm_build_options *options, sm_buffer *compiled, sm_buffer *report,
                               sm_error *error);

/** Writes one table of a dictionary back as TSV, such that building from all of them gives the same dictionary.
 *  @param table  "securities", "names", "mics", "notations", "providers", "context", "variants" or "lexicon".
 *  @return SM_OK; SM_ERR_ARG; SM_ERR_NOMEM; SM_ERR_UNKNOWN (no such table). On an error nothing was appended. */
SM_API sm_status sm_dict_dump(const sm_dict *dict, const char *table, sm_buffer *tsv, sm_error *error);

/* --- Engines and scanners ----------------------------------------------------------------------------------------- */

/** A dictionary made ready to scan. Immutable; any number of threads may use it at once. */
typedef struct sm_engine sm_engine;

/** One thread's working memory, reused from document to document. Not to be shared by threads at the same time. */
typedef struct sm_scanner sm_scanner;

/* The instructions that text is looked through with. All find the same; they differ in speed alone. */
enum {
    SM_KERNEL_AUTO = 0, /* the fastest that this processor has */
    SM_KERNEL_C = 1,    /* no vector code of the library's own */
    SM_KERNEL_AVX2 = 2,
    SM_KERNEL_AVX512 = 3, /* with BW, VBMI and VBMI2 */
    SM_KERNEL_NEON = 4
};

typedef struct sm_engine_options {
    uint32_t struct_size;
    uint32_t kernel;               /* SM_KERNEL_… */
    const sm_allocator *allocator; /* NULL: malloc. Copied; its context must outlive engine, scanners and results. */
} sm_engine_options;

SM_API void sm_engine_options_init(sm_engine_options *options, uint32_t struct_size);

/** Opens an engine.
 *  @param dict     NULL: the default dictionary. Kept alive by the engine.
 *  @param options  NULL: defaults.
 *  @param engine   receives an engine that the caller frees with sm_engine_free(); NULL on failure.
 *  @return SM_OK; SM_ERR_ARG; SM_ERR_NOMEM; SM_ERR_UNSUPPORTED (a kernel that cannot run here; the message names those
 *          that can). */
SM_API sm_status sm_engine_open(const sm_dict *dict, const sm_engine_options *options, sm_engine **engine,
                                sm_error *error);

/** Gives the caller's hold on an engine back. Scanners and results keep their engine alive until they are freed. */
SM_API void sm_engine_free(sm_engine *engine);

/** The dictionary of an engine; valid as long as the engine. */
SM_API const sm_dict *sm_engine_dict(const sm_engine *engine);

/** The kernel that an engine uses, never "auto": "avx512", "avx2", "neon" or "c". Valid for the life of the process; NULL
 *  for NULL. Opening and building a dictionary is no engine's doing: that uses what the processor has. */
SM_API const char *sm_engine_kernel(const sm_engine *engine);

/** A place where the engine of now is found, which can be replaced while threads use it: a new dictionary in a server that
 *  runs on. */
typedef struct sm_live sm_live;

/** @param engine  the first one; the place has a hold of its own, so the caller frees it as before.
 *  @param live    receives what the caller frees with sm_live_free() when no thread asks it any more; NULL on failure.
 *  @return SM_OK; SM_ERR_ARG; SM_ERR_NOMEM. */
SM_API sm_status sm_live_new(const sm_engine *engine, sm_live **live, sm_error *error);
SM_API void sm_live_free(sm_live *live); /* engines that were taken from it are kept by those who have them */

/** The engine of now, never waiting, from any thread: a hold that is given back with sm_engine_free(). Ask for each document
 *  or batch. A scanner belongs to the engine that it was made for: where another engine comes, make another. NULL for NULL. */
SM_API sm_engine *sm_live_engine(sm_live *live);

/** From now on sm_live_engine() gives this engine. The one before lives until the last hold, scanner and result of it are
 *  freed; results stay what they are. Any number of threads may call this; the engine is held as in sm_live_new().
 *  @return SM_OK or SM_ERR_ARG. */
SM_API sm_status sm_live_replace(sm_live *live, const sm_engine *engine, sm_error *error);

/** Compiles every code pattern now instead of at its first use. Safe from any thread, any number of times.
 *  @return SM_OK; SM_ERR_NOMEM; SM_ERR_PATTERN. */
SM_API sm_status sm_engine_warm(const sm_engine *engine, sm_error *error);

/** @param scanner  receives a scanner that the caller frees with sm_scanner_free(). @return SM_OK; SM_ERR_ARG;
 *  SM_ERR_NOMEM. */
SM_API sm_status sm_scanner_new(const sm_engine *engine, sm_scanner **scanner, sm_error *error);
SM_API void sm_scanner_free(sm_scanner *scanner);

/* --- Documents and options ---------------------------------------------------------------------------------------- */

enum { SM_FORMAT_AUTO = 0, SM_FORMAT_TEXT = 1, SM_FORMAT_HTML = 2, SM_FORMAT_MARKDOWN = 3 };

/** One document and what is known about it. Everything but the text may be left NULL and 0. */
typedef struct sm_document {
    uint32_t struct_size;
    uint32_t format;  /* SM_FORMAT_…; AUTO looks at the first bytes: front matter, a tag, else text */
    const char *text; /* in its charset; bytes that are no characters of it are passed over and counted */
    uint64_t text_len;
    const char *title; /* plain text, scanned as a field of its own: mentions say field SM_FIELD_TITLE */
    uint64_t title_len;
    const char *url; /* a date in it is the as-of day where nothing better is known */
    uint64_t url_len;
    const char *source; /* the medium: a mention that reads like it has SM_ROLE_SOURCE */
    uint64_t source_len;
    int32_t date; /* the document's day, yyyymmdd; 0: not known */
    uint32_t reserved;
    /* Of the text, by any of its usual names: "utf-8", "gbk", "big5", "utf-16le". NULL: what a mark of byte order says, else
     * UTF-8 where all of it is that, else what the page declares, else what it looks like. Title and source are UTF-8. */
    const char *charset;
    uint64_t charset_len;
} sm_document;

SM_API void sm_document_init(sm_document *document, uint32_t struct_size);
/** Reads the day that a text of `len` bytes begins with, as yyyymmdd: 2021-12-22 with -, /, . or 年 and 月 between, month and
 *  day in one digit or two (2021/1/5), or 20211222. What follows, such as a time of day, is not looked at.
 *  @return 0 where it is no day from 1600 to 9999. */
SM_API int32_t sm_date_parse(const char *text, uint64_t len);

enum {
    SM_SCOPE_STRICT = 0, /* what the annotation guideline requires */
    SM_SCOPE_BROAD = 1   /* optional kinds too: products, brands and papers under a company's name, with the
                            role UNIT. The column `broad` of context.tsv has the weights that differ */
};

/* What to compute beside byte offsets: costs one more pass over the document. */
enum { SM_OFFSETS_BYTE = 0, SM_OFFSETS_CODEPOINT = 1, SM_OFFSETS_UTF16 = 2 };

typedef struct sm_extract_options {
    uint32_t struct_size;
    int32_t as_of;           /* yyyymmdd; 0: the document's own day, as far as it can be found */
    uint32_t scope;          /* SM_SCOPE_… */
    uint32_t offsets;        /* SM_OFFSETS_… */
    uint16_t min_confidence; /* of 65535; mentions below are left out. 0: one half, and less changes nothing */
    uint16_t unlisted;       /* 1: well-formed codes that the dictionary does not know are reported too, see
                                SM_SECURITY_UNKNOWN; they change no other mention and no salience. 0: they are not */
    uint16_t counts; /* 1: sm_result_decided() and sm_result_unknown_codes() tell; costs little. 0: they do not */
    uint16_t reserved;
    const char *const *prefer; /* MICs, best first: which line is meant where nothing else tells */
    uint64_t n_prefer;
    const char *const *only; /* security ids: report these alone */
    uint64_t n_only;
    const char *const *exclude; /* security ids: never report these */
    uint64_t n_exclude;
    uint64_t max_mentions; /* 0: no limit. What is cut is said by SM_LIMIT_MENTIONS */
    /* Elements of HTML that are not read, by tag, class or id: "aside", ".share", "#related". */
    const char *const *skip;
    uint64_t n_skip;
    /* Of the text; what stands behind is not read, which SM_LIMIT_BYTES says, nor is a character that would be parted. But
     * for its charset the text's first 64 KiB are looked at all the same, so that a limit does not change it. 0: no limit;
     * nor is there one for sm_engine_annotate(). */
    uint64_t max_bytes;
    uint32_t max_depth; /* elements in elements; what is in deeper ones is read as if they were not there, which
                            SM_LIMIT_DEPTH says: hidden ones too. 0: 65,536, which is the most */
    /* 0: what stands anywhere in the document counts for all of its mentions. Else the text is read in passages of half as
     * many bytes at most, which end with lines, else with sentences, clauses or words, and what stands in a mention's own
     * passage and the two beside it counts: nothing that is further away than so many bytes. Each passage is a paragraph to
     * itself; the title is one, whatever its length. 256 at least, and a name where no sentence ends may be parted: better
     * some thousands. For long texts that are not of one piece, and for streams: see sm_stream_feed() */
    uint32_t context_bytes;
    /* A step is a byte of the title or the text, or a name or code in them that could be a mention; none takes longer than a
     * constant. What has so many steps before it is not looked at, which SM_LIMIT_STEPS says: the same on every machine.
     * 0: no limit; nor is there one for sm_engine_annotate() */
    uint64_t max_steps;
} sm_extract_options;

SM_API void sm_extract_options_init(sm_extract_options *options, uint32_t struct_size);

/* --- The text of a document --------------------------------------------------------------------------------------- */

/** Where a stretch of a run comes from. A piece reaches to the next piece's start, or to the end of its run. One that is
 *  as long in the source as in the run maps byte by byte; another (a character reference, a byte that is no UTF-8) maps as
 *  a whole. */
typedef struct sm_text_piece {
    uint64_t start;                    /* byte of the run */
    uint64_t source_start, source_end; /* bytes of the document's text */
} sm_text_piece;

/** What a reader sees as one stretch: a paragraph, a heading, a table cell. A mention never reaches over its end. Of HTML
 *  the text is what a browser's tokenizer makes of it: references are decoded, and a line's end is a newline, whichever way
 *  the source writes it. What would be white space alone is no run, unless that is all there is. */
typedef struct sm_text_run {
    const char *text; /* UTF-8, not NUL-terminated; U+FFFD stands for what was none */
    uint64_t len;
    const sm_text_piece *pieces; /* in order, one at least */
    uint64_t n_pieces;
    uint32_t region; /* SM_REGION_… */
    uint32_t reserved;
} sm_text_run;

/** What of a document is scanned. Belongs to the caller; reading it is safe from many threads. */
typedef struct sm_text sm_text;

/** Reads a document as sm_engine_extract() does, and stops before anything is looked for.
 *  @param document  its text, format and charset count, nothing else. The text must stay where it is as long as the runs
 *                   are used.
 *  @param text      *text is NULL: receives a new one, which the caller frees with sm_text_free(); else that one is
 *                   cleared and refilled.
 *  @return SM_OK; SM_ERR_ARG; SM_ERR_UNSUPPORTED (this ICU lacks the charset); SM_ERR_NOMEM. On an error it holds nothing.
 *          Linear in the length of the text. */
SM_API sm_status sm_text_read(const sm_document *document, sm_text **text, sm_error *error);
/** The same with options, of which skip, max_bytes and max_depth count; NULL: the defaults. */
SM_API sm_status sm_text_read_with(const sm_document *document, const sm_extract_options *options, sm_text **text,
                                   sm_error *error);
SM_API void sm_text_free(sm_text *text);
/** Makes UTF-8 of a whole text, markup and all, for what parses it before it is read, as sm_text_read() finds its charset.
 *  @param document   its text and charset count, nothing else.
 *  @param utf8       receives valid UTF-8 behind what it holds, without a mark of byte order; U+FFFD stands for what is no
 *                    character. The caller frees it with sm_buffer_free().
 *  @param n_invalid  may be NULL; receives how many of these there are.
 *  @return SM_OK; SM_ERR_ARG; SM_ERR_UNSUPPORTED (this ICU lacks the charset); SM_ERR_NOMEM. On an error nothing was added. */
SM_API sm_status sm_text_decode(const sm_document *document, sm_buffer *utf8, uint64_t *n_invalid, sm_error *error);

SM_API uint64_t sm_text_run_count(const sm_text *text);
/** In the order of the document; valid until the next read or free. @param stride  bytes from one to the next. */
SM_API const sm_text_run *sm_text_runs(const sm_text *text, uint32_t *stride);
SM_API const sm_text_run *sm_text_run_at(const sm_text *text, uint64_t index);
/** What the document was read as: SM_FORMAT_…, never AUTO; 0 when it holds nothing. */
SM_API uint32_t sm_text_format(const sm_text *text);
/** SM_LIMIT_BYTES and SM_LIMIT_DEPTH where they were reached. */
SM_API uint32_t sm_text_limits(const sm_text *text);

/** Appends a line of JSON for each run: {"text": "…", "region": "body", "pieces": [[start, source start, source end], …]}.
 *  @return SM_OK; SM_ERR_ARG; SM_ERR_NOMEM: then nothing was appended. */
SM_API sm_status sm_text_json(const sm_text *text, sm_buffer *json, sm_error *error);

/* --- Extraction and results --------------------------------------------------------------------------------------- */

/** What was found in one document, or in those of a batch. Belongs to the caller; keeps its engine alive. Reading is
 * safe from many threads. */
typedef struct sm_result sm_result;

/** Finds every stock mention in one document.
 *  @param scanner   this thread's scanner of the same engine; NULL: one is made for this call.
 *  @param document  not kept after the call.
 *  @param options   NULL: defaults.
 *  @param result    *result is NULL: receives a new result, which the caller frees with sm_result_free(); else that
 *                   result is cleared and refilled, so that in steady state nothing is allocated.
 *  @return SM_OK; SM_ERR_ARG (a NULL, an unknown option, an unknown id in `only`; `error` says which); SM_ERR_NOMEM;
 *          SM_ERR_PATTERN; SM_ERR_UNSUPPORTED (this ICU lacks the charset). On an error the result holds nothing; but one
 *          of another engine is refused and left as it is, here and wherever results come out.
 *          Bytes passed over and limits are flags of the result.
 *  Any number of threads may call this on one engine at once, each with a scanner and a result of its own. */
SM_API sm_status sm_engine_extract(const sm_engine *engine, sm_scanner *scanner, const sm_document *document,
                                   const sm_extract_options *options, sm_result **result, sm_error *error);

/** Documents in one buffer, as columns of text are kept. All of it belongs to the caller and is not kept after the
 * call. No more threads work than there are documents, nor than one for each 24 KiB of their text and one for the rest. */
typedef struct sm_batch {
    uint32_t struct_size;
    uint32_t format;        /* SM_FORMAT_… of all of them */
    const char *text;       /* one behind the other; may be NULL when all are empty */
    const int64_t *offsets; /* bytes, n_documents + 1 of them, from 0 and none less than the one before: document i is
                               text[offsets[i]] up to text[offsets[i + 1]]; may be NULL when there are none */
    uint64_t n_documents;
    const int32_t *dates; /* their days, yyyymmdd or 0; NULL: not known */
    uint32_t n_threads;   /* at most, with the caller's; 0 is 1. They end with the call */
    uint32_t reserved;
    const char *charset; /* of all of them, as in sm_document. NULL: each document's is found as there */
    uint64_t charset_len;
} sm_batch;

SM_API void sm_batch_init(sm_batch *batch, uint32_t struct_size);

/** Finds every stock mention in many documents: what sm_engine_extract() finds in each, in their order, whatever the
 *  number of threads. The work is split by bytes; where a thread cannot be made, the caller's does its part. Documents
 *  that have titles, addresses, media, formats or charsets of their own: sm_engine_extract_arrow().
 *  @param batch    not kept after the call. The bytes from text[offsets[0]] to the last offset may be read as a whole.
 *  @param options  of every document, also max_mentions; NULL: defaults.
 *  @param result   as in sm_engine_extract(); sm_result_documents() tells what belongs to which. One that is used again
 *                  also keeps what the last batch was worked with, so that small batches cost no more than large ones: with
 *                  several threads about as much memory as it holds itself.
 *  @return SM_OK; SM_ERR_ARG (also offsets that go back and a date that is no day); SM_ERR_NOMEM; SM_ERR_PATTERN;
 *          SM_ERR_UNSUPPORTED (this ICU lacks the charset). What fails for one document fails for all: on an error the
 *          result holds nothing. A result holds no more than 4,294,967,294 mentions, candidates or securities: what would
 *          have more is SM_ERR_NOMEM.
 *  Any number of threads may call this on one engine at once, each with a result of its own. The engine's allocator is
 *  called from all threads of the call. */
SM_API sm_status sm_engine_extract_batch(const sm_engine *engine, const sm_batch *batch,
                                         const sm_extract_options *options, sm_result **result, sm_error *error);

/** Finds what contradicts itself, the tables or the day of a text: names beside codes that are not theirs, codes that do
 *  not exist, links that go elsewhere than their text says, names that the day rules out. The parameters and what is
 *  returned are those of sm_engine_extract(); of the options `as_of`, `offsets` and `prefer` are heard for findings too.
 *  The result holds the mentions as well; sm_result_findings() tells what was found. */
SM_API sm_status sm_check(const sm_engine *engine, sm_scanner *scanner, const sm_document *document,
                          const sm_extract_options *options, sm_result **result, sm_error *error);

/** A document that comes in pieces: its bytes as they are read from somewhere, parted anywhere. Belongs to the caller; keeps
 *  its engine alive. One thread at a time. */
typedef struct sm_stream sm_stream;

/** Begins a document.
 *  @param document  what is known of it but its text, which must be empty; NULL: nothing. Not kept after the call.
 *  @param options   as in sm_engine_extract(); not kept after the call. With `context_bytes`, for a document of format
 *                   SM_FORMAT_TEXT and charset "utf-8", mentions are told while it comes, and memory does not grow with it: it
 *                   holds three passages and what was found in them. Whatever else it is, its text is kept, so much of it as
 *                   max_bytes and max_steps let be read and 64 KiB at least, and all mentions are told at its end: what a page
 *                   is of, in which charset, and what counts for its mentions is known of a whole one.
 *  @param stream    *stream is NULL: receives a new stream, which the caller frees with sm_stream_free(); else that one begins
 *                   anew, whatever has become of its document.
 *  @return SM_OK; SM_ERR_ARG; SM_ERR_NOMEM. */
SM_API sm_status sm_stream_open(const sm_engine *engine, const sm_document *document, const sm_extract_options *options,
                                sm_stream **stream, sm_error *error);
/** Takes more of the text.
 *  @param bytes   any number, not kept after the call; may be NULL when `len` is 0.
 *  @param result  as in sm_engine_extract(): has one document, with the mentions that have become final by these bytes, none
 *                 of which was told before; their places are in the whole text. A mention is told context_bytes behind its
 *                 start at the latest, or where a limit ends the text. Candidates, securities, with what they were then, and roll-ups are those of these
 *                 mentions alone. All results of a document one behind the other have the mentions that sm_engine_extract()
 *                 finds in it with the same options, wherever it was parted.
 *  @return SM_OK; SM_ERR_ARG, also behind an end or a failure; SM_ERR_NOMEM; SM_ERR_PATTERN. Then the result holds nothing, and
 *          behind any but SM_ERR_ARG the stream is to be opened anew. Linear in the bytes. */
SM_API sm_status sm_stream_feed(sm_stream *stream, const char *bytes, uint64_t len, sm_result **result,
                                sm_error *error);
/** Ends the text.
 *  @param result  as in sm_stream_feed(), with the rest; what it says of the document beside its mentions (limits, bytes that
 *                 were read and passed over) is of all of it.
 *  @return as sm_stream_feed(); SM_ERR_UNSUPPORTED (this ICU lacks the charset). */
SM_API sm_status sm_stream_finish(sm_stream *stream, sm_result **result, sm_error *error);
SM_API void sm_stream_free(sm_stream *stream);

SM_API void sm_result_free(sm_result *result);

enum { SM_KIND_NAME = 1, SM_KIND_CODE = 2, SM_KIND_LINK = 3 };
enum {
    SM_REGION_BODY = 0,
    SM_REGION_TITLE = 1,
    SM_REGION_HEADING = 2,
    SM_REGION_TABLE = 3,
    SM_REGION_LINKS = 4,
    SM_REGION_NAVIGATION = 5,
    SM_REGION_FOOTER = 6
};
/* What a mention does in its text: it is spoken of; a house whose research is quoted (中信证券认为); the medium; an exchange as
 * a place (在港交所上市); a part or product under its maker's name (招商银行北京分行). RESEARCH, SOURCE and VENUE have no part in
 * the salience. */
enum { SM_ROLE_SUBJECT = 0, SM_ROLE_RESEARCH = 1, SM_ROLE_SOURCE = 2, SM_ROLE_VENUE = 3, SM_ROLE_UNIT = 4 };
enum { SM_FIELD_TEXT = 0, SM_FIELD_TITLE = 1 };

/** The words of the JSON output for the constants above: "name", "body", "subject", "text". NULL for unknown values. */
SM_API const char *sm_kind_word(uint32_t kind);
SM_API const char *sm_region_word(uint32_t region);
SM_API const char *sm_role_word(uint32_t role);
SM_API const char *sm_field_word(uint32_t field);
SM_API const char *sm_security_status_word(uint32_t status); /* of SM_SECURITY_… */

/** The word of one bit of `sm_mention.evidence`, such as "code-beside"; NULL for bits that have none.
 *  @param bit  0 to 63. */
SM_API const char *sm_evidence_word(uint32_t bit);

/** One mention. Those of the title stand first, then by start; a link stands before what it covers. */
typedef struct sm_mention {
    uint64_t start, end;             /* bytes of the field it stands in */
    uint64_t start_units, end_units; /* code points or UTF-16 units as options.offsets says; 0 without */
    uint32_t field;                  /* SM_FIELD_… */
    uint32_t kind, region, role;     /* SM_KIND_…, SM_REGION_…, SM_ROLE_… */
    uint32_t security;               /* index into the result's securities */
    uint32_t first_candidate;        /* the lines that could be meant: index into the result's candidates, best first */
    uint32_t n_candidates;           /* at least 1; the first is `security` */
    uint16_t confidence;             /* that it is a mention, of 65535 */
    uint16_t reserved;
    uint64_t evidence; /* bit set; sm_evidence_word() */
    const char *text; /* what a reader sees: entities decoded, tags left out; of a link the first 1,024 bytes at most */
    const char *name; /* the dictionary's name, or the code in its normal form */
    uint64_t document; /* of a batch, from 0; places are bytes of that document */
} sm_mention;

typedef struct sm_candidate {
    uint32_t security;   /* index into the result's securities */
    uint16_t confidence; /* that this line is meant, given that it is a mention, of 65535; they sum to 65535 at most */
    uint16_t reserved;
} sm_candidate;

/* UNKNOWN, with `options.unlisted` only: the dictionary has no such security. Its id has the market that the notation names
 * (688999.SH is "XSHG:688999"), or XXXX, which ISO 10383 keeps for no market, where it names none ($ABCD is "XXXX:ABCD");
 * issuer and then are the id, name and type "", and there is no URL. Codes of indices, funds and bonds are none of these:
 * the column `shares` of mics.tsv tells which codes shares have. */
enum {
    SM_SECURITY_ACTIVE = 0,
    SM_SECURITY_DELISTED = 1,
    SM_SECURITY_RENAMED = 2,
    SM_SECURITY_RENUMBERED = 3,
    SM_SECURITY_UNKNOWN = 4,
    SM_SECURITY_NOT_YET = 5 /* not listed yet, on a day: sm_found.status_then alone */
};

/** A security that the result speaks of. The strings live as long as the result. */
typedef struct sm_security {
    const char *id;     /* "XSHG:688111" */
    const char *issuer; /* the id of the issuer's home line */
    const char *name;   /* current short name; "" where the tables have none */
    const char *type;   /* "stock", "depositary_receipt", "etf", … as in securities.tsv */
    const char *then;   /* the id at the as-of day; equal to `id` mostly */
    uint32_t status;    /* SM_SECURITY_… */
    uint32_t handle;    /* its number, the same in every result of this dictionary; UINT32_MAX when UNKNOWN */
} sm_security;

/** How often and how much a document is about one security, or about one issuer. Links are not counted. */
typedef struct sm_rollup {
    uint32_t security;      /* index into the result's securities: the line named most; its issuer when by issuer */
    uint32_t count;         /* mentions */
    uint32_t first_mention; /* index into the result's mentions */
    uint16_t salience;      /* share of the document's weight, of 65535: title and headings weigh more, and the first
                               that is named where the text says what it announces, or begins with it; sources nothing */
    uint16_t reserved;
} sm_rollup;

enum { SM_BY_SECURITY = 0, SM_BY_ISSUER = 1 };

enum { SM_LIMIT_MENTIONS = 1, SM_LIMIT_BYTES = 2, SM_LIMIT_DEPTH = 4, SM_LIMIT_STEPS = 8 };

/* Flags of sm_document_info. */
enum {
    SM_DOCUMENT_TITLE = 1, /* it has a title beside its text: its mentions are of two fields */
    SM_DOCUMENT_NULL = 2   /* there is no text: the row of an Arrow array is null */
};

/** What belongs to one document of a result: ranges of its arrays, and what is to be said of the document itself. */
typedef struct sm_document_info {
    uint64_t first_mention, n_mentions;
    uint64_t first_security, n_securities;
    uint64_t first_row[2], n_rows[2]; /* of the roll-up, by SM_BY_… */
    uint64_t n_invalid;               /* maximal sequences of bytes that are no characters, in all fields */
    uint64_t first_invalid;           /* the byte of the first one in the text; 0: none there, or it */
    int32_t as_of;                    /* the as-of day that was used; 0: none */
    uint32_t limits;                  /* that were reached: SM_LIMIT_…; 0: the document was read in full */
    /* That the text was read in: "utf-8" and the like; "" where that is not known yet: of a stream whose text is kept until its
     * end, or of which hardly a byte has come. */
    const char *charset;
    uint32_t flags; /* SM_DOCUMENT_… */
    uint32_t reserved;
    uint64_t n_read; /* bytes of the text that were read: all, but with SM_LIMIT_BYTES and SM_LIMIT_STEPS */
} sm_document_info;

/** The documents of a result, one unless it is of a batch. @return the first of sm_result_document_count(). */
SM_API uint64_t sm_result_document_count(const sm_result *result);
SM_API const sm_document_info *sm_result_documents(const sm_result *result, uint32_t *stride);
SM_API const sm_document_info *sm_result_document_at(const sm_result *result, uint64_t index);

SM_API uint64_t sm_result_mention_count(const sm_result *result);
/** @return the first of sm_result_mention_count() mentions, *stride bytes apart; valid until the result changes. */
SM_API const sm_mention *sm_result_mentions(const sm_result *result, uint32_t *stride);
SM_API const sm_mention *sm_result_mention_at(const sm_result *result, uint64_t index);
SM_API uint64_t sm_result_candidate_count(const sm_result *result);
SM_API const sm_candidate *sm_result_candidates(const sm_result *result, uint32_t *stride);
SM_API const sm_candidate *sm_result_candidate_at(const sm_result *result, uint64_t index);
SM_API uint64_t sm_result_security_count(const sm_result *result);
SM_API const sm_security *sm_result_securities(const sm_result *result, uint32_t *stride);
SM_API const sm_security *sm_result_security_at(const sm_result *result, uint64_t index);

/** Rolls mentions up, document by document, most salient first; ties by first place.
 *  @param by    SM_BY_SECURITY or SM_BY_ISSUER.
 *  @param rows  receives the rows, which belong to the result; NULL for an unknown `by`.
 *  @return their number. */
SM_API uint64_t sm_result_rollup(const sm_result *result, uint32_t by, const sm_rollup **rows, uint32_t *stride);
SM_API const sm_rollup *sm_result_rollup_at(const sm_result *result, uint32_t by, uint64_t index);

/** The as-of day that was used for the (first) document; 0: none. */
SM_API int32_t sm_result_as_of(const sm_result *result);

/** n_invalid and first_invalid of the (first) document, as in sm_document_info. @param first  may be NULL. */
SM_API uint64_t sm_result_invalid_bytes(const sm_result *result, uint64_t *first);

/** Limits that the (first) document reached, as in sm_document_info. */
SM_API uint32_t sm_result_limits(const sm_result *result);

/* What a finding says; sm_finding_word() has the words. */
enum {
    SM_FINDING_MISMATCH = 1,     /* a name and the code beside it are of two companies */
    SM_FINDING_UNKNOWN_CODE = 2, /* a code that the dictionary does not know */
    SM_FINDING_LINK = 3,         /* a link goes to another company than its text names */
    SM_FINDING_NAME_DATE = 4, /* a name that was given up years before the day of the text, or given years after it */
    SM_FINDING_NOT_LISTED = 5 /* nothing of the company was listed on the day of the text */
};
/* A note: the dictionary may be what is wrong. */
enum { SM_SEVERITY_NOTE = 1, SM_SEVERITY_WARNING = 2, SM_SEVERITY_ERROR = 3 };

/** The words of the JSON output for the constants above: "mismatch", "error". NULL for unknown values. */
SM_API const char *sm_finding_word(uint32_t kind);
SM_API const char *sm_severity_word(uint32_t severity);

/** One contradiction. Places of what is not there are 0 both. Ids are such as "XSHG:600519". Strings live as long as the
 * result; what is not known is "". */
typedef struct sm_finding {
    uint64_t name_start, name_end;             /* the name, or a link's text; bytes of the field it stands in */
    uint64_t code_start, code_end;             /* the code, or the whole link */
    uint64_t name_start_units, name_end_units; /* code points or UTF-16 units as options.offsets says; 0 without */
    uint64_t code_start_units, code_end_units;
    uint32_t field, region;  /* SM_FIELD_…, SM_REGION_… */
    uint32_t kind, severity; /* SM_FINDING_…, SM_SEVERITY_… */
    const char *name, *code; /* what stands there, as a reader sees it; of a link the text and the address */
    const char *name_ids;    /* the lines that the name can mean, best first, parted by spaces */
    const char *code_id;     /* whose the code or link is */
    const char *code_name;   /* the current short name of that */
    const char *right;       /* the line whose code would be right beside the name */
    const char *message;     /* one sentence: what stands there and what would be right */
} sm_finding;

/** What sm_check() found, in the order of places, the title's first; none of other results.
 *  @return the first of sm_result_finding_count() findings, *stride bytes apart; valid until the result changes. */
SM_API uint64_t sm_result_finding_count(const sm_result *result);
SM_API const sm_finding *sm_result_findings(const sm_result *result, uint32_t *stride);
SM_API const sm_finding *sm_result_finding_at(const sm_result *result, uint64_t index);

typedef struct sm_json_options {
    uint32_t struct_size;
    uint32_t reserved;
    const char *id; /* value of the "id" key as a string; NULL: no such key */
    uint64_t id_len;
    const char *provider; /* whose URLs; NULL: "eastmoney"; "all": a map of all of them under "urls" as well */
    uint64_t document;    /* of a batch, from 0 */
    /* Of long lines: whenever `json` has 64 KB and more, it takes these away and sets json->len to 0; what is left at the end
     * stays. It returns 0 to go on; anything else ends the call with SM_ERR_IO. NULL: all of the line is gathered. */
    int (*pass)(void *pass_context, sm_buffer *json);
    void *pass_context;
} sm_json_options;

SM_API void sm_json_options_init(sm_json_options *options, uint32_t struct_size);

/** Appends a document of a result as one line of JSON, with the newline; the keys are those of the README. A result of
 *  sm_check() is written with its findings in the place of mentions and securities, one of sm_engine_explain() has
 *  "explanations" besides.
 *  @return SM_OK; SM_ERR_ARG; SM_ERR_NOMEM; SM_ERR_UNKNOWN (no such provider); SM_ERR_IO (options.pass says so). On an error
 *          nothing was appended, but some of the line may have been passed. */
SM_API sm_status sm_result_json(const sm_result *result, const sm_json_options *options, sm_buffer *json,
                                sm_error *error);

/* --- Arrow -------------------------------------------------------------------------------------------------------- */

/* The C data and C stream interfaces of Apache Arrow, as their specification has them, for whoever has not declared them
 * yet: https://arrow.apache.org/docs/format/CDataInterface.html, CStreamInterface.html */
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
    const char *format;
    const char *name;
    const char *metadata;
    int64_t flags;
    int64_t n_children;
    struct ArrowSchema **children;
    struct ArrowSchema *dictionary;
    void (*release)(struct ArrowSchema *);
    void *private_data;
};

struct ArrowArray {
    int64_t length;
    int64_t null_count;
    int64_t offset;
    int64_t n_buffers;
    int64_t n_children;
    const void **buffers;
    struct ArrowArray **children;
    struct ArrowArray *dictionary;
    void (*release)(struct ArrowArray *);
    void *private_data;
};

#endif
#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *out);
    int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *out);
    const char *(*get_last_error)(struct ArrowArrayStream *);
    void (*release)(struct ArrowArrayStream *);
    void *private_data;
};

#endif

typedef struct sm_arrow_options {
    uint32_t struct_size;
    uint32_t format;    /* SM_FORMAT_… of documents for which no column says it */
    uint32_t n_threads; /* as in sm_batch */
    uint32_t reserved;
    const char *text;    /* the column of a struct that has the texts; NULL: "text" */
    const char *charset; /* of binary texts for which no column says it; NULL: found as in sm_document */
} sm_arrow_options;

SM_API void sm_arrow_options_init(sm_arrow_options *options, uint32_t struct_size);

/** Finds every stock mention in columns of documents: what sm_engine_extract() finds in each. Texts are read where they lie;
 *  those of views and dictionaries are laid together 64 KB at a time. Buffers must be aligned to what they hold. A column is
 *  an array of texts (utf8, large_utf8, utf8_view, binary, large_binary, binary_view, or such a one encoded with a
 *  dictionary), or a struct, as a table's batch is, of which these columns are read, if they are there; all others are not
 *  looked at:
 *
 *      text                        as above, under this name or that of how->text; needed
 *      title, url, source, format, charset   strings; format is "auto", "text", "html" or "markdown"
 *      date                        date32, date64, timestamp without a time zone, a string that begins with such as
 *                                  2021-12-22, or int32 yyyymmdd
 *
 *  Any of these may be encoded with a dictionary, be of type null, or have nulls, which are not known; a document whose text
 *  is null has no mentions and SM_DOCUMENT_NULL. Texts of a utf8 type are UTF-8 whatever their charset says.
 *  @param schema   of each of the arrays.
 *  @param arrays   slices with offsets too; the documents of all of them, one behind the other. They and the schema are
 *                  read during the call and remain the caller's to release.
 *  @param how      NULL: defaults.
 *  @param options, result  as in sm_engine_extract_batch().
 *  @return as sm_engine_extract_batch(); SM_ERR_ARG also for a schema that is none of the above, a row that no day, format
 *          or charset can be read from, and arrays that do not have the buffers of their schema; the message says what
 *          came and what is expected.
 *  Any number of threads may call this on one engine at once, each with a result of its own. */
SM_API sm_status sm_engine_extract_arrow(const sm_engine *engine, const struct ArrowSchema *schema,
                                         const struct ArrowArray *const *arrays, uint64_t n_arrays,
                                         const sm_arrow_options *how, const sm_extract_options *options,
                                         sm_result **result, sm_error *error);

enum {
    SM_ARROW_LISTS = 0,    /* a list array: for each document its mentions, null where it is null */
    SM_ARROW_MENTIONS = 1, /* a struct array, as a table's batch is: a row for each mention */
    /* of streams of structs alone: the columns that came, as they came, with the schema's metadata; and behind them the
     * lists, "mentions" */
    SM_ARROW_COLUMNS = 2
};

/** Gives a result out as an Arrow array; that of SM_ARROW_LISTS has that of SM_ARROW_MENTIONS as its one child. A mention is
 *
 *      document    int64: from 0
 *      field       dictionary<int8, utf8>: "text" or "title"
 *      start, end  int64: in the unit that options.offsets said, which the metadata of both have as "stockmention.unit":
 *                  "byte", "codepoint" or "utf16"
 *      text        utf8: what a reader sees
 *      kind, region, role   dictionary<int8, utf8>: the words of the JSON output
 *      security    dictionary<int32, utf8>: ids, each once
 *      confidence  float32: from 0 to 1
 *      evidence    list<dictionary<int8, utf8>>: the words of the JSON output
 *
 *  and is never null. The schema's own metadata have the unit too, and as "stockmention.dictionary" the version of the
 *  dictionary. Columns are only ever added.
 *  @param layout  SM_ARROW_LISTS or SM_ARROW_MENTIONS.
 *  @param schema  receives a schema, and `array` an array, which the caller releases, from any thread, and which need
 *                 neither result nor engine. Their memory is malloc's. Either may be NULL: not wanted. On an error their
 *                 `release` is NULL.
 *  @return SM_OK; SM_ERR_ARG; SM_ERR_NOMEM (also for more than 2,147,483,647 mentions or bytes of their texts). */
SM_API sm_status sm_result_arrow(const sm_result *result, uint32_t layout, struct ArrowSchema *schema,
                                 struct ArrowArray *array, sm_error *error);

/** Makes of a stream of documents the stream of what is found in them, array by array: what sm_engine_extract_arrow() finds,
 *  as sm_result_arrow() gives it out. `document` counts through all arrays. Memory is taken for one array at a time.
 *  @param documents  is moved into the stream, which releases it; on an error it remains the caller's.
 *  @param how, options  are copied.
 *  @param layout     SM_ARROW_…
 *  @param mentions   receives a stream that the caller releases; it keeps the engine alive. On an error its `release` is
 *                    NULL. One thread may use it at a time. Its get_next() gives EINVAL, ENOMEM, EIO, or what that of
 *                    `documents` gave, and get_last_error() the message.
 *  @return SM_OK; SM_ERR_ARG (also a schema that is refused, and for SM_ARROW_COLUMNS one that is no struct or has a column
 *          "mentions"); SM_ERR_IO (`documents` gave no schema; the message is its own); SM_ERR_NOMEM. */
SM_API sm_status sm_engine_stream_arrow(const sm_engine *engine, struct ArrowArrayStream *documents,
                                        const sm_arrow_options *how, const sm_extract_options *options, uint32_t layout,
                                        struct ArrowArrayStream *mentions, sm_error *error);

/* --- Annotating --------------------------------------------------------------------------------------------------- */

enum {
    SM_STYLE_LINK = 0, /* <a href="…">: HTML, Markdown */
    /* Spans and links as on Eastmoney's pages, and the block with the K-line picture of the stock that the page is mainly
     * about: HTML, Markdown. */
    SM_STYLE_EASTMONEY = 1,
    SM_STYLE_MARKDOWN = 2, /* [name](…): Markdown, text */
    SM_STYLE_ANSI = 3,     /* bold, and a link where the terminal knows links: any format */
    SM_STYLE_REPORT = 4    /* no copy: a page of its own for people, of any format; see sm_engine_annotate() */
};

/* Flags of sm_annotate_options. */
enum {
    SM_ANNOTATE_ALL = 1,           /* every mention, not the first of each security alone; ANSI is so anyway */
    SM_ANNOTATE_ADD = 2,           /* EASTMONEY: also a page that has Eastmoney's markup already */
    SM_ANNOTATE_SKIP_HEADINGS = 4, /* none in headings */
};

typedef struct sm_annotate_options {
    uint32_t struct_size;
    uint32_t style; /* SM_STYLE_… */
    uint32_t flags; /* SM_ANNOTATE_… */
    uint32_t reserved;
    uint64_t max_links;   /* with those that the page has already; 0: no limit */
    const char *provider; /* of LINK, MARKDOWN, ANSI and REPORT: whose pages; NULL: "eastmoney" */
    const char *url; /* of the same: an address of the caller's with {mic}, {code} or {id}, of http, https or the page's
                        own site; NULL: the provider's */
    const char *class_name; /* attributes of LINK's elements; NULL: none */
    const char *rel;
    const char *target;
} sm_annotate_options;

SM_API void sm_annotate_options_init(sm_annotate_options *options, uint32_t struct_size);

/** Appends a copy of the document's text with its mentions marked. Bytes are only inserted, never changed or left out; never
 *  inside links, buttons, code, titles, attributes, comments or front matter, and only where an element can stand around
 *  the mention: of one that cannot be marked the next of its security is. Media that published the text, navigation and
 *  footers are passed over. What the page links already counts, so that a second run changes nothing:
 *  where the links can be read again, which those of ANSI, of plain text and to addresses of the caller's cannot, and in
 *  the same charset, which is better said than guessed.
 *
 *  SM_STYLE_REPORT appends an HTML page in UTF-8 instead: the text that a reader of the document sees, its title too, with
 *  all mentions that sm_engine_extract() finds, and a list of the securities with their pages and K-line pictures, which
 *  are all that is loaded from elsewhere. It has no scripts; addresses other than http and https are left out. Of `how`,
 *  provider and url count.
 *  @param scanner   this thread's scanner of the same engine; NULL: one is made for this call.
 *  @param document  as for sm_engine_extract(); its title is written in a report alone.
 *  @param options   which mentions (offsets do not matter); NULL: defaults. The page's own links are no evidence, but in a report.
 *  @param how       NULL: defaults.
 *  @return SM_OK; SM_ERR_ARG (also a style that the format has no place for); SM_ERR_UNKNOWN (no such provider);
 *          SM_ERR_UNSUPPORTED (this ICU lacks the charset); SM_ERR_NOMEM; SM_ERR_PATTERN. On an error nothing was
 *          appended.
 *  Any number of threads may call this on one engine at once, each with a scanner of its own. */
SM_API sm_status sm_engine_annotate(const sm_engine *engine, sm_scanner *scanner, const sm_document *document,
                                    const sm_extract_options *options, const sm_annotate_options *how,
                                    sm_buffer *annotated, sm_error *error);

/* --- Counting and explaining ------------------------------------------------------------------------------------------ */

/* What became of a candidate. */
enum {
    SM_DECISION_TAKEN = 0,           /* it is a mention of the result */
    SM_DECISION_BELOW_THRESHOLD = 1, /* its features speak against it */
    SM_DECISION_OVERLAPPED = 2,      /* another that shares text with it was taken: `over` */
    SM_DECISION_NEEDS_CODE = 3,      /* the table has its name count beside its code only */
    SM_DECISION_NEVER = 4,           /* it is, or lies in, a name that the table has never count */
    SM_DECISION_NO_LINE = 5,         /* there is no line that it could mean */
    SM_DECISION_UNSURE = 6,          /* below options.min_confidence */
    SM_DECISION_UNWANTED = 7,        /* left out by options.only or options.exclude */
    SM_DECISION_CUT = 8              /* left out by options.max_mentions */
};

/** The word of a decision in the JSON output, such as "below-threshold"; NULL for unknown values. */
SM_API const char *sm_decision_word(uint32_t decision);

/** How many candidates in all documents of a result were decided so, as sm_engine_explain() tells of each. They are counted
 *  by all calls that fill a result, where options.counts asks for it. @param decision  SM_DECISION_…; of others 0. */
SM_API uint64_t sm_result_decided(const sm_result *result, uint32_t decision);
/** How many well-formed codes of shares stand in them that the dictionary does not know, reported or not, where
 *  options.counts asked for it: many mean that it is out of date. */
SM_API uint64_t sm_result_unknown_codes(const sm_result *result);

/** A line that a candidate could mean. Its score is against the candidate's other lines only: the features' weights, and
 *  how well the name fits the line and the day; where there is one line there is nothing to choose. */
typedef struct sm_explained_line {
    const char *security; /* its id; the string is the dictionary's */
    uint64_t features;    /* bit set of those that spoke for this line: sm_evidence_word() */
    int32_t score;        /* log-odds in hundredths of a nat */
    uint16_t confidence;  /* of 65535, as in sm_candidate */
    uint16_t reserved;
} sm_explained_line;

/** A place that was thought of as a mention, and why it is one or is none. The score of one that is overlapped is what it
 *  would have been; it is a mention only if the one over it is none, so that its confidence is less. What a table forbids
 *  has none. Strings live as long as the result. */
typedef struct sm_explanation {
    uint64_t start, end;             /* bytes of the field it stands in */
    uint64_t start_units, end_units; /* code points or UTF-16 units as options.offsets says; 0 without */
    uint32_t field, kind, region;    /* SM_FIELD_…, SM_KIND_NAME or SM_KIND_CODE, SM_REGION_… */
    uint32_t decision;               /* SM_DECISION_… */
    uint32_t over;       /* of one that is overlapped: index of the explanation that was taken; else UINT32_MAX */
    int32_t score;       /* log-odds in hundredths of a nat: the sum of the features' weights */
    int32_t threshold;   /* the least score that is taken */
    uint16_t confidence; /* the probability that it is a mention, of 65535 */
    uint16_t reserved;
    uint64_t features;            /* bit set of those that were weighed: sm_evidence_word(), sm_engine_weight() */
    uint32_t first_line, n_lines; /* index into sm_result_explained_lines(), best first */
    const char *text;             /* what a reader sees */
    const char *name;          /* of a name, as the row of names.tsv has it that gave the first line; else the code */
    const char *name_kind;     /* of that row, as in sm_found; of a code "" */
    const char *name_security; /* of that row; of a code "" */
    const char *surface;       /* of a name: what it was matched as, folded; of a code "" */
    const char *notation;      /* of a code: id of the row of notations.tsv; of a name "" */
} sm_explanation;

/** As sm_engine_extract(), and the result also explains every candidate: each name and code of the dictionary that stands
 *  in the text, taken or not. Costs several times as much. The mentions are the same.
 *  @return as sm_engine_extract(). */
SM_API sm_status sm_engine_explain(const sm_engine *engine, sm_scanner *scanner, const sm_document *document,
                                   const sm_extract_options *options, sm_result **result, sm_error *error);

/** The weight of a feature, by its bit, in a scope (SM_SCOPE_…), in hundredths of a nat; 0 for bits that have none. */
SM_API int32_t sm_engine_weight(const sm_engine *engine, uint32_t scope, uint32_t bit);

/** Explanations in the order of mentions; none unless the result is of sm_engine_explain(). */
SM_API uint64_t sm_result_explanation_count(const sm_result *result);
SM_API const sm_explanation *sm_result_explanations(const sm_result *result, uint32_t *stride);
SM_API const sm_explanation *sm_result_explanation_at(const sm_result *result, uint64_t index);
SM_API uint64_t sm_result_explained_line_count(const sm_result *result);
SM_API const sm_explained_line *sm_result_explained_lines(const sm_result *result, uint32_t *stride);
SM_API const sm_explained_line *sm_result_explained_line_at(const sm_result *result, uint64_t index);

/* --- Looking up and linking --------------------------------------------------------------------------------------- */

enum { SM_MATCH_ID = 1, SM_MATCH_CODE = 2, SM_MATCH_NAME = 3, SM_MATCH_URL = 4 };

/** One answer of sm_lookup(). The strings live as long as the dictionary. */
typedef struct sm_found {
    sm_security security; /* `then` is its id on the day */
    uint32_t match;       /* SM_MATCH_…: what the query was */
    /* SM_SECURITY_…: NOT_YET, ACTIVE or DELISTED on the day, as far as the tables know; without a day what it is today */
    uint32_t status_then;
    const char *name;      /* the name that matched, as the tables write it; "" for other matches */
    const char *kind;      /* of that name: "short", "full", "english", "alias", "former"; "" for other matches */
    const char *name_then; /* the short name on the day, or the English one where there are no others; without a day the
                              name of today. "" where the tables do not know */
} sm_found;

/** Looks a security up by id (XSHG:688111), code in any notation (688111, 00700.HK, $AAPL), name, or quote-page URL
 *  (its scheme may be left out). What has a successor is answered with both, the successor first unless the id was
 *  asked for.
 *  @param as_of     yyyymmdd: names that were in use on that day come first, and each answer tells how things were then,
 *                   from what the tables have of history, whose days are bounds mostly; 0: today.
 *  @param found     receives up to `capacity` answers, best first; may be NULL when capacity is 0.
 *  @param n_found   receives how many there are in all.
 *  @return SM_OK, also when there are none; SM_ERR_ARG; SM_ERR_NOMEM; SM_ERR_PATTERN. */
SM_API sm_status sm_lookup(const sm_engine *engine, const char *query, uint64_t query_len, int32_t as_of,
                           sm_found *found, uint64_t capacity, uint64_t *n_found, sm_error *error);

/** Appends the URL of a security's quote page; of one that has a successor, the successor's.
 *  @param id        "XSHG:688111", NUL-terminated.
 *  @param provider  NULL: "eastmoney".
 *  @return SM_OK; SM_ERR_ARG; SM_ERR_NOMEM; SM_ERR_UNKNOWN (no such security or provider, or the provider has no page
 *          for this market; the message says which). */
SM_API sm_status sm_link(const sm_dict *dict, const char *id, const char *provider, sm_buffer *url, sm_error *error);

typedef struct sm_provider {
    const char *id;   /* "eastmoney" */
    const char *kind; /* "quote", "chart", "forum", "official", … */
    uint32_t writes;  /* 1: sm_link() makes its URLs; 0: only read, as the site is gone or the form is old */
    uint32_t reserved;
} sm_provider;

/** The providers of a dictionary, in its order.
 *  @param index  from 0.
 *  @return SM_OK; SM_ERR_UNKNOWN past the end; SM_ERR_ARG for NULL. */
SM_API sm_status sm_provider_at(const sm_dict *dict, uint32_t index, sm_provider *provider);

#ifdef __cplusplus
}
#endif
#endif
