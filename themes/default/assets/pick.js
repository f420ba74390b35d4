// pick.js: picks a report, or a section of one, to lay beside another. What is picked is kept in the browser until then.
// Without it the pages that are compared ahead are there all the same.
(() => {
  const KEY = "huibian-picked";
  const page = document.querySelector("[data-compare]");
  if (!page) return;
  const words = page.dataset;
  const compare = new URL(words.compare, location.href);
  const site = new URL("../", compare).href;
  const load = () => {
    try {
      const picked = JSON.parse(localStorage.getItem(KEY));
      return picked?.url?.startsWith(site) ? picked : null;
    } catch {
      return null; // storage is off, or holds something else
    }
  };
  const keep = (picked) => {
    try {
      if (picked) localStorage.setItem(KEY, JSON.stringify(picked));
      else localStorage.removeItem(KEY);
    } catch {
      // It is then forgotten with this page.
    }
  };
  let picked = load();
  const bar = document.createElement("p");
  bar.className = "picked";
  bar.setAttribute("role", "status");
  const buttons = [...document.querySelectorAll("button[data-pick]")];
  const url = (button) => new URL(button.dataset.pick, location.href).href;
  // A section is called by its region and heading.
  const title = (button) => {
    const section = button.closest(".section");
    return section ? `${section.querySelector(".item-facts").firstElementChild.textContent}：${section.querySelector("h3").textContent}` : button.dataset.title;
  };
  const show = () => {
    for (const button of buttons) {
      button.textContent = !picked ? words.pick : picked.url === url(button) ? words.chosen : words.beside;
      button.setAttribute("aria-pressed", picked?.url === url(button));
    }
    if (!picked) return bar.remove();
    const drop = document.createElement("button");
    drop.type = "button";
    drop.textContent = words.drop;
    drop.addEventListener("click", () => pick(null));
    bar.replaceChildren(words.picked.replace("{title}", picked.title), " ", drop);
    if (!bar.isConnected) document.body.append(bar);
  };
  const pick = (next) => {
    picked = next;
    keep(picked);
    show();
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      if (!picked) return pick({ url: url(button), title: title(button) });
      if (picked.url === url(button)) return pick(null);
      const short = (href) => decodeURI(href.slice(site.length)).replace("/index.html", "/");
      compare.search = String(new URLSearchParams({ a: short(picked.url), b: short(url(button)) })).replaceAll("%2F", "/");
      if (location.protocol === "file:") compare.pathname += "index.html";
      keep(null);
      location.assign(compare);
    });
  }
  addEventListener("pageshow", () => { picked = load(); show(); });
  show();
})();
