// Shows the document with Swagger UI, and authorises it with the JWT that the page was given.
"use strict";

const place = document.getElementById("reference");

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
  ]) {
    for (const each of place.querySelectorAll(css)) if (each.getAttribute(name) !== value) each.setAttribute(name, value);
  }
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
