import type { Operations } from "../access/describe-operations.ts";
import { ChatMessageAccepted } from "../contract.ts";
import { VoiceNoteQuery } from "./contract.ts";
import { VOICE_TYPES } from "./voice-type.ts";

export const VOICE_NOTE_OPERATIONS: Operations = {
  "POST /api/v1/chat/:botKey/voice-notes": {
    id: "sendVoiceNote",
    summary: "Say something aloud in the web chat",
    description:
      "The body is the recording itself: WebM, Ogg or MP4 by its content, at most 3 MB and two minutes. It is kept sealed, heard by the transcriber that the installation has, and answered as a question is; the answer begins with what was understood. 202 means stored. The same `clientMessageId` again is answered once.",
    query: VoiceNoteQuery,
    takesFile: VOICE_TYPES,
    gives: ChatMessageAccepted,
    status: 202,
    otherwise: {
      400: "The request is not valid; `fields` says where.",
      401: "The visitor's cookie is missing or not of this bot.",
      403: "The request comes from a page of another site.",
      404: "There is no such web chat, or nobody hears recordings here.",
      413: "It is larger than 3 MB.",
      415: "It is no recording in WebM, Ogg or MP4.",
      503: "The database is away: nothing was stored, send again.",
    },
  },
};
