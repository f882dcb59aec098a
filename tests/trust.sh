#!/bin/sh
# trust.sh: whose plugins run: several users, folders of all kinds, and files that are no plugins. unit_trust has the rule
# itself.
# shellcheck source=tests/nnrun.sh
. "${NNRUN_SOURCE:?}/tests/nnrun.sh"
plugins=$NNRUN_BUILD/plugins/.libs
unset NNRUN_PLUGIN_PATH
cat >net.cfg <<'E'
input = [1, 8, 8];
network = ( { type = "dense"; units = 10; }, { type = "relu"; }, { type = "dense"; units = 10; }, { type = "softmax"; } );
E

# ---- for any user ----------------------------------------------------------------------------------------------

# installed FOLDER: a tree as make install makes it, with four layer types
installed() {
    mkdir -p "$1/bin" "$1/lib/nnrun/layers" && cp "$nnrun" "$1/bin" &&
        cp "$plugins/add.so" "$plugins/dense.so" "$plugins/relu.so" "$plugins/softmax.so" "$1/lib/nnrun/layers" &&
        chmod -R go-w "$1" || exit 99
}
installed own
layers=own/lib/nnrun/layers
mkdir mine && cp "$plugins/relu.so" mine && chmod 755 mine && chmod 644 mine/relu.so
check "a plugin in a folder of one's own is loaded" "$nnrun" layers ./mine/relu.so

mkdir -p open/below && cp mine/relu.so open/below && chmod 777 open
refuse_line 3 '/open: refused: this folder is world-writable' "a world-writable folder high above is refused" \
    "$nnrun" layers ./open/below/relu.so
chmod 1777 open
check "a sticky one is no objection" "$nnrun" layers ./open/below/relu.so
chmod 755 open
mkdir -p links && ln -s ../open/below/relu.so links/relu.so
check "a link is followed" "$nnrun" layers relu --plugin-path links
chmod 777 open/below
refuse_line 3 '/open/below: refused: this folder is world-writable' "a link out to a world-writable folder is refused" \
    "$nnrun" layers relu --plugin-path links
ln -s open/below linked
refuse_line 3 '/open/below: refused: this folder is world-writable' "so is a folder that is a link to one" \
    "$nnrun" layers relu --plugin-path linked
chmod 755 open/below

chmod 777 "$layers"
refuse_line 3 '/layers: refused: this folder is world-writable' "what is wrong with a folder is said once for all its types" \
    own/bin/nnrun layers --plugin-path "$layers"
for command in show train; do
    refuse_line 3 '^nnrun: net\.cfg:2: .*/layers: refused: this folder is world-writable' "and once for a network, by $command" \
        own/bin/nnrun "$command" net.cfg --plugin-path "$layers"
done
chmod 755 "$layers"
chmod o+w "$layers/relu.so"
refuse_line 3 '/relu\.so: refused: this file is world-writable' "a list of the others names the one that is refused" \
    own/bin/nnrun layers --plugin-path "$layers"
others() {
    [ "$(own/bin/nnrun layers --plugin-path "$layers" 2>/dev/null | grep -cE '^(add|dense|softmax) ')" -eq 3 ]
}
check "and lists them" others
chmod o+w "$layers/dense.so"
many='/layers: refused: 2 plugins in this folder are world-writable: "chmod o-w" mends that'
refuse_line 3 "$many" "what is wrong with several files is said once" own/bin/nnrun layers --plugin-path "$layers"
for command in show train; do
    refuse_line 3 "^nnrun: net\\.cfg:2: .*$many" "and once by $command" own/bin/nnrun "$command" net.cfg --plugin-path "$layers"
done
chmod o-w "$layers/relu.so" "$layers/dense.so"

# ---- what is no plugin ------------------------------------------------------------------------------------------

