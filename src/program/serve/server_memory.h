/* server_memory.h: the most memory that a server takes, whatever its clients do. [any thread] */
#ifndef SERVE_SERVER_MEMORY_H
#define SERVE_SERVER_MEMORY_H

#include "base/error.h"
#include "serve/question_cost.h"

/* Bytes of all long bodies and answers at once: four answers may be as long as the network makes them. */
size_t server_memory_room(const struct question_limits *limits);

/* Bytes in all, SIZE_MAX if they are more than that; nnrun(1) has the sum. */
size_t server_memory(const nnrun_info *info, unsigned threads, const struct question_limits *limits);

/* Fails (ERROR_CONFIG) if that is more than the machine has. */
int server_memory_check(const nnrun_model *model, unsigned threads, const struct question_limits *limits,
                        struct error *error);
#endif
