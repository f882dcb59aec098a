/* folder_files.h: the files that folders of classes hold. */
#ifndef PACK_FOLDER_FILES_H
#define PACK_FOLDER_FILES_H

#include "pack/remark.h"
#include "pack/source.h"

struct folder_file {
    size_t path;    /* where its path begins in `text` */
    uint32_t class; /* in the order of code points */
    uint8_t part;   /* enum pack_part */
};

struct folder_scan {
    struct folder_file *files; /* by part, class and path */
    size_t count, room;
    char *text;
    size_t used, text_room;
    char **classes;
    size_t class_count;
    size_t strip; /* bytes of a path that its place lacks: the folder named, where it is the only one */
    struct remarks remarks;
};

int folder_files_add(struct folder_scan *scan, const char *path, uint32_t class, enum pack_part part,
                     struct error *error);
void folder_scan_finish(struct folder_scan *scan);

const char *folder_scan_path(const struct folder_scan *scan, size_t i);
const char *folder_scan_place(const struct folder_scan *scan, size_t i);
#endif
