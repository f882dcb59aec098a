/* listener.h: the socket that a server listens on. */
#ifndef SERVE_LISTENER_H
#define SERVE_LISTENER_H

#include <stdbool.h>

#include "base/error.h"

enum { LISTENER_URL = 80 };

/* Listens on the numeric address, IPv4 or IPv6, and port; 0: any free one. Returns the socket, with
 * "http://127.0.0.1:8080/" in `url`, or -1: ERROR_ARGUMENT for what is no address, else ERROR_FAILED. */
int listener_open(const char *address, unsigned port, char url[LISTENER_URL], struct error *error);

/* Whether a connection came to an address that only this machine reaches, which may be one of many that the server
 * listens at; true also if that cannot be told. */
bool listener_is_local(int fd);
#endif
