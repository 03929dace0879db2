/* The desk with several conversations: opening beside each other, focus, drafts, typing, title, sound, counting, shortcuts.
   Without this file the desk is plain pages. Nothing is run from a text, no style is written: a strict CSP holds. */
(function () {
  "use strict";

  var MOST = 3;
  var TYPING_STEP = 3000;
  var WRITING_LASTS = 6500;
  var console_ = document.getElementById("engage-console");
  if (!console_ || !window.htmx) return;
  var cards = document.getElementById("engage-cards");
  var about = document.getElementById("engage-context");
  var news = document.getElementById("engage-news");
  var focusField = document.getElementById("engage-focus");
  var writingField = document.getElementById("engage-writing");
  var used = []; // public ids, the one used last at the end
  var sending = {};
  var noting = {}; // by the id of its place: a note is on its way
  var typed = {}; // by the same: what stood in it before it changed
  var shopTitle = document.title;

  function store(kind, key, value) {
    try {
      if (value === undefined) return window[kind].getItem(key);
      if (value === "") window[kind].removeItem(key);
      else window[kind].setItem(key, value);
    } catch (error) {
      // storage is off: the choice lasts for this page
    }
    return null;
  }

  function all(selector, within) {
    return Array.prototype.slice.call((within || document).querySelectorAll(selector));
  }

  function cardsShown() {
    return all("[data-engage-card]", cards);
  }

  function idOf(card) {
    return card.dataset.engageCard;
  }

  function cardOf(publicId) {
    return document.getElementById("engage-card-" + publicId);
  }

  function boxOf(card) {
    return card.querySelector("form[data-engage-reply] textarea");
  }

  /* focus, and what stands beside it */

  function focusOn(card, isQuiet) {
    var publicId = idOf(card);
    used = used.filter(function (one) { return one !== publicId; }).concat(publicId);
    if (focusField.value === publicId && card.hasAttribute("data-engage-focused")) return;
    cardsShown().forEach(function (other) { other.toggleAttribute("data-engage-focused", other === card); });
    focusField.value = publicId;
    remember();
    if (!isQuiet) showAbout(card);
    look();
  }

  function showAbout(card) {
    window.htmx.ajax("GET", card.dataset.engageAbout, { target: about, swap: "innerHTML", source: about });
  }

  function look() {
    window.htmx.trigger(news, "engage:look");
  }

  // what is said to be written ends by itself: where push wakes us and the clock rests, we look when it has
  var later = null;

  function lookLater() {
    clearTimeout(later);
    later = setTimeout(look, WRITING_LASTS);
  }

  function remember() {
    var shown = cardsShown();
    console_.dataset.engageCards = shown.length;
    var query = shown.map(function (card) { return "open=" + encodeURIComponent(idOf(card)); });
    if (focusField.value) query.push("focus=" + encodeURIComponent(focusField.value));
    history.replaceState(history.state, "", location.pathname + (query.length ? "?" + query.join("&") : ""));
    var jump = document.querySelector(".engage-console-jump");
    all("[href^='#engage-card']", jump).forEach(function (link) { link.remove(); });
    shown.forEach(function (card) {
      var link = document.createElement("a");
      link.href = "#" + card.id;
      link.textContent = card.querySelector("h2 a").textContent.slice(0, 14);
      jump.insertBefore(link, jump.lastElementChild);
    });
  }

  /* opening beside the others, and putting aside */

  function open(link) {
    var there = cardOf(link.dataset.engageId);
    if (there) return goTo(there);
    if (cardsShown().length >= MOST && !makeRoom()) {
      location.assign(link.href);
      return null;
    }
    return window.htmx.ajax("GET", link.dataset.engageOpen, { target: cards, swap: "beforeend", source: link }).then(function () {
      var card = cardOf(link.dataset.engageId);
      if (card) goTo(card);
      else remember();
    });
  }

  function makeRoom() {
    var order = cardsShown().sort(function (one, other) { return used.indexOf(idOf(one)) - used.indexOf(idOf(other)); });
    var least = order.find(function (card) {
      var box = boxOf(card);
      return !box || !box.value.trim();
    });
    if (!least) return false;
    putAside(least);
    return true;
  }

  function goTo(card) {
    focusOn(card);
    (boxOf(card) || card).focus();
    card.scrollIntoView({ block: "nearest" });
    toEnd(card);
  }

  function putAside(card) {
    var form = card.querySelector("form.engage-aside");
    fetch(form.action, { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" }, credentials: "same-origin" })
      .catch(function () {});
    var wasFocused = focusField.value === idOf(card);
    card.remove();
    if (wasFocused) {
      focusField.value = "";
      about.textContent = "";
    }
    remember();
  }

  // a card that came by itself, as made-up shoppers do: the first one is looked at, no other takes the focus
  function arrived() {
    all("form[data-engage-reply]", cards).forEach(restore);
    if (focusField.value) remember();
    else if (cardsShown().length) focusOn(cardsShown()[0]);
  }

  function toEnd(card) {
    var frame = card.querySelector("[data-engage-scroll]");
    if (frame) frame.scrollTop = frame.scrollHeight;
  }

  /* what came is shown once, and the end of it is in view */

  function tidy(list) {
    var seen = {};
    all("li[data-seq], li[data-note]", list).forEach(function (item) {
      var key = item.dataset.seq || "note " + item.dataset.note;
      if (seen[key]) item.remove();
      seen[key] = true;
    });
    list.parentElement.scrollTop = list.parentElement.scrollHeight;
  }

  /* drafts */

  function draftKey(publicId) {
    return "engage-draft-" + publicId;
  }

  function restore(form) {
    var box = form && form.querySelector("textarea");
    if (!box || box.value) return;
    var kept = store("sessionStorage", draftKey(form.dataset.engageReply));
    if (kept) box.value = kept;
  }

  function afterReplySwap(place) {
    var form = place.querySelector("form[data-engage-reply]");
    var publicId = form ? form.dataset.engageReply : place.id.replace("engage-reply-", "");
    var box = form && form.querySelector("textarea");
    if (sending[publicId] !== undefined) {
      delete sending[publicId];
      if (box && !box.value) store("sessionStorage", draftKey(publicId), "");
      if (box) box.focus();
    } else restore(form);
  }

  /* counting: the words are the server's, the seconds are ours */

  function count() {
    var now = Date.now() / 1000;
    all("[data-engage-until]").forEach(function (place) {
      var left = Math.round(Number(place.dataset.engageUntil) - now);
      var whole = Math.abs(left);
      var minutes = Math.floor(whole / 60);
      var hours = Math.floor(minutes / 60);
      var seconds = String(whole % 60).padStart(2, "0");
      var text = hours ? hours + ":" + String(minutes % 60).padStart(2, "0") + ":" + seconds : minutes + ":" + seconds;
      place.textContent = hours > 99 ? "" : (left < 0 ? "−" : "") + text;
    });
  }

  /* title and sound */

  function isOn(name) {
    var chosen = store("localStorage", "engage-desk-" + name);
    return chosen === null ? name === "keys" : chosen === "1";
  }

  var number = 0;

  function announce(isFirst) {
    var queue = document.getElementById("engage-queue");
    var current = Number(queue && queue.dataset.engageNumber) || 0;
    document.title = (current ? "(" + current + ") " : "") + shopTitle;
    if (!isFirst && current > number && isOn("sound")) tone();
    number = current;
  }

  var audio = null;

  function tone() {
    var Context = window.AudioContext || window.webkitAudioContext;
    if (!Context) return;
    audio = audio || new Context();
    var wave = audio.createOscillator();
    var volume = audio.createGain();
    var at = audio.currentTime;
    wave.frequency.setValueAtTime(660, at);
    wave.frequency.setValueAtTime(880, at + 0.09);
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.12, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.28);
    wave.connect(volume);
    volume.connect(audio.destination);
    wave.start(at);
    wave.stop(at + 0.3);
  }

  function showChoices() {
    all("[data-engage-set]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(isOn(button.dataset.engageSet)));
    });
  }

  /* shortcuts */

  function nextUnread() {
    var card = cardsShown().find(function (one) {
      return !one.hasAttribute("data-engage-focused") && one.querySelector(".engage-card-state [data-engage-unread]");
    });
    if (card) return goTo(card);
    var entry = all("#engage-queue .engage-entries > li").find(function (item) {
      var link = item.querySelector("[data-engage-open]");
      return link && item.querySelector(".engage-badge-unread") && link.dataset.engageId !== focusField.value;
    });
    var waiting = document.querySelector("[aria-labelledby='engage-waiting'] [data-engage-open]");
    var link = entry ? entry.querySelector("[data-engage-open]") : waiting;
    return link ? open(link) : null;
  }

  var SHORTCUTS = {
    KeyN: nextUnread,
    KeyT: function () { submit(document.getElementById("engage-next")); },
    KeyS: function () {
      var search = document.getElementById("engage-desk-search");
      if (search) search.focus(); // there is none where agents practise
    },
    Digit1: function () { write(0); },
    Digit2: function () { write(1); },
    Digit3: function () { write(2); }
  };

  function write(index) {
    var card = cardsShown()[index];
    if (card) goTo(card);
  }

  function submit(form) {
    if (form) form.requestSubmit();
  }

  function showHelp() {
    var dialog = document.getElementById("engage-keys");
    if (dialog.showModal && !dialog.open) dialog.showModal();
  }

  function isField(element) {
    return element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);
  }

  document.addEventListener("keydown", function (event) {
    if (!isOn("keys") || event.ctrlKey || event.metaKey || event.repeat || event.isComposing) return;
    if (document.querySelector("dialog[open]")) return;
    var isChord = event.altKey && event.shiftKey;
    if (!isChord && (event.altKey || isField(event.target))) return;
    if (!isChord && event.key === "?") {
      event.preventDefault();
      showHelp();
      return;
    }
    if (!isChord && event.shiftKey) return;
    var act = SHORTCUTS[event.code];
    if (!act) return;
    event.preventDefault();
    act();
  });

  /* what people and htmx do */

  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[data-engage-open]");
    if (link && !(event.ctrlKey || event.metaKey || event.shiftKey || event.button)) {
      event.preventDefault();
      open(link);
      return;
    }
    var choice = event.target.closest("[data-engage-set]");
    if (choice) {
      var isNow = !isOn(choice.dataset.engageSet);
      store("localStorage", "engage-desk-" + choice.dataset.engageSet, isNow ? "1" : "0");
      showChoices();
      if (isNow && choice.dataset.engageSet === "sound") tone();
    }
    if (event.target.closest("[data-engage-help]")) showHelp();
  });

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.matches("form.engage-aside")) {
      event.preventDefault();
      var card = form.closest("[data-engage-card]");
      var place = cardsShown().indexOf(card);
      putAside(card);
      var next = cardsShown()[Math.min(place, cardsShown().length - 1)];
      if (next) goTo(next);
      else document.getElementById("engage-inbox").focus();
      return;
    }
    if (form.dataset.engageReply) sending[form.dataset.engageReply] = form.querySelector("textarea").value;
    if (form.querySelector("input[name=console]")) {
      all("input[name=shown]", form).forEach(function (field) { field.remove(); });
      cardsShown().forEach(function (one) {
        var field = document.createElement("input");
        field.type = "hidden";
        field.name = "shown";
        field.value = idOf(one);
        form.appendChild(field);
      });
    }
  }, true);

  cards.addEventListener("focusin", function (event) {
    var card = event.target.closest("[data-engage-card]");
    if (card) focusOn(card);
  });
  cards.addEventListener("click", function (event) {
    var card = event.target.closest("[data-engage-card]");
    if (card) focusOn(card);
  });

  var wroteAt = 0;
  cards.addEventListener("input", function (event) {
    var form = event.target.closest("form[data-engage-reply]");
    if (!form || event.target.tagName !== "TEXTAREA") return;
    store("sessionStorage", draftKey(form.dataset.engageReply), event.target.value);
    if (Date.now() - wroteAt < TYPING_STEP || !event.target.value.trim()) return;
    wroteAt = Date.now();
    writingField.value = form.dataset.engageReply;
    look();
  });

  document.addEventListener("htmx:configRequest", function (event) {
    if (event.detail.elt !== news) return;
    if (document.hidden) event.detail.parameters.focus = ""; // what nobody sees is not read
    writingField.value = "";
  });

  // a note that is being written outlives what else changes on its card; one that was sent does not come back
  function placeOfNote(element) {
    return element && element.closest && element.closest("[id^='engage-note-form-']");
  }

  document.addEventListener("htmx:beforeRequest", function (event) {
    var place = placeOfNote(event.detail.elt);
    if (place) noting[place.id] = true;
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    var place = placeOfNote(event.detail.elt);
    if (place) delete noting[place.id];
  });

  document.addEventListener("htmx:oobBeforeSwap", function (event) {
    var place = document.getElementById(event.detail.target.id);
    if (!place || !/^engage-note-form-/.test(place.id)) return;
    var box = place.querySelector("textarea");
    typed[place.id] = { text: noting[place.id] ? "" : box.value, isOpen: place.querySelector("details").open };
  });

  function restoreNote(place) {
    var had = typed[place.id];
    delete typed[place.id];
    if (!had || !had.text) return;
    place.querySelector("textarea").value = had.text;
    place.querySelector("details").open = had.isOpen;
  }

  document.addEventListener("htmx:oobAfterSwap", function (event) {
    var target = event.detail.target;
    if (!target || !target.id) return;
    if (target.matches(".engage-transcript")) tidy(target);
    if (target === cards) arrived();
    if (/^engage-reply-/.test(target.id)) afterReplySwap(document.getElementById(target.id));
    if (/^engage-note-form-/.test(target.id)) restoreNote(document.getElementById(target.id));
    if (target.id === "engage-queue") announce(false);
    if (target.matches(".engage-attention") && target.querySelector(".engage-writing")) lookLater();
    count();
  });

  document.addEventListener("htmx:afterSwap", function (event) {
    var target = event.detail.target;
    if (target && target.matches && target.matches(".engage-transcript")) tidy(target);
    if (target === about && !focusField.value) about.textContent = ""; // it came too late: that one was put aside
    if (target === cards) {
      all("form[data-engage-reply]", cards).forEach(restore);
      cardsShown().forEach(toEnd);
      count();
    }
  });

  document.addEventListener("engage:shopper", function () {
    var card = cardOf(focusField.value);
    if (card && !document.hidden && !about.contains(document.activeElement)) showAbout(card);
  });

  document.addEventListener("visibilitychange", function () {
    if (!document.hidden) look();
  });

  function begin() {
    all("form[data-engage-reply]", cards).forEach(restore);
    cardsShown().forEach(function (card) {
      toEnd(card);
      used.push(idOf(card));
    });
    var card = cardOf(focusField.value);
    if (card) focusOn(card, true);
    var comfort = document.getElementById("engage-comfort");
    if (comfort) comfort.hidden = false;
    showChoices();
    announce(true);
    count();
    setInterval(count, 1000);
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
