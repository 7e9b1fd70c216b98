// Block Kit, as far as the bot emits it. `act` is told what was pressed or chosen; without it nothing can be.

import { h, icon } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { openSelect } from "./popups.js";

/** Nodes for blocks. `level` is the heading level of a header block, `differs` marks blocks to point at. */
export function renderBlocks(blocks, { act = null, level = 3, names = {}, differs = () => false } = {}) {
  const draw = { act, level, names };
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
  actions: (block, draw) => h("div", { class: "b-actions" }, block.elements.map((each) => element(each, draw))),
};

const ELEMENTS = { button, static_select: select };

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
  const options = each.options.map((option) => ({ label: option.text.text, value: option.value }));
  const choose = (option) =>
    draw.act({ kind: "static_select", action_id: each.action_id, block_id: draw.blockId, value: option.value, label: option.label });
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

function textOf(object, draw) {
  return object.type === "mrkdwn" ? mrkdwn(object.text, draw.names) : object.text;
}

function unknown(block) {
  return h("div", { class: "b-unknown" }, `The playground does not draw “${block.type}”.`);
}
