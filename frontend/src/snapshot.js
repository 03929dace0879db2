/** What does the page look like, without anything that was typed into it? Inert, masked markup; a field's value is never read. */

import { hideCards } from "./cards.js";
import { OWN_WORDS } from "./private.js";

const MOST = 512 * 1024;
const DEEPEST = 90;
const PIN = ' id="engage-pin"';
const BULLETS = "•••••";
/** Stands among the texts where a row of a table begins or ends: a card's number may fill cells of one, never go on in the next. */
const ROW = -1;
const KEPT = new Set(("a abbr article aside b blockquote br button caption cite code col colgroup dd del details div dl dt em fieldset " +
  "figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins label legend li main mark nav ol p pre q s section small span strong " +
  "sub summary sup table tbody td tfoot th thead time tr u ul wbr").split(" "));
const VOID = new Set(["br", "col", "hr", "img", "wbr"]);
/** Gone with all that is in them. */
const GONE = "script, style, noscript, template, iframe, frame, object, embed, link, meta, base, svg, math, canvas, video, audio, map, " +
  'input[type="hidden" i], option, datalist, #engage-root, .engage-help-place';
/** Only where they stand is told. */
const FIELDS = 'input, select, textarea, output, [contenteditable]:not([contenteditable="false" i]), [role="textbox"], [role="combobox"]';

/** Bullets stand for the words in these. */
const MASKED = `[data-engage-mask], ${OWN_WORDS}`;

const escape = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

const ownPath = (url) => {
  try {
    const { origin, pathname } = new URL(url, location.href);
    return origin === location.origin ? pathname : "";
  } catch {
    return "";
  }
};

const attribute = (name, text) => (text ? ` ${name}="${escape(String(text))}"` : "");

const isShown = (element) => !element.checkVisibility || element.checkVisibility();

/** The markup of `region`; nothing when it is longer than `MOST`. */
const write = (region, pin) => {
  const parts = [];
  const texts = [];
  let size = 0;
  const put = (part) => {
    size += part.length;
    if (size > MOST) throw new RangeError("too long");
    parts.push(part);
  };
  const say = (text) => {
    texts.push(parts.length);
    put(text);
  };
  const walk = (node, depth, isMasked) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const text = node.nodeValue.replace(/\s+/g, " ");
      if (text) say(isMasked && text !== " " ? BULLETS : text);
    }
    if (node.nodeType !== Node.ELEMENT_NODE || depth > DEEPEST || node.matches(GONE) || !isShown(node)) return;
    const isBlocked = node.hasAttribute("data-engage-block");
    const isField = node.matches(FIELDS);
    const isHidden = isMasked || node.matches(MASKED);
    let tag = node.localName;
    if (isField) tag = "span";
    else if (isBlocked || !KEPT.has(tag)) tag = "div";
    put(`<${tag}${attribute("class", node.getAttribute("class"))}${node === pin ? PIN : ""}`);
    for (const name of ["lang", "dir", "colspan", "rowspan"]) put(attribute(name, node.getAttribute(name)));
    if (tag === "img" && !isHidden) {
      put(`${attribute("src", ownPath(node.currentSrc || node.src))}${attribute("width", node.width)}${attribute("height", node.height)} alt="`);
      say(node.alt);
      put('"');
    }
    if (tag === "tr") texts.push(ROW);
    put(tag === "details" && node.open ? ' open="">' : ">");
    if (VOID.has(tag)) return;
    if (isField) put(BULLETS);
    else if (!isBlocked) for (const child of node.childNodes) walk(child, depth + 1, isHidden);
    if (tag === "tr") texts.push(ROW);
    put(`</${tag}>`);
  };
  try {
    walk(region, 1, Boolean(region.parentElement.closest("[data-engage-mask]")));
  } catch (error) {
    if (error instanceof RangeError) return "";
    throw error;
  }
  const masked = hideCards(texts.map((at) => (at === ROW ? "|" : parts[at])));
  texts.forEach((at, index) => {
    if (at !== ROW) parts[at] = escape(masked[index]);
  });
  const html = parts.join("");
  return new TextEncoder().encode(html).length > MOST ? "" : html;
};

/** The page, and where it is too long, ever smaller regions around `element`. */
const regions = (element) => {
  const found = [];
  for (let region = element || document.querySelector("main, [role=main], h1"); region && region !== document.documentElement; region = region.parentElement) {
    found.unshift(region);
  }
  if (found[0] !== document.body) found.unshift(document.body);
  return found;
};

const isPrivate = (element) => Boolean(element.closest(`[data-engage-block], ${FIELDS}`));

/** A copy of the page with a pin at `element`, or `null` where even what stands around it is too long. */
export const takeSnapshot = (element) => {
  let html = "";
  for (const region of regions(element)) {
    html = (region === document.body || !isPrivate(region)) && write(region, element);
    if (html) break;
  }
  if (!html) return null;
  const box = element && element.getBoundingClientRect();
  return {
    v: 1,
    html,
    styles: [...document.styleSheets].map(({ href, disabled }) => (href && !disabled ? ownPath(href) : "")).filter(Boolean).slice(0, 40),
    view: [innerWidth, innerHeight],
    scroll: [Math.round(scrollX), Math.round(scrollY)],
    pin: box && [box.left + scrollX, box.top + scrollY, box.width, box.height].map(Math.round),
  };
};

/** The same as a document to look at. */
export const documentOf = ({ html, styles }) =>
  `<!doctype html><meta charset="utf-8">${styles.map((path) => `<link rel="stylesheet" href="${escape(path)}">`).join("")}${html}`;
