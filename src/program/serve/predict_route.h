/* predict_route.h: POST /predict, from a whole body to an answer. */
#ifndef SERVE_PREDICT_ROUTE_H
#define SERVE_PREDICT_ROUTE_H

#include "serve/question_cost.h"
#include "serve/request.h"

/* Answers what is wrong at once, else suspends the connection and asks. */
enum MHD_Result predict_route(struct request *request, const struct question_limits *limits,
                              struct asker *asker, struct clients *clients);

/* Sends what came of it, once the connection goes on. */
enum MHD_Result predict_route_answer(struct request *request);

/* Sends why the body was refused. */
enum MHD_Result predict_route_refuse(struct request *request);
#endif
