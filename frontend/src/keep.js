/**
 * Where is what the shopper typed into a long form? In this browser: for a customer a day, for that account alone; for anybody
 * else as long as the tab. It comes back when the form does, and is gone once it was sent. Nothing of it leaves the browser.
 */

import { listen } from "./guard.js";
import { baseOf, changesOf, fieldsOf, fill, isKept, nameOf, valueOf } from "./kept_fields.js";

const KEPT = "engage-kept:";
const DAY = 86400000;
const LOGOUT = '[href*="logout"], [action*="logout"]';

/** Whose the browser is now, as the server calls them; empty: nobody's account. Not known, nothing is kept. */
let owner;
let words;
const seen = new WeakSet();

/** Two forms may be sent to one address. */
const keyOf = (form) =>
  KEPT + new URL(form.getAttribute("action") || "", location.href).pathname + "#" + form.getAttribute("id");

// Where storage is off or full these throw, into the guard of what called: then nothing is kept.
const place = () => (owner ? localStorage : sessionStorage);
const forget = (form) => place().removeItem(keyOf(form));

/** What is kept under `key`; what is not there, or not ours, is nothing. */
const read = (storage, key) => {
  try {
    return JSON.parse(storage.getItem(key)) || {};
  } catch {
    return {};
  }
};

/** Drops all that is kept for which `isOver(entry, key, storage)`. */
const drop = (isOver) => {
  for (const storage of [localStorage, sessionStorage]) {
    for (const key of Object.keys(storage)) {
      if (key.startsWith(KEPT) && isOver(read(storage, key), key, storage)) storage.removeItem(key);
    }
  }
};

const forgetAll = () => drop(() => true);

const save = (form, sent) => {
  if (owner === undefined) return;
  const fields = changesOf(form);
  const text = JSON.stringify({ at: Date.now(), owner, sent, fields });
  if (!fields.length) forget(form);
  else place().setItem(keyOf(form), text);
};

/**
 * What was sent is over, unless it did not arrive: the shopper was asked to log in instead, or came back to the form by "back"
 * or "reload". What is old, or nobody can read, goes.
 */
const settleSent = () => {
  const isReturn = performance.getEntriesByType("navigation")[0].type !== "navigate";
  const isLogin = document.querySelector('[type="password"]');
  const here = [...document.forms].map(keyOf);
  drop((entry, key, storage) => {
    if (isLogin) storage.setItem(key, JSON.stringify({ ...entry, sent: 0 }));
    return !(entry.at > Date.now() - DAY) || (entry.sent && !isLogin && !(isReturn && here.includes(key)));
  });
};

/** Whose browser it is, and our words in the page's language; both come with one request, which tells nothing. */
const ask = async () => {
  const { engageBeat } = document.querySelector("script[data-engage-beat]").dataset;
  const response = await fetch(engageBeat.replace(/beat\/$/, "kept/"), { cache: "no-store" });
  ({ owner, ...words } = await response.json());
  drop((entry) => entry.owner !== owner);
};

/** Puts back what the server has not filled in meanwhile and nobody has typed over. */
const restore = (form) => {
  const { fields = [] } = read(place(), keyOf(form));
  const kept = new Map(fields.map(([name, ...rest]) => [name, rest]));
  const back = fieldsOf(form).filter((field) => {
    const [value, base] = kept.get(nameOf(field)) || [];
    return value !== undefined && baseOf(field) === base && valueOf(field) === base && fill(field, value);
  });
  if (back.length) tell(form, back);
  save(form);
};

const tell = (form, back) => {
  const [word, status, button] = ["div", "span", "button"].map((tag) => document.createElement(tag));
  word.className = "engage-kept";
  status.setAttribute("role", "status");
  button.className = "engage-button-quiet";
  button.type = "button";
  button.textContent = words.afresh;
  word.append(status, button);
  form.prepend(word);
  // A live region speaks of what changes in it, not of what it came with.
  setTimeout(() => {
    status.textContent = words.kept;
  }, 100);
  listen(button, "click", () => {
    for (const field of back) fill(field, baseOf(field));
    word.remove();
    back[0].focus();
    save(form);
  });
};

let asking = null;

const adopt = async (node) => {
  const around = node.closest ? [node.closest("form")] : [];
  const forms = [...around, ...node.querySelectorAll("form")].filter((form) => form && !seen.has(form) && isKept(form));
  if (!forms.length) return;
  for (const form of forms) seen.add(form);
  await (asking ||= ask());
  if (owner !== undefined) forms.forEach(restore);
};

/** Starts keeping; called once, on the first page with something to keep, to wait for, or to forget. */
export const start = () => {
  listen(document, "input change", ({ target }) => {
    const form = target.closest("form");
    if (form && isKept(form)) save(form);
  });
  listen(document, "focusin", ({ target }) => adopt(target));
  listen(document, "click", ({ target }) => {
    if (target.closest(LOGOUT)) forgetAll();
  });
  listen(document, "submit", ({ target }) => {
    if (target.matches(LOGOUT)) forgetAll();
    // htmx tells itself when it has arrived.
    else if (isKept(target)) save(target, window.htmx && target.matches("[hx-post]") ? undefined : Date.now());
  });
  // The form itself may be gone from the page by then.
  listen(document, "htmx:afterRequest", ({ detail: { successful, requestConfig } }) => {
    if (successful && requestConfig.elt.matches("form")) forget(requestConfig.elt);
  });
  settleSent();
  return adopt(document);
};
