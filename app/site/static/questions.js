// Pages of questions: a line is copied, and addresses of the interface as it once stood here lead on.
(() => {
  "use strict";
  if (location.pathname === "/docs" && location.hash.startsWith("#/")) location.replace(`/docs/interface${location.hash}`);
  document.addEventListener("click", async ({ target }) => {
    const button = target.closest("[data-copies]");
    if (!button) return;
    const line = document.getElementById(button.dataset.copies);
    const said = document.getElementById("announcement");
    try {
      await navigator.clipboard.writeText(line.textContent);
      said.textContent = button.dataset.copied;
    } catch {
      getSelection().selectAllChildren(line);
    }
  });
})();
