/* turns.c: see turns.h. */
#include "serve/turns.h"

enum turns_add turns_add(struct turns *turns, struct share *share, struct question *question)
{
    if (turns->waiting >= turns->most)
        return TURNS_FULL;
    if (share->waiting >= turns->most_of_client)
        return TURNS_CLIENT_FULL;
    question->next = NULL;
    *(share->first ? &share->last->next : &share->first) = question;
    share->last = question;
    if (share->waiting++ == 0) {
        share->next = NULL;
        *(turns->first ? &turns->last->next : &turns->first) = share;
        turns->last = share;
        if (share->had < turns->now) /* nobody saves up turns */
            share->had = turns->now;
    }
    turns->waiting++;
    return TURNS_ADDED;
}

/* The first of those that had the least. */
static struct share *next_share(const struct turns *turns)
{
    struct share *least = turns->first;

    for (struct share *share = turns->first; share; share = share->next)
        if (share->had < least->had)
            least = share;
    return least;
}

static struct question *next_question(const struct share *share)
{
    struct question *cheapest = share->first;

    if (share->times % TURNS_OLDEST == TURNS_OLDEST - 1)
        return share->first;
    for (struct question *question = share->first; question; question = question->next)
        if (question->cost < cheapest->cost)
            cheapest = question;
    return cheapest;
}

struct question *turns_see(const struct turns *turns)
{
    return turns->first ? next_question(next_share(turns)) : NULL;
}

static void remove_question(struct share *share, const struct question *question)
{
    struct question **at = &share->first, *before = NULL;

    while (*at != question) {
        before = *at;
        at = &before->next;
    }
    *at = question->next;
    if (share->last == question)
        share->last = before;
    share->waiting--;
}

static void remove_share(struct turns *turns, const struct share *share)
{
    struct share **at = &turns->first, *before = NULL;

    while (*at != share) {
        before = *at;
        at = &before->next;
    }
    *at = share->next;
    if (turns->last == share)
        turns->last = before;
}

struct question *turns_take(struct turns *turns)
{
    struct share *share = next_share(turns);
    struct question *question = share ? next_question(share) : NULL;

    if (!question)
        return NULL;
    remove_question(share, question);
    turns->waiting--;
    turns->now = share->had;
    share->had += question->cost;
    share->times++;
    if (share->waiting == 0)
        remove_share(turns, share);
    return question;
}
