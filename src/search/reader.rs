//! Reads a built index and answers queries from it, as the browser does.
//!
//! `themes/default/assets/search-index/` and `search-page/` hold the same steps for the page; a property test
//! compares both with a look through all texts.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::search::alphabet::Sign;
use crate::search::base::{BLOCK, Base, STRETCH, Stamp, read_starts};
use crate::search::bits::{BitReader, Damaged};
use crate::search::exceptions::Exception;
use crate::search::facet::Facets;
use crate::search::file::File;
use crate::search::grams::{CANDIDATES, Tier};
use crate::search::key::{self, Key};
use crate::search::normal::{self, BREAK, Simplified};
use crate::search::numeral;
use crate::search::shard::{self, Item};
use crate::search::suffix::LONGEST;
use crate::search::text::Stored;

/// Why an index cannot answer.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("cannot read `search/{path}`")]
    Missing { path: String, source: std::io::Error },
    #[error("`search/{path}` is not as it was written: {source}")]
    Damaged { path: String, source: Damaged },
    #[error("`search/{path}` belongs to another build of the site than `search/base.js`")]
    Stale { path: String },
}

/// Gives the bytes of a file by its path below `search/`.
type Load = dyn Fn(&str) -> std::io::Result<Vec<u8>>;
type Shard = BTreeMap<Key, Rc<Item>>;
/// What has been read, by the number of its file.
type Memory<T> = RefCell<FxHashMap<u32, Rc<T>>>;

/// A built index.
pub struct Index {
    load: Box<Load>,
    base: Base,
    shards: Memory<Shard>,
    stretches: Memory<Vec<Key>>,
    texts: Memory<Stored>,
    facets: RefCell<Option<Rc<Facets>>>,
}

/// The reports that hold a string, ascending.
#[derive(Debug, Clone, Default)]
pub struct Held {
    pub reports: Vec<u32>,
    /// Whether all of them do; if not, their texts decide.
    pub is_exact: bool,
    /// What the index lists for parts of the string: for ranking.
    pub parts: Vec<Rc<Item>>,
}

impl Index {
    /// `load` gives the bytes of a file by its path below `search/`.
    ///
    /// # Errors
    /// No index, or one of another format.
    pub fn open(load: impl Fn(&str) -> std::io::Result<Vec<u8>> + 'static) -> Result<Self, ReadError> {
        let payload = payload(&load, File::Base)?;
        let base = Base::read(&payload).map_err(|source| ReadError::Damaged { path: File::Base.path(), source })?;
        Ok(Self {
            load: Box::new(load),
            base,
            shards: RefCell::default(),
            stretches: RefCell::default(),
            texts: RefCell::default(),
            facets: RefCell::default(),
        })
    }

    pub fn report_count(&self) -> u32 {
        self.base.report_count
    }

    /// The normal form of a query's term.
    pub fn normal(&self, text: &str) -> String {
        normal::normal(text, Simplified::all())
    }

    /// The other ways in which the texts may write a normal form.
    pub fn alternatives(&self, normal: &str) -> Vec<String> {
        let is_written = |year: &i32| self.base.chinese_years.binary_search(year).is_ok();
        let mut others = numeral::alternatives(normal);
        others.retain(|other| numeral::chinese_years(other.chars()).iter().all(is_written));
        others
    }

    /// The year of each report, by the reports' order.
    pub fn years(&self) -> impl Iterator<Item = Option<i32>> {
        self.base.years.iter().flat_map(|&(year, count)| std::iter::repeat_n(year, count as usize))
    }

    /// The reports that hold a normal form within one paragraph.
    ///
    /// # Errors
    /// Files that are missing or damaged.
    pub fn holding(&self, normal: &str) -> Result<Held, ReadError> {
        let mut runs = Vec::new();
        for run in normal.split(BREAK) {
            let alphabet = &self.base.alphabet;
            let Some(letters) = run.chars().map(|c| alphabet.number(c).map(|letter| alphabet.sign(letter))).collect::<Option<Vec<Sign>>>()
            else {
                return Ok(Held { is_exact: true, ..Held::default() });
            };
            runs.push(self.run(&letters)?);
        }
        let is_one = runs.len() == 1;
        let mut runs = runs.into_iter();
        let mut held = runs.next().unwrap_or_default();
        for run in runs {
            held.reports = both(&held.reports, &run.reports);
            held.parts.extend(run.parts);
        }
        held.is_exact = held.reports.is_empty() || is_one && held.is_exact;
        Ok(held)
    }

