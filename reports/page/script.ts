/** The page's whole script: search and filters. Without it, everything is shown. */
export const script = `
"use strict";
const controls = document.querySelector(".controls");
const search = document.getElementById("search");
const boxes = [...controls.querySelectorAll("input[type=checkbox]")];
const rows = [...document.querySelectorAll("[data-text]")];
const count = document.getElementById("count");
function apply() {
  const words = search.value.toLowerCase().split(/\\s+/).filter((word) => word !== "");
  const flags = boxes.filter((box) => box.checked).map((box) => box.value);
  let shown = 0;
  let accounts = 0;
  for (const row of rows) {
    const text = row.dataset.text;
    const has = row.dataset.flags.split(" ");
    const fits = words.every((word) => text.includes(word)) && (flags.length === 0 || flags.some((flag) => has.includes(flag)));
    row.hidden = !fits;
    if (row.classList.contains("row")) { accounts += 1; if (fits) shown += 1; }
  }
  for (const note of document.querySelectorAll(".none")) {
    note.hidden = [...note.parentElement.querySelectorAll("[data-text]")].some((row) => !row.hidden);
  }
  count.textContent = shown + " of " + accounts + (accounts === 1 ? " account" : " accounts");
}
search.addEventListener("input", apply);
for (const box of boxes) box.addEventListener("change", apply);
document.addEventListener("keydown", (event) => {
  const typing = event.target instanceof HTMLInputElement && event.target.type === "search";
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) { event.preventDefault(); search.focus(); }
  if (event.key === "Escape" && typing) { search.value = ""; apply(); }
});
controls.hidden = false;
apply();
`;
