//! Two threads of which one runs at a time, turn by turn, cut at their calls to
//! the kernel; and all ways to cut them.

use crate::sys::simulated;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};

/// The threads; the writer's turn is the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    Writer,
    Reader,
}

/// How many calls each turn has. After the last of them each thread runs until
/// it waits or is done.
pub(super) type Plan = Vec<usize>;

pub(super) struct Turns {
    state: Mutex<State>,
    passed: Condvar,
}

struct State {
    plan: Plan,
    turn: usize,
    /// `None`: as many as it likes.
    left: Option<usize>,
    running: Who,
    done: [bool; 2],
    /// By turn: it was cut though it had more to do.
    cut: Vec<bool>,
}

impl State {
    fn pass(&mut self) {
        let other = match self.running {
            Who::Writer => Who::Reader,
            Who::Reader => Who::Writer,
        };
        if self.done[other as usize] {
            self.left = None;
            return;
        }
        self.running = other;
        self.turn += 1;
        self.left = self.plan.get(self.turn).copied();
    }
}

impl Turns {
    pub(super) fn new(plan: &Plan) -> Arc<Turns> {
        Arc::new(Turns {
            state: Mutex::new(State {
                plan: plan.clone(),
                turn: 0,
                left: plan.first().copied(),
                running: Who::Writer,
                done: [false; 2],
                cut: vec![false; plan.len()],
            }),
            passed: Condvar::new(),
        })
    }

    fn wait_for(&self, who: Who) -> MutexGuard<'_, State> {
        let state = self.state.lock().unwrap();
        self.passed
            .wait_while(state, |state| state.running != who)
            .unwrap()
    }

    /// Runs `body` as one of the threads.
    pub(super) fn run<T>(self: &Arc<Turns>, who: Who, body: impl FnOnce() -> T) -> T {
        let turns = Arc::clone(self);
        simulated::stay_single_threaded(true);
        simulated::on_calls(move |_| {
            turns.before_call(who);
            None
        });
        let _done = Done(self, who);
        drop(self.wait_for(who));
        body()
    }

    fn before_call(&self, who: Who) {
        let mut state = self.wait_for(who);
        while state.left == Some(0) {
            let turn = state.turn;
            state.cut[turn] = true;
            state.pass();
            self.passed.notify_all();
            drop(state);
            state = self.wait_for(who);
        }
        if let Some(left) = &mut state.left {
            *left -= 1;
        }
    }

    /// The thread has nothing to do until the other one did something.
    pub(super) fn wait(&self, who: Who) {
        self.wait_for(who).pass();
        self.passed.notify_all();
        drop(self.wait_for(who));
    }

    pub(super) fn is_done(&self, who: Who) -> bool {
        self.state.lock().unwrap().done[who as usize]
    }

    /// The plan that comes after this one, which was run; `None` after the last.
    pub(super) fn next_plan(&self) -> Option<Plan> {
        let state = self.state.lock().unwrap();
        // A turn that was not cut would not be longer with more calls.
        let longer = state.cut.iter().rposition(|cut| *cut)?;
        let mut plan = state.plan.clone();
        plan[longer] += 1;
        plan[longer + 1..].fill(1);
        Some(plan)
    }
}

/// Also when the body panics, so that the other thread goes on.
struct Done<'a>(&'a Turns, Who);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        simulated::all_calls_work();
        if let Ok(mut state) = self.0.state.lock() {
            state.done[self.1 as usize] = true;
            if state.running == self.1 {
                state.pass();
            }
        }
        self.0.passed.notify_all();
    }
}

/// The first plan of so many cuts.
pub(super) fn first_plan(cuts: usize) -> Plan {
    let mut plan = vec![1; cuts];
    plan[0] = 0;
    plan
}