    /// A run of letters: from strings of four upwards, each time by what its two parts share and the exceptions,
    /// until few enough reports are left to be read.
    fn run(&self, letters: &[Sign]) -> Result<Held, ReadError> {
        let length = letters.len();
        if length <= 4 {
            let mut held = self.gram(letters)?;
            if length == 4 {
                held.parts.extend(self.triple(letters)?);
            }
            return Ok(held);
        }
        let mut spaced: Vec<usize> = (0..length - 4).step_by(4).collect();
        spaced.push(length - 4);
        let mut windows: BTreeMap<usize, Held> = BTreeMap::new();
        let mut reports: Option<Vec<u32>> = None;
        let mut parts = Vec::new();
        for &at in &spaced {
            let held = self.gram(&letters[at..at + 4])?;
            parts.extend(self.triple(&letters[at..])?);
            reports = Some(reports.map_or_else(|| held.reports.clone(), |reports| both(&reports, &held.reports)));
            windows.insert(at, held);
        }
        let mut reports = reports.unwrap_or_default();
        if reports.len() > CANDIDATES {
            for at in 0..=length - 4 {
                if let Entry::Vacant(window) = windows.entry(at) {
                    let held = self.gram(&letters[at..at + 4])?;
                    reports = both(&reports, &held.reports);
                    window.insert(held);
                }
            }
        }
        if reports.len() <= CANDIDATES {
            return Ok(Held { is_exact: reports.is_empty(), reports, parts });
        }
        // All windows have more, so all are listed and exact.
        let mut sets: Vec<Vec<u32>> = windows.into_values().map(|held| held.reports).collect();
        for size in 5..=length {
            if size > LONGEST {
                return Ok(Held { reports, is_exact: false, parts });
            }
            let mut longer = Vec::new();
            for at in 0..=length - size {
                let mut set = both(&sets[at], &sets[at + 1]);
                if set.len() > CANDIDATES
                    && let Some(exception) = self.exception(&letters[at..at + size])?
                {
                    // A rank beyond the candidates would be another build's: stamps rule that out, bytes that lie do not.
                    set = exception.holding.iter().filter_map(|&rank| set.get(rank as usize).copied()).collect();
                }
                if set.len() <= CANDIDATES {
                    reports = both(&reports, &set);
                    return Ok(Held { is_exact: reports.is_empty(), reports, parts });
                }
                longer.push(set);
            }
            sets = longer;
        }
        Ok(Held { reports: sets.swap_remove(0), is_exact: true, parts })
    }

    /// One to four letters. Unless exact, there are at most [`CANDIDATES`] reports.
    fn gram(&self, letters: &[Sign]) -> Result<Held, ReadError> {
        if let Some(item) = self.item(letters)? {
            return Ok(Held { reports: item.reports.clone(), is_exact: true, parts: vec![item] });
        }
        if letters.len() < 3 {
            return Ok(Held { is_exact: true, ..Held::default() });
        }
        let (a, b) = (self.gram(&letters[..letters.len() - 1])?, self.gram(&letters[1..])?);
        let reports = both(&a.reports, &b.reports);
        if reports.is_empty() || reports.len() > CANDIDATES && a.is_exact && b.is_exact {
            // With so many candidates it would be listed, if it stood anywhere.
            return Ok(Held { is_exact: true, ..Held::default() });
        }
        Ok(Held { reports, is_exact: false, parts: Vec::new() })
    }

    /// What the shard of the first four letters knows of the three that they extend.
    fn triple(&self, letters: &[Sign]) -> Result<Option<Rc<Item>>, ReadError> {
        let mut key = key::of(&letters[..4]);
        let shard = self.shard_of(&key)?;
        key[3] = 0;
        Ok(shard.get(&key).filter(|item| !item.tiers.is_empty()).cloned())
    }

    fn item(&self, letters: &[Sign]) -> Result<Option<Rc<Item>>, ReadError> {
        let key = key::of(letters);
        Ok(self.shard_of(&key)?.get(&key).cloned())
    }

