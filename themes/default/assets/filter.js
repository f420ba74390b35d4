// filter.js: narrows the rows of a table on the page. Without it all of them are shown.
(() => {
  const input = document.querySelector("input[data-filter]");
  if (!input) return;
  const rows = [...document.getElementById(input.dataset.filter).tBodies[0].rows];
  const status = input.closest(".narrow").querySelector("[role=status]");
  input.addEventListener("input", () => {
    const words = input.value.trim().split(/\s+/u).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      row.hidden = !words.every((word) => row.textContent.includes(word));
      shown += row.hidden ? 0 : 1;
    }
    status.textContent = words.length ? input.dataset.found.replace("{n}", shown) : "";
  });
})();
