// search-disk.js: a page opened from disk may not fetch, but it may run scripts: the index's files are scripts in
// windows-1252, where all 256 bytes are characters.
"use strict";

(() => {
  const Search = globalThis.HuibianSearch;
  const byteOf = new Map([...new TextDecoder("windows-1252").decode(Uint8Array.from({ length: 128 }, (_, i) => 128 + i))].map((c, i) => [c, 128 + i]));
  const waiting = new Map();
  globalThis.H = (id, text) => waiting.get(id)?.(Uint8Array.from(text, (c) => byteOf.get(c) ?? c.charCodeAt(0)));
  Search.fromDisk = (id, path) =>
    new Promise((resolve, reject) => {
      waiting.set(id, resolve);
      Search.run(path, "windows-1252").then(() => reject(new Search.Damaged(path)), reject);
    }).finally(() => waiting.delete(id));
})();
