/* class_sections.c: see class_sections.h. */
#include "report/class_sections.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "data/png_file.h"
#include "data/sample_picture.h"
#include "report/heat_map.h"
#include "report/page_parts.h"

enum { MOST_SIDE = 128 }; /* pixels of a picture; what is larger is made smaller */

/* What a class was most often taken for; classes: never for another. */
static size_t taken_for(const struct evaluation *test, size_t class)
{
    size_t most = test->classes;

    for (size_t k = 0; k < test->classes; k++) {
        const uint64_t *row = test->confusion + class * test->classes;
        if (k != class && row[k] > 0 && (most == test->classes || row[k] > row[most]))
            most = k;
    }
    return most;
}

static void add_classes(struct html *html, const struct model *model, const struct evaluation *test)
{
    html_add(
        html,
        "<div class=\"card\"><div class=\"scroll tall\" tabindex=\"0\"><table><thead><tr><th>class</th><th>samples</th><th>recall</th>"
        "<th>precision</th><th>predicted as</th></tr></thead><tbody>\n");
    for (size_t c = 0; c < test->classes; c++) {
        const struct class_figures figures = evaluation_class(test, c);
        const size_t other = taken_for(test, c);
        html_add(html, "<tr><th>");
        heat_map_add_class(html, model, c);
        html_add(html, "</th><td>");
        html_count(html, figures.samples);
        html_add(html, "</td>");
        page_cell(html, CHART_PERCENT, figures.recall);
        page_cell(html, CHART_PERCENT, figures.predicted ? figures.precision : (double)NAN);
        if (other < test->classes) {
            html_add(html, "<td>");
            heat_map_add_class(html, model, other);
            html_format(html, " <small>&times; %llu</small></td></tr>\n",
                        (unsigned long long)test->confusion[c * test->classes + other]);
        } else {
            html_add(html, "<td class=\"none\">&ndash;</td></tr>\n");
        }
    }
    html_add(html, "</tbody></table></div></div>\n");
}

static void add_confusion(struct html *html, const struct model *model, const struct evaluation *test)
{
    size_t label = 0, predicted = 0;
    const uint64_t worst = heat_map_worst(test, &label, &predicted);

    html_add(html, "<section><h2>What it takes for what</h2>\n<p>Each row has the test samples of one class. "
                   "<span class=\"swatch right\"></span> Blue is right, the stronger the more of the class; "
                   "<span class=\"swatch wrong\"></span> orange is wrong");
    if (worst > 0) {
        html_add(html, ", the strongest the most frequent mistake: ");
        heat_map_add_class(html, model, label);
        html_add(html, " predicted as ");
        heat_map_add_class(html, model, predicted);
        html_format(html, ", %llu time%s", (unsigned long long)worst, text_plural(worst));
    }
    html_add(
        html,
        ". Recall: of the samples of a class, the part predicted as it. Precision: of the samples predicted as a "
        "class, the part that belongs to it.</p>\n<div class=\"pair\">\n<div class=\"card\">");
    heat_map_add(html, model, test);
    html_add(html, "</div>\n");
    add_classes(html, model, test);
    html_add(html, "</div></section>\n");
}

/* ---- the mistakes -------------------------------------------------------------------------------------- */

static int add_mistake(struct html *html, const struct run_record *record, const struct nnrun_shape *shape,
                       const struct mistake *mistake, uint8_t *pixels, struct error *error)
{
    struct sample_picture size = sample_picture_of(shape);
    const bool probability = record->model.net->target != NNRUN_DENSE;
    int result;

    sample_picture_fill(&size, mistake->pixels, pixels);
    sample_picture_shrink(&size, pixels, MOST_SIDE);
    html_format(html, "<figure><img width=\"%zu\" height=\"%zu\" alt=\"sample %u\" src=\"", size.width,
                size.height, (unsigned)mistake->sample);
    result = html_png(html, size.height, size.width, size.channels, pixels, error);
    html_add(html, "\"><figcaption><b>said&nbsp;");
    heat_map_add_class(html, &record->model, mistake->predicted);
    html_add(html, ", is&nbsp;");
    heat_map_add_class(html, &record->model, mistake->label);
    html_add(html, "</b><span>");
    if (isfinite(mistake->confidence) && probability)
        html_format(html, "%.2f&nbsp;%%", 100 * (double)mistake->confidence);
    else if (isfinite(mistake->confidence))
        html_format(html, "%.4g", (double)mistake->confidence);
    html_format(html, "</span> <span>no.&nbsp;%u</span></figcaption></figure>\n", (unsigned)mistake->sample);
    return result;
}

static int add_mistakes(struct html *html, const struct run_record *record, const struct evaluation *test,
                        struct error *error)
{
    const struct mistakes *mistakes = &test->mistakes;
    uint8_t *pixels;
    int result = 0;

    if (mistakes->count == 0 || test->shape.rank < 2)
        return 0;
    html_add(html, "<section><h2>The most confident mistakes</h2>\n<p>");
    if (mistakes->count < test->count - test->right) {
        html_format(html, "%zu of ", mistakes->count);
        html_count(html, test->count - test->right);
    } else {
        html_format(html, "All %zu", mistakes->count);
    }
    html_add(html, record->model.net->target == NNRUN_DENSE
                       ? ". Below each, the output for the class said"
                       : ". Below each, how sure it was of the class said");
    html_add(html, ", and the sample&rsquo;s number in its file, from 0.</p>\n");
    if (!png_file_can()) {
        html_add(
            html,
            "<p class=\"note\">This nnrun was built without libpng: there are no pictures.</p></section>\n");
        return 0;
    }
    pixels = memory_array(mistakes->sample_bytes, 3);
    if (!pixels)
        return error_memory(error);
    html_add(html, "<div class=\"pictures\">\n");
    for (size_t i = 0; result == 0 && i < mistakes->count; i++)
        result = add_mistake(html, record, &test->shape, &mistakes->list[i], pixels, error);
    html_add(html, "</div></section>\n");
    free(pixels);
    return result;
}

int class_sections_add(struct html *html, const struct run_record *record, const struct evaluation *test,
                       struct error *error)
{
    add_confusion(html, &record->model, test);
    return add_mistakes(html, record, test, error);
}

void label_section_add(struct html *html, const struct model *model, const struct evaluation *test)
{
    html_add(
        html,
        "<section><h2>Each label</h2>\n<p>The area under the ROC curve: how probable it is that a sample "
        "with the label has a larger output for it than one without.</p>\n<div class=\"card\"><div "
        "class=\"scroll tall\" tabindex=\"0\"><table><thead><tr><th>label</th><th>area</th></tr></thead>"
        "<tbody>\n");
    for (size_t i = 0; i < test->areas.count; i++) {
        html_add(html, "<tr><th>");
        heat_map_add_class(html, model, i);
        html_add(html, "</th>");
        page_cell(html, CHART_REAL, test->areas.area[i]);
        html_add(html, "</tr>\n");
    }
    html_add(html, "</tbody></table></div></div></section>\n");
}
