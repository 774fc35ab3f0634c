/* Stands for avx2.c on a machine of another kind. */
#include "crypto/mlkem/ops.h"

const struct mlkem_ops *const gv_mlkem_avx2 = NULL;
