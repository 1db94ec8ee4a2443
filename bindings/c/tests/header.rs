//! The header and the list of functions that other languages load by say the same.

use silt_interface::{FUNCTIONS, Function};

const HEADER: &str = include_str!("../include/silt.h");

/// Without comments, with single spaces, `*` at the name.
fn declarations() -> String {
    let code: Vec<_> = HEADER
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect();
    code.join(" ")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

fn prototype(function: &Function) -> String {
    let parameters: Vec<_> = function
        .parameters
        .iter()
        .map(|(kind, name)| format!("{kind} {name}").replace("* ", "*"))
        .collect();
    let parameters = match parameters.is_empty() {
        true => "void".to_owned(),
        false => parameters.join(", "),
    };
    format!("{} {}({parameters});", function.result, function.name).replace("* ", "*")
}

#[test]
fn every_function_is_declared_as_the_definition_has_it() {
    let declared = declarations();
    for function in &FUNCTIONS {
        let wanted = prototype(function);
        assert!(declared.contains(&wanted), "the header has no {wanted}");
    }
}

#[test]
fn nothing_else_is_declared() {
    let declared = declarations();
    let functions = declared.matches(");").count();
    assert_eq!(functions, FUNCTIONS.len());
}
