/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_SYSCALL_TABLE_EXPAND_H
#define LSTAR_SYSCALL_TABLE_EXPAND_H
/*
 * EXPAND_EACH(M, a, b, c) is M(0, a) M(1, b) M(2, c): how a row's arguments become parameters,
 * casts and table entries. None to six arguments.
 */
#define EXPAND_EACH(macro, ...) EXPAND_COUNT(__VA_ARGS__)(macro __VA_OPT__(, ) __VA_ARGS__)

/* The number of arguments as a token: 0 to 6. */
#define EXPAND_NUMBER(...) EXPAND_SEVENTH(__VA_ARGS__ __VA_OPT__(, ) 6, 5, 4, 3, 2, 1, 0, )
#define EXPAND_SEVENTH(a, b, c, d, e, f, n, ...) n

#define EXPAND_COUNT(...) EXPAND_PASTE(EXPAND_, EXPAND_NUMBER(__VA_ARGS__))
#define EXPAND_PASTE(a, b) EXPAND_PASTE_(a, b)
#define EXPAND_PASTE_(a, b) a##b

#define EXPAND_0(m)
#define EXPAND_1(m, a) m(0, a)
#define EXPAND_2(m, a, b) m(0, a) m(1, b)
#define EXPAND_3(m, a, b, c) m(0, a) m(1, b) m(2, c)
#define EXPAND_4(m, a, b, c, d) m(0, a) m(1, b) m(2, c) m(3, d)
#define EXPAND_5(m, a, b, c, d, e) m(0, a) m(1, b) m(2, c) m(3, d) m(4, e)
#define EXPAND_6(m, a, b, c, d, e, f) m(0, a) m(1, b) m(2, c) m(3, d) m(4, e) m(5, f)

#endif
