/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_ABI_IOCTL_H
#define LSTAR_ABI_IOCTL_H
/*
 * ioctl(2) requests of files and terminals (ioctl_tty(2)), and their arguments.
 */
#include <stdint.h>

#define LX_TCGETS 0x5401u
#define LX_TCSETS 0x5402u
#define LX_TCSETSW 0x5403u
#define LX_TCSETSF 0x5404u
#define LX_TCGETA 0x5405u
#define LX_TCSBRK 0x5409u
#define LX_TCXONC 0x540au
#define LX_TCFLSH 0x540bu
#define LX_TIOCEXCL 0x540cu
#define LX_TIOCNXCL 0x540du
#define LX_TIOCSCTTY 0x540eu
#define LX_TIOCGPGRP 0x540fu
#define LX_TIOCSPGRP 0x5410u
#define LX_TIOCOUTQ 0x5411u
#define LX_TIOCSTI 0x5412u
#define LX_TIOCGWINSZ 0x5413u
#define LX_TIOCSWINSZ 0x5414u
#define LX_FIONREAD 0x541bu
#define LX_TIOCINQ LX_FIONREAD
#define LX_FIONBIO 0x5421u
#define LX_TFD_IOC_SET_TICKS 0x40085400u
#define LX_TIOCNOTTY 0x5422u
#define LX_TIOCSETD 0x5423u
#define LX_TIOCGETD 0x5424u
#define LX_TCSBRKP 0x5425u
#define LX_TIOCGSID 0x5429u
#define LX_TCGETS2 0x802c542au
#define LX_TCSETS2 0x402c542bu
#define LX_TIOCGPTN 0x80045430u
#define LX_TIOCSPTLCK 0x40045431u
#define LX_TIOCGPTPEER 0x5441u
#define LX_FIONCLEX 0x5450u
#define LX_FIOCLEX 0x5451u
#define LX_FIOASYNC 0x5452u
#define LX_FIOQSIZE 0x5460u
#define LX_FIOSETOWN 0x8901u
#define LX_SIOCSPGRP 0x8902u
#define LX_FIOGETOWN 0x8903u
#define LX_SIOCGPGRP 0x8904u
#define LX_FIGETBSZ 0x2u
#define LX_FIBMAP 0x1u
#define LX_FIFREEZE 0xc0045877u
#define LX_FITHAW 0xc0045878u
#define LX_FS_IOC_FIEMAP 0xc020660bu
#define LX_FICLONE 0x40049409u
#define LX_FICLONERANGE 0x4020940du
#define LX_FS_IOC_GETFLAGS 0x80086601u
#define LX_FS_IOC_SETFLAGS 0x40086602u
#define LX_RNDGETENTCNT 0x80045200u

struct lx_winsize {
    uint16_t ws_row;
    uint16_t ws_col;
    uint16_t ws_xpixel;
    uint16_t ws_ypixel;
};
_Static_assert(sizeof(struct lx_winsize) == 8, "struct winsize");

#define LX_NCCS 19

/* The kernel's struct termios, not libc's. */
struct lx_termios {
    uint32_t c_iflag;
    uint32_t c_oflag;
    uint32_t c_cflag;
    uint32_t c_lflag;
    uint8_t c_line;
    uint8_t c_cc[LX_NCCS];
};
_Static_assert(sizeof(struct lx_termios) == 36, "struct termios");

struct lx_termios2 {
    uint32_t c_iflag;
    uint32_t c_oflag;
    uint32_t c_cflag;
    uint32_t c_lflag;
    uint8_t c_line;
    uint8_t c_cc[LX_NCCS];
    uint32_t c_ispeed;
    uint32_t c_ospeed;
};
_Static_assert(sizeof(struct lx_termios2) == 44, "struct termios2");

#endif
