/** How does a draft stand on this page? Placed as an offer is, for staff only: nothing is sensed, sent or opened. */

import { resolve } from "./anchors.js";
import { heightOfBar } from "./bar.js";
import { root } from "./config.js";
import { later } from "./guard.js";
import { mount } from "./offer.js";

/** An offer that found no place by then has none here (ms). */
const PLACED_BY = 600;

const draft = document.getElementById("engage-preview");
const element = draft && draft.content.firstElementChild;

const say = (words) => {
  const note = document.createElement("p");
  note.className = "engage-trouble";
  note.setAttribute("role", "status");
  note.textContent = words;
  root.append(note);
};

if (element && root) {
  document.documentElement.style.setProperty("--engage-lift", `${heightOfBar()}px`);
  const { engageAnchor: slot, engageWidget: kind } = element.dataset;
  const place = slot ? resolve(slot) : null;
  const { engageTold: told, engageFieldHelp: script } = draft.dataset;
  if (told) {
    import(new URL(script, location.href)).then(({ look }) => {
      if (!look(JSON.parse(told))) say(draft.dataset.engageMissing);
    }, () => say(draft.dataset.engageMissing));
  } else if (slot && !place && /^(balloon|survey)$/.test(kind)) {
    say(draft.dataset.engageMissing);
  } else {
    // What stands for a while only would be gone before it was looked at.
    delete element.dataset.engageCloses;
    mount({ element, slot, place, isSeen: false, focusedBefore: null }, () => {}, () => {});
    later(PLACED_BY, () => {
      if (element.hasAttribute("data-engage-away")) say(draft.dataset.engageFull);
    });
  }
}
