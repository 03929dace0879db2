/** What does an open conversation need? Polling while it is looked at, messages once and in order, and nothing typed ever lost. */

import { HEADERS, parse, scriptUrl } from "./fragments.js";
import { guard, later, listen } from "./guard.js";
import { alone, newId, openOutbox } from "./outbox.js";

const NEXT = 3000;
const MOST = 15000;
const MOST_AFTER_FAILURE = 60000;
/** Each quiet answer makes the pause longer by this factor. */
const SLOWER = 1.2;
/** While a stream wakes us, we ask this seldom (ms) all the same. */
const SAFE = 45000;
const END = 60;
const SMALL = "engage-chat-min";
/** The shopper's typing is told with the next poll, at most once in so many milliseconds. */
const TELL = 3000;
/** How long one message may be on its way (ms), until it counts as not sent; it goes out again then, by the same id. */
const PATIENCE = 10000;

const seqOf = (item) => Number(item.dataset.seq) || 0;

const remember = (isSmall) => {
  try {
    if (isSmall) sessionStorage.setItem(SMALL, "1");
    else sessionStorage.removeItem(SMALL);
  } catch {
    // Storage is off: the choice lasts for this page.
  }
};

const wasSmall = () => {
  try {
    return sessionStorage.getItem(SMALL) === "1";
  } catch {
    return false;
  }
};

