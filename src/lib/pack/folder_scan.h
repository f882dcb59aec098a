/* folder_scan.h: the files of a folder with a folder for each class, perhaps below train, val and test. Nothing of a
 * file but its kind is looked at. */
#ifndef PACK_FOLDER_SCAN_H
#define PACK_FOLDER_SCAN_H

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

/* Of one folder that holds the folders of classes, or of several that are classes themselves. Folders in those of a
 * class belong to it. Hidden files, and those that systems leave, such as Thumbs.db, are passed over; links are followed,
 * but not in a circle. What is noticed is in `remarks`. Finish it in either case. Returns 0 or -1: ERROR_DATA, there
 * are no classes, more than a label can be, or others for the test than for training. */
int folder_scan_make(struct folder_scan *scan, const char *const *paths, size_t count, bool skip_broken,
                     struct error *error);
void folder_scan_finish(struct folder_scan *scan);

const char *folder_scan_path(const struct folder_scan *scan, size_t i);
const char *folder_scan_place(const struct folder_scan *scan, size_t i);
#endif
