/* csv_reader.c: see csv_reader.h. */
#include "data/csv_reader.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/csv_dialect.h"
#include "data/inflate_stream.h"

enum { FIRST_ROOM = 1 << 18, FIRST_CELLS = 64 };

struct csv_reader {
    struct inflate_stream *stream;
    char delimiter; /* 0: there is one column */
    bool ended;     /* the file has no more bytes than the buffer */
    char *buffer;   /* [room + 1] */
    size_t room;
    size_t begin, filled; /* the next row begins at `begin` */
    uint64_t position;    /* of `begin` */
    unsigned line;
    uint64_t inflated, most_bytes; /* 0: any number */
    uint32_t most_lines;
    struct csv_cell *cells;
    size_t cell_room;
};

static int fail(const struct csv_reader *reader, struct error *error, const char *reason)
{
    return error_set_at(
        error, ERROR_DATA,
        &(struct error_facts){.file = inflate_stream_path(reader->stream), .line = reader->line}, "%s",
        reason);
}

static int fail_limit(const struct csv_reader *reader, struct error *error, const char *what, uint64_t most)
{
    return error_set_at(
        error, ERROR_ARGUMENT,
        &(struct error_facts){.file = inflate_stream_path(reader->stream), .line = reader->line},
        "the table has more than %llu %s", (unsigned long long)most, what);
}

/* ---- the buffer ---------------------------------------------------------------------------------------- */

/* By its byte order mark. */
static bool is_utf_16(const char *text, size_t size)
{
    return size >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0);
}

/* Moves what is left to the front and reads as much behind it as there is room for, twice as much as before if
 * there was none. */
static int fill(struct csv_reader *reader, struct error *error)
{
    size_t got;

    memmove(reader->buffer, reader->buffer + reader->begin, reader->filled - reader->begin);
    reader->filled -= reader->begin;
    reader->begin = 0;
    if (reader->filled == reader->room) {
        const size_t room = reader->room < CSV_MOST_ROW / 2 ? 2 * reader->room : CSV_MOST_ROW;
        char *buffer = reader->room < CSV_MOST_ROW ? memory_resize(reader->buffer, room + 1, 1) : NULL;
        if (!buffer)
            return reader->room < CSV_MOST_ROW
                       ? error_memory(error)
                       : fail(reader, error,
                              "the row that begins here is longer than 16 MB; a quote "
                              "that is not closed may be the reason");
        reader->buffer = buffer;
        reader->room = room;
    }
    if (inflate_stream_read(reader->stream, reader->buffer + reader->filled, reader->room - reader->filled,
                            &got, error))
        return -1;
    if (memchr(reader->buffer + reader->filled, '\0', got))
        return fail(reader, error,
                    is_utf_16(reader->buffer, reader->filled + got)
                        ? "is text in UTF-16; save it as UTF-8"
                        : "this line or a later one has a zero byte, which no text has");
    reader->inflated += got;
    if (reader->most_bytes && reader->inflated > reader->most_bytes)
        return fail_limit(reader, error, "bytes, inflated", reader->most_bytes);
    reader->ended = got < reader->room - reader->filled;
    reader->filled += got;
    reader->buffer[reader->filled] = '\0';
    return 0;
}

/* ---- cells --------------------------------------------------------------------------------------------- */

static int more_cells(struct csv_reader *reader, struct error *error)
{
    const size_t room = reader->cell_room ? 2 * reader->cell_room : FIRST_CELLS;
    struct csv_cell *cells;

    if (room > CSV_MOST_CELLS)
        return fail(reader, error, "has more than a million columns");
    cells = memory_resize(reader->cells, room, sizeof *cells);
    if (!cells)
        return error_memory(error);
    reader->cells = cells;
    reader->cell_room = room;
    return 0;
}

/* Takes the quotes off, in place: "" becomes ". Returns what follows the closing quote; NULL: there is none. */
static char *unquote(struct csv_cell *cell, char *at, const char *end)
{
    char *to = at;

    cell->text = to;
    for (; at < end; *to++ = *at++)
        if (*at == '"' && (++at == end || *at != '"')) {
            cell->length = (size_t)(to - cell->text);
            return at;
        }
    return NULL;
}

/* The cell at `at`, which ends at a delimiter or `end`: NULL after setting error, else its end. The zero behind it is
 * written by the caller, when the delimiter is no longer needed. */
static char *take_quoted(const struct csv_reader *reader, struct csv_cell *cell, char *at, const char *end,
                         struct error *error)
{
    at = unquote(cell, at + 1, end);
    if (!at)
        return fail(reader, error, "a quote is not closed"), NULL;
    while (at < end && *at == ' ')
        at++;
    if (at < end && *at != reader->delimiter)
        return fail(reader, error, "something follows the closing quote of a cell"), NULL;
    return at;
}

static char *take_plain(const struct csv_reader *reader, struct csv_cell *cell, char *at, char *end)
{
    const char delimiter = reader->delimiter;
    char *last;

    cell->text = at;
    while (at < end && *at != delimiter)
        at++;
    for (last = at; last > cell->text && (last[-1] == ' ' || last[-1] == '\t');)
        last--;
    cell->length = (size_t)(last - cell->text);
    return at;
}

