/* The YAML, TOML or JSON block that Jekyll and Hugo want at the top of a page. */
#ifndef TEXT_FRONT_MATTER_H
#define TEXT_FRONT_MATTER_H

#include "text/build.h"

/* Whether the first line is `---` or `+++`, or `{` with a key below and a page behind it. */
bool text_has_front_matter(base_slice source, size_t start);

/* Reads the block that begins at `start`: its title becomes a run, its date the page's. @return the place behind its
 * last line; `start` when there is no block or it has no end. */
size_t text_read_front_matter(text_builder *builder, size_t start);

#endif
