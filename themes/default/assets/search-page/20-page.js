// 20-page.js: the search page. The address is the state; without this script the page leads to the lists.
// What only some searches need comes when they need it: search-operators.js, search-disk.js,
// search-tools.js, search-advice.js, search-lines.js.
const { Index, Damaged, Stale, unwrap } = Search;
const page = document.getElementById("search");
const input = page.querySelector("input");
const status = page.querySelector("[role=status]");
const list = page.querySelector("ol");
const more = page.querySelector("[data-search-more]");
const state = document.documentElement.dataset;
const { root } = page.dataset;
const words = JSON.parse(page.dataset.words);
const isFile = location.protocol === "file:";
const PAGE = 10;
const FRESH = 60_000;

// ---- loading

// The files that come later: each once, by its plain name. The first of them says how the others are called.
const once = new Map();
const need = (name) => {
  if (!once.has(name)) {
    const LATER = "search-later.js";
    const path = (file) => `${root}assets/${file}`;
    once.set(name, name === LATER ? Search.run(page.dataset.later) : need(LATER).then(() => Search.run(path(Search.files[name]))));
    once.get(name).catch(() => once.delete(name));
  }
  return once.get(name);
};
Search.run = (src, charset = "utf-8") =>
  new Promise((resolve, reject) => {
    const made = document.createElement(src.endsWith(".css") ? "link" : "script");
    Object.assign(made, { charset, src, rel: "stylesheet", href: src, onload: resolve, onerror: () => reject(new Damaged(src)) });
    document.head.append(made);
  });

Search.operators = () => need("search-operators.js");

let cache = "default";
const overHttp = async (id, path) => {
  const answer = await fetch(path, { cache });
  if (!answer.ok) throw new Damaged(`${path}: ${answer.status}`);
  return unwrap(id, new Uint8Array(await answer.arrayBuffer()));
};
let opening = null;
let opened = 0;
const opens = async () => {
  opened = performance.now();
  if (isFile) await Promise.all(["search-disk.js", "file-links.js"].map(need));
  return new Index(isFile ? Search.fromDisk : overHttp).open();
};
const open = () => (opening ??= opens());

// ---- a query

const say = (text, values = {}) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
let turn = 0;
let answer = null;
let isSecond = false;

let pause = 0;
const run = async (query, isTyped = false) => {
  clearTimeout(pause); // nothing is to come in the way of an answer
  const mine = ++turn;
  const isStale = () => mine !== turn;
  const tell = (text, values) => {
    if (!isStale()) status.textContent = say(text, { query, ...values });
  };
  const slow = setTimeout(() => tell(opening && answer ? words.searching : words.loading), 500);
  try {
    const index = await open();
    if (isStale()) return;
    state.searchState = "searching";
    const found = query && (await find(index, query, (n, all) => all > 40 && tell(words.reading, { n, all })));
    if (isStale()) return;
    const reports = found ? found.reports : [];
    // What an index opened a while ago does not hold may have come since, and for a letter that it does not know no file is read that would be stale.
    if (query && !reports.length && performance.now() - opened > FRESH) {
      opening = null;
      cache = "no-cache";
      return run(query, isTyped);
    }
    if (query) status.dataset.searchTotal = reports.length;
    else delete status.dataset.searchTotal;
    clearTimeout(slow);
    tell(query ? (reports.length ? words.found : words.none) : words.ready, { n: query ? reports.length : index.reportCount });
    const hits = reports.length && parameters().get("sort") !== "date" ? await rank(index, found) : Array.from(reports).reverse();
    const next = { index, query, isTyped, found, hits, shown: 0, show: cards, size: PAGE };
    if (parameters().get("view") === "lines" && hits.length) {
      await Promise.all(["search-tools.css", "search-lines.js"].map(need));
      Object.assign(next, { show: Search.lines, size: 2 * PAGE });
    }
    const first = await following(next);
    if (isStale()) return;
    answer = next;
    list.className = next.show === cards ? "search-results" : "search-lines";
    list.replaceChildren(...first);
    more.hidden = answer.shown >= hits.length;
    state.searchState = query ? "done" : "ready";
    afterwards();
  } catch (error) {
    if (!isStale()) recover(error, query, isTyped);
  } finally {
    clearTimeout(slow);
  }
};

// The site may have been published anew under the open page: once more from the start, then the mistake is told.
const recover = (error, query, isTyped) => {
  opening = null;
  cache = "reload";
  if (!isSecond) {
    isSecond = true;
    return run(query, isTyped);
  }
  status.textContent = say(error instanceof Stale ? words.stale : words.failed, { error: error.message });
  state.searchState = "failed";
};

