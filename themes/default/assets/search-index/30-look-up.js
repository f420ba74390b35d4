// 30-look-up.js: which reports hold a string, exactly, and what their texts say. src/search/reader.rs does the same.
// What other scripts take and add to: search-operators.js, where a query asks for it.
const Search = (globalThis.HuibianSearch = {});

// A file of another build than the base.
class Stale extends Error {}

// ---- sets of reports: ascending arrays of numbers

const both = (a, b) => {
  const found = [];
  let at = 0;
  for (const report of a) {
    while (b[at] < report) at++;
    if (b[at] === report) found.push(report);
  }
  return found;
};

const either = (a, b) => {
  const found = [];
  let at = 0;
  for (const report of a) {
    while (b[at] < report) found.push(b[at++]);
    if (b[at] === report) at++;
    found.push(report);
  }
  return [...found, ...b.slice(at)];
};

const without = (a, b) => {
  let at = 0;
  return a.filter((report) => {
    while (b[at] < report) at++;
    return b[at] !== report;
  });
};

// Which of the starts is the last that is not after the key; -1 if none.
const lastAtMost = (starts, key) => {
  let low = 0;
  let high = starts.length / 4;
  while (low < high) {
    const middle = (low + high) >> 1;
    let order = 0;
    for (let i = 0; i < 4 && !order; i++) order = starts[4 * middle + i] - key[i];
    if (order <= 0) low = middle + 1;
    else high = middle;
  }
  return low - 1;
};

// ---- the index

class Index {
  #shards;
  #stretches;
  #texts;
  #base;
  #dictionary;

  // `load(id, path)` gives the payload of a file below search/.
  constructor(load) {
    this.load = load;
    this.#shards = new Map();
    this.#stretches = new Map();
    this.#texts = new Map();
  }

  async open() {
    const base = await this.#parsed("base.js", async () => readBase(await inflate(await this.load("base", "base.js"))));
    ({ reportCount: this.reportCount, candidates: this.candidates, years: this.years, chineseYears: this.chineseYears } = base);
    this.#base = base;
    // A stored block that holds the dictionary, to be put in front of each text.
    const { dictionary } = base;
    const size = dictionary.length;
    this.#dictionary = new Uint8Array(5 + size);
    this.#dictionary.set([0, size & 255, size >> 8, ~size & 255, (~size >> 8) & 255]);
    this.#dictionary.set(dictionary, 5);
    this.normal = new Normal(base.simplified);
    this.letters = new Map();
    for (const character of base.characters)
      for (const c of this.normal.fold(character)) if (c !== BREAK && !this.letters.has(c)) this.letters.set(c, this.letters.size + 1);
    // All other letters are told by their code points.
    const known = this.letters.size;
    for (const c of base.others) this.letters.set(c, known + c.codePointAt(0));
    this.signCount = known + CODE_POINTS;
    return this;
  }

  async #parsed(path, parse) {
    try {
      return await parse();
    } catch (error) {
      if (error instanceof Damaged) error.message ||= path;
      throw error;
    }
  }

  // What `parse` makes of a file's payload after its stamp.
  file(id, path, parse, stamp = this.#base.stamp) {
    return this.#parsed(path, async () => {
      const payload = await this.load(id, path);
      for (let i = 0; i < 4; i++) if (payload[i] !== stamp[i]) throw new Stale(path);
      return parse(payload.subarray(4));
    });
  }

  #starts(id, path, count) {
    return this.file(id, path, (bytes) => readStarts(new BitReader(bytes), count));
  }

  // Where all shards begin, of which the base of a large archive tells only some: one request less for most of what a query needs.
  async ahead() {
    const { starts, shardCount } = this.#base;
    if (starts.length < 4 * shardCount) this.#base.starts = await this.#once(this.#stretches, "all", () => this.#starts("starts", "starts.js", shardCount));
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
    const { starts, shardCount } = this.#base;
    let at = lastAtMost(starts, key);
    if (starts.length < 4 * shardCount) {
      const stretch = Math.max(at, 0);
      const count = Math.min(STRETCH, shardCount - stretch * STRETCH);
      const within = await this.#once(this.#stretches, stretch, () => this.#starts("n" + stretch, `n/${stretch}.js`, count));
      at = stretch * STRETCH + lastAtMost(within, key);
    }
    if (at < 0) return new Map();
    return this.#once(this.#shards, at, () =>
      this.file("d" + at, `d/${at >> 8}/${at}.js`, (bytes) => readShard(bytes, this.reportCount, this.signCount, this.candidates)));
  }

  // What the index lists for a string of one to four letters: {reports, tiers, exceptions}, or undefined.
  async #item(letters) {
    const key = keyOf(letters);
    return (await this.#shardOf(key)).get(key.join());
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
      if (size > this.#base.longest) return { reports, exact: false, grams };
      const longer = [];
      for (let i = 0; i + size <= length; i++) {
        let set = both(sets[i], sets[i + 1]);
        if (set.length > this.candidates) {
          const exceptions = windows.get(i).exceptions;
          const exception = exceptions && exceptions.get(letters.slice(i + 4, i + size).join());
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

  // What the shards at hand know of the three letters that four extend: their tiers rank.
  async #triples(letters) {
    const key = keyOf(letters);
    const item = (await this.#shardOf(key)).get([...key.slice(0, 3), 0].join());
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
    return this.#once(this.#texts, report, () => {
      const block = 4 * Math.floor(report / BLOCK);
      return this.file("t" + report, `t/${report >> 8}/${report}.js`, async (payload) => {
        const bytes = (await inflate(this.#dictionary, payload)).subarray(this.#dictionary.length - 5);
        const [head, title, ...paragraphs] = readText(bytes, this.#base.codes).split("\n").map((line) => line.replaceAll("\u2028", "\n"));
        const [slug, year, kind, region, themes] = head.split("\t");
        const list = (joined) => (joined ? joined.split("/") : []);
        return { report, slug, year: year ? Number(year) : null, kind, region: list(region), themes: list(themes), title, paragraphs };
      }, this.#base.textStamps.subarray(block, block + 4));
    });
  }

  // Normal forms of a text's title and paragraphs.
  normals(text) {
    text.normals ??= [text.title, ...text.paragraphs].map((paragraph) => this.normal.of(paragraph));
    return text.normals;
  }
}

Object.assign(Search, { Index, Normal, BitReader, ByteReader, Damaged, Stale, BREAK, TITLE, inflate, unwrap, both, either, without });
