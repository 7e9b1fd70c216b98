// The page: what there is, where one looks, and what is drawn there.

import { listen, tell } from "./api.js";
import { renderBlocks } from "./blocks.js";
import { composer } from "./composer.js";
import { dataPage, faultList, summary } from "./data.js";
import { openJson, openReading, openView, valuesIn } from "./dialogs.js";
import { h, icon, iconButton, plural } from "./dom.js";
import { avatar, lineList } from "./lines.js";
import { openMenu as openList } from "./popups.js";

const FAULTS_SHOWN = 3; // in the banner; the data file's own page has them all
const byId = (id) => document.getElementById(id);
const [placesNode, mainNode, threadNode, liveNode] = ["places", "main", "thread", "live"].map(byId);

const state = { user: "U1", lines: new Map(), unread: new Set(), dismissed: { refusals: 0, saves: 0 }, lost: false };
let place = null; // what is drawn in the middle: { id, update }
let thread = null; // what is drawn beside it: { ts, update }
let modal = null; // { view, node }
let hangUp = () => {};

// What the parts of the page ask of it.

const desk = {
  author(id) {
    const { people, bot, slackbot, app } = state.workspace;
    if (id === bot) return { name: app.name, isApp: true };
    if (id === slackbot) return { name: "Slackbot", initials: "S", tint: 0 };
    const at = people.findIndex((person) => person.id === id);
    const name = people[at]?.name ?? id;
    return { name, initials: name.split(" ").map((word) => word[0]).join(""), tint: at + 1 };
  },
  names() {
    const { people, channels, bot, app } = state.workspace;
    return Object.fromEntries([...people, ...channels].map((each) => [each.id, each.name]).concat([[bot, app.mention]]));
  },
  shortcuts: (line) => (line.author === state.workspace.slackbot ? [] : state.workspace.app.shortcuts),
  appName: () => state.workspace.app.name,
  command: () => state.workspace.app.commands[0].command,
  builder: (blocks) => `https://app.slack.com/block-kit-builder/#${encodeURIComponent(JSON.stringify({ blocks }))}`,
  act: (source, action) => attempt("press", { source, ...action }),
  ask: (source, what) => tell("suggest", { user: state.user, source, ...what }),
  shortcut: (source, callback_id) => attempt("shortcut", { source, callback_id }),
  openThread: (ts) => go(place.id, ts),
  showJson: (message) => {
    const { text, blocks } = message;
    openJson("The card’s JSON", { text, blocks }, desk.builder(blocks), text);
  },
  showReading: (line) => openReading(line.reading),
};

async function attempt(what, body) {
  try {
    return await tell(what, { user: state.user, ...body });
  } catch (error) {
    toast(error.message);
  }
}

function toast(message) {
  const node = h("div", { class: "toast", role: "alert", popover: "manual" }, message, iconButton("close", "Dismiss", () => node.remove()));
  (modal?.node ?? document.body).append(node);
  node.showPopover();
  setTimeout(() => node.remove(), 8000);
}

// Where one looks: #/<place> or #/<place>/<thread>.

function route() {
  const [, id, ts] = location.hash.split("/");
  const { channels, direct, app } = state.workspace;
  const places = [...channels.map((channel) => channel.id), direct, "data", ...(app.home ? ["home"] : [])];
  return { id: places.includes(id) ? id : channels[0].id, ts: state.lines.has(ts) ? ts : null };
}

function go(id, ts = null) {
  location.hash = ts ? `/${id}/${ts}` : `/${id}`;
}

function follow() {
  const { id, ts } = route();
  closeMenu();
  if (place?.id !== id) {
    state.unread.delete(id);
    place = drawPlace(id);
    drawPlaces();
    place.update();
    place.start();
  }
  if (thread?.ts !== ts) showThread(ts);
}

function showThread(ts) {
  const opener = thread && mainNode.querySelector(`[data-ts="${CSS.escape(thread.ts)}"]`);
  thread = ts ? drawThread(ts) : null;
  if (!ts) threadNode.replaceChildren();
  threadNode.hidden = !ts;
  document.body.classList.toggle("with-thread", Boolean(ts));
  thread?.update();
  if (thread) thread.focus();
  else (opener?.querySelector(".replies") ?? opener)?.focus();
}

// The places.

let placesDrawn = "";

