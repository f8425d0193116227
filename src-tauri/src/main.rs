//! Kontor: without arguments the window, with arguments the command line.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    kontor_shell::main()
}
