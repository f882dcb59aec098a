/* host.c: see host.h. */
#include "serve/host.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#define SCHEME "http://"
enum { LONGEST = 80 }; /* of a host that is local, with its port */

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

bool host_target_is_local(const char *target)
{
    char host[LONGEST];
    size_t length;

    if (strncasecmp(target, SCHEME, sizeof SCHEME - 1) != 0)
        return true;
    target += sizeof SCHEME - 1;
    length = strcspn(target, "/?");
    if (length >= sizeof host)
        return false;
    memcpy(host, target, length);
    host[length] = '\0';
    return host_is_local(host);
}

const char *host_path(const char *target)
{
    const char *path;

    if (strncasecmp(target, SCHEME, sizeof SCHEME - 1) != 0)
        return target;
    path = strchr(target + sizeof SCHEME - 1, '/');
    return path ? path : "/";
}
