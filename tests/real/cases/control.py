# SPDX-License-Identifier: GPL-2.0-or-later
"""Programs that change their own course: coroutines, jumps out of handlers, contexts changed by handlers, code made at run time."""
for kind in ("musl", "glibc"):
    for program, parts in (("contexts", "coroutines jumps overflows changes"),
                           ("jit", "exclusive rewritten by-itself two-mappings by-thread collector")):
        for part in parts.split():
            Case(f"{program}/{kind}-{part}", f"{{bin}}/{program}-{kind} {part}", inputs="nothing", timeout=60)
