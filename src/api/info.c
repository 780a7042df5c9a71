/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What this library is: versions, and names for people.
 */
#include "abi/signal.h"
#include "api/api.h"
#include "cpu/cpu.h"

const char *lstar_version(void)
{
    return LSTAR_VERSION;
}

const char *lstar_engine_name(void)
{
    return cpu_engine_name();
}

const char *const *lstar_engine_patches(void)
{
    return cpu_engine_patches();
}

const char *lstar_status_text(lstar_status status)
{
    switch (status) {
    case LSTAR_OK:
        return "success";
    case LSTAR_INVALID:
        return "invalid argument or configuration";
    case LSTAR_NO_MEMORY:
        return "the host has not enough memory";
    case LSTAR_NOT_FOUND:
        return "program not found";
    case LSTAR_NOT_EXECUTABLE:
        return "program cannot be executed";
    case LSTAR_HOST_ERROR:
        return "the host refused something";
    case LSTAR_ENDED:
        return "the machine has ended";
    case LSTAR_FAILED:
        return "a defect of lstar";
    }
    return "unknown status";
}

const char *lstar_signal_name(int signal)
{
    static const char *const realtime[] = {
        "SIGRT_0",  "SIGRT_1",  "SIGRT_2",  "SIGRT_3",  "SIGRT_4",  "SIGRT_5",  "SIGRT_6",
        "SIGRT_7",  "SIGRT_8",  "SIGRT_9",  "SIGRT_10", "SIGRT_11", "SIGRT_12", "SIGRT_13",
        "SIGRT_14", "SIGRT_15", "SIGRT_16", "SIGRT_17", "SIGRT_18", "SIGRT_19", "SIGRT_20",
        "SIGRT_21", "SIGRT_22", "SIGRT_23", "SIGRT_24", "SIGRT_25", "SIGRT_26", "SIGRT_27",
        "SIGRT_28", "SIGRT_29", "SIGRT_30", "SIGRT_31", "SIGRT_32",
    };
    switch (signal) {
#define X(name, number, text)                                                                      \
    case number:                                                                                   \
        return #name;
        LX_SIGNAL_LIST(X)
#undef X
    default:
        break;
    }
    if (signal >= LX_SIGRTMIN && signal <= LX_SIGRTMAX)
        return realtime[signal - LX_SIGRTMIN];
    return "signal";
}
