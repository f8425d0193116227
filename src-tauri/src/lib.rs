//! The shell: two thin doors to the app, the window and the command line.

mod ahead;
mod cli;
mod door;
mod window;

use std::process::ExitCode;

/// Opens the window, or works off the command line where there is one.
#[must_use]
pub fn main() -> ExitCode {
    cli::main()
}
