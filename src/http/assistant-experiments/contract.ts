import { z } from "zod";
import { MEASURES } from "../../core/assistant-experiment.ts";
import "../contract.ts";

const date = z.string().openapi({ format: "date-time" });
const count = z.int().min(0);
const share = z.int().min(1).max(99);

export const StartExperimentRequest = z
  .strictObject({
    revision: z.int().min(1).openapi({
      description: "The version to compare with the one that answers now.",
      example: 3,
    }),
    share: share.openapi({
      description: "Of a hundred people, those whom it answers.",
      example: 20,
    }),
  })
  .openapi("StartExperimentRequest");

export const EndExperimentRequest = z
  .strictObject({
    keep: z.int().min(1).openapi({
      description: "The version that answers everybody from now on: one of the two.",
      example: 3,
    }),
  })
  .openapi("EndExperimentRequest");

const ResultShape = z.object({
  revision: z.int(),
  people: count.openapi({ description: "Who asked at least one question." }),
  questions: count,
  answered: count,
  abstained: count.openapi({ description: "Of the questions: the gazette does not say." }),
  handedOver: count.openapi({
    description:
      "Of the questions: a person was asked for within the hour, before another was answered.",
  }),
  thumbsUp: count,
  thumbsDown: count,
  costMicroUsd: count.openapi({ description: "Of models whose price is known." }),
  answerMs: z
    .object({ p50: count, p95: count })
    .nullable()
    .openapi({ description: "From the question to its answer; null: there is none." }),
});

const PeopleShareShape = z.object({
  part: count,
  of: count,
  low: z.number(),
  high: z.number(),
});

const DifferenceShape = z.object({
  measure: z.enum(MEASURES).openapi({
    description:
      "Shares of people, each counted once: who was told that the gazette does not say, who asked for a person, and of those who judged answers, who disliked one.",
  }),
  live: PeopleShareShape,
  other: PeopleShareShape,
  difference: z.object({ low: z.number(), high: z.number() }).nullable().openapi({
    description:
      "95 % interval of the other version's share less the live one's (Newcombe's, of Wilson's of each).",
  }),
  verdict: z.enum(["nobody", "may-be-chance", "higher", "lower"]).openapi({
    description:
      "Of the other version against the live one: `may-be-chance` while zero lies within.",
  }),
});

export const ExperimentShape = z
  .object({
    id: z.uuid(),
    liveRevision: z.int(),
    otherRevision: z.int(),
    share,
    startedBy: z.string().openapi({ description: "As in the audit.", example: "person:…" }),
    startedAt: date,
    endedAt: date.nullable().openapi({ description: "Null: it runs." }),
    keptRevision: z.int().nullable(),
    results: z.array(ResultShape).openapi({
      description: "Of the live version, then of the other; at its end, when it has ended.",
    }),
    differences: z.array(DifferenceShape),
  })
  .openapi("AssistantExperiment");

export const ExperimentsShape = z.object({ experiments: z.array(ExperimentShape) });
