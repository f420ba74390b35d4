// contents.js: marks the current section in the contents list, and folds the list on a narrow screen.
(() => {
  const contents = document.querySelector("nav.contents");
  if (!contents) return;
  const narrow = matchMedia("(max-width: 60rem)");
  const fold = () => { contents.querySelector("details").open = !narrow.matches; };
  fold();
  contents.classList.add("ready");
  narrow.addEventListener("change", fold);
  contents.addEventListener("click", (event) => {
    if (narrow.matches && event.target.closest("a")) fold();
  });
  const links = new Map();
  for (const link of contents.querySelectorAll("a")) {
    const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (heading) links.set(heading, link);
  }
  const headings = [...links.keys()];
  let current = null;
  const mark = () => {
    const passed = headings.filter((heading) => heading.getBoundingClientRect().top < innerHeight / 3);
    const link = links.get(passed.at(-1)) ?? null;
    if (link === current) return;
    current?.removeAttribute("aria-current");
    link?.setAttribute("aria-current", "location");
    current = link;
    if (!narrow.matches) link?.scrollIntoView({ block: "nearest" });
  };
  let waiting = false;
  addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; mark(); });
  }, { passive: true });
  mark();
})();