/** Starts the conversation in `panel`. */
export const start = (panel) => {
  const list = panel.querySelector(".engage-messages");
  const form = panel.querySelector("form.engage-form:not(.engage-rating)");
  const box = form && form.querySelector("textarea");
  const files = form && form.querySelector('[type="file"]');
  let filesId = newId();
  const events = panel.dataset.engageEvents;
  const outbox = openOutbox(events);
  let pause = NEXT;
  let least = NEXT;
  let timer;
  let isAsking = false;
  let isWoken = false;
  let isPushed = false;
  let leave = () => {};
  let isSending = false;
  let unread = 0;
  let isWriting = false;
  let toldAt = 0;
  let [live, voice] = [null, null];

  const minimise = panel.querySelector('[data-engage-do="minimise"]');
  const words = minimise && minimise.textContent;
  const isSmall = () => panel.hasAttribute("data-engage-minimised");
  const toEnd = () => {
    list.scrollTop = list.scrollHeight;
  };
  const trouble = document.createElement("p");
  trouble.className = "engage-error";
  trouble.setAttribute("role", "alert");
  if (form) form.before(trouble);
  const say = (text) => {
    trouble.textContent = text;
  };
  const typing = document.createElement("p");
  typing.className = "engage-typing";
  typing.setAttribute("role", "status");
  list.after(typing);
  const showTyping = (name) => {
    const words = name ? (panel.dataset.engageWrites || "{name} …").replace("{name}", decodeURIComponent(name)) : "";
    if (typing.textContent !== words) typing.textContent = words;
  };

  const sayFailed = () => say(panel.dataset.engageFailed || "That did not work. Please try again.");

  const append = (html) => {
    const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < END;
    let added = 0;
    for (const item of parse(html, ".engage-message")) {
      const seq = seqOf(item);
      const items = [...list.querySelectorAll(".engage-message")];
      if (items.some((other) => seqOf(other) === seq)) continue;
      list.insertBefore(item, items.find((other) => seqOf(other) > seq) || list.querySelector(".engage-pending"));
      settle(item);
      added += 1;
      if (item.dataset.role !== "shopper") unread += 1;
    }
    if (added && isAtEnd) toEnd();
    badge();
    return added;
  };

  /** A proposal that came with a poll has no token: it takes the panel's. What was answered, here or elsewhere, asks no more. */
  const settle = (item) => {
    const token = panel.querySelector('[name="csrfmiddlewaretoken"]');
    const act = item.querySelector(".engage-act");
    if (act && token && !act.elements[token.name]) act.append(token.cloneNode());
    const { engageSettles } = item.dataset;
    if (engageSettles) drop(list.querySelector(`[data-engage-act="${engageSettles}"]`));
  };

  const drop = (act) => {
    if (!act) return;
    if (act.contains(document.activeElement)) list.focus({ preventScroll: true });
    act.remove();
  };

  const answer = async (act, value) => {
    if (act.inert) return;
    act.inert = true;
    say("");
    const said = new FormData(act);
    said.set("answer", value);
    try {
      const response = await fetch(act.action, { method: "POST", body: said, headers: HEADERS, credentials: "same-origin", redirect: "error" });
      if (!response.ok) throw response;
      const html = await response.text();
      list.focus({ preventScroll: true });
      toEnd();
      append(html);
      drop(act);
      hurry();
    } catch {
      act.inert = false;
      sayFailed();
    }
  };

  const badge = () => {
    if (!isSmall()) unread = 0;
    if (unread) panel.dataset.engageUnread = unread;
    else delete panel.dataset.engageUnread;
  };

  const setStatus = (status) => {
    if (!status || status === panel.dataset.engageStatus) return;
    panel.dataset.engageStatus = status;
    if (status === "closed") {
      leave();
      end();
    }
    refresh();
  };

  const end = () => {
    for (const each of panel.querySelectorAll("form:not(.engage-rating)")) each.hidden = true;
    outbox.forget();
  };

  const look = async () => {
    const address = new URL(events.replace(/events\/$/, ""), location.href);
    address.searchParams.set("fragment", "1");
    const response = await fetch(address, { headers: HEADERS, credentials: "same-origin", cache: "no-store" });
    return response.ok ? parse(await response.text(), ".engage-panel")[0] : undefined;
  };

  /** The words for a status are the server's: take them from the panel as it is now. */
  const refresh = guard(async () => {
    const fresh = await look();
    if (!fresh) return;
    if (panel.dataset.engageStatus === "note") {
      become(fresh);
      return;
    }
    const [shown, now] = [panel, fresh].map((one) => one.querySelector(".engage-status"));
    if (shown && now) shown.textContent = now.textContent;
    swap(fresh, ".engage-waiting", shown);
    swap(fresh, ".engage-share-place", shown);
    swap(fresh, ".engage-rating-place", panel.lastElementChild);
    toEnd();
  });

  /** Puts the part of `fresh` in the place of ours, or after `before`; one that it does not have any more goes. */
  const swap = (fresh, selector, before) => {
    const [old, part] = [panel, fresh].map((one) => one.querySelector(selector));
    if (part && old) old.replaceWith(part);
    else if (part && before) before.after(part);
    else if (old) old.remove();
    if (part && window.htmx) window.htmx.process(part);
  };

  /** The chat is a message now: another tab left it as one. */
  const become = (fresh) => {
    outbox.forget();
    if (!panel.dataset.engageKey) {
      location.reload();
      return;
    }
    fresh.dataset.engageKey = panel.dataset.engageKey;
    panel.replaceWith(fresh);
    fresh.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true }));
  };

  const isAsleep = () => document.hidden || panel.hidden || /closed|note/.test(panel.dataset.engageStatus);

  const last = () => Math.max(0, ...[...list.querySelectorAll(".engage-message")].map(seqOf));

  const arm = () => {
    clearTimeout(timer);
    if (panel.isConnected && !isAsleep()) timer = later(isPushed ? SAFE : pause, poll);
  };

  const poll = async () => {
    if (isAsking || isAsleep() || !panel.isConnected) return;
    isAsking = true;
    clearTimeout(timer);
    try {
      const address = new URL(events, location.href);
      address.searchParams.set("after", last());
      if (isWriting) {
        address.searchParams.set("writing", "1");
        isWriting = false;
        toldAt = Date.now();
      }
      const expected = panel.querySelector(".engage-expected");
      if (expected) address.searchParams.set("shown", expected.dataset.engageShown);
      const response = await fetch(address, { headers: HEADERS, credentials: "same-origin", cache: "no-store" });
      if (response.status === 404 || response.status === 410) {
        setStatus("closed");
        return;
      }
      if (!response.ok) throw response;
      const before = panel.dataset.engageStatus;
      setStatus(response.headers.get("Engage-Status"));
      least = Math.max(1, Number(response.headers.get("Engage-Next")) || 3) * 1000;
      showTyping(response.headers.get("Engage-Typing"));
      noteLive(response.headers.get("Engage-Live"), response.headers.get("Engage-Voice"));
      const html = response.status === 200 ? await response.text() : "";
      const [news] = parse(html, ".engage-expected");
      if (news && expected) expected.replaceWith(news);
      const added = append(html);
      const hasNews = added && list.lastElementChild.dataset.role === "system"; // somebody else may be here now
      if (hasNews && before === panel.dataset.engageStatus) refresh();
      if (outbox.items().length) flush();
      pause = added || response.headers.has("Engage-Typing") ? least : Math.max(least, Math.min(MOST, pause * SLOWER));
    } catch {
      pause = Math.min(MOST_AFTER_FAILURE, pause * 2);
    } finally {
      isAsking = false;
      if (isWoken) hurry();
      else arm();
    }
  };

  const hurry = () => {
    isWoken = isAsking;
    pause = least;
    poll();
  };

  /** Asks now, because somebody told us that there is more: message `seq`, if known. */
  const wake = (seq) => {
    if (!seq || seq > last()) hurry();
  };

  /** Hands over to what goes on beside the words (a page that is shared): `id`, or nothing yet where its shopper wants it. */
  const attend = guard(async (id) => {
    const { engageShare: script, engageBegun: begun } = panel.dataset;
    if (script) (await import(scriptUrl(script))).attend({ panel, parse, scriptUrl }, id, begun);
  });
  /** The same for voices. */
  const speak = guard(async (id) => {
    const { engageVoice: script } = panel.dataset;
    if (script) (await import(scriptUrl(script))).attend({ panel, parse, scriptUrl }, id);
  });

  const noteLive = (id, voiceId) => {
    if (id && id !== live) attend(id);
    if (voiceId && voiceId !== voice) speak(voiceId);
    [live, voice] = [id, voiceId];
  };

  /** Has the conversation woken by push, where the shop has it; without it the clock goes on. */
  const listenForPush = guard(async () => {
    const { engagePush: url, engagePushId: topic, engagePushScript: script } = panel.dataset;
    if (!url || panel.dataset.engageStatus === "closed") return;
    const { join } = await import(scriptUrl(script));
    leave = join({
      url,
      topic,
      wake: (_conversation, seq) => (panel.isConnected ? wake(seq) : leave()),
      turn: (isUp) => {
        isPushed = isUp;
        pause = least;
        // What moved without a message since the last answer, before the stream stood, nobody will tell.
        if (isUp) hurry();
        else arm();
      },
    });
  });

  /** Shows what is not sent yet below all that is. */
  const showPending = () => {
    for (const old of list.querySelectorAll(".engage-pending")) old.remove();
    for (const { body } of outbox.items()) {
      const item = document.createElement("li");
      item.className = "engage-pending";
      item.textContent = body;
      const mark = document.createElement("em");
      mark.textContent = panel.dataset.engagePending || "not sent yet";
      item.append(" ", mark);
      list.append(item);
    }
    if (!outbox.items().length) say("");
    else toEnd();
  };

  const setText = (text) => {
    box.value = text;
    outbox.keepDraft(text);
  };

  const post = async ({ id, body, hasFiles }) => {
    const data = new FormData(form);
    data.set("body", body);
    data.set("client_id", id);
    data.set("after", last());
    if (files && !hasFiles) data.delete(files.name);
    const stop = new AbortController();
    const patience = later(hasFiles ? PATIENCE * 6 : PATIENCE, () => stop.abort());
    const response = await fetch(form.action, {
      method: "POST",
      body: data,
      headers: HEADERS,
      credentials: "same-origin",
      redirect: "error",
      signal: stop.signal,
    });
    const html = await response.text();
    clearTimeout(patience);
    return { html, response };
  };

  /** Sends one; after a login the forms of a page that was there before have an old token, so it is asked for once more. */
  const deliver = async (item) => {
    let { html, response } = await post(item);
    if (response.status === 403) {
      const fresh = await look();
      const token = fresh && fresh.querySelector('[name="csrfmiddlewaretoken"]');
      if (!token) return panel.dataset.engageUnsent;
      for (const old of panel.querySelectorAll('[name="csrfmiddlewaretoken"]')) old.value = token.value;
      ({ html, response } = await post(item));
    }
    const [refusal] = response.ok ? [] : parse(html, ".errorlist");
    if (refusal) return refusal.textContent.trim();
    if (response.status === 404 || response.status === 410) return panel.dataset.engageUnsent || "Not sent.";
    if (!response.ok) throw response;
    outbox.remove(item.id);
    append(html);
    return "";
  };

  /** What the server does not take goes back into the box, for the shopper to change; nothing after it goes out before. */
  const giveBack = (refusal) => {
    const items = outbox.items();
    for (const item of items) outbox.remove(item.id);
    const texts = items.map((item) => item.body);
    if (!texts.includes(box.value)) texts.push(box.value);
    setText(texts.join("\n").trim());
    showPending();
    say(refusal);
  };

  /** Sends all that is not sent, in its order; what fails stays and goes out with the next try. */
  const flush = () =>
    alone(outbox.key, async () => {
      if (isSending) return;
      isSending = true;
      panel.setAttribute("data-engage-sending", "");
      try {
        for (let item; (item = outbox.items()[0]); ) {
          const refusal = await deliver(item);
          if (refusal) {
            giveBack(refusal);
            return;
          }
          if (box.value === item.body) setText("");
          showPending();
        }
        toEnd();
        hurry();
      } catch {
        for (const item of outbox.items()) if (box.value === item.body) setText("");
        showPending();
        say(panel.dataset.engageUnsent || "Not sent yet. It goes out by itself when the connection is back.");
      } finally {
        isSending = false;
        panel.removeAttribute("data-engage-sending");
      }
    });

  /** Files cannot be kept for later: such a message goes out now, behind all that waits, or stays where it is. */
  const sendFiles = async () => {
    if (outbox.items().length) await flush();
    if (outbox.items().length || isSending) return;
    isSending = true;
    panel.setAttribute("data-engage-sending", "");
    say("");
    try {
      const refusal = await deliver({ id: filesId, body: box.value, hasFiles: true });
      if (refusal) return say(refusal);
      filesId = newId();
      files.value = "";
      setText("");
      toEnd();
      hurry();
    } catch {
      sayFailed();
    } finally {
      isSending = false;
      panel.removeAttribute("data-engage-sending");
    }
  };

  const send = () => {
    if (files && files.value) {
      sendFiles();
      return;
    }
    if (isSending || !box.value.trim()) return;
    outbox.add(box.value);
    outbox.keepDraft("");
    isWriting = false;
    flush();
  };

  /** What stands in the box goes along; what is on its way goes first. */
  const takeAlong = (event) => {
    if (outbox.items().length) {
      event.preventDefault();
      event.stopImmediatePropagation();
      flush();
      return;
    }
    event.target.querySelector('[name="body"]').value = box.value;
    outbox.keepDraft("");
    isWriting = false;
  };

  const resize = (isSmallNow) => {
    panel.toggleAttribute("data-engage-minimised", isSmallNow);
    if (minimise) {
      minimise.setAttribute("aria-expanded", String(!isSmallNow));
      minimise.textContent = isSmallNow ? minimise.dataset.engageRestore || words : words;
    }
    remember(isSmallNow);
    badge();
    if (!isSmallNow) toEnd();
  };

  listen(panel, "click", (event) => {
    const control = event.target.closest('[data-engage-do="minimise"]');
    if (control) resize(!isSmall());
    if (event.target.closest('[data-engage-do="share"]')) attend("");
    if (event.target.closest('[data-engage-do="voice"]')) speak("");
  });
  listen(panel, "engage:close", (event) => {
    if (panel.dataset.engageStatus === "closed") {
      remember(false);
      return;
    }
    if (!minimise) return;
    event.preventDefault();
    resize(true);
    minimise.focus();
  });
  listen(document, "visibilitychange", () => (document.hidden ? clearTimeout(timer) : hurry()));
  new MutationObserver(guard(hurry)).observe(panel, { attributes: true, attributeFilter: ["hidden"] });
  listen(panel, "submit", (event) => {
    if (!event.target.matches(".engage-act") || !event.submitter) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    answer(event.target, event.submitter.value);
  }, { capture: true });
  if (form && box) {
    // Before htmx hears of it: the same form works with htmx alone where this script is missing.
    listen(panel, "submit", (event) => {
      if (event.target.matches(".engage-instead")) takeAlong(event);
      if (event.target !== form) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      send();
    }, { capture: true });
    listen(box, "keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      send();
    });
    listen(box, "input", () => {
      pause = least;
      isWriting = Boolean(box.value.trim());
      if (isWriting && Date.now() - toldAt > TELL) poll();
      outbox.keepDraft(box.value);
    });
    listen(window, "online", () => {
      if (outbox.items().length) flush();
      hurry();
    });
    listen(window, "storage", (event) => {
      if (event.key !== outbox.key || !panel.isConnected) return;
      showPending();
      hurry();
    });
    if (panel.dataset.engageStatus === "closed") end();
    else if (!box.value) box.value = outbox.draft();
    if (outbox.items().length) {
      showPending();
      flush();
    }
  }
  list.setAttribute("aria-live", "polite");
  list.tabIndex = 0;
  resize(isSmall() || wasSmall());
  poll();
  listenForPush();
};
