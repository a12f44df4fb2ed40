import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { fileURLToPath } from "node:url";
import { readJson } from "./json-body.ts";
import type { LoginDesk } from "./login-desk.ts";
import { kindOfFile } from "./media.ts";
import { toChatView, toMessageView } from "./page-feed.ts";
import { toChat } from "./people.ts";
import { toQrModules } from "./qr-code.ts";
import type { Sending } from "./sending.ts";
import type { World } from "./world.ts";

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
};
/** Much like WhatsApp's: no script but its own, files through blobs. */
const POLICY =
  "default-src 'self'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; " +
  "img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self' blob:";
const JSON_TYPE = "application/json; charset=utf-8";
const PAGE_SIZE = 40;

/** Static files of the page, by their plain names only. */
export async function serveAsset(response: ServerResponse, name: string): Promise<void> {
  const extension = /^[a-z0-9-]+\.(html|js|css|svg)$/.exec(name)?.[1];
  if (extension === undefined) return void response.writeHead(404).end();
  const file = fileURLToPath(new URL(`page/${name}`, import.meta.url));
  try {
    const bytes = await readFile(file);
    response
      .writeHead(200, {
        "content-type": TYPES[extension],
        "cache-control": "no-store",
        "content-security-policy": POLICY,
      })
      .end(bytes);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    response.writeHead(404).end();
  }
}

interface PagePorts {
  readonly world: World;
  readonly desk: LoginDesk;
  readonly sending: Sending;
  readonly onTyping: (chat: string, isTyping: boolean) => void;
  readonly onDismiss: () => void;
  readonly onLogOut: () => void;
}

/** What the page asks of the server, each as `POST /page/<name>` with a JSON object. */
export function createPageRoutes(ports: PagePorts) {
  const { world, desk, sending } = ports;
  const signedIn: Record<string, (body: Record<string, unknown>) => unknown> = {
    messages: ({ chat, before }) => {
      const all = world.messagesOf(String(chat));
      const end = before === undefined ? all.length : all.findIndex(({ id }) => id === before);
      const from = Math.max(0, end - PAGE_SIZE);
      return { messages: all.slice(from, Math.max(end, 0)).map(toMessageView), hasMore: from > 0 };
    },
    send: (body) => {
      sending.accept({
        id: String(body.id),
        chat: String(body.chat),
        text: String(body.text ?? ""),
        quote: typeof body.quote === "string" ? body.quote : undefined,
        media: (Array.isArray(body.media) ? body.media : []).map((file) => ({
          kind: kindOfFile(String(file.mimeType)),
          mimeType: String(file.mimeType),
          fileName: String(file.fileName),
          bytes: Buffer.from(String(file.base64), "base64"),
        })),
      });
      return {};
    },
    read: ({ chat }) => {
      const { unread, isMentioned } = world.findChat(String(chat));
      if (unread > 0 || isMentioned) {
        world.changeChat(String(chat), { unread: 0, isMentioned: false });
      }
      return {};
    },
    typing: ({ chat, isTyping }) => {
      ports.onTyping(String(chat), isTyping === true);
      return {};
    },
    /** `/send?phone=`: the jid, if the number can have WhatsApp at all. */
    "find-message": ({ id }) => {
      const message = world.find(String(id));
      return { message: message === undefined ? null : toMessageView(message) };
    },
    "find-number": ({ phone, isQuestion }) => {
      const digits = String(phone).replace(/\D/g, "");
      if (!/^\d{8,15}$/.test(digits) || digits.startsWith("0")) return { jid: null };
      const jid = `${digits}@c.us`;
      const known = world.chats().find((chat) => chat.jid === jid);
      if (isQuestion === true) return { jid };
      return { jid, chat: toChatView(world, known ?? world.putChat(toChat(jid))) };
    },
    dismiss: () => {
      ports.onDismiss();
      return {};
    },
    "log-out": () => {
      ports.onLogOut();
      return {};
    },
  };
  const signedOut: Record<string, (body: Record<string, unknown>) => unknown> = {
    "reload-code": ({ tab }) => {
      desk.reload(String(tab));
      return {};
    },
    "pairing-code": ({ tab }) => {
      desk.requestPairing(String(tab));
      return {};
    },
    "is-signed-in": ({ session }) => ({ isSignedIn: desk.isSignedIn(String(session)) }),
  };

  function serveMedia(response: ServerResponse, id: string): void {
    const media = world
      .chats()
      .flatMap(({ jid }) => world.messagesOf(jid))
      .flatMap((message) => message.media)
      .find((candidate) => candidate.id === id);
    if (media === undefined) return void response.writeHead(404).end();
    response.writeHead(200, { "content-type": media.mimeType }).end(media.bytes);
  }

  return async (request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> => {
    const name = url.pathname.replace("/page/", "");
    if (name === "qr") {
      const code = toQrModules(url.searchParams.get("ref") ?? "");
      return void response.writeHead(200, { "content-type": JSON_TYPE }).end(JSON.stringify(code));
    }
    const session = request.headers["x-session"];
    const isSignedIn = typeof session === "string" && desk.isSignedIn(session);
    if (name.startsWith("media/")) {
      if (!isSignedIn) return void response.writeHead(401).end();
      return serveMedia(response, name.replace("media/", ""));
    }
    const route = signedOut[name] ?? (isSignedIn ? signedIn[name] : undefined);
    if (route === undefined) return void response.writeHead(isSignedIn ? 404 : 401).end();
    const result = route(await readJson(request));
    response.writeHead(200, { "content-type": JSON_TYPE }).end(JSON.stringify(result));
  };
}
