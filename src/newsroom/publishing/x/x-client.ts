import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { TwitterApi } from "twitter-api-v2";
import { PregoneroError } from "../../../core/errors.ts";
import type { XCredentials } from "../../../core/publishing.ts";
import type { TimelinePost } from "./find-post.ts";

/** Of one call; X answers in well under a second. */
const CALL_TIMEOUT_MS = 20_000;
/** Posts of one look at the timeline: X gives 100 at most, and ours is among the newest. */
const TIMELINE_POSTS = 100;

export interface XAccount {
  readonly id: string;
  readonly name: string;
}

export interface RefreshedTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresAt: string;
}

/** API v2 by the vendor's usual client. Rejects with what that throws; `map-error.ts` reads it. */
export interface XClient {
  post(
    text: string,
    options: { readonly replyTo: string | undefined; readonly mediaId: string | undefined },
    signal: AbortSignal,
  ): Promise<string>;
  /** The id by which a post names it. `alt`: for those who do not see it. */
  uploadPicture(png: Buffer, alt: string, signal: AbortSignal): Promise<string>;
  me(signal: AbortSignal): Promise<XAccount>;
  /** Newest first, since `since`. */
  timeline(accountId: string, since: Date, signal: AbortSignal): Promise<readonly TimelinePost[]>;
}

/** `root` is `https://api.x.com`, or the stand-in; no trailing slash. */
export function openXClient(root: string, credentials: XCredentials): XClient {
  const at = { prefix: `${root}/2/`, timeout: CALL_TIMEOUT_MS };
  const call = <Result>(signal: AbortSignal, work: (api: TwitterApi) => Promise<Result>) =>
    withAgent(root, signal, (agent) => work(apiOf(credentials, agent)));
  return {
    post: (text, { replyTo, mediaId }, signal) =>
      call(signal, async (api) => {
        const reply = replyTo === undefined ? {} : { reply: { in_reply_to_tweet_id: replyTo } };
        const media = mediaId === undefined ? {} : { media: { media_ids: [mediaId] } };
        const answer: unknown = await api.post("tweets", { text, ...reply, ...media }, at);
        return stringAt(answer, "data", "id");
      }),
    uploadPicture: (png, alt, signal) =>
      call(signal, async (api) => {
        const kind = { media_type: "image/png", media_category: "tweet_image" };
        const begun: unknown = await api.post(
          "media/upload/initialize",
          { ...kind, total_bytes: png.length },
          at,
        );
        const id = stringAt(begun, "data", "id");
        const form = { ...at, forceBodyMode: "form-data" as const };
        await api.post(`media/upload/${id}/append`, { segment_index: 0, media: png }, form);
        await api.post(`media/upload/${id}/finalize`, {}, at);
        await api.post("media/metadata", { id, metadata: { alt_text: { text: alt } } }, at);
        return id;
      }),
    me: (signal) =>
      call(signal, async (api) => {
        const answer: unknown = await api.get("users/me", {}, at);
        return { id: stringAt(answer, "data", "id"), name: stringAt(answer, "data", "username") };
      }),
    timeline: (accountId, since, signal) =>
      call(signal, async (api) => {
        const query = {
          max_results: TIMELINE_POSTS,
          "tweet.fields": "created_at,entities,note_tweet",
          start_time: `${since.toISOString().slice(0, 19)}Z`,
        };
        const path = `users/${encodeURIComponent(accountId)}/tweets`;
        return toTimeline(await api.get(path, query, at));
      }),
  };
}

/** Exchanges the refresh token, which is good for one use, for the next pair. */
export async function refreshTokens(
  root: string,
  credentials: Extract<XCredentials, { kind: "oauth2" }>,
  now: Date,
  signal: AbortSignal,
): Promise<RefreshedTokens> {
  const { clientId, clientSecret, refreshToken } = credentials;
  const isConfidential = clientSecret !== undefined && clientSecret !== "";
  const answer: unknown = await withAgent(root, signal, (httpAgent) =>
    new TwitterApi(isConfidential ? { clientId, clientSecret } : { clientId }, { httpAgent }).post(
      "oauth2/token",
      { grant_type: "refresh_token", refresh_token: refreshToken, client_id: clientId },
      {
        prefix: `${root}/2/`,
        timeout: CALL_TIMEOUT_MS,
        forceBodyMode: "url",
        enableAuth: isConfidential,
      },
    ),
  );
  const seconds = Number((answer as { readonly expires_in?: unknown }).expires_in);
  const lifetimeMs = Number.isFinite(seconds) ? seconds * 1_000 : 2 * 3_600_000;
  return {
    accessToken: stringAt(answer, "access_token"),
    refreshToken: stringAt(answer, "refresh_token"),
    expiresAt: new Date(now.getTime() + lifetimeMs).toISOString(),
  };
}

function apiOf(credentials: XCredentials, httpAgent: HttpAgent): TwitterApi {
  if (credentials.kind === "oauth2") return new TwitterApi(credentials.accessToken, { httpAgent });
  const { appKey, appSecret, accessToken, accessSecret } = credentials;
  return new TwitterApi({ appKey, appSecret, accessToken, accessSecret }, { httpAgent });
}

/** The client knows no signal: its connections are its own, and end with it. */
async function withAgent<Result>(
  root: string,
  signal: AbortSignal,
  work: (agent: HttpAgent) => Promise<Result>,
): Promise<Result> {
  signal.throwIfAborted();
  const agent = root.startsWith("http:") ? new HttpAgent() : new HttpsAgent();
  const end = () => agent.destroy();
  signal.addEventListener("abort", end, { once: true });
  try {
    return await work(agent);
  } finally {
    signal.removeEventListener("abort", end);
    agent.destroy();
  }
}

function stringAt(answer: unknown, ...path: readonly string[]): string {
  let value = answer;
  for (const name of path) value = (value as Record<string, unknown> | undefined)?.[name];
  if (typeof value === "string" && value !== "") return value;
  // A success that says nothing proves nothing.
  throw new PregoneroError("x-answer", `X answered without ${path.join(".")}.`, {
    retry: "backoff",
  });
}

interface ApiPost {
  readonly id?: string;
  readonly text?: string;
  readonly created_at?: string;
  readonly entities?: ApiEntities;
  readonly note_tweet?: { readonly text?: string; readonly entities?: ApiEntities };
}

interface ApiEntities {
  readonly urls?: readonly { readonly url?: string; readonly expanded_url?: string }[];
}

function toTimeline(answer: unknown): readonly TimelinePost[] {
  const { data = [] } = answer as { readonly data?: readonly ApiPost[] };
  return data.map(({ id = "", text = "", created_at, entities, note_tweet: note }) => ({
    id,
    text: note?.text ?? text,
    createdAt: created_at,
    urls: ((note?.text === undefined ? entities : note.entities)?.urls ?? []).map((link) => ({
      url: link.url ?? "",
      expandedUrl: link.expanded_url,
    })),
  }));
}
