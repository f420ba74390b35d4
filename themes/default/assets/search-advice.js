// search-advice.js: what else could be asked: suggestions while typing, words in place of those that stand nowhere,
// recent queries.
"use strict";

(() => {
  const Search = globalThis.HuibianSearch;
  const { find, inflate, wanted, page, input, element, link, words, address, go } = Search;

  const chips = (buttons) => element("ul", "chips", ...buttons.map((made) => element("li", "", made)));

  // ---- the commonest words of the texts, their set phrases, and how they sound

  let lexicon = null;
  const common = (index) => (lexicon ??= read(index).catch(() => (lexicon = null)));
  const read = async (index) => {
    const files = [index.file("words", "words.js", (bytes) => bytes), index.load("phrases", "phrases.js")];
    const [lexicon, phrases] = await Promise.all(files.map(async (file) => new TextDecoder().decode(await inflate(await file))));
    const [sounds, single] = lexicon.split("\n").map((line) => line.split(" "));
    const soundOf = new Map([...index.letters.keys()].map((letter, i) => [letter, sounds[i]]));
    const sound = (word) => Array.from(word, (c) => soundOf.get(c) || c).join("");
    const sounding = (list) => list.filter(Boolean).map((word) => ({ word, sound: sound(word) }));
    return { words: sounding(single), phrases: sounding(phrases.split("\n")), sound };
  };

  // ---- suggestions while typing: a list box, walked through with the arrows

  const MOST_WORDS = 7;
  const MOST_PHRASES = 3;
  const MOST_TITLES = 2;
  const hint = page.querySelector(".hint");
  const box = Object.assign(element("ul", "suggestions"), { id: "suggestions", role: "listbox", ariaLabel: words.suggestions, hidden: true });
  box.ariaOrientation = "horizontal";
  hint.before(box);
  Object.assign(input, { role: "combobox", ariaAutoComplete: "list", ariaExpanded: "false" });
  input.setAttribute("aria-controls", box.id);
  let active = -1;

  Search.suggest = async (answer) => {
    const { index, query } = answer;
    const options = answer.isTyped && query ? [...(await completions(index, query)), ...(await titles(answer))] : [];
    if (input.value.trim() !== query || document.activeElement !== input) return;
    options.forEach((option, i) => Object.assign(option, { id: `suggestion-${i}`, role: "option", ariaSelected: "false" }));
    box.replaceChildren(...options);
    toggle(options.length > 0);
  };

  // What the last word of the query may become; letters may be pinyin.
  const completions = async (index, query) => {
    const last = query.match(/[^\s|"“”:：-]*$/)[0];
    const normal = index.normal.of(last);
    const known = normal && !normal.includes(" ") && (await common(index));
    if (!known) return [];
    const begins = ({ word, sound }) => word.startsWith(normal) || (/^[a-z]{2,}$/.test(normal) && sound.startsWith(normal));
    const phrases = known.phrases.filter((phrase) => begins(phrase) || phrase.word.includes(normal)).slice(0, MOST_PHRASES);
    const single = known.words.filter(begins).slice(0, MOST_WORDS - phrases.length);
    const found = [...single, ...phrases].map(({ word }) => word).filter((word) => word !== normal);
    return [...new Set(found)].map((word) => {
      const made = element("li", "", word);
      made.choose = () => go({ q: query.slice(0, query.length - last.length) + word });
      return made;
    });
  };

  // Reports whose title holds the query: they are the first of the answer, and at hand.
  const titles = async ({ index, query, hits }) => {
    const normal = index.normal.of(query);
    const texts = await Promise.all(hits.slice(0, 10).map((report) => index.text(report)));
    return texts.filter((text) => normal && index.normals(text)[0].includes(normal)).slice(0, MOST_TITLES).map((text) => {
      const made = element("li", "title", text.title);
      made.choose = () => {
        const there = Object.assign(link(address(text)), { hidden: true });
        page.append(there);
        setTimeout(() => there.click()); // by then file-links.js has seen it
      };
      return made;
    });
  };

  const toggle = (isShown) => {
    box.hidden = !isShown;
    hint.hidden = isShown;
    input.ariaExpanded = String(isShown);
    select(-1);
  };
  const select = (next) => {
    const options = [...box.children];
    active = next;
    options.forEach((option, i) => (option.ariaSelected = String(i === active)));
    options[active]?.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (options[active]) input.setAttribute("aria-activedescendant", options[active].id);
    else input.removeAttribute("aria-activedescendant");
  };
  const leave = () => toggle(false);
  const choose = (option) => {
    leave();
    option.choose();
  };

  input.addEventListener("blur", leave);
  page.querySelector("form").addEventListener("submit", leave);
  input.addEventListener("keydown", (event) => {
    if (box.hidden || event.isComposing) return;
    const count = box.childElementCount;
    if (event.key === "ArrowDown") select(active + 1 < count ? active + 1 : -1);
    else if (event.key === "ArrowUp") select(active < 0 ? count - 1 : active - 1);
    else if (event.key === "Enter" && active >= 0) choose(box.children[active]);
    else if (event.key === "Escape") leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  box.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
  box.addEventListener("click", (event) => {
    const option = event.target.closest("li");
    if (option) choose(option);
  });

  // ---- nothing found

  Search.advice = async ({ index, found }, button) => {
    const pieces = new Set();
    for (const { term } of wanted(found.terms))
      for (const { segment, isWordLike } of new Intl.Segmenter("zh", { granularity: "word" }).segment(term.text))
        if (isWordLike && segment.length > 1) pieces.add(segment);
    const offers = pieces.size > 1 ? [[...pieces].join(" "), [...pieces].join(" OR ")] : [...pieces];
    if (found.terms.length > 1) offers.push(...wanted(found.terms).map(({ term }) => term.text));
    offers.push(...(await alike(index, found)));
    const counted = await Promise.all([...new Set(offers)].map(async (offer) => [offer, (await find(index, offer)).reports.length]));
    const useful = counted.filter(([, count]) => count);
    if (!useful.length) return [];
    return [element("p", "hint", words.instead), chips(useful.map(([offer, count]) => {
      const made = button(offer, () => go({ q: offer }));
      made.append(" ", element("span", "n", String(count)));
      return made;
    }))];
  };

  // Words of the texts that sound like the query, or like one of its words; pinyin may be typed as well.
  const alike = async (index, found) => {
    const terms = wanted(found.terms).filter(({ term }) => !term.field).map(({ term }) => term.text);
    const known = terms.length && (await common(index));
    if (!known) return [];
    const bySound = Map.groupBy(known.words, ({ sound }) => sound);
    const others = (text) => (bySound.get(known.sound(text)) ?? []).map(({ word }) => word).filter((word) => word !== text).slice(0, 3);
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
    return offers.slice(0, 12);
  };

  // ---- recent queries, in this browser only

  const RECENT = "huibian-search";
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
  Search.remember = (query) => {
    clearTimeout(pause);
    pause = setTimeout(() => save([query, ...load().filter((other) => other !== query)].slice(0, 8)), 2000);
  };
  Search.recent = (button) => {
    const queries = load();
    if (!queries.length) return [];
    const forget = button(words.forget, () => {
      save([]);
      page.querySelector(".search-tools").replaceChildren();
    });
    return [element("p", "hint", words.recent), chips([...queries.map((query) => button(query, () => go({ q: query }))), forget])];
  };
})();
