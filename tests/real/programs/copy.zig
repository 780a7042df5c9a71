// SPDX-License-Identifier: GPL-2.0-or-later
// Zig without libc: a hello, an allocator, and a copy of the file named first to the name second.
const std = @import("std");

pub fn main() !void {
    var gpa = std.heap.GeneralPurposeAllocator(.{}){};
    defer _ = gpa.deinit();
    const allocator = gpa.allocator();
    const out = std.io.getStdOut().writer();

    const args = try std.process.argsAlloc(allocator);
    defer std.process.argsFree(allocator, args);
    try out.print("hello from zig, {d} arguments\n", .{args.len});

    var map = std.StringHashMap(u32).init(allocator);
    defer map.deinit();
    for ([_][]const u8{ "a", "b", "a", "c", "a" }) |word| {
        const entry = try map.getOrPutValue(word, 0);
        entry.value_ptr.* += 1;
    }
    try out.print("a={d} b={d}\n", .{ map.get("a").?, map.get("b").? });

    try std.fs.cwd().copyFile(args[1], std.fs.cwd(), args[2], .{});
    const bytes = try std.fs.cwd().readFileAlloc(allocator, args[2], 1 << 24);
    defer allocator.free(bytes);
    var hash: [32]u8 = undefined;
    std.crypto.hash.sha2.Sha256.hash(bytes, &hash, .{});
    try out.print("{d} bytes {s}\n", .{ bytes.len, std.fmt.fmtSliceHexLower(&hash) });
    std.fs.cwd().access("no-such-file", .{}) catch |err| try out.print("{s}\n", .{@errorName(err)});
    std.process.exit(5);
}
