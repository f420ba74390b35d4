// The cases of tests/cases/search/ against the browser's script.
import assert from "node:assert/strict";
import fs from "node:fs";
import "./open.mjs";

const { Normal, parse, range } = globalThis.HuibianSearch;
const cases = (name) =>
  fs.readFileSync(new URL(`../cases/search/${name}`, import.meta.url), "utf8").split("\n").filter((line) => !line.startsWith("#") && line.includes(" => ")).map((line) => line.split(/ => (.*)/s));

const simplified = new Map([..."關关於于幹干隊队設设"].reduce((pairs, c, i, all) => (i % 2 ? pairs : [...pairs, [c, all[i + 1]]]), []));
const normal = new Normal(simplified);
for (const [text, expected] of cases("normal.txt")) assert.equal(normal.of(text), expected, text);

for (const [query, expected] of cases("queries.txt")) {
  const clauses = parse(query).map((clause) => clause.map(({ not, field, text }) => (not ? "!" : "") + (field ? `[${field}]` : "") + text).join("|"));
  assert.equal(clauses.join(" / "), expected, query);
}

for (const [text, expected] of [["2019", [2019, 2019]], ["2019年", [2019, 2019]], ["２０１９", [2019, 2019]], ["2019..2023", [2019, 2023]], ["2019-2023", [2019, 2023]], ["2019..", [2019, 9999]], ["..2023", [1, 2023]], ["..", null], ["19", null], ["abcd", null], ["", null]])
  assert.deepEqual(range(text), expected, text);
