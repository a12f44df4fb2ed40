import { startLlmStandIn } from "../../test/stand-ins/llm/llm-stand-in.ts";
import { loadChats } from "../chat-load.ts";
import type { Figure } from "../figure.ts";
import { type ProductRun, startPeer, startProduct } from "../product.ts";
import { questionOf } from "../questions.ts";
import { CHATS, loadProduct } from "./end-to-end.ts";

/** As long as a short cited answer, in as many pieces as a provider sends tokens. */
const MODEL_TEXT =
  "Según el boletín, la resolución se publica con fecha de hoy y recoge los plazos y requisitos para presentar la solicitud ante el órgano competente [1]. También indica dónde consultar el texto completo y cómo recurrirla [2].";
const PIECES = 60;

/** A model that answers at once, and what tells the product to ask it. */
export async function startBenchModel(onCall: () => void = () => {}) {
  const standIn = await startLlmStandIn({
    protocol: "openai-chat",
    text: () => {
      onCall();
      return MODEL_TEXT;
    },
    pieces: PIECES,
    keepsNoCalls: true,
  });
  return {
    ...standIn,
    env: {
      LOCAL_LLM_BASE_URL: standIn.baseUrl,
      LOCAL_LLM_MODEL: "bench",
      // Few questions are asked over and over, and each is to reach the model.
      ANSWER_CACHE: "off",
    },
  };
}

/** Cost of an answer that a model writes, against a bare bot that asks the same model by the same SDK. */
export async function measureModelLink(): Promise<readonly Figure[]> {
  let modelCalls = 0;
  const model = await startBenchModel(() => {
    modelCalls += 1;
  });
  try {
    const run = await startProduct({ env: model.env });
    try {
      const ours = await loadProduct(run);
      const asked = modelCalls / run.standIn.sent().length;
      const bare = await loadModelBot(run, model.baseUrl);
      return [
        {
          figure: "CPU of our processes per message answered by a model",
          value: ours.cpuMsPerAnswer.pregonero ?? Number.NaN,
          unit: "ms",
          peer: {
            name: "bare bot on the openai SDK",
            value: bare.cpuMsPerAnswer.peer ?? Number.NaN,
          },
          target: { atMost: 1.5 },
          note: `${PIECES} pieces; the model was asked for ${(100 * asked).toFixed(0)} % of our answers; answers: ours ${ours.answersPerSecond.toFixed(0)}/s, the bare bot ${bare.answersPerSecond.toFixed(0)}/s; besides PostgreSQL ${ours.cpuMsPerAnswer.postgres?.toFixed(2)} ms`,
        },
      ];
    } finally {
      await run.stop();
    }
  } finally {
    await model.close();
  }
}

async function loadModelBot(run: ProductRun, baseUrl: string) {
  const bot = run.standIn.addBot();
  const peer = await startPeer("model-bot", [bot.token, run.standIn.apiRoot, baseUrl]);
  try {
    return await loadChats({
      standIn: run.standIn,
      bot,
      chatCount: CHATS,
      inFlight: 100,
      warmUpMs: 2_000,
      measuredMs: 8_000,
      textOf: questionOf,
      processes: { peer: [peer.pid] },
    });
  } finally {
    await peer.end("SIGTERM");
  }
}
