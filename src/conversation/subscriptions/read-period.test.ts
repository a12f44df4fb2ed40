import { expect, it } from "vitest";
import { asksWhatWasPublished } from "./published-lately.ts";

it.each([
  ["¿Qué salió hoy?", "today"],
  ["¿Qué salió en La Gaceta hoy?", "today"],
  ["que se publico ayer", "yesterday"],
  ["Resumen de la semana", "week"],
  ["dame el resumen de esta semana", "week"],
  ["O que saiu esta semana?", "week"],
  ["resumo do mês", "month"],
  ["What was published this month?", "month"],
  ["¿Qué salió hoy sobre pensiones?", undefined],
  ["¿Qué hay en la orden 321?", undefined],
  ["resumen de la ley 7600", undefined],
])("%s asks for %s", (text, period) => {
  expect(asksWhatWasPublished(text)).toBe(period);
});
