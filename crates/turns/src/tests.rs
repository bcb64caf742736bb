use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;

use tokio::task::JoinSet;

use super::{Full, Gate, Gates, Pass, Turns};

const MANY: u64 = 1;
const FEW: u64 = 2;

fn all<T>(turns: &mut Turns<T>) -> Vec<T> {
    std::iter::from_fn(|| turns.pop()).collect()
}

#[test]
fn clients_take_turns_and_each_line_keeps_its_order() {
    let mut turns = Turns::default();
    for number in 0..5 {
        turns.push(MANY, (MANY, number));
    }
    turns.push(FEW, (FEW, 0));
    turns.push(3, (3, 0));
    turns.push(FEW, (FEW, 1));
    assert_eq!((turns.len(), turns.len_of(MANY), turns.len_of(FEW)), (8, 5, 2));
    let expected =
        [(MANY, 0), (FEW, 0), (3, 0), (MANY, 1), (FEW, 1), (MANY, 2), (MANY, 3), (MANY, 4)].to_vec();
    assert_eq!(all(&mut turns), expected);
    assert!(turns.is_empty());
}

#[test]
fn whoever_comes_waits_for_one_entry_of_each_client_at_most() {
    let mut turns = Turns::default();
    for number in 0..1_000 {
        turns.push(MANY, number);
    }
    for _ in 0..100 {
        turns.pop();
        turns.push(FEW, -1);
        let until = std::iter::from_fn(|| turns.pop()).position(|entry| entry == -1);
        assert!(until.is_some_and(|before| before <= 1), "{until:?}");
    }
}

#[test]
fn the_longest_line_gives_up_its_newest_entry() {
    let mut turns = Turns::default();
    for number in 0..3 {
        turns.push(MANY, number);
    }
    turns.push(FEW, 10);
    assert_eq!(turns.pop_longest(2), Some(2));
    assert_eq!(turns.pop_longest(2), None);
    assert_eq!(turns.pop_longest(1), Some(1));
    assert_eq!(turns.len(), 2);
    turns.pop_longest(0);
    turns.pop_longest(0);
    assert!(turns.is_empty() && turns.pop().is_none());
}

#[test]
fn what_is_no_longer_wanted_leaves_no_gap() {
    let mut turns = Turns::default();
    for number in 0..10 {
        turns.push(MANY, number);
        turns.push(FEW, 100 + number);
    }
    turns.retain_of(FEW, |_| false);
    assert_eq!((turns.len(), turns.len_of(FEW)), (10, 0));
    turns.push(FEW, 100);
    turns.retain(|number| *number % 5 == 0);
    assert_eq!(all(&mut turns), [0, 100, 5]);
}

/// Polls `future` once; returns its output if it is ready.
async fn poll_once<F: Future>(mut future: Pin<&mut F>) -> Option<F::Output> {
    poll_fn(|context| {
        Poll::Ready(match future.as_mut().poll(context) {
            Poll::Ready(output) => Some(output),
            Poll::Pending => None,
        })
    })
    .await
}

/// A task that waits at the gate, notes its client and leaves.
fn visit(tasks: &mut JoinSet<()>, gate: &Arc<Gate>, client: u64, seen: &Arc<parking_lot::Mutex<Vec<u64>>>) {
    let (gate, seen) = (Arc::clone(gate), Arc::clone(seen));
    tasks.spawn(async move {
        let pass = gate.enter(client).await;
        assert!(pass.is_ok());
        seen.lock().push(client);
    });
}

#[tokio::test]
async fn behind_hundreds_of_one_client_another_waits_for_one() {
    let gate = Arc::new(Gate::new(1, 1_000));
    let held = gate.try_enter();
    assert!(held.is_some() && gate.try_enter().is_none());
    let (mut tasks, seen) = (JoinSet::new(), Arc::default());
    for _ in 0..300 {
        visit(&mut tasks, &gate, MANY, &seen);
    }
    while gate.waiting() < 300 {
        tokio::task::yield_now().await;
    }
    visit(&mut tasks, &gate, FEW, &seen);
    while gate.waiting() < 301 {
        tokio::task::yield_now().await;
    }
    drop(held);
    tasks.join_all().await;
    let place = seen.lock().iter().position(|client| *client == FEW);
    assert_eq!(place, Some(1));
    assert!(gate.try_enter().is_some(), "the place came back");
}

