// The playground's server: what a person does goes there, what has happened comes from there.

/** Tell the server what a person does; what it answers. Throws an Error with what Slack would tell them. */
export async function tell(what, body) {
  let reply;
  try {
    reply = await fetch(`/${what}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  } catch {
    throw new Error("The playground has stopped. Start it again to go on.");
  }
  if (reply.ok) return reply.json();
  const answer = await reply.json().catch(() => ({}));
  throw new Error(answer.problem ?? `The playground answered with status ${reply.status}.`);
}

/** Hear what there is and what changes, for one person. Returns a function that ends it. */
export function listen(user, { onNews, onLost }) {
  const source = new EventSource(`/news?user=${encodeURIComponent(user)}`);
  let fresh = true;
  source.onopen = () => (fresh = true);
  source.onmessage = (event) => {
    onNews(JSON.parse(event.data), fresh);
    fresh = false;
  };
  source.onerror = onLost;
  source.addEventListener("over", onLost);
  return () => source.close();
}
