/** Which marked places were in view, and which were clicked? Told once a page, when it is left: names of places, no text. */

import { placeOf, places } from "./anchors.js";
import { signal } from "./beat.js";
import { sensor } from "./config.js";
import { later, listen, onLeave } from "./guard.js";

/** Half of it for a second: what advertising calls viewable. Of a place taller than the window: half the window. */
const SHARE = 0.5;
const TIME = 1000;
const MOST = 40;

/** Watches the places that are there now, and clicks in any. */
export const watchPlaces = () => {
  if (!sensor("places")) return;
  const names = new Map(places());
  const timers = new Map();
  let told = new Set();
  let seen = new Set();
  let clicked = new Set();

  const look = (entries) => {
    for (const { target, intersectionRatio, intersectionRect } of entries) {
      const isInView = intersectionRatio >= SHARE || intersectionRect.height >= innerHeight * SHARE;
      clearTimeout(timers.get(target));
      if (isInView) timers.set(target, later(TIME, () => seen.add(names.get(target))));
    }
  };
  const tell = () => {
    const news = (group, kind) => [...group].filter((name) => !told.has(kind + name)).slice(0, MOST);
    const data = { seen: news(seen, 0), clicked: news(clicked, 1) };
    for (const name of data.seen) told.add(0 + name);
    for (const name of data.clicked) told.add(1 + name);
    if (data.seen.length || data.clicked.length) signal("page.anchors", data);
  };

  if (window.IntersectionObserver) {
    const observer = new IntersectionObserver(look, { threshold: [0, 0.1, 0.25, SHARE, 0.75, 1] });
    for (const element of names.keys()) observer.observe(element);
  }
  listen(document, "click", ({ target }) => {
    const name = target.closest && placeOf(target);
    if (name) clicked.add(name);
  }, { capture: true });
  onLeave(tell);
  listen(window, "pageshow", ({ persisted }) => {
    if (persisted) [told, seen, clicked] = [new Set(), new Set(), new Set()];
  });
};
