// 10-files.js: what the bytes of the index's files say. docs/search-format.md describes them; src/search/ writes them.
// The scripts of this folder become one, search-index.js, in one function. They touch no page, so that they run wherever scripts do.
const VERSION = 3;
const STRETCH = 256;
const BLOCK = 256;
const CODE_POINTS = 0x110000;
const SIMPLIFIED_ORDER = 10;
const MOST_DIRECT = 16 * 1024;
const SINGLES = 232;
const TITLE = 3;

// Its message is the file, which whoever asked for it adds.
class Damaged extends Error {}
const damaged = () => {
  throw new Damaged();
};

class BitReader {
  #bytes;

  constructor(bytes) {
    this.#bytes = bytes;
    this.at = 0;
    this.end = bytes.length * 8;
  }

  get(count) {
    if (this.at + count > this.end) damaged();
    let value = 0;
    while (count > 0) {
      const offset = this.at & 7;
      const take = Math.min(8 - offset, count);
      value = value * (1 << take) + ((this.#bytes[this.at >> 3] >> (8 - offset - take)) & ((1 << take) - 1));
      this.at += take;
      count -= take;
    }
    return value;
  }

  golomb(order) {
    let zeros = 0;
    while (this.get(1) === 0) if (++zeros > 32) damaged();
    return 2 ** (zeros + order) + this.get(zeros + order) - 2 ** order;
  }

  bounded(range) {
    if (range <= 1) return 0;
    const width = 31 - Math.clz32(range);
    const short = 2 ** (width + 1) - range;
    const value = this.get(width);
    return value < short ? value : value * 2 + this.get(1) - short;
  }

  ascending(count, universe) {
    if (count > universe) damaged();
    const list = new Uint32Array(count);
    this.#between(list, 0, count, 0, universe - 1);
    return list;
  }

  #between(list, from, to, low, high) {
    const count = to - from;
    if (count === 0) return;
    if (high - low + 1 === count) {
      for (let i = 0; i < count; i++) list[from + i] = low + i;
      return;
    }
    const half = count >> 1;
    const first = low + half;
    const last = high - (count - 1 - half);
    const value = first + this.bounded(last - first + 1);
    list[from + half] = value;
    this.#between(list, from, from + half, low, value - 1);
    this.#between(list, from + half + 1, to, value + 1, high);
  }
}

class ByteReader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  number() {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      if (this.at >= this.bytes.length) damaged();
      const byte = this.bytes[this.at++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
    damaged();
  }

