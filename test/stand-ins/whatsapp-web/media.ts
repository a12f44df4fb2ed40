import { randomUUID } from "node:crypto";
import type { Media, MediaKind } from "./model.ts";

export interface MediaInput {
  readonly kind: MediaKind;
  readonly mimeType?: string;
  readonly fileName?: string;
  /** Without bytes, a small file of the kind is made up. */
  readonly bytes?: Uint8Array;
  readonly seconds?: number;
}

/** 16 × 16 points that pass from blue to green. */
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAACBklEQVR42g3LobJFERQA0Pc5N4qiKIqiKBlBMNJORhCMtJMRJEmSJMlnvbP6+vuZR8yl5jCzuVnCTGmGMk0btKZ6k8HEZKCYgMZ1Y/5+7hF3qTvMbe6WcFO6oVzTDq2r3mVwMTkoLqBz3X0hPBIuDYeFzcMSYcowVGg6oA3VhwwhpgAlBAyuhy/AI3ApHAabwxIwJQwFTQNaqB4yQEwABQKC6/CF+Ei8NB4WN49LxCnjULHpiDZWHzPEmCKUGDC6Hr+QH8mX5sPy5nmJPGUeKjed0ebqc4YcU4aSA2bX8xfqI/XSeljdvC5Rp6xD1aYr2lp9zVBjqlBqwOp6/QI+gpfiYbg5LoFT4lDYNKLF6jEDxoRQMCC6jl9oj7RL22Ft87ZEm7IN1ZpuaFv1LUOLqUFpAZvr7QvjkXHpOGxsPpYYU46hRtMD7ah+ZBgxDSgj4HB9fGE+Mi+dh83N5xJzyjnUbHqindXPDDOmCWUGnK7PL6xH1qXrsLX5WmJNuYZaTS+0q/qVYcW0oKyAy/X1hf3IvnQftjffS+wp91C76Y12V78z7Jg2lB1wu76/cB45l57DzuZniTPlGeo0fdCe6k+GE9OBcgIe188X7iP30nvY3fwucae8Q92mL9pb/c1wY7pQbsDr+v3Ce+Rd+g57m78l3pRvqNf0Q/uqfxleTA/KC/hcf+Yf2FaaEGELdLoAAAAASUVORK5CYII=",
  "base64",
);
/** The first page of an Ogg stream that announces Opus; no sound follows. */
const OGG = Buffer.concat([
  Buffer.from("OggS\x00\x02", "latin1"),
  Buffer.alloc(20),
  Buffer.from("\x01\x13OpusHead\x01\x01\x38\x01\x80\xbb\x00\x00\x00\x00\x00", "latin1"),
]);
const PDF = Buffer.from(
  "%PDF-1.4\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
);

const MADE_UP: Readonly<Record<MediaKind, readonly [string, string, Uint8Array, number]>> = {
  image: ["image/png", "photo.png", PNG, 0],
  sticker: ["image/png", "sticker.png", PNG, 0],
  video: ["video/mp4", "video.mp4", Buffer.from("\0\0\0\x18ftypmp42", "latin1"), 12],
  voice: ["audio/ogg; codecs=opus", "voice.ogg", OGG, 7],
  document: ["application/pdf", "document.pdf", PDF, 0],
};

export function toMedia(input: MediaInput): Media {
  const [mimeType, fileName, bytes, seconds] = MADE_UP[input.kind];
  return {
    id: randomUUID(),
    kind: input.kind,
    mimeType: input.mimeType ?? mimeType,
    fileName: input.fileName ?? fileName,
    bytes: input.bytes ?? bytes,
    seconds: input.seconds ?? seconds,
  };
}

export function kindOfFile(mimeType: string): MediaKind {
  if (mimeType.startsWith("image/")) return "image";
  if (mimeType.startsWith("video/")) return "video";
  return mimeType.startsWith("audio/") ? "voice" : "document";
}
