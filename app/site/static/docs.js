// The page /docs: Swagger UI over this server's own document, dark where the reader's system is.
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", follow);
follow();

// what Swagger UI leaves out for readers who do not see the page or use no mouse
const finish = () => {
  const about = document.querySelector(".information-container");
  about?.setAttribute("role", "region");
  about?.setAttribute("aria-label", "About the interface");
  for (const title of document.querySelectorAll("#swagger-ui :is(h3, h4, h5):not([aria-level])")) {
    const level = { H3: 2, H4: title.closest(".opblock") ? 3 : 2, H5: 4 }[title.tagName];
    title.setAttribute("aria-level", level);
  }
  for (const link of document.querySelectorAll("button.opblock-summary-control a[href]")) link.removeAttribute("href"); // the button opens it
  for (const field of document.querySelectorAll("tr[data-param-name] :is(input, select, textarea):not([aria-label])")) {
    field.setAttribute("aria-label", field.closest("tr").dataset.paramName);
  }
  for (const table of document.querySelectorAll("table.responses-table:not([aria-label])")) {
    table.setAttribute("aria-label", `Responses: ${table.closest(".opblock").querySelector(".opblock-summary").textContent}`);
  }
  for (const body of document.querySelectorAll("textarea.body-param__text:not([aria-label])")) body.setAttribute("aria-label", "Body");
  for (const text of document.querySelectorAll("pre.microlight:not([tabindex])")) text.tabIndex = 0;
};
new MutationObserver(finish).observe(document.getElementById("swagger-ui"), { childList: true, subtree: true });

// a field is filled in with its example where nothing is answered without, or the operation says so
const fillInLess = (document) => {
  for (const path of Object.values(document.paths)) {
    for (const operation of Object.values(path)) {
      operation.parameters = operation.parameters?.map((one) => {
        const { example, ...rest } = one.$ref ? document.components.parameters[one.$ref.split("/").pop()] : one;
        return rest.required || operation["x-filled-in"]?.includes(rest.name) ? { ...rest, example } : rest;
      });
    }
  }
  return document;
};

const show = (document) => SwaggerUIBundle({
  spec: fillInLess(document),
  dom_id: "#swagger-ui",
  deepLinking: true,
  docExpansion: "none",
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  syntaxHighlight: { theme: "tomorrow-night" },
  tryItOutEnabled: true,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis],
});
fetch("/openapi.json").then((answer) => answer.json()).then(show);
