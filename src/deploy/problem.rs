//! What can be in the way of deploying, in words.

use std::path::Path;

use crate::deploy::store::Fault;
use crate::diagnostic::Diagnostic;

pub type Problem = Box<Diagnostic>;

pub fn wrong_destination(text: &str, why: &str) -> Problem {
    let problem = Diagnostic::error("destination", format!("`{text}` is nothing that a site can be deployed to: {why}"));
    Box::new(problem.help("write a folder, file:///folder, s3://bucket/prefix, gs://bucket/prefix or az://container/prefix"))
}

pub fn credentials_in_address() -> Problem {
    let problem = Diagnostic::error("destination", "an address must not hold credentials: they come from the environment");
    Box::new(problem.help("write it without what stands before the `@`; `huibian help deploy` lists the variables"))
}

#[cfg(not(feature = "deploy"))]
pub fn without_stores(destination: &str) -> Problem {
    let problem =
        Diagnostic::error("destination", format!("this huibian cannot deploy to `{destination}`: it was built without object stores"));
    Box::new(problem.help("install it with `cargo install --path . --locked --features deploy`, or deploy to a folder and copy that"))
}

pub fn unsafe_folder(folder: &Path, why: &str) -> Problem {
    let problem = Diagnostic::error("destination", format!("cannot deploy to `{}`: {why}", folder.display()));
    Box::new(problem.help("choose a folder of its own"))
}

pub fn not_ours(destination: &str) -> Problem {
    let problem = Diagnostic::error("not-ours", format!("`{destination}` holds something that huibian did not put there"));
    let problem = problem.note("deploying over it could overwrite files that nobody has a copy of");
    Box::new(problem.help("choose an empty place, or say --take-over: files of the same name are then replaced, all others left"))
}

pub fn unreadable_record(destination: &str, name: &str, why: &str) -> Problem {
    let problem = Diagnostic::error("not-ours", format!("cannot tell what is deployed at `{destination}`: {name}: {why}"));
    Box::new(problem.help(format!("if it is damaged, remove {name} there and deploy with --take-over: every file is then uploaded again")))
}

pub fn damaged_site(folder: &Path, what: &str) -> Problem {
    let problem = Diagnostic::error("damaged-site", format!("`{}` is not what its manifest says: {what}", folder.display()));
    Box::new(problem.help("nothing was uploaded; build again (`huibian verify` names every file), then deploy"))
}

pub fn store(verb: &str, what: &str, destination: &str, fault: &Fault) -> Problem {
    let problem = Diagnostic::error("store", format!("cannot {verb} `{what}` at {destination}: {}", fault.reason));
    Box::new(problem.help(fault.help.clone()))
}

/// Some files had gone up when it stopped.
#[allow(clippy::boxed_local, reason = "problems travel in boxes")]
pub fn broken_off(problem: Problem, done: usize, steps: usize) -> Problem {
    let note =
        format!("{done} of {steps} steps were done; pages that readers see may be old and new ones side by side until it is finished");
    Box::new(problem.note(note).note("the same command goes on from there; --rollback puts back what was deployed before"))
}

pub fn locked(destination: &str, holder: &str) -> Problem {
    let problem = Diagnostic::error("busy", format!("another huibian is deploying to {destination}: {holder}"));
    let problem = problem.note("nothing was uploaded");
    Box::new(problem.help("wait for it to end; if it was killed, or its machine is gone, deploy again with --break-lock"))
}

pub fn lock_lost(destination: &str, holder: &str) -> Problem {
    let problem = Diagnostic::error("busy", format!("somebody else has begun to deploy to {destination} with --break-lock: {holder}"));
    Box::new(problem.help("agree on who deploys; then deploy again"))
}

pub fn changed_meanwhile(destination: &str) -> Problem {
    let problem = Diagnostic::error("busy", format!("another huibian has just deployed to {destination}"));
    Box::new(problem.note("nothing was uploaded").help("deploy again, if this site is the newer one"))
}

pub fn busy(destination: &str) -> Problem {
    let problem = Diagnostic::error("busy", format!("another huibian on this machine is deploying to {destination}"));
    Box::new(problem.help("wait for it to end, and deploy again"))
}

pub fn nothing_to_go_back_to(destination: &str, why: &str) -> Problem {
    let problem = Diagnostic::error("rollback", format!("cannot roll {destination} back: {why}"));
    let problem = problem.note("the sites of the last two deployments are kept on the machine that deployed them, beside the built site");
    Box::new(problem.help("build the archive as it was, into a folder of its own, and deploy that with --site"))
}

pub fn cannot_keep(folder: &Path, error: &std::io::Error) -> Problem {
    let problem = Diagnostic::error("not-writable", format!("cannot keep a copy of the site in `{}`: {error}", folder.display()));
    Box::new(problem.help("deploying needs a folder beside the site that may be written to: it keeps what --rollback needs there"))
}
