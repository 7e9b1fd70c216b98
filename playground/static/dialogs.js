// Dialogs: the bot's modals, a card's JSON, how a text was read. The browser keeps the focus inside.

import { renderBlocks } from "./blocks.js";
import { h, iconButton, newId } from "./dom.js";

/** Open a dialog. `onClose` is called once, however it is closed. With `send`, { label, run }, it is a form. */
export function openDialog(title, body, { onClose = () => {}, closeLabel = "Close", wide = false, send = null } = {}) {
  const titleId = newId("title");
  const parts = [
    h("div", { class: "dialog-head" }, h("h2", { id: titleId }, title), iconButton("close", "Close", () => node.close())),
    h("div", { class: "dialog-body", tabindex: "0", role: "group", "aria-labelledby": titleId }, body),
    h(
      "div",
      { class: "dialog-foot" },
      h("button", { type: "button", class: "b-button", onclick: () => node.close() }, closeLabel),
      send && h("button", { type: "submit", class: "b-button primary" }, send.label),
    ),
  ];
  const sent = (event) => {
    event.preventDefault();
    send.run();
  };
  const node = h(
    "dialog",
    { class: wide ? "dialog wide" : "dialog", "aria-labelledby": titleId },
    send ? h("form", { onsubmit: sent }, parts) : parts,
  );
  node.addEventListener("close", () => {
    node.remove();
    onClose();
  });
  node.addEventListener("click", (event) => event.target === node && node.close());
  document.body.append(node);
  node.showModal();
  return node;
}

/** Open a modal of the bot's; `submit` is told what stands in its fields, which `values` fills again. */
export function openView(view, { names, act, ask, submit, onClose, values = {} }) {
  const body = h("div", { class: "blocks" }, renderBlocks(view.blocks, { level: 3, names, act, ask }));
  for (const field of body.querySelectorAll("input[name]")) field.value = values[field.name] ?? "";
  const send = view.submit && { label: view.submit.text, run: () => submit(valuesIn(body)) };
  return openDialog(view.title.text, body, { onClose, send, closeLabel: view.close?.text ?? "Cancel" });
}

/** What stands in the fields, by their names. */
export const valuesIn = (node) => Object.fromEntries([...node.querySelectorAll("input[name]")].map((field) => [field.name, field.value]));

export function openJson(title, payload, builderUrl, plain) {
  const json = JSON.stringify(payload, null, 2);
  openDialog(
    title,
    [
      h(
        "p",
        {},
        h("a", { href: builderUrl, target: "_blank", rel: "noreferrer" }, "Open in Slack’s Block Kit Builder"),
        h("span", { class: "note" }, " (leaves this machine)"),
      ),
      plain && h("h3", {}, "Plain text"),
      plain && h("p", { class: "note" }, "What phones notify, and what screen readers read in Slack."),
      plain && h("pre", { tabindex: "0", "aria-label": "Plain text" }, plain),
      h("h3", {}, "JSON"),
      h("pre", { tabindex: "0", "aria-label": "JSON" }, json),
    ],
    { wide: true },
  );
}

export function openReading(reading) {
  const rows = reading.words.map((each) =>
    h("tr", {}, h("td", {}, `“${each.words}”`), h("td", {}, each.outcome), h("td", {}, each.target), h("td", {}, each.rule)),
  );
  openDialog(
    "How was this read?",
    [
      h("p", { class: "note" }, "The text as it reached the bot. It is shown here only: the bot keeps and logs none of it."),
      h("blockquote", {}, reading.text || "(nothing)"),
      h(
        "dl",
        { class: "facts" },
        h("dt", {}, "Outcome"),
        h("dd", {}, reading.outcome),
        h("dt", {}, "May be public"),
        h("dd", {}, reading.public ? "yes: known names and joining words account for the whole text" : "no: something in the text is not accounted for"),
      ),
      rows.length > 0
        ? h(
            "div",
            { class: "scroll", tabindex: "0", role: "group", "aria-label": "Words and how they were read" },
            h(
              "table",
              {},
              h("thead", {}, h("tr", {}, ["In the data file", "Outcome", "Read as", "Why"].map((each) => h("th", { scope: "col" }, each)))),
              h("tbody", {}, rows),
            ),
          )
        : h("p", {}, "No name of the data file was found in it."),
    ],
    { wide: true },
  );
}
