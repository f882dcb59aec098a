/* html_lines.h: the page of an exported network as text; the build makes html_lines.c of the files in page/ and in src/web. */
#ifndef EXPORT_HTML_LINES_H
#define EXPORT_HTML_LINES_H

/* Lines with their line ends, ended by NULL. Those that begin with # and a word are places for what that names. */
extern const char *const html_lines[];
#endif
