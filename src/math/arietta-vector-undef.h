/* arietta-vector-undef.h - clears the macros of one inclusion of arietta-vector-body.h */
#undef NAME
#undef QUOTED_NAME
#undef FAST_PANELS
#undef PANEL_ROWS
#undef Vec
#undef UnalignedVec
#undef VEC_LANES
#undef MULTIPLY_ADD
