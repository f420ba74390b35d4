// 10-query.js: what a searcher typed, and the reports that answer it. Touches no page.
// More than plain words, all of which must occur, is understood by search-operators.js.
// The scripts of this folder become one, search-page.js, in one function.
const Search = globalThis.HuibianSearch;
const { TITLE, both, either, without } = Search;

// The clauses that must all hold, each a list of terms of which one must: {not, field, text}.
const clausesOf = async (query) => {
  if (!/["＂“:：|-]|OR\s/.test(query)) return query.split(/\s+/).filter(Boolean).map((text) => [{ text }]);
  await Search.operators?.();
  return Search.parse(query);
};

// One term against the index. `sure` reports hold it, of the `possible` ones the texts decide; `grams` rank.
const look = async (index, term) => {
  if (term.field && term.field !== "title") return Search.narrow(index, term);
  const normal = await index.normalize(term.text);
  if (!normal) return null;
  term.normals = await index.writings(normal);
  const look = { sure: [], possible: [], grams: [], holds: (paragraphs) => (term.field ? paragraphs.slice(0, 1) : paragraphs).some((paragraph) => isIn(paragraph, term)) };
  for (const [i, found] of (await Promise.all(term.normals.map((writing) => index.holding(writing)))).entries()) {
    const { reports, exact, grams } = term.field ? Search.inTitle(found, term.normals[i]) : found;
    look.grams.push(...grams);
    if (exact) look.sure = either(look.sure, reports);
    look.possible = either(look.possible, reports);
  }
  return look;
};

const isIn = (paragraph, term) => term.normals.some((normal) => paragraph.includes(normal));

// All reports that answer a query, ascending, with what ranks them. `progress(done, all)` hears of texts being read.
const find = async (index, query, progress = () => {}) => {
  const clauses = (await Promise.all((await clausesOf(query)).map(async (clause) =>
    (await Promise.all(clause.map(async (term) => ({ term, found: await look(index, term) })))).filter(({ found }) => found))))
    .filter((clause) => clause.length);
  const terms = clauses.flat();
  if (!clauses.length) return { reports: [], terms, clauses, empty: true };
  let all = null;
  const everything = () => (all ??= Array.from({ length: index.reportCount }, (_, i) => i));
  const sides = ({ term, found }) => (term.not ? [without(everything(), found.possible), without(everything(), found.sure)] : [found.sure, found.possible]);
  let sure = null;
  let possible = null;
  // The narrow clauses first: what only excludes need not be spelled out over the whole archive.
  for (const clause of clauses.toSorted((a, b) => a.every(({ term }) => term.not) - b.every(({ term }) => term.not))) {
    if (clause.length === 1 && clause[0].term.not && possible) {
      sure = without(sure, clause[0].found.possible);
      possible = without(possible, clause[0].found.sure);
      continue;
    }
    const [s, p] = clause.map(sides).reduce((a, b) => [either(a[0], b[0]), either(a[1], b[1])]);
    sure = sure ? both(sure, s) : s;
    possible = possible ? both(possible, p) : p;
  }
  const open = without(possible, sure);
  if (!open.length) return { reports: Array.from(possible), terms, clauses };
  let done = 0;
  const decided = await Promise.all(open.map(async (report) => {
    const normals = index.normals(await index.text(report));
    progress(++done, open.length);
    return clauses.every((clause) => clause.some(({ term, found }) => (found.holds ? found.holds(normals) : both([report], found.sure).length > 0) !== !!term.not));
  }));
  return { reports: either(sure, open.filter((_, i) => decided[i])), terms, clauses };
};

const wanted = (terms) => terms.filter(({ term, found }) => !term.not && found.holds);

// The reports, best first; newer ones first among equals. Few are ranked by their texts, many by the tiers of the
// index: in the title, a word three times or more, a word, only across words.
const rank = async (index, { reports, terms }) => {
  const scores = new Map(reports.map((report) => [report, 0]));
  const ranked = wanted(terms);
  if (reports.length <= index.candidates) {
    await Promise.all(reports.map(async (report) => {
      const normals = index.normals(await index.text(report));
      let score = 0;
      for (const { term } of ranked) {
        const title = normals[0];
        const inside = term.normals.find((normal) => title.includes(normal));
        if (inside) score += term.normals.includes(title) ? 90 : 30 + (30 * inside.length) / title.length;
        score += Math.min(9, occurrences(normals, term));
      }
      scores.set(report, score);
    }));
  } else {
    for (const { found } of ranked) {
      const lowest = new Map();
      for (const gram of found.grams) {
        if (!gram.tiers) continue;
        for (let i = 0; i < gram.reports.length; i++) {
          const report = gram.reports[i];
          if (scores.has(report)) lowest.set(report, Math.min(lowest.get(report) ?? TITLE, gram.tiers[i]));
        }
      }
      for (const [report, tier] of lowest) scores.set(report, scores.get(report) + (tier === TITLE ? 9 : tier));
    }
  }
  return reports.toSorted((a, b) => scores.get(b) - scores.get(a) || b - a);
};

const occurrences = (paragraphs, term) => paragraphs.reduce((sum, paragraph) => term.normals.reduce((sum, normal) => sum + paragraph.split(normal).length - 1, sum), 0);

// Where the wanted terms stand in one paragraph: [from, to] in the paragraph's own text, ascending, apart.
const marks = (index, paragraph, terms) => {
  const { normal, places } = index.normal.map(paragraph);
  const found = [];
  for (const word of wanted(terms).flatMap(({ term }) => term.normals))
    for (let at = normal.indexOf(word); at >= 0; at = normal.indexOf(word, at + word.length)) {
      const last = places[at + word.length - 1];
      found.push([places[at], last + String.fromCodePoint(paragraph.codePointAt(last)).length]);
    }
  found.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  return found.reduce((apart, mark) => {
    const before = apart.at(-1);
    if (before && mark[0] <= before[1]) before[1] = Math.max(before[1], mark[1]);
    else apart.push(mark);
    return apart;
  }, []);
};

Object.assign(Search, { find, rank, marks, wanted, occurrences });
