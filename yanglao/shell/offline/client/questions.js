// A sheet of questions on the phone: one a screen or all on one, then a summary, photos and signatures.
//
// A sheet: {title, note, steps: [{title, items: [{code, label, help, note, kind, required, unit, least, most,
// options: [{value, label, score, known}]}]}], sum: {label, note} | null, photos: most, signatures: [{code, label, required}]}.
// `kind`: choice · choices · number · text · day. The level is the server's to work out: here only scores are added up.
import { button, clock, fill, h, icon, notice, say, show, status, words } from "./dom.js";
import { shrink } from "./photos.js";
import { signaturePad, signed } from "./signature.js";
import { roomFor } from "./vault.js";

const ALL = "yanglao.all-on-one";

// the sheet with the items that are asked, each with what the file says of it now; options for what is known only there
export function narrowed(sheet, asks) {
  if (!asks) return sheet;
  const item = (one) => ({ ...one, now: asks[one.code], options: one.options?.filter((option) => !option.known || asks[one.code]) });
  const steps = sheet.steps.map((step) => ({ ...step, items: step.items.filter((one) => one.code in asks).map(item) }));
  return { ...sheet, steps: steps.filter((step) => step.items.length) };
}

export const itemsOf = (sheet) => sheet.steps.flatMap((step) => step.items.map((item) => ({ ...item, step: step.title })));

export const answered = (item, answers) => {
  const value = answers[item.code];
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== "";
};

export const unanswered = (sheet, answers) => itemsOf(sheet).filter((item) => item.required && !answered(item, answers));

// the scores of the options chosen, and the most there could be
export function total(items, answers) {
  let sum = 0;
  let most = 0;
  for (const item of items.filter((one) => one.kind === "choice")) {
    const scores = item.options.map((option) => option.score ?? 0);
    most += Math.max(...scores);
    sum += item.options.find((option) => option.value === answers[item.code])?.score ?? 0;
  }
  return { sum, most };
}

// what the answer is called, for the summary
export function inWords(item, answers) {
  const value = answers[item.code];
  if (!answered(item, answers)) return "—";
  if (item.kind === "choice") return item.options.find((option) => option.value === value)?.label ?? "—";
  if (item.kind === "text") return item.options?.find((option) => option.value === value)?.label ?? value;
  if (item.kind === "choices") return item.options.filter((o) => value.includes(o.value)).map((o) => o.label).join("、");
  return `${value}${item.unit || ""}`;
}

// leave(why): "list" (saved, back to the list) · "finished"
export class Form {
  constructor(vault, draft, door, leave) {
    this.vault = vault;
    this.draft = draft;
    this.door = door;
    this.leave = leave;
    this.sheet = draft.sheet;
    this.items = itemsOf(draft.sheet);
    this.demands = this.items.some((item) => item.required); // else any answer will do, but there must be one
    this.all = localStorage.getItem(ALL) === "1";
    this.saving = Promise.resolve();
    this.keys = (event) => this.#key(event);
  }

  open() {
    document.addEventListener("keydown", this.keys);
    if (this.draft.at >= this.items.length) this.summary();
    else this.draw();
  }

  close() { document.removeEventListener("keydown", this.keys); }

  // every change goes to the disk at once; one after the other, so that the last one stands
  save() {
    const copy = JSON.parse(JSON.stringify(this.draft));
    this.saving = this.saving.then(() => this.vault.saveDraft(copy)).then(
      () => { const place = document.getElementById("saved"); if (place) place.textContent = fill(words.saved, { at: clock(Date.now()) }); notice("disk", ""); },
      () => notice("disk", words.disk_full, "danger"),
    );
    return this.saving;
  }

  async answer(item, value) {
    if (value === "" || value === undefined || (Array.isArray(value) && !value.length)) delete this.draft.answers[item.code];
    else this.draft.answers[item.code] = value;
    this.#progress();
    await this.save();
  }

  async #leave(why) { this.close(); await this.saving; this.leave(why); }

  // --- screens

