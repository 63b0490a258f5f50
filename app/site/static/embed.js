// Places a card of hit-compare on a page and keeps its height:
//   <script src="https://SERVER/embed.js" async></script>
//   <hit-compare-embed kind="program" of="SLUG"></hit-compare-embed>
(() => {
  "use strict";
  const NAME = "hit-compare-embed";
  const script = document.currentScript;
  if (!script || customElements.get(NAME)) return;
  const base = script.src;
  const { origin } = new URL(base);
  const HIGHEST = 20000;
  const PATIENCE = 10000; // milliseconds
  const LANGUAGES = "LANGUAGES".split(" "); // written in by the server: those beside English

  const style = new CSSStyleSheet();
  style.replaceSync(
    ":host { display: block } :host([hidden]) { display: none }" +
      "iframe { display: block; width: 100%; border: 0 } .waiting { height: 1px; visibility: hidden }",
  );

  const PROPERTIES = ["kind", "of", "theme", "size", "weights", "home_state", "residency"];

  class HitCompareEmbed extends HTMLElement {
    static observedAttributes = [...PROPERTIES, "lang"];
    #root = this.attachShadow({ mode: "open" });
    #frame = null;
    #isPlanned = false;
    // the language of the page around may change while the card stands there
    #languages = new MutationObserver(() => this.#plan());

    constructor() {
      super();
      this.#root.adoptedStyleSheets = [style];
      this.#root.append(document.createElement("slot")); // what the page says without a card
    }

    connectedCallback() {
      // what a framework set before this class was known covers the properties of the class
      for (const name of PROPERTIES) {
        if (!Object.hasOwn(this, name)) continue;
        const value = this[name];
        delete this[name];
        this[name] = value;
      }
      window.addEventListener("message", this);
      this.#languages.observe(document.documentElement, { attributeFilter: ["lang"], subtree: true });
      this.#plan();
    }

    disconnectedCallback() {
      window.removeEventListener("message", this);
      this.#languages.disconnect();
    }

    attributeChangedCallback() {
      if (this.isConnected) this.#plan();
    }

    // Several attributes that change at once make one new card.
    #plan() {
      if (this.#isPlanned) return;
      this.#isPlanned = true;
      queueMicrotask(() => {
        this.#isPlanned = false;
        this.#show();
      });
    }

    #show() {
      const address = this.#address();
      if (!address) {
        this.#frame = null;
        this.#root.replaceChildren(document.createElement("slot"));
        return;
      }
      if (this.#frame?.src === address) return;
      const frame = document.createElement("iframe");
      frame.title = "hit-compare";
      frame.loading = "lazy";
      frame.referrerPolicy = "no-referrer";
      frame.src = address;
      // the card answers whoever greets it, and only its own parent
      frame.addEventListener("load", () => {
        frame.contentWindow?.postMessage({ type: "hit-compare:hello" }, origin);
      });
      this.#frame = frame;
      // what the page says without a card stays until the card has told its height
      frame.className = "waiting";
      this.#root.replaceChildren(document.createElement("slot"), frame);
      setTimeout(() => this.#giveUp(frame), PATIENCE);
    }

    // A frame that nothing came into goes; one below, that no reader came near, waits on.
    #giveUp(frame) {
      if (this.#frame !== frame || frame.className !== "waiting") return;
      if (!this.#isNear()) return void setTimeout(() => this.#giveUp(frame), PATIENCE);
      this.#frame = null;
      frame.remove();
      this.dispatchEvent(new CustomEvent("error"));
    }

    #isNear() {
      const { top, bottom } = this.getBoundingClientRect();
      return bottom > 0 && top < window.innerHeight;
    }

    // Light, unless the page around says that it is dark, or that it goes with the reader's system.
    #themeAround() {
      const own = getComputedStyle(this).colorScheme;
      const scheme = own === "normal" ? (document.querySelector("meta[name=color-scheme]")?.content ?? own) : own;
      if (!scheme.includes("dark")) return "light";
      return scheme.includes("light") ? "auto" : "dark";
    }

    #address() {
      const kind = this.getAttribute("kind");
      const of = (this.getAttribute("of") ?? "").split(/[\s,]+/).filter(Boolean);
      if (!of.length || !["program", "checklist", "credential", "comparison"].includes(kind)) return null;
      const isComparison = kind === "comparison";
      const url = new URL(`embed/${kind}${isComparison ? "" : `/${encodeURIComponent(of[0])}`}`, base);
      if (isComparison) for (const slug of of) url.searchParams.append("program", slug);
      const lang = this.closest("[lang]")?.lang.slice(0, 2).toLowerCase();
      if (LANGUAGES.includes(lang)) url.searchParams.set("lang", lang);
      if (!this.getAttribute("theme")) url.searchParams.set("theme", this.#themeAround());
      for (const name of ["theme", "size", "weights", "home_state", "residency"]) {
        const value = this.getAttribute(name);
        if (value) url.searchParams.set(name, value);
      }
      return url.href;
    }

    handleEvent({ source, origin: sender, data }) {
      if (!this.#frame || source !== this.#frame.contentWindow || sender !== origin) return;
      if (data?.type !== "hit-compare:size" || !Number.isFinite(data.height) || data.height <= 0) return;
      const isFirst = this.#frame.className === "waiting";
      this.#frame.className = "";
      this.#root.querySelector("slot")?.remove();
      this.#frame.style.height = `${Math.min(Math.ceil(data.height), HIGHEST)}px`;
      if (typeof data.title === "string") this.#frame.title = data.title.slice(0, 200);
      if (isFirst) this.dispatchEvent(new CustomEvent("load"));
    }
  }

  // Properties mirror attributes, for frameworks; a list is set with spaces between, null takes away.
  for (const name of PROPERTIES) {
    Object.defineProperty(HitCompareEmbed.prototype, name, {
      configurable: true,
      enumerable: true,
      get() {
        return this.getAttribute(name);
      },
      set(value) {
        if (value === null || value === undefined) this.removeAttribute(name);
        else this.setAttribute(name, [value].flat().join(" "));
      },
    });
  }

  customElements.define(NAME, HitCompareEmbed);
})();