# no_plugin PATTERN PROMISE: x.so is refused, within a few seconds
no_plugin() {
    refuse_line 3 "/x\\.so$1" "$2" timeout 20 "$nnrun" layers x --plugin-path .
    rm -rf x.so
}
# bytes_at OFFSET ESCAPES: writes them into x.so, a copy of a plugin
bytes_at() {
    cp mine/relu.so x.so
    # shellcheck disable=SC2059 # escapes are what is wanted
    printf "$2" | dd of=x.so bs=1 seek="$1" conv=notrunc 2>/dev/null
}
mkfifo x.so
no_plugin ' is a pipe, not a file' "a pipe is refused, not waited for"
ln -s /dev/zero x.so
no_plugin ' is a device, not a file' "a link to a device is refused"
mkdir x.so
no_plugin ' is a folder, not a file' "a folder is refused"
: >x.so
no_plugin ': the file is empty' "an empty file is refused"
echo text >x.so
no_plugin ' is not a shared object' "a text is refused"
truncate -s 1T x.so 2>/dev/null || truncate -s 300M x.so
no_plugin ' is [0-9]* bytes long, expected at most 268435456' "a huge file is refused, and not read"
truncate -s 100M x.so
no_plugin ' is not a shared object' "one with nothing in it is, too"
bytes_at 4 '\001'
no_plugin ' is for another kind of processor (.*, 32 bits)' "32 bits are refused, or 64 where those are foreign"
bytes_at 18 '\377\377'
no_plugin ' is for another kind of processor| cannot be loaded: ' "another processor is refused"
bytes_at 16 '\002'
no_plugin ' is not a shared object: link it with -shared' "a program is refused"
head -c 5000 mine/relu.so >x.so
no_plugin ' is cut off or damaged: ' "a file that is cut off is refused"
echo 'int x;' | ${NNRUN_CC:-cc} -x c -fPIC -shared -o x.so -
no_plugin ' is not a layer plugin: it exports no symbol nnrun_plugin' "a library of another kind is refused"
cat >early.c <<'E'
#include <stdio.h>
const unsigned nnrun_plugin[64] = {0x6e72756e, 7};
static void early(void) __attribute__((constructor));
static void early(void)
{
    puts("it ran");
}
E
${NNRUN_CC:-cc} -fPIC -shared early.c -o x.so || exit 99
no_plugin ' was built for ABI 7\.0' "a plugin of another ABI is refused"
check "before any of its code ran" test ! -s "$tap_out"
# One that has the right version at an index below those of the hash table, where the loader does not look.
cat >decoy.py <<'E'
import struct, sys
file = bytearray(open(sys.argv[1], "rb").read())
start, count = struct.unpack_from("<Q", file, 40)[0], struct.unpack_from("<H", file, 60)[0]
sections = [struct.unpack_from("<IIQQQQI", file, start + 64 * i) for i in range(count)]
_, _, _, _, symbols, size, strings = next(section for section in sections if section[1] == 11)
words = [struct.unpack_from("<I", file, at)[0] for at in range(symbols, symbols + size, 24)]
names = [bytes(file[sections[strings][4] + word:]).split(b"\0")[0] for word in words]
good, wrong = (symbols + 24 * names.index(name) for name in (b"good_plugin", b"nnrun_plugin"))
file[symbols + 24:symbols + 48] = file[wrong:wrong + 4] + file[good + 4:good + 24]
open(sys.argv[2], "wb").write(file)
E
cat >twice.c <<'E'
#include <nnrun/layer.h>
#include <stdio.h>
extern int unhashed(void) __attribute__((weak));
int call(void);
int call(void)
{
    return unhashed && unhashed();
}
const struct nnrun_layer good_plugin = {.head = NNRUN_HEAD}, nnrun_plugin = {.head = {NNRUN_MAGIC, 9}};
static void early(void) __attribute__((constructor));
static void early(void)
{
    puts("it ran");
}
E
if [ "$(uname -m)" = x86_64 ] && command -v python3 >/dev/null 2>&1; then
    ${NNRUN_CC:-cc} -fPIC -shared -I"$NNRUN_SOURCE/src" twice.c -o twice.so && python3 decoy.py twice.so x.so || exit 99
    no_plugin ' is not a layer plugin: it exports no symbol nnrun_plugin, or several' \
        "a second descriptor that the loader does not find is not believed"
    check "before any of its code ran, too" test ! -s "$tap_out"
