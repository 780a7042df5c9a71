# SPDX-License-Identifier: GPL-2.0-or-later
"""Programs that change their own course: coroutines, jumps out of handlers, contexts changed by handlers, code made at run time."""
for kind in ("musl", "glibc"):
    for program, parts in (("contexts", "coroutines jumps overflows changes"),
                           ("jit", "exclusive rewritten by-itself two-mappings by-thread collector")):
        for part in parts.split():
            Case(f"{program}/{kind}-{part}", f"{{bin}}/{program}-{kind} {part}", inputs="nothing", timeout=60)

Case("cpp/concurrency", "{bin}/concurrency", inputs="nothing", timeout=60)
Case("sqlite/two-processes", "{bin}/sqlite_two two.db", inputs="nothing", ignore=["two.db"], timeout=120,
     follow="{ command -v sqlite3 >/dev/null && sqlite3 two.db 'PRAGMA integrity_check' || echo ok; }")
