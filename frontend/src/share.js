/** How does a shopper share the page? After a yes to what is seen: a frame, who looks, what they point at, and one click to end. */

import { guard, later, listen } from "./guard.js";
import { ask, baseOf, keeper, load, post, show } from "./live.js";
import { newId } from "./outbox.js";

/** In this tab alone: which session its shopper said yes to. */
const KEPT = "engage-live";
/** What happens within so many milliseconds goes out together, with a stream and without. */
const BUNDLE = 400;
/** The first change after a rest goes out nearly at once (ms). */
const SOON = 20;
/** The pointer alone is in less of a hurry: where it went is gathered so long, and goes out this seldom (ms). */
const [GATHER, CALM] = [400, 1000];
/** What rrweb calls the pointer's, the finger's and the drag's ways. */
const WAYS = [1, 6, 12];
/** Seconds without an answer after which the shopper reads that the connection is lost, and after which we give up (ms). */
const [LOST, OVER] = [8000, 30000];
/** How long a hand stands, and what was marked (ms). */
const [HAND, RING] = [12000, 4000];
/** With a stream, we speak this seldom (ms) by the clock. */
const SAFE = 2000;
const MOST_EVENTS = 500;
const SMALL = 400;

const kept = keeper(KEPT);

const pack = async (text) => {
  if (!window.CompressionStream || text.length < SMALL) return { body: text, type: "application/json" };
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return { body: await new Response(stream).blob(), type: "application/gzip" };
};

const box = (className) => {
  const element = document.createElement("div");
  element.className = className;
  element.hidden = true;
  return element;
};

let running = null;

