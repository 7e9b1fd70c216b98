// What opens beside a button: a menu of things to do, and a list of options that typing narrows.

import { h, newId } from "./dom.js";

/** A menu. Items are { label, note?, href?, run? }. */
export function openMenu(trigger, label, items) {
  const entries = items.map((item) =>
    h(
      item.href ? "a" : "button",
      {
        role: "menuitem",
        tabindex: "-1",
        class: "menu-item",
        ...(item.href ? { href: item.href, target: "_blank", rel: "noreferrer" } : { type: "button" }),
        onclick: () => {
          popup.hidePopover();
          item.run?.();
        },
      },
      h("span", {}, item.label),
      item.note && h("span", { class: "note" }, item.note),
    ),
  );
  const popup = h("div", { role: "menu", "aria-label": label, class: "popup menu", popover: "auto" }, entries);
  popup.addEventListener("keydown", (event) => {
    const at = entries.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + entries.length, Home: 0, End: entries.length - 1 }[event.key];
    if (to === undefined) {
      if (event.key === "Tab") popup.hidePopover();
      return;
    }
    event.preventDefault();
    entries[to % entries.length].focus();
  });
  show(popup, trigger);
  entries[0].focus();
}

/** A list of { label, value } with a field that narrows it; `options` may be a function that finds them for a text. */
export function openSelect(trigger, label, options, choose) {
  const listId = newId("options");
  const list = h("ul", { role: "listbox", id: listId, "aria-label": label });
  const field = h("input", {
    type: "text",
    role: "combobox",
    "aria-label": `${label}: type to narrow`,
    "aria-expanded": "true",
    "aria-autocomplete": "list",
    "aria-controls": listId,
    placeholder: "Type to narrow",
    autocomplete: "off",
    spellcheck: "false",
  });
  const status = h("p", { class: "note found", role: "status" });
  const popup = h("div", { class: "popup select", popover: "auto" }, field, list, status);
  let fits = [];
  let at = 0;

  async function narrow() {
    const text = field.value;
    const found = typeof options === "function" ? await options(text).catch(() => []) : fitting(options, text);
    if (text !== field.value) return; // what was typed since is on its way
    fits = found;
    list.replaceChildren(
      ...fits.map((option) =>
        h("li", { role: "option", id: newId("option"), class: "menu-item", "aria-selected": "false", onclick: () => take(option) }, option.label),
      ),
    );
    status.textContent = fits.length ? "" : "Nothing fits.";
    mark(0);
  }

  function mark(index) {
    at = Math.max(0, Math.min(index, fits.length - 1));
    [...list.children].forEach((node, each) => node.setAttribute("aria-selected", String(each === at)));
    const active = list.children[at];
    if (active) field.setAttribute("aria-activedescendant", active.id);
    else field.removeAttribute("aria-activedescendant");
    active?.scrollIntoView({ block: "nearest" });
  }

  function take(option) {
    popup.hidePopover();
    choose(option);
  }

  field.addEventListener("input", narrow);
  field.addEventListener("keydown", (event) => {
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
    if (to !== undefined) mark((to + fits.length) % (fits.length || 1));
    else if (event.key === "Enter" && fits[at]) take(fits[at]);
    else if (event.key === "Tab") return popup.hidePopover();
    else return;
    event.preventDefault();
  });
  show(popup, trigger);
  narrow().then(() => place(popup, trigger));
  field.focus();
}

function fitting(options, text) {
  const words = plain(text).split(/\s+/);
  return options.filter((option) => words.every((word) => plain(option.label).includes(word)));
}

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();

/** Put the popup beside its trigger, within the same dialog if there is one, and take it away when it closes. */
function show(popup, trigger) {
  trigger.after(popup);
  trigger.setAttribute("aria-expanded", "true");
  popup.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    const wasInside = popup.contains(document.activeElement) || document.activeElement === document.body;
    popup.remove();
    trigger.setAttribute("aria-expanded", "false");
    if (wasInside && trigger.isConnected) trigger.focus();
  });
  popup.showPopover();
  place(popup, trigger);
}

function place(popup, trigger) {
  const box = trigger.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = popup;
  popup.style.top = popup.style.bottom = "auto";
  popup.style.left = `${Math.max(8, Math.min(box.left, innerWidth - width - 8))}px`;
  // Held at the edge beside the trigger: a list that narrows stays there.
  if (box.bottom + 4 + height > innerHeight && box.top > height + 4) popup.style.bottom = `${innerHeight - box.top + 4}px`;
  else popup.style.top = `${Math.max(8, Math.min(box.bottom + 4, innerHeight - height - 8))}px`;
}
