/* pages.h: the files in web/, and those in src/web that other pages share, as text; the build makes pages.c of them. */
#ifndef SERVE_PAGES_H
#define SERVE_PAGES_H

/* Their lines with their line ends, each ended by NULL. */
extern const char *const page_html[], *const page_css[], *const page_js[], *const page_svg[];
#endif
