import { describe, expect, it } from "vitest";
import { asksForPerson } from "./asks-for-person.ts";

describe("a text", () => {
  it.each([
    "Quiero hablar con una persona",
    "quisiera hablar con un agente humano, por favor",
    "¿Puedo hablar con alguien?",
    "necesito hablar con un funcionario",
    "Páseme con una persona",
    "persona",
    "Agente por favor",
    "quero falar com uma pessoa",
    "Preciso falar com um atendente!",
    "atendente",
    "I want to talk to a human",
    "can I speak with a person?",
    "connect me to an agent",
    "human please",
  ])("asks for a person: %s", (text) => expect(asksForPerson(text, [])).toBe(true));

  it.each([
    "¿Qué persona firma la orden 321?",
    "¿Cuántos agentes de tránsito nombraron?",
    "requisitos para ser operador de radio",
    "quiero hablar con propiedad del decreto",
    "necesito los datos de la persona jurídica",
    "quem é a pessoa nomeada para o cargo?",
    "which person signed the decree",
    "the human rights commission",
    "quiero saber si hay ayudas para una persona mayor",
    "",
  ])("does not ask for one: %s", (text) => expect(asksForPerson(text, [])).toBe(false));

  it("asks for one in the tenant's own words, as whole words only", () => {
    expect(asksForPerson("Necesito la Oficina de Atención ya", ["oficina de atencion"])).toBe(true);
    expect(asksForPerson("la oficinista", ["oficina"])).toBe(false);
    expect(asksForPerson("lo que sea", [""])).toBe(false);
  });
});
