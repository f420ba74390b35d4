// permalink.js: a link to the paragraph under the pointer, and buttons that copy. Without it the ids are there all the same.
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
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", () => copy(document.getElementById(button.dataset.copy).textContent, button, button.dataset.copied));
  }
  const text = document.querySelector(".text");
  if (!text) return;
  const link = document.createElement("a");
  link.className = "permalink";
  link.textContent = "¶";
  link.title = text.dataset.permalink;
  link.setAttribute("aria-label", text.dataset.permalink);
  const show = (event) => {
    const block = event.target.closest?.(".text > [id]");
    if (!block || link.parentElement === block) return;
    link.href = `#${block.id}`;
    block.append(link);
  };
  text.addEventListener("pointerover", show);
  text.addEventListener("pointerdown", show);
})();
