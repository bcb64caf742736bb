//! The hashing pool compared with the bare crate: one hash, and one per core at once. The bare crate runs in
//! its best case: one thread per core, each of which reuses its memory.

#![expect(clippy::expect_used, reason = "a bench that cannot start has nothing to measure")]

use std::{
    hint::black_box,
    num::NonZeroUsize,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use hasher::{HashCost, Hasher, HasherSettings};
use tokio::{runtime::Runtime, task::JoinSet};
use zeroize::Zeroizing;

const PASSWORD: &[u8] = b"correct horse battery staple";

/// One thread's share of the hashes with the bare crate.
fn hash_bare(times: u64) -> Duration {
    let cost = HashCost::default();
    let params = Params::new(cost.memory_kib(), cost.passes(), 1, Some(32)).expect("sane cost");
    let mut memory = vec![Block::new(); params.block_count()];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let started = Instant::now();
    for _ in 0..times {
        let mut output = [0; 32];
        argon2.hash_password_into_with_memory(PASSWORD, &[7; 16], &mut output, &mut memory).expect("hash");
        black_box(output);
    }
    started.elapsed()
}

async fn sign_in(hasher: Arc<Hasher>, stored: Arc<str>) {
    let password = Zeroizing::new(PASSWORD.to_vec());
    let verified = hasher.verify(password, &stored, 0).await;
    assert!(verified.expect("room in the queue").matches);
}

/// Signs in `times` times. Twice as many sign-ins as there are cores are under way at any moment.
async fn sign_in_all(hasher: &Arc<Hasher>, stored: &Arc<str>, times: u64, cores: usize) {
    let mut running = JoinSet::new();
    for _ in 0..times {
        if running.len() >= 2 * cores {
            running.join_next().await;
        }
        running.spawn(sign_in(Arc::clone(hasher), Arc::clone(stored)));
    }
    running.join_all().await;
}

fn hashing(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("runtime");
    let settings = HasherSettings::default();
    let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let random = Arc::new(|salt: &mut [u8]| salt.fill(7));
    let hasher = Arc::new(Hasher::start(&settings, random).expect("threads"));
    let password = Zeroizing::new(PASSWORD.to_vec());
    let stored = runtime.block_on(hasher.hash(password, 0)).expect("hash");
    let stored: Arc<str> = stored.as_str().into();

    let mut one = criterion.benchmark_group("one hash");
    one.sample_size(20);
    one.bench_function("bare crate", |bencher| bencher.iter_custom(hash_bare));
    one.bench_function("pool", |bencher| {
        bencher.iter(|| runtime.block_on(sign_in(Arc::clone(&hasher), Arc::clone(&stored))));
    });
    one.finish();

    let mut all = criterion.benchmark_group("one hash per core");
    all.sample_size(20);
    all.throughput(Throughput::Elements(cores as u64));
    all.bench_function("bare crate", |bencher| {
        bencher.iter_custom(|times| {
            let started = Instant::now();
            thread::scope(|threads| {
                for _ in 0..cores {
                    threads.spawn(|| hash_bare(times));
                }
            });
            started.elapsed()
        });
    });
    all.bench_function("pool", |bencher| {
        bencher.iter_custom(|times| {
            let started = Instant::now();
            runtime.block_on(sign_in_all(&hasher, &stored, times * cores as u64, cores));
            started.elapsed()
        });
    });
    all.finish();
}

criterion_group!(benches, hashing);
criterion_main!(benches);
