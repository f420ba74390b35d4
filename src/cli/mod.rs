//! The command line: reads the arguments, runs a command, and says what happened.
//!
//! Exit status: 0 done; 1 the archive or the build has errors; 2 wrong usage.

use std::io;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

mod add;
mod args;
mod build;
mod check;
mod deploy;
mod export;
mod init;
mod inspect;
mod progress;
mod report;
mod root;
mod search;
mod serve;
mod summary;
mod verify;

use args::{Cli, Color, Command, Global};
use report::Reporter;

/// Why a command stopped.
enum Failure {
    /// Everything has been said already.
    Reported,
    /// Something that is not about one file of the archive.
    Other(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Other(error.into())
    }
}

type Outcome = Result<(), Failure>;

/// Runs the program.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    choose_colour(cli.global.color);
    let reporter = Reporter::new(&cli.global);
    match dispatch(&cli, reporter) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Reported) => ExitCode::from(1),
        // The reader of our output has gone (`huibian inspect … | head`): not worth a word.
        Err(Failure::Other(error)) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(Failure::Other(error)) => {
            reporter.failure(&error);
            ExitCode::from(1)
        }
    }
}

fn dispatch(cli: &Cli, reporter: Reporter) -> Outcome {
    let Global { root, .. } = &cli.global;
    let root = root.as_deref();
    match &cli.command {
        Command::Init(args) => init::run(args, &reporter),
        Command::Add(args) => add::run(args, root, &reporter),
        Command::Build(args) => build::run(args, root, &reporter),
        Command::Serve(args) => serve::serve(args, root, reporter),
        Command::Watch(args) => serve::watch(args, root, &reporter),
        Command::Inspect(args) => inspect::run(args, root, &reporter),
        Command::Check(args) => check::run(args, root, &reporter),
        Command::Search(args) => search::run(args, root, &reporter),
        Command::Verify(args) => verify::run(args, root, &reporter),
        Command::Deploy(args) => deploy::run(args, root, &reporter),
        Command::Export(args) => export::run(args, root, &reporter),
        Command::Completions(args) => completions(args.shell),
    }
}

fn completions(shell: clap_complete::Shell) -> Outcome {
    // `generate` panics when its writer fails; a Vec never does.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "huibian", &mut script);
    io::Write::write_all(&mut io::stdout().lock(), &script)?;
    Ok(())
}

/// `auto` leaves the choice to anstream, which looks at the terminal, `NO_COLOR` and `CLICOLOR_FORCE`.
fn choose_colour(color: Color) {
    match color {
        Color::Auto => {}
        Color::Always => anstream::ColorChoice::Always.write_global(),
        Color::Never => anstream::ColorChoice::Never.write_global(),
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
