import { systemClock } from "../../src/core/clock.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { startGraphStandIn } from "../../test/stand-ins/graph/start-stand-in.ts";
import { type ChannelBench, describeChannel } from "../conformance.ts";
import { withoutAddresses } from "../whatsapp-text/marked-text.ts";
import { toBotAccount } from "./__fixtures__/bot-account.ts";
import { type CloudPart, MAX_TEXT_LENGTH } from "./render.ts";

import { createWhatsAppCloudChannel } from "./whatsapp-cloud-channel.ts";

const PHONE = "50688887777";

/** Our calls on the wire to the stand-in, which enforces the Cloud API's rules. */
async function open(): Promise<ChannelBench> {
  const standIn = await startGraphStandIn();
  const number = standIn.addNumber();
  const bot = toBotAccount(number);
  const person = standIn.person(PHONE, { userId: null });
  person.write("hola");
  const channel = createWhatsAppCloudChannel({
    graphUrl: standIn.graphUrl,
    logger: silentLogger,
    clock: systemClock,
  });
  const onSend = (effect: Parameters<typeof standIn.faults.add>[0]["effect"]) => {
    standIn.faults.add({ effect });
  };
  let serial = 1;
  const genuine = (text: string) => {
    const body = toWebhook(number, `wamid.${serial++}`, text);
    return { headers: standIn.sign(number, body), rawBody: Buffer.from(body) };
  };
  const signed = (signature: string | readonly string[] | undefined) => ({
    ...genuine("hola"),
    headers: { "x-hub-signature-256": signature },
  });
  const right = genuine("Año 2024 ✅");
  const signature = String(right.headers["x-hub-signature-256"]);
  return {
    channel,
    bot,
    chatKey: PHONE,
    maxTextLength: MAX_TEXT_LENGTH,
    textOf(part) {
      const own = part as CloudPart;
      if (own.kind === "text" || own.kind === "choices") return withoutAddresses(own);
      return own.kind === "document" ? own.caption : own.name;
    },
    delivered: () => standIn.sent(PHONE).map((message) => message.text),
    arrange: {
      "too-many-requests": () => onSend({ kind: "refuse", code: 131056 }),
      blocked: () => person.leave(),
      "bad-format": { notApplicable: "formatting is part of the text: there is none to refuse" },
      "error-after-accepting": () =>
        onSend({ kind: "server-error", status: 500, isAccepted: true }),
      "answer-lost": () => onSend({ kind: "drop", isAccepted: true }),
      unreachable: () => standIn.close(),
      "never-answers": () => onSend({ kind: "black-hole", isAccepted: true }),
      "credentials-revoked": () => standIn.revoke(number),
      "chat-moved": {
        notApplicable: "a changed number is told by a message of the system, not by a refusal",
      },
    },
    webhook: {
      genuine,
      forged: {
        missing: signed(undefined),
        empty: signed(""),
        "without its scheme": signed(signature.slice("sha256=".length)),
        "SHA-1": signed(signature.replace("sha256=", "sha1=")),
        "another of the same length": signed(`sha256=${"0".repeat(64)}`),
        "a prefix": signed(signature.slice(0, -1)),
        longer: signed(`${signature}0`),
        "sent twice": signed([signature, signature]),
        "another body": { ...genuine("otra cosa"), headers: right.headers },
        "the same JSON, written otherwise": {
          headers: right.headers,
          rawBody: Buffer.from(right.rawBody.toString().replaceAll("ñ", "\\u00f1")),
        },
      },
    },
    close: () => standIn.close(),
  };
}

/** As in Meta's "messages webhook reference". */
function toWebhook(
  number: { displayPhoneNumber: string; phoneNumberId: string; businessAccountId: string },
  wamid: string,
  text: string,
): string {
  return JSON.stringify({
    object: "whatsapp_business_account",
    entry: [
      {
        id: number.businessAccountId,
        changes: [
          {
            field: "messages",
            value: {
              messaging_product: "whatsapp",
              metadata: {
                display_phone_number: number.displayPhoneNumber,
                phone_number_id: number.phoneNumberId,
              },
              contacts: [{ profile: { name: "Ana" }, wa_id: PHONE }],
              messages: [
                {
                  from: PHONE,
                  id: wamid,
                  timestamp: "1749416383",
                  type: "text",
                  text: { body: text },
                },
              ],
            },
          },
        ],
      },
    ],
  });
}

describeChannel("whatsapp-cloud", open);
