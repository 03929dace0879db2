/** What of a recording leaves the browser? What draws, without words that are nobody's business. The server looks again. */

import { hideCards } from "./cards.js";
import { OWN_WORDS } from "./private.js";

const KEPT = new Set(("class id dir lang role colspan rowspan span width height for start reversed open hidden disabled multiple size rows cols " +
  "scope align valign border media type rel src href style alt title placeholder label _cssText rr_width rr_height rr_scrollTop rr_scrollLeft " +
  "viewBox fill stroke stroke-width stroke-linecap stroke-linejoin fill-rule clip-rule d points cx cy r rx ry x y x1 x2 y1 y2 opacity xmlns").split(" "));
/** What is said in words, and what is seen: gone where the shop marked something as private. */
const TELLING = new Set(["alt", "title", "placeholder", "label", "src", "style"]);
const EMPTY = new Set("script noscript template iframe frame object embed canvas video audio map math base meta textarea option datalist title".split(" "));
const MAIL = /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g;
const BLOCK = "tr, p, li, dl, label, div, section, form, article, main, body";
const MOST_AROUND = 300;
const ROW = "|";
const PRIVATE = `[data-engage-mask], [data-engage-block], ${OWN_WORDS}`;

/** Where text is masked by the recorder itself. */
export const MASKED = OWN_WORDS + ', [data-engage-mask], [contenteditable]:not([contenteditable="false" i]), [role="textbox"], [role="combobox"], output, select, textarea, option';
/** What leaves an empty box of its size. Our own panels are not shown: what is said in the chat is read in the chat. */
export const BLOCKED = '[data-engage-block], input[type="hidden" i], #engage-root, .engage-help-place, iframe, object, embed, canvas, video, audio';
export const BULLETS = "•••••";

const ownFile = (url) => {
  try {
    const { origin, pathname } = new URL(url, location.href);
    return origin === location.origin ? pathname : origin + pathname;
  } catch {
    return "";
  }
};

const css = (text) => text.replace(/url\([^)]*\)/gi, "none");

const attribute = (name, value, tag) => {
  if (name === "src") return tag && tag !== "img" ? undefined : ownFile(value);
  if (name === "href") return tag === "link" || !tag ? ownFile(value) : "#";
  if (name === "style" && value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, typeof one === "string" ? css(one) : one && [css(one[0]), one[1]]]));
  }
  return name === "style" || name === "_cssText" ? css(String(value)) : value;
};

const attributes = (given, tag, isPrivate) => {
  const kept = {};
  for (const [name, value] of Object.entries(given || {})) {
    const isKept = (KEPT.has(name) || name.startsWith("aria-")) && !(isPrivate && (TELLING.has(name) || name.startsWith("aria-")));
    const shown = isKept && (value === null ? null : attribute(name, value, tag));
    if (isKept && shown !== undefined && shown !== "") kept[name] = shown;
    else if (isKept && value === "") kept[name] = "";
  }
  return kept;
};

/** Returns what strips events; `nodeOf(id)` is the element or text in the page. */
export const stripper = (nodeOf) => {
  const isPrivate = (id) => {
    const node = nodeOf(id);
    const element = node && (node.nodeType === 1 ? node : node.parentElement);
    return Boolean(element && element.closest(PRIVATE));
  };

  /** Collects the words of what is walked through in `said`, to be looked at together: a card's number may be many elements. */
  const walk = (node, said, inside, isHidden) => {
    if (node.type === 3) {
      if (inside === "style") node.textContent = css(node.textContent);
      else if (isHidden && node.textContent.trim()) node.textContent = BULLETS;
      else said.push([node, "textContent", node.id]);
      return node;
    }
    if (node.type === 2) {
      const tag = node.tagName;
      const hides = isHidden || isPrivate(node.id);
      if (tag === "tr") said.push(null);
      if (tag === "input" && /^hidden$/i.test(node.attributes.type)) node.attributes = {};
      node.attributes = attributes(node.attributes, tag, hides);
      for (const name of ["alt", "title", "placeholder", "label", "aria-label"]) {
        if (node.attributes[name]) said.push([node.attributes, name]);
      }
      if (node.needBlock || (EMPTY.has(tag) && !node.isSVG)) node.childNodes = [];
      for (const child of node.childNodes) walk(child, said, tag, hides);
      if (tag === "tr") said.push(null);
      return node;
    }
    for (const child of node.childNodes || []) walk(child, said, "", isHidden);
    return node;
  };

  const mask = (said) => {
    const masked = hideCards(said.map((at) => (at ? String(at[0][at[1]]) : ROW)));
    said.forEach((at, index) => {
      if (at) at[0][at[1]] = masked[index].replace(MAIL, "[e-mail]");
    });
  };

  /** What changed comes in no order of the page: a number is looked for among the words that stand beside it there. */
  const maskInPlace = (at) => {
    const node = at && at[2] && /\d/.test(at[0][at[1]]) ? nodeOf(at[2]) : null;
    const around = node && node.parentElement && node.parentElement.closest(BLOCK);
    if (!around) return;
    const walker = document.createTreeWalker(around, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode() && texts.length < MOST_AROUND) texts.push(walker.currentNode);
    const index = texts.indexOf(node);
    if (index < 0) return;
    const was = texts.map((one) => one.data);
    const masked = hideCards(was);
    if (masked[index] !== was[index]) at[0][at[1]] = masked[index];
  };

  const mutation = (data) => {
    const said = [];
    for (const text of data.texts) if (text.value) said.push([text, "value", text.id]);
    data.attributes = data.attributes
      .map(({ id, attributes: changed }) => {
        const node = nodeOf(id);
        const kept = attributes(changed, node && node.localName, isPrivate(id));
        for (const name of ["alt", "title", "placeholder", "label", "aria-label"]) if (kept[name]) said.push([kept, name]);
        return { id, attributes: kept };
      })
      .filter((one) => Object.keys(one.attributes).length);
    for (const { node, parentId } of data.adds) {
      const parent = nodeOf(parentId);
      walk(node, said, (parent && parent.localName) || "", isPrivate(parentId));
    }
    mask(said);
    said.forEach(maskInPlace);
    const { source, texts, attributes: changed, removes, adds } = data;
    return texts.length + changed.length + removes.length + adds.length ? { source, texts, attributes: changed, removes, adds } : null;
  };

  const cleanData = ({ type, data }) => {
    if (type === 4) return { href: "", width: data.width, height: data.height };
    if (type === 2) {
      const said = [];
      walk(data.node, said, "", false);
      mask(said);
      return data;
    }
    if (type !== 3) return null;
    if (data.source === 0) return mutation(data);
    return [1, 2, 3, 4, 6].includes(data.source) ? data : null;
  };

  /** The event as it may be sent, or `null`. */
  return (event) => {
    const data = cleanData(event);
    return data && { type: event.type, data, timestamp: event.timestamp };
  };
};
