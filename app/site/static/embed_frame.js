// Tells the page around a card how high the card is: once that page has greeted it, as our element
// does, or at once where its address bears the secret that WordPress adds (#?secret=).
(() => {
  "use strict";
  if (window.parent === window) return;
  const MOST = 1000; // what WordPress lets a frame be high
  let host = null;
  let secret = /^#\?secret=(\w+)$/.exec(location.hash)?.[1] ?? null;

  const toWordPress = (message, value) => window.parent.postMessage({ secret, message, value }, "*");

  const tell = () => {
    const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
    if (secret !== null) toWordPress("height", Math.min(height, MOST));
    if (host !== null) window.parent.postMessage({ type: "hit-compare:size", height, title: document.title }, host);
  };

  window.addEventListener("message", ({ source, origin, data }) => {
    if (source !== window.parent) return;
    if (data?.type === "hit-compare:hello") host = origin === "null" ? "*" : origin; // a page without an origin cannot be named
    else if (data?.message === "ready" && /^\w+$/.test(data.secret ?? "")) secret = data.secret;
    else return;
    tell();
  });

  // WordPress lets its frames open nothing: it follows links itself, to the card's own server alone
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (secret === null || !link) return;
    event.preventDefault();
    const { record } = document.querySelector("main").dataset;
    toWordPress("link", new URL(link.host === location.host ? link.href : record ?? link.href, location.href).href);
  });
  new ResizeObserver(tell).observe(document.documentElement);
})();
