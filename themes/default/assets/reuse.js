// reuse.js: shows in a report's margin which passages also stand elsewhere. The page behind the link says the same
// without a script; it is asked for when the reader wants it.
(() => {
  const link = document.querySelector("a.reuse");
  const text = document.querySelector(".text");
  if (!link || !window.Highlight || !CSS.highlights) return;
  const kinds = ["own", "borrowed", "set"];
  const url = new URL(link.href);
  if (url.pathname.endsWith("/")) url.pathname += "index.html";

  const fetched = async () => {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(answer.status);
    return answer.text();
  };
  // From disk a page may not be fetched; in a frame it hands itself over (file-links.js).
  const framed = () => new Promise((resolve, reject) => {
    const frame = document.createElement("iframe");
    const done = (settle, value) => {
      clearTimeout(patience);
      removeEventListener("message", hear);
      frame.remove();
      settle(value);
    };
    const hear = ({ source, data }) => {
      if (source === frame.contentWindow && typeof data?.page === "string") done(resolve, data.page);
    };
    const patience = setTimeout(() => done(reject, new Error("silent")), 8000);
    addEventListener("message", hear);
    frame.hidden = true;
    frame.addEventListener("load", () => frame.contentWindow.postMessage("huibian-page", "*"));
    frame.src = url;
    document.body.append(frame);
  });

  // The characters of a block that are no blanks, as places in its text nodes.
  const range = (block, from, length) => {
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    const range = new Range();
    let at = 0;
    for (let node = walker.nextNode(); node; node = walker.nextNode())
      for (let i = 0; i < node.length; i++) {
        if (/\s/.test(node.data[i])) continue;
        if (at === from) range.setStart(node, i);
        at++;
        if (at === from + length) {
          range.setEnd(node, i + 1);
          return range;
        }
      }
    return null;
  };

  const show = (page) => {
    for (const kind of kinds) {
      const ranges = [];
      for (const passage of page.querySelectorAll(`.${kind} [data-at]`)) {
        const parts = passage.dataset.at.split(" ");
        const blocks = [];
        for (let i = 0; i + 1 < parts.length; i += 2) {
          const block = document.getElementById(parts[i]);
          const found = block && range(block, ...parts[i + 1].split("+").map(Number));
          if (found) ranges.push(found), blocks.push(block);
        }
        if (!blocks.length) continue;
        const note = document.createElement("aside");
        note.className = `reuse-note ${kind}`;
        note.lang = document.documentElement.lang;
        for (const child of passage.children) if (!child.matches("blockquote")) note.append(document.importNode(child, true));
        for (const other of note.querySelectorAll("a")) other.href = new URL(other.getAttribute("href"), url).href;
        blocks[0].before(note);
      }
      CSS.highlights.set(`reuse-${kind}`, new Highlight(...ranges));
    }
  };
  const hide = () => {
    for (const kind of kinds) CSS.highlights.delete(`reuse-${kind}`);
    for (const note of text.querySelectorAll(".reuse-note")) note.remove();
  };

  const label = link.textContent;
  link.setAttribute("role", "button");
  link.setAttribute("aria-pressed", "false");
  const toggle = async () => {
    const on = link.getAttribute("aria-pressed") !== "true";
    link.setAttribute("aria-pressed", String(on));
    link.textContent = on ? link.dataset.hide : label;
    hide();
    if (!on) return;
    try {
      const page = await (location.protocol === "file:" ? framed() : fetched());
      if (link.getAttribute("aria-pressed") === "true") show(new DOMParser().parseFromString(page, "text/html"));
    } catch {
      location.href = url; // the page itself can still be read
    }
  };
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    toggle();
  });
  link.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    toggle();
  });
})();
