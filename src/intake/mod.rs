//! Takes uploads from anywhere and puts them under `content/`.
//!
//! files, folders, ZIP archives ──► [`parcel::unpack`] ──► `Vec<Upload>` ──► [`store::Store::put`] ──► `content/<year>/`
//!
//! Promise: nothing that lies there is overwritten, nothing lands outside, and what cannot be taken is named.

mod parcel;
mod safe_name;
mod store;

pub use parcel::{Upload, unpack, unpack_bytes};
pub use safe_name::safe_name;
pub use store::{Put, Store};
