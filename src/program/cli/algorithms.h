/* algorithms.h: a line about layers that take fewer operations than are counted. */
#ifndef CLI_ALGORITHMS_H
#define CLI_ALGORITHMS_H

#include "net/net.h"

/* Prints it on standard output, if there are such layers. */
void algorithms_print(const struct net *net);
#endif
