/** How do forms and conversations open without leaving the page? As one non-modal dialog; on any failure the plain page opens. */

import { speak } from "./beat.js";
import { config, isNarrow, root } from "./config.js";
import { HEADERS, ownUrl, parse, scriptUrl } from "./fragments.js";
import { guard, later } from "./guard.js";

/** A shopper who put a panel away is left in peace for so long (ms). */
const CALM = 5000;

let opener = null;
let opening = 0;
let calmUntil = 0;
let loadingHtmx = null;

const panels = () => [...root.querySelectorAll(".engage-panel")];

/** Whether a panel stands open (a minimised chat does not count). */
export const isPanelOpen = () => panels().some((panel) => !panel.hidden && !panel.hasAttribute("data-engage-minimised"));

/** Whether a panel has the shopper's attention: it is on its way, stands open, or was put away a moment ago. */
export const isPanelInUse = () => opening > 0 || isPanelOpen() || performance.now() < calmUntil;

/** The shopper put a panel away: no offer at that very second; then ask, for a moment may have waited for this. */
export const calmDown = () => {
  calmUntil = performance.now() + CALM;
  later(CALM, () => speak(false));
};

const keyOf = (target) => target.pathname + target.search;

/** `"note"` and `"chat"` are short for the addresses of their forms. */
const addressOf = (open, context) => {
  const isShort = /^[a-z]+$/.test(open);
  const target = ownUrl(isShort ? `${config.base}${open}/new/` : open);
  if (target && isShort) {
    for (const [name, value] of Object.entries(context)) if (value) target.searchParams.set(name, value);
  }
  return target;
};

/**
 * Opens what is at `open`. `isAsked`: the shopper pressed something, so the focus goes in, and a failure leads to the plain
 * page; otherwise both stay away. `context` (decision, anchor) goes with the short forms.
 */
export const openPanel = async (open, { isAsked = true, from = null, context = {} } = {}) => {
  const target = addressOf(open, context);
  if (!target || (!isAsked && isPanelOpen())) return;
  if (from) opener = from;
  const key = keyOf(target);
  const kept = panels().find((panel) => panel.dataset.engageKey === key && panel.querySelector("form"));
  if (kept) {
    show(kept, isAsked);
    return;
  }
  opening += 1;
  try {
    const panel = await load(target, key);
    if (panel) show(panel, isAsked);
  } catch (error) {
    if (isAsked) location.assign(key);
    else throw error;
  } finally {
    opening -= 1;
  }
};

const load = async (target, key) => {
  const address = new URL(target);
  address.searchParams.set("fragment", "1");
  const response = await fetch(address, { headers: HEADERS, credentials: "same-origin", cache: "no-store" });
  const [panel] = response.ok ? parse(await response.text(), ".engage-panel") : [];
  if (!panel) throw new Error("no panel");
  if (isOnPage(panel)) return null;
  panel.dataset.engageKey = key;
  for (const old of panels()) if (old.dataset.engageKey === key) old.remove();
  panel.hidden = true;
  root.append(panel);
  return panel;
};

/** Whether the page itself is this conversation's. */
const isOnPage = ({ dataset }) =>
  [...document.querySelectorAll(".engage-page [data-engage-events]")].some((own) => own.dataset.engageEvents === dataset.engageEvents);

const show = (panel, isAsked) => {
  for (const other of panels()) other.hidden = other !== panel;
  if (isAsked) panel.removeAttribute("data-engage-minimised");
  else if ((isNarrow() || config.kind === "checkout") && panel.matches("[data-engage-chat]")) {
    // Nobody asked for it on this page: it must not lie over the button that leads on.
    panel.setAttribute("data-engage-minimised", "");
  }
  adopt(panel, isAsked);
};

/** Makes a panel work that came into the page, by us or by htmx. */
export const adopt = (panel, isFocused) => {
  if (!panel.hasAttribute("data-engage-ready")) {
    panel.setAttribute("data-engage-ready", "");
    panel.tabIndex = -1;
    dropTwins(panel);
    addClose(panel);
    if (panel.querySelector("[hx-get], [hx-post]") || panel.matches("[hx-get], [hx-post]")) processHtmx(panel);
    if (panel.matches("[data-engage-chat]")) startLazy(config.chat, panel);
    if (panel.querySelector("[data-engage-note]") || panel.matches("[data-engage-note]")) startLazy(config.note, panel);
  }
  if (isFocused) panel.focus({ preventScroll: true });
};

/** A conversation stands on the page once. */
const dropTwins = (panel) => {
  const { engageEvents } = panel.dataset;
  for (const other of panels()) if (engageEvents && other !== panel && other.dataset.engageEvents === engageEvents) other.remove();
};

/** A conversation that the page itself shows goes on by itself, too. */
export const adoptPage = () => {
  for (const panel of document.querySelectorAll(".engage-page .engage-panel[data-engage-chat]")) startLazy(config.chat, panel);
};

const addClose = (panel) => {
  if (panel.querySelector(".engage-close")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "engage-close";
  button.dataset.engageDo = "close";
  button.setAttribute("aria-label", config.close);
  panel.prepend(button);
};

const startLazy = guard(async (url, panel) => {
  if (!url) return;
  try {
    const { start } = await import(scriptUrl(url));
    start(panel);
  } catch {
    // Nothing could make a small chat large again, and it stands where the help link does.
    if (panel.hasAttribute("data-engage-minimised")) panel.hidden = true;
  }
});

const processHtmx = guard(async (panel) => {
  if (!window.htmx) {
    loadingHtmx ||= loadHtmx();
    await loadingHtmx;
  }
  window.htmx.process(panel);
});

/** htmx reads its settings when it starts, so they stand in the page before it: no eval, no inline style, no history. */
const loadHtmx = () =>
  new Promise((resolve, reject) => {
    if (!document.querySelector('meta[name="htmx-config"]')) {
      const settings = document.createElement("meta");
      settings.name = "htmx-config";
      settings.content = JSON.stringify({ allowEval: false, includeIndicatorStyles: false, historyEnabled: false });
      document.head.append(settings);
    }
    const script = document.createElement("script");
    script.src = scriptUrl(config.htmx);
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });

/** Hides `panel`, its words kept, and gives the focus back. A running chat makes itself small instead. */
export const closePanel = (panel) => {
  const hadFocus = panel.contains(document.activeElement);
  calmDown();
  const isHandled = !panel.dispatchEvent(new CustomEvent("engage:close", { cancelable: true }));
  if (isHandled) return;
  panel.hidden = true;
  if (hadFocus && opener && opener.isConnected) opener.focus({ preventScroll: true });
  if (!panel.dataset.engageKey) panel.remove();
};
