/**
 * Where the words of each part are: those of the shell, said outside of every view, and those of each view, which come
 * with its route (`withWords`). Each module holds one catalogue.
 */
export const WORDS = {
  shell: { es: () => import("./es.ts"), en: () => import("./en.ts"), pt: () => import("./pt.ts") },
  start: {
    es: () => import("./es-start.ts"),
    en: () => import("./en-start.ts"),
    pt: () => import("./pt-start.ts"),
  },
  home: { es: () => import("./es-home.ts"), en: () => import("./en-home.ts") },
  inbox: { es: () => import("./es-inbox.ts"), en: () => import("./en-inbox.ts") },
  passport: { es: () => import("./es-passport.ts"), en: () => import("./en-passport.ts") },
  contacts: { es: () => import("./es-contacts.ts"), en: () => import("./en-contacts.ts") },
  campaigns: { es: () => import("./es-campaigns.ts"), en: () => import("./en-campaigns.ts") },
  queues: { es: () => import("./es-queues.ts"), en: () => import("./en-queues.ts") },
  assistants: { es: () => import("./es-assistants.ts"), en: () => import("./en-assistants.ts") },
  documents: { es: () => import("./es-documents.ts"), en: () => import("./en-documents.ts") },
  gazettes: { es: () => import("./es-gazettes.ts"), en: () => import("./en-gazettes.ts") },
  newsroom: { es: () => import("./es-newsroom.ts"), en: () => import("./en-newsroom.ts") },
  publishing: { es: () => import("./es-publishing.ts"), en: () => import("./en-publishing.ts") },
  members: { es: () => import("./es-members.ts"), en: () => import("./en-members.ts") },
  bots: { es: () => import("./es-bots.ts"), en: () => import("./en-bots.ts") },
  "web-chat": { es: () => import("./es-web-chat.ts"), en: () => import("./en-web-chat.ts") },
  budgets: { es: () => import("./es-budgets.ts"), en: () => import("./en-budgets.ts") },
  plans: { es: () => import("./es-plans.ts"), en: () => import("./en-plans.ts") },
  usage: { es: () => import("./es-usage.ts"), en: () => import("./en-usage.ts") },
  providers: { es: () => import("./es-providers.ts"), en: () => import("./en-providers.ts") },
  audit: { es: () => import("./es-audit.ts"), en: () => import("./en-audit.ts") },
  "audit-actions": {
    es: () => import("./es-audit-actions.ts"),
    en: () => import("./en-audit-actions.ts"),
  },
  settings: { es: () => import("./es-settings.ts"), en: () => import("./en-settings.ts") },
  operator: { es: () => import("./es-operator.ts"), en: () => import("./en-operator.ts") },
  health: { es: () => import("./es-health.ts"), en: () => import("./en-health.ts") },
} as const;

export type Part = keyof typeof WORDS;

type Catalogues<Module> = Module extends unknown ? Module[keyof Module] : never;
type Each = Catalogues<Awaited<ReturnType<(typeof WORDS)[Part]["es"]>>>;
type Together<Union> = (Union extends unknown ? (given: Union) => void : never) extends (
  given: infer All,
) => void
  ? All
  : never;

/** The keys of all parts, with their Spanish words. */
export type AllWords = Together<Each>;
