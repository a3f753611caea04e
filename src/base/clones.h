/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loops that are compiled once for each instruction set, so that one program runs on every machine and fast
 * on each. A file whose name ends in _kernel.c is compiled for each of them (PKO_CLONE names the one at hand)
 * and defines its functions under PKO_CLONED(name); its header declares all of them by PKO_CLONES, and a
 * caller picks one by PKO_CHOOSE. All give the same bits: only IEEE and integer operations, lane by lane, and
 * no contraction. */
#ifndef PKO_BASE_CLONES_H
#define PKO_BASE_CLONES_H

/* What a machine has: x86-64, x86-64-v3 (256-bit vectors), x86-64-v4 (512-bit vectors). */
enum pko_level { PKO_LEVEL_GENERIC, PKO_LEVEL_V3, PKO_LEVEL_V4 };

/* The level of this machine, or the named one ("generic", "v3", "v4"; NULL for the best) where the machine
 * has it. */
enum pko_level pko_level_of(const char *clone);

#define PKO_JOIN_(a, b)  a##b
#define PKO_JOIN(a, b)   PKO_JOIN_(a, b)
#define PKO_CLONED(name) PKO_JOIN(name##_, PKO_CLONE)

#ifdef PKO_CLONES_X86
#define PKO_CLONES(type, name, ...)                                                                          \
    type name##_generic(__VA_ARGS__);                                                                        \
    type name##_v3(__VA_ARGS__);                                                                             \
    type name##_v4(__VA_ARGS__)
#define PKO_CHOOSE(level, name)                                                                              \
    ((level) == PKO_LEVEL_V4 ? name##_v4 : (level) == PKO_LEVEL_V3 ? name##_v3 : name##_generic)
#else
#define PKO_CLONES(type, name, ...) type name##_generic(__VA_ARGS__)
#define PKO_CHOOSE(level, name)     ((void)(level), name##_generic)
#endif

#endif
