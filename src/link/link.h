/* link: security + provider → URL; URL or page attribute → security.
 *
 * In:        a security of the dictionary, or a URL / data-code / span id as a page has it.
 * Out:       a URL; or the security that a URL or attribute names.
 * May know:  the dictionary's providers, MICs and securities.
 * Must not:  know text, candidates or mentions. */
#ifndef LINK_LINK_H
#define LINK_LINK_H

#include "dict/dict.h"

/* The row of the provider with this id, or dict_none. */
uint32_t link_find_provider(const dict_view *view, const char *id);
/* The row of a provider that was asked for. NULL: Eastmoney's, or dict_none, as a dictionary of a user's own tables need not
 * have it. @return SM_OK or SM_ERR_UNKNOWN. */
sm_status link_choose_provider(const dict_view *view, const char *asked, uint32_t *row, sm_error *error);

/* Appends the URL of a security's page. @return false when the provider has no page for it or is only read (then
 * nothing was appended), or when memory ran out (*out_of_memory is set). */
bool link_write(const dict_view *view, uint32_t provider, uint32_t security, sm_buffer *url, bool *out_of_memory);

/* The providers' templates taken apart, which URLs are compared with. One per engine; immutable. */
typedef struct link_sites link_sites;
link_sites *link_sites_new(const dict_view *view, const sm_allocator *allocator); /* NULL when out of memory */
void link_sites_free(link_sites *sites);

/* The security that a URL names through any provider row, or dict_none. Reads http, https and scheme-relative URLs,
 * an upper-case host, a trailing query or fragment that the template does not have. */
uint32_t link_read_url(const link_sites *sites, base_slice url);

/* The security that an attribute of Eastmoney's markup names, or dict_none: data-code "688111|1|1" or "1,688111" or
 * "K 688111|1|1", data-code2 "688111|1|23|", span ids "stock_1.688668", "quote_1.688668", "stock_3001042",
 * "stock_NASDAQ_AAPL7", "quote_AAPL7". */
uint32_t link_read_attribute(const dict_view *view, base_slice value);

/* How Eastmoney's markup writes a security: the number of its market, the digit that older pages have for it, the type of
 * the security on the Chinese mainland ("" elsewhere), and its code. */
typedef struct link_eastmoney {
    const char *market, *old_market, *type;
    char code[32];
} link_eastmoney;

/* @return false when Eastmoney has no number for the market. */
bool link_write_eastmoney(const dict_view *view, uint32_t security, link_eastmoney *out);

#endif
