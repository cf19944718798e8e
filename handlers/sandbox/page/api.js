// The sandbox's own server: the phones' control API, the town and the clock. Nothing else is ever asked.

export class Refused extends Error {
  constructor(status, text) {
    super(text);
    this.status = status;
  }
}

/** What a refusal says: its JSON `error`, or its text. */
function reason(body) {
  try {
    return JSON.parse(body).error;
  } catch {
    return body.slice(0, 300);
  }
}

async function ask(path, options) {
  const answer = await fetch(path, options);
  if (!answer.ok) throw new Refused(answer.status, reason(await answer.text()));
  return answer.json();
}

function post(path, body) {
  return ask(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

export const town = () => ask("/town");
export const clock = () => ask("/clock");
export const pushClock = (step) => post("/clock", step);

/** All phones in one wait: `after` maps user id -> last sequence number seen. */
export function events(after, wait) {
  const pairs = [...after].map(([user, seq]) => `${user}:${seq}`).join(",");
  return ask(`/phones-events?after=${pairs}&wait=${wait}`);
}

export const send = (user, what) => post(`/phones/${user}/send`, what);
export const press = (user, chat, message, data) =>
  post(`/phones/${user}/press`, { chat_id: chat, message_id: message, data });
export const edit = (user, chat, message, text) =>
  post(`/phones/${user}/edit`, { chat_id: chat, message_id: message, text });
export const start = (user, payload) => post(`/phones/${user}/start`, payload ? { payload } : {});
export const block = (user, on) => post(`/phones/${user}/${on ? "block" : "unblock"}`, {});

/** `files`: Blobs or Files; several photos become one album. */
export function sendFiles(user, kind, files, caption) {
  const form = new FormData();
  form.append("kind", kind);
  if (caption) form.append("caption", caption);
  files.forEach((file, at) => form.append("file", file, file.name ?? `${kind}-${at + 1}`));
  return ask(`/phones/${user}/send`, { method: "POST", body: form });
}
