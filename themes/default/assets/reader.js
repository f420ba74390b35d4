// reader.js: typeface, size and leading of a report as the reader likes them, kept in the browser.
(() => {
  const panel = document.querySelector("details.reader");
  if (!panel) return;
  const load = () => {
    try {
      return JSON.parse(localStorage.getItem("huibian-reader")) ?? {};
    } catch {
      return {}; // storage is off, or holds something else
    }
  };
  const keep = (choice) => {
    try {
      localStorage.setItem("huibian-reader", JSON.stringify(choice));
    } catch {
      // The choice then lasts for this page.
    }
  };
  // Numbers are marked without touching the text, so that copying and finding see it as it is.
  const figures = (on) => {
    if (!window.Highlight || !CSS.highlights) return;
    CSS.highlights.delete("figures");
    if (!on) return;
    const ranges = [];
    const walker = document.createTreeWalker(document.querySelector(".text"), NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      for (const match of node.data.matchAll(/\d[\d,.]*(?:%|％|万|亿)*/g)) {
        const range = new Range();
        range.setStart(node, match.index);
        range.setEnd(node, match.index + match[0].length);
        ranges.push(range);
      }
    }
    CSS.highlights.set("figures", new Highlight(...ranges));
  };
  const apply = (choice) => {
    const { dataset } = document.documentElement;
    for (const name of ["font", "size", "leading"]) {
      if (choice[name]) dataset[name] = choice[name];
      else delete dataset[name];
    }
    figures(choice.figures);
  };
  const choice = load();
  for (const input of panel.querySelectorAll("input")) {
    if (input.type === "checkbox") input.checked = Boolean(choice[input.name]);
    else if (choice[input.name]) input.checked = choice[input.name] === input.value;
  }
  panel.addEventListener("change", ({ target }) => {
    choice[target.name] = target.type === "checkbox" ? target.checked : target.value;
    keep(choice);
    apply(choice);
  });
  apply(choice);
  panel.hidden = false;
})();
