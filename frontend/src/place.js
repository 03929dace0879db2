/** Where does an offer stand? Beside its anchor, on neither the anchor nor a button the shopper may need; otherwise nowhere. */

import { isNarrow } from "./config.js";

const EDGE = 8;
const GAP = 12;
/** The page's own controls, above all those that lead to the order: nothing of ours ever lies over one. */
const BUTTONS =
  '[data-engage-protect], #place-order, .page a[href*="/checkout/"], form [type="submit"]';
/** On a phone the head of the page may lie under a sheet for a moment: where the form fills the window, nothing else is free. */
const BUTTONS_BELOW_THE_HEAD =
  '[data-engage-protect], #place-order, .page a[href*="/checkout/"], form:not(header *, nav *, aside *) [type="submit"]';
const OPPOSITE = { bottom: "top", top: "bottom", left: "right", right: "left" };
const HAS_ANCHORS = CSS.supports("left", "anchor(--a left)");

const overlap = (one, two) =>
  one.left < two.right && two.left < one.right && one.top < two.bottom && two.top < one.bottom;

const isClear = (box, selector, anchor) =>
  !(anchor && overlap(box, anchor)) &&
  ![...document.querySelectorAll(selector)].some((button) => {
    const rect = button.getBoundingClientRect();
    return rect.width && overlap(box, rect) && !button.closest("#engage-root");
  });

const boxAt = (left, top, width, height) => ({ left, top, right: left + width, bottom: top + height });

const clamp = (value, most) => Math.max(EDGE, Math.min(value, most - EDGE));

/** The part of `rect` inside the window, or `null`. */
const inView = (rect) => {
  const left = Math.max(0, rect.left);
  const top = Math.max(0, rect.top);
  const right = Math.min(document.documentElement.clientWidth, rect.right);
  const bottom = Math.min(innerHeight, rect.bottom);
  return right - left > 4 && bottom - top > 4 ? { left, top, right, bottom } : null;
};

/** The first free place beside `anchor` as `{side, left, top}`, or `null`. */
const findPlace = (anchor, width, height, sides) => {
  const windowWidth = document.documentElement.clientWidth;
  const middle = (anchor.left + anchor.right) / 2;
  const centre = (anchor.top + anchor.bottom) / 2;
  for (const side of sides) {
    const isBlock = side === "top" || side === "bottom";
    const lefts = isBlock
      ? [middle - width / 2, anchor.left, anchor.right - width]
      : [side === "right" ? anchor.right + GAP : anchor.left - GAP - width];
    const tops = isBlock
      ? [side === "bottom" ? anchor.bottom + GAP : anchor.top - GAP - height]
      : [centre - height / 2, anchor.top, anchor.bottom - height];
    for (const wantedLeft of lefts) {
      for (const wantedTop of tops) {
        const left = isBlock ? clamp(wantedLeft, windowWidth - width) : wantedLeft;
        const top = isBlock ? wantedTop : clamp(wantedTop, innerHeight - height);
        const fits = left >= EDGE && top >= EDGE && left + width <= windowWidth - EDGE && top + height <= innerHeight - EDGE;
        if (fits && isClear(boxAt(left, top, width, height), BUTTONS, anchor)) return { side, left, top };
      }
    }
  }
  return null;
};

/** Puts `balloon` beside `anchor`; returns whether there was room. `side` is tried first. */
export const placeBalloon = (balloon, anchor, side = "bottom") => {
  const rect = anchor.getBoundingClientRect();
  const view = inView(rect);
  if (!view) return false;
  const { width, height } = balloon.getBoundingClientRect();
  const wished = balloon.dataset.engageSide || side;
  const place = findPlace(view, width, height, [...new Set([wished, side, OPPOSITE[side], "bottom", "top", "right", "left"])]);
  if (!place) return false;
  const { style } = balloon;
  balloon.dataset.engageSide = place.side;
  if (HAS_ANCHORS) {
    anchor.style.setProperty("anchor-name", "--engage-anchor");
    style.setProperty("position-anchor", "--engage-anchor");
    style.left = `calc(anchor(left) + ${place.left - rect.left}px)`;
    style.top = `calc(anchor(top) + ${place.top - rect.top}px)`;
  } else {
    style.left = style.top = "0";
    style.transform = `translate(${Math.round(place.left)}px, ${Math.round(place.top)}px)`;
  }
  const isBlock = place.side === "top" || place.side === "bottom";
  const arrow = isBlock ? (view.left + view.right) / 2 - place.left : (view.top + view.bottom) / 2 - place.top;
  style.setProperty("--engage-arrow", `${Math.round(Math.max(20, Math.min(arrow, (isBlock ? width : height) - 20)))}px`);
  return true;
};

/** Takes back what {@link placeBalloon} left on the shop's element. */
export const releaseAnchor = (anchor) => {
  anchor.style.removeProperty("anchor-name");
  if (!anchor.getAttribute("style")) anchor.removeAttribute("style");
};

/**
 * Puts a card or sheet at an edge of the window where it hides neither `anchor` nor a control of the page; returns whether it
 * could. A sheet with many words becomes a low one that scrolls, where only that fits.
 */
export const placeAtEdge = (card, anchor) => {
  card.removeAttribute("style");
  const view = anchor && inView(anchor.getBoundingClientRect());
  const isSheet = isNarrow();
  return (isSheet ? [false, true] : [false]).some((isLow) => {
    card.toggleAttribute("data-engage-low", isLow);
    return (isSheet ? ["bottom", "top"] : ["right", "left"]).some((edge) => {
      card.dataset.engageSide = edge;
      return isClear(card.getBoundingClientRect(), isSheet ? BUTTONS_BELOW_THE_HEAD : BUTTONS, view);
    });
  });
};
