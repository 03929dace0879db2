/**
 * What stands in this page for this visitor? Asked once, for all places of the page together; a place is filled otherwise only
 * where nothing on the screen moves by it, and never under the shopper's hands.
 */

import { HEADERS, parse } from "./fragments.js";
import { guard } from "./guard.js";

const PLACE = "[data-engage-segment]";

const placesOf = () => [...document.querySelectorAll(PLACE)];

/** Whether `fresh` takes no more room in the place of `place`; measured unseen. */
const fits = (place, fresh) => {
  fresh.style.cssText = `position:absolute;visibility:hidden;width:${place.clientWidth}px`;
  place.after(fresh);
  const height = fresh.scrollHeight;
  fresh.remove();
  fresh.style.cssText = "";
  return height <= place.offsetHeight;
};

const swap = (place, fresh) => {
  if (place.contains(document.activeElement)) return;
  fresh.style.minHeight = `${place.offsetHeight}px`;
  place.replaceWith(fresh);
};

/** Fills the place at once where it fits or is out of view, else as soon as it is. */
const fill = (place, fresh) => {
  if (fits(place, fresh)) {
    swap(place, fresh);
    return;
  }
  const watcher = new IntersectionObserver(
    guard((entries) => {
      if (entries[entries.length - 1].isIntersecting) return;
      watcher.disconnect();
      swap(place, fresh);
    }));
  watcher.observe(place);
};

export const start = async () => {
  const { engageBeat } = document.querySelector("script[data-engage-beat]").dataset;
  const query = new URLSearchParams({ path: location.pathname });
  for (const ref of new Set(placesOf().map(({ dataset }) => dataset.engageSegment))) query.append("ref", ref);
  const address = `${engageBeat.replace(/beat\/$/, "segments/")}?${query}`;
  const response = await fetch(address, { headers: HEADERS, credentials: "same-origin", cache: "no-store" });
  if (response.status !== 200) return;
  for (const part of parse(await response.text(), PLACE)) {
    for (const place of placesOf()) {
      if (place.dataset.engageSegment === part.dataset.engageSegment) fill(place, part.cloneNode(true));
    }
  }
};
