// SPDX-License-Identifier: GPL-2.0-or-later
// Zig without libc: std.Thread (which clones naked), its locks and pool; a signal handler on its own stack; fork and exec; a clone by hand.
const std = @import("std");
const linux = std.os.linux;
const posix = std.posix;

const Shared = struct {
    lock: std.Thread.Mutex = .{},
    ready: std.Thread.Condition = .{},
    turn: u32 = 0,
    sum: u64 = 0,
    counter: std.atomic.Value(u64) = std.atomic.Value(u64).init(0),
};
threadlocal var local: u32 = 5;

fn takeTurn(shared: *Shared, number: u32) void {
    for (0..1000) |_| _ = shared.counter.fetchAdd(1, .monotonic);
    local += number;
    shared.lock.lock();
    defer shared.lock.unlock();
    while (shared.turn != number) shared.ready.wait(&shared.lock);
    shared.turn += 1;
    shared.sum += local;
    shared.ready.broadcast();
}

fn threads(out: anytype) !void {
    var shared = Shared{};
    var all: [24]std.Thread = undefined;
    for (&all, 0..) |*thread, i|
        thread.* = try std.Thread.spawn(.{ .stack_size = 256 << 10 }, takeTurn, .{ &shared, @as(u32, @intCast(i)) });
    for (all) |thread| thread.join();
    try out.print("{d} {d} {d} {d}\n", .{ shared.turn, shared.sum, shared.counter.load(.seq_cst), local });

    var event = std.Thread.ResetEvent{};
    try out.print("{any}\n", .{event.timedWait(1_000_000)});
    const waker = try std.Thread.spawn(.{}, std.Thread.ResetEvent.set, .{&event});
    event.wait();
    waker.detach();

    var gpa = std.heap.GeneralPurposeAllocator(.{ .thread_safe = true }){};
    var pool: std.Thread.Pool = undefined;
    try pool.init(.{ .allocator = gpa.allocator(), .n_jobs = 4 });
    var group = std.Thread.WaitGroup{};
    var done = std.atomic.Value(u64).init(0);
    for (0..200) |i| pool.spawnWg(&group, square, .{ &done, i });
    pool.waitAndWork(&group);
    pool.deinit();
    try out.print("{d} {any}\n", .{ done.load(.seq_cst), gpa.deinit() });
}

fn square(sum: *std.atomic.Value(u64), n: u64) void {
    _ = sum.fetchAdd(n * n, .seq_cst);
}

var handled = std.atomic.Value(u32).init(0);
var on_stack: bool = false;
var alternate: [64 << 10]u8 align(16) = undefined;

fn handler(number: i32, info: *const posix.siginfo_t, _: ?*anyopaque) callconv(.C) void {
    const here = @intFromPtr(&number);
    on_stack = here > @intFromPtr(&alternate) and here < @intFromPtr(&alternate) + alternate.len;
    _ = handled.fetchAdd(if (info.signo == number) 1 else 1000, .seq_cst);
}

fn signals(out: anytype) !void {
    var stack = linux.stack_t{ .sp = &alternate, .flags = 0, .size = alternate.len };
    try posix.sigaltstack(&stack, null);
    const action = posix.Sigaction{
        .handler = .{ .sigaction = handler },
        .mask = posix.empty_sigset,
        .flags = posix.SA.SIGINFO | posix.SA.ONSTACK | posix.SA.RESTART,
    };
    try posix.sigaction(posix.SIG.USR1, &action, null);
    try posix.raise(posix.SIG.USR1);
    try out.print("{d} {any}\n", .{ handled.load(.seq_cst), on_stack });
    const other = try std.Thread.spawn(.{}, raiseMany, .{});
    other.join();
    try posix.kill(linux.getpid(), posix.SIG.USR1);
    var set = posix.empty_sigset;
    linux.sigaddset(&set, posix.SIG.USR1);
    posix.sigprocmask(posix.SIG.BLOCK, &set, null);
    try posix.raise(posix.SIG.USR1);
    const before = handled.load(.seq_cst);
    posix.sigprocmask(posix.SIG.UNBLOCK, &set, null);
    try out.print("{d} {d} {any}\n", .{ before, handled.load(.seq_cst), on_stack });
}

fn raiseMany() void {
    for (0..100) |_| posix.raise(posix.SIG.USR1) catch unreachable;
}

// By hand: the child has the caller's memory and a stack of its own, and returns from the function it was given with 0.
var child_stack: [64 << 10]u8 align(16) = undefined;
var child_said: u32 = 0;
var child_tid: i32 = 1;
var parent_tid: i32 = 0;

fn cloned(arg: usize) callconv(.C) u8 {
    child_said = @intCast(arg * 2);
    return 42;
}

fn byHand(out: anytype) !void {
    const flags = linux.CLONE.VM | linux.CLONE.FS | linux.CLONE.FILES | linux.CLONE.PARENT_SETTID |
        linux.CLONE.CHILD_CLEARTID | linux.SIG.CHLD;
    const top = @intFromPtr(&child_stack) + child_stack.len;
    const pid = linux.clone(cloned, top, flags, 21, &parent_tid, 0, &child_tid);
    const end = posix.waitpid(@intCast(pid), 0);
    try out.print("{any} {d} {d} {d} {any}\n", .{
        end.pid == pid and parent_tid == end.pid, child_said, child_tid, posix.W.EXITSTATUS(end.status), posix.W.IFEXITED(end.status),
    });

    const pipe = try posix.pipe();
    const forked = try posix.fork();
    if (forked == 0) {
        _ = try posix.write(pipe[1], "from the fork");
        posix.abort();
    }
    posix.close(pipe[1]);
    var text: [100]u8 = undefined;
    const length = try posix.read(pipe[0], &text);
    const killed = posix.waitpid(forked, 0);
    try out.print("{s} {d}\n", .{ text[0..length], posix.W.TERMSIG(killed.status) });
}

fn processes(out: anytype, me: []const u8) !void {
    const allocator = std.heap.page_allocator;
    const result = try std.process.Child.run(.{ .allocator = allocator, .argv = &.{ me, "child" } });
    try out.print("{s}{s}{any}\n", .{ result.stdout, result.stderr, result.term });
    try out.print("{any}\n", .{std.process.Child.run(.{ .allocator = allocator, .argv = &.{"/no/such"} })});
}

pub fn main() !void {
    const out = std.io.getStdOut().writer();
    const args = try std.process.argsAlloc(std.heap.page_allocator);
    if (args.len > 1) {
        try out.print("the child\n", .{});
        try std.io.getStdErr().writer().print("its other stream\n", .{});
        std.process.exit(3);
    }
    try threads(out);
    try signals(out);
    try byHand(out);
    try processes(out, "/proc/self/exe");
}
