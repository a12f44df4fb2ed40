import { Router } from "express";
import type { BotRegistry } from "../../core/bot-registry.ts";
import { PregoneroError } from "../../core/errors.ts";
import type { MediaFiles } from "../../core/media-files.ts";
import { parseInput } from "../parse-input.ts";
import { allowOnly, notFound } from "../problem.ts";
import { callerOf, createRateLimit } from "../rate-limit.ts";
import { readBody } from "../read-body.ts";
import { requireSameOrigin } from "../same-origin.ts";
import type { VisitorCookie } from "../visitor-cookie.ts";
import { requireVisitor, type StorePorts, storeMessage } from "../visitor-messages.ts";
import { findWebChat } from "../widget/public-routes.ts";
import { MAX_VOICE_BYTES, VoiceNoteQuery } from "./contract.ts";
import { voiceTypeOf } from "./voice-type.ts";

export interface VoiceNotePorts extends StorePorts {
  readonly registry: BotRegistry;
  readonly visitors: VisitorCookie;
  readonly publicUrl: string | undefined;
  /** Undefined: nobody hears recordings, and none is taken. */
  readonly voiceNotes: Pick<MediaFiles, "write"> | undefined;
}

/** Each is paid for by the second: nobody asks so often aloud, and a school behind one address is many people. */
const NOTES_PER_VISITOR_PER_MINUTE = 6;
const NOTES_PER_CALLER_PER_MINUTE = 60;

/** What visitors of the web chat say aloud: kept as other channels' voice notes are, and heard in hop 2. */
export function voiceNoteRoutes(ports: VoiceNotePorts): Router {
  const perVisitor = createRateLimit("voice-per-visitor", NOTES_PER_VISITOR_PER_MINUTE, 60);
  const perCaller = createRateLimit("voice-per-caller", NOTES_PER_CALLER_PER_MINUTE, 60);
  const router = Router();
  router
    .route("/api/v1/chat/:botKey/voice-notes")
    .post(async (request, response) => {
      const bot = findWebChat(ports.registry, request);
      requireSameOrigin(request, ports.publicUrl);
      const visitorId = requireVisitor(ports.visitors, request, bot);
      if (ports.voiceNotes === undefined) throw notFound("Nobody hears recordings here.");
      await perCaller.take(callerOf(request), response);
      await perVisitor.take(`${bot.botId} ${visitorId}`, response);
      const { clientMessageId, seconds, language } = parseInput(VoiceNoteQuery, request.query);
      const bytes = await readBody(request, MAX_VOICE_BYTES);
      const mediaType = voiceTypeOf(bytes);
      if (mediaType === undefined) throw noRecording();
      // Before the message that names it: a crash in between leaves a file that is forgotten after two days.
      const fileKey = await ports.voiceNotes.write(bot.tenantId, bot.botId, bytes);
      const voice = { fileKey, mediaType, sizeBytes: bytes.length, seconds };
      const message = { clientMessageId, said: { voice }, ...(language && { language }) };
      const shown = { text: `🎤 ${clock(seconds)}`, voice: { seconds } };
      const accepted = await storeMessage(ports, { bot, visitorId, message, shown });
      response.setHeader("Cache-Control", "no-store");
      response.status(202).json(accepted);
    })
    .all(allowOnly("POST"));
  return router;
}

function noRecording(): PregoneroError {
  return new PregoneroError(
    "unsupported-media-type",
    "It is no recording in WebM, Ogg or MP4, by its first bytes.",
    { status: 415 },
  );
}

/** `1:07`, as every language writes it. */
function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
