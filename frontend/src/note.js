/** Which place of the page does a question speak of? Fills in page and place; lets the shopper point at it by mouse, touch or keyboard. */

import { isDisplayed, resolve, slotOf } from "./anchors.js";
import { offerCopy } from "./copy.js";
import { listen } from "./guard.js";

const MOST_PATH = 200;
const SLOT = /^[\w-]{1,64}$/;
const MOST_LABEL = 80;
const TITLES = "h1, h2, h3, h4, h5, h6, legend";
const HEADINGS = `${TITLES}, caption, th`;
/** What the keyboard can choose from. */
const PLACES = `[data-engage-id], ${HEADINGS}, label, form, table, img, button, p`;
const OURS = "#engage-root, #engage-help";

const short = (text, most) => text.replace(/\s+/g, " ").trim().slice(0, most);

const wordsOf = (element) => {
  if (!element) return "";
  // Fields may stand inside a label: only the words beside them are taken.
  const copy = element.cloneNode(true);
  for (const field of copy.querySelectorAll("input, select, textarea, [contenteditable], script, style")) field.remove();
  return short(copy.textContent, MOST_LABEL);
};

const titleBefore = (element) => {
  const before = [...document.querySelectorAll(TITLES)].filter(
    (title) => title.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING && !title.closest(OURS));
  return wordsOf(before.pop());
};

/** A table is called by its caption or the title it stands under, what lies in it by its row as well: a row's head alone says little. */
const labelInTable = (element, table) => {
  const row = element === table ? null : element.closest("tr");
  const head = element.matches("th") ? element : row && row.querySelector("th");
  const names = [wordsOf(table.caption) || titleBefore(table), element.matches("caption") ? "" : wordsOf(head)];
  return short(names.filter(Boolean).join(" – "), MOST_LABEL);
};

/** The words the page itself has for `element`: its label or the title it stands under. Never a value. */
export const labelOf = (element) => {
  const own = element.getAttribute("aria-label") || element.getAttribute("alt");
  if (own) return short(own, MOST_LABEL);
  if (element.matches(`${TITLES}, label, button`)) return wordsOf(element);
  const label = (element.labels && element.labels[0]) || element.querySelector(`${TITLES}, label`);
  if (label) return wordsOf(label);
  const table = element.closest("table") || element.querySelector("table");
  return table ? labelInTable(element, table) : titleBefore(element);
};

/** A short CSS path to `element`, at most 200 characters. */
export const pathOf = (element) => {
  const steps = [];
  for (let step = element; step && step !== document.body; step = step.parentElement) {
    if (step.id && document.querySelectorAll(`#${CSS.escape(step.id)}`).length === 1) {
      steps.unshift(`#${CSS.escape(step.id)}`);
      break;
    }
    const tag = step.localName;
    const alike = [...step.parentElement.children].filter((other) => other.localName === tag);
    steps.unshift(alike.length > 1 ? `${tag}:nth-of-type(${alike.indexOf(step) + 1})` : tag);
  }
  while (steps.join(">").length > MOST_PATH) steps.shift();
  return steps.join(">");
};

/** Starts the form in `panel`: a note's, or the one that begins a chat, which has no words for the place. */
export const start = (panel) => {
  const field = (name) => panel.querySelector(`form [name="${name}"]`);
  const fill = (name, text) => {
    const input = field(name);
    if (input && !input.getAttribute("value")) input.value = text;
  };
  const picker = panel.querySelector('[data-engage-do="pick"]');
  const shown = panel.querySelector("[data-engage-picked]");
  const mark = document.createElement("div");
  mark.className = "engage-mark";

  let placed = null;
  let forget = () => {};

  const setPlace = (element) => {
    placed = element;
    forget();
    const slot = (slotOf(element).match(SLOT) || [""])[0];
    const label = labelOf(element);
    const marked = element.closest("[data-engage-object]");
    const thing = (slot && marked && marked.dataset.engageId === slot && marked.dataset.engageObject) || "";
    const told = { anchor: slot, anchor_object: thing, anchor_path: pathOf(element), anchor_label: label };
    for (const [name, text] of Object.entries(told)) {
      const input = field(name);
      if (input) input.value = text;
    }
    if (shown) shown.textContent = label;
  };

  const pick = () => {
    const places = [...document.querySelectorAll(PLACES)].filter((place) => !place.closest(OURS) && isDisplayed(place));
    let at = places.findIndex((place) => place.getBoundingClientRect().top >= 0) - 1;
    let target = null;
    const stop = new AbortController();
    const options = { capture: true, signal: stop.signal };
    const hold = (event) => {
      event.preventDefault();
      event.stopPropagation();
    };
    const light = (element) => {
      target = element && !element.closest(OURS) && element !== document.documentElement ? element : null;
      mark.hidden = !target;
      if (!target) return;
      const { left, top, width, height } = target.getBoundingClientRect();
      mark.style.transform = `translate(${left}px, ${top}px)`;
      mark.style.width = `${width}px`;
      mark.style.height = `${height}px`;
      if (shown) shown.textContent = labelOf(target);
    };
    const end = () => {
      stop.abort();
      mark.remove();
      panel.removeAttribute("data-engage-picking");
      picker.setAttribute("aria-pressed", "false");
      picker.focus({ preventScroll: true });
    };
    const choose = () => {
      if (target) setPlace(target);
      end();
    };
    const step = (by) => {
      if (!places.length) return;
      at = (at + by + places.length) % places.length;
      places[at].scrollIntoView({ block: "center" });
      light(places[at]);
    };

    const before = shown ? shown.textContent : "";
    mark.hidden = true;
    panel.parentElement.append(mark);
    panel.setAttribute("data-engage-picking", "");
    picker.setAttribute("aria-pressed", "true");
    listen(document, "pointermove", (event) => light(event.target), options);
    for (const type of ["pointerdown", "mousedown", "mouseup"]) {
      listen(document, type, (event) => !event.target.closest(OURS) && hold(event), options);
    }
    listen(document, "click", (event) => {
      if (event.target.closest(OURS)) return;
      hold(event);
      light(event.target);
      choose();
    }, options);
    listen(document, "keydown", (event) => {
      const moves = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
      if (event.key === "Escape") {
        hold(event);
        if (shown) shown.textContent = before;
        end();
      } else if (event.key in moves) {
        hold(event);
        step(moves[event.key]);
      } else if (event.key === "Enter" && target) {
        hold(event);
        choose();
      }
    }, options);
  };

  fill("page_path", location.pathname.slice(0, 500));
  fill("page_title", document.title.slice(0, 200));
  const slot = field("anchor") && field("anchor").getAttribute("value");
  const place = slot ? resolve(slot) : null;
  if (place) setPlace(place.element);
  // Its address is what the server knows of a page; its title says more. The form's own page is about another.
  else if (shown && panel.closest("#engage-root") && shown.textContent.startsWith("/")) shown.textContent = document.title.trim();
  forget = offerCopy(panel, field, () => placed);
  if (picker) {
    picker.hidden = false;
    picker.setAttribute("aria-pressed", "false");
    listen(picker, "click", () => {
      if (!panel.hasAttribute("data-engage-picking")) pick();
    });
  }
};

/** For whoever measures it. */
export { takeSnapshot } from "./snapshot.js";
