import { expect, it } from "vitest";
import { asksForNewsOf, asksWhatWasPublished } from "./read-period.ts";

it.each([
  ["¿Qué salió hoy?", "today"],
  ["¿Qué salió en La Gaceta hoy?", "today"],
  ["que se publico ayer", "yesterday"],
  ["O que saiu ontem?", "yesterday"],
  ["¿Qué salió anteayer?", "day-before-yesterday"],
  ["Resumen de la semana", "week"],
  ["dame el resumen de esta semana", "week"],
  ["O que saiu esta semana?", "week"],
  ["¿Qué se publicó la semana pasada?", "last-week"],
  ["resumo da semana passada", "last-week"],
  ["resumo do mês", "month"],
  ["What was published this month?", "month"],
  ["resumen del mes pasado", "last-month"],
  ["¿Qué salió hoy sobre pensiones?", undefined],
  ["¿Qué hay en la orden 321?", undefined],
  ["resumen de la ley 7600", undefined],
])("%s asks for %s", (text, period) => {
  expect(asksWhatWasPublished(text)).toBe(period);
});

it.each([
  ["cambios sobre pensiones este mes", "pensiones", "month"],
  ["¿Qué salió hoy sobre jubilación?", "jubilación", "today"],
  ["¿Hay novedades sobre el salario mínimo esta semana?", "salario mínimo", "week"],
  ["O que saiu ontem sobre licitações?", "licitações", "yesterday"],
  ["mudanças sobre aposentadoria neste mês", "aposentadoria", "month"],
  ["What changed this month about minimum wage?", "minimum wage", "month"],
  ["noticias de Escazú la semana pasada", "Escazú", "last-week"],
])("%s asks for what is new of %s (%s)", (text, subject, period) => {
  expect(asksForNewsOf(text)).toEqual({ subject, period });
});

it.each([
  "¿Qué dice la gaceta de ayer sobre pensiones?",
  "¿Cuánto cuesta el gas este mes?",
  "cambios sobre pensiones",
  "¿Qué salió hoy?",
  "¿Qué hay de nuevo hoy?",
  "¿Qué salió ayer en el BOE?",
  "¿Quién firma hoy el decreto?",
])("%s is a question", (text) => {
  expect(asksForNewsOf(text)).toBeUndefined();
});
