/* column.h: names in the columns of a table, by the columns of a terminal that they take, not by their bytes. */
#ifndef CLI_COLUMN_H
#define CLI_COLUMN_H

/* Columns that a text takes once it is made printable (text.h): two for a character that is wide in East Asia and for an
 * emoji, none for one that is put over the one before. */
int column_width(const char *text);

/* At least `width`. */
int column_wider(int width, const char *text);

/* Prints the text to standard output as say() does, with blanks behind or before it up to `width`; column_right cuts what is
 * wider. */
void column_left(const char *text, int width);
void column_right(const char *text, int width);
#endif
