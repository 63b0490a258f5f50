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

  // Changes this page into the one at an address; where that fails, goes there. What is wrong with
  // what a form asks is told in the form, and the page stays.
  const show = async (address, { body = null, push = true, form = null } = {}) => {
    const mine = ++turn;
    root.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { method: body ? "POST" : "GET", body, headers: { Accept: "text/html" } });
      const text = await answer.text();
      if (mine !== turn) return false; // another one was asked for meanwhile
      const next = new DOMParser().parseFromString(text, "text/html");
      if (form && answer.status >= 400 && answer.status < 500 && tell(form, next)) return false;
      if (answer.redirected && new URL(answer.url).pathname !== location.pathname) return location.assign(answer.url);
      if (push) history.pushState(null, "", answer.url);
      else history.replaceState(null, "", answer.url);
      shown = asked();
      document.title = next.title;
      Idiomorph.morph(document.body, next.body, { morphStyle: "innerHTML", restoreFocus: true, callbacks: { beforeNodeMorphed: keep } });
      remember(true);
      return true;
    } catch {
      if (mine === turn && !body) location.assign(address);
    } finally {
      if (mine === turn) root.removeAttribute("aria-busy");
    }
  };

  const untell = (form) => {
    for (const field of form.querySelectorAll("[aria-invalid]")) {
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
    }
    for (const said of document.querySelectorAll(".form-fault")) if (form.contains(said) || said.previousElementSibling?.form === form) said.remove();
  };

  // Tells beside the fields of a form what a refusal finds wrong with them, if it is about any.
  const tell = (form, refusal) => {
    untell(form);
    let first = null;
    for (const { dataset, textContent } of refusal.querySelectorAll("[data-fault]")) {
      const named = form.elements[dataset.fault];
      const field = named instanceof RadioNodeList ? named[0] : named;
      if (!field || field.type === "hidden" || field.hasAttribute("aria-invalid")) continue;
      const said = document.createElement("span");
      said.className = "form-fault";
      said.id = `${field.id || field.name}-fault`;
      said.textContent = textContent;
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", said.id);
      if (field.type === "radio") field.closest("fieldset").querySelector("legend").after(said);
      else field.after(said);
      first ??= field;
    }
    if (!first) return false;
    openUpTo(first);
    first.focus();
    return true;
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
    if (form.method === "post") return show(form.action, { body: filled(form), push, form });
    const query = filled(form).toString();
    return show(`${new URL(form.action).pathname}${query ? `?${query}` : ""}`, { push, form });
  };

  // Sends a form that was pressed: the button says so, and what was asked for comes into view.
  const send = async (form, button) => {
    const words = button?.textContent;
    const waited = button?.dataset.busy && setTimeout(() => { button.textContent = button.dataset.busy; }, 300);
    const part = new URL(form.action).hash.slice(1);
    untell(form);
    const isShown = await submit(form, true);
    if (isShown) form.closest("details.home")?.removeAttribute("open");
    clearTimeout(waited);
    if (waited && button.textContent === button.dataset.busy) button.textContent = words;
    const found = isShown && part && document.getElementById(part);
    if (!found || !found.hasAttribute("tabindex")) return;
    const { top } = found.getBoundingClientRect();
    if (top < 0 || top > innerHeight / 3) found.scrollIntoView();
    found.focus({ preventScroll: true });
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
    send(event.target, event.submitter);
  });
  // What is chosen is asked for at once; what is typed, when it is sent.
  document.addEventListener("change", ({ target }) => {
    if (target.matches("[data-keep]")) return store(target.checked ? programs() : null);
    if (target.form?.matches("form[data-live='']") && target.matches("select, [type=checkbox], [type=radio]")) soon(target.form, 0, true);
  });
  document.addEventListener("input", ({ target }) => {
    if (!target.form?.matches("[data-live]") || target.type !== "range") return;
    for (const output of target.form.querySelectorAll(`output[for="${target.id}"]`)) output.value = target.value;
    soon(target.form, 150, false);
  });
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const forgetting = event.target.closest("[data-forget]");
    if (forgetting && (isKept || forgetting.closest("#kept-list"))) forget();
    const link = event.target.closest("a[data-live]");
    if (link) {
      event.preventDefault();
      show(link.href, { push: !link.href.includes("#") });
    } else if (event.target.closest("[data-print]")) {
      window.print();
    } else if (event.target.closest("[data-copy]")) {
      copy(event.target.closest("[data-copy]"));
    } else if (event.target.closest("[data-pass-on]")) {
      const { passOn, title } = event.target.closest("[data-pass-on]").dataset;
      navigator.share({ title, url: passOn }).catch(() => {}); // given up by the reader
    }
  });
  // A link into a folded part opens it, in browsers that do not by themselves.
  const openUpTo = (part) => {
    for (let one = part.closest("details:not([open])"); one; one = one.parentElement.closest("details:not([open])")) one.open = true;
  };
  const unfold = () => {
    const part = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!part || !part.closest("details:not([open])")) return;
    openUpTo(part);
    part.scrollIntoView();
  };
  window.addEventListener("hashchange", unfold);
  unfold();
  window.addEventListener("popstate", () => {
    if (asked() !== shown) show(location.href, { push: false }); // else another part of this page
  });

  const copy = async (button) => {
    const said = document.getElementById("announcement");
    const address = button.dataset.copy || location.href;
    try {
      await navigator.clipboard.writeText(address);
      said.textContent = button.dataset.copied;
    } catch {
      said.textContent = address;
    }
  };

  // The list of programs stands in the address. Whoever ticks that it be kept on the device finds it
  // there when he comes without one; the list of a link that somebody sent does not replace it.
  const KEY = "list";
  let isKept = false; // the list of this page is the one on the device
  const programs = () => new URLSearchParams(location.search).getAll("program");
  const store = (list) => {
    try {
      if (list) localStorage.setItem(KEY, JSON.stringify(list));
      else localStorage.removeItem(KEY);
    } catch {
      // no room, or none allowed: it stays in the address
    }
    remember(false);
  };
  const forget = () => store(null);
  const stored = () => {
    try {
      const list = JSON.parse(localStorage.getItem(KEY));
      return Array.isArray(list) && list.length && list.every((one) => typeof one === "string") ? list.slice(0, 8) : null;
    } catch {
      return null;
    }
  };
  const remember = (isChanged) => {
    const list = programs();
    if (isChanged && isKept && list.length) {
      isKept = false;
      return store(list);
    }
    const kept = stored();
    isKept = list.length > 0 && JSON.stringify(kept) === JSON.stringify(list);
    const box = document.querySelector("[data-keep]");
    if (box) box.checked = isKept;
    const share = document.querySelector("[data-pass-on]");
    if (share) share.hidden = !navigator.share;
    const offer = document.getElementById("kept-list");
    if (!offer) return;
    offer.hidden = !kept || list.length > 0;
    if (offer.hidden) return;
    const link = offer.querySelector("[data-kept]");
    const address = new URL(link.href);
    address.searchParams.delete("program");
    for (const one of kept) address.searchParams.append("program", one);
    link.href = address.href;
    link.textContent = (kept.length === 1 ? link.dataset.one : link.dataset.many).replace("%(n)s", kept.length);
  };
  remember(false);
})();
