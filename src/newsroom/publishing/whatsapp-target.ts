import { isPregoneroError } from "../../core/errors.ts";
import type { BotId, TenantId } from "../../core/ids.ts";
import type { ApprovedText } from "../../core/prompts.ts";
import type { SettingsOf } from "../../core/publishing.ts";
import type { TargetAdapter } from "../../core/publishing-work.ts";
import { editionsOf, oneLine, shortDate } from "./digest-text.ts";
import { plainText } from "./shown-targets.ts";

type WhatsAppSettings = SettingsOf<"whatsapp-template">;

/** Of one parameter of a template (Cloud API, "Message templates"): without line breaks, tabs and rows of spaces. */
const MAX_PARAMETER = 1_024;
/** Of a body with its parameters filled in. */
const MAX_TEMPLATE = 1_024;
const MAX_SUMMARY = 600;

/** A campaign that carries one publication; its id is the publication's, so that there is never a second. */
export interface CampaignOfPublication {
  readonly tenantId: TenantId;
  readonly campaignId: string;
  readonly name: string;
  readonly text: string;
  readonly botId: BotId;
  readonly segmentId: string;
  readonly template: {
    readonly name: string;
    readonly language: string;
    readonly parameters: readonly string[];
  };
}

export interface WhatsAppTargetPorts {
  /** Makes it, as far as it is not made yet, and schedules it for now. Rejects with `PregoneroError`. */
  readonly startCampaign: (campaign: CampaignOfPublication, signal: AbortSignal) => Promise<void>;
  /** Whether it was scheduled. */
  readonly isStarted: (tenantId: TenantId, campaignId: string) => Promise<boolean>;
}

/**
 * An approved template, to the contacts of a segment who agreed to be written to, by the line of campaigns: consent,
 * pace, the tenant's threshold for a second person's approval, and sending each once are theirs.
 */
export function createWhatsAppTarget(
  ports: WhatsAppTargetPorts,
): TargetAdapter<"whatsapp-template"> {
  return {
    kind: "whatsapp-template",
    plan(text, settings, publicUrl) {
      const parameters = fill(settings, text, publicUrl);
      const { name, language } = settings.template;
      const shown = `${name} (${language})\n${parameters.map((each, at) => `{{${at + 1}}} ${each}`).join("\n")}`;
      const words = withoutPlaces(plainText(text, publicUrl));
      const content = { name: oneLine(text.title), text: words, parameters };
      const length = parameters.reduce((sum, each) => sum + each.length, 0);
      return [{ text: shown, length, limit: MAX_TEMPLATE, content }];
    },

    async post({ name, text, parameters }, { tenantId, publicationId, settings, signal }) {
      const { botId, segmentId, template } = settings;
      try {
        await ports.startCampaign(
          {
            tenantId,
            campaignId: publicationId,
            name: String(name).slice(0, 100),
            text: String(text),
            botId,
            segmentId,
            template: { ...template, parameters: parameters as readonly string[] },
          },
          signal,
        );
        return { kind: "sent", networkId: publicationId };
      } catch (error) {
        if (!isPregoneroError(error)) return { kind: "unknown", reason: "campaign-not-started" };
        return { kind: "refused", reason: error.code, retry: error.retry };
      }
    },

    async lookUp(_content, { tenantId, publicationId }) {
      const isStarted = await ports.isStarted(tenantId, publicationId);
      return isStarted ? { kind: "found", networkId: publicationId } : { kind: "absent" };
    },

    async check() {
      return {
        isWell: true,
        code: "template-unproved",
        evidence:
          "Meta approves templates; whether it knows this one shows with the first campaign.",
      };
    },
  };
}

function fill(
  { template }: WhatsAppSettings,
  text: ApprovedText,
  publicUrl: string,
): readonly string[] {
  const [first] = editionsOf(text, publicUrl);
  const [edition] = text.editions;
  const values: Readonly<Record<string, string>> = {
    title: oneLine(text.title),
    source: oneLine(edition?.sourceName ?? ""),
    date: edition === undefined ? "" : shortDate(edition.date, text.language),
    link: first?.url ?? publicUrl,
    count: String(text.statements.length),
    summary: shorten(text.statements.map((each) => oneLine(each.text)).join(" · "), MAX_SUMMARY),
  };
  return template.parameters.map((parameter) => {
    const filled = parameter.replace(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place);
    return shorten(withoutPlaces(oneLine(filled)), MAX_PARAMETER);
  });
}

/** Braces are places to campaigns, and what a gazette says is no place. */
function withoutPlaces(text: string): string {
  return text.replaceAll("{", "(").replaceAll("}", ")");
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).trimEnd()}…`;
}
