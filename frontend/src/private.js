/** Which fields are nobody's business? By what they are called: neither their name nor anything in them is told or kept. */

const PRIVATE = /passw|secret|token|card|cvc|cvv|csc|iban|cc-|one-time/i;

/** Whether the name, the type or the autofill token of a field says that it is private. */
export const isPrivate = ({ name, type, autocomplete }) => PRIVATE.test([name, type, autocomplete]);
