# SPDX-License-Identifier: GPL-2.0-or-later
"""pthreads in two C libraries, the same source: every kind of lock, cancellation in every call that blocks, a thread's life."""
PARTS = {"locks": "kinds robust shared conditions barriers rwlocks spins",
         "cancel": "blocking rules sockets",
         "life": "data attributes signals timers forks many semaphores named"}
for kind in ("musl", "glibc"):
    for program, parts in PARTS.items():
        for part in parts.split():
            Case(f"threads/{kind}-{part}", f"{{bin}}/thread_{program}-{kind} {part}", inputs="nothing", timeout=60)
