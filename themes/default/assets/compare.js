// compare.js: lays two reports, or two sections, beside each other and marks what is the same and what changed.
// The address names them: ?a=reports/…/&b=reports/…/#p-…; the rules are those of src/insight/compare.rs.
"use strict";

(() => {
  const page = document.getElementById("compare");
  const words = page.dataset;
  const site = new URL(words.root, location.href);
  const status = page.querySelector("[role=status]");
  const output = page.querySelector(".changes");
  const isFile = location.protocol === "file:";

  const element = (name, className, ...children) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...children);
    return made;
  };
  const say = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

  // ---- reading

  // A page opened from disk may not fetch others: it frames them, and file-links.js there sends their text.
  const framed = (url) => new Promise((resolve, reject) => {
    const frame = element("iframe");
    frame.hidden = true;
    const done = (settle, value) => {
      clearTimeout(patience);
      removeEventListener("message", hear);
      frame.remove();
      settle(value);
    };
    const hear = ({ source, data }) => {
      if (source === frame.contentWindow && typeof data?.page === "string") done(resolve, data.page);
    };
    const patience = setTimeout(() => done(reject, new Error(url.pathname)), 8000);
    addEventListener("message", hear);
    frame.addEventListener("load", () => frame.contentWindow.postMessage("huibian-page", "*"));
    url.pathname += "index.html";
    frame.src = url;
    document.body.append(frame);
  });
  const fetched = async (url) => {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`${answer.status} ${decodeURI(url.pathname)}`);
    return answer.text();
  };

  const read = async (name) => {
    const url = new URL(name, site);
    if (!url.href.startsWith(new URL("reports/", site).href)) throw new Error(name);
    const anchor = url.hash.slice(1);
    url.hash = "";
    const href = url.href;
    const text = await (isFile ? framed(url) : fetched(url));
    const document = new DOMParser().parseFromString(text, "text/html");
    const sections = [];
    for (const block of document.querySelectorAll(".text > [id]")) {
      const isHeading = block.matches("h2:not([class])");
      if (isHeading || !sections.length) sections.push({ heading: isHeading ? block.textContent : "", names: [], text: [] });
      sections.at(-1).names.push(block.id);
      if (block.matches(".table")) for (const row of block.querySelectorAll("tr")) sections.at(-1).text.push([...row.cells].map((cell) => cell.textContent).join(" | "));
      else if (!isHeading) sections.at(-1).text.push(...sentences(block.textContent));
    }
    if (!sections.length) throw new Error(name);
    const facts = [...document.querySelectorAll(".labels dd")].slice(0, 3).map((dd) => dd.firstChild.textContent.trim());
    return { name: name.split("#")[0], href, title: document.querySelector("h1").textContent, facts, sections, chosen: sections.findIndex(({ names }) => names.includes(anchor)) };
  };

  const sentences = (text) => (text.match(/[^。！？；!?;\n]*[。！？；!?;\n]+[”’）》」』)。！？；!?;\n]*|[^。！？；!?;\n]+/gu) ?? []).map((one) => one.trim()).filter(Boolean);

  // ---- comparing

  const ALIKE = 0.45;
  const ANSWERS = 0.35;
  const MOST_PAIRS = 4e6;
  const MOST_REPLACED = 10000;
  const LONGEST = 2000;

  const pairs = (text) => {
    const letters = text.match(/[\p{Alphabetic}\p{N}]/gu) ?? [];
    const counts = new Map();
    for (let i = 1; i < letters.length; i++) {
      const pair = letters[i - 1] + letters[i];
      counts.set(pair, (counts.get(pair) ?? 0) + 1);
    }
    return { counts, size: Math.max(0, letters.length - 1) };
  };
  const common = (a, b) => {
    if (!a.size && !b.size) return 1;
    let both = 0;
    for (const [pair, count] of a.counts) both += Math.min(count, b.counts.get(pair) ?? 0);
    return (2 * both) / (a.size + b.size);
  };

  // Which elements of two lists stay, in order: the longest common subsequence, as pairs of places.
  const kept = (a, b) => {
    let from = 0;
    while (from < a.length && from < b.length && a[from] === b[from]) from++;
    let [endA, endB] = [a.length, b.length];
    while (endA > from && endB > from && a[endA - 1] === b[endB - 1]) [endA, endB] = [endA - 1, endB - 1];
    const found = Array.from({ length: from }, (_, i) => [i, i]);
    const [rows, columns] = [endA - from, endB - from];
    if (rows * columns <= MOST_PAIRS) {
      const width = columns + 1;
      const length = new Uint16Array((rows + 1) * width);
      for (let i = rows - 1; i >= 0; i--)
        for (let j = columns - 1; j >= 0; j--)
          length[i * width + j] = a[from + i] === b[from + j] ? length[(i + 1) * width + j + 1] + 1 : Math.max(length[(i + 1) * width + j], length[i * width + j + 1]);
      for (let i = 0, j = 0; i < rows && j < columns;) {
        if (a[from + i] === b[from + j]) found.push([from + i++, from + j++]);
        else if (length[(i + 1) * width + j] >= length[i * width + j + 1]) i++;
        else j++;
      }
    }
    for (let i = 0; endA + i < a.length; i++) found.push([endA + i, endB + i]);
    return found;
  };

  // Rows of sentences: {same}, {old, new} reworded, {gone, added} side by side without a counterpart.
  const rows = (old, next) => {
    const made = [];
    let [i, j] = [0, 0];
    for (const [toOld, toNew] of [...kept(old, next), [old.length, next.length]]) {
      replaced(old.slice(i, toOld), next.slice(j, toNew), made);
      if (toOld < old.length) made.push({ same: old[toOld] });
      [i, j] = [toOld + 1, toNew + 1];
    }
    return made;
  };

  const replaced = (old, next, made) => {
    const loose = { gone: [], added: [] };
    const flush = () => {
      if (loose.gone.length || loose.added.length) made.push({ gone: loose.gone, added: loose.added });
      [loose.gone, loose.added] = [[], []];
    };
    const oldPairs = old.map(pairs);
    let from = 0;
    for (const sentence of next) {
      let best = -1;
      if (old.length * next.length <= MOST_REPLACED && sentence.length <= LONGEST) {
        const mine = pairs(sentence);
        let score = ALIKE;
        for (let at = from; at < old.length; at++) {
          const alike = common(mine, oldPairs[at]);
          if (alike > score && old[at].length <= LONGEST) [score, best] = [alike, at];
        }
      }
      if (best < 0) {
        loose.added.push(sentence);
        continue;
      }
      loose.gone.push(...old.slice(from, best));
      flush();
      made.push({ old: old[best], next: sentence });
      from = best + 1;
    }
    loose.gone.push(...old.slice(from));
    flush();
  };

  // For each section of the right report the one of the left that it answers, best pairs first.
  const align = (left, right) => {
    const bare = (heading) => pairs(heading.replace(/^[\d（）()、.．一二三四五六七八九十]+/u, ""));
    const prepare = (sections) => sections.map(({ heading, text }) => ({ heading: heading && bare(heading), text: pairs(text.join("")) }));
    const [before, after] = [prepare(left), prepare(right)];
    const candidates = [];
    before.forEach((a, i) => after.forEach((b, j) => {
      const score = !a.heading && !b.heading ? 2 : a.heading && b.heading ? common(a.heading, b.heading) + common(a.text, b.text) : 0;
      if (score >= ANSWERS) candidates.push([score, i, j]);
    }));
    candidates.sort((a, b) => b[0] - a[0] || Math.abs(a[1] - a[2]) - Math.abs(b[1] - b[2]) || a[1] - b[1]);
    const [ofLeft, ofRight] = [new Map(), new Map()];
    for (const [, i, j] of candidates) if (!ofLeft.has(i) && !ofRight.has(j)) { ofLeft.set(i, j); ofRight.set(j, i); }
    const order = [];
    let next = 0;
    right.forEach((section, j) => {
      const partner = ofRight.get(j);
      for (; partner !== undefined && next < partner; next++) if (!ofLeft.has(next)) order.push([left[next], null]);
      if (partner !== undefined) next = Math.max(next, partner + 1);
      order.push([left[partner] ?? null, section]);
    });
    for (; next < left.length; next++) if (!ofLeft.has(next)) order.push([left[next], null]);
    return order;
  };

  // ---- showing

  // Words that stand in the other text too, eight characters or more in a row.
  const RUN = 8;
  const runs = (text) => {
    const found = new Set();
    for (let i = 0; i + RUN <= text.length; i++) found.add(text.slice(i, i + RUN));
    return found;
  };
  const shared = (sentence, others) => {
    const parts = [];
    let [at, i] = [0, 0];
    while (i + RUN <= sentence.length) {
      if (!others.has(sentence.slice(i, i + RUN))) {
        i++;
        continue;
      }
      let end = i + RUN;
      while (end < sentence.length && others.has(sentence.slice(end - RUN + 1, end + 1))) end++;
      const whole = end;
      while (/\d/.test(sentence[end - 1]) && /[\d.,]/.test(sentence[end] ?? "")) end--; // half a number is not shared
      while (/[^\p{Alphabetic}\p{N}“《（]/u.test(sentence[i])) i++;
      parts.push(sentence.slice(at, i), element("mark", "", sentence.slice(i, end)));
      [at, i] = [end, whole];
    }
    return [...parts, sentence.slice(at)];
  };

  const reworded = (old, next) => {
    const tokens = (text) => text.match(/\d[\d,.%]*|[A-Za-z]+|[^]/gu) ?? [];
    const [a, b] = [tokens(old), tokens(next)];
    const same = kept(a, b);
    const side = (all, places, name) => {
      const parts = [];
      let from = 0;
      for (const place of [...places, all.length]) {
        if (place > from) parts.push(element(name, "", all.slice(from, place).join("")));
        if (place < all.length) parts.push(all[place]);
        from = place + 1;
      }
      const made = element("p", "", ...parts);
      made.normalize();
      return made;
    };
    return element("div", "row changed", side(a, same.map(([i]) => i), "del"), side(b, same.map(([, j]) => j), "ins"));
  };

  const show = (left, right) => {
    const part = ({ sections, chosen }) => (chosen < 0 ? sections : [sections[chosen]]);
    const [before, after] = [part(left), part(right)];
    const whole = (sections) => runs(sections.flatMap(({ text }) => text).join(""));
    const [inLeft, inRight] = [whole(before), whole(after)];
    const counts = { same: 0, changed: 0, old: 0, new: 0 };
    const aligned = left.chosen < 0 && right.chosen < 0 ? align(before, after) : before.length > 1 || after.length > 1 ? align(before, after) : [[before[0], after[0]]];
    output.replaceChildren(...aligned.map(([a, b]) => {
      const section = element("section");
      if (a?.heading || b?.heading) section.append(element("h2", "row", element("span", "", a?.heading ?? ""), element("span", "", b?.heading ?? "")));
      let same = null;
      for (const row of rows(a?.text ?? [], b?.text ?? [])) {
        if (row.same) {
          counts.same++;
          if (!same) {
            same = element("details", "same", element("summary", "", words.same), element("p"));
            section.append(same);
          }
          same.lastChild.append(row.same);
          continue;
        }
        same = null;
        if (row.old) {
          counts.changed++;
          section.append(reworded(row.old, row.next));
          continue;
        }
        counts.old += row.gone.length;
        counts.new += row.added.length;
        const column = (list, others) => element("div", "", ...list.map((one) => element("p", "", ...shared(one, others))));
        section.append(element("div", "row", column(row.gone, inRight), column(row.added, inLeft)));
      }
      return section;
    }));
    status.textContent = say(words.counts, counts);
  };

  const choose = (side, other, which) => {
    const select = element("select");
    select.setAttribute("aria-label", say(words.section, { title: side.title }));
    select.append(new Option(words.whole, -1), ...side.sections.map(({ heading }, i) => new Option(heading || words.opening, i)));
    select.value = side.chosen;
    select.addEventListener("change", () => {
      side.chosen = Number(select.value);
      const next = new URLSearchParams(location.search);
      next.set(which, side.name + (side.chosen < 0 ? "" : `#${side.sections[side.chosen].names[0]}`));
      try {
        history.replaceState(null, "", `?${next}`);
      } catch {
        // From disk an address may not change; the choice holds all the same.
      }
      show(...(which === "a" ? [side, other] : [other, side]));
    });
    const link = element("a", "", side.title);
    link.href = side.href;
    return element("div", "", element("p", "", link), element("p", "note", side.facts.join(" · ")), select);
  };

  const start = async () => {
    const parameters = new URLSearchParams(location.search);
    const names = ["a", "b"].map((side) => parameters.get(side));
    if (!names.every(Boolean)) return;
    page.querySelector(".how").hidden = true;
    status.textContent = words.loading;
    try {
      const [left, right] = await Promise.all(names.map(read));
      page.querySelector(".sides").append(choose(left, right, "a"), choose(right, left, "b"));
      document.title = `${left.title} · ${right.title}`;
      show(left, right);
      document.documentElement.dataset.compareState = "done";
    } catch (error) {
      status.textContent = say(words.failed, { error: error.message });
      document.documentElement.dataset.compareState = "failed";
    }
  };
  start();
})();
