/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_ABI_SYSTEM_H
#define LSTAR_ABI_SYSTEM_H
/*
 * getrandom(2), syslog(2), reboot(2).
 */
#define LX_GRND_NONBLOCK 1u
#define LX_GRND_RANDOM 2u
#define LX_GRND_INSECURE 4u

#define LX_SYSLOG_LIST(X)                                                                          \
    X(SYSLOG_ACTION_CLOSE, 0)                                                                      \
    X(SYSLOG_ACTION_OPEN, 1)                                                                       \
    X(SYSLOG_ACTION_READ, 2)                                                                       \
    X(SYSLOG_ACTION_READ_ALL, 3)                                                                   \
    X(SYSLOG_ACTION_READ_CLEAR, 4)                                                                 \
    X(SYSLOG_ACTION_CLEAR, 5)                                                                      \
    X(SYSLOG_ACTION_CONSOLE_OFF, 6)                                                                \
    X(SYSLOG_ACTION_CONSOLE_ON, 7)                                                                 \
    X(SYSLOG_ACTION_CONSOLE_LEVEL, 8)                                                              \
    X(SYSLOG_ACTION_SIZE_UNREAD, 9)                                                                \
    X(SYSLOG_ACTION_SIZE_BUFFER, 10)

enum lx_syslog {
#define X(name, number) LX_##name = number,
    LX_SYSLOG_LIST(X)
#undef X
};

#define LX_REBOOT_MAGIC1 0xfee1deadu
#define LX_REBOOT_MAGIC2 672274793
#define LX_REBOOT_MAGIC2A 85072278
#define LX_REBOOT_MAGIC2B 369367448
#define LX_REBOOT_MAGIC2C 537993216
#define LX_REBOOT_CMD_CAD_OFF 0x00000000u
#define LX_REBOOT_CMD_RESTART 0x01234567u
#define LX_REBOOT_CMD_POWER_OFF 0x4321fedcu
#define LX_REBOOT_CMD_CAD_ON 0x89abcdefu
#define LX_REBOOT_CMD_RESTART2 0xa1b2c3d4u
#define LX_REBOOT_CMD_HALT 0xcdef0123u

#endif
