import http from "node:http";
import type { AddressInfo } from "node:net";
import { createControlRoutes } from "./control-routes.ts";
import { createLoginDesk, type LoginOptions, type LoginView } from "./login-desk.ts";
import type { Ack, Chat, Era, Language, Message, PopupKind, Settings, TickTimes } from "./model.ts";
import { createPageFeed, toMessageView } from "./page-feed.ts";
import { createPageRoutes, serveAsset } from "./page-routes.ts";
import { newMessageId, OWN_JID, toChat, toPerson } from "./people.ts";
import { createSending, type SendFault } from "./sending.ts";
import { createWorld, type Incoming } from "./world.ts";

export interface StandInOptions extends Partial<LoginOptions & TickTimes> {
  /** Any free port when absent; a profile stays signed in at the same port only. */
  readonly port?: number;
  readonly settings?: Partial<Settings>;
  readonly ownName?: string;
  readonly slowStartMs?: number;
  readonly now?: () => number;
  /** Sessions that are signed in already: put one into the page's IndexedDB, or open `/?session=<it>`. */
  readonly session?: string;
}

export interface HistoryEntry {
  readonly text: string;
  readonly atMs: number;
  readonly isOwn?: boolean;
  /** In a group. */
  readonly from?: string;
}

const DEFAULT_SETTINGS: Settings = {
  era: "D",
  language: "en",
  ids: "bare",
  usesLids: false,
  clock: undefined,
  dateOrder: undefined,
  stampedShare: 1,
  isHidden: false,
  isPhoneOffline: false,
  popup: undefined,
  isRestricted: false,
};

