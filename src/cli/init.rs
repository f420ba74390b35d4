//! `huibian init`.

use crate::cli::Outcome;
use crate::cli::args::Init;
use crate::cli::report::Reporter;

pub fn run(_args: &Init, _reporter: &Reporter) -> Outcome {
    Err(anyhow::anyhow!("not there yet").into())
}
