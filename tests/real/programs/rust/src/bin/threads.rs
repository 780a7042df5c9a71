// SPDX-License-Identifier: GPL-2.0-or-later
// Rust's threads and processes: spawn, scope, mpsc, park, locks, barriers, thread locals, panics caught, Command and its pipes.
use std::cell::Cell;
use std::io::{Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{mpsc, Arc, Barrier, Condvar, Mutex, Once, RwLock};
use std::thread;
use std::time::Duration;

thread_local!(static LOCAL: Cell<usize> = Cell::new(7));

fn spawned() {
    let total = Arc::new(Mutex::new(0u64));
    let handles: Vec<_> = (0..64u64)
        .map(|i| {
            let total = Arc::clone(&total);
            thread::Builder::new()
                .name(format!("number-{i}"))
                .stack_size(256 << 10)
                .spawn(move || {
                    for _ in 0..100 {
                        *total.lock().unwrap() += i;
                    }
                    LOCAL.with(|l| l.set(l.get() + i as usize));
                    (thread::current().name().map(str::len), LOCAL.with(Cell::get))
                })
                .unwrap()
        })
        .collect();
    let ends: Vec<_> = handles.into_iter().map(|h| h.join().unwrap()).collect();
    println!("{} {:?} {:?} {}", total.lock().unwrap(), ends[0], ends[63], LOCAL.with(Cell::get));
}

fn scoped() {
    let mut numbers: Vec<u64> = (0..100_000).collect();
    thread::scope(|s| {
        for part in numbers.chunks_mut(10_000) {
            s.spawn(move || part.iter_mut().for_each(|n| *n = n.wrapping_mul(*n)));
        }
    });
    let (front, back) = numbers.split_at(50_000);
    let sums = thread::scope(|s| {
        let a = s.spawn(|| front.iter().sum::<u64>());
        let b = s.spawn(|| back.iter().sum::<u64>());
        (a.join().unwrap(), b.join().unwrap())
    });
    println!("{sums:?}");
}

fn channels() {
    let (send, receive) = mpsc::channel();
    for i in 0..10u32 {
        let send = send.clone();
        thread::spawn(move || (0..500).for_each(|n| send.send(i * 1000 + n).unwrap()));
    }
    drop(send);
    let mut got: Vec<u32> = receive.iter().collect();
    got.sort_unstable();
    println!("{} {:?}", got.len(), got.iter().map(|&n| u64::from(n)).sum::<u64>());

    let (send, receive) = mpsc::sync_channel(2);
    let sender = thread::spawn(move || (0..1000).take_while(|n| send.send(*n).is_ok()).count());
    println!("{:?}", receive.iter().take(500).sum::<i32>());
    drop(receive);
    println!("{}", sender.join().unwrap() < 1000);
    let (keep, receive) = mpsc::channel::<()>();
    println!("{:?} {:?}", receive.recv_timeout(Duration::from_millis(2)), receive.try_recv());
    drop(keep);
    println!("{:?}", receive.recv());
}

fn waiting() {
    let flag = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&flag);
    let parked = thread::spawn(move || {
        while !seen.load(Ordering::Acquire) {
            thread::park();
        }
        thread::park_timeout(Duration::from_millis(1));
        "unparked"
    });
    flag.store(true, Ordering::Release);
    parked.thread().unpark();
    println!("{}", parked.join().unwrap());

    let pair = Arc::new((Mutex::new(0), Condvar::new()));
    let barrier = Arc::new(Barrier::new(9));
    let leaders = Arc::new(AtomicUsize::new(0));
    let lock = Arc::new(RwLock::new(Vec::new()));
    static ONCE: Once = Once::new();
    for i in 0..8 {
        let (pair, barrier, leaders, lock) =
            (Arc::clone(&pair), Arc::clone(&barrier), Arc::clone(&leaders), Arc::clone(&lock));
        thread::spawn(move || {
            ONCE.call_once(|| println!("once"));
            let mut turn = pair.0.lock().unwrap();
            while *turn != i {
                turn = pair.1.wait(turn).unwrap();
            }
            *turn += 1;
            pair.1.notify_all();
            drop(turn);
            let _ = lock.read().unwrap().len();
            lock.write().unwrap().push(i);
            if barrier.wait().is_leader() {
                leaders.fetch_add(1, Ordering::SeqCst);
            }
            barrier.wait();
        });
    }
    let one = usize::from(barrier.wait().is_leader());
    barrier.wait();
    let mut order = lock.read().unwrap().clone();
    order.sort_unstable();
    println!("{} {order:?}", one + leaders.load(Ordering::SeqCst));
}

