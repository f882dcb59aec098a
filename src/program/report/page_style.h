/* page_style.h: how reports look: one style for all pages, light and dark, from phones up. */
#ifndef REPORT_PAGE_STYLE_H
#define REPORT_PAGE_STYLE_H

/* The lines of a style sheet, without newlines, ended by NULL. */
extern const char *const page_style[];
#endif
