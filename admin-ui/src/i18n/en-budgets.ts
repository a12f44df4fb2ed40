import type { esBudgets } from "./es-budgets.ts";

export const enBudgets: Readonly<Record<keyof typeof esBudgets, string>> = {
  "budgets.title": "Budget",
  "budgets.lead": "Past a limit, answers are quotations.",
  "budgets.balance": "Balance: {{amount}}.",
  "budgets.period.message": "For a message",
  "budgets.period.contact-day": "For a person and day",
  "budgets.period.day": "For a day",
  "budgets.period.month": "For a month",
  "budgets.noLimit": "no limit",
  "budgets.spent": "{{spent}} of {{limit}}",
  "budgets.change": "Change",
  "budgets.changeOf": "Change: {{name}}",
  "budgets.limit": "Limit in US dollars",
  "budgets.limitHint": "Empty: no limit.",
};
