//! Keeps a memo beside the lock. It may be deleted at any time.
#![allow(clippy::disallowed_methods)] // reads and writes it

use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::Path;

use rayon::prelude::*;

use crate::memo::log::{self, Plan};
use crate::memo::{Memo, Record};
use crate::publish::memory::program;
use crate::publish::record;

/// Its names in the work folder: what each source was understood as, and what was worked out over all of them.
const MEMO: &str = "understood";
const INSIGHT: &str = "insight";

/// Records that are written down at a time: an archive's texts never stand in memory twice.
const BATCH: usize = 512;

/// The memo in a folder; an empty one where there is none that this program has written.
pub fn load(folder: &Path) -> Memo {
    let mut memo = match fs::read(folder.join(MEMO)) {
        Ok(bytes) => log::read(bytes, &program()),
        Err(_) => Memo::default(),
    };
    let insight = fs::read(folder.join(INSIGHT)).ok();
    memo.insight = insight.and_then(|bytes| log::read_insight(&bytes, &program())).unwrap_or_default();
    memo
}

/// Brings the memo in a folder up to date. Whoever calls this holds the lock.
///
/// # Errors
/// The disk is full, or not to be written.
pub fn save(memo: &Memo, folder: &Path) -> io::Result<()> {
    let insight = log::write_insight(&memo.insight, &program());
    if fs::read(folder.join(INSIGHT)).ok().is_none_or(|old| old != insight) {
        record::replace(&folder.join(INSIGHT), |mut file| file.write_all(&insight))?;
    }
    let path = folder.join(MEMO);
    match log::plan(memo) {
        Plan::Nothing => Ok(()),
        Plan::Append(end, records) => {
            let mut file = File::options().write(true).open(path)?;
            // What a killed build had begun to put behind.
            file.set_len(end)?;
            file.seek(SeekFrom::End(0))?;
            write(file, &records)
        }
        Plan::Rewrite(records) => record::replace(&path, |mut file| {
            file.write_all(&program())?;
            write(file, &records)
        }),
    }
}

fn write(file: File, records: &[&Record]) -> io::Result<()> {
    let mut file = BufWriter::new(file);
    for batch in records.chunks(BATCH) {
        let written: Vec<Vec<u8>> = batch.par_iter().map(|record| log::write(record)).collect();
        written.iter().try_for_each(|record| file.write_all(record))?;
    }
    file.flush()
}
