/** How does an offer come to stand on the page? Announced, without taking the focus, and "seen" only once it really stands there. */

import { config, isNarrow, root } from "./config.js";
import { scriptUrl } from "./fragments.js";
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
  const isBalloon = element.dataset.engageWidget === "balloon" || (stands(element) && offered.slot);
  element.classList.toggle("engage-balloon", isBalloon);
  element.classList.toggle("engage-card", !isBalloon);
  element.setAttribute("data-engage-away", "");
  element.hidden = false;
  root.append(element);
  if (element.popover) element.showPopover();
  for (const [selector, url] of config.more) {
    if (element.matches(selector)) startMore(url, { element, signal, finish });
  }
  listen(element, "focusin", (event) => {
    if (!element.contains(event.relatedTarget)) offered.focusedBefore = event.relatedTarget;
  });
  // Measuring is a task of its own: together with the insertion it would hold up a slow phone.
  later(30, async () => {
    const { engagePicked: picked, engagePickedScript: script } = element.dataset;
    if (picked && !offered.place) {
      await import(scriptUrl(script)).then(({ lookFor }) => lookFor(offered, { kind: config.kind, signal, finish }), () => finish());
    }
    if (element.isConnected) follow(offered, signal);
  });
};

/** Whether it stands beside its place, or nowhere; others stand at an edge of the window whatever they are about. */
const stands = ({ dataset }) => /^(balloon|survey)$/.test(dataset.engageWidget);

/** What only an offer of one kind needs comes with it. */
const startMore = guard(async (url, what) => (await import(scriptUrl(url))).start(what));

const follow = (offered, signal) => {
  const { element } = offered;
  const update = guard(() => {
    const { slot } = offered;
    if (slot && !(offered.place && offered.place.element.isConnected)) offered.place = offered.find();
    const anchor = offered.place && offered.place.element;
    const isBalloon = stands(element);
    const stand = (isBeside) => {
      element.toggleAttribute("data-engage-edge", !isBeside);
      return isBeside ? placeBalloon(element, anchor, offered.place.side) : placeAtEdge(element, isBalloon && anchor);
    };
    // One in which the shopper is writing is not taken away when it has grown too large for its place.
    const isPlaced =
      (anchor || !slot || !isBalloon) &&
      (stand(isBalloon && slot && !isNarrow()) || (element.contains(document.activeElement) && stand(false)));
    element.toggleAttribute("data-engage-away", !isPlaced);
    if (isPlaced) watchSeen(offered, signal);
  });
  const soon = settled(80, update);
  window.addEventListener("scroll", soon, { passive: true, capture: true });
  window.addEventListener("resize", soon);
  element.addEventListener("toggle", soon, { capture: true });
  const changes = new MutationObserver((records) => {
    if (records.some(({ target }) => !root.contains(target))) soon();
  });
  changes.observe(document.body, { childList: true, subtree: true });
  offered.stop = (outcome) => {
    const { engagePutAway: url } = element.dataset;
    if (url && outcome === "dismissed") putAway(url);
    window.removeEventListener("scroll", soon, { capture: true });
    window.removeEventListener("resize", soon);
    changes.disconnect();
    if (offered.watcher) offered.watcher.disconnect();
    if (offered.place) releaseAnchor(offered.place.element);
    if (live) live.textContent = "";
  };
  update();
};

/** The shopper wants to hear no more of it: also not on the next page. */
const putAway = guard((url) => fetch(url, { method: "POST", credentials: "same-origin", keepalive: true }));

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
