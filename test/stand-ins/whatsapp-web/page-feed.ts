import type { IncomingMessage, ServerResponse } from "node:http";
import type { LoginDesk, LoginView } from "./login-desk.ts";
import type { Chat, Message, Settings } from "./model.ts";
import type { World } from "./world.ts";

/** What the server tells a page; `page/link.js` reads it. */
export type PageEvent =
  | { readonly kind: "login"; readonly view: LoginView; readonly settings: Settings }
  | { readonly kind: "linked"; readonly session: string }
  | { readonly kind: "snapshot"; readonly state: object }
  | { readonly kind: "settings"; readonly settings: Settings }
  | { readonly kind: "chat"; readonly chat: object }
  | { readonly kind: "message"; readonly message: object; readonly isNew: boolean }
  | { readonly kind: "conflict" | "logged-out" | "reload" }
  | { readonly kind: "crash"; readonly how: "hang" | "blank" };

interface Tab {
  readonly id: string;
  readonly response: ServerResponse;
  isSignedIn: boolean;
}

/** One stream of events for each open tab. */
export function createPageFeed(ports: {
  readonly world: World;
  readonly desk: LoginDesk;
  readonly settings: () => Settings;
  readonly slowStartMs: () => number;
}) {
  const { world, desk } = ports;
  const tabs = new Map<string, Tab>();

  const write = (tab: Tab, event: PageEvent) => {
    tab.response.write(`data: ${JSON.stringify(event)}\n\n`);
  };
  const broadcast = (event: PageEvent) => {
    for (const tab of tabs.values()) if (tab.isSignedIn) write(tab, event);
  };

  function connect(request: IncomingMessage, response: ServerResponse, query: URLSearchParams) {
    const id = query.get("tab") ?? "";
    const isSignedIn = desk.isSignedIn(query.get("session") ?? "");
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    const tab: Tab = { id, response, isSignedIn };
    tabs.set(id, tab);
    request.on("close", () => {
      if (tabs.get(id) !== tab) return;
      tabs.delete(id);
      desk.leave(id);
    });
    if (isSignedIn) write(tab, { kind: "snapshot", state: snapshot() });
    else desk.begin(id);
  }

  const snapshot = () => ({
    own: world.own,
    settings: ports.settings(),
    slowStartMs: ports.slowStartMs(),
    chats: world.chats().map((chat) => toChatView(world, chat)),
  });

  desk.events.on("view", (id, view) => {
    const tab = tabs.get(id);
    if (tab !== undefined) write(tab, { kind: "login", view, settings: ports.settings() });
  });
  desk.events.on("linked", (id, session) => {
    const tab = tabs.get(id);
    if (tab === undefined) return;
    write(tab, { kind: "linked", session });
    tab.isSignedIn = true;
    write(tab, { kind: "snapshot", state: snapshot() });
  });
  world.events.on("chat", (chat) => broadcast({ kind: "chat", chat: toChatView(world, chat) }));
  world.events.on("message", (message, { isNew }) => {
    broadcast({ kind: "message", message: toMessageView(message), isNew });
    broadcast({ kind: "chat", chat: toChatView(world, world.findChat(message.chat)) });
  });

  return {
    connect,
    broadcast,
    tellAll(event: PageEvent): void {
      for (const tab of tabs.values()) write(tab, event);
    },
    settingsChanged(): void {
      for (const tab of tabs.values()) {
        if (tab.isSignedIn) write(tab, { kind: "settings", settings: ports.settings() });
        else {
          const view = desk.viewOf(tab.id) ?? { kind: "waiting" };
          write(tab, { kind: "login", view, settings: ports.settings() });
        }
      }
    },
    /** As when the computer loses the network: the streams break off. */
    cut(): void {
      for (const tab of tabs.values()) tab.response.destroy();
    },
    logOut(): void {
      broadcast({ kind: "logged-out" });
    },
    tabCount: () => tabs.size,
  };
}

export function toMessageView(message: Message): object {
  const media = message.media.map(({ bytes, ...rest }) => ({ ...rest, size: bytes.length }));
  return { ...message, author: message.author ?? null, quote: message.quote ?? null, media };
}

export function toChatView(world: World, chat: Chat): object {
  const last = world.messagesOf(chat.jid).findLast(({ kind }) => kind !== "system");
  return { ...chat, last: last === undefined ? null : toMessageView(last) };
}
