/* run_facts.c: see run_facts.h. */
#include "report/run_facts.h"

#include <stdio.h>

#include "report/page_parts.h"

/* "1.23 M" */
static void add_flops(struct html *html, double value)
{
    static const char prefixes[] = " kMGTPE";
    size_t i = 0;

    for (; value >= 1000 && prefixes[i + 1]; i++)
        value /= 1000;
    if (i > 0)
        html_format(html, "<td>%.3g&nbsp;%c</td>", value, prefixes[i]);
    else
        html_format(html, "<td>%.0f</td>", value);
}

static void add_layer(struct html *html, const struct net *net, size_t position)
{
    const struct net_node *node = &net->nodes[position];
    char shape[NET_SHAPE_TEXT];

    html_add(html, "<tr><th class=\"t\">");
    html_text(html, node->name);
    html_add(html, "</th><td class=\"t\">");
    html_text(html, node->type);
    html_add(html, "</td><td class=\"t\">");
    for (size_t k = 0; k < node->input_count; k++) {
        html_add(html, k ? ", " : "");
        html_text(html, node->inputs[k] == 0 ? "input" : net->nodes[node->inputs[k] - 1].name);
    }
    html_format(html, "</td><td>%s</td><td>", net_shape_text(&node->shape, shape));
    html_count(html, node->parameters);
    if (node->frozen)
        html_add(html, " frozen");
    else if (node->rate < 1 || node->rate > 1)
        html_format(html, " rate &times; %g", node->rate);
    html_add(html, "</td>");
    add_flops(html, node->forward_flops);
    html_add(html, "</tr>\n");
}

static void add_layers(struct html *html, const struct run_record *record)
{
    const struct net *net = record->model.net;
    char shape[NET_SHAPE_TEXT];
    double flops = 0;

    html_format(
        html,
        "<section><h2>Layers</h2>\n<p>The input is %s.</p>\n<div class=\"card\"><div class=\"scroll\" tabindex=\"0\"><table><thead><tr>"
        "<th class=\"t\">layer</th><th class=\"t\">type</th><th class=\"t\">of</th><th>output</th>"
        "<th>parameters</th><th>FLOPs</th></tr></thead><tbody>\n",
        net_shape_text(&net->input, shape));
    for (size_t i = 0; i < net->node_count; i++) {
        add_layer(html, net, i);
        flops += net->nodes[i].forward_flops;
    }
    html_add(html, "</tbody><tfoot><tr><th class=\"t\">in all</th><td></td><td></td><td></td><td>");
    html_count(html, net->parameters);
    html_add(html, "</td>");
    add_flops(html, flops);
    html_add(html, "</tr></tfoot></table></div></div>\n</section>\n");
}

static void add_overrides(struct html *html, const struct model *model)
{
    if (model->override_count == 0)
        return;
    html_add(html, "<dt>Overrides</dt><dd>");
    for (size_t i = 0; i < model->override_count; i++) {
        html_add(html, i ? " <code>" : "<code>");
        html_text(html, model->overrides[i]);
        html_add(html, "</code>");
    }
    html_add(html, "</dd>\n");
}

static void add_underflow(struct html *html, const struct run_record *record)
{
    if (record->underflow > 0)
        html_format(
            html,
            "<p class=\"note\">At step %llu a result was too small for a normal 32-bit float and became "
            "0, so another processor may give other bits.</p>\n",
            (unsigned long long)record->underflow);
}

void run_facts_add(struct html *html, const struct run_record *record)
{
    const struct model *model = &record->model;
    const unsigned threads = run_record_threads(record);
    char number[32];

    add_layers(html, record);
    html_add(html, "<section><h2>Config and machine</h2>\n<div class=\"card\"><dl>\n");
    snprintf(number, sizeof number, "%d", (int)model->settings.train.seed);
    page_fact(html, "Seed", number);
    add_overrides(html, model);
    snprintf(number, sizeof number, "%llu", (unsigned long long)record->newest.step);
    page_fact(html, "Steps", number);
    page_fact(html, "Config", run_record_fact(record, "config"));
    page_fact(html, "Training samples", model->paths.train_images);
    page_fact(html, "Test samples", model->paths.test_images);
    page_fact(html, "Started", run_record_fact(record, "started"));
    page_fact(html, "Resumed", run_record_fact(record, "resumed"));
    page_fact(html, "Version", run_record_fact(record, "version"));
    page_fact(html, "Machine", run_record_fact(record, "host"));
    page_fact(html, "Processor", run_record_fact(record, "processor"));
    page_fact(html, "Code level", run_record_fact(record, "isa"));
    snprintf(number, sizeof number, "%u", threads);
    page_fact(html, "Threads", threads ? number : NULL);
    html_add(html, "</dl></div>\n");
    add_underflow(html, record);
    html_add(html, "<details><summary>The config, whole</summary>\n<pre>");
    html_text(html, config_text(model->config));
    html_add(html, "</pre></details></section>\n");
}
