# SPDX-License-Identifier: GPL-2.0-or-later
"""Go, Rust, Zig, esbuild, Node and Python with many threads and processes: programs of ours for what their runtimes do, and programs of
others on real input. Static ones have nothing of the host but their folder; Node and Python are dynamically linked: --host."""


def toolchain(name, command, **more):
    Case(name, command, labels=("toolchain",), **more)


# Debian's Go and the machine's own (the same where there is no other). Traces of a crash name threads and registers.
for go in ("debian", "machine"):
    procs = {"GOMAXPROCS": "4"}
    for question in ("goroutines", "channels", "selects", "timers", "net", "notify", "exec", "files", "threads",
                     "profile", "faults", "stacks", "collect", "busy", "deadlock", "crash"):
        toolchain(f"go-{go}/{question}", "{bin}/" + f"{go}-go-runtime {question}", env=procs,
                  stderr=question not in ("deadlock", "crash"))
    toolchain(f"go-{go}/one-processor", "{bin}/" + f"{go}-go-runtime busy", env={"GOMAXPROCS": "1"})
    toolchain(f"go-{go}/race-of-many", "{bin}/" + f"{go}-go-runtime goroutines", env={"GOMAXPROCS": "64"})
    toolchain(f"go-{go}/markdown", "{bin}/" + f"{go}-go-markdown README.md docs/architecture.md docs/syscalls.md "
              "docs/conventions.md docs/adding-a-syscall.md none.md", inputs="project", env=procs)
    toolchain(f"go-{go}/shfmt", "{bin}/" + f"{go}-go-shfmt -d -i 2 -ci tools real", inputs="project", env=procs)
    toolchain(f"go-{go}/shfmt-write", "{bin}/" + f"{go}-go-shfmt -w -s -i 8 tools", inputs="project", env=procs)
    toolchain(f"go-{go}/misspell", "{bin}/" + f"{go}-go-misspell -locale US -j 1 -error README.md docs",
              inputs="project", env=procs)
    toolchain(f"go-{go}/bad-script", "{bin}/" + f"{go}-go-shfmt", stdin="if true; then echo 'x; fi\n", env=procs)

toolchain("rust/threads", "{bin}/rust-threads", stderr=False, inputs="nothing")
toolchain("rust/rayon", "{bin}/rust-parallel 1000000", env={"RAYON_NUM_THREADS": "4"}, stderr=False, inputs="nothing")
toolchain("rust/rayon-one", "{bin}/rust-parallel 200000", env={"RAYON_NUM_THREADS": "1"}, stderr=False, inputs="nothing")
Case("rust/rayon-ten-million", "{bin}/rust-parallel 10000000", env={"RAYON_NUM_THREADS": "4"}, stderr=False,
     inputs="nothing", labels=("toolchain", "large"))
for rg in ("rg", "rg-glibc"):
    for name, command in (("tree", "-n --no-heading \"long (sys|file)_[a-z]+\\(\" src syscall_table"),
                          ("files", "--files -g \"*.[ch]\" ."), ("count", "-c -i struct ."),
                          ("context", "--no-heading -n -C2 -w BLOCKED src"), ("none", "there-is-no-such-word src tools"),
                          ("multiline", "-U --no-heading \"static long \\w+\\([^)]*\\)\\n\\{\\n\" src")):
        # Threads finish in any order: the lines are compared sorted.
        toolchain(f"{rg}/{name}", "sh -c {script} {bin}/" + rg, inputs="project", host=True,
                  script="\"$0\" -j4 --no-config " + command + " > found; s=$?; sort found; rm found; exit $s")

toolchain("zig/threads", "{bin}/threads-zig", inputs="nothing")
toolchain("zig/segfault", "{bin}/segfault-zig", inputs="nothing", stderr=False)

toolchain("esbuild/bundle", "{bin}/esbuild bundle/src/main.tsx bundle/src/pages/about.ts --bundle --splitting --format=esm --minify "
          "--sourcemap --outdir=out --loader:.svg=dataurl --platform=node --metafile=out/meta.json --log-level=warning "
          "--entry-names=[dir]/[name]-[hash] --tsconfig=bundle/tsconfig.json", inputs="bundle", env={"GOMAXPROCS": "4"})
toolchain("esbuild/errors", "{bin}/esbuild bundle/src/broken.ts --bundle", inputs="bundle", env={"GOMAXPROCS": "4"})
toolchain("esbuild/stdin", "{bin}/esbuild --loader=tsx --target=es2018 --minify-syntax", inputs="bundle",
          stdin="const f = async <T,>(x: T) => (await x)?.y ?? <b a={1}>text</b>; enum E { A = 1 << 3 }\nexport { f, E }\n")
# All of npm, some hundred thousand lines, in one file.
toolchain("esbuild/npm", "{bin}/esbuild {bin}/npm/lib/cli.js --bundle --platform=node --minify --outfile=npm.js --log-level=error "
          "--external:node-gyp", inputs="nothing", host=True, env={"GOMAXPROCS": "4"})

for question in ("promises", "timers", "workers", "children", "fs", "compute"):
    toolchain("node/" + question, "{bin}/node {programs}/node.js " + question, host=True)
toolchain("node/error", "{bin}/node -e \"null.x\"", host=True, stderr=False)

for question in ("threads", "commands", "signals", "coroutines", "processes fork", "processes spawn"):
    toolchain("python/" + question.replace(" ", "-"), "/usr/bin/python3 {programs}/concurrent.py " + question, host=True,
              env={"PYTHONDONTWRITEBYTECODE": "1"})
for question in ("database", "hashes", "texts", "archives"):
    toolchain("python/" + question, "/usr/bin/python3 {programs}/library.py " + question, host=True)
toolchain("python/pip", "/usr/bin/python3 -m pip --version", host=True)
