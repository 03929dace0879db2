/** How do our failures stay ours? Everything the page calls back goes through here. */

const ignore = () => {};

/** Returns `work` in a shape that never throws and never leaves a rejection unhandled. */
export const guard = (work) => (...args) => {
  try {
    const result = work(...args);
    if (result && typeof result.catch === "function") result.catch(ignore);
    return result;
  } catch {
    return undefined;
  }
};

/** Listens guarded; `types` are separated by spaces. */
export const listen = (target, types, handler, options) => {
  const guarded = guard(handler);
  for (const type of types.split(" ")) target.addEventListener(type, guarded, options);
};

/** Calls `work` when the page is hidden or left, before others hand over what is in the queue. */
export const onLeave = (work) => {
  listen(window, "visibilitychange", () => document.hidden && work(), { capture: true });
  listen(window, "pagehide", work, { capture: true });
};

/** A guarded `setTimeout`; `delay` in ms. */
export const later = (delay, work) => setTimeout(guard(work), delay);

/** Runs `work` as a task of its own right after the next frame was painted; in a hidden tab once it is in view. */
export const afterPaint = (work) => requestAnimationFrame(() => later(0, work));

/** Runs `work` once, `delay` ms after the last call. */
export const settled = (delay, work) => {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = later(delay, work);
  };
};
