/** Where does the page get in the way? Clicks in vain, a shaken mouse, a search by scrolling: counts, and never a text. */

import { placeOf } from "./anchors.js";
import { signal, sparing } from "./beat.js";
import { sensor } from "./config.js";
import { FIELD, nameOfField, OURS } from "./fields.js";
import { later, listen, onLeave } from "./guard.js";

const CLICKABLE = "a, button, summary, img, [role=button], [onclick], [type=submit], [type=button], [type=image]";
/** What one clicks fast, or on which a click shows elsewhere than in the document. */
const STEPPER = "[class*=stepper], [class*=quantity], [class*=carousel], [data-slide], [data-bs-slide]";
const APART = `${FIELD}, ${OURS}, label, [type=radio], [type=checkbox], [type=file], [contenteditable], video, audio, canvas`;
const LEADING_OUT = "[download], [target], [href^='mailto:'], [href^='tel:']";
/** What shows that a click did something; so does any change of the document. */
const SIGNS = "input change submit invalid focusin scroll toggle";
const SIGNS_OF_WINDOW = "pagehide blur";
/** A script took the click, and may wait for the server: it is given so many times the time. */
const PATIENCE = 4;
const PRICE = /^(?=.*(\p{Sc}|[A-Z]{3}|[.,]\d\d$))[\p{Sc}A-Z\s]{0,5}\d[\d.,'\s]*[\p{Sc}A-Z\s]{0,5}$/iu;

const watchRage = ({ clicks, pixels, seconds }) => {
  const tell = sparing("page.rage_clicked");
  let trail = [];
  listen(document, "click", ({ target, clientX: x, clientY: y, timeStamp: at, detail }) => {
    if (!detail || target.closest(`${APART}, ${STEPPER}`)) return;
    const control = target.closest(CLICKABLE);
    // A plus, an arrow; and whoever clicks a text three times selects it.
    if (control ? /^\s*\W\s*$/.test(control.textContent) : !getSelection().isCollapsed) return;
    trail = trail.filter((one) => at - one.at <= seconds * 1000 && Math.hypot(x - one.x, y - one.y) <= pixels);
    if (trail.push({ x, y, at }) >= clicks) tell(target, { place: placeOf(target) }, true);
  }, { capture: true });
};

const watchDead = ({ seconds }) => {
  const tell = sparing("page.dead_clicked");
  let timer;
  const live = () => {
    clearTimeout(timer);
    changes.disconnect();
  };
  const changes = new MutationObserver((records) => {
    if (records.some(({ target }) => !(target.closest ? target : target.parentElement || document.body).closest(OURS))) live();
  });
  listen(document, "click", (event) => {
    const { target } = event;
    live();
    if (!event.detail || target.closest(`${APART}, ${LEADING_OUT}`)) return;
    if (!target.closest(CLICKABLE) && getComputedStyle(target).cursor !== "pointer") return;
    changes.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    const check = () => {
      live();
      if (!document.hidden && getSelection().isCollapsed) tell(target, { place: placeOf(target) }, true);
    };
    timer = later(seconds * 1000, () => {
      const link = target.closest("[href]");
      if (event.defaultPrevented) timer = later(seconds * 1000 * (PATIENCE - 1), check);
      else if (link && !link.getAttribute("href").startsWith("#")) live();
      else check();
    });
  }, { capture: true });
  listen(document, SIGNS, live, { capture: true });
  listen(window, SIGNS_OF_WINDOW, live);
};

const watchPointer = ({ flips, pixels, seconds }) => {
  const tell = sparing("pointer.thrashed");
  let trail = [];
  listen(document, "pointermove", ({ pointerType, buttons, clientX: x, clientY: y, timeStamp: at }) => {
    if (pointerType !== "mouse" || buttons || (trail[0] && at - trail[0].at < 100)) return;
    trail = [{ x, y, at }, ...trail.filter((one) => at - one.at <= seconds * 1000)];
    let [turns, way, before] = [0, 0, [0, 0]];
    for (let at = 1; at < trail.length; at++) {
      const step = [trail[at].x - trail[at - 1].x, trail[at].y - trail[at - 1].y];
      way += Math.hypot(...step);
      if (step[0] * before[0] + step[1] * before[1] < 0) turns++;
      before = step;
    }
    if (turns >= flips && way >= pixels) tell();
  }, { passive: true, capture: true });
};

const watchSeeking = ({ reversals, pixels, seconds }) => {
  const tell = sparing("page.sought");
  let turn = 0; // where the page stands now is not asked: that would lay it out
  let direction = 0;
  let times = [];
  listen(window, "scroll", ({ timeStamp: at }) => {
    const way = scrollY - turn;
    const isBack = Math.abs(way) > pixels;
    if (way * direction <= 0 && !isBack) return;
    if (way * direction < 0) times = [...times.filter((one) => at - one <= seconds * 1000), at];
    direction = Math.sign(way);
    turn = scrollY;
    if (times.length >= reversals) tell();
  }, { passive: true });
};

const watchDepth = () => {
  let deepest = 0;
  let told = 0;
  listen(window, "scroll", () => {
    deepest = Math.max(deepest, scrollY);
  }, { passive: true });
  onLeave(() => {
    const quarter = deepest && Math.min(4, Math.floor(((deepest + innerHeight + 2) / document.documentElement.scrollHeight) * 4)) * 25;
    if (quarter > told) signal("page.scrolled", { deepest: (told = quarter) });
  });
};

const watchCopy = () => {
  const tell = sparing("text.copied");
  listen(document, "copy", ({ target }) => {
    const text = `${getSelection()}`.trim();
    if (text && !target.closest(APART)) tell({}, { length: Math.min(text.length, 1e6), price: PRICE.test(text) });
  });
};

const watchOption = ({ times }) => {
  const tell = sparing("option.toggled");
  const counts = {};
  listen(document, "change", ({ target }) => {
    if (!target.closest('form[action*="/basket/add"], [data-engage-option]') || !target.matches("select, [type=radio]")) return;
    const { name } = target;
    counts[name] = (counts[name] || 0) + 1;
    if (counts[name] >= times) tell(name, { name: nameOfField(target), times });
  });
};

const watchScript = () => {
  let errors = 0;
  let isFirst = true;
  const tell = () => {
    if (errors) signal("script.failed", { count: Math.min(errors, 1e6) });
    errors = 0;
  };
  listen(window, "error", ({ message, filename }) => {
    if (/ResizeObserver/.test(message) || /^\w+-extension:/.test(filename)) return;
    errors++;
    if (isFirst) tell();
    isFirst = false;
  });
  onLeave(tell);
};

/** Starts every sensor that the shop left on. */
export const watchStruggles = () => {
  const start = (watch, thresholds) => thresholds && watch(thresholds);
  start(watchRage, sensor("rage", { clicks: 3, pixels: 30, seconds: 1 }));
  start(watchDead, sensor("dead", { seconds: 2.5 }));
  start(watchPointer, sensor("pointer", { flips: 6, pixels: 600, seconds: 2 }));
  start(watchSeeking, sensor("seeking", { reversals: 8, pixels: 40, seconds: 30 }));
  start(watchDepth, sensor("scroll"));
  start(watchCopy, sensor("copy"));
  start(watchOption, sensor("option", { times: 4 }));
  start(watchScript, sensor("script"));
};
