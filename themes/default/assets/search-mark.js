// search-mark.js: on a report that search led to, shows where the words stand. The text itself stays as it is.
"use strict";

(() => {
  const words = new URLSearchParams(location.search).getAll("mark").filter(Boolean);
  const text = document.querySelector(".text");
  if (!words.length || !text || !globalThis.Highlight || !CSS.highlights) return;
  const ranges = [];
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    for (const word of words) {
      for (let at = node.data.indexOf(word); at >= 0; at = node.data.indexOf(word, at + word.length)) {
        const range = new Range();
        range.setStart(node, at);
        range.setEnd(node, at + word.length);
        ranges.push(range);
      }
    }
  }
  CSS.highlights.set("search", new Highlight(...ranges));
})();