  draw() {
    const item = this.items[this.draft.at];
    show(
      this.#head(),
      this.all ? this.#tools() : null,
      h("div", { class: "field-form", id: "form" }, this.all ? this.#everything() : this.#question(item, this.draft.at)),
      this.all ? null : this.#tools(),
      this.#foot(),
    );
    this.#progress();
    if (!this.all) this.#focus(item);
  }

  #head() {
    const { task } = this.draft;
    const facts = this.door ? [[words.address, this.door.address], ...this.door.way, ...task.facts].filter(([, text]) => text) : task.facts;
    return h("div", { class: "field-head" },
      h("h1", {}, this.#title()),
      h("details", {}, h("summary", {}, this.sheet.title), h("dl", { class: "facts" }, facts.map(([k, v]) => h("div", {}, h("dt", {}, k), h("dd", {}, v))))),
      h("div", { class: "field-progress" },
        h("progress", { id: "bar", max: this.items.length, "aria-label": words.progress }),
        h("p", {}, h("span", { id: "progress" }), " ", h("span", { id: "saved", class: "muted" }))));
  }

  #title() { return this.door?.name || this.draft.task.title; }

  #tools() {
    return h("div", { class: "field-tools" },
      button(this.all ? words.one_by_one : words.all_on_one, () => this.#toggle(), { kind: "btn-sm", name: this.all ? "file-text" : "list" }),
      button(words.to_summary, () => this.summary(), { kind: "btn-sm", name: "list-check" }),
      button(words.save_and_leave, () => this.#leave("list"), { kind: "btn-sm", name: "device-floppy" }));
  }

  #everything() {
    return this.sheet.steps.map((step) => h("section", { "aria-label": step.title }, h("h2", {}, step.title),
      step.items.map((item) => this.#question(item, this.items.findIndex((one) => one.code === item.code)))));
  }

  #foot() {
    if (this.all) return h("div", { class: "field-foot" }, button(words.to_summary, () => this.summary(), { kind: "btn-primary", name: "arrow-right" }));
    return h("nav", { class: "field-foot", "aria-label": words.steps },
      button(words.back, () => this.go(-1), { name: "chevron-left", disabled: this.draft.at === 0 }),
      button(this.draft.at === this.items.length - 1 ? words.to_summary : words.next, () => this.go(1), { kind: "btn-primary", name: "chevron-right", id: "next" }));
  }

  #progress() {
    const bar = document.getElementById("bar");
    if (!bar) return;
    const done = this.items.filter((item) => answered(item, this.draft.answers)).length;
    bar.value = done;
    const where = this.all ? words.progress_all : words.progress_one;
    document.getElementById("progress").textContent = fill(where, { n: this.draft.at + 1, of: this.items.length, done });
  }

  go(step) {
    const goal = this.draft.at + step;
    if (goal < 0) return;
    this.draft.at = goal;
    this.save();
    if (goal >= this.items.length) this.summary();
    else this.draw();
  }

  #toggle() {
    this.all = !this.all;
    localStorage.setItem(ALL, this.all ? "1" : "0");
    this.draft.at = Math.min(this.draft.at, this.items.length - 1);
    this.draw();
  }

  to(code) {
    this.draft.at = this.items.findIndex((item) => item.code === code);
    this.draw();
    if (this.all) this.#focus(this.items[this.draft.at]);
  }

  #focus(item) {
    const place = document.getElementById(`item-${item.code}`);
    const goal = place.querySelector("input:checked") || place.querySelector("legend");
    goal.focus({ preventScroll: !this.all });
    if (this.all) place.scrollIntoView({ block: "start" });
  }

  // --- one question

  #question(item, index) {
    const body = { choice: () => this.#choice(item), choices: () => this.#choices(item) }[item.kind] || (() => this.#field(item));
    return h("fieldset", { class: "question", id: `item-${item.code}`, "data-code": item.code },
      h("legend", { tabindex: -1 }, h("span", { class: "question-no" }, `${index + 1}`), item.label, item.required || !this.demands ? null : h("span", { class: "muted" }, ` ${words.optional}`)),
      this.all ? null : h("p", { class: "question-step" }, item.step),
      item.help ? h("p", { class: "question-help" }, item.help) : null,
      item.note ? h("p", { class: "question-help" }, item.note) : null,
      item.now ? h("p", { class: "question-now" }, fill(words.now, { now: item.now })) : null,
      body(), this.#clear(item), this.sheet.photos ? this.#photos(item.code) : null);
  }

  // what need not be answered can be left unanswered again
  #clear(item) {
    if (item.required || !item.options || item.kind === "choices") return null;
    const clear = () => {
      const place = document.getElementById(`item-${item.code}`);
      for (const one of place.querySelectorAll(".options input")) one.checked = false;
      for (const one of place.querySelectorAll(".option-field input")) one.value = "";
      place.querySelector("input").focus();
      this.answer(item, "");
    };
    return h("p", { class: "question-clear" }, button(words.clear_answer, clear, { kind: "btn-sm", name: "eraser", "aria-label": `${words.clear_answer}：${item.label}` }));
  }

  #option(item, option, index, type, checked, change) {
    const score = option.score === undefined || option.score === null ? null : h("span", { class: "option-score" }, fill(words.score, { n: option.score }));
    return h("label", { class: "option" },
      h("input", { type, name: `q-${item.code}`, value: String(index), checked, onchange: change }),
      h("span", { class: "option-key", "aria-hidden": "true" }, `${index + 1}`), h("span", { class: "option-text" }, option.label), score);
  }

