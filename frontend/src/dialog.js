/** How does a form or a conversation stand in the page? As one non-modal dialog; loaded with the first of them. */

import { config, isNarrow, root } from "./config.js";
import { HEADERS, parse, scriptUrl } from "./fragments.js";
import { guard } from "./guard.js";

let opener = null;
let loadingHtmx = null;

const panels = () => [...root.querySelectorAll(".engage-panel")];

/**
 * Opens what is at `target`, a URL of ours, unless a panel has it already. `isAsked`: the shopper pressed something, so the
 * focus goes in, and back to `from` at the end. Rejects when the page it leads to has to do instead.
 */
export const open = async (target, { isAsked, from }) => {
  if (from) opener = from;
  const key = target.pathname + target.search;
  const kept = panels().find((panel) => panel.dataset.engageKey === key && panel.querySelector("form"));
  const panel = kept || (await load(target, key));
  if (panel) show(panel, isAsked);
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
    for (const { dataset } of panel.querySelectorAll("[data-engage-suggest]")) startLazy(dataset.engageSuggestScript, panel);
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
export const adoptPage = (panel) => startLazy(config.chat, panel);

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
export const close = (panel) => {
  const hadFocus = panel.contains(document.activeElement);
  const isHandled = !panel.dispatchEvent(new CustomEvent("engage:close", { cancelable: true }));
  if (isHandled) return;
  panel.hidden = true;
  if (hadFocus && opener && opener.isConnected) opener.focus({ preventScroll: true });
  if (!panel.dataset.engageKey) panel.remove();
};
