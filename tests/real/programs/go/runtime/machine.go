// SPDX-License-Identifier: GPL-2.0-or-later
package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

var sink uint64

//go:noinline
func burn(n int) {
	for i := 0; i < n; i++ {
		sink = sink*6364136223846793005 + 1442695040888963407
	}
}

// A CPU profile names the function that burns: SIGPROF comes, and finds it.
func profile() {
	for try := 0; try < 100; try++ {
		var packed bytes.Buffer
		check(pprof.StartCPUProfile(&packed))
		burn(100_000_000)
		pprof.StopCPUProfile()
		unpacked, err := gzip.NewReader(&packed)
		check(err)
		text, err := io.ReadAll(unpacked)
		check(err)
		if bytes.Contains(text, []byte("main.burn")) {
			fmt.Println("it was burn")
			break
		}
	}
	var text bytes.Buffer
	check(pprof.Lookup("goroutine").WriteTo(&text, 1))
	fmt.Println(strings.Contains(text.String(), "main.profile"))
}

type node struct {
	left, right *node
	value       int
}

func recovered(name string, f func()) {
	defer func() {
		err, isError := recover().(runtime.Error)
		fmt.Println(name, isError, err)
	}()
	f()
}

// Faults as panics: nil, division, index, types, a wild address; also in many goroutines at once, deep in a stack.
func faults() {
	var nothing *node
	var table map[string]int
	zero, ten := len(os.Args)-2, 10
	recovered("nil", func() { fmt.Println(nothing.value) })
	recovered("store", func() { nothing.left = &node{} })
	recovered("division", func() { fmt.Println(ten / zero) })
	recovered("remainder", func() { fmt.Println(ten % zero) })
	recovered("index", func() { fmt.Println([]int{1, 2}[ten]) })
	recovered("slice", func() { fmt.Println("text"[ten:]) })
	recovered("map", func() { table["x"] = 1 })
	recovered("type", func() { fmt.Println(any(ten).(string)) })
	recovered("call", func() { var f func(); f() })
	fmt.Println(-1<<63/(zero-1) == -1<<63)

	debug.SetPanicOnFault(true)
	recovered("wild", func() {
		var big *[1 << 40]byte
		fmt.Println(big[1<<39+ten])
	})

	var all sync.WaitGroup
	var caught int64
	for i := 0; i < 1000; i++ {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			defer func() {
				if recover() != nil {
					atomic.AddInt64(&caught, 1)
				}
			}()
			if i%2 == 0 {
				sink += uint64(nothing.value)
			} else {
				sink += uint64(i / zero)
			}
		}(i)
	}
	all.Wait()
	fmt.Println("caught", caught)
}

//go:noinline
func deep(n int) (sum int) {
	var pad [100]byte
	pad[n%100] = byte(n)
	if n == 0 {
		return 0
	}
	return deep(n-1) + int(pad[n%100])
}

// Stacks that grow to hundreds of megabytes, are copied, shrink; many at once; one that is too deep ends in a panic elsewhere.
func stacks() {
	fmt.Println(deep(300_000))
	results := make(chan int)
	for i := 0; i < 32; i++ {
		go func(i int) { results <- deep(1000 * i) }(i)
	}
	total := 0
	for i := 0; i < 32; i++ {
		total += <-results
	}
	fmt.Println(total)
	runtime.GC()
}

func tree(depth int) *node {
	if depth == 0 {
		return &node{value: 1}
	}
	return &node{tree(depth - 1), tree(depth - 1), depth}
}

func (n *node) sum() int {
	if n == nil {
		return 0
	}
	return n.value + n.left.sum() + n.right.sum()
}

// The collector under load from all sides: trees, strings, maps; finalizers; a memory limit; memory given back.
func collect() {
	debug.SetGCPercent(20)
	var all sync.WaitGroup
	sums := make([]int, 8)
	for i := range sums {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			long := tree(12)
			words := map[string][]byte{}
			for j := 0; j < 12; j++ {
				sums[i] += tree(11).sum()
				for k := 0; k < 300; k++ {
					words[fmt.Sprint(k)] = bytes.Repeat([]byte{byte(k)}, k*7)
				}
			}
			sums[i] += long.sum() + len(words["299"])
		}(i)
	}
	all.Wait()
	fmt.Println(sums)

	finalized := make(chan int, 100)
	for i := 0; i < 100; i++ {
		n := &node{value: i}
		runtime.SetFinalizer(n, func(n *node) { finalized <- n.value })
	}
	seen := 0
	for seen < 90 {
		runtime.GC()
		for len(finalized) > 0 {
			<-finalized
			seen++
		}
		runtime.Gosched()
	}
	debug.SetMemoryLimit(64 << 20)
	for i := 0; i < 50; i++ {
		block := make([]byte, 8<<20)
		block[i] = 1
		sink += uint64(block[0])
	}
	debug.FreeOSMemory()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	fmt.Println(stats.NumGC > 10, stats.HeapReleased > 0)
}

// Goroutines that never call anything are preempted: others run, the world is stopped.
func busy() {
	var stop int32
	var spins [8]uint64
	var all sync.WaitGroup
	for i := range spins {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			for atomic.LoadInt32(&stop) == 0 {
				spins[i]++
			}
		}(i)
	}
	for i := 0; i < 5; i++ {
		time.Sleep(time.Millisecond)
		runtime.GC()
	}
	for i := range spins {
		for atomic.LoadUint64(&spins[i]) == 0 {
			runtime.Gosched()
		}
	}
	atomic.StoreInt32(&stop, 1)
	all.Wait()
	fmt.Println("all had their turn")

	runtime.GOMAXPROCS(1)
	var flag bool
	go func() {
		for !flag {
		}
	}()
	time.Sleep(time.Millisecond)
	fmt.Println("not shut out")
}

// All goroutines asleep: the runtime says so, status 2.
func deadlock() {
	var lock sync.Mutex
	lock.Lock()
	lock.Lock()
}

// A fault nobody recovers: a trace on standard error, status 2.
func crash() {
	var nothing *node
	go func() { fmt.Println(nothing.value) }()
	select {}
}
