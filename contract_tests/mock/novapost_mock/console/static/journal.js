// Asks for new entries every two seconds and puts them on top; what is open stays open.
"use strict";

const live = document.getElementById("live");
const list = document.getElementById("entries");
const MOST = 200;
let known = Number(list.dataset.count);

async function look() {
  const reply = await fetch(`${live.dataset.source}after=${known}`, { headers: { Accept: "text/html" } });
  if (!reply.ok || reply.redirected) throw new Error("no entries");
  const found = new DOMParser().parseFromString(await reply.text(), "text/html").getElementById("entries");
  const count = Number(found.dataset.count);
  if (count < known) {
    location.reload(); // cleared, or started over
    return;
  }
  const fresh = [...found.children].filter((each) => Number(each.dataset.number) > known);
  known = count;
  if (!fresh.length) return;
  fresh.forEach(address);
  list.prepend(...fresh);
  for (const each of list.querySelectorAll("[data-copy]")) each.hidden = false;
  while (list.children.length > MOST) list.lastElementChild.remove();
  document.getElementById("none").hidden = true;
  const news = document.getElementById("news");
  news.textContent = "";
  news.textContent = news.dataset.text;
}

async function go() {
  if (live.getAttribute("aria-pressed") === "true" && !document.hidden) {
    try {
      await look();
    } catch {
      live.setAttribute("aria-pressed", "false"); // the mock has stopped, or wants its token again
    }
  }
  setTimeout(go, 2000);
}

live.hidden = false;
live.addEventListener("click", () => {
  live.setAttribute("aria-pressed", String(live.getAttribute("aria-pressed") !== "true"));
});
setTimeout(go, 2000);
