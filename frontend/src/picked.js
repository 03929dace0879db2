/**
 * Where is a place that staff picked on the live page? Three ways to look for it, which know nothing of each other; where two
 * of them lead to the same element, and nothing about that speaks against it, it is the one. Otherwise nowhere.
 */

import { isDisplayed } from "./anchors.js";
import { later } from "./guard.js";

export const OURS = "#engage-root, .engage-help-place, .engage-picker";
export const HEADINGS = "h1, h2, h3, h4, h5, h6";
/** What is named by its own words: they do not change from product to product. */
export const NAMED = "h2, h3, h4, h5, h6, th, dt, label, legend, caption, summary, button";
const MOST_WORDS = 80;
/** What is not found at once may still come: so long it is looked for (ms). */
const PATIENCE = 5000;
/** Of each place it is told once a page whether it was found. */
const told = new Set();

/** All that match `selector` outside our own elements; a selector that the browser does not take finds nothing. */
export const all = (selector) => {
  try {
    return [...document.querySelectorAll(selector)].filter((element) => !element.closest(OURS));
  } catch {
    return [];
  }
};

/** The only one of `elements`, or `null`. */
const only = (elements) => (elements.length === 1 ? elements[0] : null);

/** The text of `element` without what somebody could have typed into it. */
export const bare = (element) => {
  const copy = element.cloneNode(true);
  for (const field of copy.querySelectorAll("input, select, textarea, [contenteditable], script, style")) field.remove();
  return copy.textContent.replace(/\s+/g, " ").trim();
};

/** Its words, numbers left out: "Reviews (3)" stays the same with the fourth. */
export const wordsOf = (element) => bare(element).toLowerCase().replace(/[^\p{L}]+/gu, " ").trim().slice(0, MOST_WORDS);

/** Classes that say what an element is; not those of a grid, of a state, or that a tool made up. */
export const classesOf = ({ classList }) =>
  [...classList].filter((name) =>
    /^[a-z][\w-]{2,39}$/i.test(name) && !/\d|^(is|has|js|ng|v|css|sc|d|m[trblxy]?|p[trblxy]?|col|text|float|engage)-/.test(name) &&
    !/^(active|open|show|shown|hidden|hide|collapsed?|collapsing|disabled|selected|current|first|last|fade|in|hover|focus|row)$/.test(name));

/** Whether `element` could be what was picked, by tag and classes alone. */
const isLike = (element, { tag, classes }) => {
  const own = classesOf(element);
  return element.localName === tag && (classes.length ? classes.some((name) => own.includes(name)) : !own.length);
};

/** The part of the page that a heading can speak for: what it says of a banner is not said of what comes after it. */
const partOf = (heading) => heading.closest("section, article, aside, nav, header, footer, main, dialog, [role]") || document.body;

/** What names `element` from outside: its own label, the head of its row, or the heading it stands under; as `{rel, label}`. */
export const labelFor = (element) => {
  const label = element.labels && element.labels[0];
  if (label) return { rel: "label", label };
  const row = element.closest("tr");
  const head = row && row.querySelector("th");
  if (head && head !== element && !head.contains(element)) return { rel: "row", label: head };
  const term = element.localName === "dd" && element.previousElementSibling;
  if (term && term.localName === "dt") return { rel: "row", label: term };
  const before = all(HEADINGS).filter((heading) =>
    heading.compareDocumentPosition(element) === Node.DOCUMENT_POSITION_FOLLOWING && partOf(heading).contains(element));
  return before.length ? { rel: "under", label: before.pop() } : null;
};

/** What stands between `heading` and the next of its rank. */
const under = (heading, tag) => {
  const ranks = [1, 2, 3, 4, 5, 6].slice(0, Number(heading.localName[1])).map((rank) => `h${rank}`).join();
  const end = all(ranks).find((next) => heading.compareDocumentPosition(next) === Node.DOCUMENT_POSITION_FOLLOWING);
  return all(CSS.escape(tag)).filter((element) =>
    heading.compareDocumentPosition(element) === Node.DOCUMENT_POSITION_FOLLOWING &&
    !(end && end.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING) && !element.contains(end));
};

/** First way: by what the element is called in the markup. Several names of it have to agree. */
const byMarks = ({ marks }) => {
  const named = marks.map((mark) => only(all(mark))).filter(Boolean);
  return named.every((element) => element === named[0]) ? named[0] : null;
};

/** Second way: by where it stands in the document's structure. */
const byPath = ({ path }) => (path ? only(all(path)) : null);

/** Third way: by words of the page, its own or those that name it. A page has one `h1`, whatever it says. */
export const byWords = ({ words: way, print }) => {
  if (!way) return null;
  const { rel, of, words, nth = 0 } = way;
  const found = all(CSS.escape(of));
  const label = only(of === "h1" && rel !== "own" ? found : found.filter((element) => wordsOf(element) === words));
  if (!label || rel === "own") return label;
  if (rel === "label") return label.control || null;
  if (rel === "holds") {
    let holder = label;
    for (let step = 0; holder && step < nth; step += 1) holder = holder.parentElement;
    return holder;
  }
  const near = rel === "row"
    ? [...label.parentElement.querySelectorAll(CSS.escape(print.tag))].filter((one) => one !== label)
    : under(label, print.tag);
  return near.filter((element) => isLike(element, print))[nth] || null;
};

const shareWord = (one, two) => one.split(" ").some((word) => two.split(" ").includes(word));

/** Words are compared where the page speaks the language in which it was picked. */
const contradicts = (element, { tag, type, role, words, beside, lang }) => {
  if (element.localName !== tag || (element.getAttribute("type") || "") !== type) return true;
  if ((element.getAttribute("role") || "") !== role || !isDisplayed(element)) return true;
  if (lang !== document.documentElement.lang) return false;
  if (words && element.matches(NAMED) && !shareWord(words, wordsOf(element))) return true;
  const named = beside && labelFor(element);
  return Boolean(beside) && !(named && shareWord(beside, wordsOf(named.label)));
};

/** What each of the three ways leads to on this page, and the element that at least two agree on: `{found, votes}`. */
export const vote = (picked, kind = "") => {
  const ways = [byMarks, byPath, byWords].map((way) => {
    try {
      return way(picked);
    } catch {
      return null;
    }
  });
  const { print } = picked;
  const found = (!print.kind || !kind || print.kind === kind) &&
    ways.find((element, at) => element && ways.indexOf(element) !== at && !contradicts(element, print));
  return { found: found || null, votes: ways.filter((element) => found && element === found).length };
};

/** The element that was picked as `picked`, or `null`; `kind` is the kind of page that this one is. */
export const find = (picked, kind) => vote(picked, kind).found;

/** Lets `offered` find its place, which was picked on a live page, and tells whether it did; a balloon without one is taken away. */
export const lookFor = (offered, { kind, signal, finish }) => {
  const { element, slot } = offered;
  const picked = JSON.parse(element.dataset.engagePicked);
  const tell = (found) => {
    if (told.has(slot) || picked.print.kind !== kind) return;
    told.add(slot);
    signal("page.picked", { anchor: slot, found });
  };
  offered.find = () => {
    const found = find(picked, kind);
    if (found) tell(true);
    return found && { element: found };
  };
  later(PATIENCE, () => {
    if (!element.isConnected || offered.place) return;
    tell(false);
    if (/^(balloon|survey)$/.test(element.dataset.engageWidget)) finish();
  });
};
