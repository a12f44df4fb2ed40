import type { OutboxId } from "../../src/core/ids.ts";
import { toTypedText } from "../whatsapp-text/typed-text.ts";
import type { ChatAddress } from "./chat-address.ts";
import { type Choice, type CloudPart, MAX_BUTTONS } from "./render.ts";

/** What opens a list of choices; a sign, because the language of the reply is not known here. */
const OPEN_LIST = "☰";

/**
 * The body of POST /messages. `outboxId` comes back in every status of the message, also when its answer was lost.
 * `mediaId` is that of the uploaded document.
 */
export function toPayload(
  part: CloudPart,
  address: ChatAddress,
  outboxId: OutboxId,
  mediaId: string | undefined,
): object {
  return {
    messaging_product: "whatsapp",
    recipient_type: address.kind === "group" ? "group" : "individual",
    // A phone number goes as `to`, the id of a person who may hide it as `recipient`.
    ...(address.kind === "user" ? { recipient: address.recipient } : { to: address.to }),
    biz_opaque_callback_data: outboxId,
    ...toContent(part, mediaId),
  };
}

function toContent(part: CloudPart, mediaId: string | undefined): object {
  switch (part.kind) {
    case "text":
      return { type: "text", text: { body: toTypedText(part), preview_url: false } };
    case "choices":
      return { type: "interactive", interactive: toInteractive(toTypedText(part), part.choices) };
    case "document":
      return {
        type: "document",
        document: {
          id: mediaId,
          filename: part.fileName,
          ...(part.caption !== "" && { caption: part.caption }),
        },
      };
    case "template":
      return {
        type: "template",
        template: {
          name: part.name,
          language: { code: part.language },
          ...(part.parameters.length > 0 && {
            components: [
              {
                type: "body",
                parameters: part.parameters.map((text) => ({ type: "text", text })),
              },
            ],
          }),
        },
      };
    default:
      return part satisfies never;
  }
}

function toInteractive(text: string, choices: readonly Choice[]): object {
  const isShort = choices.every(
    ({ title, description }) => title.length <= 20 && description === undefined,
  );
  if (choices.length <= MAX_BUTTONS && isShort) {
    return {
      type: "button",
      body: { text },
      action: {
        buttons: choices.map(({ id, title }) => ({ type: "reply", reply: { id, title } })),
      },
    };
  }
  return {
    type: "list",
    body: { text },
    action: { button: OPEN_LIST, sections: [{ rows: choices }] },
  };
}
