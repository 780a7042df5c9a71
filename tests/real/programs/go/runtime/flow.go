// SPDX-License-Identifier: GPL-2.0-or-later
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// Ten thousand goroutines, a mutex, a counter, a condition variable, Once, a read-write lock, a pool.
func goroutines() {
	var all sync.WaitGroup
	var lock sync.Mutex
	var once sync.Once
	var atomically int64
	sum, onces := 0, 0
	for i := 0; i < 10000; i++ {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			once.Do(func() { onces++ })
			atomic.AddInt64(&atomically, int64(i))
			runtime.Gosched()
			lock.Lock()
			sum += i
			lock.Unlock()
		}(i)
	}
	all.Wait()
	fmt.Println(sum, atomically, onces)

	ready := sync.NewCond(&lock)
	turn := 0
	for i := 0; i < 50; i++ {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			lock.Lock()
			for turn != i {
				ready.Wait()
			}
			turn++
			ready.Broadcast()
			lock.Unlock()
		}(i)
	}
	all.Wait()
	fmt.Println("turns", turn)

	var table sync.Map
	var guard sync.RWMutex
	values := map[int]int{}
	for i := 0; i < 200; i++ {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			table.Store(i%20, i)
			if i%4 == 0 {
				guard.Lock()
				values[i]++
				guard.Unlock()
			} else {
				guard.RLock()
				_ = values[i]
				guard.RUnlock()
			}
		}(i)
	}
	all.Wait()
	kept := 0
	table.Range(func(_, _ any) bool { kept++; return true })
	fmt.Println(len(values), kept)
}

// Primes by a chain of goroutines; a farm of workers; a ring that a token goes around; closed channels.
func channels() {
	generate := func() chan int {
		out := make(chan int)
		go func() {
			for i := 2; ; i++ {
				out <- i
			}
		}()
		return out
	}
	filter := func(in chan int, prime int) chan int {
		out := make(chan int)
		go func() {
			for i := range in {
				if i%prime != 0 {
					out <- i
				}
			}
		}()
		return out
	}
	numbers := generate()
	for i := 0; i < 60; i++ {
		prime := <-numbers
		if i > 55 {
			fmt.Println(prime)
		}
		numbers = filter(numbers, prime)
	}

	work, results := make(chan int, 16), make(chan int, 4)
	var workers sync.WaitGroup
	for i := 0; i < 8; i++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for n := range work {
				results <- n * n
			}
		}()
	}
	go func() {
		for i := 0; i < 5000; i++ {
			work <- i
		}
		close(work)
		workers.Wait()
		close(results)
	}()
	total := 0
	for r := range results {
		total += r
	}
	fmt.Println(total)

	const links = 500
	first := make(chan int)
	in := first
	for i := 0; i < links; i++ {
		out := make(chan int)
		go func(in, out chan int) {
			for n := range in {
				out <- n + 1
			}
			close(out)
		}(in, out)
		in = out
	}
	go func() {
		for i := 0; i < 20; i++ {
			first <- i
		}
		close(first)
	}()
	total = 0
	for n := range in {
		total += n
	}
	fmt.Println(total)
	value, open := <-in
	fmt.Println(value, open, len(work), cap(work))
}

// select: ready, default, timeout, closed, nil channels; a context cancelled and one whose time is up.
func selects() {
	a, b, done := make(chan int), make(chan string), make(chan struct{})
	go func() {
		for i := 0; i < 1000; i++ {
			a <- i
		}
		close(done)
	}()
	go func() {
		for {
			select {
			case b <- "x":
			case <-done:
				return
			}
		}
	}()
	as := 0
	for open := true; open; {
		select {
		case <-a:
			as++
		case <-b:
		case <-done:
			open = false
		}
	}
	fmt.Println(as)

	var never chan int
	select {
	case <-never:
		fmt.Println("never")
	case <-time.After(5 * time.Millisecond):
		fmt.Println("time")
	}
	select {
	case never <- 1:
		fmt.Println("never")
	default:
		fmt.Println("default")
	}

	ctx, cancel := context.WithCancel(context.Background())
	inner, cancelInner := context.WithTimeout(ctx, time.Hour)
	defer cancelInner()
	cancel()
	<-inner.Done()
	fmt.Println(inner.Err())
	late, cancelLate := context.WithDeadline(context.Background(), time.Now().Add(3*time.Millisecond))
	defer cancelLate()
	<-late.Done()
	fmt.Println(errors.Is(late.Err(), context.DeadlineExceeded))
}

// Timers: order of expiry, stopped, reset, AfterFunc; tickers; many at once. How long is nobody's question here.
func timers() {
	order := make(chan int, 3)
	start := time.Now()
	for _, i := range []int{3, 1, 2} {
		i := i
		time.AfterFunc(time.Duration(i)*60*time.Millisecond, func() { order <- i })
	}
	fmt.Println(<-order, <-order, <-order, time.Since(start) >= 180*time.Millisecond)

	timer := time.NewTimer(time.Hour)
	fmt.Println(timer.Stop(), timer.Stop(), timer.Reset(time.Millisecond))
	<-timer.C

	ticker := time.NewTicker(2 * time.Millisecond)
	last := time.Time{}
	forward := true
	for i := 0; i < 20; i++ {
		now := <-ticker.C
		forward = forward && now.After(last)
		last = now
	}
	ticker.Reset(time.Millisecond)
	<-ticker.C
	ticker.Stop()
	fmt.Println(forward)

	var all sync.WaitGroup
	for i := 0; i < 2000; i++ {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			time.Sleep(time.Duration(i%17) * time.Millisecond / 2)
		}(i)
	}
	all.Wait()
	fmt.Println("slept")
}

// Deadlines of the network poller, on pipes.
func pipes() {
	r, w, err := os.Pipe()
	check(err)
	check(r.SetReadDeadline(time.Now().Add(5 * time.Millisecond)))
	_, err = r.Read(make([]byte, 1))
	fmt.Println(errors.Is(err, os.ErrDeadlineExceeded), err)
	check(r.SetReadDeadline(time.Time{}))

	go func() {
		for i := 0; i < 300; i++ {
			_, err := w.Write(make([]byte, 3001))
			check(err)
		}
		w.Close()
	}()
	n, err := io.Copy(io.Discard, r)
	fmt.Println(n, err)

	// Who reads is woken when another closes.
	r, w, err = os.Pipe()
	check(err)
	defer w.Close()
	ended := make(chan error)
	go func() {
		_, err := r.Read(make([]byte, 1))
		ended <- err
	}()
	runtime.Gosched()
	r.Close()
	fmt.Println(errors.Is(<-ended, os.ErrClosed))
}
