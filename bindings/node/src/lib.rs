//! The Node binding: conversion only, no logic.
