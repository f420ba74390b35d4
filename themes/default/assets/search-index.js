// search-index.js: reads the search index: which reports hold a string, exactly. Touches no page, so that it runs
// wherever scripts do. docs/search-format.md describes the files; src/search/ writes them and reads them in Rust.
"use strict";

(() => {
  const BREAK = " ";
  const VERSION = 2;
  const STRETCH = 256;
  const BLOCK = 256;
  const CODE_POINTS = 0x110000;
  const SIMPLIFIED_ORDER = 10;
  const MOST_DIRECT = 16 * 1024;
  const TITLE = 3;

  // What other scripts add to: search-operators.js, where a query asks for it.
  const Search = (globalThis.HuibianSearch = {});

  class Damaged extends Error {}

  // ---- bits

  class BitReader {
    #bytes;

    constructor(bytes) {
      this.#bytes = bytes;
      this.at = 0;
      this.end = bytes.length * 8;
    }

    get(count) {
      if (this.at + count > this.end) throw new Damaged("ends too early");
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
      while (this.get(1) === 0) if (++zeros > 32) throw new Damaged("a number beyond 32 bits");
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
      if (count > universe) throw new Damaged("a list longer than its range");
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
        if (this.at >= this.bytes.length) throw new Damaged("ends too early");
        const byte = this.bytes[this.at++];
        value += (byte & 127) * 2 ** shift;
        if (byte < 128) return value;
      }
      throw new Damaged("a number beyond 32 bits");
    }

    take(length) {
      if (this.at + length > this.bytes.length) throw new Damaged("ends too early");
      this.at += length;
      return this.bytes.subarray(this.at - length, this.at);
    }
  }

  const inflate = async (...parts) => {
    const stream = new Blob(parts).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  };

  // ---- the normal form; src/search/normal.rs says what it is

  const SILENT = /[\p{M}\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/u;
  const LETTER = /[\p{Alphabetic}\p{N}]/u;

  class Normal {
    #simplified;
    #known;

    constructor(simplified) {
      this.#simplified = simplified;
      this.#known = new Map();
    }

    fold(character) {
      let folded = this.#known.get(character);
      if (folded === undefined) {
        folded = "";
        for (const decomposed of character.normalize("NFKD"))
          for (const c of decomposed.toLowerCase()) {
            if (SILENT.test(c)) continue;
            if ("×✕✖╳*".includes(c)) folded += "x";
            else if ("○〇◯".includes(c)) folded += "零";
            else if (LETTER.test(c)) folded += this.#simplified.get(c) ?? c;
            else folded += BREAK;
          }
        this.#known.set(character, folded);
      }
      return folded;
    }

    // The normal form, and for each of its code units where in the text the character that it comes from begins.
    map(text) {
      let normal = "";
      const places = [];
      let at = 0;
      for (const character of text) {
        for (const c of this.fold(character)) {
          if (c !== BREAK || (normal && !normal.endsWith(BREAK))) {
            normal += c;
            for (let i = 0; i < c.length; i++) places.push(at);
          }
        }
        at += character.length;
      }
      if (normal.endsWith(BREAK)) {
        normal = normal.slice(0, -1);
        places.pop();
      }
      return { normal, places };
    }

    of(text) {
      return this.map(text).normal;
    }
  }

  // ---- sets of reports: ascending arrays of numbers

  const both = (a, b) => {
    if (a.length > b.length) [a, b] = [b, a];
    const found = [];
    let at = 0;
    for (const report of a) {
      let step = 1;
      while (at + step < b.length && b[at + step] < report) {
        at += step;
        step *= 2;
      }
      while (at < b.length && b[at] < report) at++;
      if (at === b.length) break;
      if (b[at] === report) found.push(report);
    }
    return found;
  };

  const either = (a, b) => {
    const found = [];
    let i = 0;
    let j = 0;
    while (i < a.length || j < b.length) {
      const next = j === b.length || a[i] <= b[j] ? a[i] : b[j];
      if (a[i] === next) i++;
      if (b[j] === next) j++;
      found.push(next);
    }
    return found;
  };

  const without = (a, b) => {
    const found = [];
    let j = 0;
    for (const report of a) {
      while (j < b.length && b[j] < report) j++;
      if (b[j] !== report) found.push(report);
    }
    return found;
  };

  // ---- the index

  class Index {
    #shards;
    #stretches;
    #texts;
    #stamp;
    #longest;
    #shardCount;
    #characters;
    #textStamps;
    #dictionary;
    #starts;

    // `load(id, path)` gives the payload of a file below search/.
    constructor(load) {
      this.load = load;
      this.#shards = new Map();
      this.#stretches = new Map();
      this.#texts = new Map();
    }

    async open() {
      const read = new ByteReader(await inflate(await this.load("base", "base.js")));
      if (read.take(1)[0] !== VERSION) throw new Damaged("another version of the format");
      this.#stamp = read.take(4);
      this.reportCount = read.number();
      this.candidates = read.number();
      this.#longest = read.number();
      this.#shardCount = read.number();
      const [characterCount, otherCount, pairCount] = [read.number(), read.number(), read.number()];
      this.years = [];
      for (let n = read.number(); n > 0; n--) this.years.push([read.number(), read.number()]);
      this.chineseYears = new Set();
      for (let n = read.number(); n > 0; n--) this.chineseYears.add(read.number());
      this.#textStamps = read.take(4 * Math.ceil(this.reportCount / BLOCK));
      // A stored block that holds the dictionary, to be put in front of each text.
      const dictionary = read.take(read.number());
      const size = dictionary.length;
      this.#dictionary = new Uint8Array(5 + size);
      this.#dictionary.set([0, size & 255, size >> 8, ~size & 255, (~size >> 8) & 255]);
      this.#dictionary.set(dictionary, 5);
      const bits = new BitReader(read.bytes.subarray(read.at));
      const characters = (count) => Array.from(bits.ascending(count, CODE_POINTS), (point) => String.fromCodePoint(point));
      this.#characters = [];
      for (let end = 128; this.#characters.length < characterCount; end *= 2)
        this.#characters.push(...characters(Math.min(end, characterCount) - this.#characters.length));
      const others = characters(otherCount);
      const simplified = new Map();
      for (const from of characters(pairCount)) {
        const sign = bits.get(1) ? -1 : 1;
        simplified.set(from, String.fromCodePoint(from.codePointAt(0) + sign * bits.golomb(SIMPLIFIED_ORDER)));
      }
      this.normal = new Normal(simplified);
      const direct = this.#shardCount <= MOST_DIRECT;
      this.#starts = readStarts(bits, direct ? this.#shardCount : Math.ceil(this.#shardCount / STRETCH));
      this.letters = new Map();
      for (const character of [...this.#characters, ...others])
        for (const c of this.normal.fold(character)) if (c !== BREAK && !this.letters.has(c)) this.letters.set(c, this.letters.size + 1);
      return this;
    }

    async file(id, path, stamp = this.#stamp) {
      const payload = await this.load(id, path);
      for (let i = 0; i < 4; i++) if (payload[i] !== stamp[i]) throw new Stale(path);
      return payload.subarray(4);
    }

    #once(memory, key, make) {
      let promise = memory.get(key);
      if (!promise) {
        promise = make();
        memory.set(key, promise);
        promise.catch(() => memory.delete(key));
      }
      return promise;
    }

    async #shardOf(key) {
      let at = lastAtMost(this.#starts, key);
      if (this.#shardCount > MOST_DIRECT) {
        const stretch = Math.max(at, 0);
        const count = Math.min(STRETCH, this.#shardCount - stretch * STRETCH);
        const starts = await this.#once(this.#stretches, stretch, async () => readStarts(new BitReader(await this.file("n" + stretch, `n/${stretch}.js`)), count));
        at = stretch * STRETCH + lastAtMost(starts, key);
      }
      if (at < 0) return new Map();
      return this.#once(this.#shards, at, async () =>
        readShard(await this.file("d" + at, `d/${at >> 8}/${at}.js`), this.reportCount, this.letters.size, this.candidates));
    }

    // What the index lists for a string of one to four letters: {reports, tiers, exceptions}, or undefined.
    async #item(letters) {
      return (await this.#shardOf(letters)).get(letters.join());
    }

    // The reports that hold a string of one to four letters. Unless `exact`, at most `candidates` of which some may not.
    async #gram(letters) {
      if (letters.length < 3) {
        const item = await this.#item(letters);
        return { reports: item ? item.reports : [], tiers: item && item.tiers, exact: true };
      }
      const item = await this.#item(letters);
      if (item) return { ...item, exact: true };
      const [a, b] = await Promise.all([this.#gram(letters.slice(0, -1)), this.#gram(letters.slice(1))]);
      const reports = both(a.reports, b.reports);
      // With more candidates it would be listed, if it stood anywhere.
      if (!reports.length || (reports.length > this.candidates && a.exact && b.exact)) return { reports: [], exact: true };
      return { reports, exact: false };
    }

    // The reports that hold a run of letters, as `gram`; `grams` are what is known of its parts.
    async #run(letters) {
      const length = letters.length;
      if (length <= 4) {
        const gram = await this.#gram(letters);
        return { reports: gram.reports, exact: gram.exact, grams: [gram, ...(length === 4 ? await this.#triples(letters) : [])] };
      }
      const windows = new Map();
      let reports = null;
      const look = async (starts) => {
        await Promise.all(starts.map(async (i) => windows.set(i, await this.#gram(letters.slice(i, i + 4)))));
        for (const i of starts) reports = reports ? both(reports, windows.get(i).reports) : windows.get(i).reports;
      };
      const spaced = [];
      for (let i = 0; i < length - 4; i += 4) spaced.push(i);
      spaced.push(length - 4);
      await look(spaced);
      const grams = (await Promise.all(spaced.map((i) => this.#triples(letters.slice(i, i + 4))))).flat();
      if (!reports.length) return { reports, exact: true, grams };
      if (reports.length <= this.candidates) return { reports, exact: false, grams };
      const between = [];
      for (let i = 0; i <= length - 4; i++) if (!windows.has(i)) between.push(i);
      await look(between);
      if (reports.length <= this.candidates) return { reports, exact: !reports.length, grams };
      // All windows are listed, so their lists are exact: from these on up, until few are left.
      let sets = [];
      for (let i = 0; i <= length - 4; i++) sets.push(windows.get(i).reports);
      for (let size = 5; size <= length; size++) {
        if (size > this.#longest) return { reports, exact: false, grams };
        const longer = [];
        for (let i = 0; i + size <= length; i++) {
          let set = both(sets[i], sets[i + 1]);
          if (set.length > this.candidates) {
            const exceptions = windows.get(i).exceptions;
            const exception = exceptions && exceptions.get(letters.slice(i, i + size).join());
            if (exception) set = Array.from(exception, (rank) => set[rank]);
          }
          if (set.length <= this.candidates) {
            reports = both(reports, set);
            return { reports, exact: !reports.length, grams };
          }
          longer.push(set);
        }
        sets = longer;
      }
      return { reports: sets[0], exact: true, grams };
    }

    // What the shards at hand know of the first three letters of four: their tiers rank.
    async #triples(letters) {
      const item = (await this.#shardOf(letters)).get(letters.slice(0, 3).join());
      return item && item.tiers ? [item] : [];
    }

    // The reports that hold a normal form: runs with breaks between them, all in one paragraph.
    async holding(normal) {
      const runs = normal.split(BREAK).map((run) => [...run].map((c) => this.letters.get(c)));
      if (runs.some((run) => run.includes(undefined))) return { reports: [], exact: true, grams: [] };
      const found = await Promise.all(runs.map((run) => this.#run(run)));
      const reports = found.map((one) => one.reports).reduce(both);
      const exact = !reports.length || (found.length === 1 && found[0].exact);
      return { reports, exact, grams: found.flatMap((one) => one.grams) };
    }

    // The normal form of what a searcher typed. Characters that no text holds may be Traditional ones of some that do.
    async normalize(text) {
      const normal = this.normal.of(text);
      if (this.hasSimplified || ![...normal].some((c) => c !== BREAK && !this.letters.has(c) && c > "\u2e7f")) return normal;
      await Search.operators?.();
      this.normal = new Normal(await Search.simplified(this));
      this.hasSimplified = true;
      return this.normal.of(text);
    }

    // A normal form in all the ways that texts write it: years stand in two sorts of digits.
    async writings(normal) {
      if (!/[\d零一二三四五六七八九]年/.test(normal)) return [normal];
      await Search.operators?.();
      return Search.writings(normal, this.chineseYears);
    }

    // A report's text: what a hit shows, and the normal form of each paragraph, the title first.
    text(report) {
      return this.#once(this.#texts, report, async () => {
        const block = 4 * Math.floor(report / BLOCK);
        const payload = await this.file("t" + report, `t/${report >> 8}/${report}.js`, this.#textStamps.subarray(block, block + 4));
        const bytes = (await inflate(this.#dictionary, payload)).subarray(this.#dictionary.length - 5);
        let text = "";
        for (let i = 0; i < bytes.length; ) {
          const rank = bytes[i++];
          const character = rank < 128 ? this.#characters[rank]
            : rank < 255 ? this.#characters[((rank - 128) << 8) + bytes[i++] + 128]
            : String.fromCodePoint((bytes[i++] << 16) | (bytes[i++] << 8) | bytes[i++]);
          if (!character) throw new Damaged("a character beyond the alphabet");
          text += character;
        }
        const [head, title, ...paragraphs] = text.split("\n").map((line) => line.replaceAll("\u2028", "\n"));
        const [slug, year, kind, region, themes] = head.split("\t");
        const list = (joined) => (joined ? joined.split("/") : []);
        return { report, slug, year: year ? Number(year) : null, kind, region: list(region), themes: list(themes), title, paragraphs };
      });
    }

    // Normal forms of a text's title and paragraphs.
    normals(text) {
      text.normals ??= [text.title, ...text.paragraphs].map((paragraph) => this.normal.of(paragraph));
      return text.normals;
    }
  }

  // A file of another build than the base.
  class Stale extends Error {}

  const STEP_ORDER = [0, 4, 5, 5];
  const LETTER_ORDER = [9, 6, 6, 6];

  const readStarts = (bits, count) => {
    if (count > bits.end) throw new Damaged("ends too early");
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

  // Which of the starts is the last that is not after the key; -1 if none.
  const lastAtMost = (starts, key) => {
    let low = 0;
    let high = starts.length / 4;
    while (low < high) {
      const middle = (low + high) >> 1;
      let order = 0;
      for (let i = 0; i < 4 && !order; i++) order = starts[4 * middle + i] - (key[i] ?? 0);
      if (order <= 0) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  };

  const SHARD_LETTER_ORDER = [0, 4, 4, 5];
  const FIRST_LETTER_ORDER = 9;
  const EXCEPTION_LETTER_ORDER = 6;

  const readShard = (bytes, reportCount, letterCount, candidates) => {
    const bits = new BitReader(bytes);
    const items = new Map();
    const last = [0, 0, 0, 0];
    let pair = null;
    let triple = null;
    let left = Math.max(1 << 22, 4 * reportCount);
    const letter = (before, order) => {
      const value = before + bits.golomb(order) + 1;
      if (value > letterCount) throw new Damaged("a letter that no text holds");
      return value;
    };
    const list = (universe, least) => {
      const count = bits.golomb(1) + least;
      if ((left -= count) < 0) throw new Damaged("more reports than a shard may hold");
      return bits.ascending(count, universe);
    };
    for (let begins = true; ; begins = false) {
      let depth = 4;
      while (depth && !bits.get(1)) depth--;
      if (!depth) return items;
      if (begins) {
        for (let i = 0; i < depth - 1; i++) last[i] = letter(0, FIRST_LETTER_ORDER);
        if (depth === 4) items.set(last.slice(0, 3).join(), (triple = { reports: list(reportCount, 1) }));
      } else if (depth > 1 && !last[depth - 2]) throw new Damaged("a string that continues nothing");
      last[depth - 1] = letter(last[depth - 1], begins && depth === 1 ? FIRST_LETTER_ORDER : SHARD_LETTER_ORDER[depth - 1]);
      last.fill(0, depth);
      const parent = depth === 4 ? triple : depth === 3 ? pair : null;
      if (depth === 4 && !parent) throw new Damaged("a string that continues nothing");
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
        const count = bits.golomb(0);
        if (count) item.exceptions = new Map();
        let previous = [];
        for (let i = 0; i < count; i++) {
          const string = previous.slice(0, bits.golomb(1));
          for (let more = bits.golomb(1) + 1; more > 0; more--) string.push(letter(0, EXCEPTION_LETTER_ORDER));
          const universe = bits.golomb(3) + candidates + 1;
          if (universe > reportCount) throw new Damaged("more candidates than reports");
          item.exceptions.set([...last, ...string].join(), list(universe, 0));
          previous = string;
        }
      }
      if (depth === 1) pair = triple = null;
      else if (depth === 2) [pair, triple] = [item, null];
      else if (depth === 3) triple = item;
      items.set(last.slice(0, depth).join(), item);
    }
  };

  // The payload of a file that came as bytes.
  const unwrap = (id, bytes) => {
    const head = `H("${id}","`;
    for (let i = 0; i < head.length; i++) if (bytes[i] !== head.charCodeAt(i)) throw new Damaged("not the file that was asked for");
    const end = bytes.length - 2;
    if (bytes[end] !== 34 || bytes[end + 1] !== 41) throw new Damaged("ends too early");
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

  Object.assign(Search, { Index, Normal, BitReader, ByteReader, inflate, unwrap, Damaged, Stale, BREAK, TITLE, both, either, without });
})();
