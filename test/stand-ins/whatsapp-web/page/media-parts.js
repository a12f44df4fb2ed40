import { icon, testid } from "./icons.js";
import { fetchMedia } from "./link.js";
import { changed, state } from "./state.js";
import { duration } from "./times.js";
import { h } from "./vdom.js";

/** A grey point, blurred over the whole picture until the true one is there. */
const PREVIEW =
  "data:image/gif;base64,R0lGODlhAQABAIAAAMLCwgAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==";
const CELLS = ["1 / 1 / 2 / 2", "1 / 2 / 2 / 3", "2 / 1 / 3 / 2", "2 / 2 / 3 / 3"];

/** The address of the file's blob; undefined while it is fetched. */
export function blobOf(media) {
  const known = state.blobs.get(media.id);
  if (known !== undefined) return known.url;
  const entry = { url: undefined };
  state.blobs.set(media.id, entry);
  void fetchMedia(media.id).then((blob) => {
    if (blob === undefined) {
      state.blobs.delete(media.id);
      return;
    }
    entry.url = URL.createObjectURL(blob);
    entry.version = 1;
    changed();
  });
  return undefined;
}

export function download(media) {
  void fetchMedia(media.id).then((blob) => {
    if (blob === undefined) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = media.fileName;
    link.click();
  });
}

export function mediaParts(message, place) {
  if (message.kind === "album") return [album(message, place)];
  if (["location", "contact", "poll"].includes(message.kind)) {
    return [h("div", { class: `card ${message.kind}` }, place.texts[message.kind])];
  }
  return message.media.map((media) => PARTS[media.kind](media, place));
}

function picture(media, { settings, texts }, style) {
  const url = blobOf(media);
  return h(
    "div",
    {
      role: "button",
      "aria-label": texts.openPicture,
      class: "_amkh image",
      style,
      ...testid(settings, "image-thumb"),
    },
    url === undefined && h("img", { alt: "", class: "preview", src: PREVIEW }),
    url !== undefined && h("img", { alt: texts.openPicture, class: "x15kfjtz", src: url }),
  );
}

function album(message, place) {
  const tiles = message.media
    .slice(0, CELLS.length)
    .map((media, at) =>
      h(
        "div",
        { style: `grid-area: ${CELLS[at]}` },
        PARTS[media.kind === "video" ? "video" : "image"](media, place),
      ),
    );
  const hidden = message.media.length - CELLS.length;
  return h(
    "div",
    { class: "album", ...testid(place.settings, "media-album") },
    tiles,
    hidden > 0 && h("span", { class: "more" }, `+${hidden}`),
  );
}

const PARTS = {
  image: (media, place) => picture(media, place),
  sticker: (media, { settings, texts }) => {
    const url = blobOf(media);
    return h(
      "div",
      { class: "sticker", ...testid(settings, "sticker") },
      h("img", { alt: texts.sticker, src: url ?? PREVIEW }),
    );
  },
  video: (media, { settings, texts }) =>
    h(
      "div",
      {
        role: "button",
        class: "image video",
        "aria-label": texts.video,
        ...testid(settings, "video-content"),
      },
      icon(settings, settings.era === "C" ? "media-play" : "ic-play-arrow-filled", "play"),
      h("span", { class: "length" }, duration(media.seconds)),
    ),
  voice: (media, { settings, texts }) => {
    const entry = state.blobs.get(media.id);
    return h(
      "div",
      { class: "voice" },
      h("span", { "aria-label": texts.voice }),
      h(
        "button",
        {
          type: "button",
          "aria-label": texts.playVoice,
          ...testid(settings, "audio-play-button"),
          on: { click: () => blobOf(media) },
        },
        icon(
          settings,
          settings.era === "C" ? "audio-play" : "ic-play-arrow-filled",
          "play",
          testid(settings, "audio-play"),
        ),
      ),
      h("div", {
        role: "slider",
        class: "wave",
        "aria-valuemax": String(media.seconds),
        "aria-valuenow": "0",
        "aria-valuetext": `0:00/${duration(media.seconds)}`,
      }),
      h("div", { class: "length", "aria-hidden": "true" }, duration(media.seconds)),
      // Played from a blob, which is fetched at the click and not before.
      entry?.url !== undefined && h("audio", { src: entry.url, class: "hidden", autoplay: true }),
    );
  },
  document: (media, { settings, texts }) => {
    const size = media.size < 1_024 ? `${media.size} B` : `${Math.round(media.size / 1_024)} kB`;
    const type = media.fileName.includes(".") ? media.fileName.split(".").at(-1).toUpperCase() : "";
    return h(
      "div",
      {
        class: "document",
        role: "button",
        title: `${texts.download} "${media.fileName}"`,
        "aria-label": `${texts.download} ${media.fileName}`,
        ...testid(settings, "document-thumb"),
        on: { click: () => download(media) },
      },
      icon(
        settings,
        settings.era === "C" ? "document-PDF-icon" : "ic-document",
        "file",
        testid(settings, "document"),
      ),
      h(
        "div",
        {},
        h("span", { dir: "auto", class: "x13faqbe file-name" }, media.fileName),
        h(
          "div",
          { class: "file-size" },
          h("span", { title: type }, type),
          " • ",
          h("span", { title: size }, size),
        ),
      ),
    );
  },
};
