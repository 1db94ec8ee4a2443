//! The table of calls and faults.

use crate::sys::Call;
use std::collections::BTreeMap;
use std::fmt;

pub(super) struct Matrix {
    faults: Vec<&'static str>,
    rows: BTreeMap<Call, Row>,
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

impl Matrix {
    pub(super) fn new(faults: Vec<&'static str>) -> Matrix {
        Matrix {
            faults,
            rows: BTreeMap::new(),
            broken: Vec::new(),
        }
    }

    fn row(&mut self, call: Call) -> &mut Row {
        let columns = self.faults.len();
        self.rows.entry(call).or_insert_with(|| Row {
            made: 0,
            cells: vec![Cell::default(); columns],
        })
    }

    /// The scenario makes this call once more.
    pub(super) fn made(&mut self, call: Call) {
        self.row(call).made += 1;
    }

    pub(super) fn does_not_fit(&mut self, call: Call, column: usize) {
        self.row(call).cells[column].no_such_fault = true;
    }

    /// The promise held; `hit` says whether the fault met the call.
    pub(super) fn held(&mut self, call: Call, column: usize, hit: bool) {
        let cell = &mut self.row(call).cells[column];
        if hit {
            cell.held += 1;
        } else {
            cell.missed += 1;
        }
    }

    pub(super) fn broke(&mut self, call: Call, column: usize, index: usize) {
        self.row(call).cells[column].broken += 1;
        let fault = self.faults[column];
        self.broken
            .push(format!("{fault} at {call:?}, call {index}"));
    }

    fn uncovered(&self) -> usize {
        self.rows
            .values()
            .flat_map(|row| &row.cells)
            .filter(|cell| !cell.no_such_fault && cell.held + cell.broken == 0)
            .count()
    }

    pub(super) fn is_whole(&self) -> bool {
        self.uncovered() == 0 && self.broken.is_empty()
    }
}

impl fmt::Display for Matrix {
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
