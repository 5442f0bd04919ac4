/* What the compiled loops share. Plain C11, no library but libm's sqrt; no state, so any number of threads may call. */
#ifndef ECOREDLINE_KERNEL_H
#define ECOREDLINE_KERNEL_H

#include <stdint.h>

#define KERNEL_VERSION 5 /* library.py loads this version and no other */

#if defined(_WIN32)
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

#endif
