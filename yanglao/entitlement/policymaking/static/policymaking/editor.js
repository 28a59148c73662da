// The editor's text: line numbers, marks beside the lines that have a problem, and what the form changed.
"use strict";
(() => {
  const text = document.getElementById("text");
  const code = document.querySelector("[data-code]");
  if (!text || !code) return;
  const gutter = code.querySelector(".gutter");
  const marks = code.querySelector(".marks");
  const height = () => parseFloat(getComputedStyle(text).lineHeight);

  function number() {
    const lines = text.value.split("\n").length;
    while (gutter.children.length > lines) gutter.lastChild.remove();
    while (gutter.children.length < lines) gutter.append(document.createElement("li"));
    mark();
  }

  function mark() {
    for (const li of gutter.children) li.className = "";
    marks.replaceChildren();
    const seen = new Set();
    for (const link of document.querySelectorAll("#said [data-line]")) {
      const line = Number(link.dataset.line);
      const li = gutter.children[line - 1];
      if (!li || seen.has(line)) continue;
      seen.add(line);
      li.className = "wrong";
      const note = document.createElement("div");
      note.textContent = link.dataset.what;
      note.style.top = `${(line - 1) * height()}px`;
      marks.append(note);
    }
    roll();
  }

  function roll() {
    gutter.style.transform = `translateY(${-text.scrollTop}px)`;
    marks.style.transform = `translateY(${-text.scrollTop}px)`;
  }

  function go(line) {
    const lines = text.value.split("\n");
    const start = lines.slice(0, line - 1).reduce((n, l) => n + l.length + 1, 0);
    text.focus();
    text.setSelectionRange(start, start + (lines[line - 1] || "").length);
    text.scrollTop = Math.max(0, (line - 5) * height());
  }

  text.addEventListener("input", number);
  text.addEventListener("scroll", roll);
  text.addEventListener("keydown", (event) => {
    // Enter keeps the indentation of the line above: YAML lives by it
    if (event.key !== "Enter" || event.isComposing) return;
    const before = text.value.slice(0, text.selectionStart);
    const indent = /^ */.exec(before.slice(before.lastIndexOf("\n") + 1))[0];
    if (!indent) return;
    event.preventDefault();
    text.setRangeText(`\n${indent}`, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("#said [data-line]");
    if (!link) return;
    event.preventDefault();
    go(Number(link.dataset.line));
  });
  // which parts of the form are open stays as it was when the form is drawn anew
  let open = [], held = null;
  const parts = () => [...document.querySelectorAll("#form-side details")];
  document.body.addEventListener("htmx:beforeSwap", () => {
    open = parts().map((d) => d.open);
    // what is being typed when an answer comes is not overwritten by it
    const field = document.activeElement;
    const typing = field && field !== text && field.id && field.matches("#form-side input, #form-side textarea");
    held = typing ? { id: field.id, value: field.value, first: field.defaultValue, at: caret(field) } : null;
  });
  const caret = (field) => { try { return field.selectionEnd; } catch { return null; } };
  function resume() {
    const field = held && document.getElementById(held.id);
    if (!field) return;
    if (held.value !== held.first) field.value = held.value;
    field.focus({ preventScroll: true });
    if (held.at !== null && field.setSelectionRange && field.type !== "date") field.setSelectionRange(held.at, held.at);
    held = null;
  }
  document.body.addEventListener("htmx:afterSwap", () => {
    parts().forEach((d, i) => { if (i in open) d.open = open[i]; });
    resume();
    const fresh = document.querySelector("[data-new-text]");
    if (fresh) {
      const top = text.scrollTop;
      text.value = fresh.value;
      text.scrollTop = top;
      fresh.remove();
    }
    number();
  });
  document.body.addEventListener("htmx:oobAfterSwap", mark);
  // what conditions may speak of: found by typing, put in where the cursor was; all by keyboard too
  let aim = null, typed = "";
  const speaks = (field) => field === text || /^f:(amount|eligibility\/.*\/when|caps\/.*\/amount|shares\/.*\/percent)$/.test(field.name || "");
  document.addEventListener("focusin", (event) => {
    if (event.target === text) aim = "text";
    else if (speaks(event.target)) aim = event.target.id;
  });
  function target() {
    const field = aim && document.getElementById(aim);
    if (field) return field;
    const conditions = [...document.querySelectorAll('#form-side [name^="f:eligibility/"][name$="/when"]')];
    return conditions[conditions.length - 1] || text;
  }
  function insert(words) {
    const field = target();
    const at = field.selectionEnd, before = field.value.slice(0, field.selectionStart);
    const gap = before && !/[\s(,]$/.test(before) ? " " : "";
    field.focus();
    field.setRangeText(gap + words, field.selectionStart, at, "end");
    field.dispatchEvent(new Event(field === text ? "input" : "change", { bubbles: true }));
  }
  function search() {
    const box = document.querySelector("[data-chooser-search]");
    if (!box) return;
    const wanted = box.value.trim().toLowerCase().split(/\s+/);
    let some = false;
    for (const group of document.querySelectorAll("[data-chooser-group]")) {
      let any = false;
      for (const row of group.querySelectorAll("[data-words]")) {
        row.hidden = !wanted.every((word) => row.dataset.words.includes(word));
        any = any || !row.hidden;
      }
      group.hidden = !any;
      some = some || any;
    }
    document.querySelector("[data-chooser-none]").hidden = some;
  }
  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-chooser-search]")) return;
    typed = event.target.value;
    search();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("[data-chooser-search]")) return;
    event.preventDefault(); // the first that was found
    const first = document.querySelector("[data-chooser] li:not([hidden]) [data-insert]");
    if (first && typed) first.click();
  });
  document.addEventListener("click", (event) => {
    const name = event.target.closest("[data-insert]");
    if (name) insert(name.dataset.insert);
    const value = event.target.closest("[data-insert-value]");
    if (value) insert(value.parentElement.querySelector("select").value);
  });
  document.body.addEventListener("htmx:afterSwap", () => {
    const box = document.querySelector("[data-chooser-search]");
    if (box && typed && !box.value) { box.value = typed; search(); }
  });
  let kept = text.value;
  document.getElementById("editor").addEventListener("submit", () => { kept = null; });
  addEventListener("beforeunload", (event) => {
    if (kept !== null && kept !== text.value) event.preventDefault();
  });
  number();
})();
