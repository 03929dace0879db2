/** What does an open conversation need? Polling while it is looked at, messages once and in order, and nothing typed ever lost. */

import { HEADERS, parse, scriptUrl } from "./fragments.js";
import { guard, later, listen } from "./guard.js";

const NEXT = 3000;
const MOST = 15000;
const MOST_AFTER_FAILURE = 60000;
/** Each quiet answer makes the pause longer by this factor. */
const SLOWER = 1.2;
/** While a stream wakes us, we ask this seldom (ms) all the same. */
const SAFE = 45000;
const END = 60;
const SMALL = "engage-chat-min";

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

const newId = () =>
  crypto.randomUUID
    ? crypto.randomUUID()
    : "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
        (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16));

/** Starts the conversation in `panel`. */
export const start = (panel) => {
  const list = panel.querySelector(".engage-messages");
  const form = panel.querySelector("form.engage-form");
  const box = form && form.querySelector("textarea");
  const events = panel.dataset.engageEvents;
  let pause = NEXT;
  let least = NEXT;
  let timer;
  let isAsking = false;
  let isWoken = false;
  let isPushed = false;
  let leave = () => {};
  let isSending = false;
  let unread = 0;

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

  const append = (html) => {
    const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < END;
    let added = 0;
    for (const item of parse(html, ".engage-message")) {
      const seq = seqOf(item);
      const items = [...list.querySelectorAll(".engage-message")];
      if (items.some((other) => seqOf(other) === seq)) continue;
      list.insertBefore(item, items.find((other) => seqOf(other) > seq) || null);
      added += 1;
      if (item.dataset.role !== "shopper") unread += 1;
    }
    if (added && isAtEnd) toEnd();
    badge();
    return added;
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
      for (const each of panel.querySelectorAll("form")) each.hidden = true;
    }
    refreshStatus();
  };

  /** The words for a status are the server's: take them from the panel as it is now. */
  const refreshStatus = guard(async () => {
    const address = new URL(events.replace(/events\/$/, ""), location.href);
    address.searchParams.set("fragment", "1");
    const response = await fetch(address, { headers: HEADERS, credentials: "same-origin", cache: "no-store" });
    const shown = panel.querySelector(".engage-status");
    const [fresh] = response.ok ? parse(await response.text(), ".engage-status") : [];
    if (shown && fresh) shown.textContent = fresh.textContent;
  });

  const isAsleep = () => document.hidden || panel.hidden || panel.dataset.engageStatus === "closed";

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
      const response = await fetch(address, { headers: HEADERS, credentials: "same-origin", cache: "no-store" });
      if (response.status === 404 || response.status === 410) {
        setStatus("closed");
        return;
      }
      if (!response.ok) throw response;
      setStatus(response.headers.get("Engage-Status"));
      least = Math.max(1, Number(response.headers.get("Engage-Next")) || 3) * 1000;
      const added = response.status === 200 ? append(await response.text()) : 0;
      pause = added ? least : Math.max(least, Math.min(MOST, pause * SLOWER));
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
        arm();
      },
    });
  });

  const send = async () => {
    if (isSending || !box.value.trim()) return;
    isSending = true;
    panel.setAttribute("data-engage-sending", "");
    const id = form.querySelector('[name="client_id"]');
    if (id && !id.value) id.value = newId();
    const sent = box.value;
    say("");
    try {
      const response = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: HEADERS,
        credentials: "same-origin",
        redirect: "error",
      });
      const html = await response.text();
      const [refusal] = parse(html, ".errorlist");
      if (refusal) {
        say(refusal.textContent.trim());
        return;
      }
      if (!response.ok) throw response;
      if (box.value === sent) box.value = "";
      if (id) id.value = newId();
      toEnd();
      append(html);
      hurry();
    } catch {
      // The same client_id goes out again with the next try, so nothing is said twice.
      say(panel.dataset.engageUnsent || "Not sent. Please try again: your text is still here.");
    } finally {
      isSending = false;
      panel.removeAttribute("data-engage-sending");
    }
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
  if (form && box) {
    // Before htmx hears of it: the same form works with htmx alone where this script is missing.
    listen(panel, "submit", (event) => {
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
    });
  }
  list.setAttribute("aria-live", "polite");
  list.tabIndex = 0;
  resize(isSmall() || wasSmall());
  poll();
  listenForPush();
};
