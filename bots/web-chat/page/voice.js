// What is said aloud: recorded in the browser, sent to this host alone, heard by the transcriber that the institution
// chose. Nothing is recorded before a tap, and nothing is sent before another.

const MOST_SECONDS = 120;
/** Speech is understood at this rate, and two minutes are sent in seconds on a slow line. */
const BITS_PER_SECOND = 24_000;
/** As browsers have them: Chromium and Firefox, Firefox of old, Safari. */
const TYPES = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];
const TICK_MS = 250;
const SEND_TIMEOUT_MS = 60_000;
/** Refusals that the same recording would meet again. */
const FINAL = { 404: "voiceNotHeard", 413: "voiceTooLarge", 415: "voiceNotHeard" };

/**
 * Wires the button and the bar that takes the place of the text box meanwhile. They stay hidden where nothing can be
 * recorded: an old browser, a page that is not secure, or a frame whose site gives it no microphone.
 */
export function offerVoice({ botKey, form, rest, languageOf, texts, tell, expired }) {
  const type = TYPES.find((one) => window.MediaRecorder?.isTypeSupported(one));
  const isOpenToUs = document.featurePolicy?.allowsFeature("microphone") !== false;
  if (type === undefined || navigator.mediaDevices === undefined || !isOpenToUs) return undefined;
  const part = (id) => document.getElementById(id);
  const [button, bar, standing, time] = [
    "voice",
    "recording",
    "recording-state",
    "recording-time",
  ].map(part);
  const [drop, send] = ["recording-drop", "recording-send"].map(part);
  /** idle → asking → recording → sending → idle; failed: it can be sent again. */
  let state = "idle";
  let stopRecording;
  /** Recorded whole. */
  let note;
  button.hidden = false;
  move("idle");

  button.addEventListener("click", () => void record());
  drop.addEventListener("click", () => finish("drop"));
  send.addEventListener("click", () => finish("send"));
  bar.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    // The widget around stays open.
    event.preventDefault();
    finish("drop");
  });

  async function record() {
    if (state !== "idle") return;
    move("asking");
    drop.focus();
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true },
      });
    } catch (error) {
      if (state === "asking")
        giveUp(error.name === "NotAllowedError" ? "voiceBlocked" : "voiceNone");
      return;
    }
    // Called off while the browser asked.
    if (state !== "asking") release(stream);
    else follow(stream);
  }

  /** Until somebody sends it, drops it, or two minutes are over: then it waits to be sent. */
  function follow(stream) {
    const recorder = new MediaRecorder(stream, {
      mimeType: type,
      audioBitsPerSecond: BITS_PER_SECOND,
    });
    const pieces = [];
    const beganAt = performance.now();
    const seconds = () => Math.min(MOST_SECONDS, (performance.now() - beganAt) / 1_000);
    let then = "keep";
    let lasted = 0;
    const ticking = setInterval(() => {
      time.textContent = clock(Math.floor(seconds()));
      if (seconds() >= MOST_SECONDS) stop("keep");
    }, TICK_MS);
    recorder.addEventListener("dataavailable", ({ data }) => {
      if (data.size > 0) pieces.push(data);
    });
    recorder.addEventListener("stop", () => {
      clearInterval(ticking);
      release(stream);
      if (stopRecording === stop) stopRecording = undefined;
      if (then === "drop") return;
      if (pieces.length === 0) {
        giveUp("voiceNone");
        return;
      }
      const blob = new Blob(pieces, { type: recorder.mimeType || type });
      note = { id: crypto.randomUUID(), blob, seconds: Math.max(1, Math.round(lasted)) };
      if (then === "send") void post();
      else move("recorded");
    });
    const stop = (next) => {
      if (recorder.state === "inactive") return;
      then = next;
      lasted = seconds();
      recorder.stop();
    };
    stopRecording = stop;
    // A microphone that is pulled out ends it too.
    stream.getAudioTracks()[0]?.addEventListener("ended", () => stop("keep"));
    time.textContent = clock(0);
    recorder.start(1_000);
    move("recording");
    send.focus();
  }

  function finish(how) {
    if (how === "drop") {
      stopRecording?.("drop");
      note = undefined;
      giveUp();
    } else if (state === "recording") stopRecording?.("send");
    else if (state === "recorded" || state === "failed") void post();
  }

  async function post() {
    const sent = note;
    move("sending");
    const query = new URLSearchParams({
      clientMessageId: sent.id,
      seconds: String(sent.seconds),
      language: languageOf(),
    });
    let status = 0;
    try {
      const response = await fetch(
        `/api/v1/chat/${encodeURIComponent(botKey)}/voice-notes?${query}`,
        {
          method: "POST",
          headers: { "Content-Type": type },
          body: sent.blob,
          signal: AbortSignal.timeout(SEND_TIMEOUT_MS),
        },
      );
      status = response.status;
    } catch {
      // No answer: it may have arrived, and is sent again under the same id.
    }
    // Dropped while it was on its way.
    if (note !== sent) return;
    if (status === 202) {
      note = undefined;
      giveUp();
    } else if (status in FINAL) {
      note = undefined;
      giveUp(FINAL[status]);
    } else {
      if (status === 401) expired();
      move("failed", status === 429 ? "voiceTooMany" : "voiceUnsent");
      send.focus();
    }
  }

  /** Back to the text box, with what there is to say of it. */
  function giveUp(why) {
    move("idle");
    // On a telephone the text box would bring its keyboard up.
    (matchMedia("(pointer: fine)").matches ? rest : button).focus();
    if (why !== undefined) tell(texts()[why]);
  }

  function move(next, why) {
    state = next;
    const isIdle = state === "idle";
    bar.hidden = isIdle;
    bar.dataset.state = state;
    if (isIdle) delete form.dataset.voice;
    else form.dataset.voice = state;
    showTexts(why);
  }

  function showTexts(why) {
    const words = texts();
    button.title = words.voiceAbout;
    button.setAttribute("aria-label", words.voiceAbout);
    const standings = {
      asking: words.voiceAsking,
      recording: words.voiceRecording,
      recorded: words.voiceRecorded,
      sending: words.pending,
      failed: words[why ?? "voiceUnsent"],
    };
    standing.textContent = standings[state] ?? "";
    drop.textContent = words.voiceDrop;
    send.textContent = state === "failed" ? words.retry : words.send;
    send.disabled = state === "asking" || state === "sending";
    time.hidden = state === "asking" || state === "failed";
  }

  return { showTexts: () => showTexts() };
}

/** `1:07`, as every language writes it. */
export function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Turns the light of the microphone off. */
function release(stream) {
  for (const track of stream.getTracks()) track.stop();
}
