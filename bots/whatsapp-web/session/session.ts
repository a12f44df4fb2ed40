import type { SessionRequest } from "../../../src/core/session.ts";
import { beginBook } from "./begin-book.ts";
import { type ChatBook, createChatBook } from "./chat-book.ts";
import { keepReconciling } from "./keep-reconciling.ts";
import { createLinking } from "./linking.ts";
import { type LivePage, openLivePage } from "./live-page.ts";
import { createLooking, HANG_MS } from "./looking.ts";
import { createMeasuring } from "./measuring.ts";
import { createOutgoing, type Outgoing } from "./outgoing.ts";
import { waitFor } from "./pacing.ts";
import { createReceiving } from "./receiving.ts";
import { MOST_MEGABYTES, reasonToRecycle } from "./recycling.ts";
import { createReporting } from "./reporting.ts";
import { answerRequest, takeRequests } from "./requests.ts";
import type { SessionEffect, SessionEvent, SessionModel } from "./session-model.ts";
import type { SessionPorts } from "./session-ports.ts";
import { initialModel, reduceSession } from "./state.ts";

/** While something is to happen, and while nothing is. */
const LOOK_EVERY_MS = 400;
const LOOK_WHEN_READY_MS = 1_500;
const STORE_RETRY_MS = 1_000;

export interface Session {
  /** From the start of the browser to its end; resolves after `signal` aborted and the browser is gone. */
  run(): Promise<void>;
  /** Undefined until the session has read what it remembers. */
  outgoing(): Outgoing | undefined;
  showTyping(chatKey: string, signal: AbortSignal): Promise<void>;
  /** What it says of itself now. */
  model(): SessionModel | undefined;
}

