use std::process::ExitCode;

/// A build makes and drops millions of short strings on all cores at once.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    huibian::cli::run()
}
