/** What on a page is nobody's business? Fields by what they are called, and what Oscar itself shows of a customer's own words. */

const PRIVATE = /passw|secret|token|card|cvc|cvv|csc|iban|cc-|one-time/i;

/** Whether the name, the type or the autofill token of a field says that it is private: neither its name nor anything in it is told or kept. */
export const isPrivate = ({ name, type, autocomplete }) => PRIVATE.test([name, type, autocomplete]);

/** Where Oscar's own templates show, on pages that everybody sees, what this customer wrote: the names of wish lists. */
export const OWN_WORDS = '.btn-wishlist, form[action*="/wishlists/"]';
