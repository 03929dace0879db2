/** Which offer is on display? One at a time. How it stands there: offer.js, loaded with the first. */

import { resolve } from "./anchors.js";
import { age } from "./attention.js";
import { signal } from "./beat.js";
import { config, help, isNarrow } from "./config.js";
import { parse, scriptUrl } from "./fragments.js";
import { later, listen } from "./guard.js";
import { isPanelInUse, openPanel } from "./panel.js";

/** No offer in the first moments of a page (ms). */
const NOT_BEFORE = 2000;

let current = null;

/** What takes the shopper's attention: the decision whose widget is on display or waits for its place, and our panel. */
export const showing = () => [...(current && current.decision ? [current.decision] : []), ...(isPanelInUse() ? ["panel"] : [])];

/** Takes the answer of a beat: shows the first offer in it, opens what waits (a chat, an answer). */
export const receive = (html) => {
  for (const element of parse(html, "[data-engage-widget]")) {
    const { engageOpen: open, engageWidget: kind } = element.dataset;
    if (!open || element.childElementCount) offer(element);
    else if (isNarrow() && kind !== "chat") promise(open, element.textContent);
    else openPanel(open, { isAsked: false });
  }
};

/** On a phone a panel would lie over the shop's own controls unasked: the help link says what waits, and leads to it. */
const promise = (open, words) => {
  if (!help || help.dataset.engageOpen) return;
  const before = help.textContent;
  help.dataset.engageOpen = open;
  if (words) help.textContent = words;
  const restore = () => {
    delete help.dataset.engageOpen;
    help.textContent = before;
  };
  // Once the click has led there.
  listen(help, "click", () => later(0, restore), { once: true });
};

const drop = () => {
  current = null;
};

/** What puts an offer beside its place is loaded for the first: most pages have none. Without it the shopper misses the offer. */
const offer = (element) => {
  const { engageAnchor: slot, engageDecision: decision, engageWidget: kind } = element.dataset;
  if (kind === "withdrawn") {
    if (current && decision === current.decision) finish(); // its agent is gone
    return;
  }
  const place = slot ? resolve(slot) : null;
  if (current || !config.offer || (slot && !place && kind === "balloon")) return;
  const offered = { element, slot, place, decision, isSeen: false, focusedBefore: null };
  current = offered;
  const loading = import(scriptUrl(config.offer));
  loading.catch(drop);
  later(NOT_BEFORE - age(), async () => {
    const { mount } = await loading;
    if (isPanelInUse()) drop();
    else mount(offered, signal, finish);
  });
};

/** Takes the offer away. `outcome` is `"accepted"`, `"dismissed"` or nothing; returns where the focus was before it. */
export const finish = (outcome) => {
  const offered = current;
  if (!offered || !offered.element.isConnected) return null;
  current = null;
  if (offered.stop) offered.stop();
  const hadFocus = offered.element.contains(document.activeElement);
  offered.element.remove();
  const back = offered.focusedBefore || document.body;
  if (hadFocus && back.isConnected) back.focus({ preventScroll: true });
  if (outcome && offered.decision) signal(`widget.${outcome}`, { decision: offered.decision }, true);
  return back;
};

/** Whether an offer stands on the page now. */
export const isOffering = () => Boolean(current && current.stop && !current.element.hasAttribute("data-engage-away"));
