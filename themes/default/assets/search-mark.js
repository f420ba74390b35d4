// search-mark.js: on a report that search led to, shows where the words stand. The text itself stays as it is.
"use strict";

(() => {
  const words = new URLSearchParams(location.search).getAll("mark").filter(Boolean);
  const text = document.querySelector(".text");
  if (!words.length || !text || !globalThis.Highlight || !CSS.highlights) return;
  const BLOCKS = "p, li, td, th, h1, h2, h3, h4, h5, h6, pre, dd, dt, figcaption, blockquote";
  const ranges = [];
  for (const block of text.querySelectorAll(BLOCKS)) {
    // A word may run through several nodes: part of it is marked up, or a link.
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    const nodes = [];
    let whole = "";
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.parentElement.closest(BLOCKS) !== block) continue;
      nodes.push({ node, start: whole.length });
      whole += node.data;
    }
    const place = (at) => nodes.findLast(({ start }) => start <= at);
    for (const word of words) {
      for (let at = whole.indexOf(word); at >= 0; at = whole.indexOf(word, at + word.length)) {
        const [first, last] = [place(at), place(at + word.length - 1)];
        const range = new Range();
        range.setStart(first.node, at - first.start);
        range.setEnd(last.node, at + word.length - last.start);
        ranges.push(range);
      }
    }
  }
  CSS.highlights.set("search", new Highlight(...ranges));
})();
