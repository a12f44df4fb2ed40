// Dictation, where the browser has it. The words go into the text box, never out by themselves.

/**
 * Wires the button; it stays hidden where there is nothing to hear with: no recognition in this browser, a page that
 * is not secure, or a frame on another site, which has no microphone unless that site gives it one.
 */
export function offerVoice({ button, text, languageOf, texts, changed, tell, isEmbedded }) {
  const Recognition = window.SpeechRecognition ?? window.webkitSpeechRecognition;
  if (Recognition === undefined || !window.isSecureContext || isEmbedded) return;
  let running;
  button.hidden = false;
  show();

  button.addEventListener("click", () => {
    if (running !== undefined) running.stop();
    else start();
  });
  // What is sent is done: the next words are another message.
  text.form.addEventListener("submit", () => running?.abort());

  function start() {
    const before = text.value.trim() === "" ? "" : `${text.value.trimEnd()} `;
    const recognition = new Recognition();
    recognition.lang = languageOf();
    recognition.interimResults = true;
    recognition.addEventListener("result", ({ results }) => {
      if (running !== recognition) return;
      text.value =
        before +
        Array.from(results, (result) => result[0].transcript)
          .join("")
          .trimStart();
      changed();
    });
    recognition.addEventListener("error", ({ error }) => {
      if (error === "aborted" || error === "no-speech") return;
      tell(error === "not-allowed" ? texts().voiceBlocked : texts().voiceFailed);
    });
    recognition.addEventListener("end", () => {
      if (running !== recognition) return;
      running = undefined;
      show();
      text.focus();
    });
    running = recognition;
    recognition.start();
    show();
  }

  function show() {
    const isOn = running !== undefined;
    button.setAttribute("aria-pressed", String(isOn));
    button.title = isOn ? texts().voiceStop : texts().voiceAbout;
    button.setAttribute("aria-label", button.title);
  }

  return { showTexts: show };
}

/** The kind of the language that this person's browser speaks, where it is that language. */
export function dialectOf(language) {
  const own = navigator.languages.find((one) => one.toLowerCase().startsWith(`${language}-`));
  return own ?? { es: "es-419", pt: "pt-BR", en: "en-US" }[language] ?? language;
}
