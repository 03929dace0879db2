/** How does an agent see a page that is shared? Replayed in a frame without scripts, live; the agent points, and asks to scroll. */

import { Replayer } from "@rrweb/replay";
import { guard, later, listen } from "./guard.js";
import { attend } from "./player.js";
import { join } from "./push.js";

const place = document.querySelector("[data-engage-shared]");
const words = place.dataset;
const stage = document.getElementById("engage-stage");
const status = document.getElementById("engage-shared-status");
const tools = document.getElementById("engage-shared-tools");
/** By the clock we ask this seldom (ms) with a stream, and without; and never more often than this. */
const [SAFE, NEXT, LEAST] = [2000, 1000, 300];
/** How often the hand's place is told (ms), and how long a shopper's mark stands. */
const [HAND, RING] = [150, 6000];
const STEP = 24;

let replayer = null;
let layer = null;
let scale = 1;
let after = 0;
let verbs = [];
let pass = words.engagePass;
let timer;
let [isTalking, isWoken, isPushed, isOver] = [false, false, false, false];
let askedAt = 0;
let failures = 0;
let at = { x: 200, y: 200 };

const make = (className, parent) => {
  const element = document.createElement("div");
  element.className = className;
  parent.append(element);
  return element;
};
const tool = (name) => tools && tools.querySelector(`[data-engage-tool="${name}"]`);
const inner = () => replayer && replayer.iframe.contentDocument;
const isMarking = () => tool("mark") && tool("mark").getAttribute("aria-pressed") === "true";

/* the picture */

const fit = guard(() => {
  if (!replayer) return;
  const width = Number(replayer.iframe.getAttribute("width")) || 1024;
  const height = Number(replayer.iframe.getAttribute("height")) || 768;
  scale = Math.min(1, stage.clientWidth / width);
  replayer.wrapper.style.transform = `scale(${scale})`;
  stage.style.height = `${Math.round(height * scale)}px`;
  layer.style.width = `${Math.round(width * scale)}px`;
});

const clear = () => {
  if (replayer) replayer.destroy();
  replayer = null;
  stage.replaceChildren();
};

const PLAIN = {
  root: stage,
  mouseTail: false,
  useVirtualDom: false,
  showWarning: false,
  showDebug: false,
  triggerFocus: false,
  UNSAFE_replayCanvas: false,
  insertStyleRules: [],
  loadTimeout: 2000,
};

/** A new page: a new frame, so that nothing of the last one stays. */
const open = (meta) => {
  clear();
  replayer = new Replayer([], { ...PLAIN, liveMode: true });
  replayer.on("resize", fit);
  replayer.on("fullsnapshot-rebuilded", fit);
  replayer.startLive(Date.now());
  layer = make("engage-shared-layer", stage);
  if (!words.engageWatching) point(layer);
  if (meta) feed(meta);
  fit();
};

/** Events are shown as they come: our clock and the shopper's need not agree. */
const feed = (event) => replayer.addEvent({ ...event, timestamp: Date.now() });

let meta = null;
const show = (message) => {
  for (const event of message.events || []) {
    if (event.type === 4) {
      meta = event;
      if (replayer) feed(event);
    } else {
      if (event.type === 2) open(meta);
      if (replayer) feed(event);
    }
  }
  if (message.spot) ring(message.spot);
};

const toLayer = ({ x, y }) => {
  const seen = inner();
  const view = seen && seen.defaultView;
  return { left: (x - (view ? view.scrollX : 0)) * scale, top: (y - (view ? view.scrollY : 0)) * scale };
};

const ring = (spot) => {
  if (!layer) return;
  const element = make("engage-shared-ring", layer);
  const { left, top } = toLayer(spot);
  element.style.left = `${left}px`;
  element.style.top = `${top}px`;
  later(RING, () => element.remove());
};

/* the agent's hand */

const send = (verb) => {
  verbs = verbs.filter((one) => !(one.do === "point" && verb.do === "point")).concat(verb).slice(-20);
  hurry();
};

const fromLayer = (x, y) => {
  const view = inner().defaultView;
  return { x: Math.round(x / scale + view.scrollX), y: Math.round(y / scale + view.scrollY) };
};

const markAt = (x, y) => {
  const element = inner().elementFromPoint(x / scale, y / scale);
  const node = element ? replayer.getMirror().getId(element) : -1;
  if (node > 0) send({ do: "mark", node });
};

