/* What the processor can do beyond what the compiler was told. */
#ifndef GALVAN_BASE_CPU_H
#define GALVAN_BASE_CPU_H

#include <stdbool.h>

/* AVX2 with the bit instructions that came with it (BMI1, BMI2). */
bool gv_cpu_has_avx2(void);

#endif
