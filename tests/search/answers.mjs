// Answers the queries of several built indexes: node answers.mjs FOLDER...
// Each folder holds an index and queries.json; prints one line for each query: the reports, best first.
import fs from "node:fs";
import path from "node:path";
import { open } from "./open.mjs";

const { find, rank } = globalThis.HuibianSearch;
for (const folder of process.argv.slice(2)) {
  const index = await open(folder);
  const lines = [];
  for (const query of JSON.parse(fs.readFileSync(path.join(folder, "queries.json"), "utf8"))) {
    const found = await find(index, query);
    lines.push(JSON.stringify(await rank(index, found)));
  }
  process.stdout.write(lines.join("\n") + "\n");
}
