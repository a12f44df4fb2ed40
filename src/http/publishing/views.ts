import type { z } from "zod";
import { asId, type BotId } from "../../core/ids.ts";
import type {
  PlannedPost,
  Publication,
  PublicationPost,
  PublishingTarget,
  TargetSettings,
} from "../../core/publishing.ts";
import type { TargetPreview } from "../../newsroom/publishing/publishing-desk.ts";
import type {
  PreviewsShape,
  PublicationShape,
  PublicationWithPostsShape,
  TargetRequest,
  TargetShape,
} from "./contract.ts";

const iso = (date: Date | undefined) => date?.toISOString() ?? null;

export function toSettings(given: z.infer<typeof TargetRequest>["settings"]): TargetSettings {
  switch (given.kind) {
    case "x":
      return { kind: given.kind, credentials: given.credentials, hasCard: given.card };
    case "telegram-channel":
      return { kind: given.kind, botId: asId<BotId>(given.botId), chatKey: given.chatId };
    case "whatsapp-template":
      return { ...given, botId: asId<BotId>(given.botId) };
    default:
      return given;
  }
}

export function toTargetView(target: PublishingTarget): z.infer<typeof TargetShape> {
  return {
    id: target.targetId,
    name: target.name,
    kind: target.settings.kind,
    state: target.state,
    attention: target.attention ?? null,
    prompts: [...target.promptIds],
    settings: withoutSecrets(target.settings),
    createdAt: target.createdAt.toISOString(),
  };
}

/** What may be shown, named one by one: what is added later is not shown by accident. */
function withoutSecrets(settings: TargetSettings): Record<string, unknown> {
  switch (settings.kind) {
    case "x":
      return {
        authorisation: settings.credentials.kind,
        account: settings.account === undefined ? null : `@${settings.account.name}`,
        card: settings.hasCard === true,
      };
    case "telegram-channel":
      return { botId: settings.botId, chatId: settings.chatKey };
    case "whatsapp-template": {
      const { botId, segmentId, template } = settings;
      return { botId, segmentId, template };
    }
    case "email": {
      const { host, port, security, userName, from, fromName, recipients, unsubscribe } = settings;
      return {
        ...{ host, port, security, from, recipients, unsubscribe },
        userName: userName ?? null,
        fromName: fromName ?? null,
      };
    }
    case "edition-page":
    case "webhook":
      return {};
    default:
      return settings satisfies never;
  }
}

export function toPublicationView(publication: Publication): z.infer<typeof PublicationShape> {
  return {
    id: publication.publicationId,
    runId: publication.runId,
    targetId: publication.targetId,
    targetName: publication.targetName,
    kind: publication.targetKind,
    state: publication.state,
    reason: publication.reason ?? null,
    scheduledFor: publication.scheduledFor.toISOString(),
    timeZone: publication.timeZone ?? null,
    nextAttemptAt: iso(publication.nextAttemptAt),
    askedBy: publication.askedBy,
    createdAt: publication.createdAt.toISOString(),
    publishedAt: iso(publication.publishedAt),
  };
}

export function toPublicationWithPosts(found: {
  readonly publication: Publication;
  readonly posts: readonly PublicationPost[];
}): z.infer<typeof PublicationWithPostsShape> {
  return {
    ...toPublicationView(found.publication),
    posts: found.posts.map((post) => ({
      position: post.position,
      state: post.state,
      attempts: post.attempts,
      networkId: post.networkId ?? null,
      reason: post.reason ?? null,
      attemptedAt: iso(post.attemptedAt),
      ...toPost(post.planned),
    })),
  };
}

export function toPreview({
  target,
  posts,
}: TargetPreview): z.infer<typeof PreviewsShape>["previews"][number] {
  return {
    targetId: target.targetId,
    targetName: target.name,
    kind: target.settings.kind,
    posts: posts.map(toPost),
  };
}

function toPost({ text, length, limit, picture }: PlannedPost) {
  return {
    text,
    length,
    limit: limit === Number.MAX_SAFE_INTEGER ? null : limit,
    picture: picture ?? null,
  };
}
