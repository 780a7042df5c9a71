# SPDX-License-Identifier: GPL-2.0-or-later
"""Python's ways to do several things at once, a question a run: concurrent.py NAME. What it prints is the same in every run."""
import asyncio
import concurrent.futures
import contextvars
import multiprocessing
import multiprocessing.shared_memory
import os
import queue
import signal
import subprocess
import sys
import threading
import time


def threads():
    lock, total, local = threading.Lock(), [0], threading.local()

    def add(n):
        local.mine = n
        for _ in range(2000):
            with lock:
                total[0] += 1
        assert local.mine == n
    workers = [threading.Thread(target=add, args=(n,)) for n in range(16)]
    for w in workers:
        w.start()
    for w in workers:
        w.join()
    print(total, hasattr(local, "mine"))

    jobs, done = queue.Queue(maxsize=5), queue.Queue()

    def serve():
        while (job := jobs.get()) is not None:
            done.put(job * job)
    servers = [threading.Thread(target=serve, daemon=True) for _ in range(4)]
    for s in servers:
        s.start()
    for n in range(1000):
        jobs.put(n)
    for s in servers:
        jobs.put(None)
    for s in servers:
        s.join()
    print(sum(done.get() for _ in range(1000)), done.empty())

    barrier, condition, turn = threading.Barrier(5), threading.Condition(), [0]

    def in_turn(n):
        with condition:
            condition.wait_for(lambda: turn[0] == n)
            turn[0] += 1
            condition.notify_all()
        barrier.wait()
    for n in range(4):
        threading.Thread(target=in_turn, args=(n,)).start()
    barrier.wait()
    event = threading.Event()
    timer = threading.Timer(0.005, event.set)
    timer.start()
    print(turn, event.wait(60), threading.Semaphore(0).acquire(timeout=0.001), lock.acquire(timeout=1))
    timer.join()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        print(sum(pool.map(lambda n: n % 7, range(500))))
        failed = pool.submit(lambda: 1 // 0)
        print(repr(failed.exception()))
    threading.excepthook = lambda args: print("in a thread:", args.exc_value)
    broken = threading.Thread(target=lambda: [][1])
    broken.start()
    broken.join()


def commands():
    run = subprocess.run
    print(run(["sort", "-r"], input=b"b\nc\na\n", capture_output=True, check=True).stdout)
    print(subprocess.check_output("echo $A; cat /dev/null; (exit 3); echo $?", shell=True, env={"A": "b"}))
    print(run(["sh", "-c", "echo out; echo err >&2; kill -USR1 $$"], capture_output=True, text=True, check=False))
    first = subprocess.Popen(["cat", "text"], stdout=subprocess.PIPE)
    second = subprocess.Popen(["wc", "-c"], stdin=first.stdout, stdout=subprocess.PIPE)
    first.stdout.close()
    print(int(second.communicate()[0]) == os.path.getsize("text"), first.wait())
    both = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    print(len(both.communicate(b"x" * 1_000_000)[0]))
    for args, more in ((["sleep", "1000"], {"timeout": 0.02}), (["/no/such"], {}), (["false"], {"check": True}),
                       (["true"], {"cwd": "/no/such"})):
        try:
            run(args, **more)
        except (OSError, subprocess.SubprocessError) as error:
            print(type(error).__name__, error)
    hung = subprocess.Popen(["sleep", "1000"], start_new_session=True)
    os.killpg(hung.pid, signal.SIGTERM)
    print(hung.wait(), os.system("exit 6") >> 8)
    many = [subprocess.Popen(["sh", "-c", f"exit {n}"]) for n in range(20)]
    print([p.wait() for p in many])
    limited = run(["sh", "-c", "ulimit -n"], capture_output=True, check=True, umask=0o77,
                  preexec_fn=lambda: __import__("resource").setrlimit(7, (99, 99)))
    print(limited.stdout)
    r, w = os.pipe()
    print(run(["sh", "-c", f"echo through >&{w}"], pass_fds=[w], check=True).returncode, os.read(r, 100))


def square(n):
    return os.getpid() > 0 and n * n


def fill(name, conn, lock, counter):
    block = multiprocessing.shared_memory.SharedMemory(name)
    block.buf[:5] = b"child"
    block.close()
    for _ in range(500):
        with lock:
            counter.value += 1
    conn.send({"from": "child", "list": list(range(5))})
    conn.close()


def processes(method):
    ctx = multiprocessing.get_context(method)
    with ctx.Pool(3) as pool:
        print(sum(pool.map(square, range(300))), pool.apply_async(square, (7,)).get(60))
        try:
            pool.apply(divmod, (1, 0))
        except ZeroDivisionError as error:
            print(error)
    block = multiprocessing.shared_memory.SharedMemory(create=True, size=4096)
    ours, theirs = ctx.Pipe()
    lock, counter = ctx.Lock(), ctx.Value("i", 0)
    children = [ctx.Process(target=fill, args=(block.name, theirs, lock, counter)) for _ in range(2)]
    for child in children:
        child.start()
    print(ours.recv(), ours.recv()["from"])
    for child in children:
        child.join()
    print(bytes(block.buf[:5]), counter.value, [c.exitcode for c in children])
    block.close()
    block.unlink()
    with concurrent.futures.ProcessPoolExecutor(2, mp_context=ctx) as pool:
        print(list(pool.map(square, range(10))))
        dying = pool.submit(os._exit, 1)
        print(type(dying.exception(60)).__name__)
    results = ctx.Queue()
    child = ctx.Process(target=results.put, args=("x" * 200_000,))
    child.start()
    print(len(results.get(timeout=60)), child.join(), child.exitcode)
    stuck = ctx.Process(target=time.sleep, args=(1000,))
    stuck.start()
    stuck.terminate()
    stuck.join()
    print(stuck.exitcode)


async def coroutines():
    async def later(n):
        await asyncio.sleep(n / 1000)
        return n
    print(await asyncio.gather(*(later(n) for n in range(20))))
    loop, order = asyncio.get_running_loop(), []
    loop.call_later(0.03, order.append, "timer")
    loop.call_soon(order.append, "soon")
    loop.add_signal_handler(signal.SIGUSR1, order.append, "signal")
    os.kill(os.getpid(), signal.SIGUSR1)
    await asyncio.sleep(0.06)
    print(order)
    try:
        await asyncio.wait_for(asyncio.Event().wait(), 0.002)
    except asyncio.TimeoutError:
        print("timeout")
    print(await asyncio.to_thread(sum, range(100)), await loop.run_in_executor(None, pow, 2, 100))
    r, w = os.pipe()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(r, "rb"))
    transport, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, os.fdopen(w, "wb"))
    transport.write(b"line\n" * 50_000)
    transport.close()
    print(len(await reader.read()))
    process = await asyncio.create_subprocess_exec("tr", "a-z", "A-Z", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    print(await process.communicate(b"asynchronous"), process.returncode)
    sleeper = await asyncio.create_subprocess_shell("sleep 1000")
    sleeper.kill()
    print(await sleeper.wait())
    pending = asyncio.create_task(asyncio.sleep(1000))
    await asyncio.sleep(0)
    pending.cancel()
    print((await asyncio.gather(pending, return_exceptions=True))[0].__class__.__name__)
    name = contextvars.ContextVar("name", default="outside")
    inside = contextvars.copy_context()
    inside.run(name.set, "inside")
    print(name.get(), inside[name])


def signals():
    got = []
    signal.signal(signal.SIGALRM, lambda s, _: got.append(signal.Signals(s).name))
    signal.setitimer(signal.ITIMER_REAL, 0.003, 0.001)
    while len(got) < 5:
        signal.pause()
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGVTALRM, lambda s, _: got.append("virtual"))
    signal.setitimer(signal.ITIMER_VIRTUAL, 0.01)
    while "virtual" not in got:
        pass
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(1000)
    except KeyboardInterrupt:
        print("interrupted", sorted(set(got)))
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
    os.kill(os.getpid(), signal.SIGUSR1)
    print(signal.sigpending(), signal.sigwaitinfo([signal.SIGUSR1]).si_code, signal.sigtimedwait([signal.SIGUSR2], 0.001))
    r, w = os.pipe()
    os.set_blocking(w, False)
    signal.set_wakeup_fd(w)
    signal.raise_signal(signal.SIGALRM)
    print(os.read(r, 10) == bytes([signal.SIGALRM]))
    pid = os.fork()
    if pid == 0:
        os.abort()
    print(os.WTERMSIG(os.waitpid(pid, 0)[1]))
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    question, *arguments = sys.argv[1:]
    result = {"threads": threads, "commands": commands, "processes": processes, "signals": signals,
              "coroutines": coroutines}[question](*arguments)
    if question == "coroutines":
        asyncio.run(result)
