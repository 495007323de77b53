/* A hostile dictionary: whatever a file with the right hash says, it is refused or can be used; nothing is read outside of
 * it, nothing runs for ever. A small good dictionary is changed as the input says, signed again, opened, and when it opens
 * everything is done with it that can be done.
 *
 * The input is a list of changes of eight bytes: section (0: the header), width of the number, place in the section (two
 * bytes, a third of a byte's range counts from the end), number (four bytes). */
#include <stdlib.h>
#include <string.h>

#include "dict/compile.h"
#include "dict/source.h"
#include "fuzz.h"

static const char mics[] =
    "mic\tcountry\tcurrency\tcode_form\tname\nXSHG\tCN\tCNY\tdigits6\t\nXHKG\tHK\tHKD\tdigits5\t\n"
    "XNAS\tUS\tUSD\tsymbol\t\n";
static const char securities[] =
    "id\tissuer\ttype\tlisted\tdelisted\tstatus\tsuccessor\nXSHG:688111\t\tstock\t2019-11-18\t\tactive\t\n"
    "XHKG:00700\t\tstock\t\t\tactive\t\nXHKG:80700\tXHKG:00700\tstock\t2023-06-19\t\tactive\t\n"
    "XNAS:META\t\tstock\t\t\tactive\t\nXNAS:FB\tXNAS:META\tstock\t2012-05-18\t2022-06-09\trenamed\tXNAS:META\n";
static const char names[] =
    "id\tname\tlang\tkind\tfrom\tto\tambiguous\nXSHG:688111\t金山办公\tzh\tshort\t\t\t\n"
    "XSHG:688111\t北京金山办公软件股份有限公司\tzh\tfull\t\t\t\nXHKG:00700\t腾讯控股\tzh\tshort\t\t\t\n"
    "XNAS:META\tMeta Platforms, Inc.\ten\tenglish\t\t\t1\nXNAS:META\tFacebook\ten\tformer\t\t2022-06-09\t\n";
static const char notations[] =
    "id\tstart\tmin\tmax\tthen\tpattern\tmics\tform\tevidence\texample\n"
    "six-suffix\tdigit\t6\t6\t.\t(?<code>\\d{6})\\.(?<exchange>S[HZ])\tSH=XSHG\tdigits6\tstrong\t688111.SH\n"
    "bracket-6\tdigit\t6\t6\t）)\t(?<code>\\d{6})(?=[)）])\tXSHG\tdigits6\tbracket\t（688111）\n"
    "cashtag\tdollar\t1\t1\t\t\\$(?<code>[A-Z]+)\tXNAS\tsymbol\tstrong\t$META\n";
static const char providers[] = "id\tkind\tmics\ttemplate\tform\tuse\n"
                                "eastmoney\tquote\tXSHG\thttp://quote.eastmoney.com/unify/r/1.{code}\t\trw\n"
                                "eastmoney\tquote\tXHKG\thttp://quote.eastmoney.com/unify/r/116.{code}\t\trw\n"
                                "eastmoney\tquote\tXNAS\thttp://quote.eastmoney.com/us/{code}.html\tunderscore\trw\n";
static const char context[] = "feature\tweight\twhy\nshort-name\t350\t\nstrong-code\t500\t\ncode-beside\t600\t\n"
                              "company-right\t250\t\nhome-line\t120\t\nmarket-word\t250\t\n";
static const char lexicon[] =
    "word\tclass\n公告\tcompany-right\n港股\tmarket-hk\n公司\tdescriptor\n基金\torganisation-right\n";
static const char variants[] = "from\tto\tkind\n騰\t腾\than\né\te\taccent\n";

static const char text[] =
    "金山办公（688111.SH）公告称，騰訊控股(00700.HK)、$META 与Facebook、Meta Platforms, Inc. 港股上涨。"
    "<a href=\"http://quote.eastmoney.com/unify/r/1.688111\">北京金山办公软件股份有限公司</a>";

