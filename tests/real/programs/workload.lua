-- SPDX-License-Identifier: GPL-2.0-or-later
-- A workload for Lua: tables, closures, coroutines, patterns, the garbage collector, files, errors.
local primes = {}
for i = 2, 20000 do
    local prime = true
    for j = 1, #primes do
        if primes[j] * primes[j] > i then break end
        if i % primes[j] == 0 then prime = false break end
    end
    if prime then primes[#primes + 1] = i end
end
print(#primes, primes[#primes])

local words = {}
for word in ("the quick brown fox jumps over the lazy dog the end"):gmatch("%a+") do
    words[word] = (words[word] or 0) + 1
end
local names = {}
for word in pairs(words) do names[#names + 1] = word end
table.sort(names)
for _, word in ipairs(names) do io.write(word, "=", words[word], " ") end
print()

local producer = coroutine.wrap(function()
    for i = 1, 5 do coroutine.yield(i * i) end
end)
for value in producer do io.write(value, " ") end
print()

print(string.format("%5.2f %x %q %s", math.pi, 255, "a\nb", tostring(1e15)))
print(("x"):rep(10), ("hello"):upper():reverse(), ("key=val"):match("(%w+)=(%w+)"))
print(pcall(error, { code = 1 }) == false, select("#", 1, nil, 3), 7 // 2, 7.5 % 2, 1 << 40)
print(pcall(function() local t = nil; return t.x end))

local kept = {}
for i = 1, 200000 do
    local t = { i, tostring(i) }
    if i % 1000 == 0 then kept[#kept + 1] = t end
end
collectgarbage()
print(#kept, collectgarbage("count") < 20000)

local file = assert(io.open("lua.out", "w"))
for i = 1, 2000 do file:write(i, "\n") end
file:close()
local sum = 0
for line in io.lines("lua.out") do sum = sum + tonumber(line) end
print(sum, io.open("no-such-file"))
print(os.rename("lua.out", "lua.moved"), os.remove("lua.moved"), os.remove("lua.moved"))

local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end
print(fib(24))
os.exit(7)
