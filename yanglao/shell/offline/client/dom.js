// Small tools to build the page: elements, icons, the words of the page in the user's language.
export const words = JSON.parse(document.getElementById("words").textContent);

// "第 %(n)s 题" with values put in
export const fill = (text, values) => text.replace(/%\((\w+)\)[sd]/g, (_, name) => values[name]);

// h("button", { class: "btn", onclick: f }, "text", child): attributes by name, listeners by `on…`
export function h(tag, given = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...present(children));
  return element;
}

const present = (children) => children.flat().filter((child) => child !== null && child !== undefined && child !== "");

const SVG = "http://www.w3.org/2000/svg";
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${words.icons}#${name}`);
  svg.append(use);
  return svg;
}

export const button = (label, onclick, { kind = "", name = "", ...more } = {}) =>
  h("button", { type: "button", class: `btn ${kind}`, onclick, ...more }, name ? icon(name) : null, label);

export const status = (label, tone) => h("span", { class: `status status-${tone}` }, label);

// a new screen: its heading takes the focus, so that readers of screens hear where they are
export function show(...children) {
  document.getElementById("screen").replaceChildren(...present(children));
  window.scrollTo(0, 0);
  const heading = document.querySelector("#screen h1, #screen h2");
  if (heading) { heading.tabIndex = -1; heading.focus({ preventScroll: true }); }
}

export function say(text) { document.getElementById("said").textContent = text; }

// one notice of each name at a time; without text it goes
export function notice(name, text, tone = "warning", ...more) {
  const box = document.getElementById("notices");
  box.querySelector(`[data-notice="${name}"]`)?.remove();
  if (text) box.append(h("div", { class: `alert alert-${tone}`, "data-notice": name }, h("div", {}, h("p", {}, text), ...more)));
}

const two = (n) => String(n).padStart(2, "0");
export const clock = (moment) => { const d = new Date(moment); return `${two(d.getHours())}:${two(d.getMinutes())}`; };
export const moment = (at) => { const d = new Date(at); return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())} ${clock(d)}`; };
