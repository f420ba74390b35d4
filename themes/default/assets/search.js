// search.js: the search page. The address is the state; without this script the page leads to the lists.
"use strict";

(() => {
  const { Index, Damaged, find, rank, marks, wanted, occurrences, unwrap } = globalThis.HuibianSearch;
  const page = document.getElementById("search");
  const input = page.querySelector("input[type=search]");
  const status = page.querySelector(".search-status");
  const list = page.querySelector(".search-results");
  const more = page.querySelector("[data-search-more]");
  const state = document.documentElement.dataset;
  const words = page.dataset;
  const PAGE = 10;

  // ---- loading

  // Opened from disk, a page may not fetch, but it may run scripts: the same files are scripts in windows-1252.
  const HIGH = "\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178";
  const byteOf = new Map([...HIGH].map((c, i) => [c.charCodeAt(0), 128 + i]));
  const waiting = new Map();
  globalThis.H = (id, text) => {
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      bytes[i] = byteOf.get(code) ?? code;
    }
    waiting.get(id)?.(bytes);
  };
  const fromScript = (id, path) =>
    new Promise((resolve, reject) => {
      const script = document.createElement("script");
      const end = (then) => (value) => {
        waiting.delete(id);
        script.remove();
        then(value);
      };
      waiting.set(id, end(resolve));
      script.charset = "windows-1252";
      script.src = path;
      script.onerror = end(() => reject(new Damaged(path)));
      document.head.append(script);
    });
  const overHttp = async (id, path) => {
    const answer = await fetch(path);
    if (!answer.ok) throw new Damaged(`${path}: ${answer.status}`);
    return unwrap(id, new Uint8Array(await answer.arrayBuffer()));
  };
  const load = location.protocol === "file:" ? fromScript : overHttp;
  const opening = new Index(load).open();

  // ---- a query

  const say = (text, values = {}) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  let turn = 0;
  let hits = [];
  let shown = 0;
  let terms = [];

  const run = async (query) => {
    const mine = ++turn;
    const stale = () => mine !== turn;
    try {
      const index = await opening;
      if (stale()) return;
      if (!query) {
        hits = [];
        list.replaceChildren();
        more.hidden = true;
        status.removeAttribute("data-search-total");
        status.textContent = say(words.ready, { n: index.reportCount });
        state.searchState = "ready";
        return;
      }
      state.searchState = "searching";
      const found = await find(index, query);
      if (stale()) return;
      status.dataset.searchTotal = found.reports.length;
      status.textContent = say(found.reports.length ? words.found : words.none, { n: found.reports.length, query });
      const order = await rank(index, found);
      if (stale()) return;
      const first = await items(index, order.slice(0, PAGE), found.terms);
      if (stale()) return;
      [hits, terms, shown] = [order, found.terms, first.length];
      list.replaceChildren(...first);
      more.hidden = shown >= hits.length;
      state.searchState = "done";
    } catch (error) {
      if (stale()) return;
      status.textContent = say(words.failed, { error: error.message });
      state.searchState = "failed";
    }
  };

  const showMore = async () => {
    const mine = turn;
    const index = await opening;
    const next = await items(index, hits.slice(shown, shown + PAGE), terms);
    if (mine !== turn) return;
    shown += next.length;
    list.append(...next);
    more.hidden = shown >= hits.length;
  };

  // ---- results

  const element = (name, className, ...children) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...children);
    return made;
  };

  const items = (index, reports, terms) => Promise.all(reports.map(async (report) => item(index, await index.text(report), terms)));

  const item = (index, text, terms) => {
    const link = element("a", "", ...marked(text.title, marks(index, text.title, terms)));
    link.href = `${words.root}reports/${encodeURIComponent(text.slug)}/`;
    link.dataset.searchHit = "";
    const facts = [text.region.at(-1), text.year, text.kind, ...text.themes].filter(Boolean);
    const count = wanted(terms).reduce((sum, { term }) => sum + occurrences(index.normals(text), term.normal), 0);
    const made = element("li", "", element("h2", "", link), element("p", "meta", facts.join(" · "), " ", element("span", "count", say(words.count, { n: count }))));
    for (const excerpt of excerpts(index, text, terms)) made.append(excerpt);
    return made;
  };

  const AROUND = 40;
  const LONGEST = 160;
  const excerpts = (index, text, terms) => {
    const chosen = [];
    for (const paragraph of text.paragraphs) {
      const found = marks(index, paragraph, terms);
      if (found.length) chosen.push({ paragraph, found });
      if (chosen.length === 3) break;
    }
    if (!chosen.length) return [element("p", "excerpt", text.paragraphs[0]?.slice(0, LONGEST) ?? "")];
    return chosen.map(({ paragraph, found }) => {
      const from = Math.max(0, found[0][0] - AROUND);
      const to = Math.min(paragraph.length, Math.max(from + LONGEST, found[0][1] + AROUND));
      const inside = found.filter((mark) => mark[1] <= to).map(([a, b]) => [a - from, b - from]);
      const parts = marked(paragraph.slice(from, to), inside);
      return element("p", "excerpt", from ? "…" : "", ...parts, to < paragraph.length ? "…" : "");
    });
  };

  const marked = (text, found) => {
    const parts = [];
    let at = 0;
    for (const [from, to] of found) {
      parts.push(text.slice(at, from), element("mark", "", text.slice(from, to)));
      at = to;
    }
    parts.push(text.slice(at));
    return parts;
  };

  // ---- the box and the address

  const query = () => new URLSearchParams(location.search).get("q") ?? "";
  const address = (text) => {
    const url = new URL(location.href);
    if (text) url.searchParams.set("q", text);
    else url.searchParams.delete("q");
    return url;
  };
  const typed = () => {
    const text = input.value.trim();
    history.replaceState(null, "", address(text));
    run(text);
  };
  input.addEventListener("input", (event) => {
    if (!event.isComposing) typed();
  });
  input.addEventListener("compositionend", typed);
  page.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    typed();
  });
  more.addEventListener("click", showMore);
  addEventListener("popstate", () => {
    input.value = query();
    run(query().trim());
  });

  state.searchState = "loading";
  status.textContent = words.loading;
  input.value = query();
  run(input.value.trim());
})();
