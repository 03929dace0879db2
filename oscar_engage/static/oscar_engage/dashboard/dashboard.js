/* Small conveniences for our dashboard pages; every page works without this file. */
(function () {
  "use strict";

  // an error summary is read out first, and its links lead to the fields
  function focusSummary() {
    var summary = document.querySelector("[data-engage-summary]");
    if (summary) summary.focus();
  }

  function scrollTranscript() {
    var list = document.querySelector("[data-engage-scroll]");
    if (list) list.scrollTop = list.scrollHeight;
  }

  // what a page needs beyond this file is loaded once, when it is there
  var loaded = {};

  function loadScripts() {
    document.querySelectorAll("[data-engage-script]").forEach(function (element) {
      var address = element.getAttribute("data-engage-script");
      if (loaded[address]) return;
      loaded[address] = true;
      var script = document.createElement("script");
      script.src = address;
      document.head.appendChild(script);
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    focusSummary();
    scrollTranscript();
    loadScripts();
  });

  document.addEventListener("htmx:afterSettle", loadScripts);

  document.addEventListener("htmx:afterSwap", function (event) {
    if (event.target && event.target.id === "engage-transcript") scrollTranscript();
  });

  // what refreshes itself rests while nobody sees it
  document.addEventListener("htmx:beforeRequest", function (event) {
    if (document.hidden && event.target.closest && event.target.closest("[data-engage-rests]")) event.preventDefault();
  });

  // what somebody opened on a page that refreshes itself stays open
  var unfolded = {};
  document.addEventListener("htmx:beforeSwap", function () {
    document.querySelectorAll("details[data-engage-stays]").forEach(function (one) { unfolded[one.id] = one.open; });
  });
  document.addEventListener("htmx:afterSwap", function () {
    document.querySelectorAll("details[data-engage-stays]").forEach(function (one) {
      if (one.id in unfolded) one.open = unfolded[one.id];
    });
  });

  // on a conversation's own page, its poll tells that an answer is being written
  var wroteAt = 0;
  document.addEventListener("input", function (event) {
    if (event.target.closest && event.target.closest("form[data-engage-reply]")) wroteAt = Date.now();
  });
  document.addEventListener("htmx:configRequest", function (event) {
    if (event.detail.elt.id === "engage-poll" && Date.now() - wroteAt < 4000) event.detail.parameters.writing = "1";
  });

  // what is said to be written ends by itself: where push wakes the page and its clock rests, it looks when that has
  document.addEventListener("htmx:oobAfterSwap", function (event) {
    var place = event.detail.target;
    var poll = document.getElementById("engage-poll");
    if (!poll || !place || place.id !== "engage-attention" || !place.querySelector(".engage-writing")) return;
    setTimeout(function () { window.htmx.trigger(poll, "engage:wake"); }, 6500);
  });

  // Ctrl+Enter sends a reply
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    var form = event.target.closest && event.target.closest("form[data-engage-reply]");
    if (form) {
      event.preventDefault();
      // pressed and not only submitted: htmx would take the button that was pressed last, such as the one that finds a product
      var send = form.querySelector("button.btn-primary:not([name])");
      if (send) send.click();
    }
  });
})();
