/** Help with fields: shown while the pointer or the focus is on the field, and by a "?" where there is no pointer to rest. */

import { config, root } from "./config.js";
import { guard, later, listen } from "./guard.js";

const FIELD = 'input:not([type="hidden"], [type="submit"], [type="button"]), select, textarea';
const EDGE = 8;
const GAP = 6;
/** Milliseconds: the pointer only passes by; the pointer is on its way to the help; the help was read. */
const PASSING = 250;
const LEAVING = 300;
const READ = 1000;

const helps = new Map();
let open = null;
let pending;
let reading;
let tell;

/** The field that is marked with `name`, or stands in what is marked so, or bears it as its name. */
const find = (name) => {
  const marked = document.querySelector(`[data-engage-id="${CSS.escape(name)}"]`);
  if (marked) return marked.matches(FIELD) ? marked : marked.querySelector(FIELD);
  return [...document.querySelectorAll(`form[method="post"] [name="${CSS.escape(name)}"]`)].find((one) => one.matches(FIELD));
};

const paragraph = (text, name = "") => {
  const made = document.createElement("p");
  made.className = name;
  made.textContent = text;
  return made;
};

const build = ({ slug, title, body }) => {
  const tip = document.createElement("div");
  tip.id = `engage-tip-${slug}`;
  tip.className = "engage-tip";
  tip.setAttribute("role", "tooltip");
  tip.hidden = true;
  tip.append(paragraph(title, "engage-title"));
  if (body) tip.append(paragraph(body));
  root.append(tip);
  return tip;
};

/** Below the field, or above it where there is more room; never on it. */
const place = ({ field, tip }) => {
  const box = field.getBoundingClientRect();
  const { width, height } = tip.getBoundingClientRect();
  const below = innerHeight - box.bottom;
  const isBelow = below >= height + GAP + EDGE || below >= box.top;
  const left = Math.max(EDGE, Math.min(box.left, document.documentElement.clientWidth - width - EDGE));
  tip.style.left = `${left}px`;
  tip.style.top = `${isBelow ? box.bottom + GAP : box.top - GAP - height}px`;
};

const hide = () => {
  clearTimeout(pending);
  clearTimeout(reading);
  if (!open) return;
  open.tip.hidden = true;
  if (open.button) open.button.setAttribute("aria-expanded", "false");
  open = null;
};

const count = (help) => {
  if (help.isTold) return;
  help.isTold = true;
  tell("field.help_opened", { engagement: help.slug });
};

const show = (help) => {
  clearTimeout(pending);
  if (open === help) return;
  hide();
  open = help;
  help.tip.hidden = false;
  place(help);
  if (help.button) help.button.setAttribute("aria-expanded", "true");
  reading = later(READ, () => count(help));
};

/** The help of what the pointer or the focus is on: the field, its label, or the help itself. */
const helpOf = (target) => {
  if (!target.closest) return undefined;
  if (open && open.tip.contains(target)) return open;
  const label = target.closest("label");
  return helps.get(target) || (label && helps.get(label.control));
};

/** A finger does not rest on a field: there the help has a button of its own, beside the label. */
const addButton = (help, words) => {
  const label = help.field.labels && help.field.labels[0];
  if (!label || !matchMedia("(any-pointer: coarse)").matches) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "engage-ask";
  button.textContent = "?";
  button.setAttribute("aria-label", `${words}: ${help.title}`);
  button.setAttribute("aria-expanded", "false");
  button.setAttribute("aria-controls", help.tip.id);
  listen(button, "click", () => {
    if (open === help) return hide();
    show(help);
    return count(help);
  });
  label.after(button);
  help.button = button;
};

const bind = (told, words) => {
  const field = find(told.field);
  if (!field || helps.has(field)) return;
  const help = { ...told, field, tip: build(told), isTold: false };
  helps.set(field, help);
  field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") || ""} ${help.tip.id}`.trim());
  addButton(help, words);
};

const watch = () => {
  listen(document, "pointerover", ({ target, pointerType }) => {
    if (pointerType === "touch") return;
    const help = helpOf(target);
    clearTimeout(pending);
    if (help) pending = later(PASSING, () => show(help));
    else if (open && document.activeElement !== open.field) pending = later(LEAVING, hide);
  });
  listen(document, "focusin", ({ target }) => {
    const help = helps.get(target);
    if (help) show(help);
    else if (open && target !== open.button) hide();
  });
  listen(document, "focusout", ({ target, relatedTarget }) => {
    if (open && target === open.field && relatedTarget !== open.button && !open.tip.matches(":hover")) hide();
  });
  listen(document, "keydown", (event) => {
    if (event.key !== "Escape" || !open) return;
    event.preventDefault();
    hide();
  }, { capture: true });
  const follow = guard(() => open && place(open));
  window.addEventListener("scroll", follow, { passive: true, capture: true });
  window.addEventListener("resize", follow);
};

/** Shows the help of a draft at its field, and lets it come and go as it would; returns whether this page has the field. */
export const look = (told) => {
  tell = () => {};
  bind(told, told.ask);
  for (const help of helps.values()) {
    watch();
    help.field.scrollIntoView({ block: "center" });
    show(help);
  }
  return helps.size > 0;
};

/** Fetches the help of all fields, which caches keep for everybody, and binds what this page has. */
export const start = async ({ signal }) => {
  const language = document.documentElement.lang || "x";
  const response = await fetch(`${config.base}fields/${encodeURIComponent(language)}/`, { credentials: "same-origin" });
  if (!response.ok) return;
  const { ask, fields } = await response.json();
  tell = signal;
  for (const told of fields) bind(told, ask);
  if (helps.size) watch();
};
