// Opens a built index in Node as the page does in a browser.
import fs from "node:fs";
import path from "node:path";
import vm from "node:vm";

const assets = new URL("../../themes/default/assets/", import.meta.url);
const script = (name) => fs.readFileSync(new URL(name, assets), "utf8");
const index = fs.readdirSync(new URL("search-index/", assets)).sort().map((name) => script(`search-index/${name}`));
// As src/look/assets.rs joins them.
const joined = (parts) => `"use strict";(() => {\n${parts.join("\n")}\n})();`;
vm.runInThisContext(joined(index), { filename: "search-index.js" });
vm.runInThisContext(joined([script("search-page/10-query.js")]), { filename: "search-page.js" });
vm.runInThisContext(script("search-operators.js"), { filename: "search-operators.js" });
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
