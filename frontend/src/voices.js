/** How does a shopper talk with an agent? After a yes to what comes next: the browser's prompt, a bar, and one click to hang up. */

import { hold, isGranted, take, wordsOf } from "./call.js";
import { ask, baseOf, keeper, load, post, show } from "./live.js";

/** In this tab alone: which talk its shopper said yes to, and what was on. */
const KEPT = "engage-voice";
const kept = keeper(KEPT);
let running = null;

const run = async (ui, id, { panel, scriptUrl }, tracks) => {
  const base = baseOf(panel);
  let leave = () => {};
  const note = (media) => kept(`${id} ${media}`);
  note(Object.keys(tracks));
  const { wake, turn } = hold({
    ui,
    offers: true,
    tracks,
    note,
    send: (content, header, isLast = false) =>
      fetch(new URL(`voice/${id}/talk/`, base), {
        method: "POST",
        body: JSON.stringify(content),
        headers: { "Content-Type": "application/json", "Engage-Live": header },
        credentials: "same-origin",
        keepalive: isLast,
        redirect: "error",
      }),
    hangUp: async (why) => (await (await post(new URL(`voice/${id}/end/`, base), ui, [["why", why]])).json()).words,
    over: () => {
      kept("");
      leave();
      running = null;
    },
  });
  const { engagePush: url, engagePushScript: script } = ui.dataset;
  if (url && running) leave = (await import(scriptUrl(script))).join({ url, topic: `live.${id}`, wake, turn });
};

/** What was on before the page changed and the browser gives without asking; a screen has to be chosen anew. */
const takeAgain = async (media) => {
  const tracks = {};
  for (const name of ["audio", "camera"]) {
    if (!media.includes(name) || !(await isGranted(name))) continue;
    const track = await take(name);
    if (typeof track !== "string") tracks[name] = track;
  }
  return tracks;
};

/** Attends to the talk `id` beside `chat`, as `attend` of a shared page; without one, asks its shopper who wants to talk by themselves. */
export const attend = async (chat, id) => {
  if (running || document.querySelector(".engage-voice dialog[open]")) return;
  const ui = await load(chat, "voice", id, `?page=${encodeURIComponent(location.pathname)}`);
  if (!ui || running) return;
  const [own, media = ""] = (kept() || "").split(" ");
  const isOurs = Boolean(id) && own === id;
  const isAsked = !id || (ui.dataset.engageState === "asked" && ui.dataset.engageStarter === "agent");
  if (!isOurs && !isAsked) return; // another tab talks
  running = ui;
  show(ui);
  let tracks = {};
  const agreed = isOurs
    ? id
    : await ask(ui, async () => {
        const track = await take("audio");
        if (typeof track !== "string") tracks = { audio: track };
        return typeof track === "string" ? { answer: id ? "denied" : "", words: wordsOf(ui, track) } : { answer: "yes" };
      });
  if (isOurs) tracks = await takeAgain(media);
  if (agreed) await run(ui, agreed, chat, tracks);
  else {
    for (const track of Object.values(tracks)) track.stop();
    running = null;
    ui.remove();
  }
};
