/**
 * How do two browsers talk? One connection at a time, each by two messages over our own wire: the shopper's page offers, the
 * agent's answers, the server numbers them. Places for voice, camera and screen are in it from the first, so turning one on or
 * off takes no message; a page that is new, or a connection that broke, takes the next number.
 */

import { guard, later, listen } from "./guard.js";

/** The places of a connection, in their order, and how each is asked for. */
const MEDIA = ["audio", "camera", "screen"];
const WANT = {
  audio: () => navigator.mediaDevices.getUserMedia({ audio: true }),
  camera: () => navigator.mediaDevices.getUserMedia({ video: true }),
  screen: () => navigator.mediaDevices.getDisplayMedia({ video: true }),
};
/** Until all addresses are found (ms), at most: a relay that is dead must not hold the others back. */
const GATHER = 2000;
/** Until one connection stands (ms), until one that falters counts as broken, and until we give up. */
const [PATIENCE, FALTER, GIVE_UP] = [9000, 3000, 24000];
/** Without an answer from the shop for so long (ms), either side is gone; with a stream we speak this seldom. */
const [LOST, SAFE] = [8000, 2000];
/** How long it is said that something was not given (ms). */
const PASSING = 10000;

const title = (name) => name[0].toUpperCase() + name.slice(1);

/**
 * Asks for what `name` needs and returns its track, or the name of the words (a key of `data-engage-…`) that say why not.
 * It has to be called within a click where the browser has not said yes before.
 */
export const take = async (name) => {
  if (!navigator.mediaDevices) return name === "screen" ? "NoneScreen" : "Insecure";
  try {
    return (await WANT[name]()).getTracks()[0];
  } catch (error) {
    const isNo = /NotAllowed|Security|Permission/.test(error.name);
    return (isNo ? "Denied" : "None") + title(name);
  }
};

/** The words of `ui` for what `take` returned in a track's place. */
export const wordsOf = (ui, why) => ui.dataset[`engage${why}`];

/** Whether the browser says yes to the microphone (or `name`) without asking. */
export const isGranted = async (name) => {
  try {
    return (await navigator.permissions.query({ name: name === "audio" ? "microphone" : name })).state === "granted";
  } catch {
    return false;
  }
};

/**
 * Runs a talk in `ui`, which has the bar. `offers`: this side offers. `tracks` are those at hand, by medium. `send(content,
 * header)` posts, and returns the response; `hangUp(why)` ends it and returns the words. `note(media)` is told what is on,
 * `over()` that it ended. Returns how to `wake` it, and how to `turn` to a stream.
 */
