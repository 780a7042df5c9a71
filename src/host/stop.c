/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When the thread that runs the machine shall leave off: because another thread or a signal handler
 * asked, or because a moment has come. Nobody is interrupted: who works long looks here.
 */
#include "host/internal.h"

void host_stop(struct host *host)
{
    atomic_store(&host->stop, true);
    host_wake(host);
}

bool host_take_stop(struct host *host)
{
    return atomic_load_explicit(&host->stop, memory_order_relaxed) &&
           atomic_exchange(&host->stop, false);
}

void host_key(struct host *host, enum host_key key)
{
    atomic_fetch_or(&host->keys, key);
    host_wake(host);
}

unsigned host_take_keys(struct host *host)
{
    if (likely(atomic_load_explicit(&host->keys, memory_order_relaxed) == 0))
        return 0;
    return atomic_exchange(&host->keys, 0);
}

void host_stop_at(struct host *host, uint64_t deadline)
{
    host->stop_at = deadline;
}

bool host_must_stop(struct host *host)
{
    if (atomic_load_explicit(&host->stop, memory_order_relaxed))
        return true;
    return host->stop_at != UINT64_MAX && host_monotonic(host) >= host->stop_at;
}
