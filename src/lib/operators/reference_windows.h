/* reference_windows.h: operators on the channels, rows and columns of pictures, by their definitions. */
#ifndef OPERATORS_REFERENCE_WINDOWS_H
#define OPERATORS_REFERENCE_WINDOWS_H

#include "operators/reference_call.h"

void reference_windows(const struct reference_call *call);
void reference_channels(const struct reference_call *call);
void reference_channel_normalization(const struct reference_call *call); /* LRN */
#endif
