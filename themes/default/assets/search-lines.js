// search-lines.js: a concordance. One line for each place where the words stand, aligned on them, to be put in the
// order of what stands before or after; and the same for a spreadsheet, with whole sentences.
"use strict";

(() => {
  const Search = globalThis.HuibianSearch;
  const { list, status, element, hit, say, words, parameters, names, address, marks } = Search;
  const WIDE = 32;
  const ENDS = /[。！？；\n]/;

  // Where the words stand in a text, title first: {text, i, paragraph, from, to}; i is that of the paragraph.
  const places = ({ index, found }, text) =>
    [text.title, ...text.paragraphs].flatMap((paragraph, i) => marks(index, paragraph, found.terms).map(([from, to]) => ({ text, i: i - 1, paragraph, from, to })));

  Search.lines = (answer, texts) => {
    const lines = texts.flatMap((text) => places(answer, text).map((place) => line(place)));
    return inOrder(lines);
  };

  const line = ({ text, i, paragraph, from, to }) => {
    const before = paragraph.slice(0, from);
    const after = paragraph.slice(to);
    const there = i < 0 ? undefined : { paragraph, i, found: [[from, to]] };
    const made = element("li", "",
      element("span", "before", element("bdi", "", before.slice(-WIDE))),
      hit(address(text, there), "", element("mark", "", paragraph.slice(from, to))),
      element("span", "after", after.slice(0, WIDE)),
      element("cite", "", [text.region.at(-1), text.year].filter(Boolean).join(" ")));
    made.title = text.title;
    // What lies nearest to the words decides.
    made.keys = { left: [...before.slice(-WIDE)].reverse().join(""), right: after.slice(0, WIDE) };
    return made;
  };

  const inOrder = (lines) => {
    const side = parameters().get("sort");
    if (side !== "left" && side !== "right") return lines;
    const { compare } = new Intl.Collator(document.documentElement.lang);
    return lines.sort((a, b) => compare(a.keys[side], b.keys[side]));
  };
  Search.sortLines = (answer) => answer.show === Search.lines && list.replaceChildren(...inOrder([...list.children]));

  // ---- for a spreadsheet: every sentence that holds a hit, in three cells

  Search.copy = async (answer) => {
    const said = status.textContent;
    const rows = [words.columns.split("|")];
    // A few texts at a time: there may be thousands.
    for (let at = 0; at < answer.hits.length; at += 20) {
      if (answer.hits.length > 40) status.textContent = say(words.reading, { n: at, all: answer.hits.length });
      const texts = await Promise.all(answer.hits.slice(at, at + 20).map((report) => answer.index.text(report)));
      for (const text of texts) rows.push(...places(answer, text).map(row));
    }
    await put(rows.map((row) => row.map(cell).join(",")).join("\r\n"));
    status.textContent = `${said} · ${say(words.copied, { n: rows.length - 1 })}`;
  };

  const row = ({ text, i, paragraph, from, to }) => {
    let start = from;
    while (start && !ENDS.test(paragraph[start - 1])) start--;
    let stop = to;
    while (stop < paragraph.length && !ENDS.test(paragraph[stop])) stop++;
    const url = new URL(`${Search.root}reports/${encodeURIComponent(text.slug)}/`, location.href);
    if (i >= 0) url.hash = names(text)[i];
    return [text.title, text.region.join("/"), text.year ?? "", text.kind, text.themes.join("、"), paragraph.slice(start, from), paragraph.slice(from, to), paragraph.slice(to, stop + 1), url.href];
  };

  // A cell that begins like a formula must not become one.
  const cell = (value) => `"${String(value).replace(/^[=+\-@\t\r]/, "'$&").replaceAll('"', '""')}"`;

  // Pages that came over plain HTTP have no clipboard, but a selection can be copied.
  const put = async (text) => {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const box = element("textarea", "visually-hidden");
    box.value = text;
    document.body.append(box);
    box.select();
    document.execCommand("copy");
    box.remove();
  };
})();
