// The page frame's own behaviour. Everything works without it except where a comment says so.
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const typing = (el) => el.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");

  // drop-downs: one open at a time, closed by Escape or a click elsewhere
  document.addEventListener("click", (event) => {
    for (const drop of $$("details.drop[open]")) if (!drop.contains(event.target)) drop.open = false;
    const finder = $(".finder");
    if (finder && !finder.contains(event.target)) emptyFound();
  });

  // search box: arrows walk through what was found
  const box = $("#finder");
  const found = $("#found");
  function emptyFound() {
    if (found) found.replaceChildren();
    if (box) box.setAttribute("aria-expanded", "false");
    if (box) box.removeAttribute("aria-activedescendant");
  }
  function walk(step) {
    const options = $$("[role=option]", found);
    if (!options.length) return;
    const at = options.findIndex((o) => o.getAttribute("aria-selected") === "true");
    options.forEach((o) => o.setAttribute("aria-selected", "false"));
    const next = options[(at + step + options.length + (at < 0 && step < 0 ? 1 : 0)) % options.length];
    next.setAttribute("aria-selected", "true");
    next.scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", next.id);
  }
  if (box && found) {
    box.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        walk(event.key === "ArrowDown" ? 1 : -1);
      } else if (event.key === "Enter") {
        const chosen = $('[aria-selected="true"]', found);
        if (chosen) { event.preventDefault(); location.assign(chosen.href); }
      }
    });
    found.addEventListener("htmx:afterSwap", () => {
      $$("[role=option]", found).forEach((o, i) => { o.id = `found-${i}`; });
      box.setAttribute("aria-expanded", found.children.length ? "true" : "false");
    });
  }

  // keys
  let before = "";
  const rows = () => $$(".cards tbody tr, .table[data-rows] tbody tr");
  function move(step) {
    const all = rows();
    if (!all.length) return;
    const at = all.findIndex((r) => r.contains(document.activeElement));
    const row = all[Math.max(0, Math.min(all.length - 1, at + step))];
    const goal = $("a, input", row);
    if (goal) goal.focus();
  }
  const keys = {
    "/": () => box ? (box.focus(), box.select()) : location.assign("/search/"),
    "?": () => { const d = $("#keys"); if (d && d.showModal) d.showModal(); },
    f: () => { const el = $(".list-tools input:not([type=hidden]), .list-tools select"); if (el) el.focus(); },
    j: () => move(1),
    k: () => move(-1),
    x: () => { const r = document.activeElement.closest("tr"); const c = r && $("input[name=pick]", r); if (c) c.click(); },
    n: () => { const a = $("a[rel=next]"); if (a) a.click(); },
    p: () => { const a = $("a[rel=prev]"); if (a) a.click(); },
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      $$("details.drop[open]").forEach((d) => { d.open = false; $("summary", d).focus(); });
      if (found && found.children.length) { emptyFound(); box.focus(); }
      if (location.hash === "#sidebar") location.replace("#top");
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    if (before === "g" && event.key === "h") location.assign("/");
    else if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
    before = event.key;
  });
  const help = $("[data-help]");
  if (help) help.addEventListener("click", (e) => { if (!e.ctrlKey && !e.metaKey) { e.preventDefault(); keys["?"](); } });

  // phone menu: focus follows
  addEventListener("hashchange", () => {
    if (location.hash === "#sidebar") { const a = $(".sidebar .menu-close"); if (a) a.focus(); }
  });

  // lists: picking rows for a bulk action
  function picked() {
    const boxes = $$("input[name=pick]");
    const on = boxes.filter((b) => b.checked);
    const bar = $(".bulk-bar");
    if (!bar) return;
    bar.hidden = !on.length;
    $("[data-picked]", bar).textContent = on.length;
    boxes.forEach((b) => b.closest("tr").classList.toggle("picked", b.checked));
    const all = $("input[data-pick-all]");
    if (all) { all.checked = on.length === boxes.length; all.indeterminate = on.length > 0 && on.length < boxes.length; }
  }
  document.addEventListener("change", (event) => {
    const el = event.target;
    if (el.matches("input[data-pick-all]")) $$("input[name=pick]").forEach((b) => { b.checked = el.checked; });
    if (el.matches("input[data-pick-all], input[name=pick]")) picked();
    if (el.matches("input[type=file]")) {
      const name = $(".file-name", el.closest(".file-pick") || document);
      if (name && el.files.length) name.textContent = [...el.files].map((f) => f.name).join("、");
    }
    if (el.matches("[data-submit]")) el.form.requestSubmit();
  });

  // phones: filters after the first are folded away until asked for
  const tools = $(".list-tools");
  const unfold = $("[data-unfold]");
  if (tools && unfold) unfold.addEventListener("click", () => {
    const folded = tools.toggleAttribute("data-folded");
    unfold.setAttribute("aria-expanded", String(!folded));
  });

  // a dangerous form asks once more; a form is sent once
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const ask = $(`dialog[data-confirm-for="${form.id}"]`);
    if (form.id && ask && ask.showModal && !form.dataset.sure) {
      event.preventDefault();
      ask.showModal();
      return;
    }
    if (form.method === "post" && !form.matches("[data-again], [hx-post]")) {
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = "1";
      setTimeout(() => { delete form.dataset.sent; }, 4000);
    }
  });
  document.addEventListener("click", (event) => {
    const yes = event.target.closest("[data-sure-for]");
    if (yes) { const form = document.getElementById(yes.dataset.sureFor); form.dataset.sure = "1"; form.requestSubmit(); }
    const close = event.target.closest("[data-close]");
    if (close) close.closest("dialog").close();
    const print = event.target.closest("[data-print]");
    if (print) window.print();
    const copy = event.target.closest("[data-copy]");
    if (copy && navigator.clipboard) {
      navigator.clipboard.writeText($(copy.dataset.copy).textContent.trim());
      copy.textContent = copy.dataset.done;
    }
  });
  document.addEventListener("dragover", (e) => { const z = e.target.closest && e.target.closest(".file-pick"); if (z) z.classList.add("over"); });
  document.addEventListener("dragleave", (e) => { const z = e.target.closest && e.target.closest(".file-pick"); if (z) z.classList.remove("over"); });

  // division fields: suggestions while one types (without scripts the typed name or code is looked up on sending)
  for (const field of $$("[data-division]")) {
    const text = $("input[type=text]", field), code = $("input[type=hidden]", field), list = $("[role=listbox]", field);
    let timer, asked = 0;
    const close = () => { list.replaceChildren(); text.setAttribute("aria-expanded", "false"); };
    const choose = (o) => { text.value = o.dataset.label; code.value = o.dataset.code; close(); };
    text.addEventListener("input", () => {
      code.value = "";
      clearTimeout(timer);
      timer = setTimeout(async () => {
        const turn = ++asked;
        if (!text.value.trim()) return close();
        const answer = await fetch(`${field.dataset.division}?${new URLSearchParams({ text: text.value })}`, { headers: { "HX-Request": "true" } });
        if (turn !== asked || !answer.ok) return;
        list.innerHTML = await answer.text();
        $$("[role=option]", list).forEach((o, i) => { o.id = `${text.id}-${i}`; });
        text.setAttribute("aria-expanded", list.children.length ? "true" : "false");
      }, 180);
    });
    text.addEventListener("keydown", (event) => {
      const options = $$("[role=option]", list);
      const at = options.findIndex((o) => o.getAttribute("aria-selected") === "true");
      if ((event.key === "ArrowDown" || event.key === "ArrowUp") && options.length) {
        event.preventDefault();
        const next = options[(at + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length];
        options.forEach((o) => o.setAttribute("aria-selected", String(o === next)));
        text.setAttribute("aria-activedescendant", next.id);
      } else if (event.key === "Enter" && at >= 0) { event.preventDefault(); choose(options[at]); }
      else if (event.key === "Escape") close();
    });
    list.addEventListener("mousedown", (event) => { const o = event.target.closest("[role=option]"); if (o) { event.preventDefault(); choose(o); } });
    text.addEventListener("blur", () => setTimeout(close, 100));
  }
  // a device that was used for field work: another account locks what the first one left, signing out asks first
  const guard = document.body.dataset.fieldGuard;
  if (guard && localStorage.getItem("yanglao.field")) import(guard);
  picked();
})();
