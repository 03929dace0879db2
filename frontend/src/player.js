/** How is a recording gone through? Play and pause, a speed, a bar to seek by, the time; and what nobody did is skipped. */

import { guard, later, listen } from "./guard.js";

/** How often the bar moves (ms), and how far the arrow keys go beside it (ms). */
const [TICK, STRIDE] = [250, 5000];
const CONTROLS = "button, input, select, textarea, a";

const clock = (ms) => {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
};

/** Attends to the controls in `panel`, whose words are its own, for a `replayer` that has all events; `say` tells what is skipped. */
export const attend = (replayer, panel, say) => {
  const words = panel.dataset;
  const part = (name) => panel.querySelector(`[data-engage-player="${name}"]`);
  const [play, bar, time, speed, skip] = ["play", "bar", "time", "speed", "skip"].map(part);
  const total = replayer.getMetaData().totalTime;
  let isPlaying = false;

  const now = () => Math.min(total, Math.max(0, replayer.getCurrentTime()));
  const draw = () => {
    const at = now();
    bar.value = String(at);
    time.textContent = `${clock(at)} / ${clock(total)}`;
    play.textContent = isPlaying ? words.engagePause : words.engagePlay;
    // While it is read and plays, a screen reader would say each second.
    if (!isPlaying || document.activeElement !== bar) bar.setAttribute("aria-valuetext", words.engageAt.replace("{at}", clock(at)).replace("{total}", clock(total)));
  };
  const go = (at, isOn) => {
    isPlaying = isOn;
    const place = Math.min(total, Math.max(0, at));
    if (isOn) replayer.play(place >= total ? 0 : place);
    else replayer.pause(place);
    draw();
  };
  const tick = () => {
    if (isPlaying) draw();
    later(TICK, tick);
  };

  bar.max = String(total);
  replayer.setConfig({ skipInactive: skip.checked, speed: Number(speed.value) });
  replayer.on("finish", guard(() => {
    isPlaying = false;
    say("");
    draw();
  }));
  replayer.on("skip-start", guard(() => say(words.engageSkipping)));
  replayer.on("skip-end", guard(() => say("")));
  listen(play, "click", () => go(now(), !isPlaying));
  listen(bar, "input", () => go(Number(bar.value), isPlaying));
  listen(speed, "change", () => replayer.setConfig({ speed: Number(speed.value) }));
  listen(skip, "change", () => replayer.setConfig({ skipInactive: skip.checked }));
  listen(document, "keydown", (event) => {
    if (event.target.closest(CONTROLS) || event.altKey || event.ctrlKey || event.metaKey) return;
    const stride = { ArrowLeft: -STRIDE, ArrowRight: STRIDE }[event.key];
    if (!stride && event.key !== " ") return;
    event.preventDefault();
    if (stride) go(now() + stride, isPlaying);
    else go(now(), !isPlaying);
  });
  panel.hidden = false;
  go(0, !matchMedia("(prefers-reduced-motion: reduce)").matches);
  tick();
};
