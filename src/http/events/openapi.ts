import type { Operations } from "../access/describe-operations.ts";
import { EventsQuery } from "./contract.ts";

export const EVENT_OPERATIONS: Operations = {
  "GET /api/v1/events": {
    id: "followEvents",
    summary: "Follow what happens, as it happens",
    description:
      "Server-sent events: ids and states, no content, each only to roles that may read what it is of (docs/events.md); `EventPayloads` describes the data of each kind. Resumes after Last-Event-ID or `since`; `reset` says that too much was missed, and `ready` that the past is told. Ends when the session ends or the role changes.",
    query: EventsQuery,
    media: "text/event-stream",
    otherwise: {
      400: "The query is not valid; `fields` says where.",
      503: "Too many streams are open in this process.",
    },
  },
};
