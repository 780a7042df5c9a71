// SPDX-License-Identifier: GPL-2.0-or-later
// Rust with std, one thread: collections, formatting, files, a caught panic, environment, time, exit status.
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::time::Instant;

fn main() -> std::io::Result<()> {
    let started = Instant::now();
    println!("arguments: {:?}", std::env::args().skip(1).collect::<Vec<_>>());
    println!("HOME: {:?}", std::env::var("HOME"));

    let mut counts: HashMap<String, usize> = HashMap::new();
    for word in "one two three two one two".split_whitespace() {
        *counts.entry(word.to_string()).or_insert(0) += 1;
    }
    println!("{:?}", counts.iter().collect::<BTreeMap<_, _>>());

    let mut numbers: Vec<u64> = (0..200_000u64).map(|i| i.wrapping_mul(6364136223846793005) >> 20).collect();
    numbers.sort();
    println!("{} {:.3}", numbers[1000], numbers.iter().map(|n| *n as f64).sum::<f64>());

    fs::create_dir_all("rust/deep/er")?;
    let mut file = fs::OpenOptions::new().create(true).read(true).write(true).open("rust/file")?;
    for i in 0..1000 {
        writeln!(file, "line {i}")?;
    }
    file.seek(SeekFrom::Start(0))?;
    println!("{:?}", BufReader::new(&file).lines().nth(500));
    fs::rename("rust/file", "rust/deep/moved")?;
    let mut text = String::new();
    fs::File::open("rust/deep/moved")?.read_to_string(&mut text)?;
    println!("{} bytes, {:?}", text.len(), fs::metadata("rust/deep")?.is_dir());
    let mut names: Vec<_> = fs::read_dir("rust/deep")?.map(|e| e.unwrap().file_name()).collect();
    names.sort();
    println!("{names:?} {:?}", fs::read("nothing").map_err(|e| e.kind()));
    println!("{:?}", fs::copy("rust/deep/moved", "rust/copy"));
    fs::remove_dir_all("rust/deep")?;

    let caught = std::panic::catch_unwind(|| {
        let empty: Vec<i32> = Vec::new();
        empty[numbers_len()]
    });
    println!("panicked: {}", caught.is_err());
    println!("time went on: {}", started.elapsed().as_nanos() > 0);
    std::process::exit(9)
}

fn numbers_len() -> usize {
    std::env::args().count() + 3
}
