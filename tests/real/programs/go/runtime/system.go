// SPDX-License-Identifier: GPL-2.0-or-later
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

// signal.Notify: from oneself, from a child, ignored, reset, NotifyContext; a hundred of the same; while goroutines compute.
func notify() {
	c := make(chan os.Signal, 100)
	signal.Notify(c, syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGCHLD)
	for _, s := range []syscall.Signal{syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGUSR1} {
		check(syscall.Kill(os.Getpid(), s))
		fmt.Println(<-c)
	}
	program, err := os.Executable()
	check(err)
	cmd := exec.Command(program, "child", "signal", fmt.Sprint(os.Getpid()))
	check(cmd.Run())
	got := map[os.Signal]bool{}
	for len(got) < 2 {
		got[<-c] = true
	}
	fmt.Println(got[syscall.SIGUSR2], got[syscall.SIGCHLD])

	signal.Reset(syscall.SIGCHLD)
	signal.Ignore(syscall.SIGUSR2)
	fmt.Println(signal.Ignored(syscall.SIGUSR2), signal.Ignored(syscall.SIGUSR1))
	check(syscall.Kill(os.Getpid(), syscall.SIGUSR2))
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	check(syscall.Kill(os.Getpid(), syscall.SIGTERM))
	<-ctx.Done()
	stop()
	fmt.Println(ctx.Err(), len(c))

	end := make(chan struct{})
	for i := 0; i < runtime.GOMAXPROCS(0); i++ {
		go func() {
			for {
				select {
				case <-end:
					return
				default:
				}
			}
		}()
	}
	for i := 0; i < 100; i++ {
		check(syscall.Kill(os.Getpid(), syscall.SIGUSR1))
		<-c
	}
	close(end)
	fmt.Println("a hundred")
	signal.Stop(c)
	signal.Reset()
	check(syscall.Kill(os.Getpid(), syscall.SIGTERM))
	select {}
}

// What commands' children do: child WHAT...
func child() {
	switch os.Args[2] {
	case "signal":
		var parent int
		fmt.Sscan(os.Args[3], &parent)
		check(syscall.Kill(parent, syscall.SIGUSR2))
	case "upper":
		text, err := io.ReadAll(os.Stdin)
		check(err)
		os.Stdout.WriteString(strings.ToUpper(string(text)))
	case "exit":
		fmt.Fprintln(os.Stderr, "to standard error")
		os.Exit(7)
	case "hang":
		select {}
	case "sleep":
		time.Sleep(time.Hour)
	case "environment":
		wd, _ := os.Getwd()
		fmt.Println(os.Getenv("COLOUR"), filepath.Base(wd))
		extra, err := io.ReadAll(os.NewFile(3, "extra"))
		fmt.Println(string(extra), err)
	}
}

// os/exec: output, a pipeline of three, exit status, standard error, killed, a context's end, environment, folder, further files.
func commands() {
	program, err := os.Executable()
	check(err)
	self := func(args ...string) *exec.Cmd { return exec.Command(program, append([]string{"child"}, args...)...) }

	upper := self("upper")
	upper.Stdin = strings.NewReader(strings.Repeat("words and ", 20000))
	out, err := upper.Output()
	fmt.Println(len(out), string(out[9:20]), err)

	first, second, third := self("upper"), self("upper"), self("upper")
	in, err := first.StdinPipe()
	check(err)
	second.Stdin, err = first.StdoutPipe()
	check(err)
	third.Stdin, err = second.StdoutPipe()
	check(err)
	var end bytes.Buffer
	third.Stdout = &end
	for _, cmd := range []*exec.Cmd{third, second, first} {
		check(cmd.Start())
	}
	_, err = io.WriteString(in, "through three")
	check(err)
	in.Close()
	for _, cmd := range []*exec.Cmd{first, second, third} {
		check(cmd.Wait())
	}
	fmt.Printf("%q\n", end.String())

	_, err = self("exit").Output()
	var exit *exec.ExitError
	fmt.Println(errors.As(err, &exit), exit.ExitCode(), string(exit.Stderr))

	killed := self("hang")
	check(killed.Start())
	check(killed.Process.Kill())
	fmt.Println(killed.Wait())
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	fmt.Println(exec.CommandContext(ctx, program, "child", "sleep").Run(), ctx.Err())
	_, err = exec.Command("/no/such/program").Output()
	fmt.Println(err)

	r, w, err := os.Pipe()
	check(err)
	_, err = w.WriteString("by descriptor three")
	check(err)
	w.Close()
	env := self("environment")
	env.Env, env.Dir, env.ExtraFiles = append(os.Environ(), "COLOUR=red"), "dir", []*os.File{r}
	out, err = env.CombinedOutput()
	fmt.Println(string(out), err)

	var all sync.WaitGroup
	failed := make(chan error, 20)
	for i := 0; i < 20; i++ {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			cmd := self("upper")
			cmd.Stdin = strings.NewReader(fmt.Sprint("number ", i))
			out, err := cmd.Output()
			if err != nil || !strings.HasSuffix(string(out), fmt.Sprint("NUMBER ", i)) {
				failed <- fmt.Errorf("%d: %q %v", i, out, err)
			}
		}(i)
	}
	all.Wait()
	fmt.Println("failed", len(failed))
}

// A tree walked, and written by many goroutines.
func files() {
	count, bytes := 0, int64(0)
	check(filepath.WalkDir(".", func(_ string, entry fs.DirEntry, err error) error {
		info, infoErr := entry.Info()
		if err != nil || infoErr != nil || !info.Mode().IsRegular() {
			return err
		}
		count++
		bytes += info.Size()
		return nil
	}))
	fmt.Println(count, bytes)
	var all sync.WaitGroup
	for i := 0; i < 40; i++ {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			name := filepath.Join("made", fmt.Sprint(i%7), fmt.Sprint(i))
			check(os.MkdirAll(filepath.Dir(name), 0o755))
			check(os.WriteFile(name, []byte(strings.Repeat(name, i)), 0o600))
			check(os.Rename(name, name+".txt"))
			if i%5 == 0 {
				check(os.Remove(name + ".txt"))
			}
		}(i)
	}
	all.Wait()
	_, err := os.ReadFile("made/none")
	fmt.Println(err, errors.Is(err, fs.ErrNotExist))
	check(os.RemoveAll("made/3"))
}

// syscall.AllThreadsSyscall: every thread gets the call, those that wait too.
func threads() {
	var all sync.WaitGroup
	held := make(chan struct{})
	for i := 0; i < 6; i++ {
		all.Add(1)
		ready := make(chan struct{})
		go func() {
			defer all.Done()
			runtime.LockOSThread()
			close(ready)
			<-held
			keep, _, errno := syscall.RawSyscall6(syscall.SYS_PRCTL, 7 /* PR_GET_KEEPCAPS */, 0, 0, 0, 0, 0)
			if keep != 1 || errno != 0 {
				fmt.Println("not on this thread:", keep, errno)
			}
		}()
		<-ready
	}
	_, _, errno := syscall.AllThreadsSyscall(syscall.SYS_PRCTL, 8 /* PR_SET_KEEPCAPS */, 1, 0)
	close(held)
	all.Wait()
	fmt.Println(errno)
	_, _, errno = syscall.AllThreadsSyscall(syscall.SYS_PRCTL, 1000, 0, 0)
	fmt.Println(errno)
}
