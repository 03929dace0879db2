/**
 * The staff's tool on a page of the shop: point at a place by mouse, touch or keyboard, see how surely it is found again, give it
 * a name. Words and form come from the dashboard; no shopper is ever sent this script.
 */

import { isDisplayed } from "./anchors.js";
import { describe } from "./describe.js";
import { parse } from "./fragments.js";
import { listen } from "./guard.js";
import { labelOf } from "./note.js";
import { bare, OURS, vote } from "./picked.js";

export { describe, vote };

const tag = document.querySelector("script[data-engage-tool]");
const PARAMETERS = ["engage-pick", "engage-anchor"];
const NEEDED = 2;
const MOST_OWN = 60;

const asSlug = (text) => text.normalize("NFKD").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 64);

const begin = async () => {
  const here = new URL(location.href);
  const [, anchor] = PARAMETERS.map((name) => here.searchParams.get(name));
  const tool = new URL(tag.dataset.engageTool, location.href);
  if (tool.origin !== location.origin) return;
  if (anchor) tool.searchParams.set("anchor", anchor);
  const kind = tag.dataset.engageKind;

  const holder = document.createElement("div");
  const mark = document.createElement("div");
  mark.className = "engage-mark";
  mark.hidden = true;
  document.body.append(holder, mark);
  const stop = new AbortController();
  let target = null;
  let step = "";

  const find = (selector) => holder.querySelector(selector);
  const bar = () => find("[data-engage-bar]");
  const words = (name) => bar().dataset[name] || "";
  const say = (text) => {
    find("[data-engage-said]").textContent = text;
  };
  /** Its own words where they are few, else those that name it. */
  const nameOf = (element) => {
    const own = element.childElementCount < 4 ? bare(element) : "";
    return `${(own.length <= MOST_OWN && own) || labelOf(element)} <${element.localName}>`.trim();
  };

  const place = () => {
    mark.hidden = !target || !target.isConnected;
    if (mark.hidden) return;
    const { left, top, width, height } = target.getBoundingClientRect();
    mark.style.transform = `translate(${left}px, ${top}px)`;
    mark.style.width = `${width}px`;
    mark.style.height = `${height}px`;
  };
  const light = (element) => {
    if (!element || element === target || !document.body.contains(element) || element === document.body || element.closest(OURS)) return;
    target = element;
    place();
    say(nameOf(element));
  };
  const show = (name) => {
    step = name;
    for (const part of holder.querySelectorAll("[data-engage-step]")) part.hidden = part.dataset.engageStep !== name;
    bar().toggleAttribute("data-engage-picking", name === "pick");
  };

  const near = {
    parent: () => target.parentElement,
    child: () => [...target.children].find(isDisplayed),
    next: () => beside("nextElementSibling"),
    previous: () => beside("previousElementSibling"),
  };
  const beside = (way) => {
    for (let up = target; up && up !== document.body; up = up.parentElement) {
      for (let other = up[way]; other; other = other[way]) if (isDisplayed(other) && !other.closest(OURS)) return other;
    }
    return null;
  };
  const go = (way) => {
    if (!target) return light(document.querySelector("main, h1, #content_inner, .page") || document.body.firstElementChild);
    light(near[way]());
    target.scrollIntoView({ block: "nearest" });
    return place();
  };

  /** Only what would be found again here and now may be kept. */
  const choose = () => {
    if (!target) return say(words("nothing"));
    const picked = describe(target, kind);
    const { found, votes } = vote(picked, kind);
    if (found !== target || votes < NEEDED) return say(words("unsteady"));
    const form = find("form");
    form.elements.described.value = JSON.stringify(picked);
    form.elements.page_kind.value = kind;
    form.elements.example_path.value = location.pathname;
    if (!form.elements.label.value) form.elements.label.value = labelOf(target);
    if (!form.elements.slot.value) form.elements.slot.value = asSlug(form.elements.label.value);
    show("save");
    say(`${nameOf(target)}: ${words(`found${votes}`)}`);
    return form.elements.label.focus();
  };

  /** What the dashboard kept of the place is looked for on this page. */
  const tryHere = () => {
    const picked = JSON.parse(words("kept"));
    const { found, votes } = vote(picked, kind);
    if (picked.print.kind !== kind) return say(words("otherKind"));
    if (!found) {
      [target, mark.hidden] = [null, true];
      return say(words("lost"));
    }
    found.scrollIntoView({ block: "center" });
    target = found;
    place();
    return say(words(`found${votes}`));
  };

  const leave = () => {
    stop.abort();
    holder.remove();
    mark.remove();
  };
  const fill = async (response) => {
    if (!response.ok && response.status !== 422) throw response;
    const [fresh] = parse(await response.text(), "[data-engage-bar]");
    if (!fresh) throw response;
    holder.replaceChildren(fresh);
    show(fresh.dataset.engageBegin);
    return fresh;
  };
  const save = async (form) => {
    const url = new URL(form.getAttribute("action"), location.href);
    const fresh = await fill(await fetch(url, { method: "POST", body: new FormData(form), credentials: "same-origin", redirect: "error" }));
    if (fresh.dataset.engageBegin !== "saved") return find("[data-engage-wrong] a, input").focus();
    here.searchParams.set("engage-anchor", fresh.dataset.anchor);
    tryHere();
    return find('[data-engage-step="saved"] a, [data-engage-step="saved"] button').focus();
  };

  const acts = {
    choose,
    leave,
    again: () => {
      show("pick");
      say(target ? nameOf(target) : words("hint"));
    },
    ...Object.fromEntries(Object.keys(near).map((way) => [way, () => go(way)])),
  };
  const MOVES = { ArrowUp: "parent", ArrowDown: "child", ArrowRight: "next", ArrowLeft: "previous" };
  const hold = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  const options = { capture: true, signal: stop.signal };

  listen(document, "pointermove", ({ target: under }) => step === "pick" && light(under), options);
  listen(document, "mousedown", (event) => step === "pick" && !event.target.closest(OURS) && hold(event), options);
  listen(document, "click", (event) => {
    const ours = event.target.closest(OURS);
    const act = ours && event.target.closest("[data-engage-act]");
    if (act && holder.contains(act)) {
      hold(event);
      acts[act.dataset.engageAct]();
    } else if (!ours && step === "pick") {
      hold(event);
      light(event.target);
      choose();
    } else if (!ours) carry(event);
  }, options);
  listen(document, "keydown", (event) => {
    if (event.key === "Escape") {
      hold(event);
      if (step === "save") acts.again();
      else leave();
    } else if (step !== "pick" || event.altKey || event.ctrlKey || event.metaKey) return;
    else if (event.key in MOVES) {
      hold(event);
      go(MOVES[event.key]);
    } else if (event.key === "Enter" && !event.target.closest("button, a")) {
      hold(event);
      choose();
    }
  }, options);
  listen(document, "submit", (event) => {
    if (!holder.contains(event.target)) return;
    hold(event);
    say(words("saving"));
    save(event.target).catch(() => say(words("failed")));
  }, options);
  listen(window, "scroll", place, { passive: true, capture: true, signal: stop.signal });
  listen(window, "resize", place, { signal: stop.signal });

  /** The tool comes along to the page that a link leads to. */
  const carry = (event) => {
    const link = event.target.closest("a[href]");
    if (!link || link.origin !== location.origin || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey) return;
    if (link.pathname === location.pathname && link.hash) return;
    const url = new URL(link.href);
    for (const name of PARAMETERS) if (here.searchParams.has(name)) url.searchParams.set(name, here.searchParams.get(name));
    hold(event);
    location.assign(url);
  };

  await fill(await fetch(tool, { credentials: "same-origin", redirect: "error" }));
  if (words("kept")) tryHere();
  else say(words("hint"));
  bar().focus({ preventScroll: true });
};

if (tag) begin().catch(() => {});
