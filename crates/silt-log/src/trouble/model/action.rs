//! What writers, readers and the folder's owner do, as plain data: short to
//! write down, and still of sense when others before it are left out.

use crate::sys::memory::Dice;
use std::fmt;
use std::str::FromStr;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Append,
    Flush,
    Event,
    EndOfFile,
    EndSession,
    BeginSession,
    Time,
    Clock,
    Work,
    End,
    Die,
    Restart,
    Full,
    Room,
    Refuse,
    PowerCut,
    Backup,
    Restore,
    Remove,
    Open,
    Resume,
    Read,
    Drain,
    Save,
    Drop,
    RefuseRead,
    Events,
    LoseEvents,
    Overflow,
}

/// Each kind: its name, and how often it comes in the histories of the model and
/// of losses of power.
const KINDS: [(Kind, &str, [u64; 2]); 29] = [
    (Kind::Append, "append", [190, 190]),
    (Kind::Flush, "flush", [90, 90]),
    (Kind::Event, "event", [14, 14]),
    (Kind::EndOfFile, "end-of-file", [8, 5]),
    (Kind::EndSession, "end-session", [10, 10]),
    (Kind::BeginSession, "begin-session", [12, 12]),
    (Kind::Time, "time", [45, 30]),
    (Kind::Clock, "clock", [12, 4]),
    (Kind::Work, "work", [20, 40]),
    (Kind::End, "end", [12, 14]),
    (Kind::Die, "die", [26, 10]),
    (Kind::Restart, "restart", [60, 90]),
    (Kind::Full, "full", [10, 6]),
    (Kind::Room, "room", [14, 8]),
    (Kind::Refuse, "refuse", [8, 6]),
    (Kind::PowerCut, "power-cut", [3, 60]),
    (Kind::Backup, "backup", [8, 4]),
    (Kind::Restore, "restore", [8, 4]),
    (Kind::Remove, "remove", [3, 1]),
    (Kind::Open, "open", [50, 30]),
    (Kind::Resume, "resume", [50, 40]),
    (Kind::Read, "read", [150, 80]),
    (Kind::Drain, "drain", [40, 50]),
    (Kind::Save, "save", [60, 60]),
    (Kind::Drop, "drop", [14, 6]),
    (Kind::RefuseRead, "refuse-read", [6, 2]),
    (Kind::Events, "events", [30, 5]),
    (Kind::LoseEvents, "lose-events", [5, 1]),
    (Kind::Overflow, "overflow", [5, 1]),
];

impl Kind {
    pub(super) fn all() -> impl Iterator<Item = Kind> {
        KINDS.iter().map(|(kind, ..)| *kind)
    }

    pub(super) fn name(self) -> &'static str {
        KINDS[self as usize].1
    }

    /// What a writer does; in between the calls of a reader as well.
    pub(super) fn is_of_writer(self) -> bool {
        self <= Kind::Refuse
    }

    /// What a reader does in between the calls of a writer.
    pub(super) fn is_of_reader(self) -> bool {
        (Kind::Open..=Kind::Save).contains(&self)
    }
}

/// Which kinds of histories.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weights {
    Model = 0,
    Power = 1,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Action {
    pub(super) kind: Kind,
    /// What they mean is the kind's; any number means something.
    pub(super) with: [u16; 4],
    /// Done by the other side before so many more calls were made.
    pub(super) meanwhile: Option<(u16, Box<Action>)>,
}

impl Action {
    pub(super) fn random(dice: &mut Dice, weights: Weights) -> Action {
        let mut action = Action::alone(dice, weights, |_| true);
        let meddles = match action.kind {
            Kind::Open | Kind::Resume | Kind::Read | Kind::Drain => dice.once_in(3),
            kind if kind.is_of_writer() => dice.once_in(6),
            _ => false,
        };
        if meddles {
            let by_reader = action.kind.is_of_writer();
            let inner = Action::alone(dice, weights, |kind| {
                if by_reader {
                    kind.is_of_reader()
                } else {
                    kind.is_of_writer() || kind == Kind::Remove
                }
            });
            action.meanwhile = Some((dice.below(24) as u16, Box::new(inner)));
        }
        action
    }

    fn alone(dice: &mut Dice, weights: Weights, wanted: impl Fn(Kind) -> bool) -> Action {
        let fitting = KINDS.iter().filter(|(kind, ..)| wanted(*kind));
        let all: u64 = fitting
            .clone()
            .map(|(.., often)| often[weights as usize])
            .sum();
        let mut at = dice.below(all);
        let mut chosen = Kind::Flush;
        for (kind, _, often) in fitting {
            let often = often[weights as usize];
            if at < often {
                chosen = *kind;
                break;
            }
            at -= often;
        }
        let with = [(); 4].map(|()| dice.below(1000) as u16);
        Action {
            kind: chosen,
            with,
            meanwhile: None,
        }
    }

    /// Simpler forms of it, the simplest first.
    pub(super) fn simpler(&self) -> Vec<Action> {
        let mut all = Vec::new();
        let mut add = |change: &dyn Fn(&mut Action)| {
            let mut action = self.clone();
            change(&mut action);
            if action != *self {
                all.push(action);
            }
        };
        add(&|action| action.meanwhile = None);
        for index in 0..4 {
            add(&|action| action.with[index] = 0);
            add(&|action| action.with[index] /= 2);
            add(&|action| action.with[index] = action.with[index].saturating_sub(1));
        }
        if let Some((at, inner)) = &self.meanwhile {
            let smaller = [0, at / 2, at.saturating_sub(1)];
            for at in smaller {
                add(&|action| action.meanwhile = Some((at, inner.clone())));
            }
            for inner in inner.simpler() {
                let inner = Box::new(inner);
                add(&|action| action.meanwhile = Some((*at, inner.clone())));
            }
        }
        all
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d] = self.with;
        write!(f, "{} {a} {b} {c} {d}", self.kind.name())?;
        if let Some((at, action)) = &self.meanwhile {
            write!(f, " @{at} {action}")?;
        }
        Ok(())
    }
}

impl FromStr for Action {
    type Err = String;

    fn from_str(text: &str) -> Result<Action, String> {
        let wrong = || format!("no action: {text}");
        let (own, meanwhile) = match text.split_once(" @") {
            None => (text, None),
            Some((own, inner)) => {
                let (at, inner) = inner.split_once(' ').ok_or_else(wrong)?;
                let at = at.parse().map_err(|_| wrong())?;
                (own, Some((at, Box::new(inner.parse()?))))
            }
        };
        let mut words = own.split_whitespace();
        let name = words.next().ok_or_else(wrong)?;
        let kind = Kind::all().find(|kind| kind.name() == name);
        let mut with = [0; 4];
        for slot in &mut with {
            *slot = words
                .next()
                .and_then(|word| word.parse().ok())
                .ok_or_else(wrong)?;
        }
        Ok(Action {
            kind: kind.ok_or_else(wrong)?,
            with,
            meanwhile,
        })
    }
}
