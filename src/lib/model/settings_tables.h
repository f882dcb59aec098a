/* settings_tables.h: the tables that the groups of a config are read by, each in its section. */
#ifndef MODEL_SETTINGS_TABLES_H
#define MODEL_SETTINGS_TABLES_H

#include "setting/setting.h"

/* In the order of the manual. A group with types has a section for each, in the order of its enum. */
enum settings_section {
    SECTION_ROOT,
    SECTION_DATA,
    SECTION_AUGMENT,
    SECTION_TRAIN_FILES,
    SECTION_TEST_FILES,
    SECTION_VALIDATION_FILES,
    SECTION_TRAIN,
    SECTION_OPTIMIZER,                        /* + enum optimizer_type */
    SECTION_SCHEDULE = SECTION_OPTIMIZER + 3, /* + enum schedule_type */
    SECTION_OUTPUT = SECTION_SCHEDULE + 3,
    SECTION_WARNINGS, /* a row for each of enum warning_kind, in its order */
    SECTION_COUNT
};
extern const struct setting_section settings_sections[];
extern const struct setting_schema settings_schema;

/* settings_words.c: what other systems call these keys, their groups and values. Keys are paths. */
extern const struct nnrun_words settings_words[];
#endif
