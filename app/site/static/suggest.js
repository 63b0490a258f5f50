// Completes what is typed into the search box: a combobox with a listbox, as the ARIA Authoring
// Practices have it. Without script, or while nothing answers, it is the plain field that it was.
//
// The field names what it needs: data-suggest is the address that is asked, data-lang the language,
// data-kinds the words for each kind, data-one and data-many those for a count. data-only are the
// kinds that are of use in it; data-stays: the form waits for its other fields.
(() => {
  "use strict";
  const WAIT = 120; // milliseconds after the last key
  const LEAST = 2; // letters
  const KEPT = 60; // answers
  const answers = new Map();
  let field = null; // that has the focus
  let shown = []; // suggestions in the list
  let at = -1; // the one that is marked
  let waiting = 0;
  let asking = null;

  const listOf = (input) => document.getElementById(input.getAttribute("aria-controls") ?? `${input.id}-suggestions`);

  // The server sends a plain field: what it becomes here, it is told here.
  const begin = (input) => {
    field = input;
    const list = listOf(input);
    if (!list || input.getAttribute("role") === "combobox") return;
    list.setAttribute("role", "listbox");
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) input.setAttribute(name, value);
  };

  const close = () => {
    clearTimeout(waiting);
    asking?.abort();
    asking = null;
    shown = [];
    at = -1;
    if (!field) return;
    const list = listOf(field);
    list.hidden = true;
    list.replaceChildren();
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };

  const part = (name, text) => {
    const span = document.createElement("span");
    span.className = name;
    span.textContent = text;
    return span;
  };

  const optionOf = (one, place, input) => {
    const option = document.createElement("li");
    const kinds = JSON.parse(input.dataset.kinds);
    const count = (one.programs === 1 ? input.dataset.one : input.dataset.many).replace("%(n)s", one.programs.toLocaleString(input.dataset.lang));
    option.id = `${listOf(input).id}-${place}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset.suggestion = one.kind;
    const detail = [one.matched, one.detail].filter(Boolean).join(" · ");
    option.append(part("text", one.text), part("kind", kinds[one.kind]), ...(detail ? [part("detail", detail)] : []), part("count", count));
    return option;
  };

  const open = (items) => {
    const list = listOf(field);
    if (!items.length) return close();
    shown = items;
    at = -1;
    list.replaceChildren(...items.map((one, place) => optionOf(one, place, field)));
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
    field.removeAttribute("aria-activedescendant");
  };

  const ask = async (input) => {
    const typed = input.value.trim();
    if (typed.length < LEAST) return close();
    const only = (input.dataset.only ?? "").split(" ").filter(Boolean).map((kind) => ["kinds", kind]);
    const address = `${input.dataset.suggest}?${new URLSearchParams([["prefix", typed], ["lang", input.dataset.lang], ...only])}`;
    let items = answers.get(address);
    if (!items) {
      asking?.abort();
      const mine = (asking = new AbortController());
      try {
        const answer = await fetch(address, { signal: mine.signal, headers: { Accept: "application/json" } });
        if (!answer.ok) return close();
        ({ items } = await answer.json());
      } catch {
        return; // given up for a newer one, or nobody answers: it stays a plain field
      }
      answers.set(address, items);
      if (answers.size > KEPT) answers.delete(answers.keys().next().value);
    }
    if (input === document.activeElement && input.value.trim() === typed) open(items);
  };

  const mark = (place) => {
    const options = listOf(field).children;
    options[at]?.setAttribute("aria-selected", "false");
    at = place;
    const option = options[at];
    if (!option) return field.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", option.id);
  };

  const take = (place) => {
    const input = field;
    input.value = shown[place].text;
    close();
    if (!("stays" in input.dataset)) input.form.requestSubmit();
  };

  const isField = (one) => one instanceof HTMLInputElement && one.dataset.suggest;
  document.addEventListener("focusin", ({ target }) => isField(target) && begin(target));
  document.addEventListener("focusout", ({ target }) => target === field && close());
  document.addEventListener("submit", close);
  document.addEventListener("input", ({ target }) => {
    if (!isField(target)) return;
    begin(target);
    clearTimeout(waiting);
    waiting = setTimeout(() => ask(target), WAIT);
  });
  document.addEventListener("keydown", (event) => {
    if (event.target !== field || event.isComposing) return;
    const isOpen = shown.length > 0;
    if (event.key === "ArrowDown" && !isOpen) ask(field);
    else if (event.key === "ArrowDown") mark(at + 1 === shown.length ? -1 : at + 1);
    else if (event.key === "ArrowUp" && isOpen) mark(at === -1 ? shown.length - 1 : at - 1);
    else if (event.key === "Enter" && at >= 0) take(at);
    else if (event.key === "Escape" && isOpen) close();
    else return;
    event.preventDefault();
  });
  // A press must not take the focus from the field, whose loss closes the list.
  document.addEventListener("pointerdown", (event) => event.target.closest?.("[role=option]") && event.preventDefault());
  document.addEventListener("mousedown", (event) => event.target.closest?.("[role=option]") && event.preventDefault());
  document.addEventListener("click", (event) => {
    const option = event.target.closest?.("[role=option]");
    if (field && option && option.parentElement === listOf(field)) take([...option.parentElement.children].indexOf(option));
  });
  if (isField(document.activeElement)) begin(document.activeElement);
})();
