//! The Node binding: conversion only, no logic.
//!
//! A call that can wait gives a promise ([`dispatch`]), a
//! stream is woken once and then taken from synchronously
//! ([`stream`]), and what is made from a batch is a pure function
//! over its bytes ([`batch`]). Errors are returned as JSON, so
//! that TypeScript makes the class.

pub mod batch;
pub mod dispatch;
pub mod info;
pub mod stream;
