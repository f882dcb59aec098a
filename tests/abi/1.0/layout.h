/* layout.h: where ABI 1.0 has each member, and the value of each name, on targets with 64-bit pointers. It holds for
 * the headers of every later minor version, which add at the end. Include <nnrun/layer.h> first. */
#define AT(type, member, offset) _Static_assert(offsetof(struct type, member) == offset, #type "." #member)
#define IS(name, value) _Static_assert((name) == (value), #name)
/* A structure of the core: it does not grow for a plugin that needs no more than 1.0. */
#if NNRUN_NEEDS == 0
#define SIZE(type, bytes) _Static_assert(sizeof(struct type) == bytes, "sizeof " #type)
#else
#define SIZE(type, bytes) _Static_assert(sizeof(struct type) >= bytes, "sizeof " #type)
#endif
/* One that lies by value in others, or whose size is in the head of each plugin. */
#define FIXED(type, bytes) _Static_assert(sizeof(struct type) == bytes, "sizeof " #type)
#if NNRUN_ABI_MINOR == 0
#define GROWS(type, bytes) FIXED(type, bytes)
#else
#define GROWS(type, bytes) _Static_assert(sizeof(struct type) >= bytes, "sizeof " #type)
#endif

#if UINTPTR_MAX > UINT32_MAX
FIXED(nnrun_shape, 32);
AT(nnrun_shape, rank, 0);
AT(nnrun_shape, dim, 4);

FIXED(nnrun_ints, 68);
AT(nnrun_ints, count, 0);
AT(nnrun_ints, value, 4);
FIXED(nnrun_reals, 136);
AT(nnrun_reals, count, 0);
AT(nnrun_reals, reserved, 4);
AT(nnrun_reals, value, 8);

GROWS(nnrun_setting, 72);
AT(nnrun_setting, name, 0);
AT(nnrun_setting, kind, 8);
AT(nnrun_setting, flags, 12);
AT(nnrun_setting, offset, 16);
AT(nnrun_setting, most, 20);
AT(nnrun_setting, low, 24);
AT(nnrun_setting, high, 32);
AT(nnrun_setting, fallback, 40);
AT(nnrun_setting, text, 48);
AT(nnrun_setting, choices, 56);
AT(nnrun_setting, doc, 64);

GROWS(nnrun_tensor, 80);
AT(nnrun_tensor, name, 0);
AT(nnrun_tensor, shape, 8);
AT(nnrun_tensor, role, 40);
AT(nnrun_tensor, init, 44);
AT(nnrun_tensor, flags, 48);
AT(nnrun_tensor, fan_in, 52);
AT(nnrun_tensor, fan_out, 56);
AT(nnrun_tensor, reserved, 60);
AT(nnrun_tensor, value, 64);
AT(nnrun_tensor, momentum, 72);

SIZE(nnrun_plan, 120);
AT(nnrun_plan, minor, 0);
AT(nnrun_plan, inputs, 4);
AT(nnrun_plan, input, 8);
AT(nnrun_plan, output, 16);
AT(nnrun_plan, keep_bytes, 48);
AT(nnrun_plan, scratch_bytes, 56);
AT(nnrun_plan, random_words, 64);
AT(nnrun_plan, flags, 68);
AT(nnrun_plan, forward_flops, 72);
AT(nnrun_plan, dx_flops, 80);
AT(nnrun_plan, dw_flops, 88);
AT(nnrun_plan, tensor, 96);
AT(nnrun_plan, fail, 104);
AT(nnrun_plan, core, 112);

SIZE(nnrun_slice, 104);
AT(nnrun_slice, count, 0);
AT(nnrun_slice, training, 4);
AT(nnrun_slice, first, 8);
AT(nnrun_slice, inputs, 12);
AT(nnrun_slice, x, 16);
AT(nnrun_slice, y, 24);
AT(nnrun_slice, w, 32);
AT(nnrun_slice, dw, 40);
AT(nnrun_slice, dy, 48);
AT(nnrun_slice, dx, 56);
AT(nnrun_slice, target, 64);
AT(nnrun_slice, loss, 72);
AT(nnrun_slice, keep, 80);
AT(nnrun_slice, scratch, 88);
AT(nnrun_slice, random, 96);

FIXED(nnrun_code, 16);
AT(nnrun_code, forward, 0);
AT(nnrun_code, backward, 8);

GROWS(nnrun_layer, 120);
AT(nnrun_layer, head, 0);
AT(nnrun_layer, type, 16);
AT(nnrun_layer, doc, 24);
AT(nnrun_layer, flags, 32);
AT(nnrun_layer, target, 36);
AT(nnrun_layer, min_inputs, 40);
AT(nnrun_layer, max_inputs, 44);
AT(nnrun_layer, instance_size, 48);
AT(nnrun_layer, setting_count, 52);
AT(nnrun_layer, settings, 56);
AT(nnrun_layer, plan, 64);
AT(nnrun_layer, code, 72);
#endif

FIXED(nnrun_head, 16);
AT(nnrun_head, magic, 0);
AT(nnrun_head, major, 4);
AT(nnrun_head, minor, 6);
AT(nnrun_head, needs, 8);
AT(nnrun_head, layer_size, 10);
AT(nnrun_head, setting_size, 12);
AT(nnrun_head, tensor_size, 14);

IS(NNRUN_MAGIC, 0x6e72756e);
IS(NNRUN_ABI_MAJOR, 1);
IS(NNRUN_LANES, 16);
IS(NNRUN_LEVELS, 3);
IS(NNRUN_MAX_RANK, 7);
IS(NNRUN_MAX_LIST, 16);
IS(NNRUN_INT, 1);
IS(NNRUN_REAL, 2);
IS(NNRUN_BOOL, 3);
IS(NNRUN_STRING, 4);
IS(NNRUN_CHOICE, 5);
IS(NNRUN_INTS, 6);
IS(NNRUN_REALS, 7);
IS(NNRUN_REQUIRED, 1);
IS(NNRUN_OPEN_LOW, 2);
IS(NNRUN_OPEN_HIGH, 4);
IS(NNRUN_WEIGHT, 0);
IS(NNRUN_STATE, 1);
IS(NNRUN_ZEROS, 0);
IS(NNRUN_CONSTANT, 1);
IS(NNRUN_UNIFORM, 2);
IS(NNRUN_HE, 3);
IS(NNRUN_XAVIER, 4);
IS(NNRUN_FAN_IN, 5);
IS(NNRUN_DECAY, 1);
IS(NNRUN_READS_X, 1);
IS(NNRUN_READS_Y, 2);
IS(NNRUN_IN_PLACE, 4);
IS(NNRUN_STORES, 8);
IS(NNRUN_MIXES_LANES, 16);
IS(NNRUN_NO_TARGET, 0);
IS(NNRUN_CLASS, 1);
IS(NNRUN_DENSE, 2);
IS(NNRUN_LABELS, 3);

#undef AT
#undef IS
#undef SIZE
#undef FIXED
#undef GROWS
