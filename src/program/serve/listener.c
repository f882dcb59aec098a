/* listener.c: see listener.h. */
#include "serve/listener.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PORTS = 65536 };

static int listen_failed(const char *address, unsigned port, struct error *error)
{
    const int reason = errno;

    if (reason == EADDRINUSE)
        return error_set(
            error, ERROR_FAILED,
            "cannot listen on %s port %u: it is in use; try --port %u, or --port 0 for any free one", address,
            port, port + 1 < PORTS ? port + 1 : port - 1);
    if (reason == EACCES)
        return error_set(error, ERROR_FAILED,
                         "cannot listen on %s port %u: %s; try --port 8080, or --port 0 for any free one",
                         address, port, strerror(reason));
    return error_set(error, ERROR_FAILED, "cannot listen on %s port %u: %s", address, port, strerror(reason));
}

static int bind_and_listen(int fd, const struct addrinfo *to)
{
    const int on = 1;

    /* not held up by connections of the server before this one that are still being closed */
    return setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
                   bind(fd, to->ai_addr, to->ai_addrlen) != 0 || listen(fd, SOMAXCONN) != 0
               ? -1
               : 0;
}

static int name_it(int fd, char url[LISTENER_URL])
{
    struct sockaddr_storage bound = {0};
    socklen_t length = sizeof bound;
    char host[NI_MAXHOST], port[8];

    if (getsockname(fd, (struct sockaddr *)&bound, &length) != 0 ||
        getnameinfo((struct sockaddr *)&bound, length, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return -1;
    snprintf(url, LISTENER_URL, strchr(host, ':') ? "http://[%s]:%s/" : "http://%s:%s/", host, port);
    return 0;
}

static bool is_own_four(uint32_t address)
{
    return address >> 24 == IN_LOOPBACKNET;
}

static bool is_own_six(const struct in6_addr *address)
{
    uint32_t four;

    memcpy(&four, &address->s6_addr[12], sizeof four);
    return IN6_IS_ADDR_LOOPBACK(address) || (IN6_IS_ADDR_V4MAPPED(address) && is_own_four(ntohl(four)));
}

bool listener_is_local(int fd)
{
    union {
        struct sockaddr any;
        struct sockaddr_in four;
        struct sockaddr_in6 six;
    } at = {0};
    socklen_t length = sizeof at;

    if (getsockname(fd, &at.any, &length) != 0)
        return true;
    return at.any.sa_family == AF_INET6 ? is_own_six(&at.six.sin6_addr)
                                        : is_own_four(ntohl(at.four.sin_addr.s_addr));
}

int listener_open(const char *address, unsigned port, char url[LISTENER_URL], struct error *error)
{
    const struct addrinfo wanted = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
                                    .ai_socktype = SOCK_STREAM};
    struct addrinfo *found;
    char text[16];
    int fd, failed;

    snprintf(text, sizeof text, "%u", port);
    failed = getaddrinfo(address, text, &wanted, &found);
    if (failed == EAI_MEMORY || (failed == EAI_SYSTEM && errno == ENOMEM))
        return error_memory(error);
    if (failed)
        return error_set(error, ERROR_ARGUMENT,
                         "--address: expected a number such as 127.0.0.1, 0.0.0.0 or ::1, not \"%s\"",
                         address);
    fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || bind_and_listen(fd, found) != 0 || name_it(fd, url) != 0) {
        listen_failed(address, port, error);
        if (fd >= 0)
            close(fd);
        fd = -1;
    }
    freeaddrinfo(found);
    return fd;
}