/** One account, from the first code to the last message: keeps its browser alive and tells the truth about it. */
export function createSession(ports: SessionPorts): Session {
  const { bot, clock, logger, sessions, signal } = ports;
  const now = () => clock.now().getTime();
  const linking = createLinking({ bot, sessions, clock });
  const reporting = createReporting(ports);
  const looking = createLooking({ bot, clock, logger, signal, isNewCode: linking.isNew });
  const measuring = createMeasuring(clock);
  let model: SessionModel | undefined;
  let book: ChatBook | undefined;
  let outgoing: Outgoing | undefined;
  let live: LivePage | undefined;
  let engineStop = new AbortController();
  let receiving: ReturnType<typeof createReceiving> | undefined;
  let attachedAtMs = 0;
  let lastInboundAt: Date | undefined;
  let wake = () => {};

  async function run(): Promise<void> {
    try {
      model = await remember();
      while (!signal.aborted) {
        await step(model);
        if (!signal.aborted) await waitForNext();
      }
    } finally {
      engineStop.abort();
      await live?.engine.stop();
      await live?.browser.close();
      live = undefined;
      await linking.withdraw().catch(() => undefined);
    }
  }

  /** What the last process knew. Without it nothing may start: a chat would get a second key. */
  async function remember(): Promise<SessionModel> {
    for (;;) {
      try {
        const last = await sessions.readReport(bot.tenantId, bot.botId);
        const marks = await ports.marks.readAll(bot.tenantId, bot.botId);
        book = createChatBook(marks);
        lastInboundAt =
          last?.lastInboundAt === undefined ? undefined : new Date(last.lastInboundAt);
        outgoing = createOutgoing({ bot, book, clock, engine: () => live?.engine, standing });
        receiving = createReceiving(
          {
            ...ports,
            book,
            choicesOf: outgoing.choicesOf,
            isOurText: outgoing.isOurText,
            onInbound: (_chatKey, at) => {
              lastInboundAt = at;
            },
          },
          () => live?.engine,
        );
        return initialModel(last, now());
      } catch (error) {
        logger.warn("session-not-remembered", { botId: bot.botId, error });
        await waitFor(STORE_RETRY_MS, signal);
        signal.throwIfAborted();
      }
    }
  }

  function standing() {
    const state = model?.state ?? "starting";
    const screen = looking.screen();
    const isOffline = screen?.kind === "main" && screen.banner === "computer-offline";
    const mayWrite = state === "ready" || (state === "degraded" && screen?.kind === "main");
    return {
      state,
      canSend: mayWrite && !isOffline && model?.isAttached === true && live?.ended() === undefined,
      attachedAtMs,
    };
  }

  async function step(current: SessionModel): Promise<void> {
    const requests = await takeRequests(ports);
    for (const { requestId, request } of requests) await handle(requestId, request);
    const evidence = live?.ended();
    if (live === undefined || !current.hasBrowser) await dispatch({ kind: "timer", atMs: now() });
    else if (evidence !== undefined) await dispatch({ kind: "broke", evidence, atMs: now() });
    else await look(live);
    await measure();
    await report();
  }

  async function waitForNext(): Promise<void> {
    const isCalm = model?.state === "ready" || model?.hasBrowser === false;
    const woken = new AbortController();
    wake = () => woken.abort();
    await waitFor(
      isCalm && model?.isAttached === true ? LOOK_WHEN_READY_MS : LOOK_EVERY_MS,
      AbortSignal.any([signal, woken.signal]),
    );
  }

  async function handle(requestId: string, request: SessionRequest): Promise<void> {
    logger.info("session-request-taken", { botId: bot.botId, requestId, request: request.kind });
    const answer = await answerRequest(request, {
      live,
      state: () => model?.state ?? "starting",
      ask: (asked) => dispatch({ kind: "asked", request: asked, atMs: now() }),
      signal,
    });
    await report();
    await sessions
      .answer(bot.tenantId, bot.botId, { requestId, ...answer })
      .catch((error: unknown) => {
        logger.warn("session-answer-not-stored", { botId: bot.botId, requestId, error });
      });
  }

  async function look(page: LivePage): Promise<void> {
    const event = await looking.look(page, model?.isAttached === true);
    if (event !== undefined) await dispatch(event);
  }

  async function dispatch(event: SessionEvent): Promise<void> {
    if (model === undefined) return;
    const { model: next, effects } = reduceSession(model, event);
    model = next;
    ports.onState();
    for (const effect of effects) {
      try {
        await perform(effect, event);
      } catch (error) {
        if (signal.aborted) return;
        logger.warn("session-step-failed", { botId: bot.botId, effect, error });
        if (effect === "launch") {
          await dispatch({ kind: "broke", evidence: "Chromium did not start.", atMs: now() });
        }
      }
    }
  }

  async function perform(effect: SessionEffect, event: SessionEvent): Promise<void> {
    const screen = looking.screen();
    switch (effect) {
      case "launch":
        return await launch();
      case "kill":
        return await endBrowser(event.kind === "broke");
      case "reload":
        await live?.page.reload({ timeout: HANG_MS, waitUntil: "domcontentloaded" });
        return;
      case "attach":
        return await attach();
      case "detach":
        return await detach();
      case "publish-code":
        return screen && (await linking.publish(screen, model?.codesShown ?? 1));
      case "withdraw-code":
        return await linking.withdraw();
      case "renew-code":
        return await live?.reader.element("qr-reload").click({ timeout: 5_000 });
      case "take-over":
      case "dismiss":
        if (screen !== undefined && "popup" in screen && screen.popup !== undefined) {
          await live?.reader.dismiss(screen.popup, signal);
        }
        return;
      default:
        return effect satisfies never;
    }
  }

  async function launch(): Promise<void> {
    await report();
    // What was put into a page goes with it: the canary looks at once, and puts it in anew.
    const onLoaded = () => {
      looking.begin();
      wake();
    };
    live = await openLivePage({ ...ports, onEnd: () => wake(), onLoaded, now });
    ports.metrics.count("session_starts_total", { engine: ports.maker.name });
    const { orphansKilled } = live.browser;
    logger.info("session-browser-started", { botId: bot.botId, orphansKilled });
  }

  async function endBrowser(isBroken: boolean): Promise<void> {
    const { browser } = live ?? {};
    live = undefined;
    looking.end();
    if (isBroken) await browser?.kill();
    else await browser?.close();
  }

  async function attach(): Promise<void> {
    if (live === undefined || book === undefined || receiving === undefined) return;
    const { browser, page, reader, engine } = live;
    if (book.fact("linked-at") === undefined) await beginBook(book, reader, clock.now(), signal);
    await receiving.writeMarks();
    engineStop = new AbortController();
    const running = AbortSignal.any([signal, engineStop.signal]);
    const { inbox } = receiving;
    const host = {
      bot,
      page,
      reader,
      clock,
      logger,
      pauses: ports.pauses,
      context: browser.context,
    };
    const { browserUrl } = browser;
    await engine.start(
      { ...host, ...(browserUrl !== undefined && { browserUrl }) },
      inbox,
      running,
    );
    attachedAtMs = now();
    await dispatch({ kind: "attached", atMs: now() });
    void keepReconciling({ bot, logger, engine }, running);
  }

  async function detach(): Promise<void> {
    engineStop.abort();
    await live?.engine.stop();
  }

  async function measure(): Promise<void> {
    if (!measuring.isDue()) return;
    const { megabytes = 0 } = await measuring.measure((await live?.browser.processes()) ?? []);
    const isBusy = live === undefined || model?.isAttached !== true || outgoing?.isIdle === false;
    const evidence = isBusy
      ? undefined
      : reasonToRecycle({
          nowMs: now(),
          openedAtMs: live?.openedAtMs ?? now(),
          lastTrafficMs: Math.max(
            lastInboundAt?.getTime() ?? 0,
            outgoing?.lastAcknowledgedAt?.getTime() ?? 0,
          ),
          megabytes,
          mostMegabytes: Number(bot.settings.mostMegabytes ?? MOST_MEGABYTES),
        });
    if (evidence !== undefined) await dispatch({ kind: "recycled", evidence, atMs: now() });
  }

  async function report(): Promise<void> {
    if (model === undefined) return;
    const screen = looking.screen();
    const { pid, megabytes } = model.hasBrowser ? measuring.latest() : {};
    await reporting.write(model, {
      checkedAt: looking.checkedAt(),
      engine: ports.maker.name,
      pack: screen?.kind === "main" ? screen.pack : undefined,
      lastInboundAt,
      lastAcknowledgedAt: outgoing?.lastAcknowledgedAt,
      oldestPendingAt: outgoing?.oldestPendingAt,
      browserPid: pid,
      memoryMegabytes: megabytes,
    });
  }

  return {
    run,
    outgoing: () => outgoing,
    model: () => model,
    async showTyping(chatKey, typingSignal) {
      const target = book?.target(chatKey);
      if (target === undefined || !standing().canSend) return;
      await live?.engine.showTyping(target, typingSignal);
    },
  };
}
