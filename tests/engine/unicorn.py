#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Do Unicorn's own x86 tests pass in our build, but for those that a list names with the reason?

unicorn.py TESTS LIST runs the program TESTS (its lines are TAP) and compares what fails with LIST.
"""
import re
import subprocess
import sys


def expected(path):
    """The list: name -> (what, reason)."""
    found = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            match = re.match(r"(\w+) (fails|skip): (.+)", line)
            if match:
                found[match[1]] = (match[2], match[3])
            elif not line.startswith("#"):
                sys.exit(f"{path}: not understood: {line}")
    return found


def main():
    tests, known = sys.argv[1], expected(sys.argv[2])
    # acutest prints "ok N - name" and "not ok N - name"; each test is a process of its own.
    skipped = [name for name, (what, _) in known.items() if what == "skip"]
    run = subprocess.run([tests, "--tap", "--skip", *skipped], stdout=subprocess.PIPE, text=True, timeout=100,
                         check=False)
    results = dict((name, word == "ok") for word, name in
                   re.findall(r"^(ok|not ok) \d+ - (\w+)", run.stdout, re.MULTILINE))
    wrong = [f"{name} fails" for name, passed in results.items() if not passed and name not in known]
    wrong += [f"{name} is listed as failing ({reason}), but passes" for name, (what, reason)
              in known.items() if what == "fails" and results.get(name)]
    wrong += [f"{name} is listed, but there is no such test" for name, (what, _) in known.items()
              if what == "fails" and name not in results]
    if len(results) < 50:
        wrong.append(f"only {len(results)} tests were run")
    print(f"{len(results)} tests of Unicorn's, {sum(results.values())} pass", *wrong, sep="\n")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
