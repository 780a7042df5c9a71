// SPDX-License-Identifier: GPL-2.0-or-later
// What Zig's own SIGSEGV handler says when a thread touches address 8: the address, on standard error, then it aborts.
const std = @import("std");

fn touch(place: *volatile usize) void {
    const value: *volatile u32 = @ptrFromInt(place.*);
    value.* = 1;
}

pub fn main() !void {
    var place: usize = 8;
    const thread = try std.Thread.spawn(.{}, touch, .{&place});
    thread.join();
}
