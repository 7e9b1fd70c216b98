// Where one types: grows with the text, completes commands and the bot's name, sends on Enter.

import { h, iconButton, newId } from "./dom.js";

/** A composer; `tools` are buttons beside it. `send(text)` may throw an Error, whose words are shown; the text stays then. */
export function composer({ label, placeholder, completions, hint = () => "", send, tools = [] }) {
  const listId = newId("completions");
  const field = h("textarea", {
    rows: "1",
    "aria-label": label,
    placeholder,
    "aria-autocomplete": "list",
    "aria-haspopup": "listbox",
    "aria-controls": listId,
    autocomplete: "off",
    spellcheck: "false",
  });
  const list = h("ul", { role: "listbox", id: listId, "aria-label": "Completions", class: "completions", hidden: true });
  const problem = h("p", { class: "problem", role: "alert" });
  const note = h("p", { class: "note hint" });
  const button = iconButton("send", "Send", submit, { class: "icon-button send" });
  const node = h("div", { class: "composer" }, list, h("div", { class: "field" }, tools, field, button), problem, note);
  let fits = [];
  let at = 0;

  async function submit() {
    const text = field.value;
    if (!text.trim()) return;
    close();
    problem.textContent = "";
    field.value = "";
    grow();
    try {
      await send(text);
    } catch (error) {
      problem.textContent = error.message;
      if (!field.value) field.value = text;
      grow();
    }
  }

  function grow() {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, 200)}px`;
    button.classList.toggle("ready", Boolean(field.value.trim()));
    note.textContent = hint(field.value);
  }

  function complete() {
    const before = field.value.slice(0, field.selectionStart);
    fits = completions(before).map((each) => ({ ...each, start: before.length - each.length }));
    if (fits.length === 1 && before.slice(fits[0].start) === fits[0].text.trim() && before === field.value) fits = [];
    list.replaceChildren(
      ...fits.map((each) =>
        h(
          "li",
          { role: "option", id: newId("completion"), class: "menu-item", onmousedown: (event) => event.preventDefault(), onclick: () => take(each) },
          h("strong", {}, each.text.trim()),
          h("span", { class: "note" }, each.note),
        ),
      ),
    );
    list.hidden = fits.length === 0;
    mark(0);
  }

  function mark(index) {
    at = index;
    [...list.children].forEach((option, each) => option.setAttribute("aria-selected", String(each === at)));
    if (fits[at]) field.setAttribute("aria-activedescendant", list.children[at].id);
    else field.removeAttribute("aria-activedescendant");
  }

  function take(each) {
    field.setRangeText(each.text, each.start, field.selectionStart, "end");
    close();
    grow();
    field.focus();
  }

  function close() {
    fits = [];
    list.hidden = true;
    mark(0);
  }

  field.addEventListener("input", () => {
    problem.textContent = "";
    grow();
    complete();
  });
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (fits.length && step) mark((at + step + fits.length) % fits.length);
    else if (fits.length && ["Enter", "Tab"].includes(event.key) && !event.shiftKey) take(fits[at]);
    else if (fits.length && event.key === "Escape") close();
    else if (event.key === "Enter" && !event.shiftKey) submit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return { node, field, focus: () => field.focus() };
}
