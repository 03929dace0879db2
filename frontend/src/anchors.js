/** Where on the page is a place? The shop's own marks first, then a map of Oscar's stock templates; unsure means nowhere. */

/** Slot → selector in Oscar's stock templates and, where it matters, the side that covers least. */
const STOCK = {
  __proto__: null,
  "add-to-basket": ["#add_to_basket_form, .product_main form.add-to-basket"],
  price: [".product_main > .price_color"],
  stock: [".product_main > .availability"],
  description: ["#product_description"],
  reviews: ["#reviews"],
  search: ['form[action*="/search/"] [name="q"]'],
  "basket-lines": ["#basket_formset", "top"],
  "basket-totals": ["#basket_totals", "left"],
  voucher: ["#voucher_form_link, #voucher_form_container"],
  "proceed-to-checkout": ['.page a.btn-primary[href*="/checkout/"]', "left"],
  login: ['#login_form, .page form:has(> .form-group [name="username"])', "right"],
  "delivery-address": ["#new_shipping_address", "top"],
  "shipping-method": ['.basket-items:has(form[action*="/shipping-method/"])', "top"],
  "place-order": ["#place-order", "top"],
};

/** Whether `element` takes up room on the page. */
export const isDisplayed = (element) => {
  const { width, height } = element.getBoundingClientRect();
  return width > 0 && height > 0 && getComputedStyle(element).visibility !== "hidden";
};

/**
 * The first displayed element of `slot` (of `thing` alone, if given) as `{element, side}`, or `null`; without one, what
 * `path` leads to, if that is a single element.
 */
export const resolve = (slot, thing, path) => {
  const [selector, side] = (STOCK[slot]) || [];
  const marked = slot && `[data-engage-id="${CSS.escape(slot)}"]${thing ? `[data-engage-object="${CSS.escape(thing)}"]` : ""}`;
  for (const candidate of [marked, !thing && selector, path]) {
    if (!candidate) continue;
    const all = [...document.querySelectorAll(candidate)];
    const element = (candidate !== path || all.length < 2) && all.find(isDisplayed);
    if (element) return { element, side };
  }
  return null;
};

/** Every place of the page that is marked or known from Oscar's templates, as `[element, name]`. */
export const places = () => [
  ...[...document.querySelectorAll("[data-engage-id]")].map((element) => [element, nameOf(element)]),
  ...Object.keys(STOCK).flatMap((slot) => [...document.querySelectorAll(STOCK[slot][0])].map((element) => [element, slot])),
];

const nameOf = ({ dataset: { engageId, engageObject } }) => engageId + (engageObject ? `|${engageObject}` : "");

/** The name of the place that `element` lies in: its slot, with the thing it belongs to where that is marked. */
export const placeOf = (element) => {
  const marked = element.closest("[data-engage-id]");
  return marked ? nameOf(marked) : slotOf(element);
};

/** The slot `element` stands for or lies in, or an empty text. */
export const slotOf = (element) => {
  const marked = element.closest("[data-engage-id]");
  if (marked) return marked.dataset.engageId;
  return Object.keys(STOCK).find((slot) => element.closest(STOCK[slot][0])) || "";
};
