/** How is a place described so that it is found again? By marks, by structure and by words, each tried before it is kept. */

import { all, byWords, classesOf, HEADINGS, labelFor, NAMED, wordsOf } from "./picked.js";

const MOST_MARKS = 3;
const MOST_SCOPES = 8;
const LONGEST = 300;
const ATTRIBUTES = ["name", "itemprop", "for", "aria-controls", "data-behaviours", "data-oscar"];
/** A name without a number in it: those with one belong to a product, a row, a day. */
const STABLE = /^[a-z][a-z_:.-]{0,39}$/i;

const isOnly = (selector, element) => {
  const found = selector.length <= LONGEST ? all(selector) : [];
  return found.length === 1 && found[0] === element;
};

/** The end of an address behind the last number or name of a thing: "/reviews/add/". */
const endOf = (address) => {
  const parts = new URL(address, location.href).pathname.split("/").filter(Boolean);
  if (/^[a-z]{2}(-[a-z]{2,4})?$/i.test(parts[0] || "")) parts.shift();
  const at = parts.findLastIndex((part) => /\d/.test(part));
  const fixed = parts.slice(at + 1).join("/");
  return at === parts.length - 1 || !/^[a-z/_-]{3,60}$/i.test(fixed) ? "" : `/${fixed}/`;
};

/** What `element` is called, the strongest first, as parts of a selector. */
const namesOf = (element) => {
  const names = [];
  if (STABLE.test(element.id)) names.push(`#${CSS.escape(element.id)}`);
  for (const name of ATTRIBUTES) {
    const value = element.getAttribute(name);
    if (value && STABLE.test(value)) names.push(`[${name}="${CSS.escape(value)}"]`);
  }
  for (const name of ["href", "action"]) {
    const end = element.hasAttribute(name) && endOf(element.getAttribute(name));
    if (end) names.push(`[${name}*="${end}"]`);
  }
  return [...names, ...classesOf(element).map((name) => `.${CSS.escape(name)}`)];
};

/** A selector that stands for `element` alone, by one of its names, or an empty text. */
const nameAlone = (element) =>
  namesOf(element).map((name) => (name[0] === "#" ? name : element.localName + name)).find((name) => isOnly(name, element)) || "";

const scopesOf = (element) => {
  const scopes = [];
  for (let up = element.parentElement; up && up !== document.documentElement && scopes.length < MOST_SCOPES; up = up.parentElement) {
    const name = nameAlone(up);
    if (name) scopes.push(name);
  }
  return scopes;
};

const marksOf = (element) => {
  const tag = element.localName;
  const scopes = scopesOf(element);
  const before = element.previousElementSibling;
  const beside = before ? nameAlone(before) : "";
  const marks = [];
  for (const name of [...namesOf(element), ""]) {
    const own = tag + name;
    // Within what it stands in first: what is alone by its class here may have company on the next page.
    const within = [...scopes.flatMap((scope) => [`${scope} ${own}`, `${scope} > ${own}`]), ...(beside ? [`${beside} + ${own}`] : [])];
    const tries = name[0] === "#" ? [own] : [...within, own];
    const mark = tries.find((selector) => isOnly(selector, element));
    // Without a name of its own only what it stands in or beside can tell it; that is weaker, and needed only then.
    if (mark && (name || !marks.length)) marks.push(mark);
    if (marks.length === MOST_MARKS) break;
  }
  return marks;
};

const pathOf = (element) => {
  const steps = [];
  for (let step = element; step !== document.body && step.parentElement; step = step.parentElement) {
    const tag = step.localName;
    const scope = step === element ? "" : nameAlone(step);
    if (scope) {
      steps.unshift(scope);
      break;
    }
    const alike = [...step.parentElement.children].filter((other) => other.localName === tag);
    steps.unshift(`${tag}:nth-of-type(${alike.indexOf(step) + 1})`);
  }
  const path = steps.join(" > ");
  return isOnly(path, element) ? path : "";
};

/** The ways by words that could lead to `element`, the surest first; `nth` says which one of several. */
const waysOf = function* (element) {
  if (element.matches(NAMED)) yield { rel: "own", of: element.localName, words: wordsOf(element), nth: 0 };
  const named = labelFor(element);
  const heading = element.querySelector(`${HEADINGS}, legend, caption`);
  if (heading && heading.localName !== "h1") {
    let nth = 0;
    for (let up = heading; up !== element; up = up.parentElement) nth += 1;
    yield { rel: "holds", of: heading.localName, words: wordsOf(heading), nth };
  }
  if (!named) return;
  for (let nth = 0; nth < 20; nth += 1) yield { rel: named.rel, of: named.label.localName, words: wordsOf(named.label), nth };
};

const wordsWay = (element, print) => {
  for (const words of waysOf(element)) {
    if ((words.words || words.of === "h1") && byWords({ words, print }) === element) return words;
  }
  return null;
};

/** What the server keeps of `element`, picked on a page of `kind`: words of the page's own, never a value of a field. */
export const describe = (element, kind) => {
  const named = labelFor(element);
  const print = {
    tag: element.localName,
    type: element.getAttribute("type") || "",
    role: element.getAttribute("role") || "",
    classes: classesOf(element).slice(0, 8),
    words: element.matches(NAMED) ? wordsOf(element) : "",
    // The page's title is the product's: what stands under it cannot be told by it. A heading speaks for itself.
    beside: named && named.label.localName !== "h1" && !element.matches(HEADINGS) ? wordsOf(named.label) : "",
    lang: document.documentElement.lang,
    kind,
  };
  return { marks: marksOf(element), path: pathOf(element), words: wordsWay(element, print), print };
};
