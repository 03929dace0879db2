/** Does a panel have the shopper's attention? How one stands in the page: dialog.js, loaded with the first. */

import { speak } from "./beat.js";
import { config, root } from "./config.js";
import { ownUrl, scriptUrl } from "./fragments.js";
import { later } from "./guard.js";

/** A shopper who put a panel away is left in peace for so long (ms). */
const CALM = 5000;

let opening = 0;
let calmUntil = 0;

let ours = null;

const dialog = async () => (ours ||= await import(scriptUrl(config.dialog)));

/** Whether a panel stands open (a minimised chat does not count). */
const isPanelOpen = () => Boolean(root.querySelector(".engage-panel:not([hidden], [data-engage-minimised])"));

/** Whether a panel has the shopper's attention: it is on its way, stands open, or was put away a moment ago. */
export const isPanelInUse = () => opening > 0 || isPanelOpen() || performance.now() < calmUntil;

/** The shopper put a panel away: no offer at that very second; then ask, for a moment may have waited for this. */
export const calmDown = () => {
  calmUntil = performance.now() + CALM;
  later(CALM, () => speak(false));
};

/** `"note"` and `"chat"` are short for the addresses of their forms. */
const addressOf = (open, context) => {
  const isShort = /^[a-z]+$/.test(open);
  const target = ownUrl(isShort ? `${config.base}${open}/new/` : open);
  if (target && isShort) {
    for (const [name, value] of Object.entries(context)) if (value) target.searchParams.set(name, value);
  }
  return target;
};

/**
 * Opens what is at `open`. `isAsked`: the shopper pressed something, so the focus goes in, and a failure leads to the plain
 * page; otherwise both stay away. `context` (decision, anchor) goes with the short forms.
 */
export const openPanel = async (open, { isAsked = true, from = null, context = {} } = {}) => {
  const target = addressOf(open, context);
  if (!target || (!isAsked && isPanelOpen())) return;
  opening += 1;
  try {
    await (await dialog()).open(target, { isAsked, from });
  } catch (error) {
    if (!isAsked) throw error;
    location.assign(target.pathname + target.search);
  } finally {
    opening -= 1;
  }
};

/** Makes a panel work that htmx put into the page. */
export const adopt = async (panel, isFocused) => (await dialog()).adopt(panel, isFocused);

/** A conversation that the page itself shows goes on by itself, too. */
export const adoptPage = async () => {
  const panel = document.querySelector(".engage-page .engage-panel[data-engage-chat]");
  if (panel) (await dialog()).adoptPage(panel);
};

/** Puts `panel`, which came with the dialog, away. */
export const closePanel = (panel) => {
  calmDown();
  ours.close(panel);
};
