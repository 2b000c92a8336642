// Copies what a command's box holds. Without scripts no button is shown, and all else is as it is.
for (const button of document.querySelectorAll(".pasted button")) {
  const box = button.nextElementSibling;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(box.textContent);
    } catch {
      // A page that was opened from a file may have no clipboard of its own.
      const all = document.createRange();
      all.selectNodeContents(box);
      getSelection().removeAllRanges();
      getSelection().addRange(all);
      if (!document.execCommand("copy")) return;
    }
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
}
