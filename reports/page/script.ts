/** The page's whole script: search and filters. Without it, everything is shown. */
export const script = `
"use strict";
const controls = document.querySelector(".controls");
const search = document.getElementById("search");
const boxes = [...controls.querySelectorAll("input[type=checkbox]")];
const rows = [...document.querySelectorAll("li.row")];
const others = [...document.querySelectorAll("[data-of]")];
const count = document.getElementById("count");
function apply() {
  const words = search.value.toLowerCase().split(/\\s+/).filter((word) => word !== "");
  const flags = boxes.filter((box) => box.checked).map((box) => box.value);
  const hidden = new Set();
  for (const row of rows) {
    const has = row.dataset.flags.split(" ");
    row.hidden = !words.every((word) => row.dataset.text.includes(word)) || (flags.length > 0 && !flags.some((flag) => has.includes(flag)));
    if (row.hidden) hidden.add(row.dataset.id);
  }
  for (const other of others) other.hidden = hidden.has(other.dataset.of);
  for (const note of document.querySelectorAll(".none")) {
    note.hidden = note.parentElement.querySelector("li.row:not([hidden]), [data-of]:not([hidden])") !== null;
  }
  count.textContent = rows.length - hidden.size + " of " + rows.length + (rows.length === 1 ? " account" : " accounts");
}
search.addEventListener("input", apply);
for (const box of boxes) box.addEventListener("change", apply);
document.addEventListener("keydown", (event) => {
  const typing = event.target instanceof HTMLInputElement && event.target.type === "search";
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) { event.preventDefault(); search.focus(); }
  if (event.key === "Escape" && typing) { search.value = ""; apply(); }
});
controls.hidden = rows.length === 0;
apply();
`;
