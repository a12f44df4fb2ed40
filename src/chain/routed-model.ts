import { isPregoneroError } from "../core/errors.ts";
import type { LanguageModel, ModelAttempt, ModelRequest } from "../core/language-model.ts";

/**
 * Two chains as one: a request that says why it needs more goes to `large`, all others to `usual`. When every link
 * of the large chain failed, the usual one still answers, unless the question was refused: another provider must
 * not be used to get around that. Pictures go to `large` where only that one sees. Each attempt tells the need, and
 * the route that it was on: of two, one in the other, the inner one's.
 */
export function createRoutedModel(chains: {
  readonly usual: LanguageModel;
  readonly large: LanguageModel;
}): LanguageModel {
  const { usual, large } = chains;
  return {
    name: `${usual.name}|${large.name}`,
    outputTokensAtMost: (request: ModelRequest) => {
      const ask = ({ outputTokensAtMost }: LanguageModel) =>
        outputTokensAtMost?.(request) ?? request.maxOutputTokens;
      return Math.max(ask(usual), ask(large));
    },
    sees: usual.sees === true || large.sees === true,
    async generate(request, options) {
      const { need } = request;
      const on = (route: "usual" | "large") => ({
        ...options,
        onAttempt: (attempt: ModelAttempt) =>
          options.onAttempt?.({ route, ...(need === undefined ? {} : { need }), ...attempt }),
      });
      const hasImages = request.messages.some(({ images = [] }) => images.length > 0);
      if (hasImages && usual.sees !== true) return large.generate(request, on("large"));
      if (need === undefined) return usual.generate(request, on("usual"));
      try {
        return await large.generate(request, on("large"));
      } catch (error) {
        options.signal.throwIfAborted();
        if (isPregoneroError(error, "model-refused")) throw error;
        return usual.generate(request, on("usual"));
      }
    },
  };
}
