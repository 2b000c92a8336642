// Copies a key or token and masks it, hides what a fault does not have, and lets the remaining time of a JWT run.
// All else works without script.
"use strict";

async function put(text) {
  if (navigator.clipboard && window.isSecureContext) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Not allowed; the old way may be.
    }
  }
  const field = document.createElement("textarea");
  field.value = text;
  field.setAttribute("readonly", "");
  field.className = "hidden";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}

// The code to copy names this mock as the browser knows it, and the mock does not know whether it is reached by https.
function address(part) {
  for (const each of part.querySelectorAll(".snippet pre")) {
    each.textContent = each.textContent.replaceAll("MOCK/", `${location.origin}/`);
  }
  for (const each of part.querySelectorAll("pre.curl")) {
    each.textContent = each.textContent.replace(`http://${location.host}/`, `${location.origin}/`);
  }
}
address(document);

for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;

// One listener for all buttons: those of the journal come later. A secret is kept when it is masked on the page.
const kept = new WeakMap();
document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button) return;
  const shown = document.getElementById(button.dataset.copy);
  const told = button.parentElement.querySelector("[role=status]");
  const done = await put(kept.get(shown) ?? shown.textContent);
  told.textContent = done ? button.dataset.done : button.dataset.failed;
  if (!done) return;
  if (shown.dataset.masked && !kept.has(shown)) {
    kept.set(shown, shown.textContent);
    shown.textContent = shown.dataset.masked;
  }
  button.focus();
});

// Of the form for faults only the fields that the chosen kind has.
const kind = document.getElementById("kind");
if (kind) {
  const show = () => {
    for (const each of document.querySelectorAll("[data-kind]")) {
      each.hidden = each.dataset.kind !== kind.value;
      for (const field of each.querySelectorAll("input")) field.disabled = each.hidden;
    }
  };
  kind.addEventListener("change", show);
  show();
}

const left = document.getElementById("left");
if (left) {
  const end = performance.now() + 1000 * Number(left.dataset.seconds);
  const tick = () => {
    const seconds = Math.max(0, Math.round((end - performance.now()) / 1000));
    left.textContent = seconds
      ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`
      : left.dataset.over;
    if (seconds) setTimeout(tick, 1000);
  };
  tick();
}
