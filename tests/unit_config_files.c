/* unit_config_files.c: config files: includes and their sandbox, limits, what is no config at all. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/config.h"
#include "config_said.h"
#include "unit.h"

static const char *written(const char *name, const char *text)
{
    return unit_file(name, text, strlen(text));
}

/* Says what is wrong with a file, "DIR" standing for the tests' folder. */
static void file_says(const char *path, const char *expected)
{
    const char *got = said_of_file(path), *folder = unit_folder();
    char text[8192] = "";

    while (*expected && strlen(text) < 4096) {
        const size_t used = strlen(text);
        if (strncmp(expected, "DIR", 3) == 0) {
            snprintf(text + used, sizeof text - used, "%s", folder);
            expected += 3;
        } else
            snprintf(text + used, sizeof text - used, "%c", *expected++);
    }
    same_text(got, text, path);
}

static void byte_order_marks(void)
{
    static const char mark[] = "\xef\xbb\xbf";
    struct error error UNIT_CLEARED = {0};
    struct config *config;

    written("marked.cfg", "\xef\xbb\xbf@include \"mark.cfg\"\nnmae = 1;\n");
    written("mark.cfg", mark);
    file_says(written("main.cfg", "\xef\xbb\xbf@include \"marked.cfg\"\n" NET "\nfoo = 1;\n"),
              "DIR/marked.cfg:2: nmae: unknown key; did you mean \"name\"?\n"
              "DIR/main.cfg:3: foo: unknown key, known are name, input, mean, network, train");
    config = config_open(written("main.cfg", "\xef\xbb\xbfname = \"n\";\n"), NULL, 0, &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(config);
    same_text(config_text(config), "name = \"n\";\n", "the text of a checkpoint");
    config_close(config);
    file_says(written("main.cfg", "name = \"n\";\n\xef\xbb\xbf"),
              "DIR/main.cfg:2: unexpected special space (U+FEFF): expected a plain one");
    file_says(written("main.cfg", "\xef\xbb\xbf\xef\xbb\xbfname = 1;"),
              "DIR/main.cfg:1: unexpected special space (U+FEFF): expected a plain one");
    file_says(written("main.cfg", "\xef\xbb"), "DIR/main.cfg:1: this is not UTF-8 text");
}

static void includes(void)
{
    char below[4096];

    snprintf(below, sizeof below, "%s/parts", unit_folder());
    CU_ASSERT_FATAL(mkdir(below, 0755) == 0);
    written("parts/train.cfg", "\nepochs = 0;\n  @include \"more/opt.cfg\" # more\npad = 1.5;");
    snprintf(below, sizeof below, "%s/parts/more", unit_folder());
    CU_ASSERT_FATAL(mkdir(below, 0755) == 0);
    written("parts/more/opt.cfg", "optimizer = {\n  type = 3;\n}");
    written("parts/empty.cfg", "");

    file_says(
        written(
            "main.cfg",
            "/*\n@include \"nowhere.cfg\"\n*/\n@include \"parts/empty.cfg\"\ntrain = {\n@include \"parts/train.cfg\"\n"
            "shuffle = 1;\n};\n" NET "\nnmae = \"x\\\"@include\";"),
        "DIR/parts/train.cfg:2: train: epochs: 0 is out of range, expected a whole number from 1 to 1000000\n"
        "DIR/parts/more/opt.cfg:2: train.optimizer: type: expected \"sgd\", \"adam\" or \"adamw\", got 3\n"
        "DIR/parts/train.cfg:4: train: pad: expected a whole number from -2147483648 to 2147483647, got 1.5\n"
        "DIR/main.cfg:7: train: shuffle: expected true or false, got 1\n"
        "DIR/main.cfg:10: nmae: unknown key; did you mean \"name\"?");

    written("parts/comment.cfg", "a = 1;\n/* never ends");
    file_says(written("main.cfg", "@include \"parts/comment.cfg\"\n"),
              "DIR/parts/comment.cfg:2: the comment that begins here never ends");
    written("parts/bad.cfg", "\n\na = ;");
    file_says(written("main.cfg", "\n@include \"parts/bad.cfg\"\n"),
              "DIR/parts/bad.cfg:3: expected a value, got \";\"");
    file_says(written("main.cfg", "\n@include \"none.cfg\"\n"),
              "DIR/main.cfg:2: @include \"none.cfg\": No such file or directory");
    file_says(written("main.cfg", "@include none.cfg"),
              "DIR/main.cfg:1: expected @include \"FILE\", with no backslash in FILE");
    file_says(written("main.cfg", "@include_dir \"parts\""),
              "DIR/main.cfg:1: expected @include \"FILE\", with no backslash in FILE");
    file_says(written("main.cfg", "@include \"parts/empty.cfg\"; a = 1;"),
              "DIR/main.cfg:1: @include \"FILE\" must stand on a line of its own");
    file_says(written("main.cfg", "@include \"parts\""),
              "DIR/main.cfg:1: @include \"parts\": is a folder, expected a file");
}

static void expanded_text(void)
{
    struct error error UNIT_CLEARED = {0};
    struct config *config;

    written("part.cfg", "b = 2;");
    config = config_open(written("whole.cfg", "a = 1;\n@include \"part.cfg\"\nc = 3;"), NULL, 0, &error);
    CU_ASSERT_PTR_NOT_NULL_FATAL(config);
    CU_ASSERT_STRING_EQUAL(config_text(config), "a = 1;\nb = 2;\nc = 3;\n");
    config_close(config);
}

static void sandbox(void)
{
    char path[4096];

    snprintf(path, sizeof path, "%s/inner", unit_folder());
    CU_ASSERT_FATAL(mkdir(path, 0755) == 0);
    snprintf(path, sizeof path, "%s/inner-not", unit_folder());
    CU_ASSERT_FATAL(mkdir(path, 0755) == 0);
    written("secret.cfg", "secret = 1;");
    written("inner-not/secret.cfg", "secret = 1;");
    written("inner/ok.cfg", NET);
    snprintf(path, sizeof path, "%s/inner/link.cfg", unit_folder());
    CU_ASSERT_FATAL(symlink("../secret.cfg", path) == 0);
    snprintf(path, sizeof path, "%s/inner/within.cfg", unit_folder());
    CU_ASSERT_FATAL(symlink("ok.cfg", path) == 0);
    snprintf(path, sizeof path, "%s/inner/up", unit_folder());
    CU_ASSERT_FATAL(symlink("..", path) == 0);

    file_says(written("inner/main.cfg", "@include \"within.cfg\""), "");
    file_says(written("inner/main.cfg", "@include \"../inner/ok.cfg\""), "");
    file_says(written("inner/main.cfg", "@include \"../secret.cfg\""),
              "DIR/inner/main.cfg:1: @include \"../secret.cfg\": lies outside the config's own folder");
    file_says(
        written("inner/main.cfg", "@include \"../inner-not/secret.cfg\""),
        "DIR/inner/main.cfg:1: @include \"../inner-not/secret.cfg\": lies outside the config's own folder");
    file_says(written("inner/main.cfg", "@include \"link.cfg\""),
              "DIR/inner/main.cfg:1: @include \"link.cfg\": lies outside the config's own folder");
    file_says(written("inner/main.cfg", "@include \"up/secret.cfg\""),
              "DIR/inner/main.cfg:1: @include \"up/secret.cfg\": lies outside the config's own folder");
    file_says(written("inner/main.cfg", "@include \"/etc/passwd\""),
              "DIR/inner/main.cfg:1: @include \"/etc/passwd\": lies outside the config's own folder");
}

static void include_limits(void)
{
    char text[8192] = "", name[32];

    file_says(written("self.cfg", "a = 1;\n@include \"self.cfg\""),
              "DIR/self.cfg:2: @include \"self.cfg\": the file includes itself");
    written("b.cfg", "@include \"a.cfg\"");
    file_says(written("a.cfg", "@include \"b.cfg\""),
              "DIR/b.cfg:1: @include \"a.cfg\": the file includes itself");
    for (int i = 0; i < 10; i++) {
        snprintf(name, sizeof name, "deep%d.cfg", i);
        snprintf(text, sizeof text, "@include \"deep%d.cfg\"", i + 1);
        written(name, i < 9 ? text : NET);
    }
    file_says(unit_path("deep1.cfg"), "");
    file_says(unit_path("deep0.cfg"),
              "DIR/deep8.cfg:1: @include \"deep9.cfg\": includes are more than 8 deep");
    written("none.cfg", "");
    text[0] = '\0';
    for (int i = 0; i < 64; i++)
        strcat(text, "@include \"none.cfg\"\n");
    file_says(written("many.cfg", text),
              "DIR/many.cfg:64: @include \"none.cfg\": there are more than 63 includes");
}

static void huge_files(void)
{
    static char text[CONFIG_MOST_BYTES + 2];
    const char *path = written("huge.cfg", "");

    CU_ASSERT_FATAL(truncate(path, 100 << 20) == 0);
    file_says(path, "DIR/huge.cfg is larger than a config may be (65536 bytes)");
    memset(text, ' ', CONFIG_MOST_BYTES);
    memcpy(text, NET, sizeof NET - 1);
    text[CONFIG_MOST_BYTES - 1] = '\n';
    file_says(written("full.cfg", text), "");
    text[CONFIG_MOST_BYTES] = ' ';
    file_says(written("full.cfg", text), "DIR/full.cfg is larger than a config may be (65536 bytes)");
    same_text(said(text, NULL, NULL), "a.cfg: the config is larger than 65536 bytes with its includes",
              "a text");
    text[40000] = '\0';
    written("part.cfg", text);
    file_says(written("full.cfg", "@include \"part.cfg\"\n@include \"part.cfg\"\n"),
              "DIR/part.cfg: the config is larger than 65536 bytes with its includes");
}

static void odd_files(void)
{
    char path[4096];

    file_says(unit_folder(), "DIR is a folder, expected a file");
    snprintf(path, sizeof path, "%s/fifo", unit_folder());
    CU_ASSERT_FATAL(mkfifo(path, 0644) == 0);
    file_says(path, "DIR/fifo is not a regular file");
    file_says(written("main.cfg", "@include \"fifo\""),
              "DIR/main.cfg:1: @include \"fifo\": is not a regular file");
    file_says("/dev/null", "/dev/null is not a regular file");
    file_says(unit_path("missing.cfg"), "DIR/missing.cfg: No such file or directory");
    file_says(unit_file("nul.cfg", "a = 1;\nb\0 = 2;", 15), "DIR/nul.cfg:2: there is a NUL byte in the text");
    file_says(written("empty.cfg", ""),
              "DIR/empty.cfg:1: network: missing, expected a list of layers ( { ... }, ... )");
}

/* What config_open_bytes says of bytes. */
static void bytes_say(const void *bytes, size_t size, const char *expected)
{
    struct error error UNIT_CLEARED = {0};
    struct config *config = config_open_bytes(bytes, size, "bytes", NULL, 0, &error);

    same_text(error_text(&error), expected, expected);
    CU_ASSERT_EQUAL(config == NULL, *expected != '\0');
    if (config)
        CU_ASSERT_EQUAL(error.code, ERROR_NONE);
    config_close(config);
}

static void from_memory(void)
{
    static const char *const overrides[] = {"a=2", "b=3"};
    static char large[CONFIG_MOST_BYTES + 1];
    struct error error UNIT_CLEARED = {0};
    struct config *config = config_open_bytes("\xef\xbb\xbf"
                                              "a = 1;behind",
                                              9, "bytes", overrides, 2, &error);
    char *path;

    CU_ASSERT_PTR_NOT_NULL_FATAL(config);
    same_text(config_text(config), "a = 1;\n", "the text");
    path = config_path(config, config_root(config), "a", "x");
    same_text(path, "x", "a path");
    free(path);
    config_close(config);
    bytes_say("a = 1;\nb\0 = 2;", 15, "bytes:2: there is a NUL byte in the text");
    bytes_say("a = 1;\nb = ;", 12, "bytes:2: expected a value, got \";\"");
    bytes_say("@include \"main.cfg\"", 19,
              "bytes:1: @include \"main.cfg\": a config in memory or in a checkpoint includes no files");
    memset(large, ' ', sizeof large);
    large[sizeof large - 2] = '\n';
    bytes_say(large, sizeof large - 1, "");
    bytes_say(large, sizeof large, "bytes is larger than a config may be (65536 bytes)");
    bytes_say("", 0, "");
}

static void begins(const char *text, bool as_config)
{
    if (config_begins(text, strlen(text)) == as_config)
        return;
    printf("\n  %s ", text);
    CU_FAIL("taken for something else");
}

static void beginnings(void)
{
    static const char *const
        configs[] = {"a=1",         "name : \"x\";", "\xef\xbb\xbf a-b_2 =",   "# c\n// d\n/* e */ a=",
                     "@include \"", "a # b\n = 1;",  "\r\n\tnetwork /* */ : ("},
        *const others[] = {
            "",        "a",       "a b = 1", "# a = 1",      "/* a = 1",       "#!/bin/sh\na=1", "{a=1}",
            "1 = 1",   "=",       "/",       "no\n",         "P5 28 28 255\n", "a/b=1",          "\"a\"=1",
            "<a b=c>", "\x89PNG", "a,b=1",   "sep=,\na,b\n", "sep=;\r\n",      "sep=\t\n1\t2\n"};

    for (size_t i = 0; i < sizeof configs / sizeof configs[0]; i++)
        begins(configs[i], true);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        begins(others[i], false);
    CU_ASSERT_FALSE(config_begins("a=", 1));
    CU_ASSERT_FALSE(config_begins("a\0=", 3));
    CU_ASSERT_FALSE(config_begins("\0a=", 3));
}

static void paths(void)
{
    static const char *const overrides[] = {"other=there/x", "train.dir=here"};
    const char *file = unit_file("paths.cfg", "dir = \"data\"; abs = \"/data\";", 28);
    struct error error UNIT_CLEARED = {0};
    struct config *config = config_open(file, overrides, 2, &error);
    char expected[4096];
    char *path;

    CU_ASSERT_PTR_NOT_NULL_FATAL(config);
    path = config_path(config, config_root(config), "dir", "data");
    snprintf(expected, sizeof expected, "%s/data", unit_folder());
    same_text(path, expected, "beside the config");
    free(path);
    path = config_path(config, config_root(config), "abs", "/data");
    same_text(path, "/data", "absolute");
    free(path);
    path = config_path(config, config_root(config), "other", "there/x");
    same_text(path, "there/x", "command line");
    free(path);
    path = config_path(config, NULL, "dir", "default");
    snprintf(expected, sizeof expected, "%s/default", unit_folder());
    same_text(path, expected, "of an absent group");
    free(path);
    config_close(config);
}

static const struct unit_test tests[] = {
    {"paths are relative to the config, or to the working directory on the command line", paths},
    {"a config in memory is read as its file would be", from_memory},
    {"how a file begins tells a config from others", beginnings},
    {"a byte order mark before a file's text is skipped", byte_order_marks},
    {"includes expand, and errors name their own file and line", includes},
    {"the text kept is the expanded one", expanded_text},
    {"an include never leaves the config's folder", sandbox},
    {"includes of themselves, too deep or too many end", include_limits},
    {"files too large are refused", huge_files},
    {"what is no text file is refused without waiting", odd_files},
};
UNIT_MAIN("config files", tests)
