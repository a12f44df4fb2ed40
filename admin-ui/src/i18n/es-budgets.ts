/** Of what models may cost: in Assistants, and in Usage. */
export const esBudgets = {
  "budgets.title": "Presupuesto",
  "budgets.lead": "Pasado un límite, se responde solo con citas.",
  "budgets.balance": "Saldo: {{amount}}.",
  "budgets.period.message": "Por mensaje",
  "budgets.period.contact-day": "Por persona y día",
  "budgets.period.day": "Por día",
  "budgets.period.month": "Por mes",
  "budgets.noLimit": "sin límite",
  "budgets.spent": "{{spent}} de {{limit}}",
  "budgets.change": "Cambiar",
  "budgets.changeOf": "Cambiar: {{name}}",
  "budgets.limit": "Límite en dólares",
  "budgets.limitHint": "Vacío: sin límite.",
};
