// SPDX-License-Identifier: GPL-2.0-or-later
// Go's runtime at work, a question a run: main NAME. What it prints is the same in every run, whatever order goroutines take.
package main

import (
	"fmt"
	"os"
	"runtime"
	"sort"
	"strings"
)

var questions = map[string]func(){
	"goroutines": goroutines, "channels": channels, "selects": selects, "timers": timers, "notify": notify,
	"exec": commands, "child": child, "profile": profile, "faults": faults, "stacks": stacks, "collect": collect,
	"threads": threads, "busy": busy, "net": pipes, "deadlock": deadlock, "crash": crash, "files": files,
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	if len(os.Args) < 2 || questions[os.Args[1]] == nil {
		names := []string{}
		for name := range questions {
			names = append(names, name)
		}
		sort.Strings(names)
		fmt.Println("usage: main", strings.Join(names, "|"))
		os.Exit(2)
	}
	fmt.Println(os.Args[1], runtime.GOMAXPROCS(0))
	questions[os.Args[1]]()
}
