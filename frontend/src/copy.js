/** Does a copy of the page go with the question? The shopper sees it first, and may leave it out. */

import { trusted } from "./fragments.js";
import { listen } from "./guard.js";
import { documentOf, takeSnapshot } from "./snapshot.js";

/**
 * Offers it in `panel`, where the server asks for one and the question is about this very page. `getPlace()` is the element
 * asked about. Returns what has to be called when that changes. What is shown is what is sent: it is taken once.
 */
export const offerCopy = (panel, field, getPlace) => {
  const box = panel.querySelector("[data-engage-copy]");
  const [path, sent, choice] = ["page_path", "page_copy", "with_copy"].map(field);
  if (!box || !sent || !choice || path.value !== location.pathname) return () => {};
  const tick = box.querySelector('[type="checkbox"]');
  const look = box.querySelector('[data-engage-do="look"]');
  let taken;
  let frame = null;
  const take = () => {
    if (taken === undefined) taken = takeSnapshot(getPlace());
    return taken;
  };
  const close = () => {
    if (frame) frame.remove();
    frame = null;
    look.setAttribute("aria-expanded", "false");
  };
  const show = () => {
    const snapshot = take();
    if (!snapshot) return;
    frame = document.createElement("iframe");
    frame.className = "engage-copy-view";
    frame.title = look.textContent;
    frame.setAttribute("sandbox", "");
    frame.srcdoc = trusted(documentOf(snapshot));
    box.append(frame);
    look.setAttribute("aria-expanded", "true");
    // It opens below what was pressed, where a low window ends.
    frame.scrollIntoView({ block: "nearest" });
  };
  tick.checked = choice.value === "1";
  listen(tick, "change", () => {
    choice.value = tick.checked ? "1" : "";
  });
  listen(look, "click", () => (frame ? close() : show()));
  // Before htmx or the browser reads the form.
  listen(panel, "submit", () => {
    const snapshot = choice.value ? take() : null;
    sent.value = snapshot ? JSON.stringify(snapshot) : "";
  }, { capture: true });
  box.hidden = false;
  return () => {
    taken = undefined;
    close();
  };
};
