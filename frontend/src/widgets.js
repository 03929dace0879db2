/** Which offer is on display? One at a time, announced, without taking the focus, and "seen" only once it really stands there. */

import { resolve } from "./anchors.js";
import { age } from "./attention.js";
import { signal } from "./beat.js";
import { help, isNarrow, root } from "./config.js";
import { parse } from "./fragments.js";
import { guard, later, listen, settled } from "./guard.js";
import { isPanelInUse, openPanel } from "./panel.js";
import { placeAtEdge, placeBalloon, releaseAnchor } from "./place.js";

/** No offer in the first moments of a page (ms). */
const NOT_BEFORE = 2000;

let current = null;
let live = null;

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

const offer = (element) => {
  const slot = element.dataset.engageAnchor;
  const place = slot ? resolve(slot) : null;
  if (current || (slot && !place && element.dataset.engageWidget === "balloon")) return;
  current = { element, slot, place, decision: element.dataset.engageDecision, isSeen: false, focusedBefore: null };
  later(NOT_BEFORE - age(), () => mount(current));
};

const mount = (offered) => {
  const { element } = offered;
  if (isPanelInUse()) {
    current = null;
    return;
  }
  if (!element.showPopover || !element.popover) element.removeAttribute("popover");
  element.classList.add(element.dataset.engageWidget === "balloon" ? "engage-balloon" : "engage-card");
  element.setAttribute("data-engage-away", "");
  element.hidden = false;
  root.append(element);
  if (element.popover) element.showPopover();
  listen(element, "focusin", (event) => {
    if (!element.contains(event.relatedTarget)) offered.focusedBefore = event.relatedTarget;
  });
  // Measuring is a task of its own: together with the insertion it would hold up a slow phone.
  later(30, () => {
    if (current === offered) follow(offered);
  });
};

const follow = (offered) => {
  const { element } = offered;
  const update = guard(() => {
    const { slot } = offered;
    if (slot && !(offered.place && offered.place.element.isConnected)) offered.place = resolve(slot);
    const anchor = offered.place && offered.place.element;
    const isBalloon = element.dataset.engageWidget === "balloon";
    const isBeside = isBalloon && slot && !isNarrow();
    element.toggleAttribute("data-engage-edge", !isBeside);
    const isPlaced =
      (anchor || !slot || !isBalloon) &&
      (isBeside ? placeBalloon(element, anchor, offered.place.side) : placeAtEdge(element, isBalloon && anchor));
    element.toggleAttribute("data-engage-away", !isPlaced);
    if (isPlaced) watchSeen(offered);
  });
  const soon = settled(80, update);
  window.addEventListener("scroll", soon, { passive: true, capture: true });
  window.addEventListener("resize", soon);
  const changes = new MutationObserver((records) => {
    if (records.some(({ target }) => !root.contains(target))) soon();
  });
  changes.observe(document.body, { childList: true, subtree: true });
  offered.stop = () => {
    window.removeEventListener("scroll", soon, { capture: true });
    window.removeEventListener("resize", soon);
    changes.disconnect();
    if (offered.watcher) offered.watcher.disconnect();
    if (offered.place) releaseAnchor(offered.place.element);
  };
  update();
};

const watchSeen = (offered) => {
  if (offered.watcher) return;
  const { element } = offered;
  offered.watcher = new IntersectionObserver(guard((entries) => {
    if (offered.isSeen || element.hasAttribute("data-engage-away") || !entries.some((entry) => entry.isIntersecting)) return;
    offered.isSeen = true;
    announce(element);
    if (offered.decision) signal("widget.seen", { decision: offered.decision });
  }), { threshold: 0.5 });
  offered.watcher.observe(element);
};

const announce = (element) => {
  if (!live) {
    live = document.createElement("div");
    live.className = "engage-live";
    live.setAttribute("role", "status");
    root.append(live);
  }
  // A live region must be in the page before its text changes.
  later(100, () => {
    live.textContent = [...element.querySelectorAll(".engage-title, p")].map((part) => part.textContent.trim()).join(" ");
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
  if (live) live.textContent = "";
  const back = offered.focusedBefore || document.body;
  if (hadFocus && back.isConnected) back.focus({ preventScroll: true });
  if (outcome && offered.decision) signal(`widget.${outcome}`, { decision: offered.decision }, true);
  return back;
};

/** Whether an offer stands on the page now. */
export const isOffering = () => Boolean(current && current.stop && !current.element.hasAttribute("data-engage-away"));
