// Makes pages quicker for whoever has scripts; every form and link works without.
//
// A form or link marked data-live is asked for in the background, and the page is changed into
// the answer: what has the focus keeps it, and the address says what is shown. The server alone
// knows what a page looks like.
(() => {
  "use strict";
  const root = document.documentElement;
  let turn = 0;
  const asked = () => location.pathname + location.search;
  let shown = asked();

  // Changes this page into the one at an address; where that fails, goes there.
  const show = async (address, { body = null, push = true } = {}) => {
    const mine = ++turn;
    root.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { method: body ? "POST" : "GET", body, headers: { Accept: "text/html" } });
      const text = await answer.text();
      if (mine !== turn) return; // another one was asked for meanwhile
      const next = new DOMParser().parseFromString(text, "text/html");
      if (push) history.pushState(null, "", answer.url);
      else history.replaceState(null, "", answer.url);
      shown = asked();
      document.title = next.title;
      Idiomorph.morph(document.body, next.body, { morphStyle: "innerHTML", restoreFocus: true, callbacks: { beforeNodeMorphed: keep } });
    } catch {
      if (mine === turn && !body) location.assign(address);
    } finally {
      if (mine === turn) root.removeAttribute("aria-busy");
    }
  };

  // What a reader is typing or dragging is left alone, and what he opened stays open.
  const keep = (old, next) => {
    if (old === document.activeElement && old.matches("textarea, [type=range], input:not([type=checkbox], [type=radio])")) return false;
    if (old instanceof HTMLDetailsElement && next instanceof HTMLDetailsElement) next.open = old.open;
    return true;
  };

  const filled = (form) => {
    const kept = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value !== "") kept.append(name, value);
    return kept;
  };

  const submit = (form, push) => {
    if (form.method === "post") return show(form.action, { body: filled(form), push });
    const query = filled(form).toString();
    return show(`${new URL(form.action).pathname}${query ? `?${query}` : ""}`, { push });
  };

  let waiting = 0;
  const soon = (form, delay, push) => {
    ++turn; // an answer still on its way does not know of this change
    clearTimeout(waiting);
    waiting = setTimeout(() => submit(form, push), delay);
  };

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-live]")) return;
    event.preventDefault();
    clearTimeout(waiting);
    submit(event.target, true);
  });
  document.addEventListener("change", ({ target }) => {
    const form = target.form;
    if (form?.matches("[data-live]") && !target.matches("[type=search], [type=range]")) soon(form, 0, true);
  });
  document.addEventListener("input", ({ target }) => {
    if (!target.form?.matches("[data-live]") || target.type !== "range") return;
    for (const output of target.form.querySelectorAll(`output[for="${target.id}"]`)) output.value = target.value;
    soon(target.form, 150, false);
  });
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest("a[data-live]");
    if (link) {
      event.preventDefault();
      show(link.href, { push: !link.href.includes("#") });
    } else if (event.target.closest("[data-print]")) {
      window.print();
    } else if (event.target.closest("[data-copy]")) {
      copy(event.target.closest("[data-copy]"));
    }
  });
  // A link into a folded part opens it, in browsers that do not by themselves.
  const unfold = () => {
    const part = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const fold = part && part.closest("details:not([open])");
    if (!fold) return;
    for (let one = fold; one; one = one.parentElement.closest("details")) one.open = true;
    part.scrollIntoView();
  };
  window.addEventListener("hashchange", unfold);
  unfold();
  window.addEventListener("popstate", () => {
    if (asked() !== shown) show(location.href, { push: false }); // else another part of this page
  });

  const copy = async (button) => {
    const said = document.getElementById("announcement");
    try {
      await navigator.clipboard.writeText(location.href);
      said.textContent = button.dataset.copied;
    } catch {
      said.textContent = location.href;
    }
  };
})();
