import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { guardConversation } from "../../../src/contacts/guard-conversation.ts";
import type { BotAccount } from "../../../src/core/channel.ts";
import { asId, type ContactId, type MessageId, type TenantId } from "../../../src/core/ids.ts";
import { type IncomingContent, textReply } from "../../../src/core/message.ts";
import type { StrangerPolicy } from "../../../src/core/strangers.ts";
import type { Conversation } from "../../../src/core/turn.ts";
import { createContacts } from "../../../src/store/contacts/contacts.ts";
import { createStrangers } from "../../../src/store/contacts/strangers.ts";
import { EMPTY_MEMORY } from "../../../src/store/conversations.ts";
import type { Database } from "../../../src/store/database.ts";
import { migrate } from "../../../src/store/migrate.ts";
import { openEmbedded } from "../../../src/store/open-embedded.ts";
import { addChats, addTenant, type Ledgers, message, openLedgers } from "../../line/tenant-line.ts";

const BY = { actor: "test" };
const ANSWER = textReply("respuesta");

let database: Database;
let line: Ledgers;
let tenantId: TenantId;
let bot: BotAccount;
let ana: ContactId;

beforeAll(async () => {
  database = await openEmbedded({ dataDirectory: undefined });
  await migrate(database, "migrations");
  line = openLedgers(database);
});
afterAll(() => database.close());
beforeEach(async () => {
  ({ tenantId, bot } = await addTenant(line));
  await addChats(line, { tenantId, bot }, ["1001"]);
  const [row] = await database.asTenant(tenantId, (tx) =>
    tx.query<{ id: ContactId }>("select id from contact"),
  );
  ana = row?.id ?? asId<ContactId>("");
});

const strangers = () => createStrangers(database, line.cipher);
const assistant: Conversation = {
  takeTurn: async (input) => ({ replies: [ANSWER], turns: [], memory: input.memory, effects: [] }),
};

/** What the bot says to Ana's text; undefined: nothing. */
async function says(
  text: string,
  options: { messageId?: MessageId; content?: IncomingContent; group?: boolean } = {},
): Promise<string | undefined> {
  const content = options.content ?? { kind: "text", text };
  const incoming = message(randomUUID(), "1001", content);
  const outcome = await guardConversation({ admissions: strangers() })(assistant).takeTurn(
    {
      tenantId,
      bot,
      conversationId: asId(randomUUID()),
      contactId: options.group === true ? undefined : ana,
      messageId: options.messageId ?? asId<MessageId>(randomUUID()),
      message:
        options.group === true ? { ...incoming, chat: { key: "g", kind: "group" } } : incoming,
      memory: EMPTY_MEMORY,
      history: [],
      messagesLastMinute: 1,
      note: () => {},
    },
    AbortSignal.timeout(60_000),
  );
  const [reply] = outcome.replies;
  if (reply !== ANSWER && content.kind === "text") expect(outcome.turns[0]?.text).toBe(text);
  return reply?.kind === "text"
    ? reply.paragraphs
        .flat()
        .map((span) => span.text)
        .join("")
    : undefined;
}

const setPolicy = (policy: StrangerPolicy, more: { sentence?: string; answers?: "silence" } = {}) =>
  strangers().setRules(
    tenantId,
    bot.botId,
    { policy, answers: more.answers ?? "sentence", sentence: more.sentence },
    undefined,
    BY,
  );
const block = (isBlocked: boolean) =>
  createContacts(database, line.cipher).setBlocked(tenantId, ana, { isBlocked }, BY);

describe("a bot", () => {
  it("answers everybody until it is told otherwise", async () => {
    expect(await says("hola")).toBe("respuesta");
  });

  it("on a list answers whom staff allowed, and tells others so once a day", async () => {
    await setPolicy("allowlist", { sentence: "Solo para la Muni." });
    const first = asId<MessageId>(randomUUID());
    expect(await says("hola", { messageId: first })).toBe("Solo para la Muni.");
    // A turn that is taken again after a crash.
    expect(await says("hola", { messageId: first })).toBe("Solo para la Muni.");
    expect(await says("¿hola?")).toBeUndefined();
    await createContacts(database, line.cipher).change(
      tenantId,
      ana,
      { isAllowed: true },
      undefined,
      BY,
    );
    expect(await says("hola")).toBe("respuesta");
  });

  it("says nothing to strangers when the tenant wants silence", async () => {
    await setPolicy("blocked", { answers: "silence" });
    expect(await says("hola")).toBeUndefined();
  });

  it("answers a blocked person nothing, in a group neither, and hears the network all the same", async () => {
    await setPolicy("open", { answers: "silence" });
    await block(true);
    expect(await says("hola")).toBeUndefined();
    expect(await says("hola", { group: true })).toBeUndefined();
    const content = { kind: "membership", change: "blocked" } as const;
    expect(await says("", { content })).toBe("respuesta");
    await block(false);
    expect(await says("hola", { group: true })).toBe("respuesta");
  });
});

describe("a pairing code", () => {
  const make = (hours = 1) =>
    strangers().makeCode(tenantId, bot.botId, new Date(Date.now() + hours * 3_600_000), BY);

  it("lets one person in, however they type it", async () => {
    await setPolicy("pairing");
    expect(await says("hola")).toContain("código");
    const made = await make();
    expect(await says((made?.code ?? "").toLowerCase().replace("-", " "))).toContain("Listo");
    expect(await says("hola")).toBe("respuesta");
    const [code] = (await strangers().listCodes(tenantId, bot.botId)) ?? [];
    expect(code).toMatchObject({ redeemedBy: ana });
  });

  it("counts once, until it expires or is withdrawn", async () => {
    await setPolicy("pairing");
    const [expired, withdrawn] = [await make(-1), await make()];
    await strangers().withdrawCode(tenantId, bot.botId, withdrawn?.view.codeId ?? "", BY);
    for (const made of [expired, withdrawn]) {
      expect(await says(made?.code ?? "")).toContain("no es válido");
    }
    expect(await says("hola")).not.toBe("respuesta");
  });

  it("is not found by trying", async () => {
    await setPolicy("pairing");
    const made = await make();
    for (let attempt = 0; attempt < 5; attempt++) {
      expect(await says(`AAAA-AAA${"BCDEF"[attempt]}`)).toContain("no es válido");
    }
    expect(await says("AAAA-AAAG")).toBeUndefined();
    expect(await says(made?.code ?? "")).toBeUndefined();
  });
});