function drawPlaces() {
  const { people, channels, direct, app } = state.workspace;
  const { data } = state;
  const now = JSON.stringify([state.user, place?.id, [...state.unread], data.faults.length]);
  if (now === placesDrawn) return; // what has the focus there keeps it
  placesDrawn = now;
  placesNode.replaceChildren(
    h(
      "div",
      { class: "workspace" },
      h("span", { class: "title" }, "Clinic"),
      h("span", { class: "tag" }, "Playground"),
      iconButton("close", "Close the list of places", closeMenu, { class: "icon-button only-narrow" }),
    ),
    h("h2", {}, "Channels"),
    h("ul", {}, channels.map((channel) => placeLink(channel.id, h("span", { class: "hash", "aria-hidden": "true" }, "#"), channel.name))),
    h("h2", {}, "Apps"),
    h(
      "ul",
      {},
      placeLink(direct, avatar(desk.author(state.workspace.bot)), app.name),
      app.home && placeLink("home", icon("home"), "Home"),
    ),
    h("h2", {}, "Behind it"),
    h("ul", {}, placeLink("data", icon("file"), "Data file", data.faults.length ? plural(data.faults.length, "fault") : "")),
    h(
      "div",
      { class: "self" },
      h(
        "label",
        {},
        h("span", {}, "You are"),
        h(
          "select",
          { onchange: (event) => become(event.target.value) },
          people.map((person) => h("option", { value: person.id, selected: person.id === state.user }, `${person.name}, ${person.role}`)),
        ),
      ),
      themeButton(),
    ),
  );
}

function placeLink(id, sign, name, note = "") {
  const isNew = state.unread.has(id);
  return h(
    "li",
    {},
    h(
      "a",
      { href: `#/${id}`, "aria-current": place?.id === id ? "page" : null, class: isNew ? "new" : null },
      sign,
      h("span", { class: "label" }, name),
      isNew && h("span", { class: "unseen" }, " (new)"),
      note && h("span", { class: "count" }, note),
    ),
  );
}

function themeButton() {
  const root = document.documentElement;
  const isDark = () => getComputedStyle(root).colorScheme === "dark" || (!root.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
  const node = iconButton("moon", "Dark theme", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    localStorage.setItem("theme", root.dataset.theme);
    node.setAttribute("aria-pressed", String(isDark()));
  });
  node.setAttribute("aria-pressed", String(isDark()));
  return node;
}

function become(user) {
  state.user = user;
  state.lines.clear();
  hangUp();
  place = null;
  showThread(null);
  connect();
}

function openMenu() {
  document.body.classList.add("with-places");
  placesNode.querySelector("a[aria-current]")?.focus();
}

function closeMenu() {
  document.body.classList.remove("with-places");
}

// The middle.

function drawPlace(id) {
  const { channels, direct, app } = state.workspace;
  const banners = h("div", { class: "banners" });
  const content = id === "data" ? drawData() : id === "home" ? drawHome() : drawTalk(id);
  const channel = channels.find((each) => each.id === id);
  const title = channel ? [h("span", { "aria-hidden": "true" }, "# "), channel.name] : id === "data" ? "Data file" : app.name;
  const isApp = id === direct || id === "home";
  const nodes = [
    h(
      "header",
      { class: "head" },
      iconButton("menu", "Open the list of places", openMenu, { class: "icon-button only-narrow" }),
      isApp && avatar(desk.author(state.workspace.bot)),
      h("h1", { tabindex: "-1" }, title),
      channel && h("p", { class: "purpose" }, channel.purpose),
      isApp && h("p", { class: "purpose" }, app.description),
    ),
    isApp &&
      app.home &&
      h(
        "nav",
        { class: "tabs", "aria-label": app.name },
        [["home", "Home"], [direct, "Messages"]].map(([to, label]) => h("a", { href: `#/${to}`, "aria-current": id === to ? "page" : null }, label)),
      ),
    banners,
    ...content.nodes,
  ];
  mainNode.replaceChildren(...nodes.filter(Boolean));
  document.title = `${channel ? `#${channel.name}` : id === "data" ? "Data file" : app.name} · Playground`;
  return {
    ...content,
    id,
    update: () => {
      banners.replaceChildren(...drawBanners());
      content.update();
    },
  };
}

const focusTitle = () => mainNode.querySelector("h1").focus();

function drawTalk(id) {
  const { channels, direct, app } = state.workspace;
  const name = id === direct ? app.name : `#${channels.find((channel) => channel.id === id).name}`;
  const list = lineList(desk, { label: `Messages in ${name}`, level: 2 });
  const write = composerFor(id, `Message ${name}`, null);
  const examples = h("div", { class: "examples" });
  const scroll = h("div", { class: "scroll-region", tabindex: "0", role: "region", "aria-label": name }, h("div", { class: "beginning" }, beginning(id, name), examples), list.node);
  byId("skip").onclick = () => write.focus();
  return {
    nodes: [scroll, write.node],
    start() {
      if (matchMedia("(pointer: fine)").matches) write.focus();
      else focusTitle();
    },
    update() {
      const lines = linesOf(id).filter((line) => !line.thread_ts || line.thread_ts === line.ts);
      keepingEnd(scroll, () => list.update(lines, repliesTo));
      const pills = state.workspace.examples.map((each) => exampleButton(id, each));
      if (!examples.hasChildNodes()) examples.replaceChildren(...pills);
    },
  };
}

