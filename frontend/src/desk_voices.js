/** How does an agent talk with a shopper? The page beside the conversation: ask or answer, with the microphone at hand first. */

import { hold, isGranted, take, wordsOf } from "./call.js";
import { listen } from "./guard.js";
import { join } from "./push.js";

const ui = document.querySelector("[data-engage-voices]");
const words = ui.dataset;
const trouble = document.getElementById("engage-voices-trouble");
const begin = document.getElementById("engage-voices-begin");

const post = (url, fields) => {
  const data = new FormData();
  data.set("csrfmiddlewaretoken", words.engageToken);
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return fetch(url, { method: "POST", body: data, credentials: "same-origin", redirect: "error" });
};

/** Speaks for the session whose addresses are in `at`: `talk`, `end`, `pass`, `topic`. */
const run = (at, tracks) => {
  let leave = () => {};
  let { pass } = at;
  if (begin) begin.hidden = true;
  const { wake, turn } = hold({
    ui,
    offers: false,
    tracks,
    send: async (content, header, isLast = false) => {
      const response = await fetch(at.talk, {
        method: "POST",
        body: JSON.stringify(content),
        headers: { "Content-Type": "application/json", "Engage-Live": header, "Engage-Pass": pass, "X-CSRFToken": words.engageToken },
        credentials: "same-origin",
        keepalive: isLast,
        redirect: "error",
      });
      pass = response.headers.get("Engage-Pass") || pass;
      return response;
    },
    hangUp: async (why) => (await (await post(at.end, { why })).json()).words,
    over: () => {
      leave();
      document.getElementById("engage-voices-again").hidden = false;
    },
  });
  if (words.engagePush) leave = join({ url: words.engagePush, topic: at.topic, wake, turn });
};

const start = async (pressed) => {
  const { engageVoicesUrl: url, engageVoicesAnswer: answer } = pressed.dataset;
  const fields = answer ? { answer } : {};
  const tracks = {};
  begin.inert = true;
  trouble.textContent = answer === "no" ? "" : words.engageAskAudio;
  try {
    if (answer !== "no") {
      const track = await take("audio");
      if (typeof track === "string") {
        if (answer) await post(url, { answer: "denied" });
        trouble.textContent = wordsOf(ui, track);
        begin.hidden = Boolean(answer);
        return;
      }
      tracks.audio = track;
    }
    const response = await post(url, fields);
    if (!response.ok) throw response;
    const at = await response.json();
    trouble.textContent = at.words || "";
    if (at.talk) run(at, tracks);
    else begin.hidden = true;
  } catch {
    if (tracks.audio) tracks.audio.stop();
    trouble.textContent = words.engageNotPossible;
  } finally {
    begin.inert = false;
    document.getElementById("engage-voices-again").hidden = !begin.hidden || Boolean(tracks.audio);
  }
};

const resume = async () => {
  const tracks = {};
  if (await isGranted("audio")) {
    const track = await take("audio");
    if (typeof track !== "string") tracks.audio = track;
  }
  run({ talk: words.engageTalk, end: words.engageEnd, pass: words.engagePass, topic: words.engageTopic }, tracks);
};

if (words.engageTalk) resume();
else if (begin) listen(begin, "click", (event) => event.target.closest("[data-engage-voices-url]") && start(event.target.closest("[data-engage-voices-url]")));
