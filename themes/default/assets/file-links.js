// file-links.js: opened from disk, a link to a folder must name the file in it, and a page that compares others, which
// may not fetch them, frames and asks them. Over HTTP it does nothing.
(() => {
  if (location.protocol !== "file:") return;
  const complete = (element, name) => {
    const url = new URL(element[name]);
    if (url.protocol === "file:" && url.pathname.endsWith("/")) {
      url.pathname += "index.html";
      element[name] = url.href;
    }
  };
  const all = (root) => {
    for (const link of root.querySelectorAll("a[href]")) complete(link, "href");
    for (const form of root.querySelectorAll("form[action]")) complete(form, "action");
  };
  all(document);
  addEventListener("message", ({ data, source }) => {
    if (data === "huibian-page") source.postMessage({ page: document.documentElement.outerHTML }, "*");
  });
  // Links that come later, from search.
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) {
      if (node.nodeType !== Node.ELEMENT_NODE) continue;
      if (node.matches("a[href]")) complete(node, "href");
      all(node);
    }
  }).observe(document.body, { childList: true, subtree: true });
})();
