/* fuzz_sink.h: a sink for the fuzz targets of pack's sources: it checks what a source pushes, and keeps a checksum. */
#ifndef TESTS_FUZZ_SINK_H
#define TESTS_FUZZ_SINK_H

#include "pack/source.h"

/* Opens and reads the files twice. Aborts unless both times the same samples or the same refusal come, each error is one printable
 * line, samples are finite, labels have names, and the order of calls is right. Memory was at most `most` bytes. */
void fuzz_source(const struct pack_format *format, const char *const *paths, size_t count,
                 const struct pack_options *options, size_t most);
#endif
