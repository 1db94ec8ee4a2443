//! A few threads for calls that block: none of the host's own is held up.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Enough for calls that wait for a disk or for a process to start.
const MOST_THREADS: usize = 8;
/// A thread without work ends after this long.
const PATIENCE: Duration = Duration::from_secs(1);

type Job = Box<dyn FnOnce() + Send>;

struct Pool {
    jobs: VecDeque<Job>,
    threads: usize,
    idle: usize,
}

static POOL: Mutex<Pool> = Mutex::new(Pool {
    jobs: VecDeque::new(),
    threads: 0,
    idle: 0,
});
static WORK: Condvar = Condvar::new();

/// Jobs catch their panics, so that the state is whole in any case.
fn pool() -> MutexGuard<'static, Pool> {
    POOL.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs `job` on one of the threads; waits for none.
pub(super) fn run(job: Job) {
    let mut pool = pool();
    pool.jobs.push_back(job);
    if pool.idle >= pool.jobs.len() || pool.threads == MOST_THREADS {
        drop(pool);
        WORK.notify_one();
        return;
    }
    pool.threads += 1;
    drop(pool);
    let started = std::thread::Builder::new()
        .name("silt-call".into())
        .spawn(work);
    if started.is_err() {
        // Without a thread the caller has to do the work.
        work();
    }
}

fn work() {
    let mut pool = pool();
    loop {
        if let Some(job) = pool.jobs.pop_front() {
            drop(pool);
            job();
            pool = self::pool();
            continue;
        }
        pool.idle += 1;
        let (guard, waited) = WORK
            .wait_timeout(pool, PATIENCE)
            .unwrap_or_else(PoisonError::into_inner);
        pool = guard;
        pool.idle -= 1;
        if waited.timed_out() && pool.jobs.is_empty() {
            pool.threads -= 1;
            return;
        }
    }
}
