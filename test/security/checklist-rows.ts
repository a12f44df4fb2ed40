/** One line of the checklist: the tests that hold it, or the exact reason why there is none. */
export interface ChecklistRow {
  readonly id: string;
  readonly what: string;
  /** File → a piece of the test's name, as it stands there. */
  readonly tests?: Readonly<Record<string, readonly string[]>>;
  /** Why it does not apply, or is not automated. */
  readonly reason?: string;
}

const catalogue = "test/schema/catalogue-conformance.ts";
const matrix = "test/journeys/people/access-matrix.test.ts";
const foreign = "test/journeys/security/foreign-ids.test.ts";
const hostile = "test/journeys/security/hostile-input.test.ts";
const inventory = "test/journeys/security/inventory.test.ts";
const signIn = "test/journeys/people/sign-in.test.ts";
const first = "test/journeys/people/first-person.test.ts";
const people = "src/people/people.test.ts";
const passwords = "src/people/password-hasher.test.ts";
const tokens = "src/http/access/access-token.test.ts";
const http = "test/journeys/http.test.ts";
const webhooks = "test/journeys/http-webhooks.test.ts";
const fetching = "src/guarded-fetch/guarded-fetch.test.ts";
const chat = "test/browser/web-chat.test.ts";
const encryption = "src/store/encryption.test.ts";
const rotation = "src/store/key-rotation/key-rotation.test.ts";
const seals = "src/store/audit-seals.test.ts";
const logs = "src/telemetry/logger.test.ts";
const injection = "test/journeys/grounding/injection.test.ts";
const extractor = "src/gazette/extract/extractor.test.ts";
const liveEvents = "test/journeys/events/live-events.test.ts";

