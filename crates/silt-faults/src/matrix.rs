//! The table of calls and faults.

use crate::{DEEDS, Kind};
use std::collections::BTreeMap;
use std::fmt::{self, Debug};

/// Counts by call and deed. `C` names a call.
pub struct Matrix<C> {
    rows: BTreeMap<C, Row>,
    broken: Vec<String>,
    error_paths: usize,
    second: Second,
}

#[derive(Clone, Default)]
struct Row {
    made: usize,
    cells: [Cell; DEEDS.len()],
}

#[derive(Clone, Default)]
struct Cell {
    held: usize,
    missed: usize,
    broken: usize,
    no_such_fault: bool,
}

/// Faults of calls that are made only after another fault.
#[derive(Default)]
struct Second {
    calls: usize,
    runs: usize,
    missed: usize,
}

impl<C: Copy + Ord + Debug> Matrix<C> {
    /// An empty table with a row for each of `calls`, which are all that there
    /// can be.
    pub fn new(calls: &[C], kind: impl Fn(C) -> Kind) -> Matrix<C> {
        let row = |call: &C| {
            let mut row = Row::default();
            for (cell, (_, deed)) in row.cells.iter_mut().zip(DEEDS) {
                cell.no_such_fault = !deed.fits(kind(*call));
            }
            (*call, row)
        };
        Matrix {
            rows: calls.iter().map(row).collect(),
            broken: Vec::new(),
            error_paths: 0,
            second: Second::default(),
        }
    }

    fn row(&mut self, call: C) -> &mut Row {
        self.rows.get_mut(&call).expect("a call that is declared")
    }

    /// The scenario makes this call once more.
    pub(crate) fn made(&mut self, call: C) {
        self.row(call).made += 1;
    }

    /// The promise held; `hit` says whether the fault met the call.
    pub(crate) fn held(&mut self, call: C, column: usize, hit: bool) {
        let cell = &mut self.row(call).cells[column];
        if hit {
            cell.held += 1;
        } else {
            cell.missed += 1;
        }
    }

    /// The promise did not hold.
    pub(crate) fn broke(&mut self, call: C, column: usize, at: impl fmt::Display) {
        self.broken.push(format!("{call:?}, {at}"));
        self.row(call).cells[column].broken += 1;
    }

    /// So many ways to go on after a fault were found.
    pub(crate) fn error_paths(&mut self, count: usize) {
        self.error_paths += count;
    }

    /// This call on one of them is failed as well.
    pub(crate) fn follows(&mut self) {
        self.second.calls += 1;
    }

    /// As [`Matrix::held`], of a second fault. It has a cell in the table where
    /// nothing but a fault leads to such a call.
    pub(crate) fn held_again(&mut self, call: C, column: usize, hit: bool) {
        self.second.runs += 1;
        if !hit {
            self.second.missed += 1;
        }
        if self.row(call).made == 0 {
            self.held(call, column, hit);
        }
    }

    pub(crate) fn broke_again(&mut self, call: C, column: usize, at: impl fmt::Display) {
        self.second.runs += 1;
        if self.row(call).made == 0 {
            self.broke(call, column, at);
        } else {
            self.broken.push(format!("{call:?}, {at}"));
        }
    }

    fn uncovered(&self) -> usize {
        self.rows
            .values()
            .flat_map(|row| &row.cells)
            .filter(|cell| !cell.no_such_fault && cell.held + cell.broken == 0)
            .count()
    }

    /// Of the first faults and, of calls that only they lead to, of the second.
    fn missed(&self) -> usize {
        let cells = self.rows.values().flat_map(|row| &row.cells);
        cells.map(|cell| cell.missed).sum()
    }

    /// Whether each fault met each kind of call that there is and each call it was
    /// meant for, and the promise held.
    pub fn is_whole(&self) -> bool {
        self.uncovered() == 0 && self.missed() + self.second.missed == 0 && self.broken.is_empty()
    }
}

impl<C: Copy + Ord + Debug> fmt::Display for Matrix<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<13}{:>6}", "call", "made")?;
        for (fault, _) in DEEDS {
            write!(f, "{fault:>12}")?;
        }
        writeln!(f)?;
        let (mut runs, mut made) = (0, 0);
        for (call, row) in &self.rows {
            write!(f, "{:<13}{:>6}", format!("{call:?}"), row.made)?;
            made += row.made;
            for cell in &row.cells {
                if row.made > 0 {
                    runs += cell.held + cell.broken;
                }
                let text = match cell {
                    cell if cell.no_such_fault => "-".to_owned(),
                    cell if cell.broken > 0 => format!("{} BROKEN", cell.broken),
                    cell => cell.held.to_string(),
                };
                write!(f, "{text:>12}")?;
            }
            writeln!(f)?;
        }
        writeln!(
            f,
            "{} kinds of calls, {made} calls, {} faults: {runs} runs, {} missed their call, {} cells uncovered, {} broken",
            self.rows.len(),
            DEEDS.len(),
            self.missed(),
            self.uncovered(),
            self.broken.len()
        )?;
        let Second {
            calls,
            runs,
            missed,
        } = self.second;
        writeln!(
            f,
            "{} error paths, {calls} calls on them: {runs} runs with two faults, {missed} missed the second call",
            self.error_paths
        )?;
        for broken in &self.broken {
            writeln!(f, "broken: {broken}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All faults of `x` held, and those of `y` did for `covered`.
    fn table(covered: bool, hit: bool) -> Matrix<char> {
        let mut matrix = Matrix::new(&['x', 'y'], |_| Kind::Write);
        let calls: &[char] = if covered { &['x', 'y'] } else { &['x'] };
        for call in calls {
            matrix.made(*call);
            for column in 0..DEEDS.len() {
                matrix.held(*call, column, true);
            }
        }
        matrix.held('x', 0, hit);
        matrix
    }

    #[test]
    fn a_kind_of_call_that_nobody_makes_is_not_covered() {
        assert!(table(true, true).is_whole());
        assert!(!table(false, true).is_whole());
    }

    #[test]
    fn a_fault_that_missed_its_call_proves_nothing() {
        assert!(!table(true, false).is_whole());
    }

    #[test]
    fn a_call_that_is_made_only_after_a_fault_is_covered_by_the_second() {
        let mut matrix = table(false, true);
        matrix.follows();
        for column in 0..DEEDS.len() {
            matrix.held_again('y', column, true);
        }
        assert!(matrix.is_whole());
        matrix.broke_again('y', 0, "there");
        assert!(!matrix.is_whole());
    }
}