export const hold = ({ ui, offers, tracks, send, hangUp, note = () => {}, over = () => {} }) => {
  /** Names this page among those of its side, and nothing else. */
  const page = `p${Math.random()}${Date.now()}`.replace(".", "").slice(0, 32);
  const words = ui.dataset;
  const bar = ui.querySelector(".engage-voice-bar");
  const status = bar.querySelector("[role=status]");
  const sound = bar.querySelector("audio");
  const control = (name) => bar.querySelector(`[data-engage-voice-do="${name}"]`);
  const picture = (name) => bar.querySelector(`[data-engage-voice-picture="${name}"]`);
  let pc = null;
  let [generation, has, sdp, since] = [0, 0, "", Date.now()];
  let [isBegun, isTalking, isWoken, isPushed, isOver, isJoined, wasJoined, isBroken] = Array(8).fill(false);
  let [answeredAt, next, timer, trial] = [Date.now(), 400];
  let theirs = [];
  let passing = "";
  let shown;

  const say = (text) => {
    if (text && status.textContent !== text) status.textContent = text;
  };
  const stand = () => {
    if (isOver || !(generation || passing)) return;
    if (passing) say(passing);
    else if (!isJoined) say(wasJoined ? words.engageAgain : words.engageConnecting);
    else say([tracks.audio ? words.engageOn : words.engageOnMuted, tracks.screen ? words.engageSeenScreen : ""].join(" ").trim());
  };
  const media = () => MEDIA.filter((name) => tracks[name]);

  const draw = () => {
    for (const name of MEDIA) if (control(name)) control(name).setAttribute("aria-pressed", String(Boolean(tracks[name])));
    for (const name of ["camera", "screen"]) picture(name).hidden = !(isJoined && theirs.includes(name));
    const own = tracks.screen || tracks.camera;
    const video = picture("own").querySelector("video");
    picture("own").hidden = !own;
    if (own !== shown) video.srcObject = own ? new MediaStream([own]) : null;
    shown = own;
    stand();
  };
  const listenTo = (element, track) => {
    element.srcObject = new MediaStream([track]);
    element.play().catch((error) => {
      if (element === sound && error.name === "NotAllowedError") control("hear").hidden = false;
    });
  };

  /* the connection */

  const close = () => {
    clearTimeout(trial);
    if (pc) pc.close();
    pc = null;
    [isJoined, sdp] = [false, ""];
  };
  const fail = () => {
    close();
    isBroken = true;
    draw();
    if (Date.now() - since > GIVE_UP) end("unconnected");
    else talk();
  };
  const open = () => {
    close();
    isBroken = false;
    const mine = new RTCPeerConnection({
      iceServers: JSON.parse(words.engageIce),
      iceTransportPolicy: words.engageRelay ? "relay" : "all",
    });
    pc = mine;
    trial = later(PATIENCE, fail);
    listen(mine, "track", ({ track, transceiver }) => {
      const name = MEDIA[mine.getTransceivers().indexOf(transceiver)];
      listenTo(name === "audio" ? sound : picture(name).querySelector("video"), track);
    });
    listen(mine, "connectionstatechange", () => {
      if (pc !== mine) return;
      const state = mine.connectionState;
      clearTimeout(trial);
      if (state === "connected") {
        [isJoined, wasJoined, since] = [true, true, Date.now()];
        draw();
        talk();
      } else if (state === "failed") fail();
      else {
        if (isJoined) since = Date.now();
        trial = later(state === "disconnected" ? FALTER : PATIENCE, fail);
      }
    });
    return mine;
  };
  /** Waits for all addresses, and has the description told. */
  const describe = async (mine, description) => {
    await mine.setLocalDescription(description);
    await new Promise((done) => {
      const look = () => mine.iceGatheringState === "complete" && done();
      mine.addEventListener("icegatheringstatechange", look);
      later(GATHER, done);
      look();
    });
    if (pc !== mine) return;
    sdp = mine.localDescription.sdp;
    talk();
  };
  const attach = (mine) => {
    mine.getTransceivers().forEach((transceiver, place) => {
      transceiver.direction = "sendrecv";
      transceiver.sender.replaceTrack(tracks[MEDIA[place]] || null);
    });
  };
  const offer = async () => {
    const mine = open();
    for (const name of MEDIA) mine.addTransceiver(name === "audio" ? "audio" : "video", { direction: "sendrecv" });
    attach(mine);
    await describe(mine, await mine.createOffer());
  };
  const answer = async (theirSdp) => {
    const mine = open();
    await mine.setRemoteDescription({ type: "offer", sdp: theirSdp });
    attach(mine);
    await describe(mine, await mine.createAnswer());
  };

  /* what this side sends */

  const drop = (name) => {
    if (tracks[name]) tracks[name].stop();
    delete tracks[name];
  };
  const dropAll = () => MEDIA.forEach(drop);
  const put = (name) => {
    const place = pc && pc.getTransceivers()[MEDIA.indexOf(name)];
    if (place) guard((track) => place.sender.replaceTrack(track))(tracks[name] || null);
    note(media());
    draw();
    talk();
  };
  const keep = (name, track) => {
    if (isOver) {
      track.stop();
      return;
    }
    tracks[name] = track;
    listen(track, "ended", () => {
      if (tracks[name] !== track) return;
      drop(name);
      put(name);
    });
    put(name);
  };
  const toggle = async (name) => {
    passing = "";
    if (tracks[name]) {
      drop(name);
      put(name);
      return;
    }
    passing = wordsOf(ui, `Ask${title(name)}`);
    stand();
    control(name).disabled = true;
    const track = await take(name);
    control(name).disabled = false;
    passing = typeof track === "string" ? wordsOf(ui, track) : "";
    if (typeof track !== "string") keep(name, track);
    else {
      stand();
      later(PASSING, () => {
        passing = "";
        stand();
      });
    }
  };

  /* the talk */

  const finish = (text) => {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    close();
    dropAll();
    draw();
    for (const each of bar.querySelectorAll("button, figure")) each.hidden = true;
    for (const each of bar.querySelectorAll("audio, video")) each.srcObject = null;
    control("close").hidden = false;
    bar.dataset.engageOver = "1";
    over();
    say(text || words.engageFailed);
  };
  const end = async (why = "") => {
    control("end").disabled = true;
    let text = words.engageLost;
    try {
      close();
      dropAll();
      text = await hangUp(why);
    } finally {
      finish(text);
    }
  };
  const hear = (told) => {
    answeredAt = Date.now();
    if (told.other || told.state === "ended") {
      finish(told.words);
      // Another page or a copy of this tab goes on with it: this one is silent.
      if (told.other) ui.remove();
      return;
    }
    next = told.next || 1000;
    if (told.words) say(told.words);
    theirs = told.media || [];
    if (told.generation > generation) {
      [generation, has, isBroken] = [told.generation, 0, false];
      if (!wasJoined) since = Date.now();
      if (offers) guard(offer)();
      else close();
    }
    if (told.sdp && has < generation) {
      has = generation;
      if (!offers) guard(answer)(told.sdp);
      else if (pc) guard((one) => one.setRemoteDescription({ type: "answer", sdp: told.sdp }))(pc);
    }
    draw();
  };
  const talk = async () => {
    if (isOver || isTalking) {
      isWoken = isTalking;
      return;
    }
    isTalking = true;
    isWoken = false;
    clearTimeout(timer);
    const told = sdp;
    const content = { page, begins: !isBegun, generation, has, media: media(), is_joined: isJoined, is_broken: isBroken };
    try {
      const response = await send(told ? { ...content, sdp: told } : content, "talk");
      if (response.status === 404 || response.status === 403) {
        finish();
        return;
      }
      if (!response.ok) throw response;
      if (sdp === told) sdp = "";
      const heard = await response.json();
      isBegun ||= heard.state === "live";
      hear(heard);
    } catch {
      next = 1000;
      if (Date.now() - answeredAt > LOST) finish(words.engageLost);
    } finally {
      isTalking = false;
      clearTimeout(timer);
      if (isWoken) talk();
      else if (!isOver) timer = later(isPushed && isJoined ? SAFE : next, talk);
    }
  };

  listen(bar, "click", (event) => {
    const pressed = event.target.closest("[data-engage-voice-do]");
    if (!pressed) return;
    const act = pressed.dataset.engageVoiceDo;
    if (act === "end") end();
    else if (act === "close") ui.remove();
    else if (act === "hear") {
      pressed.hidden = true;
      sound.play();
    } else toggle(act);
  });
  listen(window, "pagehide", () => {
    if (isOver) return;
    close();
    dropAll();
    clearTimeout(timer);
    send({ page }, "leave", true);
  });
  listen(window, "pageshow", (event) => {
    if (!event.persisted || isOver) return;
    [isBegun, answeredAt] = [false, Date.now()];
    draw();
    talk();
  });
  bar.hidden = false;
  for (const name of MEDIA) if (tracks[name]) keep(name, tracks[name]);
  draw();
  talk();
  return {
    wake: talk,
    turn: (isUp) => {
      isPushed = isUp;
      talk();
    },
  };
};
