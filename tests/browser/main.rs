//! Real pages in a real browser: headless Chromium drives the sample archive over HTTP and from disk; search in Firefox too.
//!
//! Without Chromium the tests say that they are skipped; `HUIBIAN_BROWSER_TESTS=required` makes that a failure.

mod accessibility;
mod archive;
mod chromium;
mod firefox;
mod host;
mod journeys;
mod pages;
mod print;
mod reading;
mod search;