else
    skip "a second descriptor that the loader does not find is not believed" "the forgery is for x86-64, and needs python3"
fi
sed 's/64\] = .*/2] = {0x6e72756e};/; s/^const //' early.c >short.c
${NNRUN_CC:-cc} -fPIC -shared short.c -o x.so || exit 99
no_plugin ': broken plugin: nnrun_plugin is too short' "a descriptor that is too short is refused"

# ---- by its name -------------------------------------------------------------------------------------------------

# A plugin that needs a library beside it, wherever that is.
mkdir -p pair && printf 'float half(void);\nfloat half(void)\n{\n    return 0.5f;\n}\n' >half.c
printf 'float half(void);\nfloat quarter(void);\nfloat quarter(void)\n{\n    return half() / 2;\n}\n' >quarter.c
"$nnrun" layers --new paired >paired.c || exit 99
paired() {
    # shellcheck disable=SC2016,SC2086 # for the loader; a command of several words
    ${NNRUN_CC:-cc} -fPIC -shared half.c -o pair/libhalf.so &&
        ${NNRUN_CC:-cc} -std=c11 -O2 -fPIC -shared -I"$NNRUN_SOURCE/src" paired.c quarter.c -o pair/paired.so -Lpair -lhalf \
            -Wl,-rpath,'$ORIGIN' && "$nnrun" layers ./pair/paired.so
}
check "a plugin finds a library beside it by \$ORIGIN" paired

# ---- several users -----------------------------------------------------------------------------------------------

need_users "what one user built, another runs"
chmod 755 "$work"
installed built
layers=built/lib/nnrun/layers
chown -R 41001:41001 built
check "what one user built, another runs" as 41002 built/bin/nnrun layers --plugin-path "$layers"
check "and a network of it" as 41002 built/bin/nnrun show net.cfg --plugin-path "$layers"
mkdir elsewhere && cp -r "$layers" elsewhere && chown -R 41001 elsewhere/layers
refuse_line 3 'elsewhere/layers: refused: this folder belongs to user 41001, neither to you nor to root' \
    "what that user has elsewhere is refused, once" as 41002 built/bin/nnrun layers --plugin-path elsewhere/layers
chown 41003 "$layers/relu.so"
refuse_line 3 '/relu\.so: refused: this file belongs to user 41003, neither to you nor to root' \
    "a third user's file in the first one's prefix is refused" as 41002 built/bin/nnrun layers --plugin-path "$layers"
