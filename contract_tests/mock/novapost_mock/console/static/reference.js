// Shows the document with Swagger UI, and authorises it with the JWT that the page was given.
"use strict";

const place = document.getElementById("reference");

// The viewer's own dark scheme goes by a class and not by what the reader has chosen.
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", follow);
follow();

// What the viewer's markup lacks: names of fields and of the parts beside its main one, and a place for its title below
// the page's own heading. Its table of answers is a table and no part, and a keyboard
// has to scroll what a mouse can.
function mend() {
  for (const [css, name, value] of [
    ["select#servers", "aria-label", "Server"],
    ["textarea.body-param__text", "aria-label", "Request body"],
    [".information-container", "aria-label", "Title"],
    [".information-container", "role", "region"],
    [".scheme-container", "aria-label", "Server and credentials"],
    [".scheme-container", "role", "region"],
    ["h1", "aria-level", "2"],
    [".responses-table", "role", "table"],
    ["pre", "tabindex", "0"],
    [".close-modal", "aria-label", "Close"],
  ]) {
    for (const each of place.querySelectorAll(css)) if (each.getAttribute(name) !== value) each.setAttribute(name, value);
  }
  for (const each of place.querySelectorAll("[data-param-name] :is(input, select, textarea)")) {
    each.setAttribute("aria-label", each.closest("[data-param-name]").dataset.paramName);
  }
  for (const each of place.querySelectorAll("button.json-schema-2020-12-accordion:not([aria-label])")) {
    if (!each.textContent.trim()) each.setAttribute("aria-label", "Details");
  }
  // These buttons are named otherwise than they read, so that who speaks to the browser cannot press them.
  for (const each of place.querySelectorAll(".modal-btn[aria-label]")) each.removeAttribute("aria-label");
}
new MutationObserver(mend).observe(place, { childList: true, subtree: true });

fetch(place.dataset.document)
  .then((reply) => reply.json())
  .then((spec) => {
    const schemes = Object.entries((spec.components || {}).securitySchemes || {});
    const ui = SwaggerUIBundle({
      spec,
      domNode: place,
      validatorUrl: null,
      deepLinking: false,
      tryItOutEnabled: true,
      supportedSubmitMethods: ["get", "put", "post", "delete", "options", "head", "patch", "trace"],
      onComplete: () => {
        if (!place.dataset.jwt) return;
        for (const [name, scheme] of schemes) {
          if (scheme.type === "apiKey" && scheme.in === "header") ui.preauthorizeApiKey(name, place.dataset.jwt);
        }
      },
    });
  });
