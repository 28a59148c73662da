// A signature drawn by finger, pen or mouse; who cannot draw types the name and says that it stands for it.
import { button, fill, h, words } from "./dom.js";

const WIDTH = 900;
const HEIGHT = 300;

// `expected`: who is to sign, where that is known; `given` {name, typed, drawn}; `keep(change)` is called at every change, `drawn` as a PNG blob or null
export function signaturePad({ code, label, drawn_only: drawnOnly }, expected, given, shown, keep) {
  const canvas = h("canvas", { width: WIDTH, height: HEIGHT, class: "pad", role: "img", "aria-label": fill(words.pad, { who: label }) });
  const pen = canvas.getContext("2d");
  pen.lineWidth = 6;
  pen.lineCap = pen.lineJoin = "round";
  pen.strokeStyle = "#0b2c30";
  let drawing = false;
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) * WIDTH / box.width, (event.clientY - box.top) * HEIGHT / box.height];
  };
  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    drawing = true;
    pen.beginPath();
    pen.moveTo(...at(event));
  });
  canvas.addEventListener("pointermove", (event) => { if (drawing) { pen.lineTo(...at(event)); pen.stroke(); } });
  const end = () => {
    if (!drawing) return;
    drawing = false;
    canvas.toBlob((blob) => keep({ drawn: blob }), "image/png");
  };
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  if (shown) createImageBitmap(shown).then((picture) => pen.drawImage(picture, 0, 0));

  const name = h("input", {
    class: "form-control", id: `name-${code}`, value: given.name || "", maxlength: 30, autocomplete: "off", readonly: Boolean(expected),
    oninput: () => keep({ name: name.value.trim() }),
  });
  const typed = h("input", { type: "checkbox", class: "form-check-input", checked: Boolean(given.typed), onchange: () => keep({ typed: typed.checked }) });
  const clear = () => { pen.clearRect(0, 0, WIDTH, HEIGHT); keep({ drawn: null }); };
  return h("fieldset", { class: "signature", id: `sign-${code}` },
    h("legend", {}, label),
    h("label", { class: "form-label", for: `name-${code}` }, words.sign_name), name,
    h("p", { class: "form-hint" }, drawnOnly ? words.sign_drawn : words.sign_hint), canvas,
    h("div", { class: "sign-tools" },
      button(words.sign_clear, clear, { name: "eraser", "aria-label": `${words.sign_clear}：${label}` }),
      drawnOnly ? null : h("label", { class: "form-check" }, typed, h("span", {}, words.sign_typed))));
}

export const signed = (given) => Boolean(given && given.name && (given.drawn || given.typed));
