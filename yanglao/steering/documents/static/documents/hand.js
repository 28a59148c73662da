// All rows of a document ticked or none.
"use strict";
for (const button of document.querySelectorAll("[data-tick]")) {
  button.addEventListener("click", () => {
    for (const box of document.querySelectorAll(".hand-take input")) box.checked = button.dataset.tick === "all";
  });
}
