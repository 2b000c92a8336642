// Shows the document with Swagger UI, and authorises it with the JWT that the page was given.
"use strict";

// Names for the fields that the viewer leaves without one.
const NAMES = [
  ["select#servers", "Server"],
  ["textarea.body-param__text", "Request body"],
];
const place = document.getElementById("reference");

// The page has a main part of its own, and may have one only; the viewer brings another.
new MutationObserver(() => {
  for (const each of place.querySelectorAll("main:not([role])")) each.setAttribute("role", "group");
  for (const [css, name] of NAMES) {
    for (const each of place.querySelectorAll(css)) if (!each.hasAttribute("aria-label")) each.setAttribute("aria-label", name);
  }
}).observe(place, { childList: true, subtree: true });

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