/** Runs the session `id` in this tab; `ui` is the section with bar and frame. */
const run = async (ui, id, base, scriptUrl) => {
  kept(id);
  const words = ui.dataset;
  const bar = ui.querySelector(".engage-live-bar");
  const frame = ui.querySelector(".engage-live-frame");
  const status = bar.querySelector("[role=status]");
  const control = (name) => bar.querySelector(`[data-engage-live-do="${name}"]`);
  const page = newId().replace(/[^\w-]/g, "").slice(0, 32);
  const hand = box("engage-live-hand");
  hand.textContent = words.engageAgent || "";
  hand.setAttribute("aria-hidden", "true"); // what it points at, the bar's own button leads to
  const ring = box("engage-live-ring");
  const outline = box("engage-live-outline");
  ui.append(hand, ring, outline);
  let queue = [];
  let spot = null;
  let parcel = null;
  let [seq, after, answeredAt, sentAt] = [0, 0, Date.now(), 0];
  let [isBegun, isTalking, isWoken, isPushed, isOver, isMarking, isPrivate] = [false, false, false, false, false, false, false];
  let recorder = null;
  let timer;
  let next = 1000;
  let leave = () => {};
  let [handAt, markedNode, goal] = [null, null, null];
  let handTimer;

  const say = (text) => {
    if (status.textContent !== text) status.textContent = text;
  };
  const stopRecording = () => {
    if (recorder) recorder.stop();
    recorder = null;
    queue = [];
  };
  const finish = (text) => {
    if (isOver) return;
    isOver = true;
    running = null;
    kept("");
    clearTimeout(timer);
    stopRecording();
    leave();
    mark(false);
    for (const each of [frame, hand, ring, outline, ...bar.querySelectorAll("button")]) each.hidden = true;
    control("close").hidden = false;
    bar.dataset.engageOver = "1";
    say(text || words.engageOver);
  };

  /* what the agent points at */

  const draw = guard(() => {
    if (handAt && !hand.hidden) {
      hand.style.left = `${handAt.x - scrollX}px`;
      hand.style.top = `${handAt.y - scrollY}px`;
    }
    const isThere = markedNode && markedNode.isConnected;
    outline.hidden = !isThere;
    if (isThere) {
      const { left, top, width, height } = (markedNode.nodeType === 1 ? markedNode : markedNode.parentElement).getBoundingClientRect();
      Object.assign(outline.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
    }
    const isAway = handAt && !hand.hidden && (handAt.y < scrollY || handAt.y > scrollY + innerHeight);
    control("follow").hidden = isOver || (goal === null && !isAway);
  });
  const VERBS = {
    point: ({ x, y }) => {
      handAt = { x, y };
      hand.hidden = false;
      clearTimeout(handTimer);
      handTimer = later(HAND, VERBS.rest);
    },
    rest: () => {
      handAt = null;
      hand.hidden = true;
      draw();
    },
    mark: ({ node }) => {
      markedNode = recorder ? recorder.nodeOf(node) : null;
    },
    scroll: ({ y }) => {
      goal = y;
    },
    clear: () => {
      [markedNode, goal] = [null, null];
      VERBS.rest();
    },
  };

  /* what the shopper marks */

  const mark = (isOn) => {
    isMarking = isOn;
    control("mark").setAttribute("aria-pressed", String(isOn));
    document.documentElement.classList.toggle("engage-live-marking", isOn);
    if (isOn) say(words.engageMarking);
  };
  const pick = (event) => {
    if (!isMarking || ui.contains(event.target)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.type !== "click") return;
    spot = { x: event.pageX, y: event.pageY };
    Object.assign(ring.style, { left: `${event.clientX}px`, top: `${event.clientY}px` });
    ring.hidden = false;
    later(RING, () => {
      ring.hidden = true;
    });
    mark(false);
    talk();
  };

  /* the talk */

  const isEmpty = () => !queue.length && !spot && !parcel;
  const isCalm = () => !spot && !parcel && queue.every(({ type, data }) => type === 3 && WAYS.includes(data.source));
  const arm = () => {
    clearTimeout(timer);
    if (isOver) return;
    const rest = isPushed ? SAFE : next;
    const [least, bundle] = isCalm() ? [GATHER, CALM] : [SOON, BUNDLE];
    timer = later(isEmpty() ? rest : Math.max(least, sentAt + bundle - Date.now()), talk);
  };

  const record = async () => {
    if (recorder || isOver || isPrivate) return;
    const { begin } = await import(scriptUrl(words.engageRecord));
    if (recorder || isOver || isPrivate) return;
    recorder = begin((event) => {
      const [wasEmpty, wasCalm] = [isEmpty(), isCalm()];
      queue.push(event);
      if ((wasEmpty || (wasCalm && !isCalm())) && !isTalking) arm();
    });
  };

  const hear = (told) => {
    answeredAt = Date.now();
    if (told.other) {
      // Another page or a copy of this tab goes on with it: this one is silent, and forgets.
      isOver = true;
      running = null;
      stopRecording();
      leave();
      ui.remove();
      return;
    }
    if (told.state !== "live") {
      finish(told.words);
      return;
    }
    next = told.next || 1000;
    isPrivate = told.pause === "private";
    frame.hidden = isPrivate;
    if (isPrivate) stopRecording();
    const names = told.lookers.join(", ");
    const seen = told.lookers.length > 1 ? words.engageSeenMany : words.engageSeen;
    if (!isMarking) say(told.words || (names ? seen.replace("{names}", names) : words.engageUnseen));
    for (const [number, verb] of told.verbs || []) {
      after = Math.max(after, number);
      if (Object.hasOwn(VERBS, verb.do)) VERBS[verb.do](verb);
    }
    draw();
    if (told.again && recorder) {
      queue = [];
      recorder.again();
    }
    if (!isPrivate) record();
  };

  /** Takes what waits to go out, under the next number; of more than is ever sent, a whole picture tells. */
  const wrap = () => {
    if (isEmpty()) return null;
    if (queue.length > 2 * MOST_EVENTS && recorder) {
      queue = [];
      recorder.again();
    }
    const content = { seq: seq + 1, events: queue.splice(0, MOST_EVENTS) };
    if (spot) content.spot = spot;
    spot = null;
    return content;
  };

  const send = async (content, header = "talk", isLast = false) => {
    const { body, type } = isLast ? { body: JSON.stringify(content), type: "application/json" } : await pack(JSON.stringify(content));
    return fetch(new URL(`live/${id}/talk/`, base), {
      method: "POST",
      body,
      headers: { "Content-Type": type, "Engage-Live": header },
      credentials: "same-origin",
      keepalive: isLast,
      redirect: "error",
    });
  };

  const talk = async () => {
    if (isOver || isTalking) {
      isWoken = isTalking;
      return;
    }
    isTalking = true;
    isWoken = false;
    clearTimeout(timer);
    sentAt = Date.now();
    parcel ||= wrap();
    const content = { page, path: location.pathname, after, is_hidden: document.hidden, begins: !isBegun, ...parcel };
    try {
      const response = await send(content);
      if (response.status === 404 || response.status === 410) {
        finish();
        return;
      }
      if (!response.ok) throw response;
      const told = await response.json();
      isBegun = true;
      seq = told.seq;
      parcel = null;
      hear(told);
    } catch (error) {
      // What was on its way may be there or not: it goes out again as it was, by its number, and is taken once.
      const silent = Date.now() - answeredAt;
      if (error.status === 400 || error.status === 413) parcel = null;
      if (silent > OVER) finish();
      else if (silent > LOST) say(words.engageLost);
      next = 1000;
    } finally {
      isTalking = false;
      if (isWoken) talk();
      else arm();
    }
  };

  /* the page's own events */

  const end = async () => {
    control("end").disabled = true;
    try {
      stopRecording();
      await post(new URL(`live/${id}/end/`, base), ui, []);
      finish();
    } catch {
      finish(words.engageLost);
    }
  };
  listen(bar, "click", (event) => {
    const pressed = event.target.closest("[data-engage-live-do]");
    if (!pressed) return;
    const act = pressed.dataset.engageLiveDo;
    if (act === "end") end();
    if (act === "mark") mark(!isMarking);
    if (act === "close") ui.remove();
    if (act === "follow") {
      const top = goal === null ? handAt.y - innerHeight / 3 : goal;
      goal = null;
      scrollTo({ top, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
      draw();
    }
  });
  for (const type of ["pointerdown", "mousedown", "click"]) document.addEventListener(type, guard(pick), { capture: true });
  listen(document, "keydown", (event) => {
    if (event.key === "Escape" && isMarking) mark(false);
  });
  listen(document, "scroll", draw, { capture: true, passive: true });
  listen(window, "resize", draw);
  listen(document, "visibilitychange", talk);
  listen(window, "pagehide", () => {
    if (isOver) return;
    stopRecording();
    clearTimeout(timer);
    send({ page }, "leave", true);
  });
  listen(window, "pageshow", (event) => {
    if (!event.persisted || isOver) return;
    isBegun = false;
    parcel = null;
    talk();
  });

  bar.hidden = false;
  frame.hidden = false;
  say(words.engageUnseen);
  const { engagePush: url, engagePushScript: script } = words;
  if (url) {
    const { join } = await import(scriptUrl(script));
    leave = join({
      url,
      topic: `live.${id}`,
      wake: talk,
      turn: (isUp) => {
        isPushed = isUp;
        talk();
      },
    });
  }
  talk();
};

/**
 * Attends to the session `id` beside `chat` (its `panel`, and what it has loaded: `parse`, `scriptUrl`); without one, asks its
 * shopper who wants to share by themselves.
 * `begun` is what was begun in this very tab, by a code.
 */
export const attend = async (chat, id, begun) => {
  if (running || document.querySelector(".engage-share dialog[open]")) return;
  const ui = await load(chat, "live", id);
  if (!ui) return;
  const isOurs = Boolean(id) && (begun === id || kept() === id);
  const isAsked = !id || ui.dataset.engageState === "asked";
  if (!isOurs && !isAsked) return; // another tab shares it
  running = ui;
  show(ui);
  const agreed = isAsked && !isOurs ? await ask(ui) : id;
  if (agreed) await run(ui, agreed, baseOf(chat.panel), chat.scriptUrl);
  else {
    running = null;
    ui.remove();
  }
};
