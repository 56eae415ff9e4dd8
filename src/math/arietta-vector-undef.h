/* arietta-vector-undef.h - clears the macros of one inclusion of arietta-vector-body.h */
#undef NAME
#undef QUOTED_NAME
#undef FAST_PANELS
#undef GATES_PART
#undef PANEL_ROWS
#undef TILE_VECTORS
#undef PANEL_DEPTH
#undef Vec
#undef UnalignedVec
#undef VEC_LANES
#undef MULTIPLY_ADD
#undef MULTIPLY_ADD_VECTORS
#undef LOAD_BF16
#undef LOAD_INT8
