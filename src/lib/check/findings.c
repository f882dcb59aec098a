/* findings.c: see findings.h. */
#include "check/findings.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static struct finding *find_alike(struct findings *findings, const char *layer, const struct failure *failure)
{
    for (size_t i = 0; i < findings->count; i++)
        if (strcmp(findings->list[i].layer, layer) == 0 && failure_is_like(&findings->list[i].first, failure))
            return &findings->list[i];
    return NULL;
}

static void free_finding(struct finding *finding)
{
    free(finding->layer);
    free(finding->type);
    free(finding->label);
}

static struct finding *append_finding(struct findings *findings, const struct gradcheck_result *result,
                                      const struct failure *failure)
{
    struct finding *finding;

    if (findings->count == findings->room) {
        const size_t room = findings->room ? 2 * findings->room : 16;
        struct finding *list = memory_resize(findings->list, room, sizeof *list);
        if (!list)
            return NULL;
        findings->list = list;
        findings->room = room;
    }
    finding = &findings->list[findings->count];
    *finding = (struct finding){.layer = memory_string(result->name),
                                .type = memory_string(result->type),
                                .label = memory_string(result->label),
                                .first = *failure};
    if (!finding->layer || !finding->type || !finding->label) {
        free_finding(finding);
        return NULL;
    }
    findings->count++;
    return finding;
}

int findings_add(struct findings *findings, const struct gradcheck_result *result)
{
    findings->results++;
    for (size_t i = 0; i < result->failures.count; i++) {
        const struct failure *failure = &result->failures.failure[i];
        struct finding *finding = find_alike(findings, result->name, failure);
        if (!finding)
            finding = append_finding(findings, result, failure);
        if (!finding)
            return -1;
        finding->levels |= 1u << failure->level;
        finding->cases += finding->last_result != findings->results;
        finding->last_result = findings->results;
    }
    return 0;
}

void findings_finish(struct findings *findings)
{
    for (size_t i = 0; i < findings->count; i++)
        free_finding(&findings->list[i]);
    free(findings->list);
    *findings = (struct findings){0};
}
