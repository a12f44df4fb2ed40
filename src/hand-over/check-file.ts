import { PregoneroError } from "../core/errors.ts";

/** As it is given: base64, and a name that people read. */
export interface GivenFile {
  readonly fileName: string;
  readonly contentBase64: string;
}

export interface CheckedFile extends GivenFile {
  readonly mimeType: string;
  readonly sizeBytes: number;
}

/** Half of what every channel takes (WhatsApp: 5 MB for pictures), and what one request may hold in base64. */
export const MAX_FILE_BYTES = 700_000;

/** Told by the bytes, never by the name or by what the sender's program says. Nothing that a browser would run. */
const KINDS: readonly {
  readonly mimeType: string;
  readonly endings: readonly string[];
  readonly is: (bytes: Buffer) => boolean;
}[] = [
  { mimeType: "application/pdf", endings: ["pdf"], is: (bytes) => begins(bytes, "%PDF-") },
  {
    mimeType: "image/jpeg",
    endings: ["jpg", "jpeg"],
    is: (bytes) => startsWith(bytes, [0xff, 0xd8, 0xff]),
  },
  {
    mimeType: "image/png",
    endings: ["png"],
    is: (bytes) => startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  },
  {
    mimeType: "image/webp",
    endings: ["webp"],
    is: (bytes) => begins(bytes, "RIFF") && bytes.subarray(8, 12).toString("latin1") === "WEBP",
  },
  { mimeType: "audio/ogg", endings: ["ogg", "oga", "opus"], is: (bytes) => begins(bytes, "OggS") },
  {
    mimeType: "audio/mpeg",
    endings: ["mp3"],
    is: (bytes) => begins(bytes, "ID3") || startsWith(bytes, [0xff, 0xfb]),
  },
  {
    mimeType: "video/mp4",
    endings: ["mp4"],
    is: (bytes) => bytes.subarray(4, 8).toString("latin1") === "ftyp",
  },
  {
    mimeType: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    endings: ["docx"],
    is: (bytes) => isZipWith(bytes, "word/"),
  },
  {
    mimeType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    endings: ["xlsx"],
    is: (bytes) => isZipWith(bytes, "xl/"),
  },
];

/** Throws `file-refused` (400): what is wrong with it, and what would be taken. */
export function checkFile({ fileName, contentBase64 }: GivenFile): CheckedFile {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(contentBase64)) {
    throw refused(`${fileName} is not base64`);
  }
  const bytes = Buffer.from(contentBase64, "base64");
  if (bytes.length === 0) throw refused(`${fileName} is empty`);
  if (bytes.length > MAX_FILE_BYTES) {
    throw refused(`${fileName} has ${bytes.length} bytes, and at most ${MAX_FILE_BYTES} are taken`);
  }
  const kind = KINDS.find(({ is }) => is(bytes));
  if (kind === undefined) {
    const known = KINDS.flatMap(({ endings }) => endings[0] ?? []).join(", ");
    throw refused(`${fileName} is none of ${known}, by its bytes`);
  }
  return {
    fileName: safeName(fileName, kind.endings),
    contentBase64,
    mimeType: kind.mimeType,
    sizeBytes: bytes.length,
  };
}

/** No path, no control characters, and the ending of what it is. */
function safeName(given: string, endings: readonly string[]): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must go
  const printable = given.replace(/[\u0000-\u001f\u007f<>:"|?*]/g, "");
  const bare = printable.split(/[\\/]/).at(-1) ?? "";
  const name = bare.replace(/^\.+/, "").trim().slice(0, 100) || "archivo";
  const ending = name.split(".").at(-1)?.toLowerCase() ?? "";
  return endings.includes(ending) ? name : `${name}.${endings[0]}`;
}

function begins(bytes: Buffer, text: string): boolean {
  return bytes.subarray(0, text.length).toString("latin1") === text;
}

function startsWith(bytes: Buffer, first: readonly number[]): boolean {
  return first.every((byte, index) => bytes[index] === byte);
}

/** Office files are archives that name their folders. */
function isZipWith(bytes: Buffer, folder: string): boolean {
  return (
    startsWith(bytes, [0x50, 0x4b, 0x03, 0x04]) &&
    bytes.includes("[Content_Types].xml") &&
    bytes.includes(folder)
  );
}

function refused(what: string): PregoneroError {
  return new PregoneroError("file-refused", `The file is refused: ${what}.`, { status: 400 });
}
