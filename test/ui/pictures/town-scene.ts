import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { createRandom } from "../../../bench/seed/random.ts";
import { ANSWER_TIME_BOUNDS_MS } from "../../../src/core/analytics.ts";
import { createBotStore } from "../../../src/store/bots.ts";
import { type GazetteSite, startGazetteSite } from "../../stand-ins/gazette-site/gazette-site.ts";
import { type LlmStandIn, startLlmStandIn } from "../../stand-ins/llm/llm-stand-in.ts";
import { obeyPrompt } from "../../stand-ins/llm/obedient-model.ts";
import { type Past, startUiGround, type UiGround } from "../ui-ground.ts";

/** A town hall in the middle of a working day. */
export interface TownScene {
  readonly ground: UiGround;
  readonly sourceId: string;
  close(): Promise<void>;
}

export const QUESTION = "¿Qué establece la orden sobre la Oficina Consular en El Calafate?";
/** Whose conversation is looked at, and what else was asked that morning. */
export const ELENA = "Elena Vargas";
const TALKS = [
  ["Rosa Quesada", "¿Cuánto cuesta el gas por canalización desde abril?"],
  ["Mario Solano", "¿Qué plazas de libre designación se convocan?"],
  ["Lucía Araya", "¿A quiénes nombraron magistradas?"],
  ["José Núñez", "¿Desde cuándo rigen los nuevos precios del gas?"],
  ["Carmen Rojas", "¿Qué dice el currículo de Técnico Deportivo en Atletismo?"],
  ["Diego Chaves", "Quiero hablar con una persona"],
  ["Sofía Mora", "¿Qué se publicó sobre el Ministerio de Asuntos Exteriores?"],
  ["Carlos Brenes", "¿Cuándo abre la convocatoria de libre designación?"],
  ["Ana Lucía Vindas", "¿Hay alguna ayuda para bomberos voluntarios?"],
] as const;
const FIRST_PERSON = 670_000;
const DAYS = 60;
const DAY_MS = 86_400_000;
const PATIENCE_MS = 120_000;
const COLLECT_MS = 300_000;
const ZONE = "America/Costa_Rica";

export async function startTownScene(): Promise<TownScene> {
  const stops: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  };
  try {
    const model: LlmStandIn = await startLlmStandIn({ protocol: "openai-chat", text: obeyPrompt });
    stops.push(model.close);
    const site = await startGazetteSite();
    stops.push(site.close);
    const ground = await startUiGround({
      past: makePast,
      botNamed: { username: "SanRoqueBot", name: "San Roque" },
      env: {
        LOCAL_LLM_BASE_URL: model.baseUrl,
        LOCAL_LLM_MODEL: "llama3.1",
        ALLOWED_PRIVATE_ADDRESSES: `127.0.0.1:${site.port}`,
      },
    });
    stops.push(ground.close);
    await talk(ground);
    await makeAssistant(ground);
    const sourceId = await collect(ground, site);
    return { ground, sourceId, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The town's name, its chat, and two months of figures. */
async function makePast({ database, cipher, tenantId }: Past): Promise<void> {
  await database.asOwner((tx) =>
    tx.query("update tenant set name = $2, time_zone = $3 where id = $1", [
      tenantId,
      "Municipalidad de San Roque",
      ZONE,
    ]),
  );
  const { botId } = await createBotStore(database, cipher).insert(
    tenantId,
    {
      channel: "web-chat",
      name: "Ventanilla de San Roque",
      botKey: randomUUID(),
      accountKey: randomUUID(),
      secrets: {},
      settings: {},
    },
    "seed",
  );
  const { format } = new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE });
  const random = createRandom(7);
  for (let ago = DAYS; ago > 0; ago--) {
    const at = Date.now() - ago * DAY_MS;
    const isWeekend = [0, 6].includes(new Date(at).getUTCDay());
    const messages = Math.round((isWeekend ? 60 : 150) * (0.8 + random.next() * 0.5));
    const answered = messages - random.below(2);
    await database.asTenant(tenantId, (tx) =>
      tx.query(
        `insert into analytics_day (tenant_id, bot_id, day, messages, answered, abstained, handed_over,
           cost_micro_usd, answer_times) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [
          tenantId,
          botId,
          format(at),
          messages,
          answered,
          Math.round(answered * (0.03 + random.next() * 0.03)),
          random.below(6),
          answered * (600 + random.below(300)),
          // Most within two seconds, as a model writes.
          [...ANSWER_TIME_BOUNDS_MS, Number.POSITIVE_INFINITY].map((bound) =>
            bound >= 1_000 && bound <= 3_000 ? Math.round(answered / 4) : 0,
          ),
        ],
      ),
    );
  }
}

/** People ask, the bot answers from the sample edition, and one wants a person. */
async function talk({ standIn, bot }: UiGround): Promise<void> {
  for (const [index, [name, text]] of [...TALKS, [ELENA, QUESTION] as const].entries()) {
    const user = standIn.user(FIRST_PERSON + index, { firstName: name, languageCode: "es" });
    user.send(text, { bot });
    await standIn.waitForMessage(user.id, () => true, PATIENCE_MS);
  }
}

async function makeAssistant(ground: UiGround): Promise<void> {
  await ok(ground, "PUT", "/api/v1/assistants/ventanilla", {
    isDefault: true,
    persona: "Clara, de la Municipalidad de San Roque",
    tone: "cercano y claro",
    chain: [{ provider: "local", model: "llama3.1" }],
    forbiddenTopics: ["partidos políticos", "apuestas"],
    maxSentences: 4,
  });
}

/** A gazette with most of its month in, one edition that is missing and one that a person must judge. */
async function collect(ground: UiGround, site: GazetteSite): Promise<string> {
  const { format } = new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE });
  const workdays = Array.from({ length: 26 }, (_, at) => Date.now() - (at + 1) * DAY_MS)
    .filter((at) => ![0, 6].includes(new Date(format(at)).getUTCDay()))
    .map((at) => format(at));
  const [held, missing] = [workdays[3], workdays[7]];
  if (held !== undefined) site.setFault(held, "other-date");
  if (missing !== undefined) site.setFault(missing, "missing");
  const { id } = await ok(ground, "POST", "/api/v1/sources", {
    preset: "la-gaceta",
    settings: {
      locator: { kind: "address", url: site.address },
      hosts: ["127.0.0.1"],
      weekdays: [1, 2, 3, 4, 5],
      holidays: [],
      pauseSeconds: 0.5,
    },
  });
  const range = { from: workdays.at(-1), until: workdays[0] };
  await ok(ground, "POST", `/api/v1/sources/${id}/backfills`, range);
  const deadline = performance.now() + COLLECT_MS;
  for (;;) {
    const { backfills } = await ok(ground, "GET", `/api/v1/sources/${id}/backfills`);
    const [{ total, settled }] = backfills;
    if (settled >= total) return id;
    if (performance.now() > deadline) throw new Error(`Collected ${settled} of ${total} days.`);
    await wait(1_000);
  }
}

// biome-ignore lint/suspicious/noExplicitAny: whatever the server says is what the scene goes by
async function ok(ground: UiGround, ...call: Parameters<UiGround["call"]>): Promise<any> {
  const { status, text, json } = await ground.call(...call);
  if (status >= 300) throw new Error(`${call[0]} ${call[1]}: ${text}`);
  return json;
}
