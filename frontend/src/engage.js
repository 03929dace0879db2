/** The script of every page: starts when the browser is idle, wires the clicks, and never lets an error out. */

import { heightOfBar } from "./bar.js";
import { askAgain, connect, signal } from "./beat.js";
import { config, root } from "./config.js";
import { watchFields } from "./fields.js";
import { scriptUrl } from "./fragments.js";
import { afterPaint, guard, later, listen, settled } from "./guard.js";
import { adopt, adoptPage, calmDown, closePanel, openPanel } from "./panel.js";
import { watchPlaces } from "./seen.js";
import { startSensors } from "./sensors.js";
import { watchStruggles } from "./struggles.js";
import { finish, isOffering, receive, showing } from "./widgets.js";

const OURS = "[data-engage-do], [data-engage-open], #engage-help, .engage-panel a[href]";

const onClick = (event) => {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const control = event.target.closest(OURS);
  if (!control) return;
  const panel = control.closest(".engage-panel");
  const widget = control.closest("[data-engage-widget]");
  const { engageDo: act, engageOpen } = control.dataset;
  const isOurLink = control.id === "engage-help" || (panel && control.pathname && control.pathname.startsWith(config.base));
  const open = engageOpen || (isOurLink && !control.target ? control.href : "");
  if (open) event.preventDefault();
  if (panel && act === "close") {
    event.preventDefault();
    closePanel(panel);
  }
  if (act === "minimise") calmDown();
  let from = control;
  if (widget && (act === "accept" || act === "dismiss")) from = finish(act === "accept" ? "accepted" : "dismissed");
  else if (open) finish();
  if (open && act !== "dismiss") {
    const { engageDecision: decision, engageAnchor: anchor } = widget ? widget.dataset : control.dataset;
    return openPanel(open, { from: panel ? null : from, context: { decision, anchor } });
  }
  return undefined;
};

const onKey = (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  const panel = event.target.closest && event.target.closest(".engage-panel");
  if (panel) closePanel(panel);
  else if (isOffering()) finish("dismissed");
};

let lift = 0;

/** A property on the root has the whole page restyled, so it is set only where it changes something. */
const liftOverBar = () => {
  const height = heightOfBar();
  if (height === lift) return;
  lift = height;
  document.documentElement.style.setProperty("--engage-lift", `${lift}px`);
};

const wire = () => {
  connect(showing, receive);
  listen(document, "click", onClick);
  listen(document, "keydown", onKey);
  listen(document, "engage:consent", askAgain);
  listen(root, "focusin", loadMore); // a panel may bring what the page had not
  listen(root, "htmx:load", (event) => {
    const panel = event.target.closest(".engage-panel");
    if (panel) adopt(panel, document.activeElement === document.body);
  });
};

/** Asking what stands where lays the page out: after a paint that is done already, before one we would pay for it. */
const watchBar = () => {
  listen(window, "resize", settled(200, liftOverBar));
  afterPaint(liftOverBar);
};

/** What only some pages need: the server names these scripts, each with the selector of what it is for. Each starts once. */
const loadMore = () => {
  const needed = config.more.filter(([selector]) => document.querySelector(selector));
  config.more = config.more.filter((pair) => !needed.includes(pair));
  return Promise.all(needed.map(async ([, url]) => (await import(scriptUrl(url))).start({ openPanel, signal })));
};

/** Each step is a task of its own: together they would hold up a slow phone. */
const start = guard(() => {
  wire();
  for (const step of [watchPlaces, watchFields, watchStruggles, startSensors, adoptPage, watchBar, loadMore]) later(0, step);
});

if (config.beat && root && window.fetch) {
  if (window.requestIdleCallback) requestIdleCallback(start, { timeout: 2000 });
  else setTimeout(start, 200);
}
