// search.js: the search page. The address is the state; without this script the page leads to the lists.
// What comes after the first results (narrowing, charts, export, keys) is in search-tools.js.
"use strict";

(() => {
  const Search = globalThis.HuibianSearch;
  const { Index, Damaged, find, rank, marks, wanted, occurrences, unwrap } = Search;
  const page = document.getElementById("search");
  const input = page.querySelector("input[type=search]");
  const status = page.querySelector(".search-status");
  const list = page.querySelector(".search-results");
  const more = page.querySelector("[data-search-more]");
  const state = document.documentElement.dataset;
  const words = page.dataset;
  const isFile = location.protocol === "file:";
  const PAGE = 10;

  // ---- loading

  // Opened from disk, a page may not fetch, but it may run scripts: the same files are scripts in windows-1252.
  const HIGH = "\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178";
  const byteOf = new Map([...HIGH].map((c, i) => [c.charCodeAt(0), 128 + i]));
  const waiting = new Map();
  globalThis.H = (id, text) => {
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = byteOf.get(text.charCodeAt(i)) ?? text.charCodeAt(i);
    waiting.get(id)?.(bytes);
  };
  const runScript = (src, charset = "utf-8") =>
    new Promise((resolve, reject) => {
      const script = document.createElement("script");
      Object.assign(script, { charset, src, onload: resolve, onerror: () => reject(new Damaged(src)) });
      document.head.append(script);
    });
  const fromScript = (id, path) =>
    new Promise((resolve, reject) => {
      waiting.set(id, resolve);
      runScript(path, "windows-1252").then(() => reject(new Damaged(path)), reject);
    }).finally(() => waiting.delete(id));
  const overHttp = (cache) => async (id, path) => {
    const answer = await fetch(path, { cache });
    if (!answer.ok) throw new Damaged(`${path}: ${answer.status}`);
    return unwrap(id, new Uint8Array(await answer.arrayBuffer()));
  };
  const open = (cache) => new Index(isFile ? fromScript : overHttp(cache)).open();
  let opening = open("default");
  let isFresh = false;

  // ---- a query

  const say = (text, values = {}) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  let turn = 0;
  let hits = [];
  let shown = 0;
  let found = null;

  const run = async (query) => {
    const mine = ++turn;
    const isStale = () => mine !== turn;
    try {
      const index = await opening;
      if (isStale()) return;
      if (!query) {
        [hits, shown, found] = [[], 0, null];
        list.replaceChildren();
        more.hidden = true;
        delete status.dataset.searchTotal;
        status.textContent = say(words.ready, { n: index.reportCount });
        state.searchState = "ready";
        return tell(index, query);
      }
      state.searchState = "searching";
      const answer = await find(index, query, (n, all) => {
        if (all > 40 && !isStale()) status.textContent = say(words.reading, { n, all });
      });
      if (isStale()) return;
      const { reports } = answer;
      status.dataset.searchTotal = reports.length;
      status.textContent = say(reports.length ? words.found : words.none, { n: reports.length, query });
      const order = parameters().get("sort") === "date" ? Array.from(reports) : await rank(index, answer);
      if (isStale()) return;
      const first = await items(index, order.slice(0, PAGE), answer.terms);
      if (isStale()) return;
      [hits, found, shown] = [order, answer, first.length];
      list.replaceChildren(...first);
      more.hidden = shown >= hits.length;
      state.searchState = "done";
      tell(index, query);
    } catch (error) {
      if (isStale()) return;
      if (!isFresh) {
        // The site may have been published anew under the open page: once more from the start.
        isFresh = true;
        opening = open("reload");
        return run(query);
      }
      status.textContent = say(words.failed, { error: error.message });
      state.searchState = "failed";
    }
  };

  const showMore = async () => {
    const mine = turn;
    const index = await opening;
    const next = await items(index, hits.slice(shown, shown + PAGE), found.terms);
    if (mine !== turn) return;
    shown += next.length;
    list.append(...next);
    more.hidden = shown >= hits.length;
  };

  // The tools come when an answer has stood for a moment: what is typed on the way to it needs none.
  let tools = null;
  let pause = 0;
  const tell = (index, query) => {
    clearTimeout(pause);
    pause = setTimeout(() => {
      tools ??= runScript(words.tools);
      tools.then(() => Search.tools({ index, query, hits, found }), () => {});
    }, 600);
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
    const passages = text.paragraphs.map((paragraph, i) => ({ paragraph, i, found: marks(index, paragraph, terms) })).filter(({ found }) => found.length).slice(0, 3);
    const link = element("a", "", ...marked(text.title, marks(index, text.title, terms)));
    link.href = address(text, passages[0]);
    link.dataset.searchHit = "";
    const facts = [text.region.at(-1), text.year, text.kind, ...text.themes].filter(Boolean).join(" · ");
    const count = wanted(terms).reduce((sum, { term }) => sum + occurrences(index.normals(text), term), 0);
    const made = element("li", "", element("h2", "", link), element("p", "meta", facts, element("span", "count", say(words.count, { n: count }))));
    for (const passage of passages) {
      const excerpt = element("a", "excerpt", ...around(passage));
      excerpt.href = address(text, passage);
      made.append(excerpt);
    }
    if (!passages.length && text.paragraphs.length) made.append(element("p", "excerpt", text.paragraphs[0].slice(0, LONGEST)));
    return made;
  };

  // A report's page, at the paragraph of a passage, with what is to be highlighted there.
  const address = (text, passage) => {
    const page = `${words.root}reports/${encodeURIComponent(text.slug)}/`;
    if (!passage) return page;
    const strings = new Set(passage.found.map(([from, to]) => passage.paragraph.slice(from, to)));
    const marks = new URLSearchParams([...strings].map((string) => ["mark", string]));
    return `${page}?${marks}#${names(text)[passage.i]}`;
  };

  // The names that src/site/anchor.rs gives to paragraphs.
  const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
  const digits = (part, count) => {
    let hash = 0x811c9dc5;
    for (const byte of new TextEncoder().encode(part)) hash = Math.imul(hash ^ byte, 0x01000193);
    hash ^= hash >>> 15;
    return Array.from({ length: count }, (_, i) => DIGITS[(hash >>> (5 * i)) & 31]).join("");
  };
  const names = (text) => {
    if (text.names) return text.names;
    const seen = new Map();
    text.names = text.paragraphs.map((paragraph) => {
      const letters = paragraph.match(/[\p{Alphabetic}\p{N}]/gu) ?? [];
      const name = `p-${digits(letters.slice(0, 8).join(""), 3)}${digits(letters.slice(-8).join(""), 3)}${digits(letters.join(""), 4)}`;
      seen.set(name, (seen.get(name) ?? 0) + 1);
      return seen.get(name) === 1 ? name : `${name}-${seen.get(name)}`;
    });
    return text.names;
  };

  const AROUND = 40;
  const LONGEST = 160;
  const around = ({ paragraph, found }) => {
    const from = Math.max(0, found[0][0] - AROUND);
    const to = Math.min(paragraph.length, Math.max(from + LONGEST, found[0][1] + AROUND));
    const inside = found.filter((mark) => mark[1] <= to).map(([a, b]) => [a - from, b - from]);
    return [from ? "…" : "", ...marked(paragraph.slice(from, to), inside), to < paragraph.length ? "…" : ""];
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

  // Browsers that refuse a new query in the address of a local page take a new fragment.
  const parameters = () => new URLSearchParams(isFile && location.hash ? location.hash.slice(1) : location.search);
  const keep = (changes, method = "replaceState") => {
    const next = parameters();
    for (const [name, value] of Object.entries(changes)) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    const string = next.toString();
    try {
      history[method](null, "", isFile && location.hash ? "#" + string : location.pathname + (string && "?" + string));
    } catch {
      history[method](null, "", "#" + string);
    }
  };
  const typed = (method) => {
    const query = input.value.trim();
    keep({ q: query }, method);
    run(query);
  };
  const restore = () => {
    input.value = parameters().get("q") ?? "";
    run(input.value.trim());
  };
  input.addEventListener("input", (event) => {
    if (!event.isComposing) typed();
  });
  input.addEventListener("compositionend", () => typed());
  page.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    typed("pushState");
  });
  more.addEventListener("click", showMore);
  addEventListener("popstate", restore);

  Object.assign(Search, { page, input, list, element, say, words, keep, parameters, names, address, marked, restore });
  state.searchState = "loading";
  status.textContent = words.loading;
  restore();
})();
