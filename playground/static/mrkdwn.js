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
  for (const match of text.matchAll(new RegExp(INLINE, "gu"))) {
    if (match.index > end) out.push(text.slice(end, match.index));
    out.push(inline(match[0], match.groups, names));
    end = match.index + match[0].length;
  }
  if (end < text.length) out.push(text.slice(end));
  return out;
}

function inline(source, groups, names) {
  if (groups.entity) return ENTITIES[groups.entity];
  if (groups.bold) return h("strong", {}, mrkdwn(groups.bold, names));
  if (groups.italic) return h("em", {}, mrkdwn(groups.italic, names));
  if (groups.strike) return h("s", {}, mrkdwn(groups.strike, names));
  if (groups.code) return h("code", {}, unescape(groups.code));
  if (groups.emoji) return groups.emoji in EMOJI ? emoji(groups.emoji) : source;
  return angle(groups.angle, names) ?? source;
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
