import type { AddressInfo, Socket } from "node:net";
import { SMTPServer } from "smtp-server";

/**
 * What the next letter meets. `drop-after-data`: it was taken, and the connection ends without a word; `drop-in-data`:
 * the connection ends while it comes, and nothing was taken.
 */
export const SMTP_FAULTS = [
  "421-greeting",
  "450-recipient",
  "550-recipient",
  "451-after-data",
  "554-after-data",
  "drop-in-data",
  "drop-after-data",
] as const;
export type SmtpFault = (typeof SMTP_FAULTS)[number];

export interface ReceivedLetter {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
}

export interface SmtpStandIn {
  readonly port: number;
  readonly letters: readonly ReceivedLetter[];
  fail(...faults: readonly SmtpFault[]): void;
  close(): Promise<void>;
}

/** A mail server on loopback that takes one user, and delivers to nobody. */
export async function startSmtpStandIn(user: {
  readonly name: string;
  readonly password: string;
}): Promise<SmtpStandIn> {
  const letters: ReceivedLetter[] = [];
  const faults: SmtpFault[] = [];
  const take = (...kinds: readonly SmtpFault[]) => {
    const [next] = faults;
    if (next === undefined || !kinds.includes(next)) return undefined;
    return faults.shift();
  };
  const refusal = (code: number, words: string) =>
    Object.assign(new Error(words), { responseCode: code });
  const sockets = new Set<Socket>();
  const server = new SMTPServer({
    authOptional: false,
    allowInsecureAuth: true,
    disabledCommands: ["STARTTLS"],
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 100,
    onConnect(_session, done) {
      done(take("421-greeting") && refusal(421, "Try again later"));
    },
    onAuth({ username, password }, _session, done) {
      if (username === user.name && password === user.password) done(null, { user: username });
      else done(refusal(535, "Authentication failed"));
    },
    onRcptTo(_address, _session, done) {
      const fault = take("450-recipient", "550-recipient");
      if (fault === "450-recipient") done(refusal(450, "Greylisted, try again later"));
      else if (fault === "550-recipient") done(refusal(550, "No such user here"));
      else done();
    },
    onData(stream, session, done) {
      const fault = take("451-after-data", "554-after-data", "drop-in-data", "drop-after-data");
      const cut = () => {
        for (const socket of sockets) socket.destroy();
      };
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => parts.push(part));
      if (fault === "drop-in-data") return cut();
      stream.on("end", () => {
        if (fault === "451-after-data") return done(refusal(451, "Local error, try again"));
        if (fault === "554-after-data") return done(refusal(554, "Refused as spam"));
        const { mailFrom, rcptTo } = session.envelope;
        letters.push({
          from: mailFrom === false ? "" : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          raw: Buffer.concat(parts).toString("utf8"),
        });
        if (fault === "drop-after-data") cut();
        else done();
      });
    },
  });
  // Errors of connections that were cut are what the tests are about.
  server.on("error", () => {});
  server.server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  return {
    port: (server.server.address() as AddressInfo).port,
    letters,
    fail(...some) {
      faults.push(...some);
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
