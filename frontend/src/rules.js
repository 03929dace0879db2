/**
 * The rule editor's conveniences in the dashboard; it works without this file. After a swap the focus goes where the change
 * happened, a long list is shortened by typing, and Enter searches instead of sending the form.
 */
const all = (selector) => [...document.querySelectorAll(selector)];
const listOf = (filter) => document.getElementById(filter.dataset.engageFilter);
const on = (name, act) => document.addEventListener(name, act);

/** Shows the searches above the lists in which nothing is chosen yet. */
function showFilters() {
  for (const filter of all("[data-engage-filter]")) filter.hidden = listOf(filter).value;
}

/** Leaves in the list what has all the words, in its own name or its group's, and returns it. */
function shorten(filter) {
  const words = filter.value.toLowerCase().split(/\s+/);
  return [...listOf(filter).options].filter((option) => {
    const text = `${option.parentElement.label ?? ""} ${option.text}`.toLowerCase();
    const fits = !option.value || words.every((word) => text.includes(word));
    option.hidden = option.disabled = !fits;
    return fits && option.value;
  });
}

on("DOMContentLoaded", () => {
  showFilters();
  for (const summary of all("[data-engage-summary]")) summary.focus();
});

on("htmx:afterSettle", () => {
  showFilters();
  for (const next of all("[data-engage-focus]")) {
    next.removeAttribute("data-engage-focus");
    const [filter] = next.value ? [] : all(`[data-engage-filter="${next.id}"]`);
    (filter || next).focus();
  }
});

// What was pressed is disabled until the answer comes, which takes the focus from it; without an answer it goes back.
on("htmx:afterRequest", ({ detail: { elt, successful } }) => {
  const [place] = all("[data-engage-unanswered]");
  place.textContent = successful ? "" : place.dataset.engageUnanswered;
  if (!successful && document.activeElement === document.body) elt.focus();
});

on("input", ({ target }) => {
  if (!target.dataset.engageFilter) return;
  const found = target.nextElementSibling;
  found.textContent = found.dataset.engageFound.replace("{count}", shorten(target).length);
});

on("keydown", (event) => {
  const { target, key } = event;
  const isFilter = target.dataset.engageFilter;
  if (key !== "Enter" || !(isFilter || target.matches("[data-engage-find]"))) return;
  event.preventDefault();
  if (!isFilter) return target.parentElement.querySelector("button").click();
  const [first] = shorten(target);
  if (!first) return;
  const list = listOf(target);
  list.value = first.value;
  list.focus();
  list.dispatchEvent(new Event("change", { bubbles: true }));
});
