/** How does the server's HTML become elements? Parsed inert, stripped of all that could run, then adopted. */

const LIVE = "script, style, link, meta, base, iframe, frame, object, embed, svg, math, noscript, template";

const policy = (() => {
  try {
    return window.trustedTypes.createPolicy("engage", { createHTML: (html) => html, createScriptURL: (url) => url });
  } catch {
    return { createHTML: (html) => html, createScriptURL: (url) => url };
  }
})();

/** A script's address in the form a page under Trusted Types takes. */
export const scriptUrl = (url) => policy.createScriptURL(url);

/** Markup of ours, made inert, in that form. */
export const trusted = (html) => policy.createHTML(html);

const clean = (element) => {
  for (const { name, value } of [...element.attributes]) {
    if (/^(on|hx-on|data-hx-on|style$|srcdoc)/i.test(name) || /^[\s\u0000-\u0020]*(javascript|data|vbscript):/i.test(value)) {
      element.removeAttribute(name);
    }
  }
};

/** The elements of `html` that match `selector`, outermost only, ready to be put into the page. */
export const parse = (html, selector) => {
  const inert = new DOMParser().parseFromString(policy.createHTML(html), "text/html");
  for (const element of inert.querySelectorAll(LIVE)) element.remove();
  for (const element of inert.querySelectorAll("*")) clean(element);
  return [...inert.querySelectorAll(selector)]
    .filter((element) => !element.parentElement.closest(selector))
    .map((element) => document.importNode(element, true));
};

/** `url` within this site, or `null`; a link out is not ours to load. */
export const ownUrl = (url) => {
  const target = new URL(url, location.href);
  return target.origin === location.origin ? target : null;
};

/** Headers of all requests for fragments; the first is htmx's, so that one check serves both. */
export const HEADERS = { "HX-Request": "true", "X-Engage-Fragment": "1" };
