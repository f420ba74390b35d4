// search-operators.js: queries that are more than plain words in the letters of the texts.
//
//   人才 干部        both         "人才，干部"     one phrase, whatever marks stand between
//   人才 OR 干部     either       -人才            not
//   title:人才  region:安康  theme:党建  year:2019..2023  kind:总结
"use strict";

(() => {
  const { BitReader, ByteReader, BREAK, TITLE, inflate, both, either } = globalThis.HuibianSearch;
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

  // Of an index: the themes, kinds and regions with their reports.
  const facets = (index) => (index.facets ??= index.file("facets", "facets.js", async (payload) => {
    const read = new ByteReader(await inflate(payload));
    const facets = JSON.parse(new TextDecoder().decode(read.take(read.number())));
    const bits = new BitReader(read.bytes.subarray(read.at));
    for (const facet of [...facets.themes, ...facets.kinds, ...facets.regions]) facet.reports = bits.ascending(bits.golomb(3), index.reportCount);
    return facets;
  }).catch((error) => {
    index.facets = null;
    throw error;
  }));

  // The year of each report, 0 where it has none.
  const yearOf = (index) => {
    const years = new Uint16Array(index.reportCount);
    let at = 0;
    for (const [year, count] of index.years) years.fill(year, at, (at += count));
    return years;
  };

  // Which of the facets' reports: those whose name holds the text, with what lies below them.
  const facetReports = (facets, text) => {
    const chosen = facets.map((facet) => facet.name.includes(text) || facet.slug === text);
    facets.forEach((facet, i) => (chosen[i] ||= facet.parent !== undefined && chosen[facet.parent]));
    return facets.filter((_, i) => chosen[i]).reduce((all, facet) => either(all, facet.reports), []);
  };

  // The reports of a year or another facet: known without their texts.
  const narrow = async (index, { field, text }) => {
    let reports = [];
    if (field === "year") {
      const span = range(text);
      if (span) yearOf(index).forEach((year, report) => year >= span[0] && year <= span[1] && reports.push(report));
    } else reports = facetReports((await facets(index))[field + "s"], text);
    return { sure: reports, possible: reports, grams: [], holds: null };
  };

  // All Traditional characters with their Simplified ones.
  const simplified = async (index) => {
    const pairs = [...new TextDecoder().decode(await inflate(await index.load("simplified", "simplified.js")))];
    return new Map(pairs.flatMap((from, i) => (i % 2 ? [] : [[from, pairs[i + 1]]])));
  };

  const DIGITS = "零一二三四五六七八九";
  const CHINESE_YEAR = new RegExp(`(?<![${DIGITS}])(一九|二零)[${DIGITS}]{2}(?=年)`, "g");

  // A normal form with its years in the other digits, as far as texts write them so. See src/search/numeral.rs.
  const writings = (normal, chineseYears) => {
    const inArabic = (year) => Array.from(year, (c) => DIGITS.indexOf(c)).join("");
    const arabic = normal.replace(CHINESE_YEAR, inArabic);
    const chinese = normal.replace(/(?<!\d)(19|20)\d\d(?=年)/g, (year) => Array.from(year, (c) => DIGITS[c]).join(""));
    const isWritten = (other) => (other.match(CHINESE_YEAR) ?? []).every((year) => chineseYears.has(Number(inArabic(year))));
    return [normal, ...[arabic, chinese].filter((other) => other !== normal && isWritten(other))];
  };

  // Of the reports that hold a normal form, those that hold it in their title.
  const inTitle = ({ reports, exact, grams }, normal) => {
    const listed = grams.filter((gram) => gram.tiers);
    for (const gram of listed) reports = both(reports, Array.from(gram.reports).filter((_, i) => gram.tiers[i] === TITLE));
    return { reports, exact: exact && [...normal].length <= 3 && !normal.includes(BREAK) && listed.length > 0, grams: [] };
  };

  Object.assign(globalThis.HuibianSearch, { parse, range, simplified, writings, facets, yearOf, narrow, inTitle });
})();
