import { z } from "zod";
import { MAX_COMMENT, VOTES } from "../../core/feedback.ts";
import "../contract.ts";
import { KeysetQuery, nextShape } from "../cursor.ts";

const time = z.iso.datetime({
  offset: true,
  error: "must be a time, such as 2026-11-21T09:00:00Z",
});
const filters = {
  vote: z.enum(VOTES).optional(),
  botId: z.uuid().optional().openapi({ description: "Only of this bot." }),
  from: time.optional().openapi({ description: "Judged at this time or later." }),
  to: time.optional().openapi({ description: "Judged before this time." }),
};

export const FeedbackQuery = KeysetQuery.extend(filters);
export const FeedbackTableQuery = z.strictObject(filters);

export const JudgeRequest = z
  .strictObject({
    vote: z
      .enum([...VOTES, "none"])
      .openapi({ description: "`none` takes it back.", example: "up" }),
    comment: z.string().trim().max(MAX_COMMENT).optional().openapi({
      description: "Takes the place of the one before; empty removes it.",
      example: "No dice hasta cuándo.",
    }),
  })
  .refine(({ vote, comment }) => vote !== "none" || comment === undefined, {
    path: ["comment"],
    message: "needs a vote, `up` or `down`",
  })
  .openapi("JudgeRequest");

export const JudgedShape = z
  .object({ messageId: z.uuid(), vote: z.enum([...VOTES, "none"]) })
  .openapi("Judged");

export const FeedbackShape = z
  .object({
    feedback: z.array(
      z
        .object({
          id: z.uuid(),
          vote: z.enum(VOTES),
          judgedAt: z.string().openapi({ format: "date-time" }),
          messageId: z
            .uuid()
            .openapi({ description: "Of the question; its passport has this id." }),
          conversationId: z.uuid(),
          botId: z.uuid(),
          contactId: z.uuid(),
          comment: z.string().nullable(),
          question: z.string().nullable(),
          answer: z.string().nullable(),
        })
        .openapi("JudgedAnswer"),
    ),
    next: nextShape,
  })
  .openapi("Feedback");
