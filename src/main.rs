//! The `deskhand` program; everything it does is in [`deskhand::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    deskhand::cli::main()
}
