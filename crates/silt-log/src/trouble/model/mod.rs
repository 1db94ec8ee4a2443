//! Random histories of writers, readers and the folder's owner on a machine in
//! memory, held against a model: each entry once and in order, or in exactly one
//! gap that was true when it was reported.

mod action;
mod bytes;
mod counts;
mod fate;
mod history;
mod moving;
mod oracle;
mod place;
mod reader;
mod reading;
mod saved;
mod truth;
mod under_fate;
mod wish;
mod world;
mod writing;

use super::alone::is_proof;
use action::Weights;
use counts::Counts;
use history::History;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

fn number_in(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// Where failed histories lie, to be run again in every run of the tests.
fn kept() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/histories"))
}

/// Runs so many histories; one that fails is made short and written down. A
/// proof runs on all cores: each history has a machine of its own.
fn run(name: &str, weights: Weights, seed: u64, histories: u64) -> Counts {
    let began = std::time::Instant::now();
    let threads = if is_proof() {
        std::thread::available_parallelism().map_or(1, |cores| cores.get() as u64)
    } else {
        1
    };
    let failed = AtomicBool::new(false);
    let mut counts = Counts::default();
    std::thread::scope(|scope| {
        let some = |first: u64| {
            let failed = &failed;
            move || {
                let mut counts = Counts::default();
                for index in (first..histories).step_by(threads as usize) {
                    if failed.load(Ordering::Relaxed) {
                        break;
                    }
                    match History::run_random(seed.wrapping_add(index), weights) {
                        Ok(more) => counts.add(more),
                        Err((history, message)) => {
                            failed.store(true, Ordering::Relaxed);
                            write_down(history, &message);
                        }
                    }
                }
                counts
            }
        };
        let all: Vec<_> = (0..threads).map(|first| scope.spawn(some(first))).collect();
        for one in all {
            match one.join() {
                Ok(more) => counts.add(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
    let seconds = began.elapsed().as_secs_f64();
    println!(
        "{name}, seed {seed}: {seconds:.1} s on {threads} threads, {:.0} actions/s",
        counts.all_actions() as f64 / seconds
    );
    println!("{counts}");
    counts
}

fn write_down(history: History, message: &str) {
    let length = history.actions.len();
    let short = history.shrink(message);
    let said = short.run().err().unwrap_or_default();
    let path = std::env::temp_dir().join(format!("silt-history-{}", short.seed));
    let text = format!("# {}\n{}", said.replace('\n', " "), short.to_text());
    std::fs::write(&path, &text).unwrap();
    panic!(
        "history {} of {length} actions: {message}\nshorter, and kept at {}; if it shows a fault, name it and keep it in {}:\n{text}",
        short.seed,
        path.display(),
        kept().display(),
    );
}

/// How many histories, and from which seed on.
fn size(usual: u64, proof: u64) -> (u64, u64) {
    let histories = if is_proof() { proof } else { usual };
    (
        number_in("SILT_SEED").unwrap_or(1),
        number_in("SILT_HISTORIES").unwrap_or(histories),
    )
}

#[test]
fn random_histories_keep_the_promise() {
    let (seed, histories) = size(2_000, 100_000);
    let counts = run("model", Weights::Model, seed, histories);
    if histories >= 2_000 {
        counts.were_not_empty();
    }
}

#[test]
fn losses_of_power_keep_the_promise() {
    let (seed, histories) = size(2_000, 50_000);
    let counts = run("power", Weights::Power, seed, histories);
    if histories >= 2_000 {
        counts.were_not_empty();
    }
}

#[test]
fn histories_that_failed_once_keep_the_promise() {
    let mut ran = 0;
    for file in std::fs::read_dir(kept()).unwrap() {
        let path = file.unwrap().path();
        let history = History::parse(&std::fs::read_to_string(&path).unwrap()).unwrap();
        if let Err(message) = history.run() {
            panic!("{}: {message}", path.display());
        }
        ran += 1;
    }
    println!("{ran} histories that failed once");
}
