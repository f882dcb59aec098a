/* folder_scan.h: the files of a folder with a folder for each class, perhaps below train, val and test. Nothing of a
 * file but its kind is looked at. */
#ifndef PACK_FOLDER_SCAN_H
#define PACK_FOLDER_SCAN_H

#include "pack/folder_files.h"

/* Of one folder that holds the folders of classes, or of several that are classes themselves. Folders in those of a
 * class belong to it. Hidden files, and those that systems leave, such as Thumbs.db, are passed over; links are followed,
 * but not in a circle. What is noticed is in `remarks`. Finish it (folder_scan_finish) in either case. Returns 0 or -1: ERROR_DATA, there
 * are no classes, more than a label can be, or others for the test than for training. */
int folder_scan_make(struct folder_scan *scan, const char *const *paths, size_t count, bool skip_broken,
                     struct error *error);
#endif
