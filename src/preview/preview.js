// Reloads the page when the archive changes, and shows what is wrong with it. Only `huibian serve` adds this.
(() => {
  const { version } = document.currentScript.dataset;
  const onProblemsPage = () => document.body.classList.contains("huibian-problems-page");

  const show = (problems) => {
    document.getElementById("huibian-problems")?.remove();
    if (problems.length === 0 || onProblemsPage()) return;
    const box = document.createElement("aside");
    box.id = "huibian-problems";
    box.setAttribute("role", "alert");
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "×";
    close.setAttribute("aria-label", "Close");
    close.addEventListener("click", () => box.remove());
    const title = document.createElement("h2");
    title.textContent = problems.length === 1 ? "1 error" : `${problems.length} errors`;
    box.append(close, title);
    for (const problem of problems) {
      const text = document.createElement("pre");
      text.textContent = problem;
      box.append(text);
    }
    document.body.append(box);
  };

  const listen = () => {
    const events = new EventSource("/_huibian/events");
    events.addEventListener("message", (event) => {
      const state = JSON.parse(event.data);
      if (state.version !== version) location.reload();
      else show(state.problems);
    });
    // A page that the browser keeps for the way back must not hold a connection: it has only six for a host.
    addEventListener("pagehide", () => events.close(), { once: true });
  };
  listen();
  addEventListener("pageshow", (event) => {
    if (event.persisted) listen();
  });
})();