fn panics() {
    std::panic::set_hook(Box::new(|_| ()));
    let lock = Arc::new(Mutex::new(1));
    let held = Arc::clone(&lock);
    let end = thread::spawn(move || {
        let _guard = held.lock().unwrap();
        panic!("while it is held");
    })
    .join();
    println!("{:?} {}", end.unwrap_err().downcast_ref::<&str>(), lock.is_poisoned());
    let caught: usize = (0..50)
        .map(|i| thread::spawn(move || [1, 2, 3][i % 6]))
        .map(|h| usize::from(h.join().is_err()))
        .sum();
    println!("{caught}");
    let deep = std::panic::catch_unwind(|| {
        fn down(n: u32) -> u32 {
            if n == 0 { panic!("at the bottom") } else { down(n - 1) + 1 }
        }
        down(10_000)
    });
    println!("{:?}", deep.unwrap_err().downcast_ref::<&str>());
    let _ = std::panic::take_hook();
}

fn commands() -> std::io::Result<()> {
    let me = || Command::new("/proc/self/exe");
    let out = me().args(["child", "upper"]).stdin(Stdio::null()).output()?;
    println!("{:?} {:?}", out.status.code(), out.stdout);

    let mut child = me().args(["child", "upper"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut stdin = child.stdin.take().unwrap();
    let writer = thread::spawn(move || stdin.write_all(&b"many words ".repeat(30_000)));
    let mut text = String::new();
    child.stdout.take().unwrap().read_to_string(&mut text)?;
    writer.join().unwrap()?;
    println!("{} {:?} {:?}", text.len(), &text[..10], child.wait()?.success());

    let mut first = me().args(["child", "shout"]).stdout(Stdio::piped()).spawn()?;
    let second = me().args(["child", "upper"]).stdin(first.stdout.take().unwrap()).output()?;
    println!("{:?} {:?}", first.wait()?.code(), String::from_utf8_lossy(&second.stdout));

    let mut hanging = me().args(["child", "hang"]).spawn()?;
    println!("{:?}", hanging.try_wait()?);
    hanging.kill()?;
    println!("{:?}", hanging.wait()?.signal());
    println!("{:?}", me().args(["child", "abort"]).stderr(Stdio::null()).status()?.signal());
    println!("{:?}", me().arg0("other").env_clear().env("A", "b").args(["child", "environment"]).output()?.stdout);
    println!("{:?}", Command::new("/no/such").spawn().map_err(|e| e.kind()).err());
    println!("{:?}", me().current_dir("/no/such").spawn().map_err(|e| e.kind()).err());
    // Code of ours in the child: fork and exec rather than a spawn.
    let status = unsafe { me().args(["child", "hang"]).pre_exec(|| std::process::exit(9)).status()? };
    println!("{:?}", status.code());
    Ok(())
}

fn child(what: &str) -> std::io::Result<()> {
    match what {
        "upper" => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text)?;
            print!("{}", text.to_uppercase());
        }
        "shout" => {
            print!("from the first");
            std::io::stdout().flush()?;
            std::process::exit(4);
        }
        "hang" => loop {
            thread::park();
        },
        "abort" => std::process::abort(),
        _ => println!("{:?} {:?}", std::env::args().next(), std::env::vars().collect::<Vec<_>>()),
    }
    Ok(())
}

fn main() -> std::io::Result<()> {
    let args: Vec<String> = std::env::args().collect();
    if args.len() == 3 {
        return child(&args[2]);
    }
    spawned();
    scoped();
    channels();
    waiting();
    panics();
    commands()
}
