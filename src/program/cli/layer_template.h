/* layer_template.h: plugins/template.c as text; the build makes layer_template.c of it. */
#ifndef CLI_LAYER_TEMPLATE_H
#define CLI_LAYER_TEMPLATE_H

/* Its lines with their line ends, then NULL. LAYER_TEMPLATE_TYPE stands where the layer's type belongs. */
extern const char *const layer_template[];

#define LAYER_TEMPLATE_TYPE "TYPE"
#endif
