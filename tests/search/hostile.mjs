// Damages the files of a built index at random: node hostile.mjs FOLDER COUNT. The script gives an answer or an error, soon.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { Index, unwrap } from "./open.mjs";

const { find } = globalThis.HuibianSearch;
const [folder, count] = [process.argv[2], Number(process.argv[3])];
const files = fs.readdirSync(folder, { recursive: true }).map(String).filter((file) => file.endsWith(".js")).sort();
const whole = new Map(files.map((file) => [file, fs.readFileSync(path.join(folder, file))]));
let state = 1;
const below = (limit) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * limit);
};
// The first bytes name the file: damage there is found at once.
const damaged = (file) => {
  const bytes = Buffer.from(whole.get(file));
  const from = Math.min(12, bytes.length - 3);
  for (let n = 1 + below(4); n > 0; n--) bytes[from + below(bytes.length - 2 - from)] = below(256);
  return bytes;
};
const outcomes = { answered: 0, refused: 0 };
for (let i = 0; i < count; i++) {
  const file = files[below(files.length)];
  const bytes = damaged(file);
  const started = performance.now();
  try {
    const index = await new Index(async (id, asked) => unwrap(id, asked === file ? bytes : whole.get(asked))).open();
    for (const query of ["工作", "加强组织领导，落实", "落实工作责任", "人才工作又上新"]) await find(index, query);
    outcomes.answered++;
  } catch (error) {
    assert(error instanceof Error, `${file}: ${error}`);
    outcomes.refused++;
  }
  const seconds = (performance.now() - started) / 1000;
  assert(seconds < 20, `${file}: ${seconds} s`);
}
assert(outcomes.refused > 0 && outcomes.answered > 0, JSON.stringify(outcomes));
