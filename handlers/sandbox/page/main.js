// The page: builds the phones, keeps one wait open for all of them, and shows who just got a message.
import * as api from "./api.js";
import { refreshClock, startClock } from "./clock.js";
import { both, button, el, icon } from "./dom.js";
import { Phone } from "./phone.js";
import { watchStrip } from "./strip.js";
import { setZone } from "./time.js";
import { Tour } from "./tour.js";

const WAIT = 20; // seconds one request waits for news
const RETRY = 2000; // milliseconds before asking a server again that did not answer

const find = (id) => document.getElementById(id);
const strip = find("phones");
const phones = new Map(); // user id -> Phone
const tabs = new Map(); // user id -> its button in the dock
const last = new Map(); // user id -> last event seen
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
let active = null;
let title = document.title;

function zoom(url) {
  find("zoom-photo").src = url;
  find("zoom").showModal();
}

function tab(phone) {
  const { name, role, role_name: roleName } = phone.card;
  const count = el("span", { className: "unread", hidden: true });
  const node = button(
    "tab",
    () => bringIntoView(phone),
    el("span", { className: "face" }, icon(role)),
    el("span", { className: "tab-names" }, el("bdi", {}, name), el("span", { className: "tab-role" }, roleName)),
    count,
  );
  node.dataset.role = role;
  return node;
}

/** The person turned to `phone`: it is the one shown on a small screen, and its messages count as read. */
function activate(phone) {
  phone.unread = 0;
  if (active !== phone) {
    active = phone;
    for (const other of phones.values()) other.element.classList.toggle("active", other === phone);
    for (const [id, node] of tabs) node.setAttribute("aria-current", String(id === phone.card.user_id));
  }
  showUnread();
}

function bringIntoView(phone) {
  activate(phone);
  phone.element.scrollIntoView({ behavior: calm.matches ? "auto" : "smooth", block: "nearest", inline: "center" });
}

/** Ring the phones that the tour speaks of, and no others; one alone is also turned to, two keep their numbers. */
function point(at) {
  for (const [id, phone] of phones) {
    const meant = at.includes(phone);
    phone.element.classList.toggle("pointed", meant);
    tabs.get(id).classList.toggle("pointed", meant);
  }
  if (at.length === 1) bringIntoView(at[0]);
  else at.at(-1)?.element.scrollIntoView({ block: "nearest", inline: "end" });
}

function showUnread() {
  let all = 0;
  for (const [id, phone] of phones) {
    const count = tabs.get(id).querySelector(".unread");
    count.hidden = phone.unread === 0;
    count.replaceChildren(String(phone.unread), el("span", { className: "unseen" }, " 条新消息 new"));
    phone.find(".fresh").hidden = phone.unread === 0;
    phone.find(".fresh").replaceChildren(both(`${phone.unread} 条新`, "new"));
    all += phone.unread;
  }
  document.title = all ? `(${all}) ${title}` : title;
}

const page = {
  zoom,
  active: () => active,
  changed: (phone, turnedTo) => (turnedTo ? activate(phone) : showUnread()),
};

function build(town) {
  find("town").textContent = town.name;
  title = `乡音 · ${town.name} Xiangyin sandbox`;
  find("sample").hidden = !town.sample;
  for (const card of town.phones) {
    const phone = new Phone(card, page);
    phones.set(card.user_id, phone);
    last.set(card.user_id, 0);
    tabs.set(card.user_id, tab(phone));
  }
  find("dock").append(...tabs.values());
  strip.append(...[...phones.values()].map((phone) => phone.element));
  watchStrip(strip, find("before"), find("after"), calm);
  if (phones.size) activate(phones.values().next().value);
}

function hear(news, live) {
  for (const [id, { events, last: seq }] of Object.entries(news.phones)) {
    last.set(Number(id), seq);
    phones.get(Number(id)).hear(events, live);
  }
}

/** Wait for news for ever; what was there before the page opened (`live` false) is shown without fuss. */
async function listen(run) {
  hear(await api.events(last, 0), false);
  document.body.dataset.ready = "yes";
  for (;;) {
    try {
      const news = await api.events(last, find("offline").hidden ? WAIT : 0);
      if (news.run !== run) {
        window.location.reload(); // the server began anew: the chats here are no more
        return;
      }
      find("offline").hidden = true;
      hear(news, true);
    } catch (error) {
      find("offline").replaceChildren(both("连不上沙盒，正在重试…", "Cannot reach the sandbox, trying again…"));
      find("offline").hidden = false;
      console.info(`retrying: ${error.message}`);
      await new Promise((resolve) => setTimeout(resolve, RETRY));
      refreshClock().catch(() => null);
    }
  }
}

async function open() {
  const town = await api.town();
  setZone(town.zone);
  build(town);
  startClock(town.now);
  find("zoom-close").addEventListener("click", () => find("zoom").close());
  const listening = listen(town.run);
  new Tour(town.tour, phones, point);
  await listening;
}

open();
