// Opens a built index in Node as the page does in a browser.
import fs from "node:fs";
import path from "node:path";
import vm from "node:vm";

const assets = new URL("../../themes/default/assets/", import.meta.url);
const index = fs.readdirSync(new URL("search-index/", assets)).sort().map((name) => `search-index/${name}`);
for (const name of [...index, "search-page/10-query.js", "search-operators.js"])
  vm.runInThisContext(fs.readFileSync(new URL(name, assets), "utf8"), { filename: name });
export const { Index } = globalThis.HuibianSearch;

// The payload of one file: what the page does with bytes that it fetched.
export const unwrap = globalThis.HuibianSearch.unwrap;

// `log`, if given, learns of every file read: [path, bytes].
export const open = (folder, log = []) =>
  new Index(async (id, file) => {
    const bytes = fs.readFileSync(path.join(folder, file));
    log.push([file, bytes.length]);
    return unwrap(id, bytes);
  }).open();
