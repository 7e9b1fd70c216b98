// Slack's mark-up, as far as the bot and people use it, read into nodes. Whatever is not understood stays text.

import { h } from "./dom.js";

const EMOJI = { warning: "⚠️", rotating_light: "🚨" };
const ENTITIES = { amp: "&", lt: "<", gt: ">" };
const BROADCASTS = ["channel", "here", "everyone"];

const INLINE = [
  "`(?<code>[^`\\n]+)`",
  "<(?<angle>[^<>\\n]+)>",
  ":(?<emoji>[a-z0-9_+-]+):",
  "&(?<entity>amp|lt|gt);",
  "(?<![\\p{L}\\p{N}*])\\*(?<bold>[^*\\s](?:[^*\\n]*[^*\\s])?)\\*(?![\\p{L}\\p{N}*])",
  "(?<![\\p{L}\\p{N}_])_(?<italic>[^_\\s](?:[^_\\n]*[^_\\s])?)_(?![\\p{L}\\p{N}_])",
  "(?<![\\p{L}\\p{N}~])~(?<strike>[^~\\s](?:[^~\\n]*[^~\\s])?)~(?![\\p{L}\\p{N}~])",
].join("|");

/** Nodes and texts for a mrkdwn text. `names` maps ids of people and channels to names. */
export function mrkdwn(text, names = {}) {
  const out = [];
  let end = 0;
  for (const found of text.matchAll(new RegExp(INLINE, "gu"))) {
    if (found.index > end) out.push(text.slice(end, found.index));
    out.push(inline(found[0], found.groups, names));
    end = found.index + found[0].length;
  }
  if (end < text.length) out.push(text.slice(end));
  return out;
}

function inline(source, found, names) {
  if (found.entity) return ENTITIES[found.entity];
  if (found.bold) return h("strong", {}, mrkdwn(found.bold, names));
  if (found.italic) return h("em", {}, mrkdwn(found.italic, names));
  if (found.strike) return h("s", {}, mrkdwn(found.strike, names));
  if (found.code) return h("code", {}, unescape(found.code));
  if (found.emoji) return found.emoji in EMOJI ? emoji(found.emoji) : source;
  return angle(found.angle, names) ?? source;
}

function emoji(name) {
  return h("span", { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " ") }, EMOJI[name]);
}

function angle(inside, names) {
  const [target, label] = inside.split("|", 2);
  if (target.startsWith("!") && BROADCASTS.includes(target.slice(1))) return mention(`@${target.slice(1)}`, true);
  if (target.startsWith("@")) return mention(`@${names[target.slice(1)] ?? label ?? target.slice(1)}`);
  if (target.startsWith("#")) return mention(`#${names[target.slice(1)] ?? label ?? target.slice(1)}`);
  if (!/^(https?:\/\/|mailto:)/.test(target)) return null;
  const href = unescape(target);
  return h("a", { href, target: "_blank", rel: "noreferrer" }, label ? unescape(label) : href.replace(/^mailto:/, ""));
}

function mention(text, toAll = false) {
  return h("span", { class: toAll ? "mention to-all" : "mention" }, text);
}

function unescape(text) {
  return text.replace(/&(amp|lt|gt);/g, (_, name) => ENTITIES[name]);
}
