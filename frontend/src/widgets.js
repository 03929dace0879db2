/** Which offer is on display? One at a time. How it stands there: offer.js, loaded with the first. */

import { resolve } from "./anchors.js";
import { age } from "./attention.js";
import { signal } from "./beat.js";
import { config, help, isNarrow } from "./config.js";
import { parse, scriptUrl } from "./fragments.js";
import { guard, later, listen } from "./guard.js";
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
    const place = element.childElementCount ? placeOf(element) : null;
    if (!open || place) {
      offer(element);
      if (open && isOutOfView(place.element.getBoundingClientRect())) promise(open, element.firstChild.textContent);
    } else if (isNarrow() && kind !== "chat") promise(open, (element.firstChild || element).textContent);
    else openPanel(open, { isAsked: false });
  }
};

const isOutOfView = ({ top, bottom }) => top > innerHeight || bottom < 0;

let keepPromise = () => {};

/**
 * Its place may be far down the page, and on a phone a panel would lie over the shop's own controls: the help link says what
 * waits, and leads to it.
 */
const promise = (open, words) => {
  if (!help || help.dataset.engageOpen) return;
  const before = help.textContent;
  help.dataset.engageOpen = open;
  if (words) help.textContent = words;
  keepPromise = () => {
    delete help.dataset.engageOpen;
    help.textContent = before;
    keepPromise = () => {};
  };
  // Once the click has led there.
  listen(help, "click", () => later(0, () => {
    keepPromise();
    if (current && current.element.dataset.engageOpen === open) finish();
  }), { once: true });
};

const drop = () => {
  current = null;
};

/** Where `element` belongs: beside its thing, on any page that shows that; what has none, on its own page (`at`) alone. */
const placeOf = guard(({ dataset: { engageAnchor: slot, engageObject: thing, engageAt: at, engagePath: path } }) => {
  const isHere = !at || at === location.pathname;
  return slot || path ? resolve(isHere || thing ? slot : "", thing, isHere && path) : null;
});

/** What puts an offer beside its place is loaded for the first: most pages have none. Without it the shopper misses the offer. */
const offer = (element) => {
  const { engageAnchor, engagePath, engageDecision: decision, engageWidget: kind } = element.dataset;
  const slot = engageAnchor || engagePath;
  if (kind === "withdrawn") {
    if (current && decision === current.decision) finish(); // its agent is gone
    return;
  }
  const find = () => placeOf(element);
  const place = find();
  if (current || !config.offer || (slot && !place && !element.dataset.engagePicked && /^(balloon|survey)$/.test(kind))) return;
  const offered = { element, slot, find, place, decision, isSeen: false, focusedBefore: null };
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
  if (offered.stop) offered.stop(outcome);
  if (offered.element.dataset.engageOpen) keepPromise();
  const hadFocus = offered.element.contains(document.activeElement);
  offered.element.remove();
  const back = offered.focusedBefore || document.body;
  if (hadFocus && back.isConnected) back.focus({ preventScroll: true });
  if (outcome && offered.decision) signal(`widget.${outcome}`, { decision: offered.decision }, true);
  return back;
};

/** Whether an offer stands on the page now. */
export const isOffering = () => Boolean(current && current.stop && !current.element.hasAttribute("data-engage-away"));
