/* clients.c: see clients.h. */
#include "serve/clients.h"

#include <stdlib.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/memory.h"

void clients_init(struct clients *clients)
{
    *clients = (struct clients){0};
    pthread_mutex_init(&clients->mutex, NULL);
}

void clients_finish(struct clients *clients)
{
    pthread_mutex_destroy(&clients->mutex);
}

struct client *clients_add(struct clients *clients, int socket)
{
    struct client *client = memory_array(1, sizeof *client);

    if (!client)
        return NULL;
    *client = (struct client){.socket = socket, .does = CLIENT_SENDS, .since = clock_seconds()};
    pthread_mutex_lock(&clients->mutex);
    client->next = clients->first;
    if (client->next)
        client->next->before = client;
    clients->first = client;
    pthread_mutex_unlock(&clients->mutex);
    return client;
}

void clients_remove(struct clients *clients, struct client *client)
{
    pthread_mutex_lock(&clients->mutex);
    *(client->before ? &client->before->next : &clients->first) = client->next;
    if (client->next)
        client->next->before = client->before;
    pthread_mutex_unlock(&clients->mutex);
    free(client);
}

void clients_set(struct clients *clients, struct client *client, enum client_does does)
{
    pthread_mutex_lock(&clients->mutex);
    client->does = does;
    client->since = clock_seconds();
    pthread_mutex_unlock(&clients->mutex);
}

void clients_cut(struct clients *clients, double seconds)
{
    const double now = clock_seconds();

    pthread_mutex_lock(&clients->mutex);
    for (struct client *client = clients->first; client; client = client->next)
        if (client->does != CLIENT_WAITS && now - client->since > seconds)
            shutdown(client->socket, SHUT_RDWR);
    pthread_mutex_unlock(&clients->mutex);
}

bool clients_any_served(struct clients *clients)
{
    bool any = false;

    pthread_mutex_lock(&clients->mutex);
    for (struct client *client = clients->first; client && !any; client = client->next)
        any = client->does != CLIENT_SENDS;
    pthread_mutex_unlock(&clients->mutex);
    return any;
}