export const CHECKLIST: readonly ChecklistRow[] = [
  {
    id: "S01",
    what: "Roles of the application own nothing and have no power",
    tests: {
      [catalogue]: ["gives the application roles no way around row security"],
      [rotation]: ["has no power besides"],
    },
  },
  {
    id: "S02",
    what: "Row security forced on every table",
    tests: { [catalogue]: ["forces row security on every table"] },
  },
  {
    id: "S03",
    what: "No tenant, no rows; nothing stays on a connection",
    tests: {
      [catalogue]: [
        "shows no tenant's rows when the tenant is unset",
        "leaves neither tenant nor role on the connection",
      ],
    },
  },
  {
    id: "S04",
    what: "Policies check what is written",
    tests: {
      [catalogue]: [
        "rejects a row that is inserted for another tenant",
        "changes and deletes no row of another tenant",
      ],
    },
  },
  {
    id: "S05",
    what: "Rows without a tenant are read-only gazettes",
    tests: { [catalogue]: ["shows a tenant its own rows and public ones, and no other"] },
  },
  {
    id: "S06",
    what: "No definer functions; foreign keys with the tenant",
    tests: {
      [catalogue]: [
        "lets no function run with the rights of its owner",
        "refers from one tenant's row to another by tenant and id",
      ],
    },
  },
  {
    id: "S07",
    what: "Routes = description = table of access",
    tests: { [inventory]: ["describes every route that may be called, and no other"] },
  },
  {
    id: "S08",
    what: "Every route × every caller",
    tests: {
      [matrix]: [
        "%s asks nobody in who is not declared",
        "answers a tenant's key with the scope alone",
      ],
    },
  },
  {
    id: "S09",
    what: "Foreign ids in path, query and body answer as missing ones",
    tests: { [foreign]: ["answers a foreign id as one of nobody", "asks in earnest"] },
  },
  {
    id: "S10",
    what: "No foreign row in lists and searches",
    tests: { [hostile]: ["shows nothing of another tenant in any list or search"] },
  },
  {
    id: "S11",
    what: "Caches, streams and files by tenant",
    tests: {
      "src/chain/cached-model.test.ts": ["a sealed answer opens for its own tenant and key alone"],
      [liveEvents]: ["tells a tenant's own events as they happen, and no other tenant's"],
    },
  },
  {
    id: "S12",
    what: "Retrieval of one tenant never gives another's passages",
    tests: { [injection]: ["never shows the model a document of another tenant"] },
  },
  {
    id: "S13",
    what: "No foreign ids in errors and counts",
    tests: { [foreign]: ["answers a foreign id as one of nobody"] },
  },
  {
    id: "S14",
    what: "Mass assignment",
    tests: {
      [hostile]: ["takes no field that is not the caller's to say"],
      [signIn]: ["refuses fields that nobody asked for"],
    },
  },
  {
    id: "S15",
    what: "A missing key of the tenant's fails closed",
    tests: {
      "test/journeys/assistants.test.ts": [
        "sends no key of anybody's to an address that was changed without one",
        "whose links all lack their keys quotes",
      ],
    },
  },
  {
    id: "S16",
    what: "Answers hold no secret",
    tests: {
      "test/journeys/assistants.test.ts": ["shows no key that was saved"],
      [people]: ["stores no address, name, secret or token in the clear"],
    },
  },
  {
    id: "S17",
    what: "argon2id, its parameters, and a flood of it",
    tests: {
      [passwords]: [
        "are argon2id with the parameters that OWASP asks for",
        "are known to be outdated",
        "refuse a flood",
      ],
    },
  },
  {
    id: "S18",
    what: "Rules for passwords",
    tests: {
      "src/people/password-policy.test.ts": ["%s is refused", "%s is taken"],
      [passwords]: ["count whole, also beyond 72 bytes"],
    },
  },
  {
    id: "S19",
    what: "Nobody and a wrong password are told apart by nothing",
    tests: {
      [signIn]: ["is refused in the same words"],
      [passwords]: ["are compared with something for nobody too"],
    },
  },
  {
    id: "S20",
    what: "Wrong passwords are slowed, victims not locked out",
    tests: { [signIn]: ["is slowed after ten wrong passwords"] },
  },
  {
    id: "S21",
    what: "Second factor, once per code",
    tests: {
      [first]: ["sets up a second factor before anything else"],
      [people]: ["takes a code once, and none of an earlier step", "takes each recovery code once"],
    },
  },
  {
    id: "S22",
    what: "Forged tokens",
    tests: { [tokens]: ["are refused with %s", "never pass for each other"] },
  },
  {
    id: "S23",
    what: "Short lives, two keys, revocation at once and on open streams",
    tests: {
      [tokens]: ["live for ten minutes", "outlive the change of keys"],
      [liveEvents]: ["ends for whoever is signed out, disabled"],
    },
  },
  {
    id: "S24",
    what: "Refresh tokens rotate; an old one ends the session",
    tests: {
      [people]: [
        "gives each token one successor",
        "ends the session when an old token comes again",
      ],
      "test/services/people.test.ts": ["a refresh token has one successor"],
    },
  },
  {
    id: "S25",
    what: "What ends all sessions",
    tests: {
      [people]: ["all end with the password", "all end with the %s"],
      [signIn]: ["dead after signing out"],
    },
  },
  {
    id: "S26",
    what: "Cookies",
    tests: { [signIn]: ["are out of scripts' reach, for this site alone"] },
  },
  {
    id: "S27",
    what: "CSRF",
    tests: {
      [signIn]: ["needs the token of this very session", "needs it for signing in, setting up"],
    },
  },
  {
    id: "S28",
    what: "Resets; nothing is no token",
    tests: { [people]: ["works once, within half an hour"], [hostile]: ["nothing for a proof"] },
  },
  {
    id: "S29",
    what: "First person",
    tests: { [first]: ["is made by one of two who use the link at once, and by nobody after"] },
  },
  {
    id: "S30",
    what: "Proof before what is delicate",
    tests: { [signIn]: ["asks for a new proof before what is delicate"] },
  },
  {
    id: "S31",
    what: "Webhooks prove their origin over raw bytes",
    tests: { [webhooks]: ["before it parses the body"] },
  },
  {
    id: "S32",
    what: "A number belongs to the bot of the address",
    tests: { [webhooks]: ["says 404 to a bot that is not there, is of another network"] },
  },
  {
    id: "S33",
    what: "Bodies that pretend, and large ones",
    tests: {
      [http]: ["refuses what is not JSON, or is not sent as JSON", "refuses more than 1 MB"],
    },
  },
  {
    id: "S34",
    what: "The chat in another site's frame",
    tests: {
      "test/journeys/http-chat.test.ts": [
        "takes nothing from a page of another site",
        "with another bot's",
      ],
    },
  },
  {
    id: "S35",
    what: "Streams ask for the origin and who calls",
    tests: { [liveEvents]: ["is opened by no page of another site"] },
  },
  {
    id: "S36",
    what: "Fetching of addresses",
    tests: {
      [fetching]: ["refuses %s", "refuses a name when one of its addresses is private"],
      "src/guarded-fetch/public-address.test.ts": [
        "tells the public internet from everything else",
      ],
    },
  },
  {
    id: "S37",
    what: "Names that change, redirects",
    tests: {
      [fetching]: [
        "goes to the address that was checked",
        "checks where it leads",
        "follows none by default, three at most",
      ],
    },
  },
  {
    id: "S38",
    what: "A key goes to the host it was saved with",
    tests: {
      "test/journeys/assistants.test.ts": [
        "sends no key of anybody's to an address that was changed without one",
      ],
    },
  },
  {
    id: "S39",
    what: "Uploads",
    tests: {
      "src/documents/document-format.test.ts": ["is never a path"],
      "src/documents/convert/converter.test.ts": [
        "is stopped when it unpacks to more than it said",
      ],
    },
  },
  {
    id: "S40",
    what: "PDFs are read in a child with limits",
    tests: { [extractor]: ["a decompression bomb", "a page that never ends"] },
  },
  {
    id: "S41",
    what: "Hostile text on pages",
    tests: {
      [chat]: ["shows hostile text as text: nothing runs"],
      [http]: ["writes no script, style or handler into a page"],
    },
  },
  {
    id: "S42",
    what: "Formulas in files",
    tests: {
      "src/contacts/import-file.test.ts": ["has no cell that a spreadsheet computes"],
      "src/campaigns/read-csv.test.ts": ["holds no formula"],
    },
  },
  {
    id: "S43",
    what: "SQL: values are parameters",
    tests: { "src/store/contacts/contacts.test.ts": ["is data alone, whatever is in it"] },
  },
  {
    id: "S44",
    what: "Lines, headers and marks",
    tests: {
      [logs]: ["lets no logged value move the reader's cursor"],
      "src/campaigns/places.test.ts": ["brings in words only"],
    },
  },
  {
    id: "S45",
    what: "What a model says is untrusted",
    tests: { "src/conversation/plain-text.test.ts": ["has no address of another host"] },
  },
  {
    id: "S46",
    what: "Injection, direct and in documents",
    tests: {
      [injection]: ["changes nothing, though the model obeys it"],
      "src/conversation/injected-text.test.ts": ["loses what speaks to a model"],
    },
  },
  {
    id: "S47",
    what: "Caps of cost and length",
    tests: {
      "src/chain/metered-model.test.ts": ["calls nobody when the budget has too little left"],
      [http]: ["refuses %s and names the field"],
    },
  },
  {
    id: "S48",
    what: "Citations exist; no answer without sources",
    tests: { "test/journeys/grounding/groundedness.test.ts": ["none of what it invents"] },
  },
  {
    id: "S49",
    what: "Personal data before a provider",
    reason:
      "Not automated: no redaction option exists; docs/providers.md names what is sent, and an assistant can be told to quote only.",
  },
  {
    id: "S50",
    what: "Limits, with headers, an IPv6 network as one",
    tests: {
      "src/http/rate-limit.test.ts": ["counts the network of one subscriber"],
      [http]: ["limits one caller, says for how long"],
    },
  },
  {
    id: "S51",
    what: "Exactly the proxies that there are",
    tests: { [http]: ["does not believe X-Forwarded-For"] },
  },
  {
    id: "S52",
    what: "Headers",
    tests: {
      [http]: ["sends the headers that keep pages to themselves", "asks for TLS, and for it alone"],
    },
  },
  {
    id: "S53",
    what: "Inner addresses are not public",
    tests: { [http]: ["tells details on this machine only"] },
  },
  {
    id: "S54",
    what: "Failures tell nothing, and refuse",
    tests: { [http]: ["tells nobody why something failed inside"] },
  },
  {
    id: "S55",
    what: "Patterns of users",
    reason:
      "Does not apply: nobody gives us a pattern. Words that are searched for become parameters of SQL.",
  },
  {
    id: "S56",
    what: "Polluted prototypes",
    tests: { [hostile]: ["no polluted prototype"], [http]: ["a polluted prototype"] },
  },
  {
    id: "S57",
    what: "Envelopes are bound to their place",
    tests: {
      [encryption]: [
        "refuses an envelope moved to another row",
        "refuses an envelope with any byte changed",
      ],
    },
  },
  {
    id: "S58",
    what: "Keys change, killed or not; a wrong one does not start",
    tests: {
      [rotation]: [
        "go on where they were, wherever the rotation was killed",
        "the old one is not needed after the rotation",
        "refuse a start with a key that is none of theirs",
      ],
    },
  },
  {
    id: "S59",
    what: "No secret in logs",
    tests: {
      [logs]: ["hides %s, in fields, in errors"],
      [first]: ["leaves no password, code or token in the log or the audit"],
    },
  },
  {
    id: "S60",
    what: "The audit is only added to, and tells what was changed",
    tests: {
      [seals]: [
        "names the row whose %s was changed",
        "notices what was cut off",
        "can be changed by no role of ours",
      ],
    },
  },
  {
    id: "S61",
    what: "What is audited",
    tests: {
      "test/journeys/access/keys-and-tenants.test.ts": ["are named in the audit of what they did"],
      "test/services/people.test.ts": ["the audit of all of it is one chain"],
    },
  },
  {
    id: "S62",
    what: "Erasure",
    tests: {
      "test/journeys/access/tenant-life.test.ts": [
        "leaves nothing of it in the database and in the data directory",
      ],
    },
  },
  {
    id: "S63",
    what: "Packages: none with a known hole, licences, no secret in the repository",
    reason:
      "`npm run verify:security` asks the registry (`npm audit`), reads the licences and looks for keys of ours; `npm run check` scans for secrets with secretlint: not in `npm test`, which needs no network.",
  },
  {
    id: "S64",
    what: "CI",
    reason: "Does not apply: there are no hosted workflows; .ci/run is a script without tokens.",
  },
  {
    id: "S65",
    what: "Image",
    tests: { "src/compose.test.ts": ["lets Chromium shut its pages in, and nothing else"] },
  },
  {
    id: "S66",
    what: "Egress",
    reason:
      "Not automated: the compose file names no networks of its own; addresses of tenants are fetched by the guarded fetch alone (S36).",
  },
];
