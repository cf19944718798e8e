// The shifted clock in the top bar and the buttons that push it forward.
import * as api from "./api.js";
import { announce } from "./dom.js";
import { clockTime, dayName, now, setNow } from "./time.js";

const time = document.getElementById("time");
const day = document.getElementById("day");
const toggle = document.getElementById("pushes-toggle");
const pushes = document.getElementById("pushes");

function show() {
  time.textContent = clockTime(now());
  time.dateTime = now().toISOString();
  day.textContent = dayName(now());
}

/** On a small screen the buttons stay folded away until they are asked for. */
function open(on) {
  pushes.classList.toggle("open", on);
  toggle.setAttribute("aria-expanded", String(on));
}

async function push(step) {
  pushes.setAttribute("aria-busy", "true");
  const buttons = [...pushes.querySelectorAll("button")];
  buttons.forEach((button) => button.setAttribute("aria-disabled", "true"));
  try {
    const answer = await api.pushClock(step);
    setNow(answer.now);
    show();
    open(false);
    announce(`现在是 ${day.textContent} ${time.textContent}`);
  } catch (error) {
    announce(`时钟没有拨动 The clock did not move: ${error.message}`);
  } finally {
    pushes.removeAttribute("aria-busy");
    buttons.forEach((button) => button.removeAttribute("aria-disabled"));
  }
}

export function startClock(iso) {
  setNow(iso);
  show();
  setInterval(show, 1000);
  for (const button of pushes.querySelectorAll("[data-push]")) {
    button.addEventListener("click", () => {
      if (!pushes.hasAttribute("aria-busy")) push(JSON.parse(button.dataset.push));
    });
  }
  toggle.addEventListener("click", () => {
    open(!pushes.classList.contains("open"));
  });
}

/** Another page may have pushed the clock: ask, quietly. */
export async function refreshClock() {
  const answer = await api.clock();
  setNow(answer.now);
  show();
}
