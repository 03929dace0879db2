/** When does the browser speak with the server, and what does it say? One request at a time, seldom, and never twice at once. */

import { age, idle, visible } from "./attention.js";
import { config } from "./config.js";
import { later } from "./guard.js";

const SOON = 300;
const BATCH = 5000;
const GAP = 5000;
const URGENT_GAP = 1000;
const TIMEOUT = 8000;
const MOST_SIGNALS = 50;
const FLUSH_AT = 20;
const MOST_OF_A_KIND = 5;

let queue = [];
let gap = GAP;
let isQuiet = false;
let isFirst = true;
let isInFlight = false;
let isDue = false;
let failures = 0;
let sentAt = -Infinity;
let notBefore = 0;
let timer = null;
let timerAt = Infinity;
let wakeTimer = null;
let getShowing = () => [];
let onAnswer = () => {};

/** `showing()` names what is on display (decisions, and `"panel"`); `answer(html)` takes the fragments the server sent. */
export const connect = (showing, answer) => {
  getShowing = showing;
  onAnswer = answer;
};

/** A random UUID that begins with the time (version 7): the server's log is written at its end. */
export const newId = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let at = 0; at < 6; at++) bytes[at] = Date.now() / 256 ** (5 - at);
  bytes[6] = (bytes[6] & 15) | 112;
  bytes[8] = (bytes[8] & 63) | 128;
  return [...bytes].map((byte, at) => (/^[468]$|^10$/.test(at) ? "-" : "") + byte.toString(16).padStart(2, "0")).join("");
};

/**
 * Puts a signal into the queue; without consent, once the server has said so, nowhere. `isUrgent`: the moment passes, so
 * speak within a second unless the server asked us to slow down; otherwise it waits for company.
 */
export const signal = (kind, data = {}, isUrgent = false) => {
  if (isQuiet) return;
  queue.push({ id: newId(), kind, at: Date.now(), data });
  queue = queue.slice(-MOST_SIGNALS);
  speak(isUrgent);
};

/** A `signal` of one kind that is told once of each thing, and of few things a page. */
export const sparing = (kind) => {
  const told = new Set();
  return (thing, data, isUrgent) => {
    if (told.has(thing) || told.size >= MOST_OF_A_KIND) return;
    told.add(thing);
    signal(kind, data, isUrgent);
  };
};

/** Asks for a beat: soon (`isUrgent`, or twenty signals wait) or within five seconds; the gap to the last one is kept. */
export const speak = (isUrgent) => {
  if (isQuiet) return;
  const isSoon = isUrgent || isFirst || queue.length >= FLUSH_AT;
  const least = isUrgent && gap <= GAP ? URGENT_GAP : gap;
  arm(Math.max(performance.now() + (isSoon ? SOON : BATCH), sentAt + least, notBefore));
};

const arm = (at) => {
  if (timer && timerAt <= at) return;
  clearTimeout(timer);
  timerAt = at;
  timer = later(at - performance.now(), send);
};

/** Of the page before this one only the host is told, never its address. */
const write = (isAnswerWanted) => {
  const signals = queue;
  queue = [];
  clearTimeout(timer);
  timer = null;
  timerAt = Infinity;
  sentAt = performance.now();
  const body = JSON.stringify({
    v: 1,
    sent: Date.now(),
    page: config.page,
    path: location.pathname.slice(0, 500),
    title: document.title.slice(0, 200),
    from: document.referrer.split("/")[2],
    idle: Math.round(idle()),
    visible: Math.round(visible()),
    age: Math.round(age()),
    showing: getShowing(),
    fetch: isAnswerWanted,
    driven: navigator.webdriver || undefined,
    signals,
  });
  return { signals, body };
};

const send = async () => {
  timer = null;
  isDue = document.hidden || isInFlight;
  if (isDue) return;
  const { signals, body } = write(true);
  const abort = new AbortController();
  const limit = later(TIMEOUT, () => abort.abort());
  isInFlight = true;
  try {
    const response = await fetch(config.beat, {
      method: "POST",
      body,
      headers: { "Content-Type": "text/plain;charset=UTF-8" },
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      keepalive: true,
      signal: abort.signal,
    });
    if (response.status >= 500) throw response;
    failures = 0;
    obey(response);
    if (response.status === 200) onAnswer(await response.text());
  } catch {
    // The server knows the ids: what did arrive is not counted twice.
    queue = signals.concat(queue).slice(-MOST_SIGNALS);
    notBefore = performance.now() + Math.min(60, 2 ** ++failures) * 1000;
  } finally {
    clearTimeout(limit);
    isInFlight = isFirst = false;
    if (isDue) resume();
  }
};

const obey = ({ headers }) => {
  const next = Number(headers.get("Engage-Next"));
  const wake = headers.get("Engage-Wake");
  gap = next > 0 ? Math.min(60, Math.max(1, next)) * 1000 : GAP;
  isQuiet = headers.has("Engage-Quiet");
  clearTimeout(wakeTimer);
  if (wake !== null && Number(wake) >= 0) {
    wakeTimer = later(Math.min(3600, Math.max(0.5, Number(wake))) * 1000, () => arm(Math.max(performance.now(), notBefore)));
  }
};

/** The tab is in view again or a beat ended: send what became due meanwhile. */
export const resume = () => {
  if (isDue) speak(true);
};

/** The consent changed on this page: speak at once, whatever the server asked for before; of a page that was not told, first. */
export const askAgain = () => {
  gap = GAP;
  if (!isQuiet) return speak(true);
  isQuiet = false;
  signal("page.viewed", {}, true);
};

/** The page goes away: hand over the queue without waiting for an answer. */
export const flush = () => {
  if (!queue.length || !navigator.sendBeacon) return;
  navigator.sendBeacon(config.beat, new Blob([write(false).body], { type: "text/plain;charset=UTF-8" }));
};
