/** What answers the question that is being written? Asked for when the shopper pauses, shown under the field, never stored. */

import { HEADERS, parse } from "./fragments.js";
import { guard, later, listen, settled } from "./guard.js";

const PAUSE = 450;
const LEAST_WORDS = 3;
const LEAST_LETTERS = 12;
const MOST = 300;
const NOT_READ = 202; // what a process answers that has just begun
const AGAIN = 2_000;
const MOST_AGAIN = 5;
const FIELD = 'textarea[name="question"], textarea[name="message"]';

const isEnough = (typed) => typed.length >= LEAST_LETTERS || typed.split(/\s+/).length >= LEAST_WORDS;

/** Starts the form in `given`: a note's, or the one that begins a chat; where the page itself is the panel, that one's. */
export const start = (given) => {
  const panel = given instanceof Element ? given : document.querySelector(".engage-page .engage-panel");
  const form = panel.querySelector("form[data-engage-suggest]");
  const field = form && form.querySelector(FIELD);
  if (!field) return;
  const place = document.createElement("div");
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  status.className = "engage-live";
  field.closest("p, div").after(status, place);
  let asked = "";
  let again = 0;

  const show = (html) => {
    const [found] = parse(html, ".engage-suggestions");
    place.replaceChildren(...(found ? [found] : []));
    // A live region must be in the page before its text changes.
    later(100, () => {
      status.textContent = found ? found.querySelector(".engage-title").textContent : "";
    });
  };

  const ask = settled(PAUSE, guard(async () => {
    const typed = field.value.trim().slice(-MOST);
    if (typed === asked || place.contains(document.activeElement)) return;
    asked = typed;
    if (!isEnough(typed)) {
      show("");
      return;
    }
    const address = new URL(form.dataset.engageSuggest, location.href);
    address.searchParams.set("q", typed);
    address.searchParams.set("page_path", location.pathname);
    const response = await fetch(address, { headers: HEADERS, credentials: "same-origin", cache: "no-store" });
    if (asked !== typed) return;
    if (response.status === NOT_READ && again < MOST_AGAIN) {
      again += 1;
      asked = "";
      later(AGAIN, ask);
    } else if (response.ok) show(await response.text());
  }));

  const answered = async (event) => {
    event.preventDefault();
    const { action } = event.target;
    const body = new FormData(event.target);
    const response = await fetch(action, { method: "POST", body, headers: HEADERS, credentials: "same-origin" });
    const [glad] = response.ok ? parse(await response.text(), ".engage-panel") : [];
    if (!glad) return;
    // The panel stays, with its way out; what it is called comes with what is in it now.
    panel.replaceChildren(...panel.querySelectorAll(":scope > .engage-close"), ...glad.childNodes);
    panel.setAttribute("aria-labelledby", glad.getAttribute("aria-labelledby"));
    panel.tabIndex = -1;
    panel.focus({ preventScroll: true });
  };

  listen(field, "input", ask);
  if (field.value) ask(); // written before this script was here, or kept from before
  listen(place, "submit", answered);
};
