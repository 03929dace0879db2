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

  document.addEventListener("DOMContentLoaded", function () {
    showFilters();
    focusSummary();
    scrollTranscript();
  });

  document.addEventListener("htmx:afterSwap", function (event) {
    if (event.target && event.target.id === "engage-transcript") scrollTranscript();
  });

  // what refreshes itself rests while nobody sees it
  document.addEventListener("htmx:beforeRequest", function (event) {
    if (document.hidden && event.target.closest && event.target.closest("[data-engage-rests]")) event.preventDefault();
  });

  // after adding, moving or removing a line in the editor the focus goes where the change happened
  document.addEventListener("htmx:afterSettle", function () {
    showFilters();
    var next = document.querySelector("[data-engage-focus]");
    if (!next) return;
    next.removeAttribute("data-engage-focus");
    next.removeAttribute("autofocus");
    var filter = !next.value && document.querySelector('[data-engage-filter="' + next.id + '"]');
    (filter || next).focus();
  });

  // above a long list in which nothing is chosen yet stands a search that shortens it
  function showFilters() {
    document.querySelectorAll("[data-engage-filter]").forEach(function (filter) {
      filter.hidden = Boolean(document.getElementById(filter.dataset.engageFilter).value);
    });
  }

  function matching(filter) {
    var words = filter.value.toLowerCase().split(/\s+/);
    var list = document.getElementById(filter.dataset.engageFilter);
    return Array.from(list.options).filter(function (option) {
      var group = option.closest("optgroup");
      var text = ((group ? group.label + " " : "") + option.text).toLowerCase();
      var fits = !option.value || words.every(function (word) { return text.includes(word); });
      option.hidden = option.disabled = !fits;
      return fits && option.value;
    });
  }

  document.addEventListener("input", function (event) {
    var filter = event.target.closest("[data-engage-filter]");
    if (!filter) return;
    var status = filter.nextElementSibling;
    status.textContent = status.dataset.engageFound.replace("%d", matching(filter).length);
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Enter") return;
    var filter = event.target.closest("[data-engage-filter]");
    var search = event.target.closest("[data-engage-find]");
    if (filter || search) event.preventDefault();
    if (search) search.parentElement.querySelector("button").click();
    var first = filter && matching(filter)[0];
    if (!first) return;
    var list = document.getElementById(filter.dataset.engageFilter);
    list.value = first.value;
    list.focus();
    list.dispatchEvent(new Event("change", { bubbles: true }));
  });

  // Ctrl+Enter sends a reply
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    var form = event.target.closest && event.target.closest("form[data-engage-reply]");
    if (form) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
})();
