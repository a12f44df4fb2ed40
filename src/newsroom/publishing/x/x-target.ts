import type { Clock } from "../../../core/clock.ts";
import type { Logger } from "../../../core/logger.ts";
import type { ApprovedText } from "../../../core/prompts.ts";
import type { SettingsOf, XCredentials } from "../../../core/publishing.ts";
import type { PostContext, PostOutcome, TargetAdapter } from "../../../core/publishing-work.ts";
import { checkCodeOf } from "../check-code.ts";
import { editionsOf, oneLine } from "../digest-text.ts";
import { type Card, drawCard } from "./draw-card.ts";
import { findPost } from "./find-post.ts";
import { readFailure } from "./map-error.ts";
import { planThread } from "./plan-thread.ts";
import { MAX_POST_WEIGHT, weigh } from "./weigh-text.ts";
import { openXClient, refreshTokens, type XClient } from "./x-client.ts";

type XSettings = SettingsOf<"x">;
type Refused = Extract<PostOutcome, { kind: "refused" | "unknown" }>;

/** An access token that is about to end is exchanged before it is used. */
const EXPIRES_SOON_MS = 2 * 60_000;
/** What a look at the timeline goes back beyond the publication's beginning. */
const LOOK_BACK_MS = 10 * 60_000;
/** Of a picture's description (docs.x.com, "Create media metadata"). */
const MAX_ALT = 1_000;

export interface XTargetPorts {
  /** `https://api.x.com`, or the stand-in; no trailing slash. */
  readonly apiUrl: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Threads on X. It has no idempotency key, but refuses the same words twice, and an account's own posts can be read: a
 * post of doubtful outcome is looked for before it goes again.
 */
export function createXTarget({ apiUrl, clock, logger }: XTargetPorts): TargetAdapter<"x"> {
  /** Calls with credentials that are good; a refused token of OAuth 2.0 is exchanged once, for the call did nothing. */
  async function call<Result>(
    context: Pick<PostContext<XSettings>, "settings" | "keepSettings" | "signal">,
    work: (client: XClient, settings: XSettings) => Promise<Result>,
  ): Promise<Result> {
    let { settings } = context;
    const exchange = async () => {
      const credentials = await refresh(settings.credentials, context.signal);
      settings = { ...settings, credentials };
      // Kept before it is used: the token before is worth nothing any more.
      await context.keepSettings(settings);
    };
    if (expiresSoon(settings.credentials)) await exchange();
    try {
      return await work(openXClient(apiUrl, settings.credentials), settings);
    } catch (error) {
      const failure = readFailure(error, clock.now());
      const isRefused = failure.kind === "refused" && failure.reason === "bad-credentials";
      if (!isRefused || settings.credentials.kind !== "oauth2") throw error;
      await exchange();
      return work(openXClient(apiUrl, settings.credentials), settings);
    }
  }

  function expiresSoon(credentials: XCredentials): boolean {
    if (credentials.kind !== "oauth2" || credentials.expiresAt === undefined) return false;
    return Date.parse(credentials.expiresAt) - clock.now().getTime() < EXPIRES_SOON_MS;
  }

  async function refresh(credentials: XCredentials, signal: AbortSignal): Promise<XCredentials> {
    if (credentials.kind !== "oauth2") return credentials;
    try {
      const tokens = await refreshTokens(apiUrl, credentials, clock.now(), signal);
      return { ...credentials, ...tokens };
    } catch (error) {
      throw new RefreshFailed(failureOfRefresh(readFailure(error, clock.now())));
    }
  }

  const failureOf = (error: unknown): Refused =>
    error instanceof RefreshFailed ? error.failure : readFailure(error, clock.now());

  /** Undefined: X does not take it now. The words matter more than their picture. */
  async function upload(card: Card, context: PostContext<XSettings>): Promise<string | undefined> {
    const png = await drawCard(card);
    try {
      return await call(context, (client) =>
        client.uploadPicture(png, altOf(card), context.signal),
      );
    } catch (error) {
      context.signal.throwIfAborted();
      const { reason } = failureOf(error);
      if (reason === "bad-credentials") throw error;
      logger.warn("card-not-uploaded", { publicationId: context.publicationId, reason });
      return undefined;
    }
  }

  return {
    kind: "x",
    plan: (text, settings, publicUrl) =>
      planThread(text, publicUrl).map((post, at) => {
        const card = at === 0 && settings.hasCard === true ? cardOf(text, publicUrl) : undefined;
        return {
          text: post,
          length: weigh(post),
          limit: MAX_POST_WEIGHT,
          picture: card && altOf(card),
          content: { text: post, ...(card && { card }) },
        };
      }),

    async post({ text, card }, context) {
      try {
        const mediaId = card === undefined ? undefined : await upload(card as Card, context);
        const networkId = await call(context, (client) =>
          client.post(String(text), { replyTo: context.previousId, mediaId }, context.signal),
        );
        return { kind: "sent", networkId };
      } catch (error) {
        return failureOf(error);
      }
    },

    async lookUp({ text }, context) {
      try {
        const since = new Date(context.createdAt.getTime() - LOOK_BACK_MS);
        const posts = await call(context, async (client, settings) => {
          const account = settings.account ?? (await client.me(context.signal));
          if (settings.account === undefined) await context.keepSettings({ ...settings, account });
          return client.timeline(account.id, since, context.signal);
        });
        const found = findPost(posts, String(text), context.createdAt);
        return found === undefined ? { kind: "absent" } : { kind: "found", networkId: found.id };
      } catch (error) {
        return { kind: "unsure", reason: failureOf(error).reason };
      }
    },

    async check(_tenantId, settings, signal) {
      let kept = settings;
      const keepSettings = async (changed: XSettings) => {
        kept = changed;
      };
      try {
        const account = await call({ settings, keepSettings, signal }, (client) =>
          client.me(signal),
        );
        kept = { ...kept, account };
        return {
          isWell: true,
          code: "account-known",
          name: `@${account.name}`,
          evidence: `X knows the account as @${account.name}.`,
          settings: kept,
        };
      } catch (error) {
        const failure = failureOf(error);
        const evidence =
          (failure.kind === "refused" ? failure.needsAttention : undefined) ??
          `X could not be asked (${failure.reason}): try again later.`;
        const code = checkCodeOf(failure);
        return { isWell: false, code, evidence, ...(kept === settings ? {} : { settings: kept }) };
      }
    },
  };
}

function cardOf(text: ApprovedText, publicUrl: string): Card {
  const [edition] = editionsOf(text, publicUrl);
  const host = URL.canParse(publicUrl) ? new URL(publicUrl).host : "";
  return { title: oneLine(text.title), place: edition?.name ?? "", host };
}

function altOf({ title, place }: Card): string {
  return `${title} · ${place}`.slice(0, MAX_ALT);
}

/** The exchange of tokens failed: nothing was posted. */
class RefreshFailed extends Error {
  readonly failure: Refused;
  constructor(failure: Refused) {
    super("The tokens were not exchanged.");
    this.failure = failure;
  }
}

function failureOfRefresh(failure: Refused): Refused {
  if (failure.kind === "unknown") {
    return { kind: "refused", reason: "refresh-failed", retry: "backoff" };
  }
  const isOver = failure.retry === "never" && failure.needsAttention === undefined;
  if (!isOver) return failure;
  return {
    ...failure,
    reason: "bad-credentials",
    needsAttention:
      "X does not renew the access any more: sign in at X again, and save the new tokens here.",
  };
}
