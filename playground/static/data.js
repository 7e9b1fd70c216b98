// The data file: whether it can be read, what is wrong with it, and which cards the last save has changed.

import { renderBlocks } from "./blocks.js";
import { clock, h, plural } from "./dom.js";

export const fileName = (path) => path.split(/[\\/]/).slice(-2).join("/");
const readAt = (data) => clock(new Date(data.read_at * 1000));

/** What the file's state is, in one line. */
export function summary(data) {
  if (data.faults.length) return `${plural(data.faults.length, "fault")}: the bot goes on with what it read at ${readAt(data)}`;
  if (!data.saves) return `${plural(data.entries, "entry", "entries")}, read at ${readAt(data)}`;
  return `read again at ${readAt(data)}: ${plural(data.changes.length, "card")} changed`;
}

export function faultList(data, most = data.faults.length) {
  const left = data.faults.length - most;
  return h(
    "ul",
    { class: "faults" },
    data.faults.slice(0, most).map((fault) => h("li", {}, h("code", {}, `${fileName(data.path)}:${fault.line}`), " ", fault.message)),
    left > 0 && h("li", {}, h("a", { href: "#/data" }, `… and ${left} more`)),
  );
}

export function dataPage(data, desk) {
  return h(
    "div",
    { class: "page data" },
    h("p", {}, "What the bot knows stands in ", h("code", {}, data.path), ". Edit it in any editor and save: this page follows. ", h("a", { href: "/review" }, "All there is to review, to print")),
    h("p", { class: data.faults.length ? "state bad" : "state good" }, summary(data)),
    data.faults.length > 0 && faultList(data),
    data.changes.length > 0 && h("h2", {}, "Before and after the last change"),
    data.changes.map((change) => comparison(change, desk)),
    !data.saves && h("p", { class: "note" }, "Nothing has been saved since the playground started."),
  );
}

function comparison(change, desk) {
  return h(
    "section",
    { class: "comparison", "aria-label": change.question },
    h("h3", {}, h("code", {}, `${desk.command()} ${change.question}`)),
    h("div", { class: "sides" }, side("Before", change.before, change.after, desk), side("After", change.after, change.before, desk)),
  );
}

function side(label, message, other, desk) {
  const others = new Set((other?.blocks ?? []).map((block) => JSON.stringify(block)));
  const differs = (block) => !others.has(JSON.stringify(block));
  return h(
    "div",
    { class: "side" },
    h(
      "p",
      { class: "side-head" },
      h("strong", {}, label),
      message && h("button", { type: "button", class: "link", "aria-label": `JSON of the card ${label.toLowerCase()}`, onclick: () => desk.showJson(message) }, "JSON"),
    ),
    message
      ? h("div", { class: "blocks" }, renderBlocks(message.blocks, { level: 4, names: desk.names(), differs }))
      : h("p", { class: "note" }, label === "Before" ? "There was no such card." : "There is no such card any more."),
  );
}
