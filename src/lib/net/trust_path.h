/* trust_path.h: who can write a file, by the folders above it. */
#ifndef NET_TRUST_PATH_H
#define NET_TRUST_PATH_H

#include "base/error.h"
#include "net/trust_rule.h"

/* The way to a file, one folder after the other, each looked at through the descriptor by which the next is found: no
 * name is looked up twice. */
struct trust_path {
    char *path; /* absolute, without links */
    struct trust_place *places;
    size_t count;
    const char *name; /* the last part of `path` */
    int folder;       /* that holds it; -1: left */
};

/* Follows `path` and what links in it lead to, as the effective user sees it. Returns 0, or -1 after setting error
 * (ERROR_CONFIG; ERROR_FAILED and ERROR_MEMORY: the system did not let us). */
int trust_path_open(struct trust_path *way, const char *path, struct error *error);
void trust_path_close(struct trust_path *way); /* zeroed: nothing */

/* Closes the folder that holds the file. What was seen stays. */
void trust_path_leave(struct trust_path *way);

/* Whether the group of that place is the user's own goes into private_group: it has the user's name, no other member in
 * /etc/group, no other user in /etc/passwd; and the place has no access list. Returns 0, or -1 after setting error. */
int trust_path_ask_group(struct trust_path *way, size_t place, struct error *error);

/* The path of the place of that number, in memory for the caller to free; NULL: there is no memory. */
char *trust_path_of(const struct trust_path *way, size_t place);

/* Sets error to "PATH: reason", by errno. Returns -1. */
int trust_path_failed(const char *path, int reason, struct error *error);
#endif
