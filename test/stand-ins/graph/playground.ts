import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { readBody } from "../telegram/parameters.ts";
import type { FaultEffect } from "./faults.ts";
import type { GraphStandIn, SentMessage, StandInNumber, StandInPerson } from "./start-stand-in.ts";

/** What the page can make happen to the bot's next message. */
const FAULTS: Readonly<Record<string, { readonly label: string; readonly effect: FaultEffect }>> = {
  throughput: {
    label: "130429: too many over the number",
    effect: { kind: "refuse", code: 130429 },
  },
  pair: { label: "131056: too many to me", effect: { kind: "refuse", code: 131056 } },
  window: { label: "131047: my window is closed", effect: { kind: "refuse", code: 131047 } },
  locked: { label: "131031: the account is locked", effect: { kind: "refuse", code: 131031 } },
  "fail-later": {
    label: "accepted, failed later (131026)",
    effect: { kind: "fail-later", code: 131026 },
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

const VOICE = "7001";
const PHOTO = "7002";
/** Requests of the page carry a few hundred bytes. */
const MAX_BODY_BYTES = 64 * 1024;
const DAY_MS = 24 * 3_600_000;

/** The page to play with by hand: one citizen, one number. `advance` moves the stand-in's clock. */
export function createPlayground(advance: (ms: number) => void) {
  let standIn: GraphStandIn | undefined;
  let number: StandInNumber | undefined;
  let person: StandInPerson | undefined;
  let lastOwn = "";
  const viewers = new Set<ServerResponse>();
  const page = readFileSync(new URL("./playground.html", import.meta.url), "utf8");

  const tell = (kind: string, data: object) => {
    for (const viewer of viewers) viewer.write(`event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  const toPage = ({
    wamid,
    type,
    text,
    choices,
    document,
    template,
    status,
    atMs,
  }: SentMessage) => ({
    wamid,
    type,
    text,
    choices,
    template,
    status,
    atMs,
    document: document && { name: document.fileName, bytes: document.bytes.length },
  });

  function watch(response: ServerResponse): void {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    viewers.add(response);
    response.on("close", () => viewers.delete(response));
    const hello = {
      number: number?.verifiedName,
      phone: number?.displayPhoneNumber,
      faults: FAULTS,
    };
    response.write(`event: hello\ndata: ${JSON.stringify(hello)}\n\n`);
    for (const message of standIn?.sent(person?.phone) ?? []) {
      response.write(`event: sent\ndata: ${JSON.stringify(toPage(message))}\n\n`);
    }
  }

  async function act(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    if (body.length > MAX_BODY_BYTES) throw new Error("too much for this page");
    const deed = JSON.parse(body.toString()) as Record<string, unknown>;
    if (standIn === undefined || number === undefined || person === undefined) {
      throw new Error("the playground is not attached yet");
    }
    const run = DEEDS[String(deed.do)];
    if (run === undefined) throw new Error("unknown deed");
    run({ standIn, number, person }, deed);
    response.writeHead(204).end();
  }

  type Attached = {
    readonly standIn: GraphStandIn;
    readonly number: StandInNumber;
    readonly person: StandInPerson;
  };
  type Deed = (at: Attached, deed: Readonly<Record<string, unknown>>) => void;
  const DEEDS: Readonly<Record<string, Deed>> = {
    say: ({ person: who }, { text }) => {
      lastOwn = who.write(String(text).slice(0, 65_536));
    },
    edit: ({ person: who }, { text }) => {
      who.edit(lastOwn, String(text).slice(0, 65_536));
    },
    revoke: ({ person: who }) => {
      who.revoke(lastOwn);
    },
    voice: ({ person: who }) => {
      who.sendMedia("audio", { id: VOICE, mime_type: "audio/ogg; codecs=opus", voice: true });
    },
    photo: ({ person: who }) => {
      who.sendMedia("image", { id: PHOTO, mime_type: "image/jpeg", caption: "¿Qué dice esto?" });
    },
    tap: ({ standIn: at, person: who }, { wamid, id }) => {
      const message = at.sent(who.phone).find((sent) => sent.wamid === wamid);
      if (message !== undefined) who.tap(message, String(id));
    },
    read: ({ person: who }) => who.read(),
    block: ({ person: who }) => who.block(),
    unblock: ({ person: who }) => who.unblock(),
    hide: ({ person: who }) => {
      who.state.hidesPhone = true;
    },
    "next-day": () => advance(DAY_MS),
    fault: ({ standIn: at }, { fault }) => {
      const chosen = FAULTS[String(fault)];
      if (chosen !== undefined) at.faults.add({ effect: chosen.effect });
    },
  };

  return {
    /** To be called once the server runs. */
    attach(running: GraphStandIn, account: StandInNumber, phone: string): void {
      standIn = running;
      number = account;
      running.addMedia(VOICE, Buffer.from("OggS, played by hand"), { mimeType: "audio/ogg" });
      running.addMedia(PHOTO, Buffer.from("\xff\xd8\xff\xe0, played by hand", "latin1"));
      person = running.person(phone, { name: "Ana Solís" });
      running.events.on("sent", (message: SentMessage) => tell("sent", toPage(message)));
      running.events.on("status", ({ wamid, status }: SentMessage) =>
        tell("status", { wamid, status }),
      );
      running.events.on("said", ({ message }) => tell("said", message));
      running.events.on("typing", ({ untilMs }) => tell("typing", { forMs: untilMs - Date.now() }));
      running.events.on("call", ({ call, status, code }) => tell("call", { call, status, code }));
    },
    /** Routes of the page, for `GraphStandInOptions.otherRoutes`. */
    handle(request: IncomingMessage, response: ServerResponse): boolean {
      const { method, url } = request;
      if (method === "GET" && (url === "/" || url === "/citizen")) {
        response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(page);
      } else if (method === "GET" && url === "/citizen/events") watch(response);
      else if (method === "POST" && url === "/citizen/deeds") {
        act(request, response).catch(() => response.writeHead(400).end());
      } else return false;
      return true;
    },
  };
}
