// permalink.js: a link to the paragraph under the pointer, buttons that copy, and the way from a link to a paragraph
// that was edited since. Without it every paragraph has its name all the same.
(() => {
  const copy = async (text, button, done) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      return; // not allowed here: the link can still be followed, the citation selected
    }
    const before = button.textContent;
    button.textContent = done;
    setTimeout(() => { button.textContent = before; }, 1500);
  };
  const text = document.querySelector(".text");
  if (!text) return;
  const words = text.dataset;
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", () => copy(document.getElementById(button.dataset.copy).textContent, button, words.copied));
  }
  // GB/T 7714 wants the day on which an address was read.
  const readOn = document.querySelector(".read-on");
  if (readOn) readOn.textContent = `[${new Date().toLocaleDateString("sv")}]`;

  const link = document.createElement("a");
  link.className = "permalink";
  link.textContent = "¶";
  link.title = words.permalink;
  link.setAttribute("aria-label", words.permalink);
  const show = (event) => {
    const block = event.target.closest?.(".text > [id]");
    if (!block || link.parentElement === block) return;
    link.href = `#${block.id}`;
    block.append(link);
  };
  text.addEventListener("pointerover", show);
  text.addEventListener("pointerdown", show);

  // A name holds three characters for how a paragraph begins and three for how it ends: src/site/anchor.rs.
  const note = document.createElement("p");
  note.className = "edited";
  note.setAttribute("role", "status");
  const find = () => {
    note.remove();
    const name = location.hash.slice(1);
    if (!/^p-[0-9a-z]{10}(-\d+)?$/.test(name) || document.getElementById(name)) return;
    const alike = (block) => [[2, 5], [5, 8]].filter(([from, to]) => block.id.slice(from, to) === name.slice(from, to)).length;
    const scored = [...text.querySelectorAll(":scope > [id^=p-]")].map((block) => [alike(block), block]);
    const most = Math.max(...scored.map(([score]) => score));
    const best = scored.filter(([score]) => score === most);
    const found = most > 0 && best.length === 1 ? best[0][1] : null;
    note.textContent = found ? words.edited : words.gone;
    text.insertBefore(note, found ?? text.firstChild);
    (found ?? note).scrollIntoView();
    // Replacing the name marks the paragraph; the address then holds the new one.
    if (found) history.replaceState(null, "", `#${found.id}`);
    if (found) found.classList.add("cited");
  };
  addEventListener("hashchange", find);
  find();
})();
