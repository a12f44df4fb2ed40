import { describe, expect, it } from "vitest";
import type { Subscribing } from "../../core/subscriptions.ts";
import { readStep } from "./read-step.ts";

const ASKED = "2026-11-22T12:00:00.000Z";
const after = (minutes: number) => new Date(Date.parse(ASKED) + minutes * 60_000).toISOString();
const asked = (step: "kind" | "words"): Subscribing => ({ step, askedAt: ASKED });
const answer = (text: string, minutes = 1) => readStep(asked("kind"), text, after(minutes));

describe("what somebody says who was asked what to follow", () => {
  it.each([
    "pensiones de maestros",
    '"salario mínimo" -judicial',
    "diario oficial",
    "alertas de tránsito",
  ])("is the subject: %s", (text) => {
    expect(answer(text)).toEqual({ kind: "follow", text });
  });

  it.each([
    ["1", { kind: "choose", what: "alert" }],
    ["Alertas por tema", { kind: "choose", what: "alert" }],
    ["Alertas por assunto", { kind: "choose", what: "alert" }],
    ["Alerts on a subject", { kind: "choose", what: "alert" }],
    ["resumen diario", { kind: "choose", what: "daily" }],
    ["cancelar", { kind: "cancel" }],
    ["sí", { kind: "yes" }],
  ])("is a choice: %s", (text, act) => {
    expect(answer(text)).toEqual(act);
  });

  it.each([
    "¿Hay pensiones para maestros?",
    "hay pensiones para maestros?",
    "que paso con el consulado de Ventimiglia",
    "Cuánto cuesta la patente",
    "quando sai o edital",
    "gracias",
    "quiero hablar con una persona",
  ])("is something else: %s", (text) => {
    expect(answer(text)).toBeUndefined();
    expect(readStep(asked("words"), text, after(1))).toBeUndefined();
  });

  it("is no answer any more half an hour later", () => {
    expect(answer("pensiones de maestros", 29)).toBeDefined();
    expect(answer("pensiones de maestros", 31)).toBeUndefined();
  });
});
