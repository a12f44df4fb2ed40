/**
 * Models that read pictures, by provider and name (the vendors' model pages, November 2026). Of servers of one's own
 * those whose name says so; MODELS_THAT_SEE names others. The price list does not tell.
 */
const SEEING: Readonly<Record<string, RegExp>> = {
  openai:
    /^(ft:)?(gpt-(4o|4\.1|4\.5|4-turbo|[5-9]|\d\d)|chatgpt-4o|o1($|-pro|-20)|o3($|-pro|-20)|o4)/,
  anthropic: /^claude-(?!2|instant)/,
  gemini: /^(gemini|gemma-[3-9])/,
  xai: /^grok-([4-9]|\d\d)|vision/,
  local:
    /llava|vision|pixtral|moondream|minicpm-v|internvl|gemma-?[3-9]|llama-?4|mistral-small-?3\.[12]|[-_:.0-9]vl\b/i,
};

/** `model` is `provider:model`. OPENAI_BASE_URL may name a server of one's own. */
export function sees(model: string): boolean {
  const colon = model.indexOf(":");
  const provider = model.slice(0, colon);
  const name = model.slice(colon + 1);
  const isOwn = provider === "local" || provider === "openai";
  return SEEING[provider]?.test(name) === true || (isOwn && SEEING.local?.test(name) === true);
}
