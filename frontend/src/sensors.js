/** What does the shopper do? Times, directions and counts only: no sensor reads a field or a text. */

import { age, idle, idleTotal, restart, visible, watchAttention } from "./attention.js";
import { flush, resume, signal, speak } from "./beat.js";
import { config, sensor } from "./config.js";
import { guard, later, listen, onLeave, settled } from "./guard.js";

/** A flick back up on a touch screen: so many pixels within so many ms, from at least a screen down. */
const FLICK_PIXELS = 500;
const FLICK_TIME = 400;

const seconds = (ms) => Math.min(86400, Math.round(ms / 100) / 10);

const watchIdle = () => {
  const idleness = sensor("idle", { seconds: [30, 60, 120], checkout: [20, 45, 90] });
  if (!idleness) return () => {};
  // Seconds without activity that are told; a checkout is hurried sooner.
  const steps = config.kind === "checkout" ? idleness.checkout : idleness.seconds;
  let step = 0;
  let timer;
  const arm = () => {
    clearTimeout(timer);
    if (step < steps.length) timer = later(Math.max(50, steps[step] * 1000 - idle()), check);
  };
  const check = () => {
    if (document.hidden) return;
    if (idle() >= steps[step] * 1000) signal("page.idle", { seconds: steps[step++] }, true);
    arm();
  };
  arm();
  listen(document, "visibilitychange", () => {
    step = 0;
    arm();
  });
  return () => {
    if (step) {
      step = 0;
      arm();
    }
  };
};

const watchExit = () => {
  const exit = sensor("exit", { pixels: 20, after: 3 });
  let isTold = !exit;
  const tell = () => {
    if (isTold || age() < exit.after * 1000) return;
    isTold = true;
    signal("page.exit_intent", {}, true);
  };
  listen(document, "mouseout", (event) => {
    if (!event.relatedTarget && event.clientY <= exit.pixels && !event.buttons) tell();
  });

  let fingerAt = -Infinity;
  let top = 0;
  let topAt = 0;
  listen(document, "touchmove", () => {
    fingerAt = performance.now();
  }, { passive: true });
  listen(window, "scroll", () => {
    const now = performance.now();
    if (scrollY >= top || now - topAt > FLICK_TIME) {
      top = scrollY;
      topAt = now;
    } else if (top - scrollY >= FLICK_PIXELS && top >= innerHeight && now - fingerAt < 1500) tell();
  }, { passive: true });
  return () => {
    isTold = !exit;
  };
};

const watchTab = (onReturn) => {
  const least = sensor("away", { seconds: 2 });
  let hiddenAt = 0;
  listen(document, "visibilitychange", () => {
    if (document.hidden) {
      hiddenAt = performance.now();
      flush();
      return;
    }
    const away = performance.now() - hiddenAt;
    if (hiddenAt && least && away >= least.seconds * 1000) signal("page.hidden", { seconds: seconds(away) });
    resume();
  });
  listen(window, "pagehide", () => {
    signal("page.left", { visible: seconds(visible()), idle: seconds(Math.min(visible(), idleTotal())) });
    flush();
  });
  listen(window, "pageshow", (event) => {
    if (!event.persisted) return;
    restart();
    onReturn();
    signal("page.viewed");
  });
};

/** Oscar's basket page swaps its content by script: the server knows more now, so ask it. */
const watchBasket = () => {
  const content = document.getElementById("content_inner");
  if (!content || !content.querySelector("#basket_formset")) return;
  new MutationObserver(guard(settled(200, () => speak(true)))).observe(content, { childList: true });
};

/** How long the page took, told once when it is left: it is loaded by then. Of one opened out of sight nothing is told. */
const watchSpeed = () => {
  let isTold = document.hidden || !sensor("speed");
  onLeave(() => {
    const { loadEventEnd: load, responseStart: answer } = performance.getEntriesByType("navigation")[0];
    if (isTold || load <= 0 || load > 6e4) return;
    isTold = true;
    signal("page.timed", { load: Math.round(load), answer: Math.round(answer) });
  });
};

/** Starts all sensors and tells that the page was viewed. */
export const startSensors = () => {
  const resetIdle = watchIdle();
  const resetExit = watchExit();
  watchSpeed();
  watchAttention(resetIdle);
  watchTab(resetExit);
  watchBasket();
  signal("page.viewed");
};
