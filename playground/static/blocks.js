// Block Kit, as far as the bot emits it. `act` is told what was pressed, chosen or typed; without it nothing can be.
// `ask` is asked what fits the beginning of a name.

import { h, icon } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { openSelect } from "./popups.js";

/** Nodes for blocks. `level` is the heading level of a header block, `differs` marks blocks to point at. */
export function renderBlocks(blocks, { act = null, ask = null, level = 3, names = {}, differs = () => false } = {}) {
  const draw = { act, ask, level, names };
  return blocks.map((block, index) => {
    const node = (BLOCKS[block.type] ?? unknown)(block, { ...draw, blockId: block.block_id ?? `b${index}` });
    node.classList.add("block");
    if (differs(block)) node.classList.add("differs");
    return node;
  });
}

const BLOCKS = {
  header: (block, draw) => h(`h${draw.level}`, { class: "b-header" }, textOf(block.text, draw)),
  section: (block, draw) =>
    h(
      "div",
      { class: "b-section" },
      h(
        "div",
        { class: "b-said" },
        block.text && h("div", { class: "b-text" }, textOf(block.text, draw)),
        block.fields && h("div", { class: "b-fields" }, block.fields.map((field) => h("div", { class: "b-text" }, textOf(field, draw)))),
      ),
      block.accessory && h("div", { class: "b-accessory" }, element(block.accessory, draw)),
    ),
  context: (block, draw) =>
    h("div", { class: "b-context" }, block.elements.map((each) => h("div", { class: "b-text" }, textOf(each, draw)))),
  divider: () => h("hr", { class: "b-divider" }),
  input: (block, draw) =>
    h(
      "label",
      { class: "b-input" },
      h("span", { class: "b-label" }, textOf(block.label, draw)),
      element(block.element, { ...draw, label: block.label.text, dispatches: block.dispatch_action }),
    ),
  actions: (block, draw) => h("div", { class: "b-actions" }, block.elements.map((each) => element(each, draw))),
};

const ELEMENTS = { button, static_select: select, external_select: select, plain_text_input: field };

function element(each, draw) {
  return (ELEMENTS[each.type] ?? unknown)(each, draw);
}

function button(each, draw) {
  const label = each.text.text;
  const does = { kind: "button", action_id: each.action_id, block_id: draw.blockId, value: each.value, label };
  return h(
    "button",
    {
      type: "button",
      class: `b-button ${each.style ?? ""}`,
      "aria-label": each.accessibility_label,
      "aria-disabled": draw.act ? null : "true",
      onclick: () => draw.act?.(does),
    },
    textOf(each.text, draw),
  );
}

function select(each, draw) {
  const asOptions = (options) => options.map((option) => ({ label: option.text.text, value: option.value }));
  const options = each.options ? asOptions(each.options) : async (text) => asOptions(await draw.ask({ action_id: each.action_id, value: text }));
  const choose = (option) =>
    draw.act({ kind: each.type, action_id: each.action_id, block_id: draw.blockId, value: option.value, label: option.label });
  const trigger = h(
    "button",
    {
      type: "button",
      class: "b-button b-select",
      "aria-haspopup": "listbox",
      "aria-expanded": "false",
      "aria-disabled": draw.act ? null : "true",
      onclick: () => draw.act && openSelect(trigger, each.placeholder?.text ?? "Choose", options, choose),
    },
    h("span", {}, textOf(each.placeholder ?? { type: "plain_text", text: "Choose" }, draw)),
    icon("down"),
  );
  return trigger;
}

/** A field for one line. In a modal a button sends it, elsewhere Enter does. */
function field(each, draw) {
  return h("input", {
    type: "text",
    name: each.action_id,
    required: !draw.dispatches,
    autofocus: !draw.dispatches,
    autocomplete: "off",
    spellcheck: "false",
    "aria-disabled": draw.act ? null : "true",
    onkeydown(event) {
      if (!draw.dispatches || event.key !== "Enter" || event.isComposing || !event.target.value) return;
      event.preventDefault();
      draw.act?.({ kind: each.type, action_id: each.action_id, block_id: draw.blockId, value: event.target.value, label: draw.label });
    },
  });
}

function textOf(object, draw) {
  return object.type === "mrkdwn" ? mrkdwn(object.text, draw.names) : object.text;
}

function unknown(block) {
  return h("div", { class: "b-unknown" }, `The playground does not draw “${block.type}”.`);
}