function beginning(id, name) {
  const { direct, app } = state.workspace;
  const isDirect = id === direct;
  return [
    h("p", { class: "begin-title" }, isDirect ? `Your messages with ${name}` : `The beginning of ${name}`),
    h(
      "p",
      { class: "note" },
      isDirect ? "Write a condition or a question. Only you see this. " : `Type ${desk.command()} and a condition, or mention @${app.mention}. `,
      "Try one:",
    ),
  ];
}

function exampleButton(id, { label, text }) {
  return h(
    "button",
    { type: "button", class: "example", onclick: () => attempt("say", { channel: id, text }) },
    h("span", { class: "example-text" }, text),
    h("span", { class: "note" }, label),
  );
}

function composerFor(channel, label, thread_ts) {
  const { app } = state.workspace;
  const bot = { text: `@${app.mention} `, note: app.description };
  return composer({
    label,
    placeholder: label,
    completions(before) {
      if (/^\/\S*$/.test(before) && !thread_ts) {
        const fitting = app.commands.filter((each) => each.command.startsWith(before));
        return fitting.map((each) => ({ text: `${each.command} `, note: each.description, length: before.length }));
      }
      const prefix = before.match(/(?:^|\s)(@\w*)$/)?.[1];
      return prefix && bot.text.startsWith(prefix.toLowerCase()) ? [{ ...bot, length: prefix.length }] : [];
    },
    hint(text) {
      const command = app.commands.find((each) => text === `${each.command} `);
      return command ? `${command.command} ${command.usage_hint}` : "";
    },
    send: (text) => tell("say", { user: state.user, channel, text, thread_ts }),
    tools: app.global_shortcuts.length > 0 ? [shortcutsButton(app.global_shortcuts)] : [],
  });
}

function shortcutsButton(shortcuts) {
  const items = shortcuts.map((each) => ({ label: each.name, run: () => attempt("shortcut", { callback_id: each.callback_id }) }));
  const node = iconButton("bolt", "Shortcuts", () => openList(node, "Shortcuts", items), { "aria-haspopup": "menu", "aria-expanded": "false" });
  return node;
}

function drawHome() {
  const node = h("div", { class: "page home scroll-region", tabindex: "0", role: "region", "aria-label": "Home" });
  let last = null;
  return {
    nodes: [node],
    start() {
      focusTitle();
      attempt("home", {});
    },
    update() {
      const view = state.home;
      if (last === view && node.hasChildNodes()) return;
      last = view;
      if (!view) {
        node.replaceChildren(h("p", { class: "note" }, "The bot has published no Home yet."));
        return;
      }
      node.replaceChildren(
        h("div", { class: "blocks" }, renderBlocks(view.blocks, { level: 2, names: desk.names(), act: (action) => desk.act(view.id, action), ask: (what) => desk.ask(view.id, what) })),
        h(
          "p",
          {},
          h("button", { type: "button", class: "link", onclick: () => openJson("The Home’s JSON", { type: view.type, blocks: view.blocks }, desk.builder(view.blocks)) }, "Show the Home’s JSON"),
        ),
      );
    },
  };
}

function drawData() {
  const node = h("div", { class: "scroll-region", tabindex: "0", role: "region", "aria-label": "Data file" });
  let last = null;
  return {
    nodes: [node],
    start: focusTitle,
    update() {
      state.dismissed.saves = state.data.saves;
      if (last === state.data) return;
      last = state.data;
      node.replaceChildren(dataPage(last, desk));
    },
  };
}

function drawBanners() {
  const { data, refusals, dismissed } = state;
  const open = refusals.slice(dismissed.refusals);
  const isNew = data.saves > dismissed.saves && place?.id !== "data";
  return [
    state.lost && h("div", { class: "banner bad" }, h("p", {}, h("strong", {}, "The playground has stopped."), " Start it again, and this page goes on.")),
    data.faults.length > 0 &&
      place?.id !== "data" &&
      h("div", { class: "banner bad" }, h("p", {}, h("strong", {}, "The data file can’t be read"), ` (${summary(data)})`), faultList(data, FAULTS_SHOWN)),
    isNew &&
      data.faults.length === 0 &&
      h(
        "div",
        { class: "banner good" },
        h("p", {}, h("strong", {}, "Data file "), summary(data), data.changes.length > 0 && ". ", data.changes.length > 0 && h("a", { href: "#/data" }, "Compare before and after")),
        iconButton("close", "Dismiss", () => ((state.dismissed.saves = data.saves), place.update())),
      ),
    open.length > 0 &&
      h(
        "div",
        { class: "banner bad" },
        h("p", {}, h("strong", {}, "Slack refuses what the bot sent")),
        h("ul", { class: "faults" }, open.map((each) => h("li", {}, h("code", {}, each.method), ` ${each.error}`, each.details.map((line) => h("div", { class: "note" }, line))))),
        iconButton("close", "Dismiss", () => ((state.dismissed.refusals = refusals.length), place.update())),
      ),
  ].filter(Boolean);
}

