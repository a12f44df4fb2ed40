import { IF_MATCH, ONCE, type Operation, type Operations } from "../access/describe-operations.ts";
import {
  DoubtRequest,
  PreviewRequest,
  PreviewsShape,
  PublicationsQuery,
  PublicationsShape,
  PublicationWithPostsShape,
  PublishedShape,
  PublishRequest,
  RescheduleRequest,
  TargetChangeRequest,
  TargetCheckShape,
  TargetRequest,
  TargetShape,
  TargetsShape,
} from "./contract.ts";

const invalid = { 400: "The request is not valid; `fields` says where." };
const noTarget = { 404: "There is no such target." };
const noPublication = { 404: "There is no such publication." };
const misfit = { 409: "It does not stand so that this could be done." };

function step(id: string, summary: string): Operation {
  return {
    id,
    summary,
    headers: ONCE,
    gives: PublicationWithPostsShape,
    otherwise: { ...noPublication, ...misfit },
  };
}

function decision(id: string, summary: string, description: string): Operation {
  const { otherwise, ...rest } = step(id, summary);
  return { ...rest, description, takes: DoubtRequest, otherwise: { ...invalid, ...otherwise } };
}

export const PUBLISHING_OPERATIONS: Operations = {
  "GET /api/v1/publishing-targets": {
    id: "listPublishingTargets",
    summary: "Where this tenant's approved texts are published",
    gives: TargetsShape,
  },
  "POST /api/v1/publishing-targets": {
    id: "addPublishingTarget",
    summary: "Publish to an account, channel, template, list, page or program",
    description: "Credentials are stored sealed and are not shown again (docs/publishing.md).",
    headers: ONCE,
    takes: TargetRequest,
    gives: TargetShape,
    status: 201,
    otherwise: {
      ...invalid,
      404: "There is no such bot or prompt.",
      409: "The tenant has as many targets as it may.",
    },
  },
  "GET /api/v1/publishing-targets/:targetId": {
    id: "getPublishingTarget",
    summary: "One target, and how it stands",
    gives: TargetShape,
    otherwise: noTarget,
  },
  "PATCH /api/v1/publishing-targets/:targetId": {
    id: "changePublishingTarget",
    summary: "Change its name, settings or prompts, pause it, or say that it is mended",
    headers: IF_MATCH,
    takes: TargetChangeRequest,
    gives: TargetShape,
    otherwise: {
      ...invalid,
      404: "There is no such target, bot or prompt.",
      409: "A target keeps its kind.",
      412: "Somebody changed it since.",
      428: "If-Match is missing.",
    },
  },
  "DELETE /api/v1/publishing-targets/:targetId": {
    id: "removePublishingTarget",
    summary: "Remove a target with its publications; what is posted stays where it is",
    otherwise: { ...noTarget, 409: "Something is being posted there at this moment." },
  },
  "POST /api/v1/publishing-targets/:targetId/check": {
    id: "checkPublishingTarget",
    summary: "Ask the network whether it takes the credentials, without posting anything",
    gives: TargetCheckShape,
    otherwise: noTarget,
  },
  "GET /api/v1/publications": {
    id: "listPublications",
    summary: "What was, is and will be published, newest first",
    query: PublicationsQuery,
    gives: PublicationsShape,
    otherwise: invalid,
  },
  "POST /api/v1/publications": {
    id: "publish",
    summary: "Publish an approved text, now or at a time",
    description: "Once on each target, whatever crashes (docs/publishing.md).",
    headers: ONCE,
    takes: PublishRequest,
    gives: PublishedShape,
    status: 201,
    otherwise: {
      ...invalid,
      404: "There is no such approved run, or no such target.",
      409: "The text goes to one of the targets already.",
    },
  },
  "POST /api/v1/publications/preview": {
    id: "previewPublication",
    summary: "What would be posted on each target, word for word",
    takes: PreviewRequest,
    gives: PreviewsShape,
    otherwise: { ...invalid, 404: "There is no such approved run, or no such target." },
  },
  "GET /api/v1/publications/:publicationId": {
    id: "getPublication",
    summary: "One publication with its posts",
    gives: PublicationWithPostsShape,
    otherwise: noPublication,
  },
  "POST /api/v1/publications/:publicationId/schedule": {
    id: "reschedulePublication",
    summary: "Another time, for what is scheduled or was cancelled before it began",
    takes: RescheduleRequest,
    gives: PublicationWithPostsShape,
    otherwise: { ...invalid, ...noPublication, ...misfit },
  },
  "POST /api/v1/publications/:publicationId/cancel": step(
    "cancelPublication",
    "Post nothing more of it; what is posted stays where it is",
  ),
  "POST /api/v1/publications/:publicationId/retry": step(
    "retryPublication",
    "Try again what failed, from the post on that was refused",
  ),
  "POST /api/v1/publications/:publicationId/resend": decision(
    "resendPublication",
    "Post again what is in doubt",
    "Somebody looked, and it is not there.",
  ),
  "POST /api/v1/publications/:publicationId/accept": decision(
    "acceptPublication",
    "Take what is in doubt for posted, and go on",
    "Somebody looked, and it is there.",
  ),
};
