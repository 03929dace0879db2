/**
 * How is an open conversation woken? One tab holds the stream for all tabs: browsers allow six connections to a shop, and tabs
 * are many. What was said is never in the stream: whoever is woken asks. Without a stream all ask by the clock, as ever.
 */

import { guard, later, listen } from "./guard.js";

/** The server gives a sign of life every 20 s; a stream that has given none for this long (ms) is as good as none. */
const SILENT = 50000;
/** Until a stream that was refused is tried again (ms), up to twice as long. */
const AGAIN = 30000;
/** For the other tabs to say what they have open, before a stream is opened for all (ms). */
const GATHER = 150;

/** The topic of those who answer: all conversations. */
export const DESK = "desk";

/**
 * Joins the tabs that are woken, and returns what leaves them again.
 *
 * `url` is where the streams are, `topic` the conversation of this page. `wake(conversation, seq)` is called when it moved
 * (any of them for the desk), `turn(isUp)` when there is a stream now, or none any more.
 */
export const join = ({ url, topic, wake, turn }) => {
  if (!navigator.locks || !window.EventSource || !window.BroadcastChannel) return () => {};
  const name = `engage-push:${url}${topic === DESK ? DESK : ""}`;
  const channel = new BroadcastChannel(name);
  let isUp = false;
  let silence;
  let resign = () => {};
  let isOver = false;

  const setUp = (isUpNow) => {
    clearTimeout(silence);
    if (isUpNow) silence = later(SILENT, () => setUp(false));
    if (isUpNow === isUp) return;
    isUp = isUpNow;
    turn(isUp);
  };

  const hear = guard(({ up, conversation, seq }) => {
    if (isOver || document.hidden) return;
    if (up !== undefined) setUp(up);
    else if (conversation !== undefined && (topic === DESK || !conversation || conversation === topic)) wake(conversation, seq);
  });

  const tell = (message) => {
    if (!isOver) channel.postMessage(message);
    hear(message);
  };

  /** Holds the stream until it resigns. */
  const lead = () =>
    new Promise((release) => {
      const topics = new Set([topic]);
      let source = null;
      let isLive = false;
      let timer;

      const close = () => {
        clearTimeout(timer);
        if (source) source.close();
        source = null;
      };
      const live = () => {
        isLive = true;
        tell({ up: true });
      };
      const open = () => {
        close();
        source = new EventSource(`${url}${[...topics].join(",")}/`);
        const opened = source;
        listen(opened, "hello", (event) => {
          live();
          for (const [conversation, seq] of Object.entries(JSON.parse(event.data))) tell({ conversation, seq });
        });
        listen(opened, "wake", (event) => tell(JSON.parse(event.data)));
        listen(opened, "beat", live);
        listen(opened, "error", () => {
          isLive = false;
          tell({ up: false });
          if (opened.readyState === EventSource.CLOSED) timer = later(AGAIN * (1 + Math.random()), open);
        });
      };
      const answer = ({ data }) => {
        if (!data.want) return;
        if (!topics.has(data.want)) {
          topics.add(data.want);
          clearTimeout(timer);
          timer = later(GATHER, open);
        } else if (isLive) channel.postMessage({ up: true });
      };
      channel.addEventListener("message", answer);
      channel.postMessage({ who: true });
      timer = later(GATHER, open);
      resign = () => {
        resign = () => {};
        channel.removeEventListener("message", answer);
        close();
        release();
      };
    });

  const compete = () => {
    if (isOver || document.hidden) return;
    const waiting = new AbortController();
    resign = () => waiting.abort();
    navigator.locks.request(name, { signal: waiting.signal }, lead).catch(() => {});
    channel.postMessage({ want: topic });
  };

  const rest = () => {
    resign();
    setUp(false);
  };

  listen(channel, "message", ({ data }) => {
    if (data.who && !document.hidden) channel.postMessage({ want: topic });
    else hear(data);
  });
  const turnVisible = () => {
    resign();
    if (document.hidden) rest();
    else compete();
  };
  listen(document, "visibilitychange", turnVisible);
  listen(window, "pagehide", rest);
  listen(window, "pageshow", (event) => event.persisted && turnVisible());
  compete();
  return () => {
    rest();
    isOver = true;
    channel.close();
  };
};
