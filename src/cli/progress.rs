//! Shows how far a build has come, and remembers how long each stage took.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::report::Reporter;
use crate::progress::{Observer, Stage};

/// A bar on a terminal, silence in a pipe.
pub struct Progress {
    bar: ProgressBar,
    started: Instant,
    stages: Mutex<Vec<(Stage, Instant)>>,
}

impl Progress {
    pub fn new(reporter: &Reporter) -> Self {
        let shown = !reporter.quiet && std::io::stderr().is_terminal();
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        Self { bar: ProgressBar::with_draw_target(None, target), started: Instant::now(), stages: Mutex::default() }
    }

    /// Takes the bar away and says how long everything took.
    pub fn finish(self) -> Timings {
        self.bar.finish_and_clear();
        let end = Instant::now();
        let stages = self.stages.into_inner().expect("no thread panics while it notes a time");
        let ends = stages.iter().skip(1).map(|(_, at)| *at).chain([end]);
        let stages = stages.iter().zip(ends).map(|((stage, begun), ended)| (*stage, ended - *begun)).collect();
        Timings { total: end - self.started, stages }
    }
}

impl Observer for Progress {
    fn begin(&self, stage: Stage, steps: usize) {
        self.stages.lock().expect("no thread panics while it notes a time").push((stage, Instant::now()));
        let template = if steps == 0 { "{msg:<11} {spinner}" } else { "{msg:<11} {bar:30} {pos} of {len}" };
        self.bar.set_style(ProgressStyle::with_template(template).expect("the template is sound"));
        self.bar.set_length(steps as u64);
        self.bar.set_position(0);
        self.bar.set_message(stage.name());
    }

    fn step(&self) {
        self.bar.inc(1);
    }
}

/// How long a build took, as a whole and by stage.
#[derive(Debug, Clone, Default)]
pub struct Timings {
    pub total: Duration,
    pub stages: Vec<(Stage, Duration)>,
}
