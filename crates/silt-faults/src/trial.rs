//! All faults of all calls of a program, one after the other; and where a fault
//! makes it do what it does not do else, a second one there.

use crate::error_path::error_path;
use crate::{DEEDS, Kind, Matrix, Order};
use std::collections::BTreeSet;
use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How often a run that did not come to its call is made again.
const TRIES: usize = 9;

/// What is tried.
pub trait Subject {
    /// Names a call.
    type Call: Copy + Ord + Debug;

    fn kind(call: Self::Call) -> Kind;

    /// Whose calls they are, for a table of several.
    fn name(&self) -> String;

    /// Runs once. Panics where what is promised does not hold.
    fn run(&self, order: &Order) -> Ran<Self::Call>;

    /// Undoes what a run that panicked left behind.
    fn reset(&self);
}

/// How a run went.
pub enum Ran<C> {
    /// With these calls.
    Made(Vec<C>),
    /// It was killed where that was ordered.
    Died,
    /// It did not come to the call at which it was to die.
    Lived,
}

impl<C: PartialEq> Ran<C> {
    fn met(&self, index: usize, call: &C) -> bool {
        match self {
            Ran::Made(calls) => calls.get(index) == Some(call),
            Ran::Died => true,
            Ran::Lived => false,
        }
    }
}

/// A call that is made only after a fault.
struct Consequence<C> {
    after: Order,
    index: usize,
    call: C,
}

/// Each of the calls that `chosen` names fails in every way that it can. Then as
/// many as `consequences` of the calls on error paths do, first those of a kind
/// that is made nowhere else.
pub fn try_all<S: Subject>(
    subject: &S,
    matrix: &mut Matrix<S::Call>,
    chosen: impl Fn(&[S::Call]) -> Vec<usize>,
    consequences: usize,
) {
    let Ran::Made(calls) = subject.run(&Order::none()) else {
        panic!("it dies by itself")
    };
    for call in &calls {
        matrix.made(*call);
    }
    let mut found = Consequences::new();
    for index in chosen(&calls) {
        let call = calls[index];
        for (column, (name, deed)) in DEEDS.into_iter().enumerate() {
            if !deed.fits(S::kind(call)) {
                continue;
            }
            let order = Order::none().and(index, name);
            match attempt(subject, &order, index, &call) {
                Some(ran) => {
                    matrix.held(call, column, ran.met(index, &call));
                    if let (Ran::Made(after), false) = (ran, deed.kills()) {
                        found.add(&calls, order, index, &after);
                    }
                }
                None => matrix.broke(call, column, said(subject, &order)),
            }
        }
    }
    matrix.error_paths(found.paths.len());
    for consequence in found.choose(&calls, consequences) {
        let Consequence { after, index, call } = consequence;
        matrix.follows();
        for (column, (name, deed)) in DEEDS.into_iter().enumerate() {
            if !deed.fits(S::kind(call)) {
                continue;
            }
            let order = after.clone().and(index, name);
            match attempt(subject, &order, index, &call) {
                Some(ran) => matrix.held_again(call, column, ran.met(index, &call)),
                None => matrix.broke_again(call, column, said(subject, &order)),
            }
        }
    }
}

/// Runs until the call is met that is to fail; `None` where the promise did not
/// hold. Who waits for another process makes more calls or fewer each time.
fn attempt<S: Subject>(
    subject: &S,
    order: &Order,
    index: usize,
    call: &S::Call,
) -> Option<Ran<S::Call>> {
    let mut tries = 0..TRIES;
    loop {
        let outcome = catch_unwind(AssertUnwindSafe(|| subject.run(order)));
        subject.reset();
        let ran = outcome.ok()?;
        if ran.met(index, call) || tries.next().is_none() {
            return Some(ran);
        }
    }
}

fn said<S: Subject>(subject: &S, order: &Order) -> String {
    let order = order.to_string().replace('\n', ", then ");
    format!("{} {order}", subject.name())
}

/// Each error path once: the call that failed, and what was made then.
struct Consequences<C> {
    paths: BTreeSet<(C, Vec<C>)>,
    all: Vec<Consequence<C>>,
}

impl<C: Copy + Ord> Consequences<C> {
    fn new() -> Consequences<C> {
        Consequences {
            paths: BTreeSet::new(),
            all: Vec::new(),
        }
    }

    fn add(&mut self, before: &[C], order: Order, index: usize, after: &[C]) {
        let range = error_path(before, after, index);
        if range.is_empty()
            || !self
                .paths
                .insert((before[index], after[range.clone()].to_vec()))
        {
            return;
        }
        self.all.extend(range.map(|at| Consequence {
            after: order.clone(),
            index: at,
            call: after[at],
        }));
    }

    /// No more than `most`, spread over all there are.
    fn choose(self, before: &[C], most: usize) -> Vec<Consequence<C>> {
        let mut kinds: BTreeSet<C> = before.iter().copied().collect();
        let (mut chosen, others): (Vec<_>, Vec<_>) =
            (self.all.into_iter()).partition(|one| kinds.insert(one.call));
        let room = most.saturating_sub(chosen.len());
        let step = others.len().div_ceil(room.max(1)).max(1);
        chosen.extend(others.into_iter().step_by(step).take(room));
        chosen
    }
}
