/* Ready-made replies: "/" at the beginning of a line opens a list to choose from; without this file there is a select. */
(function () {
  "use strict";

  var MOST = 6; // shown at once: the list does not scroll
  var open = null; // { box, place, list, replies, found, at, start }
  var dismissed = null; // the line in which Escape was pressed: it stays closed there
  var number = 0;

  function placeOf(box) {
    var form = box.closest && box.closest("form[data-engage-reply]");
    return form && box.tagName === "TEXTAREA" ? form.querySelector("[data-engage-canned]") : null;
  }

  function words(place, name, value) {
    return (place.getAttribute("data-engage-" + name) || "").replace("#", String(value));
  }

  function say(place, text) {
    var region = place.querySelector("[data-engage-said]");
    if (!region) {
      region = document.createElement("span");
      region.className = "sr-only";
      region.setAttribute("role", "status");
      region.setAttribute("data-engage-said", "");
      place.appendChild(region);
    }
    region.textContent = text;
  }

  // where the line with the caret begins, and what follows its slash; null if it has none
  function slashed(box) {
    var caret = box.selectionStart;
    if (caret !== box.selectionEnd) return null;
    var start = box.value.lastIndexOf("\n", caret - 1) + 1;
    var line = box.value.slice(start, caret);
    return line.charAt(0) === "/" ? { start: start, end: caret, query: line.slice(1) } : null;
  }

  function plain(text) {
    return text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");
  }

  // every word that was typed begins a word of shortcut, title or text; what matches the shortcut comes first
  function filter(replies, query) {
    var wanted = plain(query).split(/\s+/).filter(Boolean);
    var ranked = [];
    replies.forEach(function (reply) {
      var shortcut = plain(reply.shortcut);
      var all = " " + plain(reply.title + " " + reply.text).replace(/[^\p{L}\p{N}]+/gu, " ");
      var isFound = wanted.every(function (word) {
        return shortcut.indexOf(word) === 0 || shortcut.indexOf("-" + word) >= 0 || all.indexOf(" " + word) >= 0;
      });
      if (isFound) ranked.push({ reply: reply, isFirst: wanted.length > 0 && shortcut.indexOf(wanted[0]) === 0 });
    });
    var first = ranked.filter(function (one) { return one.isFirst; });
    var rest = ranked.filter(function (one) { return !one.isFirst; });
    return first.concat(rest).slice(0, MOST).map(function (one) { return one.reply; });
  }

  function close() {
    if (!open) return;
    var box = open.box;
    open.list.remove();
    ["aria-controls", "aria-activedescendant", "aria-autocomplete", "aria-haspopup"].forEach(function (name) {
      box.removeAttribute(name);
    });
    open = null;
  }

  // A textarea may have no role of its own, so it stays a text box; that it controls a list box is said by what ARIA
  // allows there: aria-autocomplete, aria-haspopup, aria-controls and aria-activedescendant.
  function begin(box, place) {
    number += 1;
    var list = document.createElement("ul");
    list.id = "engage-canned-list-" + number;
    list.className = "engage-canned-list";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", words(place, "label", ""));
    list.hidden = true;
    box.insertAdjacentElement("afterend", list);
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-haspopup", "listbox");
    open = { box: box, place: place, list: list, replies: null, found: [], at: 0 };
    var mine = open;
    fetch(place.getAttribute("data-engage-canned"), { credentials: "same-origin", headers: { Accept: "application/json" } })
      .then(function (response) {
        if (!response.ok) throw response;
        return response.json();
      })
      .then(function (answer) {
        mine.replies = answer.replies;
        if (open === mine) show();
      })
      .catch(function () {
        if (open !== mine) return;
        close();
        say(place, words(place, "failed", ""));
      });
  }

  function show() {
    var line = slashed(open.box);
    if (!line) return close();
    open.found = filter(open.replies, line.query);
    open.at = 0;
    open.list.textContent = "";
    open.found.forEach(function (reply, position) {
      var option = document.createElement("li");
      option.id = open.list.id + "-" + position;
      option.setAttribute("role", "option");
      var title = document.createElement("strong");
      title.textContent = reply.title;
      var shortcut = document.createElement("code");
      shortcut.textContent = "/" + reply.shortcut;
      var text = document.createElement("span");
      text.textContent = reply.text.slice(0, 140);
      option.append(title, " ", shortcut, " ", text);
      open.list.append(option);
    });
    open.list.hidden = !open.found.length;
    if (open.found.length) open.box.setAttribute("aria-controls", open.list.id);
    else open.box.removeAttribute("aria-controls");
    mark();
    say(open.place, open.found.length ? words(open.place, "count", open.found.length) : words(open.place, "none", ""));
  }

  function mark() {
    Array.prototype.forEach.call(open.list.children, function (option, position) {
      option.setAttribute("aria-selected", String(position === open.at));
    });
    if (open.found.length) open.box.setAttribute("aria-activedescendant", open.list.id + "-" + open.at);
    else open.box.removeAttribute("aria-activedescendant");
  }

  function insert(reply) {
    var box = open.box;
    var place = open.place;
    var line = slashed(box);
    close();
    if (!line) return;
    box.setRangeText(reply.text, line.start, line.end, "end");
    box.focus();
    var marks = reply.text.match(/⟦[^⟦⟧]*⟧/g) || [];
    if (marks.length) {
      var at = box.value.indexOf(marks[0], line.start);
      box.setSelectionRange(at, at + marks[0].length);
    }
    say(place, words(place, "marks", marks.length));
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  document.addEventListener("input", function (event) {
    var box = event.target;
    var place = placeOf(box);
    if (!place) return;
    var line = slashed(box);
    if (!line || line.start !== dismissed) dismissed = null;
    if (!line || dismissed !== null) return close();
    if (!open || open.box !== box) {
      close();
      begin(box, place);
    } else if (open.replies) {
      show();
    }
  });

  // before the page's own keys: Enter chooses here and does not send
  document.addEventListener(
    "keydown",
    function (event) {
      if (!open || event.target !== open.box || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
      var last = open.found.length - 1;
      if (event.key === "Escape") {
        var line = slashed(open.box);
        dismissed = line ? line.start : null;
        close();
      } else if (last < 0) {
        return;
      } else if (event.key === "ArrowDown") {
        open.at = open.at === last ? 0 : open.at + 1;
        mark();
      } else if (event.key === "ArrowUp") {
        open.at = open.at === 0 ? last : open.at - 1;
        mark();
      } else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey) {
        insert(open.found[open.at]);
      } else {
        return;
      }
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );

  // the box keeps the focus while the mouse chooses
  document.addEventListener("mousedown", function (event) {
    if (open && open.list.contains(event.target)) event.preventDefault();
  });

  document.addEventListener("click", function (event) {
    if (!open) return;
    var option = event.target.closest && event.target.closest('[role="option"]');
    if (option && open.list.contains(option)) {
      insert(open.found[Array.prototype.indexOf.call(open.list.children, option)]);
    } else if (event.target !== open.box) {
      close();
    }
  });

  document.addEventListener("focusout", function (event) {
    if (open && event.target === open.box) close();
  });

  function tell() {
    document.querySelectorAll("[data-engage-slash]").forEach(function (hint) {
      hint.hidden = false;
    });
  }

  document.addEventListener("htmx:afterSettle", function () {
    if (open && !open.box.isConnected) open = null;
    tell();
  });
  tell();
})();
