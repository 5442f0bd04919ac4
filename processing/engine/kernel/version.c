#include "kernel.h"

EXPORT int32_t kernel_version(void) { return KERNEL_VERSION; }