const point = (over) => {
  let toldAt = 0;
  over.tabIndex = 0;
  over.setAttribute("role", "application");
  over.setAttribute("aria-label", words.engageLayer);
  const hand = make("engage-shared-hand", over);
  const move = (x, y) => {
    at = { x, y };
    hand.style.left = `${x}px`;
    hand.style.top = `${y}px`;
    if (Date.now() - toldAt < HAND) return;
    toldAt = Date.now();
    send({ do: "point", ...fromLayer(x, y) });
  };
  let rest;
  listen(over, "pointermove", (event) => {
    const { left, top } = over.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    move(x, y);
    clearTimeout(rest);
    rest = later(HAND, () => move(x, y)); // where it came to rest is told, too
  });
  listen(over, "click", () => isMarking() && markAt(at.x, at.y));
  listen(over, "wheel", (event) => {
    event.preventDefault();
    inner().defaultView.scrollBy(0, event.deltaY);
  }, { passive: false });
  listen(over, "keydown", (event) => {
    const [x, y] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] || [0, 0];
    if (x || y) {
      event.preventDefault();
      toldAt = 0;
      move(Math.max(0, at.x + x * STEP), Math.max(0, at.y + y * STEP));
    }
    if (event.key === "Enter") markAt(at.x, at.y);
    if (event.key === "PageDown" || event.key === "PageUp") {
      event.preventDefault();
      inner().defaultView.scrollBy(0, (event.key === "PageDown" ? 0.8 : -0.8) * inner().defaultView.innerHeight);
    }
  });
};

if (tools) {
  listen(tools, "click", (event) => {
    const pressed = event.target.closest("[data-engage-tool]");
    if (!pressed) return;
    const name = pressed.dataset.engageTool;
    if (name === "mark") pressed.setAttribute("aria-pressed", String(!isMarking()));
    if (name === "scroll" && inner()) send({ do: "scroll", y: Math.round(inner().defaultView.scrollY) });
    if (name === "clear") send({ do: "clear" });
  });
}

/* the talk */

const say = (text) => {
  if (status.textContent !== text) status.textContent = text;
};

const hear = (told) => {
  place.dataset.engageState = told.state;
  place.dataset.engagePause = told.pause || "";
  for (const [seq, message] of told.messages || []) {
    if (seq <= after) continue;
    after = seq;
    guard(show)(message);
  }
  if (told.pause === "private" || told.state === "ended") clear();
  isOver = told.state === "ended";
  const others = (told.lookers || []).filter((name) => name !== words.engageName).join(", ");
  say(told.words || (replayer ? words.engageLive + (others ? ` ${words.engageOthers.replace("{names}", others)}` : "") : words.engageComing));
  for (const part of document.querySelectorAll("[data-engage-while]")) part.hidden = part.dataset.engageWhile !== told.state;
};

const talk = async () => {
  if (isOver) return;
  if (isTalking) {
    isWoken = true;
    return;
  }
  isTalking = true;
  isWoken = false;
  clearTimeout(timer);
  askedAt = Date.now();
  const said = verbs;
  verbs = [];
  try {
    const response = await fetch(words.engageTalk, {
      method: "POST",
      body: JSON.stringify({ after, verbs: said }),
      headers: { "Content-Type": "application/json", "Engage-Pass": pass, "X-CSRFToken": words.engageToken },
      credentials: "same-origin",
      redirect: "error",
    });
    if (response.status === 404 || response.status === 403) {
      isOver = true;
      clear();
      say(words.engageGone);
      return;
    }
    if (!response.ok) throw response;
    pass = response.headers.get("Engage-Pass") || pass;
    failures = 0;
    const told = await response.json();
    hear(told);
    if (told.more) isWoken = true;
  } catch {
    failures += 1;
    if (failures > 4) say(words.engageLost);
  } finally {
    isTalking = false;
    if (!isOver) arm();
  }
};

const arm = () => {
  clearTimeout(timer);
  const wait = isWoken || verbs.length ? Math.max(0, askedAt + LEAST - Date.now()) : isPushed ? SAFE : NEXT;
  timer = later(wait, talk);
};

const hurry = () => {
  isWoken = true;
  if (!isTalking) arm();
};

/** A recording that was kept: all of it, then it is gone through. */
const load = async () => {
  const events = [];
  for (let more = true; more; ) {
    const response = await fetch(`${words.engageRecording}?after=${after}`, { credentials: "same-origin", redirect: "error" });
    if (!response.ok) {
      say(words.engageGone);
      return;
    }
    const { messages } = await response.json();
    for (const [seq, message] of messages) {
      after = seq;
      events.push(...(message.events || []));
    }
    more = messages.length > 0;
  }
  if (events.length < 2) {
    say(words.engageGone);
    return;
  }
  replayer = new Replayer(events, PLAIN);
  layer = make("engage-shared-layer", stage);
  replayer.on("resize", fit);
  replayer.on("fullsnapshot-rebuilded", fit);
  fit();
  say("");
  attend(replayer, document.getElementById("engage-player"), say);
};

listen(window, "resize", fit);
if (words.engageRecording) load();
else {
  if (words.engagePush) {
    join({
      url: words.engagePush,
      topic: words.engageTopic,
      wake: hurry,
      turn: (isUp) => {
        isPushed = isUp;
        hurry();
      },
    });
  }
  talk();
}
