//! `huibian check`.

use std::path::Path;

use crate::cli::Outcome;
use crate::cli::args::Check;
use crate::cli::report::Reporter;

pub fn run(_args: &Check, _root: Option<&Path>, _reporter: &Reporter) -> Outcome {
    Err(anyhow::anyhow!("not there yet").into())
}
