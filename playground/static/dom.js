// Elements, built from names and texts. A text is always a text node: nothing here reads HTML.

export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";
const PATHS = {
  reply: "M4 4.500h12a1.500 1.500 0 0 1 1.500 1.500v7a1.500 1.500 0 0 1-1.500 1.500H9.500L6 17.500v-3H4A1.500 1.500 0 0 1 2.500 13V6A1.500 1.500 0 0 1 4 4.500Z",
  more: "M10 4.600v.1M10 10v.1M10 15.400v.1",
  code: "M7.500 4.500c-2 0-2 1-2 2.500s0 3-2 3c2 0 2 1.500 2 3s0 2.500 2 2.500M12.500 4.500c2 0 2 1 2 2.500s0 3 2 3c-2 0-2 1.500-2 3s0 2.500-2 2.500",
  read: "M9 3.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11ZM13 13l4 4",
  eye: "M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5ZM10 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4Z",
  close: "M5 5l10 10M15 5 5 15",
  bolt: "M11 2.500 4.500 11.500H9.500L8.500 17.500 15.500 8H10.500L11 2.500Z",
  send: "M3.500 10 17 3.500 13 17l-3.500-5.500L3.500 10Z",
  menu: "M3 5.500h14M3 10h14M3 14.500h14",
  down: "M5.500 8 10 12.500 14.500 8",
  home: "M3.500 9.500 10 4l6.500 5.500M5.500 8.500v7.500h9V8.500",
  moon: "M16 11.500A6.500 6.500 0 0 1 8.500 4a6.500 6.500 0 1 0 7.500 7.500Z",
  file: "M5 2.500h6.500L15 6v11.500H5v-15ZM11 2.500V6.500h4M7.500 10h5M7.500 13h5",
};

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

export function iconButton(name, label, onclick, attributes = {}) {
  return h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick, ...attributes }, icon(name));
}

let count = 0;
export const newId = (stem) => `${stem}-${++count}`;

export const timeOf = (ts) => new Date(Number(ts) * 1000);
export const clock = (date) => date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
export const plural = (number, noun, nouns = `${noun}s`) => `${number} ${number === 1 ? noun : nouns}`;
