// search-tools.js: what helps once there are results: narrowing, charts, order, export, keys, recent queries,
// advice when nothing was found. Loaded by search.js after the first answer.
"use strict";

(() => {
  const Search = globalThis.HuibianSearch;
  const { both, either, find, wanted, page, input, list, element, say, words, keep, parameters } = Search;
  const panel = page.querySelector(".search-tools");
  const RECENT = "huibian-search";
  let now = null;

  const button = (text, action, pressed) => {
    const made = element("button", "", text);
    made.type = "button";
    if (pressed !== undefined) made.ariaPressed = String(pressed);
    made.addEventListener("click", action);
    return made;
  };
  const ask = (query) => {
    keep({ q: query.trim() }, "pushState");
    Search.restore();
  };

  Search.tools = async (answer) => {
    now = answer;
    const { index, query, found } = answer;
    if (!query) return panel.replaceChildren(...recent());
    if (!found.reports.length) return panel.replaceChildren(...(await advice(index, query, found)));
    remember(query);
    const facets = await index.facets();
    if (now !== answer) return;
    const open = panel.querySelector("details")?.open;
    panel.replaceChildren(order(), ...narrow(index, facets, found.reports, query));
    if (open) panel.querySelector("details").open = true;
  };

  // ---- order and export

  const order = () => {
    const byDate = parameters().get("sort") === "date";
    const sort = (value) => () => {
      keep({ sort: value }, "pushState");
      Search.restore();
    };
    const copy = button(words.copy, async () => {
      await navigator.clipboard.writeText(await csv());
      copy.textContent = words.copied;
    });
    copy.hidden = !navigator.clipboard;
    return element("p", "bar", button(words.byRelevance, sort(""), !byDate), button(words.byDate, sort("date"), byDate), copy);
  };

  // Every sentence that holds a hit, with what stands before and after it: a concordance for a spreadsheet.
  const csv = async () => {
    const { index, hits, found } = now;
    const rows = [words.columns.split("|")];
    for (const report of hits) {
      const text = await index.text(report);
      [text.title, ...text.paragraphs].forEach((paragraph, i) => {
        for (const [from, to] of Search.marks(index, paragraph, found.terms)) {
          const start = Math.max(...[..."。！？；\n"].map((mark) => paragraph.lastIndexOf(mark, from - 1))) + 1;
          const end = paragraph.slice(to).search(/[。！？；\n]/);
          const stop = end < 0 ? paragraph.length : to + end + 1;
          const url = new URL(`${words.root}reports/${encodeURIComponent(text.slug)}/`, location.href);
          if (i) url.hash = Search.names(text)[i - 1];
          rows.push([text.title, text.region.join("/"), text.year ?? "", text.kind, text.themes.join("、"), paragraph.slice(start, from), paragraph.slice(from, to), paragraph.slice(to, stop), url.href]);
        }
      });
    }
    // A cell that begins like a formula must not become one.
    const cell = (value) => `"${String(value).replace(/^[=+\-@\t\r]/, "'$&").replaceAll('"', '""')}"`;
    return rows.map((row) => row.map(cell).join(",")).join("\r\n");
  };

  // ---- narrowing: a facet is a term of the query, so the address holds it

  const narrow = (index, facets, reports, query) => {
    const years = new Map();
    const yearOf = index.yearOf();
    for (const report of reports) if (yearOf[report]) years.set(yearOf[report], (years.get(yearOf[report]) ?? 0) + 1);
    const byYear = [...years].sort(([a], [b]) => a - b);
    const counted = (list) => list.map((facet) => ({ ...facet, count: both(facet.reports, reports).length }));
    const regions = counted(facets.regions);
    for (let i = regions.length - 1; i >= 0; i--) if (regions[i].parent !== undefined) regions[regions[i].parent].count += regions[i].count;
    const names = new Map();
    for (const { name } of regions) names.set(name, (names.get(name) ?? 0) + 1);
    const chips = (field, list, value = (facet) => facet.name) =>
      element("ul", "chips", ...list.filter(({ count }) => count).map((facet) => element("li", "", chip(query, `${field}:${value(facet)}`, facet.name, facet.count))));
    // What lies in a region unfolds below it.
    const tree = (parent, depth) => {
      const inside = regions.map((region, i) => ({ ...region, i })).filter((region) => region.count && region.parent === parent);
      inside.sort((a, b) => b.count - a.count || a.i - b.i);
      return inside.length ? element("ul", depth ? "tree" : "tree top", ...inside.map((region) => {
        const below = tree(region.i, depth + 1);
        return element("li", "", chip(query, `region:${names.get(region.name) > 1 ? region.slug : region.name}`, region.name, region.count), ...(below ? [below] : []));
      })) : null;
    };
    const group = (title, content) => (content && content.childElementCount ? [element("h3", "", title), content] : []);
    const details = element("details", "facets", element("summary", "", words.narrow),
      ...group(words.region, tree(undefined, 0)),
      ...group(words.theme, chips("theme", counted(facets.themes))),
      ...group(words.kind, chips("kind", counted(facets.kinds))));
    const top = regions.filter((region) => region.count && region.parent === undefined).sort((a, b) => b.count - a.count).slice(0, 12);
    return [
      ...chart(query, byYear.map(([year, count]) => ({ name: String(year), count, term: `year:${year}` })), words.year),
      ...chart(query, top.map(({ name, slug, count }) => ({ name, count, term: `region:${names.get(name) > 1 ? slug : name}` })), words.region),
      details,
    ];
  };

  const terms = (query) => query.split(/\s+/);
  const toggle = (query, term) => (terms(query).includes(term) ? terms(query).filter((other) => other !== term) : [...terms(query), term]).join(" ");
  const chip = (query, term, name, count) => {
    const made = button(name, () => ask(toggle(query, term)), terms(query).includes(term));
    made.append(" ", element("span", "count", String(count)));
    return made;
  };

  // How the hits spread: a bar each, which narrows to its own.
  const chart = (query, bars, title) => {
    if (bars.length < 2) return [];
    const most = Math.max(...bars.map(({ count }) => count));
    return [element("ol", "spread", ...bars.map(({ name, count, term }) => {
      const bar = button("", () => ask(toggle(query, term)), terms(query).includes(term));
      bar.title = `${name}: ${count}`;
      bar.ariaLabel = `${title} ${name}: ${count}`;
      bar.style.setProperty("--share", count / most);
      return element("li", "", bar, element("span", "", name));
    }))];
  };

  // ---- nothing found

  const advice = async (index, query, found) => {
    const pieces = new Set();
    for (const { term } of wanted(found.terms)) {
      const segments = Intl.Segmenter ? [...new Intl.Segmenter("zh", { granularity: "word" }).segment(term.text)].filter((piece) => piece.isWordLike).map((piece) => piece.segment) : [];
      if (segments.length > 1) segments.forEach((piece) => pieces.add(piece));
    }
    const offers = [];
    if (pieces.size) offers.push([...pieces].join(" OR "));
    if (found.terms.length > 1) offers.push(...wanted(found.terms).map(({ term }) => term.text));
    const near = await alike(index, found);
    const counted = await Promise.all([...new Set([...offers, ...near])].map(async (offer) => [offer, (await find(index, offer)).reports.length]));
    const useful = counted.filter(([, count]) => count);
    if (!useful.length) return [];
    return [element("p", "hint", words.instead), element("ul", "chips", ...useful.map(([offer, count]) => {
      const made = button(offer, () => ask(offer));
      made.append(" ", element("span", "count", String(count)));
      return element("li", "", made);
    }))];
  };

  // Words of the texts that sound like the query, or like one of its words; pinyin may be typed as well.
  const alike = async (index, found) => {
    const terms = wanted(found.terms).filter(({ term }) => !term.field).map(({ term }) => term.text);
    if (!terms.length || !index.file) return [];
    const [sounds, list] = new TextDecoder().decode(await Search.inflate(await index.file("words", "words.js"))).split("\n").map((line) => line.split(" "));
    const letters = [...index.letters.keys()];
    const soundOf = new Map(letters.map((letter, i) => [letter, sounds[i]]));
    const sound = (word) => [...word].map((c) => soundOf.get(c) || c).join("");
    const bySound = new Map();
    for (const word of list) bySound.set(sound(word), [...(bySound.get(sound(word)) ?? []), word]);
    const others = (word) => (bySound.get(sound(word)) ?? []).filter((other) => other !== word).slice(0, 3);
    const offers = [];
    for (const [i, text] of terms.entries()) {
      const normal = index.normal.of(text).replaceAll(" ", "");
      const put = (word) => offers.push(terms.with(i, word).join(" "));
      others(normal).forEach(put);
      // Two to four letters at a time, each as another word of the same sound.
      for (let size = 4; size >= 2; size--)
        for (let at = 0; at + size <= normal.length && size < normal.length; at++)
          for (const other of others(normal.slice(at, at + size))) put(normal.slice(0, at) + other + normal.slice(at + size));
    }
    return [...new Set(offers)].slice(0, 12);
  };

  // ---- recent queries, in this browser only

  const load = () => {
    try {
      return JSON.parse(localStorage.getItem(RECENT)) ?? [];
    } catch {
      return []; // storage is off, or holds something else
    }
  };
  const save = (queries) => {
    try {
      localStorage.setItem(RECENT, JSON.stringify(queries));
    } catch {
      // They are then not remembered.
    }
  };
  let pause = 0;
  // Only what was left standing for a moment, not every letter on the way to it.
  const remember = (query) => {
    clearTimeout(pause);
    pause = setTimeout(() => save([query, ...load().filter((other) => other !== query)].slice(0, 8)), 2000);
  };
  const recent = () => {
    const queries = load();
    if (!queries.length) return [];
    const forget = button(words.forget, () => {
      save([]);
      panel.replaceChildren();
    });
    return [element("p", "hint", words.recent), element("ul", "chips", ...queries.map((query) => element("li", "", button(query, () => ask(query)))), element("li", "", forget))];
  };

  // ---- keys: / to the box, j and k through the hits, Enter opens, Esc back to the box or empties it

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const links = [...list.querySelectorAll("a[data-search-hit]")];
    const at = links.indexOf(document.activeElement);
    const inBox = document.activeElement === input;
    if (event.key === "Escape") {
      if (inBox) ask("");
      else input.focus();
    } else if (inBox && event.key === "ArrowDown") links[0]?.focus();
    else if (inBox) return;
    else if (event.key === "/") input.focus();
    else if (event.key === "j") links[Math.min(at + 1, links.length - 1)]?.focus();
    else if (event.key === "k") links[Math.max(at - 1, 0)]?.focus();
    else return;
    event.preventDefault();
  });
})();
