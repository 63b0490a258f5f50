// The form of /docs/embed: chooses a card, writes the snippet, shows the card.
(() => {
  "use strict";
  const field = (id) => document.getElementById(id);
  const FIRST = { slug: "sinclair-community-college-510707-associate", label: "Sinclair Community College: Health Information/Medical Records Technology/Technician" };
  const SECOND = { slug: "owens-community-college-510707-associate", label: "Owens Community College: Health Information Technology AAS" };
  const MOST = 8;
  let chosen = [FIRST];

  const ESCAPED = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  const escape = (text) => text.replace(/[&<>"]/g, (sign) => ESCAPED[sign]);
  const isComparison = () => field("kind").value === "comparison";
  const hasSizes = () => ["program", "credential"].includes(field("kind").value);

  const attributes = () => {
    const kind = field("kind").value;
    const of = kind === "credential" ? field("code").value : chosen.map((one) => one.slug).join(" ");
    const found = { kind, of, lang: field("lang").value };
    if (field("theme").value) found.theme = field("theme").value;
    if (hasSizes() && field("size").value === "full") found.size = "full";
    return found;
  };

  const address = ({ kind, of, lang, theme, size }) => {
    const url = new URL(kind === "comparison" ? "/embed/comparison" : `/embed/${kind}/${encodeURIComponent(of)}`, location.origin);
    if (kind === "comparison") for (const slug of of.split(" ")) url.searchParams.append("program", slug);
    if (lang !== "en") url.searchParams.set("lang", lang);
    if (theme) url.searchParams.set("theme", theme);
    if (size) url.searchParams.set("size", size);
    return url.href;
  };

  const writeFrame = async (link) => {
    const answer = await fetch(`/oembed?${new URLSearchParams({ url: link })}`);
    if (answer.ok && link === address(attributes())) field("frame").value = (await answer.json()).html;
  };

  const show = () => {
    const wanted = attributes();
    if (!wanted.of) return;
    const link = address(wanted);
    const written = Object.entries(wanted).map(([name, value]) => `${name}="${escape(value)}"`).join(" ");
    const words = wanted.kind === "credential" ? wanted.of : chosen.map((one) => one.label).join("; ");
    field("snippet").value =
      `<script src="${location.origin}/embed.js" async></script>\n` +
      `<hit-compare-embed ${written}>\n  <a href="${escape(link)}">${escape(words)}</a>\n</hit-compare-embed>`;
    writeFrame(link);
    field("copied").textContent = "";
    const preview = field("preview");
    const card = preview.firstElementChild ?? preview.appendChild(document.createElement("hit-compare-embed"));
    for (const name of ["kind", "of", "lang", "theme", "size"]) card.setAttribute(name, wanted[name] ?? "");
    field("of-size").hidden = !hasSizes();
  };

  const button = (words, name, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = words;
    made.setAttribute("aria-label", `${words} ${name}`);
    made.addEventListener("click", act);
    return made;
  };

  const line = (text, ...more) => {
    const item = document.createElement("li");
    item.append(text, " ", ...more);
    return item;
  };

  const list = () => {
    field("chosen").replaceChildren(
      ...chosen.map((one) =>
        chosen.length > (isComparison() ? 2 : 1)
          ? line(one.label, button("Remove", one.label, () => change(chosen.filter((other) => other !== one))))
          : line(one.label),
      ),
    );
  };

  const change = (programs) => {
    chosen = programs;
    list();
    show();
  };

  const choose = (one) => {
    const others = chosen.filter((other) => other.slug !== one.slug);
    change(isComparison() ? [...others, one].slice(-MOST) : [one]);
  };

  let asked = 0;
  const search = async () => {
    const q = field("q").value.trim();
    const turn = ++asked;
    if (q.length < 2) {
      field("matches").replaceChildren();
      field("found").textContent = "";
      return;
    }
    const query = new URLSearchParams({ q, limit: "6" });
    for (const name of ["slug", "name", "award_level", "institution"]) query.append("fields", name);
    const answer = await fetch(`/v1/programs?${query}`);
    if (turn !== asked) return; // another letter was typed meanwhile
    if (!answer.ok) {
      field("found").textContent = "The search did not answer. Try other words.";
      return;
    }
    const { items, total } = await answer.json();
    field("found").textContent = `${total} found${total > items.length ? `, the first ${items.length} shown` : ""}`;
    field("matches").replaceChildren(
      ...items.map(({ slug, name, award_level: award, institution }) => {
        const label = `${institution.name}: ${name}`;
        const shown = award ? `${label} (${award.replaceAll("_", " ")})` : label;
        return line(shown, button("Choose", shown, () => choose({ slug, label })));
      }),
    );
  };

  const start = async () => {
    const { items } = await (await fetch("/v1/credentials")).json();
    field("code").append(...items.map(({ code, name }) => new Option(`${code}: ${name}`, code, code === "RHIT", code === "RHIT")));
    show();
  };

  let waiting = 0;
  field("q").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, 200);
  });
  field("choice").addEventListener("submit", (event) => event.preventDefault());
  field("kind").addEventListener("change", () => {
    const isCredential = field("kind").value === "credential";
    field("of-program").hidden = isCredential;
    field("of-credential").hidden = !isCredential;
    if (isComparison() && chosen.length < 2) chosen = [...chosen, chosen[0].slug === SECOND.slug ? FIRST : SECOND];
    if (!isComparison()) chosen = chosen.slice(0, 1);
    list();
    show();
  });
  for (const name of ["code", "theme", "lang", "size"]) field(name).addEventListener("change", show);
  field("width").addEventListener("input", () => {
    field("pixels").textContent = field("width").value;
    field("preview").style.maxWidth = `${field("width").value}px`;
  });
  field("copy").addEventListener("click", async () => {
    field("snippet").select();
    try {
      await navigator.clipboard.writeText(field("snippet").value);
      field("copied").textContent = "Copied.";
    } catch {
      field("copied").textContent = "Selected: copy it with the keyboard.";
    }
  });
  list();
  start();
})();
