/** How is a survey answered where it stands? One press is sent with the question's own form; the card then says thank you. */

import { HEADERS, ownUrl, parse } from "./fragments.js";
import { guard, later, listen } from "./guard.js";

/** How long the thanks stand (ms): longer than they take to read, short enough to be in nobody's way. */
const THANKS = 6000;

const fetchPanel = async (url, options = {}) => {
  const response = await fetch(url, { credentials: "same-origin", cache: "no-store", headers: HEADERS, ...options });
  const [panel] = parse(await response.text(), ".engage-panel");
  if (!panel) throw new Error("no panel");
  return panel;
};

/** The form comes with the token that proves that the answer is this page's; an answer given already has none. */
const send = async (url, told) => {
  const asked = await fetchPanel(url);
  const token = asked.querySelector("[name=csrfmiddlewaretoken]");
  if (!token) return asked;
  const body = new URLSearchParams({ ...told, csrfmiddlewaretoken: token.value });
  return fetchPanel(url, { method: "POST", body });
};

const thank = (card, form, thanks, finish) => {
  const hadFocus = card.contains(document.activeElement);
  const words = document.createElement("p");
  words.className = "engage-status";
  words.tabIndex = -1;
  words.setAttribute("role", "status");
  form.replaceWith(words);
  words.textContent = thanks;
  if (hadFocus) words.focus({ preventScroll: true });
  later(THANKS, () => {
    if (card.isConnected) finish();
  });
};

/** Wires the card; called once it stands in the page. `finish` takes it away. */
export const start = ({ element: card, finish }) => {
  if (!card) return;
  const form = card.querySelector("[data-engage-survey]");
  const wrong = form.querySelector("[data-engage-wrong]");
  let isSending = false;
  const refuse = (words) => {
    wrong.textContent = words;
    wrong.hidden = false;
  };
  listen(form, "submit", guard(async (event) => {
    event.preventDefault();
    if (isSending) return;
    const { name, value } = event.submitter || {};
    const field = form.querySelector("[data-engage-text]");
    const text = field && field.offsetParent ? field.value : "";
    isSending = true;
    form.setAttribute("aria-busy", "true");
    wrong.hidden = true;
    try {
      const panel = await send(ownUrl(form.action), { ...(name && { [name]: value }), ...(text && { text }) });
      const thanks = panel.querySelector("[data-engage-thanks]");
      const refused = panel.querySelector(".errorlist");
      if (thanks) thank(card, form, thanks.textContent, finish);
      else refuse(refused ? refused.textContent : form.dataset.engageFailed);
    } catch {
      refuse(form.dataset.engageFailed);
    }
    isSending = false;
    form.removeAttribute("aria-busy");
  }));
};
