/* weight_pictures.h: the weights of the first layer that sees a picture, as pictures. */
#ifndef REPORT_WEIGHT_PICTURES_H
#define REPORT_WEIGHT_PICTURES_H

#include "net/net.h"
#include "report/html.h"

/* The tensor to show: the first one of rank 4, [out][in][height][width], or, if the first layer with weights
 * has them as [out][values of a sample] and samples are pictures of that shape, and not large, that. NULL:
 * there is none. */
const struct net_tensor *weight_pictures_tensor(const struct net *net, const struct nnrun_shape *sample);

/* A section with a picture for each filter and channel, all on one scale of colours that it names; says how
 * many are left out. Returns 0 or -1. */
int weight_pictures_add(struct html *html, const struct nnrun_shape *sample, const struct net_tensor *tensor,
                        const float *weights, struct error *error);
#endif
