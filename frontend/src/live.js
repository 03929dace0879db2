/** What do a shared page and a talk have in common in a shopper's tab? The question with its yes, and what the tab remembers. */

import { listen } from "./guard.js";

/** Returns what this tab alone remembers under `key`; with a value it is kept, with an empty one forgotten. */
export const keeper = (key) => (value) => {
  try {
    if (value === undefined) return sessionStorage.getItem(key);
    if (value) sessionStorage.setItem(key, value);
    else sessionStorage.removeItem(key);
  } catch {
    // Storage is off: it ends with this page.
  }
  return null;
};

/** Where our addresses begin, by the chat in `panel`. */
export const baseOf = (panel) => new URL(panel.dataset.engageEvents.replace(/chat\/[\w-]+\/events\/$/, ""), location.href);

/** Headers of all requests for fragments, as in `fragments.js`, which the chat has loaded already: `parse` is from there. */
const HEADERS = { "HX-Request": "true", "X-Engage-Fragment": "1" };

/** Loads the section of `kind` (`live`, `voice`) for the session `id`, or for one that its shopper wants; or nothing. */
export const load = async ({ panel, parse }, kind, id, query = "") => {
  const own = panel.dataset.engageEvents.replace(/events\/$/, `${kind}/`);
  const address = id ? new URL(`${kind}/${id}/${query}`, baseOf(panel)) : new URL(own + query, location.href);
  const response = await fetch(address, { headers: HEADERS, credentials: "same-origin", cache: "no-store" });
  return response.ok ? parse(await response.text(), "section")[0] : null;
};

/** Puts the section into the page in the place of those before it. */
export const show = (ui) => {
  for (const old of document.querySelectorAll(`.${ui.className}`)) old.remove();
  (document.getElementById("engage-root") || document.body).append(ui);
};

/** Posts the form of `ui` with the fields of `more`, and returns the answer. */
export const post = (url, ui, more) => {
  const data = new FormData();
  data.set("csrfmiddlewaretoken", ui.querySelector('[name="csrfmiddlewaretoken"]').value);
  for (const [name, value] of more) data.set(name, value);
  return fetch(url, { method: "POST", body: data, headers: HEADERS, credentials: "same-origin", redirect: "error" });
};

/**
 * Asks what the shopper is to be asked, in `ui`; returns the session's id after a yes, or nothing. `prepare` runs within the
 * click that says yes: what it returns is answered in its place (an error's words stay in the dialog).
 */
export const ask = (ui, prepare = () => ({ answer: "yes" })) =>
  new Promise((settle) => {
    const dialog = ui.querySelector("dialog");
    const form = dialog.querySelector("form");
    const trouble = form.querySelector("[role=alert]");
    const done = (id) => {
      dialog.close();
      settle(id);
    };
    const answer = async (said) => {
      form.inert = true;
      trouble.textContent = "";
      const { answer: value, words } = said === "yes" ? await prepare() : { answer: said };
      try {
        const response = value && (await post(form.action, ui, [...new FormData(form), ["answer", value]]));
        if (words && value) form.querySelector('[value="yes"]').hidden = true; // it is over, and can be asked for anew
        if (words) throw words;
        if (response.status === 410 || response.status === 404 || response.status === 204) return done();
        if (!response.ok) throw response;
        done((await response.json()).id);
      } catch {
        form.inert = false;
        if (value === "no") done();
        else trouble.textContent = words || ui.dataset.engageFailed;
      }
    };
    listen(form, "submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      answer(event.submitter ? event.submitter.value : "no");
    });
    listen(dialog, "cancel", (event) => {
      event.preventDefault();
      answer("no");
    });
    dialog.showModal();
    dialog.querySelector("h2").focus();
  });
