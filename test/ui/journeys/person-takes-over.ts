import { es } from "../../../src/conversation/catalogue/es.ts";
import { startLlmStandIn } from "../../stand-ins/llm/llm-stand-in.ts";
import { obeyPrompt } from "../../stand-ins/llm/obedient-model.ts";
import { startUiGround } from "../ui-ground.ts";
import { DESKTOP, eventually, type Journey, must, PATIENCE_MS, QUESTION } from "./journey.ts";

const CITIZEN = 640_001;
const OTHER_QUESTION = "¿Cuánto cuesta el gas natural por canalización?";
const REPLY = "Buenos días: le atiendo yo. ¿De qué se trata?";
/** Under the 8 s after which the chain asks the next model, so that the answer would come. */
const THINKING_MS = 6_000;

/** The bot answers messages of one chat in their order: what is answered later shows that nothing earlier is to come. */
export const personTakesOver: Journey = {
  name: "person-takes-over",
  what: "a person takes over while the bot is answering, and the bot falls silent",
  async run({ browser, picture }) {
    const model = await startLlmStandIn({ protocol: "openai-chat", text: obeyPrompt });
    const ground = await startUiGround({
      env: { LOCAL_LLM_BASE_URL: model.baseUrl, LOCAL_LLM_MODEL: "stand-in" },
    });
    try {
      const { standIn, bot } = ground;
      const elena = standIn.user(CITIZEN, { firstName: "Elena Vargas", languageCode: "es" });
      const heard = () => standIn.sent(CITIZEN).map(({ text }) => text);
      elena.send("hola", { bot });
      await standIn.waitForMessage(CITIZEN, () => true, PATIENCE_MS);
      const page = await ground.newPage(browser, DESKTOP);
      await page.goto(`${ground.url}/admin/inbox`);
      await page.getByRole("link", { name: /Elena Vargas/ }).click();
      const takeOver = page.getByRole("button", { name: "Atender", exact: true });
      await takeOver.waitFor();
      const before = heard().length;

      model.setFault({ kind: "slow", firstMs: THINKING_MS, betweenMs: 50 });
      const calls = model.calls.length;
      elena.send(QUESTION, { bot });
      await model.received(calls + 1);
      await page.keyboard.press("t");
      await page.getByText("La atiende usted").waitFor();
      must(
        heard().length === before || heard().at(before) === es.person.takenOver,
        "no answer yet",
      );
      await standIn.waitForMessage(
        CITIZEN,
        ({ text }) => text === es.person.takenOver,
        PATIENCE_MS,
      );
      await picture(page, "taken-over-while-answering");
      model.setFault(undefined);

      await page.keyboard.press("r");
      await page.keyboard.type(REPLY);
      await page.keyboard.press("Control+Enter");
      await standIn.waitForMessage(CITIZEN, ({ text }) => text === REPLY, PATIENCE_MS);
      await page.getByRole("log").getByRole("img", { name: "Enviado" }).last().waitFor();
      await picture(page, "replied");
      await page.getByRole("button", { name: "Devolver al bot" }).click();
      await takeOver.waitFor();
      elena.send(OTHER_QUESTION, { bot });
      const said = await eventually("the bot answers again", () => {
        const texts = heard();
        return texts.at(-1)?.includes("[1]") === true ? texts : undefined;
      });
      await page
        .getByRole("log")
        .getByRole("link", { name: /^\[1\] p\. / })
        .last()
        .waitFor();
      await picture(page, "given-back");
      must(
        (await page.getByText("Esperando respuesta", { exact: true }).count()) === 0,
        "what the bot fell silent on waits no more",
      );
      must(
        !said.slice(before).some((text) => text.includes("Calafate")),
        "what the bot was preparing was not sent",
      );
      must(said.filter((text) => text === REPLY).length === 1, "the person's words came once");
      await ground.leave(page);
    } finally {
      await ground.close();
      await model.close();
    }
  },
};
