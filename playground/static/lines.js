// Messages: one line each, as Slack draws them, and a list of them that keeps what has not changed.

import { renderBlocks } from "./blocks.js";
import { clock, h, icon, iconButton, plural, timeOf } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { openMenu } from "./popups.js";

const LONG = 1200; // characters of a message; longer ones are folded
const TOGETHER = 300; // seconds in which one person's messages share a heading

/**
 * A list of lines. `desk` knows people and names and does what is asked: act, shortcut, openThread, showJson,
 * showReading. `level` is the heading level of a card.
 */
export function lineList(desk, { label, level, inThread = false }) {
  const node = h("ol", { class: "lines", "aria-label": label });
  const entries = new Map();
  const days = {};

  function update(lines, repliesOf = () => []) {
    const places = [];
    const stamps = new Set();
    let before = null;
    for (const line of lines) {
      const replies = inThread ? [] : repliesOf(line.ts).filter((reply) => !reply.only_for);
      const state = { line, follows: follows(line, before), replies: replies.length, last: replies.at(-1)?.ts };
      const entry = entries.get(line.ts);
      if (!entry || Object.keys(state).some((key) => entry.state[key] !== state[key])) {
        entries.set(line.ts, { state, node: drawLine(line, desk, { level, inThread, replies, follows: state.follows }) });
      }
      const day = dayOf(line.ts);
      if (!inThread && day !== (before && dayOf(before.ts))) places.push(days[day] ??= h("li", { class: "day" }, h("span", {}, day)));
      places.push(entries.get(line.ts).node);
      stamps.add(line.ts);
      before = line;
    }
    for (const ts of entries.keys()) if (!stamps.has(ts)) entries.delete(ts);
    settle(node, places);
  }

  node.addEventListener("keydown", (event) => {
    const rows = [...node.querySelectorAll(".line")];
    const to = rows.indexOf(event.target) + { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.target.classList.contains("line") && rows[to]) {
      event.preventDefault();
      rows[to].focus();
    }
  });
  return { node, update };
}

/** Make these the children, without touching those that are in place: what has the focus keeps it. */
function settle(parent, children) {
  const own = new Set(children);
  for (const child of [...parent.children]) if (!own.has(child)) child.remove();
  children.forEach((child, index) => {
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null);
  });
}

function follows(line, before) {
  const isSame = before?.author === line.author && !line.blocks && !before.blocks && !line.only_for && !before.only_for;
  return Boolean(isSame && line.ts - before.ts < TOGETHER);
}

function drawLine(line, desk, { level, inThread, replies, follows }) {
  const author = desk.author(line.author);
  const time = timeOf(line.ts);
  return h(
    "li",
    { class: `line${line.only_for ? " private" : ""}${follows ? " follows" : ""}`, tabindex: "0", "data-ts": line.ts },
    line.only_for && h("p", { class: "only-you" }, icon("eye"), " Only visible to you"),
    h("div", { class: "gutter" }, avatar(author)),
    h(
      "div",
      { class: "content" },
      h(
        "p",
        { class: "byline" },
        h("span", { class: "name" }, author.name),
        author.isApp && h("span", { class: "badge" }, "App"),
        h("time", { datetime: time.toISOString() }, clock(time)),
      ),
      line.blocks?.length
        ? h("div", { class: "blocks" }, renderBlocks(line.blocks, { level, names: desk.names(), act: (action) => desk.act(line.ts, action) }))
        : words(line.text, desk),
      replies.length > 0 && replyLine(line, replies, desk),
    ),
    tools(line, desk, inThread),
  );
}

function words(text, desk) {
  const body = h("div", { class: "said" }, mrkdwn(text, desk.names()));
  if (text.length <= LONG) return body;
  body.classList.add("folded");
  const more = h(
    "button",
    {
      type: "button",
      class: "link",
      "aria-expanded": "false",
      onclick: () => {
        const folded = body.classList.toggle("folded");
        more.setAttribute("aria-expanded", String(!folded));
        more.textContent = folded ? "Show more" : "Show less";
      },
    },
    "Show more",
  );
  return h("div", {}, body, more);
}

function replyLine(line, replies, desk) {
  const last = clock(timeOf(replies.at(-1).ts));
  return h(
    "button",
    { type: "button", class: "replies", onclick: () => desk.openThread(line.thread_ts ?? line.ts) },
    [...new Set(replies.map((reply) => reply.author))].map((id) => avatar(desk.author(id))),
    h("span", { class: "link" }, plural(replies.length, "reply", "replies")),
    h("span", { class: "note" }, `Last reply at ${last}`),
  );
}

function tools(line, desk, inThread) {
  const isCard = Boolean(line.blocks?.length);
  const items = [
    ...desk.shortcuts(line).map((each) => ({ label: each.name, note: desk.appName(), run: () => desk.shortcut(line.ts, each.callback_id) })),
    ...(isCard ? [{ label: "Open in Block Kit Builder", note: "slack.com", href: desk.builder(line.blocks) }] : []),
  ];
  const more = iconButton("more", "More actions", () => openMenu(more, "More actions", items), {
    "aria-haspopup": "menu",
    "aria-expanded": "false",
  });
  return h(
    "div",
    { class: "tools", role: "group", "aria-label": "Message actions" },
    line.reading && iconButton("read", "How was this read?", () => desk.showReading(line)),
    isCard && iconButton("code", "Show the card’s JSON", () => desk.showJson(line)),
    !inThread && !line.only_for && iconButton("reply", "Reply in thread", () => desk.openThread(line.thread_ts ?? line.ts)),
    items.length > 0 && more,
  );
}

export function avatar(author) {
  if (author.isApp) return h("img", { class: "avatar", src: "/static/bot.svg", alt: "" });
  return h("span", { class: `avatar initials tint-${author.tint}`, "aria-hidden": "true" }, author.initials);
}

function dayOf(ts) {
  const date = timeOf(ts);
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? "Today" : date.toLocaleDateString([], { weekday: "long", day: "numeric", month: "long" });
}
