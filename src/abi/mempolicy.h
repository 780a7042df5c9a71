/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_ABI_MEMPOLICY_H
#define LSTAR_ABI_MEMPOLICY_H
/*
 * Memory policies: set_mempolicy(2), mbind(2).
 */

enum lx_mempolicy {
    LX_MPOL_DEFAULT,
    LX_MPOL_PREFERRED,
    LX_MPOL_BIND,
    LX_MPOL_INTERLEAVE,
    LX_MPOL_LOCAL,
    LX_MPOL_PREFERRED_MANY,
    LX_MPOL_WEIGHTED_INTERLEAVE,
    LX_MPOL_MAX,
};

/* In the mode. */
#define LX_MPOL_F_NUMA_BALANCING 0x2000u
#define LX_MPOL_F_RELATIVE_NODES 0x4000u
#define LX_MPOL_F_STATIC_NODES 0x8000u

/* get_mempolicy(2) */
#define LX_MPOL_F_NODE 1u
#define LX_MPOL_F_ADDR 2u
#define LX_MPOL_F_MEMS_ALLOWED 4u

/* mbind(2) */
#define LX_MPOL_MF_STRICT 1u
#define LX_MPOL_MF_MOVE 2u
#define LX_MPOL_MF_MOVE_ALL 4u

#endif