static int split(struct csv_reader *reader, char *at, char *end, struct csv_row *row, struct error *error)
{
    row->count = 0;
    row->line = reader->line;
    for (bool more = true; more; at++) {
        struct csv_cell *cell;
        if (row->count == reader->cell_room && more_cells(reader, error) != 0)
            return -1;
        cell = &reader->cells[row->count++];
        while (at < end && *at == ' ')
            at++;
        if (at < end && *at == '"')
            at = take_quoted(reader, cell, at, end, error);
        else
            at = take_plain(reader, cell, at, end);
        if (!at)
            return -1;
        more = at < end;
        cell->text[cell->length] = '\0';
    }
    row->cells = reader->cells;
    return 0;
}

int csv_reader_next(struct csv_reader *reader, struct csv_row *row, struct error *error)
{
    for (;;) {
        char *begin = reader->buffer + reader->begin, *limit = reader->buffer + reader->filled;
        const char *last = csv_row_end(begin, limit, reader->delimiter);
        char *end = last ? begin + (last - begin) : limit;
        unsigned lines = 1;

        if (!last && !reader->ended) {
            if (fill(reader, error) != 0)
                return -1;
            continue;
        }
        if (begin == limit)
            return 0;
        if (reader->most_lines && reader->line > reader->most_lines)
            return fail_limit(reader, error, "lines", reader->most_lines);
        reader->begin = (size_t)(end - reader->buffer) + (last != NULL);
        reader->position += (uint64_t)(reader->buffer + reader->begin - begin);
        for (const char *at = begin; (at = memchr(at, '\n', (size_t)(end - at))); at++)
            lines++;
        if (end > begin && end[-1] == '\r')
            end--;
        if (end > begin && split(reader, begin, end, row, error) != 0)
            return -1;
        reader->line += lines;
        if (end > begin)
            return 1;
    }
}

/* ---- opening ------------------------------------------------------------------------------------------- */

/* A quote that opens in the first row and is not closed keeps everything from being separated. */
static bool has_open_quote(const struct csv_reader *reader)
{
    const char *line = reader->buffer + reader->begin;
    bool open = false;

    for (; *line && *line != '\n'; line++)
        open ^= *line == '"';
    return open;
}

int csv_reader_need_columns(const struct csv_reader *reader, struct error *error)
{
    if (reader->delimiter)
        return 0;
    return fail(reader, error,
                has_open_quote(reader)
                    ? "a quote is not closed"
                    : "has one column; expected several, separated by commas, tabs or semicolons");
}

static int begin(struct csv_reader *reader, struct error *error)
{
    const char *limit;

    reader->room = FIRST_ROOM;
    reader->line = 1;
    reader->buffer = malloc(reader->room + 1);
    if (!reader->buffer)
        return error_memory(error);
    if (fill(reader, error) != 0)
        return -1;
    limit = reader->buffer + reader->filled;
    reader->begin = csv_beginning(reader->buffer, reader->filled, &reader->delimiter);
    reader->line += reader->delimiter != 0;
    if (reader->filled > 0 && !memchr(reader->buffer, '\n', reader->filled) &&
        memchr(reader->buffer, '\r', reader->filled - 1))
        return fail(reader, error, "its lines end with CR alone; save it with LF or CR LF");
    if (!reader->delimiter)
        reader->delimiter = csv_separator(reader->buffer + reader->begin, limit, reader->ended);
    return 0;
}

/* Takes the stream over; NULL: the error is set. */
static struct csv_reader *open_stream(struct inflate_stream *stream, struct error *error)
{
    struct csv_reader *reader = stream ? calloc(1, sizeof *reader) : NULL;

    if (!reader) {
        if (stream)
            error_memory(error);
        inflate_stream_close(stream);
        return NULL;
    }
    reader->stream = stream;
    if (begin(reader, error) == 0)
        return reader;
    csv_reader_close(reader);
    return NULL;
}

struct csv_reader *csv_reader_open(const char *path, struct error *error)
{
    return open_stream(inflate_stream_open(path, error), error);
}

struct csv_reader *csv_reader_open_memory(const char *name, const void *bytes, size_t size,
                                          struct error *error)
{
    return open_stream(inflate_stream_open_memory(name, bytes, size, error), error);
}

void csv_reader_limit(struct csv_reader *reader, uint64_t bytes, uint32_t lines)
{
    reader->most_bytes = bytes;
    reader->most_lines = lines;
}

void csv_reader_close(struct csv_reader *reader)
{
    if (!reader)
        return;
    inflate_stream_close(reader->stream);
    free(reader->buffer);
    free(reader->cells);
    free(reader);
}

uint64_t csv_reader_position(const struct csv_reader *reader)
{
    return reader->position;
}

uint64_t csv_reader_size(const struct csv_reader *reader)
{
    return inflate_stream_is_gzip(reader->stream) ? 0 : inflate_stream_file_size(reader->stream);
}
