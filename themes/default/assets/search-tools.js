// search-tools.js: what helps once there are results: how they are shown, narrowing with charts, export, keys.
"use strict";

(() => {
  const Search = globalThis.HuibianSearch;
  const { both, page, input, list, element, words, need, parameters, go } = Search;
  const [bar, side] = [".search-tools", ".search-facets"].map((name) => page.querySelector(name));
  let isOpen = matchMedia("(min-width: 64rem)").matches;

  const button = (text, action, pressed) => {
    const made = element("button", "", text);
    made.type = "button";
    if (pressed !== undefined) made.ariaPressed = String(pressed);
    made.addEventListener("click", action);
    return made;
  };
  const ask = (query) => go({ q: query.trim() });

  Search.tools = async (answer) => {
    const { index, query, hits } = answer;
    if (!hits.length) {
      side.replaceChildren();
      return bar.replaceChildren(...(await (query ? Search.advice(answer, button) : Search.recent(button))));
    }
    Search.remember(query);
    await Search.operators();
    const facets = await Search.facets(index);
    if (input.value.trim() !== query) return;
    bar.replaceChildren(...views(answer));
    side.replaceChildren(narrow(answer, facets));
  };

  // ---- how results are shown, and export

  const views = (answer) => {
    const now = (name) => parameters().get(name) ?? "";
    const choice = (label, name, options) => {
      const group = element("span", "choice", ...options.map(([value, text]) => button(text, () => go({ [name]: value }), now(name) === value)));
      Object.assign(group, { role: "group", ariaLabel: label });
      return group;
    };
    const copy = button(words.copy, async () => {
      copy.disabled = true;
      await need("search-lines.js");
      await Search.copy(answer);
      copy.disabled = false;
    });
    return [
      choice(words.view, "view", [["", words.reports], ["lines", words.lines]]),
      choice(words.order, "sort", [["", words.relevance], ["date", words.date], ...(now("view") ? [["left", words.left], ["right", words.right]] : [])]),
      copy,
    ];
  };

  // ---- narrowing: a facet is a term of the query, so the address holds it

  const terms = (query) => query.split(/\s+/);
  const toggle = (query, term) => (terms(query).includes(term) ? terms(query).filter((other) => other !== term) : [...terms(query), term]).join(" ");

  // A name that a query would cut in two is told by its address.
  const inOneWord = ({ name, slug }) => (/[\s|"＂“”]/.test(name) ? slug : name);

  const narrow = ({ index, hits, query }, facets) => {
    const reports = hits.toSorted((a, b) => a - b);
    const chip = (term, name, count) => {
      const made = button(name, () => ask(toggle(query, term)), terms(query).includes(term));
      made.append(" ", element("span", "n", String(count)));
      return element("li", "", made);
    };
    const counted = (list) => list.map((facet, i) => ({ ...facet, i, count: both(facet.reports, reports).length }));
    const regions = counted(facets.regions);
    for (const { parent, count } of regions.toReversed()) if (parent !== undefined) regions[parent].count += count;
    const names = regions.map(({ name }) => name);
    const termOf = (one) => `region:${names.indexOf(one.name) === names.lastIndexOf(one.name) ? inOneWord(one) : one.slug}`;
    const inside = (parent) => regions.filter((region) => region.count && region.parent === parent).sort((a, b) => b.count - a.count || a.i - b.i);
    // What lies in a region unfolds below it.
    const tree = (parent) => {
      const items = inside(parent).map((region) => {
        const item = chip(termOf(region), region.name, region.count);
        const below = tree(region.i);
        if (below.childElementCount) item.append(below);
        return item;
      });
      return element("ul", "tree", ...items);
    };
    const chips = (field, list) => element("ul", "chips", ...counted(list).filter(({ count }) => count).map((one) => chip(`${field}:${inOneWord(one)}`, one.name, one.count)));
    const years = new Map();
    const yearOf = Search.yearOf(index);
    for (const report of reports) if (yearOf[report]) years.set(yearOf[report], (years.get(yearOf[report]) ?? 0) + 1);
    const group = (title, content) => (content.childElementCount ? [element("h2", "", title), content] : []);
    const details = element("details", "", element("summary", "", words.narrow),
      ...group(words.year, chart(query, [...years].sort(([a], [b]) => a - b).map(([year, count]) => ({ name: String(year), count, term: `year:${year}` })), words.year)),
      ...group(words.region, chart(query, inside(undefined).slice(0, 8).map((region) => ({ ...region, term: termOf(region) })), words.region)),
      ...group(words.theme, chips("theme", facets.themes)),
      ...group(words.kind, chips("kind", facets.kinds)),
      ...group(words.place, tree(undefined)));
    details.open = isOpen;
    details.addEventListener("toggle", () => (isOpen = details.open));
    return details;
  };

  // How the hits spread: a bar each, which narrows to its own.
  const chart = (query, bars, title) => {
    if (bars.length < 2) return element("ol", "");
    const most = Math.max(...bars.map(({ count }) => count));
    const made = element("ol", "spread", ...bars.map(({ name, count, term }) => {
      const bar = button("", () => ask(toggle(query, term)), terms(query).includes(term));
      bar.title = `${name}: ${count}`;
      bar.ariaLabel = `${title} ${name}: ${count}`;
      bar.style.setProperty("--share", count / most);
      return element("li", "", bar, element("span", "", bars.length > 9 ? name.slice(-2) : name));
    }));
    made.style.setProperty("--columns", Math.min(bars.length, 11));
    return made;
  };

  // ---- keys: / to the box, j and k through the hits, Enter opens, Esc back to the box or empties it

  Search.key = (event) => {
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
  };
  addEventListener("keydown", Search.key);
})();
