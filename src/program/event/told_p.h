/* told_p.h: how the p of McNemar's test is told, by nnrun test and by reports. */
#ifndef EVENT_TOLD_P_H
#define EVENT_TOLD_P_H

#define TOLD_LEAST_P    0.0001 /* that is written as it is */
#define TOLD_UNLIKELY_P 0.05   /* and below: a difference that chance alone rarely makes, by convention */
#endif
