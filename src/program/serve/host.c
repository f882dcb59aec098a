/* host.c: see host.h. */
#include "serve/host.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

/* ":" and a number, or nothing. */
static bool is_port(const char *text)
{
    return !*text || (*text == ':' && strspn(text + 1, "0123456789") == strlen(text + 1));
}

bool host_is_local(const char *host)
{
    const bool six = *host == '[';
    const size_t length = six ? strcspn(++host, "]") : strcspn(host, ":");
    char name[INET6_ADDRSTRLEN], number[sizeof(struct in6_addr)];

    if (length >= sizeof name || (six && host[length] != ']') || !is_port(host + length + six))
        return false;
    memcpy(name, host, length);
    name[length] = '\0';
    return six ? inet_pton(AF_INET6, name, number) == 1
               : strcasecmp(name, "localhost") == 0 || inet_pton(AF_INET, name, number) == 1;
}

const char *host_path(const char *target)
{
    const char *path;

    if (strncasecmp(target, "http://", 7) != 0)
        return target;
    path = strchr(target + 7, '/');
    return path ? path : "/";
}
