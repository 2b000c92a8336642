// Shows the document with Swagger UI, and authorises it with the JWT that the page was given.
"use strict";

const place = document.getElementById("reference");

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
        // The page has a main part of its own, and may have one only.
        for (const each of place.querySelectorAll("main")) each.setAttribute("role", "group");
        if (!place.dataset.jwt) return;
        for (const [name, scheme] of schemes) {
          if (scheme.type === "apiKey" && scheme.in === "header") ui.preauthorizeApiKey(name, place.dataset.jwt);
        }
      },
    });
  });
