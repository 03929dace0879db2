/** What of a form may be kept? What a shopper typed or chose where the page had something else; never what is private. */

import { isPrivate } from "./private.js";

const NO_TYPE = /hidden|file|password|submit|button|image|reset|multiple/;
const NOT = "[data-engage-forget], [data-engage-mask], [data-engage-ignore], [data-engage-chat]";
/** A form that asks for one of these is not kept at all, not even what else stands in it. */
const SECRET = '[type="password"], [autocomplete*="cc-"], [autocomplete*="one-time"]';
const LONG = 'textarea, [name="line1"]';
const IBAN = /\b[a-z]{2}\d{2}(\s?[a-z\d]{4}){3,}/i;
const DIGITS = /\d(?:[\s.-]*\d){12,18}/g;

/** Whether the check digit of a card's number fits. */
const isCard = (text) => {
  const digits = text.replace(/\D/g, "");
  const sum = [...digits].reverse().reduce((total, digit, at) => total + (at % 2 ? (digit * 2) % 9 || +digit : +digit), 0);
  return sum % 10 === 0;
};

/** Whether a number by which one pays stands in `value`, wherever it was typed and however it is split. */
const isPayable = (value) => {
  const text = String(value).normalize("NFKC").replace(/\p{Cf}/gu, "");
  return IBAN.test(text) || (text.match(DIGITS) || []).some(isCard);
};

const isSwitch = ({ type }) => type === "checkbox" || type === "radio";

/** The name of a field in its form; of a choice, with what it stands for. */
export const nameOf = (field) => (isSwitch(field) ? `${field.name}=${field.value}` : field.name);

/** What stands in it now. */
export const valueOf = (field) => (isSwitch(field) ? field.checked : field.value);

/** What the server had put there. */
export const baseOf = (field) => {
  if (isSwitch(field)) return field.defaultChecked;
  if (!field.options) return field.defaultValue;
  const option = [...field.options].find((one) => one.defaultSelected) || field.options[0];
  return option ? option.value : "";
};

/** Puts `value` there as if the shopper had; whether it could be. */
export const fill = (field, value) => {
  if (field.options && ![...field.options].some((one) => one.value === value && !one.disabled)) return false;
  field[isSwitch(field) ? "checked" : "value"] = value;
  for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
  return true;
};

/** Whether a form is worth keeping, and may be. A field could be called "method": only attributes are asked. */
export const isKept = (form) =>
  /^post$/i.test(form.getAttribute("method")) &&
  !form.closest(NOT) &&
  !form.querySelector(SECRET) &&
  (form.matches("[data-engage-keep]") || form.querySelector(LONG) !== null);

/** The fields of `form` that may be kept. One that nobody sees may belong to a script of the shop, which shows something else. */
export const fieldsOf = (form) =>
  [...form.querySelectorAll("input, textarea, select")].filter(
    (field) =>
      field.name &&
      field.getClientRects().length &&
      !NO_TYPE.test(field.type) &&
      !field.disabled &&
      !field.readOnly &&
      !field.closest(NOT) &&
      !isPrivate(field));

/** What the shopper changed in `form`, as `[name, value, what the server had]`. */
export const changesOf = (form) =>
  fieldsOf(form)
    .map((field) => [nameOf(field), valueOf(field), baseOf(field)])
    .filter(([, value, base]) => value !== base && !isPayable(value) && !isPayable(base));
