//! What a code of an authenticator app costs the server: its secret is decrypted, and the code is compared
//! with those of three steps. The target is a tenth of a millisecond of processor time.

#![expect(clippy::expect_used, reason = "a bench that cannot start has nothing to measure")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use domain::{AccountId, Millis, OsRandom, RecoveryCode, TotpCode, TotpSecret};
use secrets::{SecretKey, SecretKeys};

fn totp(criterion: &mut Criterion) {
    let keys = SecretKeys::only(SecretKey::generate(&OsRandom));
    let secret = TotpSecret::generate(&OsRandom);
    let sealed = keys.seal(&OsRandom, "totp:7", secret.as_bytes()).expect("short");
    let now = Millis(1_767_225_600_000);
    let right = secret.shown_at(now).expect("after 1970");
    let wrong =
        TotpCode::parse(if right.as_str() == "000000" { "000001" } else { "000000" }).expect("digits");
    let step = |code: &TotpCode| {
        let opened = keys.open("totp:7", &sealed).expect("ours");
        TotpSecret::from_slice(&opened).expect("20 bytes").step_of(code, now)
    };

    let mut group = criterion.benchmark_group("a code of an authenticator app");
    group.bench_function("right", |bencher| bencher.iter(|| black_box(step(black_box(&right)))));
    group.bench_function("wrong", |bencher| bencher.iter(|| black_box(step(black_box(&wrong)))));
    group.finish();

    let typed = RecoveryCode::draw(&OsRandom).reveal();
    criterion.bench_function("a recovery code", |bencher| {
        bencher.iter(|| RecoveryCode::parse(black_box(&typed)).map(|code| code.digest(AccountId(7))));
    });
}

criterion_group!(benches, totp);
criterion_main!(benches);