// What an answer shows next.
const following = async (answer) => {
  const reports = answer.hits.slice(answer.shown, answer.shown + answer.size);
  const texts = await Promise.all(reports.map((report) => answer.index.text(report)));
  answer.shown += reports.length;
  return answer.show(answer, texts);
};

const showMore = async () => {
  const mine = turn;
  more.disabled = true;
  try {
    const next = await following(answer);
    if (mine !== turn) return;
    list.append(...next);
    if (Search.sortLines) Search.sortLines(answer);
    more.hidden = answer.shown >= answer.hits.length;
  } catch (error) {
    if (mine === turn) recover(error, answer.query);
  } finally {
    more.disabled = false;
  }
};

// What helps comes when an answer has stood for a moment: what is typed on the way to it needs none.
const afterwards = () => {
  const early = Search.suggest;
  early?.(answer);
  const { index, query } = answer;
  if (!query) index.ahead().catch(() => {}); // whatever needs it asks again
  if (!answer.hits.length) page.querySelectorAll(".search-tools, .search-facets").forEach((panel) => panel.replaceChildren());
  pause = setTimeout(async () => {
    const mine = turn;
    try {
      await Promise.all(["search-tools.css", "search-tools.js", "search-advice.js"].map(need));
      if (mine !== turn) return;
      if (!early) Search.suggest(answer);
      await index.ahead();
      await Search.tools(answer);
    } catch (error) {
      if (mine === turn) recover(error, answer.query);
    }
  }, 500);
};

// ---- results

const element = (name, className, ...children) => {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
};

const cards = ({ index, found }, texts) => texts.map((text) => {
  const { terms } = found;
  const passages = text.paragraphs.map((paragraph, i) => ({ paragraph, i, found: marks(index, paragraph, terms) })).filter(({ found }) => found.length).slice(0, 3);
  const facts = [text.region.at(-1), text.year, text.kind, ...text.themes].filter(Boolean).join(" · ");
  const count = wanted(terms).reduce((sum, { term }) => sum + occurrences(index.normals(text), term), 0);
  return element("li", "",
    element("h2", "", hit(address(text, passages[0]), "", ...marked(text.title, marks(index, text.title, terms)))),
    element("p", "meta", facts, element("span", "count", say(words.count, { n: count }))),
    ...passages.map((passage) => link(address(text, passage), "excerpt", ...around(passage))),
    ...(passages.length ? [] : text.paragraphs.slice(0, 1).map((paragraph) => element("p", "excerpt", paragraph.slice(0, LONGEST)))));
});

const link = (href, ...content) => Object.assign(element("a", ...content), { href });
const hit = (...content) => {
  const made = link(...content);
  made.dataset.searchHit = "";
  return made;
};

// A report's page, at the paragraph of a passage, with what is to be highlighted there.
const address = (text, passage) => {
  const page = `${root}reports/${encodeURIComponent(text.slug)}/`;
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
  const seen = new Map();
  return (text.names ??= text.paragraphs.map((paragraph) => {
    const letters = paragraph.match(/[\p{Alphabetic}\p{N}]/gu) ?? [];
    const name = `p-${digits(letters.slice(0, 8).join(""), 3)}${digits(letters.slice(-8).join(""), 3)}${digits(letters.join(""), 4)}`;
    seen.set(name, (seen.get(name) ?? 0) + 1);
    return seen.get(name) === 1 ? name : `${name}-${seen.get(name)}`;
  }));
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
  let at = 0;
  const parts = found.flatMap(([from, to]) => {
    const before = text.slice(at, from);
    at = to;
    return [before, element("mark", "", text.slice(from, to))];
  });
  return [...parts, text.slice(at)];
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
const ask = (isTyped) => {
  isSecond = false;
  run(input.value.trim(), isTyped);
};
// Puts parts of the state into the address, as a step that Back undoes, and shows them.
const go = (changes) => {
  keep(changes, "pushState");
  restore();
};
const restore = () => {
  input.value = parameters().get("q") ?? "";
  ask(false);
};
const typed = () => {
  keep({ q: input.value.trim() });
  ask(true);
};
input.addEventListener("input", (event) => event.isComposing || typed());
input.addEventListener("compositionend", typed);
page.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  go({ q: input.value.trim() });
});
more.addEventListener("click", showMore);
addEventListener("popstate", restore);
// Keys work as soon as there are hits, wherever their script has got to.
addEventListener("keydown", (event) => {
  if (Search.key || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (!(event.target === input ? /^(ArrowDown|Escape)$/ : /^([/jk]|Escape)$/).test(event.key)) return;
  need("search-tools.js").then(() => Search.key(event));
  event.preventDefault();
});

Object.assign(Search, { root, page, input, list, status, element, link, hit, say, words, need, parameters, go, names, address });
state.searchState = "loading";
status.textContent = words.loading;
restore();
