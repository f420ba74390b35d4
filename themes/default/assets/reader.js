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
  // The quantities that the build found (data-f: place and length, blanks not counted) are marked without touching the
  // text, so that copying and finding see it as it is.
  const figures = (on) => {
    if (!window.Highlight || !CSS.highlights) return;
    CSS.highlights.delete("figures");
    if (!on) return;
    const ranges = [];
    for (const block of document.querySelectorAll(".text > [data-f]")) {
      const places = [];
      const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode())
        for (let i = 0; i < node.length; i++) if (!/\s/.test(node.data[i])) places.push([node, i]);
      for (const figure of block.dataset.f.split(" ")) {
        const [from, length] = figure.split("+").map(Number);
        if (!places[from + length - 1]) continue;
        const range = new Range();
        range.setStart(...places[from]);
        range.setEnd(places[from + length - 1][0], places[from + length - 1][1] + 1);
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
})();
