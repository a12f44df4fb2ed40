import { extendZodWithOpenApi } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";

extendZodWithOpenApi(z);

/** The outside contract of a web chat's looks, and of the sites that it may stand on. */

const MAX_ORIGINS = 20;
const MAX_QUESTIONS = 4;
/** Letters, digits, dots and hyphens alone: what stands in a Content-Security-Policy can end no directive of it. */
const ORIGIN = /^https?:\/\/[a-z0-9.-]+(:\d{1,5})?$/;
const LOOPBACK = /^(localhost|127\.0\.0\.1)$/;

const origin = z
  .string()
  .max(300)
  .refine(
    isOrigin,
    "must be the origin of a site as https://www.example.org: https, in small letters, without path, wildcard or :443 (http only on localhost)",
  )
  .openapi({ example: "https://www.example.org" });

const line = (length: number) =>
  z
    .string()
    .trim()
    .max(length)
    .refine((text) => !/\p{Cc}/u.test(text), "must be one line of text");

const looks = {
  name: line(100).min(1).openapi({ description: "Over the chat, and of the widget's button." }),
  colour: z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/, "must be a colour as #9b2c1f")
    .nullable()
    .openapi({
      description:
        "Null: ours. Where text on it would not reach a contrast of 4.5 to 1, a darker or lighter one is shown.",
      example: "#004488",
    }),
  greeting: line(300).openapi({
    description: "Before the first message. Empty: the assistant's, else ours.",
  }),
  questions: z
    .array(line(120).min(1))
    .max(MAX_QUESTIONS)
    .openapi({ description: "Offered before the first message. None: ours." }),
  allowedOrigins: z
    .array(origin)
    .max(MAX_ORIGINS)
    .openapi({
      description: "Sites whose pages may hold the chat in a frame. None: our own pages alone.",
      example: ["https://www.example.org"],
    }),
};

export const ChangeWebChatRequest = z.strictObject(looks).openapi("ChangeWebChatRequest");

export const WebChatShape = z
  .object({
    ...looks,
    shownColours: z
      .object({ light: z.string(), dark: z.string() })
      .nullable()
      .openapi({ description: "What the colour becomes in each theme. Null: ours are shown." }),
    notice: z.string().nullable().openapi({
      description: "Says in a sentence when the colour is not shown as it was given.",
    }),
    avatar: z.string().nullable().openapi({
      description: "Path of its picture. Null: none was sent.",
      example: "/chat/KEY/avatar?v=0f1e2d3c4b5a6978",
    }),
    embed: z.string().nullable().openapi({
      description: "The line that a site includes. Null: we do not know our own address.",
    }),
  })
  .openapi("WebChat");

function isOrigin(text: string): boolean {
  if (!ORIGIN.test(text) || !URL.canParse(text)) return false;
  const { origin, protocol, hostname } = new URL(text);
  return origin === text && (protocol === "https:" || LOOPBACK.test(hostname));
}