static sm_buffer build(void) {
    const dict_memory_file files[] = {
        {"mics.tsv", {mics, sizeof mics - 1}},
        {"securities.tsv", {securities, sizeof securities - 1}},
        {"names.tsv", {names, sizeof names - 1}},
        {"notations.tsv", {notations, sizeof notations - 1}},
        {"providers.tsv", {providers, sizeof providers - 1}},
        {"context.tsv", {context, sizeof context - 1}},
        {"lexicon.tsv", {lexicon, sizeof lexicon - 1}},
        {"variants.tsv", {variants, sizeof variants - 1}},
    };
    dict_tables tables;
    sm_buffer compiled = {0};
    must(dict_tables_read_memory(files, sizeof files / sizeof files[0], 20261123, &tables, NULL, NULL) == SM_OK);
    must(dict_compile(&tables, &compiled, NULL) == SM_OK);
    dict_tables_free(&tables);
    return compiled;
}

static void change(char *file, const dict_file_header *good, const uint8_t *bytes) {
    uint32_t section = bytes[0] % (SECTION_COUNT + 1), width = bytes[1] % 3, place = bytes[2] | (uint32_t)bytes[3] << 8;
    uint64_t start = 0, size = sizeof *good, step = (uint64_t)1 << width;
    if (section) {
        start = good->sections[section - 1].offset;
        size = good->sections[section - 1].size;
    }
    if (size < step) return;
    uint64_t at = bytes[1] >= 170 ? size - step - place % (size - step + 1) : place * step % (size - step + 1);
    memcpy(file + start + at, bytes + 4, (size_t)step);
}

static void use_engine(const sm_engine *engine) {
    static const char *const queries[] = {"金山办公", "688111", "00700.HK", "XNAS:FB",
                                          "http://quote.eastmoney.com/unify/r/1.688111"};
    sm_document document;
    sm_result *result = NULL;
    sm_buffer json = {0};
    sm_document_init(&document, sizeof document);
    document.text = text;
    document.text_len = sizeof text - 1;
    document.format = SM_FORMAT_HTML;
    document.date = 20211222;
    sm_status status = sm_engine_extract(engine, NULL, &document, NULL, &result, NULL);
    must(status == SM_OK || status == SM_ERR_PATTERN);
    if (status == SM_OK) {
        status = sm_result_json(result, NULL, &json, NULL);
        must(status == SM_OK || status == SM_ERR_UNKNOWN);
    }
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        sm_found found[8];
        uint64_t n;
        status = sm_lookup(engine, queries[i], strlen(queries[i]), 0, found, 8, &n, NULL);
        must(status == SM_OK || status == SM_ERR_PATTERN);
    }
    sm_buffer_free(&json);
    sm_result_free(result);
}

static void use(const sm_dict *dict) {
    static const char *const tables[] = {"securities", "names",   "mics",     "notations",
                                         "providers",  "context", "variants", "lexicon"};
    sm_engine *engine = NULL;
    sm_buffer out = {0};
    sm_provider provider;
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        must(sm_dict_dump(dict, tables[i], &out, NULL) == SM_OK);
    for (uint32_t i = 0; i < 8; i++) sm_provider_at(dict, i, &provider);
    sm_link(dict, "XSHG:688111", NULL, &out, NULL);
    sm_buffer_free(&out);
    must(sm_engine_open(dict, NULL, &engine, NULL) == SM_OK);
    use_engine(engine);
    sm_engine_free(engine);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len) {
    static sm_buffer good;
    if (!good.data) good = build();
    size_t size = (size_t)good.len;
    char *file = malloc(size); /* each time anew: a sanitizer sees what lies behind it */
    must(file != NULL);
    memcpy(file, good.data, size);
    dict_file_header *header = (dict_file_header *)(void *)file;
    for (size_t i = 0; i + 8 <= len && i < 8 * 16; i += 8)
        change(file, (const dict_file_header *)(const void *)good.data, bytes + i);
    header->hash = dict_file_hash(file, size);
    const sm_dict *dict = NULL;
    sm_error error = {0};
    sm_status status = sm_dict_open_memory(file, size, &dict, &error);
    must(status == SM_OK || (status == SM_ERR_FORMAT && error.message[0]));
    if (status == SM_OK) use(dict);
    sm_dict_free(dict);
    free(file);
    return 0;
}
