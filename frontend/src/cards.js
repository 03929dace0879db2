/** Does a card's number stand in these texts? Also across them: shops set its groups, or each digit, in elements of their own. */

/** Groups of three digits and more, or digits one by one; between them nothing but blanks and dashes. */
const RUNS = /(?<!\d)(?:\d{3,19}(?:[\s-]{0,60}\d{3,19})*|\d(?:[\s-]{1,60}\d(?!\d))*)(?!\d)/g;
/** Only the brands whose numbers have several lengths may have any: a row of foot lengths (245, 250, …) is no card's number. */
const BRANDS = /^(?:[346]\d+|5[06-8]\d+|5[1-5]\d{14}|2[2-7]\d{14})$/;

const isLuhn = (digits) => {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const value = digits[digits.length - 1 - at] * (1 + (at % 2));
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
};

/** Thirteen digits are an article's number. */
const isCard = (digits) => digits.length > 13 && digits.length < 20 && BRANDS.test(digits) && isLuhn(digits);

/** Where card numbers begin and end in `text`. */
const findCards = (text) => {
  const found = [];
  for (const { 0: run, index } of text.matchAll(RUNS)) {
    const groups = [...run.matchAll(/\d+/g)];
    for (let first = 0; first < groups.length; first += 1) {
      let digits = "";
      for (let last = first; last < groups.length && digits.length < 20; last += 1) {
        digits += groups[last][0];
        if (isCard(digits)) found.push([index + groups[first].index, index + groups[last].index + groups[last][0].length]);
      }
    }
  }
  return found;
};

/** `texts`, which stand on the page one after the other, with bullets for the digits of cards. */
export const hideCards = (texts) => {
  const whole = texts.join(" ");
  const found = findCards(whole);
  if (!found.length) return texts;
  const signs = [...whole.split("")];
  for (const [begin, end] of found) {
    for (let at = begin; at < end; at += 1) if (/\d/.test(signs[at])) signs[at] = "•";
  }
  let at = 0;
  return texts.map((text) => {
    at += text.length + 1;
    return signs.slice(at - text.length - 1, at - 1).join("");
  });
};