  take(length) {
    if (this.at + length > this.bytes.length) damaged();
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
}

const inflate = async (...parts) => {
  const stream = new Blob(parts).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
};

// The payload of a file that came as bytes.
const unwrap = (id, bytes) => {
  const head = `H("${id}","`;
  for (let i = 0; i < head.length; i++) if (bytes[i] !== head.charCodeAt(i)) damaged();
  const end = bytes.length - 2;
  if (bytes[end] !== 34 || bytes[end + 1] !== 41) damaged();
  const payload = new Uint8Array(end - head.length);
  let size = 0;
  for (let i = head.length; i < end; i++) {
    let byte = bytes[i];
    if (byte === 92) {
      byte = bytes[++i];
      if (byte === 110) byte = 10;
      else if (byte === 114) byte = 13;
    }
    payload[size++] = byte;
  }
  return payload.subarray(0, size);
};

const STEP_ORDER = [0, 4, 6, 6];
const LETTER_ORDER = [9, 6, 7, 7];

const readStarts = (bits, count) => {
  if (count > bits.end) damaged();
  const starts = new Uint32Array(4 * count);
  const last = [0, 0, 0, 0];
  let lastDepth = 0;
  for (let i = 0; i < count; i++) {
    const depth = bits.get(2) + 1;
    const same = bits.bounded(Math.min(depth, lastDepth + 1));
    for (let at = same; at < depth; at++) {
      const before = at === same ? last[at] : 0;
      last[at] = before + bits.golomb((before ? STEP_ORDER : LETTER_ORDER)[at]) + 1;
    }
    last.fill(0, depth);
    lastDepth = depth;
    starts.set(last, 4 * i);
  }
  return starts;
};

// What the base holds; its bit lists as they stand in docs/search-format.md.
const readBase = (bytes) => {
  const read = new ByteReader(bytes);
  const number = () => read.number();
  if (read.take(1)[0] !== VERSION) damaged();
  const stamp = read.take(4);
  const [reportCount, candidates, longest, shardCount] = [number(), number(), number(), number()];
  const [characterCount, otherCount, pairCount, wordCount] = [number(), number(), number(), number()];
  const years = [];
  for (let n = number(); n > 0; n--) years.push([number(), number()]);
  const chineseYears = new Set();
  for (let n = number(); n > 0; n--) chineseYears.add(number());
  const textStamps = read.take(4 * Math.ceil(reportCount / BLOCK));
  const dictionary = read.take(number());
  const bits = new BitReader(read.bytes.subarray(read.at));
  const some = (count) => Array.from(bits.ascending(count, CODE_POINTS), (point) => String.fromCodePoint(point));
  const characters = [];
  for (let end = 8; characters.length < characterCount; end *= 2) characters.push(...some(Math.min(end, characterCount) - characters.length));
  const others = some(otherCount);
  const simplified = new Map();
  for (const from of some(pairCount)) {
    const sign = bits.get(1) ? -1 : 1;
    simplified.set(from, String.fromCodePoint(from.codePointAt(0) + sign * bits.golomb(SIMPLIFIED_ORDER)));
  }
  const strings = [...characters];
  const words = readStarts(bits, wordCount);
  for (let i = 0; i < words.length; i += 4) strings.push(Array.from(words.subarray(i, i + 4), (number) => (number ? characters[number - 1] : "")).join(""));
  const singles = new Set(bits.ascending(Math.min(SINGLES, strings.length), strings.length));
  const codes = [...strings.filter((_, i) => singles.has(i)), ...strings.filter((_, i) => !singles.has(i))];
  const starts = readStarts(bits, shardCount <= MOST_DIRECT ? shardCount : Math.ceil(shardCount / STRETCH));
  return { stamp, reportCount, candidates, longest, shardCount, years, chineseYears, textStamps, dictionary, characters, others, simplified, codes, starts };
};

const SHARD_LETTER_ORDER = [0, 4, 5, 6];
const FIRST_LETTER_ORDER = 9;
const EXCEPTION_LETTER_ORDER = 6;

const readShard = (bytes, reportCount, signCount, candidates) => {
  const bits = new BitReader(bytes);
  const golomb = (order) => bits.golomb(order);
  const items = new Map();
  const last = [0, 0, 0, 0];
  let pair = null;
  let triple = null;
  let left = Math.max(1 << 22, 4 * reportCount);
  // A letter, or as a key's third and fourth part an extension.
  const part = (before, at, order) => {
    const value = before + golomb(order) + 1;
    const letter = at < 2 ? value : value >> 1;
    if (!letter || letter >= signCount) damaged();
    return value;
  };
  const list = (universe, least) => {
    const count = golomb(1) + least;
    if ((left -= count) < 0) damaged();
    return bits.ascending(count, universe);
  };
  for (let begins = true; ; begins = false) {
    let depth = 4;
    while (depth && !bits.get(1)) depth--;
    if (!depth) return items;
    if (begins) for (let i = 0; i < depth - 1; i++) last[i] = part(0, i, FIRST_LETTER_ORDER);
    else if (depth > 1 && !last[depth - 2]) damaged();
    last[depth - 1] = part(last[depth - 1], depth - 1, begins && depth === 1 ? FIRST_LETTER_ORDER : SHARD_LETTER_ORDER[depth - 1]);
    last.fill(0, depth);
    const parent = depth === 4 ? triple : depth === 3 ? pair : null;
    const reports = list(parent ? parent.reports.length : reportCount, 1);
    if (parent) for (let i = 0; i < reports.length; i++) reports[i] = parent.reports[reports[i]];
    const item = { reports };
    if (depth < 4 && reports.length > candidates) {
      item.tiers = new Uint8Array(reports.length);
      let within = reports.map((_, i) => i);
      for (let tier = 1; tier <= TITLE && within.length; tier++) {
        within = list(within.length, 0).map((i) => within[i]);
        for (const i of within) item.tiers[i] = tier;
      }
    }
    if (depth === 4) {
      const count = golomb(0);
      if (count) item.exceptions = new Map();
      let previous = [];
      for (let i = 0; i < count; i++) {
        const string = previous.slice(0, golomb(1));
        for (let more = golomb(1) + 1; more > 0; more--) string.push(part(0, 0, EXCEPTION_LETTER_ORDER));
        const universe = golomb(3) + candidates + 1;
        if (universe > reportCount) damaged();
        item.exceptions.set(string.join(), list(universe, 0));
        previous = string;
      }
    }
    if (depth === 1) pair = triple = null;
    else if (depth === 2) [pair, triple] = [item, null];
    else if (depth === 3) triple = item;
    items.set(last.join(), item);
  }
};

// Where a string of one to four letters stands in the index, as src/search/key.rs says: its rarest two letters, and
// what extends these, each letter doubled, and one more if it stands before.
const rarer = (a, b, c, d) => a * b > c * d || (a * b === c * d && a > c);
const keyOf = (letters) => {
  const [a, b, c, d] = letters;
  if (letters.length < 3) return [a, b ?? 0, 0, 0];
  if (letters.length === 3) return rarer(b, c, a, b) ? [b, c, 2 * a + 1, 0] : [a, b, 2 * c, 0];
  if (rarer(c, d, a, b) && rarer(c, d, b, c)) return [c, d, 2 * b + 1, 2 * a + 1];
  if (!rarer(b, c, a, b)) return [a, b, 2 * c, 2 * d];
  return rarer(a, b, c, d) ? [b, c, 2 * a + 1, 2 * d] : [b, c, 2 * d, 2 * a + 1];
};

// A text from the codes of its characters and words.
const readText = (bytes, codes) => {
  let text = "";
  for (let i = 0; i < bytes.length; ) {
    const code = bytes[i++];
    const string = code < SINGLES ? codes[code]
      : code < 255 ? codes[((code - SINGLES) << 8) + bytes[i++] + SINGLES]
      : String.fromCodePoint((bytes[i++] << 16) | (bytes[i++] << 8) | bytes[i++]);
    if (!string) damaged();
    text += string;
  }
  return text;
};
