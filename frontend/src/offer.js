/** How does an offer come to stand on the page? Announced, without taking the focus, and "seen" only once it really stands there. */

import { resolve } from "./anchors.js";
import { isNarrow, root } from "./config.js";
import { guard, later, listen, settled } from "./guard.js";
import { placeAtEdge, placeBalloon, releaseAnchor } from "./place.js";

let live = null;

/**
 * Shows `offered.element`; tells by `signal` when it is seen. `offered.stop` ends what was started here. One that says for how
 * many seconds it stands is taken away by `finish` when nobody has answered by then.
 */
export const mount = (offered, signal, finish) => {
  const { element } = offered;
  const closes = Number(element.dataset.engageCloses);
  if (closes > 0) {
    later(closes * 1000, () => {
      if (element.isConnected) finish("ignored");
    });
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
    if (element.isConnected) follow(offered, signal);
  });
};

const follow = (offered, signal) => {
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
    if (isPlaced) watchSeen(offered, signal);
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
    if (live) live.textContent = "";
  };
  update();
};

const watchSeen = (offered, signal) => {
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
