/** Which field holds the shopper up? Its name, times and counts, and what the browser thinks of it; never what stands in it. */

import { signal, sparing } from "./beat.js";
import { sensor } from "./config.js";
import { later, listen, onLeave } from "./guard.js";
import { isPrivate } from "./private.js";

/** Fields in which one writes or chooses. */
export const FIELD =
  "select, textarea, input:not([type=hidden],[type=submit],[type=button],[type=image],[type=reset],[type=radio],[type=checkbox],[type=file])";
export const OURS = "#engage-root, #engage-help, .engage-page, [data-engage-ignore]";
const MOST = 12;

/** The name of a field in its form, or an empty text where it is private or odd. */
export const nameOfField = (field) => (!isPrivate(field) && /^[\w.[\]-]{1,64}$/.test(field.name) ? field.name : "");

/** Watches the fields of the shop's own forms. */
export const watchFields = () => {
  const hesitation = sensor("hesitation", { seconds: 4 });
  const isTelling = sensor("fields");
  const tell = sparing("field.hesitated");
  const known = new Map();
  let focused = null;
  let since = 0;
  let timer;

  const of = (field) => {
    if (!field.matches(FIELD) || field.closest(OURS)) return null;
    if (!known.has(field)) known.set(field, { ms: 0, edits: 0, visits: 0, invalid: false });
    return known.get(field);
  };
  const settle = () => {
    if (since) of(focused).ms += performance.now() - since;
    since = 0;
    clearTimeout(timer);
  };

  listen(document, "focusin", ({ target }) => {
    const fate = of(target);
    if (!fate) return;
    // Coming back to the window is no return to the field.
    if (focused !== target) fate.visits++;
    focused = target;
    since = performance.now();
    if (hesitation) {
      const { seconds } = hesitation;
      timer = later(seconds * 1000, () => tell(target, { name: nameOfField(target), seconds }, true));
    }
  });
  listen(document, "focusout", ({ target }) => {
    settle();
    if (document.activeElement !== target) focused = null;
  });
  listen(document, "input", () => clearTimeout(timer));
  listen(document, "change", ({ target }) => {
    const fate = of(target);
    if (fate) fate.edits++;
  });
  listen(document, "invalid", ({ target }) => {
    const fate = of(target);
    if (fate) fate.invalid = true;
  }, { capture: true });
  onLeave(() => {
    settle();
    for (const [field, { ms, edits, visits, invalid }] of isTelling ? [...known].slice(0, MOST) : []) {
      const seconds = Math.min(86400, Math.round(ms / 100) / 10);
      const returns = Math.max(0, visits - 1);
      signal("field.left", { name: nameOfField(field), seconds, edits, returns, empty: field.validity.valueMissing, invalid });
    }
    known.clear();
  });
};
