//! The bounded queue, and the start and end of the threads.

use super::*;

#[tokio::test]
async fn a_full_queue_answers_busy_at_once() {
    let hasher = Arc::new(hasher_without_threads(2));
    let mut waiting = JoinSet::new();
    for _ in 0..2 {
        let hasher = Arc::clone(&hasher);
        waiting.spawn(async move { hasher.hash(password("x"), ME).await });
    }
    until(|| hasher.queue_len() == 2).await;
    // The refusal comes at once: these hashers have no threads, so a queued computation would wait for ever.
    let busy = hasher.verify_unknown(password("x"), 0, ME).await;
    let Err(HashError::Busy { retry_after }) = busy else {
        panic!("{busy:?}");
    };
    assert!(retry_after >= Duration::from_secs(1));
    assert_eq!((hasher.take_refused(), hasher.take_refused()), (1, 0), "each is told once");
}

#[tokio::test]
async fn whoever_has_gone_is_skipped_and_makes_room() {
    let hasher = Arc::new(hasher_without_threads(3));
    let mut waiting = JoinSet::new();
    for _ in 0..3 {
        let hasher = Arc::clone(&hasher);
        waiting.spawn(async move { hasher.hash(password("gone"), ME).await });
    }
    until(|| hasher.queue_len() == 3).await;
    waiting.shutdown().await;

    let mut staying = JoinSet::new();
    for _ in 0..2 {
        let hasher = Arc::clone(&hasher);
        staying.spawn(async move { hasher.hash(password("stays"), ME).await });
    }
    until(|| hasher.queue_len() == 2).await;
    let mut leaving = JoinSet::new();
    let other = Arc::clone(&hasher);
    leaving.spawn(async move { other.hash(password("gone"), ME).await });
    until(|| hasher.queue_len() == 3).await;
    leaving.shutdown().await;

    let shared = Arc::clone(hasher.pool.shared());
    let worker = thread::spawn(move || shared.work());
    assert!(staying.join_next().await.unwrap().unwrap().is_ok());
    assert!(staying.join_next().await.unwrap().unwrap().is_ok());
    until(|| hasher.queue_len() == 0).await;
    assert_eq!(hasher.computed(), 2);
    drop(hasher);
    worker.join().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_verifications_at_once_are_all_answered() {
    let hasher = Arc::new(hasher(HashCost::default()));
    let hash = hasher.hash(password("right"), ME).await.unwrap();
    let mut all = JoinSet::new();
    for number in 0..200 {
        let (hasher, hash) = (Arc::clone(&hasher), hash.clone());
        all.spawn(async move {
            let right = number % 2 == 0;
            let typed = password(if right { "right" } else { "wrong" });
            let verified = hasher.verify(typed, hash.as_str(), ME).await.unwrap();
            assert_eq!(verified.matches, right);
        });
    }
    let mut answered = 0;
    while let Some(one) = all.join_next().await {
        one.unwrap();
        answered += 1;
    }
    assert_eq!(answered, 200);
    assert_eq!(hasher.computed(), 201);
}

#[tokio::test]
async fn dropping_the_hasher_ends_its_threads_and_whoever_waits_hears_of_it() {
    let running = hasher(TINY);
    let shared = Arc::downgrade(running.pool.shared());
    drop(running);
    until(|| shared.upgrade().is_none()).await;

    let hasher = hasher_without_threads(1);
    let shared = Arc::clone(hasher.pool.shared());
    let answer = {
        let computation = Computation::own(password("x"), &hasher.dummy);
        hasher.pool.submit(computation, ME).unwrap()
    };
    drop(hasher);
    assert!(answer.await.is_err());
    // Returns because nothing can be queued any more.
    shared.work();
}

#[test]
fn a_thread_without_work_gives_its_buffer_back() {
    let hasher = hasher_without_threads(8);
    let _reply = hasher.pool.submit(Computation::own(password("x"), &hasher.dummy), ME).unwrap();
    let shared = hasher.pool.shared();
    let mut memory = Vec::new();
    assert!(shared.work_once(&mut memory));
    let kept = memory.len();
    shared.wait(&mut shared.lock(), &mut memory, Duration::ZERO);
    assert_eq!((kept > 0, memory.capacity()), (true, 0));
}
