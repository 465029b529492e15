//! The `deskhand` program; everything it does is in `src/cli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    deskhand::internal::main()
}
