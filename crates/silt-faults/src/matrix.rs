//! The table of calls and faults.

use std::collections::BTreeMap;
use std::fmt::{self, Debug};

/// Counts by call and deed. `C` names a call.
pub struct Matrix<C> {
    faults: Vec<&'static str>,
    rows: BTreeMap<C, Row>,
    broken: Vec<String>,
}

#[derive(Clone, Default)]
struct Row {
    made: usize,
    cells: Vec<Cell>,
}

#[derive(Clone, Default)]
struct Cell {
    held: usize,
    missed: usize,
    broken: usize,
    no_such_fault: bool,
}

impl<C: Ord + Debug> Matrix<C> {
    /// An empty table with these columns.
    pub fn new(faults: Vec<&'static str>) -> Matrix<C> {
        Matrix {
            faults,
            rows: BTreeMap::new(),
            broken: Vec::new(),
        }
    }

    fn row(&mut self, call: C) -> &mut Row {
        let columns = self.faults.len();
        self.rows.entry(call).or_insert_with(|| Row {
            made: 0,
            cells: vec![Cell::default(); columns],
        })
    }

    /// The scenario makes this call once more.
    pub fn made(&mut self, call: C) {
        self.row(call).made += 1;
    }

    /// Such a call can not have this fault.
    pub fn does_not_fit(&mut self, call: C, column: usize) {
        self.row(call).cells[column].no_such_fault = true;
    }

    /// The promise held; `hit` says whether the fault met the call.
    pub fn held(&mut self, call: C, column: usize, hit: bool) {
        let cell = &mut self.row(call).cells[column];
        if hit {
            cell.held += 1;
        } else {
            cell.missed += 1;
        }
    }

    /// The promise did not hold.
    pub fn broke(&mut self, call: C, column: usize, at: impl fmt::Display) {
        let fault = self.faults[column];
        self.broken.push(format!("{fault} at {call:?}, call {at}"));
        self.row(call).cells[column].broken += 1;
    }

    fn uncovered(&self) -> usize {
        self.rows
            .values()
            .flat_map(|row| &row.cells)
            .filter(|cell| !cell.no_such_fault && cell.held + cell.broken == 0)
            .count()
    }

    /// Whether each fault met each kind of call, and the promise held.
    pub fn is_whole(&self) -> bool {
        self.uncovered() == 0 && self.broken.is_empty()
    }
}

impl<C: Ord + Debug> fmt::Display for Matrix<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<13}{:>6}", "call", "made")?;
        for fault in &self.faults {
            write!(f, "{fault:>12}")?;
        }
        writeln!(f)?;
        let (mut runs, mut missed, mut made) = (0, 0, 0);
        for (call, row) in &self.rows {
            write!(f, "{:<13}{:>6}", format!("{call:?}"), row.made)?;
            made += row.made;
            for cell in &row.cells {
                runs += cell.held + cell.broken;
                missed += cell.missed;
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
            "{} kinds of calls, {made} calls, {} faults: {runs} runs, {missed} missed their call, {} cells uncovered, {} broken",
            self.rows.len(),
            self.faults.len(),
            self.uncovered(),
            self.broken.len()
        )?;
        for broken in &self.broken {
            writeln!(f, "broken: {broken}")?;
        }
        Ok(())
    }
}