chown 41002 "$layers/relu.so"
check "one's own file there is not" as 41002 built/bin/nnrun layers --plugin-path "$layers"
chown 65534 "$layers"/*.so
refuse_line 3 '/layers: refused: 4 plugins in this folder belong to user 65534, nobody, who is never trusted' "nobody's are refused once" \
    as 41002 built/bin/nnrun layers --plugin-path "$layers"
chown 41001 "$layers"/*.so
chown 65534 "$layers/relu.so"
refuse_line 3 '/relu\.so: refused: this file belongs to user 65534, nobody, who is never trusted' "nobody is never trusted" \
    as 41002 built/bin/nnrun layers --plugin-path "$layers"
refuse_line 3 '/relu\.so: refused: this file belongs to user 65534, nobody' "not by nobody either" \
    as 65534 built/bin/nnrun layers relu --plugin-path "$layers"
chown 41001 "$layers/relu.so"
chmod g+w "$layers"
refuse_line 3 '/layers: refused: group 41001, or who is in its access list, can write to this folder: "chmod g-w"' \
    "a group that can write plugins but not the library is refused" as 41002 built/bin/nnrun layers --plugin-path "$layers"
chmod g+w built/bin/nnrun
check "one that can write the library is not" as 41002 built/bin/nnrun layers --plugin-path "$layers"
chmod g-w "$layers" built/bin/nnrun

mkdir lent && cp mine/relu.so lent && chown -R 41002 lent
check "a user's own plugins are loaded by root's program" as 41002 own/bin/nnrun layers ./lent/relu.so
refuse_line 3 '/lent: refused: this folder belongs to user 41002' "but not by another user" as 41001 own/bin/nnrun layers ./lent/relu.so
refuse_line 3 '/lent: refused: this folder belongs to user 41002' "nor by root" own/bin/nnrun layers ./lent/relu.so
mkdir -p lent/deep && chown 0 lent/deep && cp mine/relu.so lent/deep
refuse_line 3 '/lent: refused: this folder belongs to user 41002' "nor what root has below" own/bin/nnrun layers ./lent/deep/relu.so
mkdir -p sticky && chmod 1777 sticky && cp mine/relu.so sticky && chown 41002 sticky/relu.so
check "in a sticky folder one's own file is loaded" as 41002 own/bin/nnrun layers ./sticky/relu.so
refuse_line 3 '/sticky/relu\.so: refused: this file belongs to user 41002' "and another's is refused" \
    as 41001 own/bin/nnrun layers ./sticky/relu.so

# What setfacl -m u:41003:rw does, by acl(5): the mask, which is what is shown as the group's rights, is rw.
cat >acl.py <<'E'
import os, struct, sys
entries = (1, 6, -1), (2, 6, 41003), (4, 4, -1), (16, 6, -1), (32, 4, -1)
os.setxattr(sys.argv[1], "system.posix_acl_access", struct.pack("<I", 2) + b"".join(
    struct.pack("<HHI", tag, rights, who & 0xffffffff) for tag, rights, who in entries))
E
mkdir shared && cp mine/relu.so shared && chmod 664 shared/relu.so
if grep -q '^root:[^:]*:0:$' /etc/group && [ "$(awk -F: '$4 == 0' /etc/passwd | wc -l)" -eq 1 ]; then
    check "a group of one's own may write" "$nnrun" layers ./shared/relu.so
    if python3 acl.py shared/relu.so 2>/dev/null; then
        refuse_line 3 '/relu\.so: refused: group 0, or who is in its access list, can write to this file' \
            "but nobody else in its access list" "$nnrun" layers ./shared/relu.so
    else
        skip "but nobody else in its access list" "no python3, or no access lists here"
    fi
else
    skip "a group of one's own may write" "the group root has other members"
fi

# Rights of the group 41003, for whoever runs it.
raise_group() {
    cp "$1" own/bin/raised && chown 0:41003 own/bin/raised && chmod 2755 own/bin/raised
}
raise_group "$(command -v id)"
if [ -z "${NNRUN_SANITIZED-}" ] && [ "$(as 41002 own/bin/raised -g)" = 41003 ]; then
    raise_group "$nnrun"
    refuse_line 3 '/lent: refused: this folder belongs to user 41002' "a program with rights that its user lacks runs no code of the user" \
        as 41002 own/bin/raised layers ./lent/relu.so
    check "but root's" as 41002 own/bin/raised layers ./mine/relu.so
    mkdir -p named/bin named/lib && cp mine/relu.so named/lib && chown -R 41002 named && ln own/bin/raised named/bin/nnrun
    refuse_line 3 '/named: refused: this folder belongs to user 41002' "nor where the user made a name for it" \
        as 41002 named/bin/nnrun layers ./named/lib/relu.so
else
    skip "a program with rights that its user lacks runs no code of the user" "no such rights here, or a sanitizer"
fi
rm own/bin/raised

if as 41002 unshare --user true 2>/dev/null; then
    refuse_line 3 ': /: refused: .* user 65534, nobody, .*: root does not exist in this container; ' "a container without root is named" \
        as 41002 unshare --user own/bin/nnrun layers ./mine/relu.so
else
    skip "a container without root is named" "no right to make one"
fi

no_proc() {
    # shellcheck disable=SC2016 # the inner shell expands it
    unshare -m sh -c 'mount -t tmpfs none /proc && exec "$0" layers ./mine/relu.so' "$nnrun"
}
if [ -n "${NNRUN_SANITIZED-}" ]; then
    skip "without /proc a plugin is loaded by its name" "a sanitizer needs it"
elif unshare -m mount -t tmpfs none /mnt 2>/dev/null; then
    check "without /proc a plugin is loaded by its name" no_proc
else
    skip "without /proc a plugin is loaded by its name" "nothing may be mounted here"
fi
tap_end