    fn exception(&self, letters: &[Sign]) -> Result<Option<Exception>, ReadError> {
        let item = self.item(&letters[..4])?;
        Ok(item.and_then(|item| item.exceptions.iter().find(|exception| exception.string == letters).cloned()))
    }

    fn shard_of(&self, key: &Key) -> Result<Rc<Shard>, ReadError> {
        let last = |starts: &[Key]| starts.partition_point(|start| start <= key).checked_sub(1);
        let shard_count = self.base.shard_count;
        let at = if Base::has_stretches(shard_count) {
            let stretch = last(&self.base.starts).unwrap_or(0);
            let count = STRETCH.min(shard_count as usize - stretch * STRETCH);
            let starts = once(&self.stretches, stretch as u32, || {
                self.read(File::Directory(stretch as u32), |bytes| read_starts(&mut BitReader::new(bytes), count))
            })?;
            last(&starts).map(|at| stretch * STRETCH + at)
        } else {
            last(&self.base.starts)
        };
        let Some(at) = at else { return Ok(Rc::default()) };
        once(&self.shards, at as u32, || {
            let sign_count = self.base.alphabet.sign_count();
            let items = self.read(File::Shard(at as u32), |bytes| shard::read(bytes, self.base.report_count, sign_count))?;
            Ok(items.into_iter().map(|(key, item)| (key, Rc::new(item))).collect())
        })
    }

    /// A report's text.
    ///
    /// # Errors
    /// A file that is missing or damaged.
    pub fn text(&self, report: u32) -> Result<Rc<Stored>, ReadError> {
        once(&self.texts, report, || {
            let stamp = self.base.text_stamps.get(report as usize / BLOCK).copied().unwrap_or_default();
            self.read_stamped(File::Text(report), stamp, |bytes| self.base.text(bytes))
        })
    }

    /// By what hits can be narrowed.
    ///
    /// # Errors
    /// A file that is missing or damaged.
    pub fn facets(&self) -> Result<Rc<Facets>, ReadError> {
        if let Some(facets) = &*self.facets.borrow() {
            return Ok(facets.clone());
        }
        let facets = Rc::new(self.read(File::Facets, |bytes| Facets::read(bytes, self.base.report_count))?);
        *self.facets.borrow_mut() = Some(facets.clone());
        Ok(facets)
    }

    fn read<T>(&self, file: File, unpack: impl Fn(&[u8]) -> Result<T, Damaged>) -> Result<T, ReadError> {
        self.read_stamped(file, self.base.stamp, unpack)
    }

    fn read_stamped<T>(&self, file: File, stamp: Stamp, unpack: impl Fn(&[u8]) -> Result<T, Damaged>) -> Result<T, ReadError> {
        let payload = payload(&self.load, file)?;
        let Some(bytes) = payload.strip_prefix(&stamp) else { return Err(ReadError::Stale { path: file.path() }) };
        unpack(bytes).map_err(|source| ReadError::Damaged { path: file.path(), source })
    }
}

fn payload(load: &Load, file: File) -> Result<Vec<u8>, ReadError> {
    let path = file.path();
    let bytes = load(&path).map_err(|source| ReadError::Missing { path: path.clone(), source })?;
    file.unwrap(&bytes).map_err(|source| ReadError::Damaged { path, source })
}

/// The remembered value, or a new one that is remembered from then on.
fn once<T>(memory: &Memory<T>, key: u32, make: impl FnOnce() -> Result<T, ReadError>) -> Result<Rc<T>, ReadError> {
    if let Some(value) = memory.borrow().get(&key) {
        return Ok(value.clone());
    }
    let value = Rc::new(make()?);
    memory.borrow_mut().insert(key, value.clone());
    Ok(value)
}

/// What two ascending lists share.
pub fn both(a: &[u32], b: &[u32]) -> Vec<u32> {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let mut rest = long;
    short
        .iter()
        .copied()
        .filter(|report| {
            rest = &rest[rest.partition_point(|other| other < report)..];
            rest.first() == Some(report)
        })
        .collect()
}

impl Item {
    /// The reports in whose titles the string stands; `None` where the shard does not tell.
    pub fn in_titles(&self) -> Option<Vec<u32>> {
        let tiers = self.tiers.iter().zip(&self.reports);
        (!self.tiers.is_empty()).then(|| tiers.filter(|(tier, _)| **tier == Tier::Title).map(|(_, report)| *report).collect())
    }
}