  #choice(item) {
    return h("div", { class: "options" }, item.options.map((option, index) => this.#option(
      item, option, index, "radio", this.draft.answers[item.code] === option.value, () => this.answer(item, option.value))));
  }

  #choices(item) {
    const chosen = () => this.draft.answers[item.code] || [];
    return h("div", { class: "options" }, item.options.map((option, index) => this.#option(
      item, option, index, "checkbox", chosen().includes(option.value),
      (event) => this.answer(item, event.target.checked ? [...chosen(), option.value] : chosen().filter((v) => v !== option.value)))));
  }

  #field(item) {
    const id = `f-${item.code}`;
    const given = this.draft.answers[item.code];
    const shape = { number: { type: "number", inputmode: "numeric", min: item.least ?? 0, max: item.most }, day: { type: "date" }, text: { type: "text", maxlength: item.most || 200 } }[item.kind];
    const read = (event) => {
      if (!event.target.validity.valid) return;
      this.answer(item, item.kind === "number" && event.target.value !== "" ? Number(event.target.value) : event.target.value);
    };
    const beside = item.options || [];
    const chosen = beside.some((option) => option.value === given);
    const input = h("input", { class: "form-control", id, ...shape, value: chosen ? "" : given ?? "", oninput: (event) => {
      for (const one of box.querySelectorAll(".options input")) one.checked = false;
      read(event);
    } });
    const box = h("div", {},
      beside.length ? h("div", { class: "options" }, beside.map((option, index) => this.#option(item, option, index, "radio", given === option.value, () => { input.value = ""; this.answer(item, option.value); }))) : null,
      h("div", { class: "option-field" }, h("label", { class: "form-label", for: id }, item.enter || (item.unit ? `${item.label}（${item.unit}）` : item.label)), input));
    return box;
  }

  // --- photos

  #photos(code) {
    const strip = h("div", { class: "photos" });
    const mine = () => this.draft.photos.filter((photo) => photo.item === code);
    const fillStrip = async () => {
      strip.replaceChildren(...await Promise.all(mine().map(async (photo, index) => this.#thumb(photo, index, fillStrip))));
    };
    if (mine().length) fillStrip();
    const pick = h("input", { type: "file", accept: "image/*", capture: "environment", class: "hidden-text", onchange: async () => {
      await this.#take(pick.files[0], code);
      pick.value = "";
      await fillStrip();
    } });
    return h("div", { class: "photo-box" }, strip, h("label", { class: "btn btn-sm photo-pick" }, icon("photo"), pick, h("span", {}, words.photo)));
  }

  async #thumb(photo, index, again) {
    const blob = await this.vault.photo(this.draft.uid, photo.sha256);
    const drop = async () => {
      this.draft.photos = this.draft.photos.filter((one) => one !== photo);
      await this.save();
      if (!this.draft.photos.some((one) => one.sha256 === photo.sha256)) await this.vault.dropPhoto(this.draft.uid, photo.sha256);
      await again();
    };
    const name = fill(words.photo_no, { n: index + 1 });
    const picture = h("img", { alt: name });
    if (blob) picture.src = URL.createObjectURL(blob);
    picture.addEventListener("load", () => URL.revokeObjectURL(picture.src), { once: true });
    return h("figure", {}, picture, button(words.photo_drop, drop, { kind: "btn-sm", name: "trash", "aria-label": `${words.photo_drop} ${name}` }));
  }

  async #take(file, code) {
    if (!file) return;
    if (this.draft.photos.length >= this.sheet.photos) { notice("photo", fill(words.photos_most, { n: this.sheet.photos })); return; }
    try {
      const small = await shrink(file);
      if (!await roomFor(small.size * 2)) { notice("photo", words.disk_full_photo, "danger"); return; }
      const hash = await this.vault.addPhoto(this.draft.uid, await small.arrayBuffer(), small.type);
      if (!this.draft.photos.some((one) => one.sha256 === hash && one.item === code)) {
        this.draft.photos.push({ sha256: hash, item: code, taken_at: new Date().toISOString() });
      }
      await this.save();
      notice("photo", "");
      say(words.photo_kept);
    } catch (error) {
      notice("photo", error.name === "QuotaExceededError" ? words.disk_full_photo : words.photo_bad, "danger");
    }
  }

  // --- the summary

  summary() {
    this.draft.at = this.items.length;
    this.save();
    const missing = unanswered(this.sheet, this.draft.answers);
    const signatures = h("div", { class: "signatures" });
    Promise.all(this.sheet.signatures.map((one) => this.#pad(one))).then((pads) => signatures.replaceChildren(...pads));
    show(
      h("h1", {}, words.summary),
      h("p", {}, this.#title(), " · ", this.sheet.title),
      h("div", { id: "missing" }, missing.length ? this.#missing(missing) : status(words.complete, "good")),
      this.#sums(),
      this.sheet.steps.map((step) => this.#said(step)),
      this.sheet.photos ? h("section", { class: "card" }, h("div", { class: "card-header" }, h("h2", { class: "card-title" }, words.photos_all)), h("div", { class: "card-body" },
        h("p", {}, fill(words.photos_taken, { n: this.draft.photos.length })), this.#photos(""))) : null,
      this.sheet.signatures.length ? h("section", { "aria-label": words.signatures }, h("h2", {}, words.signatures), signatures) : null,
      h("p", { id: "saved", class: "muted" }),
      h("div", { class: "field-foot" },
        button(words.to_questions, () => { this.draft.at = 0; this.draw(); }, { name: "chevron-left" }),
        button(words.finish, () => this.#finish(), { kind: "btn-primary", name: "check", id: "finish" })),
    );
  }

  #missing(missing) {
    return h("div", { class: "alert alert-warning" }, h("div", {},
      h("p", {}, fill(words.missing, { n: missing.length })),
      h("ul", { class: "missing" }, missing.map((item) => h("li", {}, h("button", { type: "button", class: "btn btn-sm", onclick: () => this.to(item.code) }, item.label))))));
  }

  #sums() {
    if (!this.sheet.sum) return null;
    const { sum, most } = total(this.items, this.draft.answers);
    return h("section", { class: "card" }, h("div", { class: "card-body" },
      h("p", { class: "field-sum" }, h("span", {}, this.sheet.sum.label), " ", h("strong", { id: "sum" }, `${sum}`), ` / ${most}`),
      h("p", { class: "muted" }, this.sheet.sum.note)));
  }

  #said(step) {
    const { sum, most } = total(step.items, this.draft.answers);
    return h("section", { class: "card" },
      h("div", { class: "card-header" }, h("h2", { class: "card-title" }, step.title), this.sheet.sum && most ? h("span", { class: "card-more" }, `${sum} / ${most}`) : null),
      h("ul", { class: "said" }, step.items.map((item) => h("li", {},
        h("button", { type: "button", class: "said-item", onclick: () => this.to(item.code) },
          h("span", { class: "said-label" }, item.label), h("span", { class: answered(item, this.draft.answers) ? "" : "muted" }, inWords(item, this.draft.answers)))))));
  }

  async #pad(one) {
    const given = this.draft.signatures[one.code] ||= { name: this.draft.task.names[one.code] || "", typed: false, drawn: "" };
    const shown = given.drawn ? await this.vault.photo(this.draft.uid, given.drawn) : null;
    return signaturePad(one, this.draft.task.names[one.code], given, shown, async (change) => {
      if ("drawn" in change) {
        try { change.drawn = change.drawn ? await this.vault.addPhoto(this.draft.uid, await change.drawn.arrayBuffer(), "image/png") : ""; } catch { notice("disk", words.disk_full, "danger"); return; }
      }
      const before = given.drawn;
      Object.assign(given, change);
      await this.save();
      if ("drawn" in change && before && before !== change.drawn) await this.vault.dropPhoto(this.draft.uid, before);
    });
  }

  async #finish() {
    await this.saving;
    const missing = unanswered(this.sheet, this.draft.answers);
    const unsigned = this.sheet.signatures.filter((one) => one.required && !signed(this.draft.signatures[one.code]));
    if (!this.demands && !this.items.some((item) => answered(item, this.draft.answers))) { notice("disk", words.nothing_answered); say(words.nothing_answered); return; }
    if (missing.length || unsigned.length) {
      const box = document.getElementById("missing");
      box.replaceChildren(
        missing.length ? this.#missing(missing) : "",
        unsigned.length ? h("div", { class: "alert alert-warning" }, h("p", {}, fill(words.unsigned, { who: unsigned.map((one) => one.label).join("、") }))) : "");
      box.scrollIntoView({ block: "center" });
      const first = missing.length ? box.querySelector("button") : document.getElementById(`name-${unsigned[0].code}`);
      first.focus();
      say(box.textContent);
      return;
    }
    try { await this.vault.finish(this.draft, recordOf(this.draft)); } catch { notice("disk", words.disk_full_finish, "danger"); return; }
    this.close();
    notice("disk", "");
    this.leave("finished");
  }

  // --- keys: 1–9 choose, Enter goes on, Shift+Enter back

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const target = event.target;
    if (target.closest("button, a, summary, textarea, canvas, label.photo-pick") && event.key === "Enter") return;
    const typing = target.matches("input[type=text], input[type=number], input[type=date], textarea");
    if (event.key === "Enter" && document.getElementById("form")) { event.preventDefault(); this.#enter(target, event.shiftKey ? -1 : 1); }
    else if (/^[1-9]$/.test(event.key) && !typing) {
      const place = this.all ? target.closest(".question") : document.querySelector("#form .question");
      const box = place?.querySelectorAll(".options input")[Number(event.key) - 1];
      if (box) { event.preventDefault(); box.focus(); box.click(); }
    }
  }

  #enter(target, step) {
    if (!this.all) { this.go(step); return; }
    const places = [...document.querySelectorAll("#form .question")];
    const next = places[places.indexOf(target.closest(".question")) + step];
    if (next) (next.querySelector("input:checked") || next.querySelector("input") || next).focus();
    else if (step > 0) this.summary();
  }
}

// questions and answers in words: what staff read when the form is not accepted
const saidIn = (draft) => itemsOf(draft.sheet).filter((item) => answered(item, draft.answers)).map((item) => [item.label, inWords(item, draft.answers)]);

// what goes into the outbox: the form without the questions; the title stays on the phone
export function recordOf(draft) {
  const signatures = Object.entries(draft.signatures).filter(([, one]) => signed(one))
    .map(([code, one]) => ({ code, name: one.name, drawn: one.drawn || "" }));
  return {
    uid: draft.uid, kind: draft.kind, subject: draft.subject, title: draft.task.title, made_at: new Date().toISOString(),
    answers: draft.answers, signatures, photos: draft.photos, said: draft.sheet ? saidIn(draft) : [], basis: draft.task.basis || {},
  };
}