// The thread.

function drawThread(ts) {
  const list = lineList(desk, { label: "Messages in this thread", level: 3, inThread: true });
  const first = state.lines.get(ts);
  const write = first && composerFor(first.channel, "Reply …", ts);
  const scroll = h("div", { class: "scroll-region", tabindex: "0", role: "region", "aria-label": "Thread" }, list.node);
  threadNode.replaceChildren(
    h("div", { class: "head" }, h("h2", {}, "Thread"), iconButton("close", "Close the thread", () => go(place.id))),
    scroll,
    ...(write ? [write.node] : []),
  );
  return {
    ts,
    focus: () => (write ?? { focus: () => scroll.focus() }).focus(),
    update() {
      keepingEnd(scroll, () => list.update([state.lines.get(ts), ...repliesTo(ts)].filter(Boolean)));
    },
  };
}

/** Update a list; where a new line has come, show it from its beginning, with what it answers above it. */
function keepingEnd(scroll, update) {
  const last = () => [...scroll.querySelectorAll(".line")].at(-1);
  const before = last()?.dataset.ts;
  update();
  const line = last();
  if (!line || line.dataset.ts === before) return;
  const above = line.previousElementSibling;
  const first = above && line.offsetTop - above.offsetTop < 120 ? above : line;
  scroll.scrollTop = first.offsetTop - scroll.offsetTop - 8;
}

const inOrder = (lines) => lines.sort((one, other) => Number(one.ts) - Number(other.ts));
const linesOf = (channel) => inOrder([...state.lines.values()].filter((line) => line.channel === channel));
const repliesTo = (ts) => inOrder([...state.lines.values()].filter((line) => line.thread_ts === ts && line.ts !== ts));

// What the server tells.

function hear(news, fresh) {
  if (fresh) state.lines.clear();
  const before = state.data;
  const { lines = [], gone = [], ...parts } = news;
  Object.assign(state, parts);
  if (fresh) {
    state.dismissed = { refusals: 0, saves: state.data.saves };
    place = thread = null;
  }
  state.lost = false;
  lines.forEach((line) => state.lines.set(line.ts, line));
  gone.forEach((ts) => state.lines.delete(ts));
  if (!fresh) {
    lines.forEach(announce);
    if (before !== state.data) say(`Data file: ${summary(state.data)}`);
  }
  if (place) {
    drawPlaces();
    place.update();
  } else follow();
  thread?.update();
  showModal();
}

function announce(line) {
  if (line.channel !== place?.id) {
    state.unread.add(line.channel);
    return;
  }
  if (line.author === state.user) return;
  const where = line.thread_ts && line.thread_ts !== thread?.ts ? " in a thread" : "";
  const who = `${desk.author(line.author).name}${where}${line.only_for ? ", only visible to you" : ""}`;
  say(`${who}: ${line.text.slice(0, 600)}`);
}

function say(text) {
  liveNode.append(h("p", {}, text));
  while (liveNode.children.length > 3) liveNode.firstChild.remove();
}

function showModal() {
  if (modal?.view === state.modal || (!modal && !state.modal)) return;
  const old = modal;
  const values = old && old.view.id === state.modal?.id ? valuesIn(old.node) : {};
  modal = null;
  old?.node.close();
  const view = state.modal;
  if (!view) return;
  const node = openView(view, {
    names: desk.names(),
    act: (action) => desk.act(view.id, action),
    ask: (what) => desk.ask(view.id, what),
    submit: (filled) => attempt("submit", { source: view.id, values: filled }),
    values,
    onClose() {
      if (modal?.view !== view) return;
      modal = null;
      state.modal = null;
      attempt("close", {});
    },
  });
  modal = { view, node };
}

function connect() {
  hangUp = listen(state.user, {
    onNews: hear,
    onLost() {
      state.lost = true;
      place?.update();
    },
  });
}

const theme = localStorage.getItem("theme");
if (theme) document.documentElement.dataset.theme = theme;
addEventListener("hashchange", follow);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if (document.body.classList.contains("with-places")) closeMenu();
  else if (thread && threadNode.contains(document.activeElement)) go(place.id);
});
connect();