#[tokio::test]
async fn a_client_may_have_only_so_many_that_wait_and_others_still_can() {
    let gate = Arc::new(Gate::new(1, 2));
    let held = gate.try_enter();
    let (mut one, mut two) = (pin!(gate.enter(MANY)), pin!(gate.enter(MANY)));
    assert!(poll_once(one.as_mut()).await.is_none() && poll_once(two.as_mut()).await.is_none());
    assert_eq!(gate.enter(MANY).await.err(), Some(Full));
    let mut other = pin!(gate.enter(FEW));
    assert!(poll_once(other.as_mut()).await.is_none());
    drop(held);
    assert!(matches!(poll_once(one.as_mut()).await, Some(Ok(_))));
    assert!(matches!(poll_once(other.as_mut()).await, Some(Ok(_))));
    assert!(matches!(poll_once(two.as_mut()).await, Some(Ok(_))));
}

#[tokio::test]
async fn whoever_left_takes_neither_a_place_nor_a_turn() {
    let gate = Arc::new(Gate::new(1, 2));
    let held = gate.try_enter();
    for _ in 0..10 {
        let (mut gone, mut late) = (Box::pin(gate.enter(MANY)), Box::pin(gate.enter(MANY)));
        assert!(poll_once(gone.as_mut()).await.is_none());
        assert!(poll_once(late.as_mut()).await.is_none(), "those who left no longer count");
    }
    // Leaves after the pass was sent to it.
    let mut lucky = Box::pin(gate.enter(FEW));
    assert!(poll_once(lucky.as_mut()).await.is_none());
    drop(held);
    drop(lucky);
    assert!(gate.try_enter().is_some());
    assert_eq!(gate.waiting(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_place_is_lost_or_made() {
    let gate = Arc::new(Gate::new(3, 10_000));
    let inside = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let mut tasks = JoinSet::new();
    for number in 0..2_000_u64 {
        let (gate, inside) = (Arc::clone(&gate), Arc::clone(&inside));
        tasks.spawn(async move {
            let wait = std::time::Duration::from_micros(number % 300);
            let entered = tokio::time::timeout(wait, gate.enter(number % 7)).await;
            let Ok(Ok(_pass)) = entered else { return };
            let before = inside.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            assert!(before < 3);
            tokio::task::yield_now().await;
            inside.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
        });
    }
    tasks.join_all().await;
    let places: Vec<Pass> = std::iter::from_fn(|| gate.try_enter()).collect();
    assert_eq!(places.len(), 3);
}

#[tokio::test]
async fn each_thing_has_a_gate_while_it_is_used() {
    let gates = Gates::new(1, 10);
    let seven = gates.enter(7, MANY).await;
    let mut again = pin!(gates.enter(7, FEW));
    assert!(poll_once(again.as_mut()).await.is_none());
    for thing in 100..10_000 {
        assert!(gates.enter(thing, MANY).await.is_ok());
    }
    assert!(gates.len() <= 130, "{} gates are kept", gates.len());
    assert!(poll_once(again.as_mut()).await.is_none(), "a gate in use was forgotten");
    drop(seven);
    assert!(matches!(poll_once(again.as_mut()).await, Some(Ok(_))));
}

#[test]
fn a_client_that_may_not_is_passed_over_and_keeps_its_turn() {
    let mut turns = Turns::default();
    for (client, entry) in [(1, "a"), (1, "b"), (2, "c"), (3, "d")] {
        turns.push(client, entry);
    }
    assert_eq!(turns.pop_of(|client| client != 1), Some("c"));
    assert_eq!(turns.pop_of(|client| client == 4), None);
    assert_eq!(turns.pop(), Some("a"));
    assert_eq!((turns.pop(), turns.pop(), turns.len()), (Some("d"), Some("b"), 0));
}
