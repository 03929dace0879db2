/* The board's dragging, and its rest while somebody is about to do something; everything works without this file. */
(function () {
  "use strict";

  var dragged = null;

  function board() {
    return document.getElementById("engage-board");
  }

  function prepare() {
    document.querySelectorAll("[data-engage-ticket]").forEach(function (card) {
      card.draggable = true;
    });
  }

  function columnOf(event) {
    return event.target.closest ? event.target.closest("[data-engage-drop]") : null;
  }

  function light(column) {
    document.querySelectorAll("[data-engage-over]").forEach(function (lit) {
      if (lit !== column) lit.removeAttribute("data-engage-over");
    });
    if (column) column.setAttribute("data-engage-over", "");
  }

  function letGo() {
    if (dragged) dragged.removeAttribute("data-engage-dragged");
    dragged = null;
    light(null);
  }

  // dropping a card is sending the form of its own "Move to…"
  function drop(card, column) {
    var list = card.querySelector("select[name=queue]");
    var key = column.getAttribute("data-engage-drop");
    var has = Array.prototype.some.call(list.options, function (option) {
      return option.value === key;
    });
    if (!has) return;
    list.value = key;
    list.form.requestSubmit();
  }

  document.addEventListener("dragstart", function (event) {
    var card = event.target.closest && event.target.closest("[data-engage-ticket]");
    if (!card) return;
    dragged = card;
    card.setAttribute("data-engage-dragged", "");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.id);
  });

  document.addEventListener("dragover", function (event) {
    var column = dragged && columnOf(event);
    light(column);
    if (column) event.preventDefault();
  });

  document.addEventListener("drop", function (event) {
    var column = dragged && columnOf(event);
    if (!column) return;
    event.preventDefault();
    drop(dragged, column);
    letGo();
  });

  document.addEventListener("dragend", letGo);

  // the poll rests while a card is in the air or somebody fills in a form
  function isBusy() {
    var focused = document.activeElement;
    return dragged !== null || Boolean(focused && board().contains(focused) && focused.closest("details[open] form"));
  }

  document.addEventListener("htmx:beforeRequest", function (event) {
    if (event.target.id === "engage-board-poll" && isBusy()) event.preventDefault();
  });

  var opened = [];

  document.addEventListener("htmx:beforeSwap", function (event) {
    var detail = event.detail;
    if (detail.target !== board()) return;
    // somebody else was quicker: the answer is the board as it is now, with what happened
    if (detail.xhr.status === 409) {
      detail.shouldSwap = true;
      detail.isError = false;
    }
    opened = [];
    if (detail.requestConfig.verb !== "get") return;
    document.querySelectorAll("#engage-board details[open]").forEach(function (one) {
      opened.push(one.id);
    });
  });

  document.addEventListener("htmx:afterSettle", function (event) {
    prepare();
    opened.forEach(function (id) {
      var one = document.getElementById(id);
      if (one) one.open = true;
    });
    opened = [];
    // what was pressed is gone: go on where the answer stands; a poll moves nobody
    var config = event.detail.requestConfig;
    if (!config || config.verb !== "post" || document.activeElement !== document.body) return;
    var answer = document.querySelector("#engage-board-wrong [tabindex]") || document.getElementById("engage-board-undo");
    if (answer) answer.focus();
  });

  document.addEventListener("DOMContentLoaded", prepare);
})();
