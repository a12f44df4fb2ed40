// The program of docs/client.md, block by block. A test compares them, and runs this file as it stands
// (test/journeys/client/examples.test.ts).
//
//   PREGONERO_URL    http://127.0.0.1:8080
//   PREGONERO_KEY    an API key with the scopes analytics, contacts, documents and events
//   EMAIL, PASSWORD  of somebody without a second factor

import { createClient, createCookieJar, PregoneroApiError } from "../../client/index.ts";

const { PREGONERO_URL: baseUrl = "", PREGONERO_KEY: apiKey = "" } = process.env;
const client = createClient({ baseUrl, apiKey });

const { data: contact } = await client.POST("/api/v1/contacts", {
  body: { identifiers: [{ kind: "phone", value: "+506 8777 1234" }], name: "Berta" },
});
console.log(`made ${contact.id}`);

const path = { contactId: contact.id };
const read = await client.GET("/api/v1/contacts/{contactId}", { params: { path } });
await client.PATCH("/api/v1/contacts/{contactId}", {
  params: { path, header: { "If-Match": read.response.headers.get("etag") ?? "" } },
  body: { tags: [...read.data.tags, "prensa"] },
});

for await (const { id, name, tags } of client.paginate("/api/v1/contacts", {
  params: { query: { tag: "prensa" } },
})) {
  console.log(id, name, tags.join(", "));
}

try {
  await client.POST("/api/v1/contacts", { body: { identifiers: [] } });
} catch (error) {
  if (!(error instanceof PregoneroApiError)) throw error;
  console.log(error.status, error.code, error.requestId);
  for (const { field, problem } of error.fields) console.log(`${field} ${problem}`);
}

const { data: document } = await client.POST("/api/v1/documents", {
  body: { title: "Horario", isPublic: true },
});
await client.PUT("/api/v1/documents/{documentId}/content", {
  params: { path: { documentId: document.id }, query: { fileName: "horario.txt" } },
  body: new Blob(["La oficina abre de lunes a viernes, de 8 a 16 horas."]),
});

const { data: csv } = await client.GET("/api/v1/analytics.csv", {
  params: { query: { from: "2026-11-01", to: "2026-11-30" } },
  parseAs: "text",
});
console.log(csv.split("\n")[0]);

const stop = new AbortController();
for await (const event of client.events({ signal: stop.signal })) {
  // Everything that was missed is told: a program would go on from here.
  if (event.kind === "ready") stop.abort();
  else console.log(event.position, event.kind, event.data);
}

const { EMAIL: email = "", PASSWORD: password = "" } = process.env;
const person = createClient({ baseUrl, cookies: createCookieJar() });
const { data: session } = await person.POST("/api/v1/session", { body: { email, password } });
console.log(`${session.state} as ${session.person?.name}`);
await person.DELETE("/api/v1/session");
