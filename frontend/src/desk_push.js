/** How are the desk's pages woken? What htmx asks for by the clock it asks at once, and by the clock only now and then. */

import { listen, later } from "./guard.js";
import { DESK, join } from "./push.js";

/** While there is a stream, the clock's questions this far apart (ms) are enough. */
const SAFE = 30000;
/** A list is not asked for more often (ms), however much goes on. */
const LEAST = 1000;

const { engagePush: url } = document.currentScript.dataset;
const WOKEN = "[data-engage-woken]";
const asked = new Map();
const waiting = new Set();
let isUp = false;

const ask = (id) => {
  waiting.delete(id);
  const element = document.getElementById(id);
  if (element) window.htmx.trigger(element, "engage:wake");
};

const wake = (conversation) => {
  for (const { id, dataset } of document.querySelectorAll(WOKEN)) {
    const isMeant = !dataset.engageWoken || !conversation || dataset.engageWoken === conversation;
    if (!isMeant || waiting.has(id)) continue;
    waiting.add(id);
    later(Math.max(0, (asked.get(id) || 0) + LEAST - Date.now()), () => ask(id));
  }
};

listen(document, "htmx:beforeRequest", (event) => {
  const { target, detail } = event;
  if (!target.matches || !target.matches(WOKEN)) return;
  const isByClock = !detail.requestConfig.triggeringEvent;
  if (isUp && isByClock && Date.now() - (asked.get(target.id) || 0) < SAFE) event.preventDefault();
  else asked.set(target.id, Date.now());
});

if (url) {
  join({
    url,
    topic: DESK,
    wake,
    turn: (isUpNow) => {
      isUp = isUpNow;
      // What moved before the stream stood nobody told.
      if (isUp) wake("");
    },
  });
}
