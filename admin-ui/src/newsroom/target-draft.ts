import type { Schema } from "../../../client/index.ts";

type Target = Schema<"PublishingTarget">;
type Settings = Schema<"PublishingTargetRequest">["settings"];

export const AUTHORISATIONS = ["oauth1", "oauth2"] as const;
export const SECURITIES = ["starttls", "tls", "none"] as const;

/** How a target is reached, as its form holds it. Secrets are typed here, sent once, and never come back. */
export interface TargetDraft {
  readonly kind: Target["kind"];
  readonly authorisation: (typeof AUTHORISATIONS)[number];
  readonly appKey: string;
  readonly appSecret: string;
  readonly accessToken: string;
  readonly accessSecret: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
  readonly card: boolean;
  readonly botId: string;
  readonly chatId: string;
  readonly segmentId: string;
  readonly templateName: string;
  readonly templateLanguage: string;
  /** One parameter a line. */
  readonly templateParameters: string;
  readonly host: string;
  readonly port: string | number;
  readonly security: (typeof SECURITIES)[number];
  readonly userName: string;
  readonly password: string;
  readonly from: string;
  readonly fromName: string;
  /** One address a line. */
  readonly recipients: string;
  readonly unsubscribe: string;
}

/** Fields of text: what a form may put into them. */
export type TextField = {
  [Field in keyof TargetDraft]: string extends TargetDraft[Field]
    ? TargetDraft[Field] extends string
      ? Field
      : never
    : never;
}[keyof TargetDraft];

export function blankTarget(kind: Target["kind"]): TargetDraft {
  return {
    kind,
    authorisation: "oauth1",
    appKey: "",
    appSecret: "",
    accessToken: "",
    accessSecret: "",
    clientId: "",
    clientSecret: "",
    refreshToken: "",
    card: true,
    botId: "",
    chatId: "",
    segmentId: "",
    templateName: "",
    templateLanguage: "es",
    templateParameters: "{title}\n{link}",
    host: "",
    port: 587,
    security: "starttls",
    userName: "",
    password: "",
    from: "",
    fromName: "",
    recipients: "",
    unsubscribe: "",
  };
}

/** What is known of a target; its secrets have to be typed anew. */
export function draftOfTarget({ kind, settings }: Pick<Target, "kind" | "settings">): TargetDraft {
  const text = (name: string) => (typeof settings[name] === "string" ? settings[name] : "");
  const blank = blankTarget(kind);
  const template = (settings.template ?? {}) as Readonly<Record<string, unknown>>;
  const parameters = Array.isArray(template.parameters) ? template.parameters.join("\n") : "";
  const recipients = Array.isArray(settings.recipients) ? settings.recipients.join("\n") : "";
  return {
    ...blank,
    authorisation: AUTHORISATIONS.find((each) => each === settings.authorisation) ?? "oauth1",
    card: settings.card !== false,
    botId: text("botId"),
    chatId: text("chatId"),
    segmentId: text("segmentId"),
    templateName: typeof template.name === "string" ? template.name : "",
    templateLanguage: typeof template.language === "string" ? template.language : "es",
    templateParameters: kind === "whatsapp-template" ? parameters : blank.templateParameters,
    host: text("host"),
    port: typeof settings.port === "number" ? settings.port : 587,
    security: SECURITIES.find((each) => each === settings.security) ?? "starttls",
    userName: text("userName"),
    from: text("from"),
    fromName: text("fromName"),
    recipients,
    unsubscribe: text("unsubscribe"),
  };
}

export function settingsOfTarget(draft: TargetDraft): Settings {
  const { kind } = draft;
  switch (kind) {
    case "x":
      return { kind, credentials: credentialsOf(draft), card: draft.card };
    case "telegram-channel":
      return { kind, botId: draft.botId, chatId: draft.chatId.trim() };
    case "whatsapp-template":
      return {
        kind,
        botId: draft.botId,
        segmentId: draft.segmentId,
        template: {
          name: draft.templateName.trim(),
          language: draft.templateLanguage.trim(),
          parameters: linesOf(draft.templateParameters, "\n"),
        },
      };
    case "email": {
      const [userName, password, fromName] = [
        draft.userName.trim(),
        draft.password,
        draft.fromName.trim(),
      ];
      return {
        kind,
        host: draft.host.trim(),
        port: Number(draft.port),
        security: draft.security,
        ...(userName !== "" && { userName }),
        ...(password !== "" && { password }),
        from: draft.from.trim(),
        ...(fromName !== "" && { fromName }),
        recipients: linesOf(draft.recipients, /[\s,;]+/),
        unsubscribe: draft.unsubscribe.trim(),
      };
    }
    case "edition-page":
    case "webhook":
      return { kind };
  }
}

function credentialsOf(draft: TargetDraft) {
  if (draft.authorisation === "oauth1") {
    return {
      kind: "oauth1" as const,
      appKey: draft.appKey.trim(),
      appSecret: draft.appSecret.trim(),
      accessToken: draft.accessToken.trim(),
      accessSecret: draft.accessSecret.trim(),
    };
  }
  const clientSecret = draft.clientSecret.trim();
  return {
    kind: "oauth2" as const,
    clientId: draft.clientId.trim(),
    ...(clientSecret !== "" && { clientSecret }),
    accessToken: draft.accessToken.trim(),
    refreshToken: draft.refreshToken.trim(),
  };
}

function linesOf(text: string, separator: string | RegExp): string[] {
  return text
    .split(separator)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