/** Starts a WhatsApp Web on the loopback interface: the page, the phone it belongs to, and the people. */
export async function startWhatsAppWebStandIn(options: StandInOptions = {}) {
  const now = options.now ?? Date.now;
  let settings: Settings = { ...DEFAULT_SETTINGS, ...options.settings };
  let slowStartMs = options.slowStartMs ?? 0;
  let tickTimes: TickTimes = {
    sentMs: "sentMs" in options ? options.sentMs : 40,
    deliveredMs: "deliveredMs" in options ? options.deliveredMs : 120,
    readMs: options.readMs,
  };
  let isOffline = false;
  const watchers = new Set<(event: object) => void>();
  const typingListeners = new Set<(chat: string, isTyping: boolean) => void>();

  const world = createWorld({ now, ownName: options.ownName ?? "Pregonero" });
  world.putChat(toChat(OWN_JID, { name: world.own.name }));
  const desk = createLoginDesk({
    qrDelayMs: options.qrDelayMs ?? 300,
    qrRotateMs: options.qrRotateMs ?? 20_000,
    refForm: options.refForm ?? "plain",
  });
  if (options.session !== undefined) desk.grant(options.session);
  const feed = createPageFeed({
    world,
    desk,
    settings: () => settings,
    slowStartMs: () => slowStartMs,
  });
  let crashCount = 0;
  const crashListeners = new Set<() => void>();
  const crash = (how: "hang" | "blank" = "hang") => {
    crashCount += 1;
    feed.tellAll({ kind: "crash", how });
    for (const listener of crashListeners) listener();
  };
  const sending = createSending({ world, tickTimes: () => tickTimes, crashPages: () => crash() });

  const change = (part: Partial<Settings>) => {
    settings = { ...settings, ...part };
    feed.settingsChanged();
    tellState();
  };
  const logOut = () => {
    desk.logOut();
    feed.logOut();
  };
  const routes = createPageRoutes({
    world,
    desk,
    sending,
    onTyping: (chat, isTyping) => {
      for (const listener of typingListeners) listener(chat, isTyping);
    },
    onDismiss: () => change({ popup: undefined }),
    onLogOut: logOut,
  });

  const server = http.createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    if (isOffline && url.pathname.startsWith("/page/")) return void response.destroy();
    route(request, response, url).catch((error: unknown) => {
      if (response.headersSent) return void response.destroy();
      response.writeHead(400, { "content-type": "text/plain; charset=utf-8" }).end(String(error));
    });
  });

  async function route(request: http.IncomingMessage, response: http.ServerResponse, url: URL) {
    if (url.pathname === "/page/events") return feed.connect(request, response, url.searchParams);
    if (url.pathname.startsWith("/page/")) return routes(request, response, url);
    if (url.pathname === "/citizen" || url.pathname.startsWith("/control/")) {
      return control(request, response, url);
    }
    if (url.pathname.startsWith("/static/")) {
      return serveAsset(response, url.pathname.replace("/static/", ""));
    }
    if (url.pathname === "/" || url.pathname === "/send") return serveAsset(response, "index.html");
    response.writeHead(404).end();
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;

  const standIn = {
    /** With a slash at its end, as `https://web.whatsapp.com/`. */
    url: `http://127.0.0.1:${port}/`,
    settings: () => settings,
    scan: (ref?: string) => desk.scan(ref),
    enterPairingCode: (code: string) => desk.enterPairingCode(code),
    /** What the tabs that are not signed in show. */
    loginViews: (): readonly LoginView[] => desk.shown(),
    addChat: (jid: string, part: Partial<Chat> = {}) => world.putChat(toChat(jid, part)).jid,
    changeChat: (chat: string, part: Partial<Chat>) => void world.changeChat(chat, part),
    chats: () => world.chats(),
    messages: (chat: string): readonly Message[] => world.messagesOf(world.findChat(chat).jid),
    receive: (incoming: Incoming): string => world.receive(incoming),
    toPerson,
    /** What was said before, read long ago: in the order of time, oldest first. */
    addHistory(chat: string, messages: readonly HistoryEntry[]): readonly string[] {
      return messages.map(({ isOwn, ...entry }) => {
        if (isOwn !== true) return world.receive({ ...entry, chat }, { isRead: true });
        return world.addOwn({ ...entry, id: newMessageId("web"), chat, ack: "read" }).id;
      });
    },
    /** A message that the owner wrote on the phone. */
    sendFromPhone: (chat: string, text: string, id?: string) =>
      world.addOwn({ id: id ?? newMessageId("iphone"), chat, text, ack: "sent" }).id,
    edit: world.edit,
    delete: (id: string) =>
      void world.change(id, { isDeleted: true, text: "", media: [], kind: "text" }),
    react: (id: string, emoji: string, by = "") =>
      void world.change(id, { reactions: [{ emoji, by }] }),
    setTyping: (chat: string, isTyping: boolean) => void world.changeChat(chat, { isTyping }),
    change,
    setEra: (era: Era) => change({ era }),
    setLanguage: (language: Language) => change({ language }),
    showPopup: (popup: PopupKind | undefined) => change({ popup }),
    conflict: () => feed.broadcast({ kind: "conflict" }),
    /** As WhatsApp Web does by itself when it was updated. */
    reload: () => feed.tellAll({ kind: "reload" }),
    restrict: (chat?: string, isRestricted = true) =>
      chat === undefined ? change({ isRestricted }) : void world.changeChat(chat, { isRestricted }),
    logOut,
    goOffline() {
      isOffline = true;
      feed.cut();
    },
    goOnline() {
      isOffline = false;
    },
    crash,
    slowStart(ms: number) {
      slowStartMs = ms;
    },
    setTickTimes(times: Partial<TickTimes>) {
      tickTimes = { ...tickTimes, ...times };
    },
    tick: (id: string, ack: Ack) => sending.tick(id, ack),
    failNextSend: (fault: SendFault) => sending.failNext(fault),
    clearFaults: () => sending.clearFaults(),
    sent: (chat?: string) => sending.sent(chat),
    onSent: (listener: (message: Message) => void) => sending.onSent(listener),
    /** Resolves when so many messages were accepted in all. */
    untilSent(count: number): Promise<readonly Message[]> {
      return new Promise((resolve) => {
        const look = () => {
          if (sending.sent().length < count) return;
          stop();
          resolve(sending.sent());
        };
        const stop = sending.onSent(look);
        look();
      });
    },
    /** Resolves when the page was told so often in all to crash. */
    untilCrashed(count: number): Promise<void> {
      return new Promise((resolve) => {
        const look = () => {
          if (crashCount < count) return;
          crashListeners.delete(look);
          resolve();
        };
        crashListeners.add(look);
        look();
      });
    },
    onTyping(listener: (chat: string, isTyping: boolean) => void): () => void {
      typingListeners.add(listener);
      return () => typingListeners.delete(listener);
    },
    tabCount: () => feed.tabCount(),
    state: () => ({
      settings,
      chats: world.chats(),
      loginViews: desk.shown(),
      tabCount: feed.tabCount(),
    }),
    /** Tells what happens to `listener`, for the page that is played with by hand. */
    watch(listener: (event: object) => void): () => void {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
    async close(): Promise<void> {
      sending.close();
      desk.close();
      feed.cut();
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
  const control = createControlRoutes(standIn);
  const tell = (event: object) => {
    for (const listener of watchers) listener(event);
  };
  const tellState = () => tell({ kind: "state", state: standIn.state() });
  world.events.on("message", (message) =>
    tell({ kind: "message", message: toMessageView(message) }),
  );
  world.events.on("chat", tellState);
  desk.events.on("view", tellState);
  desk.events.on("linked", tellState);
  typingListeners.add((chat, isTyping) => tell({ kind: "typing", chat, isTyping }));
  return standIn;
}

export type WhatsAppWebStandIn = Awaited<ReturnType<typeof startWhatsAppWebStandIn>>;
