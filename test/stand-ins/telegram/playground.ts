import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { FaultEffect } from "./faults.ts";
import { readBody } from "./parameters.ts";
import type { SentMessage, StandInBot, StandInUser, TelegramStandIn } from "./start-stand-in.ts";

/** What the page can make happen to the next call that sends a message. */
const FAULTS: Readonly<Record<string, { readonly label: string; readonly effect: FaultEffect }>> = {
  "too-many": {
    label: "429, retry after 5 s",
    effect: {
      kind: "refuse",
      code: 429,
      description: "Too Many Requests: retry after 5",
      parameters: { retry_after: 5 },
    },
  },
  "bad-entities": {
    label: "400 for its formatting",
    effect: {
      kind: "refuse",
      code: 400,
      description: "Bad Request: can't parse entities: told to",
    },
  },
  "error-before": {
    label: "500, not accepted",
    effect: { kind: "server-error", status: 500, isAccepted: false },
  },
  "error-after": {
    label: "500, but accepted",
    effect: { kind: "server-error", status: 500, isAccepted: true },
  },
  "drop-after": { label: "accepted, answer lost", effect: { kind: "drop", isAccepted: true } },
  "black-hole": { label: "never answered", effect: { kind: "black-hole", isAccepted: false } },
  slow: { label: "answered after 5 s", effect: { kind: "delay", ms: 5_000 } },
};

/** No sound, but the beginning of an Ogg file, which is all that the stand-in of a transcriber looks at. */
const VOICE = "voice-1";
/** The beginning of a JPEG, which is all that the stand-in of a model that sees looks at. */
const PHOTO = "photo-1";
const MEDIA: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  voice: { voice: { file_id: VOICE, duration: 3, mime_type: "audio/ogg" } },
  photo: { photo: [{ file_id: PHOTO, width: 90, height: 120 }] },
};
/** Requests of the page carry a few hundred bytes. */
const MAX_BODY_BYTES = 64 * 1024;

/** The page to play with by hand: one citizen, one bot, and the channel `channelId` in which the bot may post. */
export function createPlayground(personId: number, channelId: number) {
  let standIn: TelegramStandIn | undefined;
  let bot: StandInBot | undefined;
  let person: StandInUser | undefined;
  const viewers = new Set<ServerResponse>();
  const page = readFileSync(new URL("./playground.html", import.meta.url), "utf8");

  const tell = (kind: string, data: object) => {
    for (const viewer of viewers) viewer.write(`event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  const toPage = ({ messageId, text, entities, buttons, document, atMs }: SentMessage) => ({
    messageId,
    text,
    entities,
    buttons,
    atMs,
    document: document && { name: document.fileName, bytes: document.bytes.length },
  });

  function watch(response: ServerResponse): void {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    viewers.add(response);
    response.on("close", () => viewers.delete(response));
    response.write(`event: hello\ndata: ${JSON.stringify({ bot: bot?.name, faults: FAULTS })}\n\n`);
    for (const message of standIn?.sent(personId) ?? []) {
      response.write(`event: sent\ndata: ${JSON.stringify(toPage(message))}\n\n`);
    }
  }

  async function act(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (standIn === undefined || person === undefined)
      throw new Error("the playground is not attached yet");
    const body = await readBody(request);
    if (body.length > MAX_BODY_BYTES) throw new Error("too much for this page");
    const deed = JSON.parse(body.toString()) as Record<string, unknown>;
    switch (deed.do) {
      case "say":
        person.send(String(deed.text).slice(0, 4096));
        break;
      case "edit":
        person.edit(Number(deed.messageId), String(deed.text).slice(0, 4096));
        break;
      case "media":
        person.sendMedia(MEDIA[String(deed.media)] ?? { sticker: { file_id: "sticker-1" } });
        break;
      case "tap": {
        const message = standIn
          .sent(personId)
          .find(({ messageId }) => messageId === Number(deed.messageId));
        if (message !== undefined) person.tap(message, String(deed.data));
        break;
      }
      case "block":
        person.block();
        break;
      case "unblock":
        person.unblock();
        break;
      case "fault": {
        const fault = FAULTS[String(deed.fault)];
        if (fault !== undefined)
          standIn.faults.add({ method: "sendMessage", effect: fault.effect });
        break;
      }
      default:
        throw new Error("unknown deed");
    }
    response.writeHead(204).end();
  }

  return {
    /** To be called once the server runs. */
    attach(running: TelegramStandIn, account: StandInBot): void {
      standIn = running;
      bot = account;
      running.addFile(VOICE, Buffer.from("OggS, played by hand"));
      running.addFile(PHOTO, Buffer.from("\xff\xd8\xff\xe0, played by hand", "latin1"));
      person = running.user(personId, { firstName: "Ana", languageCode: "es" });
      running
        .group(channelId, { title: "Canal de prueba", type: "supergroup" })
        .addBot(account, person);
      running.events.on("sent", (message: SentMessage) => {
        if (message.chatId === personId) tell("sent", toPage(message));
        if (message.chatId === channelId) console.log(`\nIn the channel:\n${message.text}`);
      });
      running.events.on("said", ({ chatId, content }) => {
        if (chatId === personId) tell("said", content);
      });
      running.events.on("typing", ({ chatId, untilMs }) => {
        if (chatId === personId) tell("typing", { untilMs });
      });
      running.events.on("call", ({ method, status }) => {
        if (method !== "getUpdates") tell("call", { method, status });
      });
    },
    /** Routes of the page, for `StandInOptions.otherRoutes`. */
    handle(request: IncomingMessage, response: ServerResponse): boolean {
      if (request.method === "GET" && request.url === "/") {
        response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(page);
      } else if (request.method === "GET" && request.url === "/playground/events") {
        watch(response);
      } else if (request.method === "POST" && request.url === "/playground/deeds") {
        act(request, response).catch(() => response.writeHead(400).end());
      } else return false;
      return true;
    },
  };
}
