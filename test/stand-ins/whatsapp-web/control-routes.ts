import type { IncomingMessage, ServerResponse } from "node:http";
import { readJson } from "./json-body.ts";
import type { MediaInput } from "./media.ts";
import type { Ack, Era, Language, MediaKind, PopupKind } from "./model.ts";
import { toMessageView } from "./page-feed.ts";
import { serveAsset } from "./page-routes.ts";
import type { SendFault } from "./sending.ts";
import type { WhatsAppWebStandIn } from "./start-stand-in.ts";

type Body = Readonly<Record<string, unknown>>;

/**
 * The functions of `startWhatsAppWebStandIn` as `POST /control/<name>` with a JSON object, `GET
 * /control/events` for what happens, and the page of `/citizen` over both.
 */
export function createControlRoutes(standIn: WhatsAppWebStandIn) {
  const commands: Readonly<Record<string, (body: Body) => unknown>> = {
    scan: ({ ref }) => standIn.scan(textOf(ref)),
    "enter-pairing-code": ({ code }) => standIn.enterPairingCode(String(code)),
    "add-chat": ({ jid, ...part }) => standIn.addChat(String(jid), part),
    receive: ({ media, ...incoming }) =>
      standIn.receive({
        ...incoming,
        chat: String(incoming.chat),
        ...(media !== undefined && { media: [media].flat().map(toMediaInput) }),
      }),
    "send-from-phone": ({ chat, text }) => standIn.sendFromPhone(String(chat), String(text)),
    edit: ({ id, text }) => standIn.edit(String(id), String(text)),
    delete: ({ id }) => standIn.delete(String(id)),
    react: ({ id, emoji, by }) => standIn.react(String(id), String(emoji), textOf(by)),
    "set-typing": ({ chat, isTyping }) => standIn.setTyping(String(chat), isTyping === true),
    "set-era": ({ era }) => standIn.setEra(era === "C" ? "C" : ("D" satisfies Era)),
    "set-language": ({ language }) => standIn.setLanguage(language as Language),
    change: (part) => standIn.change(part),
    "show-popup": ({ popup }) => standIn.showPopup(textOf(popup) as PopupKind | undefined),
    conflict: () => standIn.conflict(),
    restrict: ({ chat, isRestricted }) => standIn.restrict(textOf(chat), isRestricted !== false),
    "log-out": () => standIn.logOut(),
    "go-offline": () => standIn.goOffline(),
    "go-online": () => standIn.goOnline(),
    crash: ({ how }) => standIn.crash(how === "blank" ? "blank" : "hang"),
    "slow-start": ({ ms }) => standIn.slowStart(Number(ms)),
    tick: ({ id, ack }) => standIn.tick(String(id), ack as Ack),
    "set-tick-times": (times) => standIn.setTickTimes(times),
    "fail-next-send": (fault) => standIn.failNextSend(fault as unknown as SendFault),
    sent: ({ chat }) => standIn.sent(textOf(chat)).map(toMessageView),
    messages: ({ chat }) => standIn.messages(String(chat)).map(toMessageView),
    state: () => standIn.state(),
  };

  function watch(request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    const write = (event: object) => response.write(`data: ${JSON.stringify(event)}\n\n`);
    const stop = standIn.watch(write);
    write({ kind: "state", state: standIn.state() });
    request.on("close", stop);
  }

  return async (request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> => {
    if (url.pathname === "/citizen") return serveAsset(response, "citizen.html");
    const name = url.pathname.replace("/control/", "");
    if (name === "events") return watch(request, response);
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    const { origin, host } = request.headers;
    // A page of the web must not play with it through the browser of who has it running.
    const isForeign = origin !== undefined && origin !== `http://${host}`;
    if (isForeign || request.method !== "POST") return void response.writeHead(403).end();
    if (command === undefined) return void response.writeHead(404).end();
    const result = command(await readJson(request)) ?? null;
    response
      .writeHead(200, { "content-type": "application/json; charset=utf-8" })
      .end(JSON.stringify({ result }));
  };
}

const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

function toMediaInput(value: unknown): MediaInput {
  const { kind, mimeType, fileName, base64 } = value as Readonly<Record<string, string>>;
  return {
    kind: kind as MediaKind,
    ...(mimeType !== undefined && { mimeType }),
    ...(fileName !== undefined && { fileName }),
    ...(base64 !== undefined && { bytes: Buffer.from(base64, "base64") }),
  };
}
