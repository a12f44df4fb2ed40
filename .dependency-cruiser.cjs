/**
 * Who may import whom (docs/testing.md). Each rule has a planted violation in scripts/planted-violations,
 * and `npm run check` fails when the cruiser does not see it.
 */

const TEST =
  "\\.(test|contract)\\.ts$|/conformance\\.ts$|^bots/conformance/|^providers/conformance";

/** A package that one folder alone may import. */
function only(name, folder, packages) {
  return {
    name,
    severity: "error",
    comment: `${packages} is imported in ${folder} only`,
    from: { path: "^(src|bots|providers)/", pathNot: [`^${folder}`, TEST] },
    to: { path: `(^|node_modules/)(${packages})(/|$)` },
  };
}

function forbid(name, comment, from, to) {
  return { name, severity: "error", comment, from, to };
}

module.exports = {
  forbidden: [
    forbid(
      "no-cycles",
      "modules that need each other to load have no order; types alone may refer to each other",
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    ),
    forbid(
      "resolvable",
      "an import leads to a file or an installed package",
      { path: "^(src|bots|providers)/" },
      { couldNotResolve: true },
    ),
    forbid(
      "core-imports-nothing",
      "core is vocabulary: no folder, no package, no I/O",
      { path: "^src/core/", pathNot: TEST },
      { pathNot: "^src/core/" },
    ),
    forbid(
      "bots-import-core",
      "a channel knows core and its own folder (and the conformance suite, in tests)",
      { path: "^bots/([^/]+)/", pathNot: ["^bots/whatsapp-(web|cloud)/", TEST] },
      { path: "^(src|bots|providers)/", pathNot: ["^src/core/", "^bots/$1/"] },
    ),
    forbid(
      "whatsapp-channels-import-text",
      "both ways to WhatsApp write the same text: they also know its folder, which knows core only",
      { path: "^bots/(whatsapp-web|whatsapp-cloud)/", pathNot: TEST },
      {
        path: "^(src|bots|providers)/",
        pathNot: ["^src/core/", "^bots/$1/", "^bots/whatsapp-text/"],
      },
    ),
    forbid(
      "providers-import-core",
      "a provider knows core and its own folder",
      {
        path: "^providers/([^/]+)/",
        pathNot: ["^providers/(openai|openai-compatible|xai)/", TEST],
      },
      { path: "^(src|bots|providers)/", pathNot: ["^src/core/", "^providers/$1/"] },
    ),
    forbid(
      "openai-speakers-import-protocol",
      "OpenAI, xAI and compatible servers speak one protocol: they also know its folder, which knows core only",
      { path: "^providers/(openai|openai-compatible|xai)/", pathNot: TEST },
      {
        path: "^(src|bots|providers)/",
        pathNot: ["^src/core/", "^providers/$1/", "^providers/openai-protocol/"],
      },
    ),
    forbid(
      "gateway-is-handed-ports",
      "the line does no I/O of its own",
      { path: "^src/gateway/", pathNot: TEST },
      {
        pathNot: ["^src/(gateway|core|conversation|retrieval|chain)/", "^node:"],
        dependencyTypesNot: ["core"],
      },
    ),
    forbid(
      "campaigns-know-core",
      "who gets what, and when, is decided without a database and without HTTP",
      { path: "^src/campaigns/", pathNot: TEST },
      { path: "^(src|bots|providers)/", pathNot: "^src/(core|campaigns)/" },
    ),
    forbid(
      "people-know-core",
      "who may sign in is decided without a database and without HTTP",
      { path: "^src/people/", pathNot: TEST },
      { path: "^(src|bots|providers)/", pathNot: "^src/(core|people)/" },
    ),
    forbid(
      "operations-know-core",
      "what is paused, shed and counted is decided without a database and without HTTP",
      { path: "^src/operations/", pathNot: TEST },
      { path: "^(src|bots|providers)/", pathNot: "^src/(core|operations)/" },
    ),
    forbid(
      "contacts-know-core",
      "who is answered and what a file of contacts says is decided without a database and without HTTP",
      { path: "^src/contacts/", pathNot: TEST },
      { path: "^(src|bots|providers)/", pathNot: "^src/(core|contacts)/" },
    ),
    forbid(
      "feedback-knows-core",
      "what is counted of judgements needs no database and no HTTP",
      { path: "^src/feedback/", pathNot: TEST },
      { path: "^(src|bots|providers)/", pathNot: "^src/(core|feedback)/" },
    ),
    forbid(
      "analytics-know-words",
      "questions are grouped without a database and without HTTP, by the words that retrieval knows",
      { path: "^src/analytics/", pathNot: TEST },
      { path: "^(src|bots|providers)/", pathNot: "^src/(core|analytics|retrieval)/" },
    ),
    forbid(
      "hand-over-speaks",
      "what people do at the desk knows core, and what citizens are told",
      { path: "^src/hand-over/", pathNot: TEST },
      { path: "^(src|bots|providers)/", pathNot: "^src/(core|conversation|hand-over)/" },
    ),
    forbid(
      "documents-know-core",
      "documents are read without a database and without HTTP, by the gazettes' line where they are PDFs",
      { path: "^src/documents/", pathNot: [TEST, "__fixtures__"] },
      { path: "^(src|bots|providers)/", pathNot: "^src/(core|documents|gazette)/" },
    ),
    forbid(
      "collecting-knows-gazettes",
      "when and how editions are collected is decided without a database and without HTTP, and read by the gazettes' line",
      { path: "^src/newsroom/collection/", pathNot: TEST },
      { path: "^(src|bots|providers)/", pathNot: "^src/(core|newsroom/collection|gazette)/" },
    ),
    forbid(
      "listing-browser-knows-collecting",
      "pages are opened for those who collect, and through their polite fetch",
      { path: "^src/newsroom/browser/", pathNot: TEST },
      { path: "^(src|bots|providers)/", pathNot: "^src/(core|newsroom/(browser|collection))/" },
    ),
    forbid(
      "publishing-knows-core",
      "what is posted where, and when again, is decided without a database and without our HTTP",
      { path: "^src/newsroom/publishing/", pathNot: TEST },
      { path: "^(src|bots|providers)/", pathNot: "^src/(core|newsroom/publishing)/" },
    ),
    forbid(
      "guarded-fetch-knows-core",
      "the way out of the house depends on nobody in it",
      { path: "^src/guarded-fetch/", pathNot: TEST },
      { path: "^(src|bots|providers)/", pathNot: "^src/(core|guarded-fetch)/" },
    ),
    forbid(
      "adapters-implement-core",
      "store, queue, telemetry know core and themselves",
      { path: "^src/(store|queue|telemetry)/", pathNot: TEST },
      { path: "^(src|bots|providers)/", pathNot: ["^src/core/", "^src/$1/"] },
    ),
    forbid(
      "http-is-imported-by-main",
      "only the composition root knows HTTP",
      { path: "^(src|bots|providers)/", pathNot: ["^src/http/", "^src/main\\.ts$", TEST] },
      { path: "^src/http/" },
    ),
    forbid(
      "client-knows-the-description",
      "the client runs in browsers and in other people's programs: two small packages, nothing of ours, nothing of Node",
      { path: "^client/" },
      { pathNot: "^client/|(^|node_modules/)(openapi-fetch|eventsource-parser)(/|$)" },
    ),
    forbid(
      "admin-ui-talks-http",
      "the admin interface runs in browsers: the typed client, its own packages, and nothing of the server",
      { path: "^admin-ui/", pathNot: "\\.test\\.ts$|^admin-ui/vite\\.config\\.ts$" },
      { path: "^(src|bots|providers|test|bench|scripts)/|^node:" },
    ),
    only("store-owns-database", "src/store/", "kysely|pg|@electric-sql"),
    only("queue-owns-redis", "src/queue/", "bullmq|ioredis"),
    only("telemetry-owns-pino", "src/telemetry/", "pino|prom-client"),
    only("telegram-owns-grammy", "bots/telegram/", "grammy|@grammyjs"),
    only(
      "whatsapp-web-owns-browser",
      "(bots/whatsapp-web|src/newsroom/browser)/",
      "playwright-core",
    ),
    only(
      "modules-own-library",
      "bots/whatsapp-web/modules/",
      "whatsapp-web\\.js|puppeteer|puppeteer-core",
    ),
    only(
      "openai-speakers-own-openai",
      "providers/(openai|openai-protocol|openai-compatible|xai)/",
      "openai",
    ),
    only("anthropic-owns-sdk", "providers/anthropic/", "@anthropic-ai/sdk"),
    only("gemini-owns-genai", "providers/gemini/", "@google/genai"),
    only("gazette-owns-pdf", "src/gazette/", "pdfjs-dist|tesseract\\.js|@tesseract\\.js-data"),
    only("documents-own-converters", "src/documents/convert/", "mammoth|parse5|marked"),
    only("http-owns-express", "src/http/", "express|helmet|rate-limiter-flexible"),
    only("single-sign-on-owns-openid", "src/single-sign-on/", "openid-client"),
    only("access-owns-jose", "src/http/access/", "jose"),
    only("people-own-secrets", "src/people/", "@node-rs/argon2|otpauth|@zxcvbn-ts/language-common"),
    only("contacts-own-files", "src/(contacts|campaigns)/", "csv-parse|csv-stringify"),
    only("collecting-owns-sites", "src/newsroom/collection/", "robots-parser|cheerio"),
    only("x-owns-its-client", "src/newsroom/publishing/x/", "twitter-api-v2"),
    only("drawing-owns-canvas", "src/(gazette|newsroom/publishing/x)/", "@napi-rs/canvas"),
    only("letters-own-mailer", "src/newsroom/publishing/email/", "nodemailer"),
    only("contacts-own-phone-numbers", "src/(store/)?contacts/", "libphonenumber-js"),
    only("cli-owns-commander", "src/cli/", "commander"),
    forbid(
      "no-workshop-in-product",
      "what ships does not import tests, benches or development packages",
      { path: "^(src|bots|providers)/", pathNot: TEST },
      {
        path: "^(test|bench|scripts|client)/|(^|node_modules/)(vitest|fast-check|autocannon|@copilotkit|ai|@ai-sdk)(/|$)",
      },
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "__fixtures__" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".js", ".mjs", ".json"],
    },
  },
};
