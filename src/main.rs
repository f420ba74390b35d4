use std::process::ExitCode;

fn main() -> ExitCode {
    huibian::cli::run()
}
