export { type FieldProblem, PregoneroApiError } from "./api-error.ts";
export { createCookieJar, type SessionCookies } from "./cookies.ts";
export {
  type ClientOptions,
  createClient,
  type PregoneroClient,
  type Schema,
} from "./create-client.ts";
export type { LiveEvent, LiveEventsOptions } from "./live-events.ts";
