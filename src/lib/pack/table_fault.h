/* table_fault.h: why a file that may have been meant as a table is none. [any thread] */
#ifndef PACK_TABLE_FAULT_H
#define PACK_TABLE_FAULT_H

#include <stddef.h>

/* "is text in UTF-16; save it as UTF-8", by how the file begins; NULL: that tells nothing. text[size] is '\0'. */
const char *table_fault(const char *text, size_t size);
#endif
