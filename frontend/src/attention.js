/** How long was this page in view, and how long has nothing been touched? Counts events, never looks into them. */

import { listen } from "./guard.js";

/** Shorter pauses are reading, not idleness (ms). */
const PAUSE = 5000;
const TOUCHES = "pointerdown pointermove keydown wheel scroll touchstart touchmove";

const clock = () => performance.now();
let opened = 0;
let touched = 0;
let idled = 0;
let seen = 0;
let shownAt = document.hidden ? null : 0;

const settle = () => {
  const pause = clock() - touched;
  if (pause >= PAUSE) idled += pause;
  touched = clock();
};

/** Milliseconds since the page was opened. */
export const age = () => clock() - opened;
/** Milliseconds since the last activity in the page. */
export const idle = () => clock() - touched;
/** Milliseconds in view. */
export const visible = () => seen + (shownAt === null ? 0 : clock() - shownAt);
/** Milliseconds in view without activity, pauses under five seconds left out. */
export const idleTotal = () => idled + (shownAt !== null && idle() >= PAUSE ? idle() : 0);

/** Starts counting again: the page came back from the browser's back/forward cache. */
export const restart = () => {
  opened = touched = clock();
  idled = seen = 0;
  shownAt = document.hidden ? null : clock();
};

/** Counts from now on. `onActivity()` is called at each activity: keep it small. */
export const watchAttention = (onActivity) => {
  listen(document, TOUCHES, () => {
    settle();
    onActivity();
  }, { passive: true, capture: true });
  listen(document, "visibilitychange", () => {
    if (document.hidden) {
      settle();
      seen = visible();
      shownAt = null;
    } else {
      touched = shownAt = clock();
    }
  });
};
