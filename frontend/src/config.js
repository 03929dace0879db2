/** What did the server tell this page? The data attributes of our own script tag, nothing else. */

const tag = document.currentScript || document.querySelector("script[data-engage-beat]");
const data = tag ? tag.dataset : {};

export const config = {
  beat: data.engageBeat,
  base: data.engageBase || (data.engageBeat || "").replace(/beat\/$/, ""),
  page: data.engagePage || "",
  kind: data.engageKind || "",
  htmx: data.engageHtmx,
  chat: data.engageChat,
  note: data.engageNote,
  dialog: data.engageDialog,
  offer: data.engageOffer,
  more: JSON.parse(data.engageMore || "[]"),
  close: data.engageClose || "Close",
};

const changed = JSON.parse(data.engageSensors || "{}");

/** The thresholds of a sensor as the shop wants them, or `null` where it switched it off. */
export const sensor = (name, usual) => (changed[name] === null ? null : { ...usual, ...changed[name] });

/** The container all our elements live in. */
export const root = document.getElementById("engage-root");

/** The way to help that stands on every page, or `null`. */
export const help = document.getElementById("engage-help");

/** Phones: offers become sheets at the edge of the screen. */
export const isNarrow = () => matchMedia("(max-width: 600px)").matches;
