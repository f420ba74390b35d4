// search-query.js: what a searcher typed, and the reports that answer it. Touches no page.
//
//   人才 干部        both         "人才，干部"     one phrase, whatever marks stand between
//   人才 OR 干部     either       -人才            not
//   title:人才  region:安康  theme:党建  year:2019..2023  kind:总结
"use strict";

(() => {
  const { BREAK, TITLE, both, either, without } = globalThis.HuibianSearch;
  const FIELDS = { title: "title", region: "region", theme: "theme", year: "year", kind: "kind", 标题: "title", 地区: "region", 主题: "theme", 年份: "year", 文种: "kind" };
  const TOKEN = /\s*(?:(\||OR(?=\s))|(-?)(?:([a-z]+|标题|地区|主题|年份|文种)[:：])?(?:["＂]([^"＂]*)["＂]?|“([^”]*)”(?=\s|$)|([^\s|]+)))/gy;

  // The clauses that must all hold, each a list of terms of which one must: {not, field, text}.
  const parse = (query) => {
    const clauses = [];
    let joined = false;
    TOKEN.lastIndex = 0;
    for (let match; (match = TOKEN.exec(query)); ) {
      const [whole, or, minus, name, quoted, curly, bare] = match;
      if (or) {
        joined = clauses.length > 0;
        continue;
      }
      const field = name && FIELDS[name];
      let text = quoted ?? curly ?? bare;
      if (name && !field) text = `${name}:${text}`;
      const term = { not: minus === "-", field: field ?? null, text };
      if (joined) clauses.at(-1).push(term);
      else clauses.push([term]);
      joined = false;
      if (!whole) break;
    }
    return clauses;
  };

  // From and to, both included, of `2019`, `2019..2023`, `2019..`, `..2023`; null for anything else.
  const range = (text) => {
    const match = /^(\d{4})?(\.\.|-|—|~)?(\d{4})?$/.exec(text.normalize("NFKC").replace(/年/g, ""));
    if (!match || (!match[1] && !match[3])) return null;
    const from = match[1] ? Number(match[1]) : 1;
    return [from, match[3] ? Number(match[3]) : match[2] ? 9999 : from];
  };

  // Which of the facets' reports: those whose name holds the text, with what lies below them.
  const facetReports = (facets, text) => {
    const chosen = facets.map((facet) => facet.name.includes(text) || facet.slug === text);
    facets.forEach((facet, i) => (chosen[i] ||= facet.parent !== undefined && chosen[facet.parent]));
    return facets.filter((_, i) => chosen[i]).reduce((all, facet) => either(all, facet.reports), []);
  };

  // One term against the index. `sure` reports hold it, of the `possible` ones the texts decide; `grams` rank.
  const look = async (index, term) => {
    const exactly = (reports) => ({ sure: reports, possible: reports, grams: [], holds: null });
    if (term.field === "year") {
      const span = range(term.text);
      const years = index.yearOf();
      const reports = [];
      if (span) years.forEach((year, report) => year >= span[0] && year <= span[1] && reports.push(report));
      return exactly(reports);
    }
    if (term.field && term.field !== "title") {
      const facets = await index.facets();
      return exactly(facetReports(facets[term.field + "s"], term.text));
    }
    const normal = await index.normalize(term.text);
    if (!normal) return null;
    term.normals = index.writings(normal);
    const look = { sure: [], possible: [], grams: [], holds: (paragraphs) => (term.field ? paragraphs.slice(0, 1) : paragraphs).some((paragraph) => isIn(paragraph, term)) };
    for (const [i, found] of (await Promise.all(term.normals.map((writing) => index.holding(writing)))).entries()) {
      let { reports, exact } = found;
      if (term.field) {
        const listed = found.grams.filter((gram) => gram.tiers);
        for (const gram of listed) reports = both(reports, Array.from(gram.reports).filter((_, i) => gram.tiers[i] === TITLE));
        exact &&= [...term.normals[i]].length <= 3 && !term.normals[i].includes(BREAK) && listed.length > 0;
      } else look.grams.push(...found.grams);
      if (exact) look.sure = either(look.sure, reports);
      look.possible = either(look.possible, reports);
    }
    return look;
  };

  const isIn = (paragraph, term) => term.normals.some((normal) => paragraph.includes(normal));

  const has = (list, value) => {
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle] < value) low = middle + 1;
      else high = middle;
    }
    return list[low] === value;
  };

  // All reports that answer a query, ascending, with what ranks them. `progress(done, all)` hears of texts being read.
  const find = async (index, query, progress = () => {}) => {
    const clauses = (await Promise.all(parse(query).map(async (clause) =>
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
      return clauses.every((clause) => clause.some(({ term, found }) => (found.holds ? found.holds(normals) : has(found.sure, report)) !== term.not));
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
    return reports.toSorted((a, b) => scores.get(b) - scores.get(a) || a - b);
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

  Object.assign(globalThis.HuibianSearch, { parse, range, find, rank, marks, wanted, occurrences });
})();
