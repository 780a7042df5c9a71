// SPDX-License-Identifier: GPL-2.0-or-later
// rayon: sorts as many integers as asked for, stably and not, counts words and sums in parallel, in pools of several sizes.
use rayon::prelude::*;
use std::collections::BTreeMap;

fn numbers(count: u64) -> Vec<u64> {
    (0..count).into_par_iter().map(|i| (i + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 13).collect()
}

fn digest(numbers: &[u64]) -> u64 {
    numbers.iter().fold(0, |hash: u64, n| hash.rotate_left(5) ^ n.wrapping_mul(31))
}

fn main() {
    let count: u64 = std::env::args().nth(1).and_then(|n| n.parse().ok()).expect("how many?");
    let mut sorted = numbers(count);
    println!("{:016x}", digest(&sorted));
    sorted.par_sort_unstable();
    println!("{} {:016x}", sorted.windows(2).all(|w| w[0] <= w[1]), digest(&sorted));

    let mut stable = numbers(count / 10);
    stable.par_sort_by_key(|n| n % 1000);
    println!("{:016x}", digest(&stable));

    let words: BTreeMap<u64, usize> = sorted
        .par_iter()
        .fold(BTreeMap::new, |mut map, n| {
            *map.entry(n % 7).or_insert(0) += 1;
            map
        })
        .reduce(BTreeMap::new, |mut a, b| {
            for (k, v) in b {
                *a.entry(k).or_insert(0) += v;
            }
            a
        });
    println!("{words:?}");
    for threads in [1, 3, 8] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let (sum, most) = pool.install(|| {
            rayon::join(
                || sorted.par_iter().map(|n| n >> 20).sum::<u64>(),
                || sorted.par_iter().max().copied(),
            )
        });
        println!("{threads} {sum} {most:?}");
    }
    let caught = std::panic::catch_unwind(|| (0..1000).into_par_iter().for_each(|i| assert!(i != 500, "at {i}")));
    println!("{:?}", caught.unwrap_err().downcast_ref::<String>());
}
