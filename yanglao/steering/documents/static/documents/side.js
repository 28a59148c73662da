// Sentence and row side by side: one leads to the other; keys confirm, drop, mend, split and undo.
"use strict";
(() => {
  const side = document.querySelector("[data-side-by-side]");
  if (!side) return;
  const rows = [...side.querySelectorAll(".doc-row")];
  let here = -1;

  function shownOnly(row) {
    return !row.closest("details:not([open])");
  }

  function go(index, focus = true) {
    if (index < 0 || index >= rows.length) return;
    here = index;
    const row = rows[index];
    for (const one of side.querySelectorAll(".is-here")) one.classList.remove("is-here");
    row.classList.add("is-here");
    if (focus) {
      row.focus({ preventScroll: true });
      row.scrollIntoView({ block: "nearest" });
    }
    for (const sentence of side.querySelectorAll(".sentence")) {
      if (!sentence.dataset.rows.split(" ").includes(row.dataset.row)) continue;
      sentence.classList.add("is-here");
      sentence.scrollIntoView({ block: "nearest" });
    }
  }

  function move(by) {
    let next = here + by;
    while (next >= 0 && next < rows.length && !shownOnly(rows[next])) next += by;
    go(next);
  }

  function press(selector) {
    const control = here >= 0 ? rows[here].querySelector(selector) : null;
    if (control) control.click();
  }

  side.addEventListener("click", (event) => {
    if (event.target.closest("button, a, summary, input")) return;
    const row = event.target.closest(".doc-row");
    if (row) return go(rows.indexOf(row), false);
    const sentence = event.target.closest(".sentence");
    if (!sentence) return;
    const mark = event.target.closest("[data-row]");
    const wanted = mark ? [mark.dataset.row] : sentence.dataset.rows.split(" ");
    const index = rows.findIndex((one) => wanted.includes(one.dataset.row));
    if (index >= 0) {
      const folded = rows[index].closest("details");
      if (folded) folded.open = true;
      go(index);
    }
  });

  // Where to go on after this row was decided: the next one that waits.
  side.addEventListener("submit", (event) => {
    const index = rows.indexOf(event.target.closest(".doc-row"));
    if (index < 0 || event.target.matches("[data-way]")) return;
    const next = rows.slice(index + 1).find((row) => row.classList.contains("is-open") && shownOnly(row));
    if (!next) return;
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "next";
    field.value = next.dataset.row;
    event.target.append(field);
  });

  const keys = {
    Enter: () => press('button[value="confirm"]'),
    j: () => move(1),
    k: () => move(-1),
    c: () => press('button[value="confirm"]'),
    x: () => press('button[value="drop"]'),
    e: () => press('[data-way="mend"]'),
    s: () => press('[data-way="split"] button'),
    u: () => document.querySelector("#undo button")?.click(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select, dialog[open]")) return;
    const act = keys[event.key];
    if (!act || (event.key === "Enter" && event.target.closest("button, a, summary"))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    act();
  }, true);

  const asked = location.hash.startsWith("#row-") ? document.getElementById(location.hash.slice(1)) : null;
  if (asked) {
    const start = rows.indexOf(asked);
    const open = rows.findIndex((row, index) => index >= start && row.classList.contains("is-open"));
    go(asked.classList.contains("is-open") || open < 0 ? start : open);
  }
})();
