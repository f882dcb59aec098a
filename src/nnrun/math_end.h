/* nnrun/math_end.h: closes what <nnrun/math.h> opened. */
#ifndef __clang__
#pragma GCC pop_options
#elif defined(__x86_64__) && NNRUN_LEVEL > 0
#pragma clang attribute pop
#endif
#undef nnrun_vec
#undef nnrun_ivec
#undef nnrun_set
#undef nnrun_load
#undef nnrun_loadu
#undef nnrun_store
#undef nnrun_storeu
#undef nnrun_hold
#undef nnrun_fma
#undef nnrun_mask_bits
#undef nnrun_bits_mask
#undef nnrun_select
#undef nnrun_max
#undef nnrun_min
#undef nnrun_lane_sum
#undef nnrun_lane_sums
#undef nnrun_turn
#undef nnrun_transpose
#undef nnrun_flush
#undef nnrun_exp
#undef nnrun_expm1
#undef nnrun_log
#undef nnrun_tanh
#undef NNRUN_VECS
#undef NNRUN_FN
#undef NNRUN_WIDTH
#undef NNRUN_LEVEL
