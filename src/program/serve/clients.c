/* clients.c: see clients.h. */
#include "serve/clients.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "serve/limits.h"

void clients_init(struct clients *clients, size_t most)
{
    *clients = (struct clients){.most = most};
    pthread_mutex_init(&clients->mutex, NULL);
}

void clients_finish(struct clients *clients)
{
    pthread_mutex_destroy(&clients->mutex);
}

/* ---- whose they are ---------------------------------------------------------------------------------- */

/* IPv4 as IPv6 maps it. Whoever has an IPv6 address has 2^64 of them, which begin alike. */
static void read_address(const struct sockaddr *from, unsigned char address[16])
{
    enum { NETWORK = 8 };
    struct sockaddr_in four;
    struct sockaddr_in6 six;

    memset(address, 0, 16);
    if (from->sa_family == AF_INET6) {
        memcpy(&six, from, sizeof six);
        memcpy(address, &six.sin6_addr, IN6_IS_ADDR_V4MAPPED(&six.sin6_addr) ? 16 : NETWORK);
    } else {
        memcpy(&four, from, sizeof four);
        address[10] = address[11] = 0xff;
        memcpy(address + 12, &four.sin_addr, 4);
    }
}

/* The client of that address, made if there is none; NULL when out of memory. */
static struct client *find_client(struct clients *clients, const struct sockaddr *from)
{
    unsigned char address[16];
    struct client *client;

    read_address(from, address);
    for (client = clients->clients; client; client = client->next)
        if (memcmp(client->address, address, sizeof address) == 0)
            return client;
    client = memory_array(1, sizeof *client);
    if (!client)
        return NULL;
    memcpy(client->address, address, sizeof address);
    client->next = clients->clients;
    clients->clients = client;
    return client;
}

static void drop_client(struct clients *clients, struct client *client)
{
    struct client **at = &clients->clients;

    if (client->connections > 0)
        return;
    while (*at != client)
        at = &(*at)->next;
    *at = client->next;
    free(client);
}

/* ---- connections ------------------------------------------------------------------------------------- */

static void end(struct clients *clients, struct connection *connection)
{
    shutdown(connection->socket, SHUT_RDWR);
    connection->ended = true;
    clients->live--;
}

static bool may_end(const struct connection *connection)
{
    return connection->does != CONNECTION_WAITS && !connection->ended;
}

static void end_worst(struct clients *clients)
{
    struct connection *worst = NULL;

    for (struct connection *one = clients->first; one; one = one->next)
        if (may_end(one) &&
            (!worst || one->client->connections > worst->client->connections ||
             (one->client->connections == worst->client->connections && one->since < worst->since)))
            worst = one;
    if (worst)
        end(clients, worst);
}

static void link_first(struct clients *clients, struct connection *connection)
{
    connection->next = clients->first;
    if (connection->next)
        connection->next->before = connection;
    clients->first = connection;
    connection->client->connections++;
    clients->live++;
}

struct connection *clients_add(struct clients *clients, int socket, const struct sockaddr *address)
{
    struct connection *connection = memory_array(1, sizeof *connection);

    if (!connection)
        return NULL;
    *connection = (struct connection){.socket = socket, .since = clock_seconds()};
    pthread_mutex_lock(&clients->mutex);
    connection->client = find_client(clients, address);
    if (connection->client)
        link_first(clients, connection);
    if (clients->live > clients->most)
        end_worst(clients);
    pthread_mutex_unlock(&clients->mutex);
    if (connection->client)
        return connection;
    free(connection);
    return NULL;
}

void clients_remove(struct clients *clients, struct connection *connection)
{
    pthread_mutex_lock(&clients->mutex);
    *(connection->before ? &connection->before->next : &clients->first) = connection->next;
    if (connection->next)
        connection->next->before = connection->before;
    clients->live -= !connection->ended;
    connection->client->connections--;
    drop_client(clients, connection->client);
    pthread_mutex_unlock(&clients->mutex);
    free(connection);
}

void clients_set(struct clients *clients, struct connection *connection, enum connection_does does)
{
    pthread_mutex_lock(&clients->mutex);
    connection->does = does;
    connection->since = clock_seconds();
    pthread_mutex_unlock(&clients->mutex);
}

void clients_cut(struct clients *clients, double seconds)
{
    const double now = clock_seconds();

    pthread_mutex_lock(&clients->mutex);
    for (struct connection *one = clients->first; one; one = one->next)
        if (may_end(one) && now - one->since > seconds)
            end(clients, one);
    pthread_mutex_unlock(&clients->mutex);
}

bool clients_any_served(struct clients *clients)
{
    bool any = false;

    pthread_mutex_lock(&clients->mutex);
    for (struct connection *one = clients->first; one && !any; one = one->next)
        any = one->does != CONNECTION_SENDS;
    pthread_mutex_unlock(&clients->mutex);
    return any;
}
