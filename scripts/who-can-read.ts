// `npm run who-can-read`: who can get at an account's token, as far as GitLab and 1Password tell.
import { resolve } from "node:path";
import Table from "cli-table3";
import { GitLab } from "../providers/gitlab/client";
import { vaultsFromEnvironment } from "../providers/onepassword/environment";
import { type Column, csvOf } from "../reports/csv";
import { breakable, plain, shown } from "../reports/plain";
import { Writer } from "../reports/writer";
import { choice, flags, main, type Outcome, outcomeOf, type Surroundings, stackSettings, UsageError } from "./command";
import { type ReadablePlace, type Reader, Readers } from "./readers/readers";

const help = `npm run who-can-read -- <account>  [flags]

Who can get at the token of a declared account: who may make one for it, its vaults, its CI/CD variables with who maintains
them (members of groups above included), people apart from service accounts; and, plainly, what the servers do not tell.
Looks as the user of GITLAB_TOKEN at GITLAB_BASE_URL, and with the 1Password credential of a run. Reads only.

  --stack, -s <name>  the stack that declares it (default: any but the sandbox)
  --format <name>     text, json, csv (default: text)
  --cwd, -C <folder>  the project (default: here)

Exit codes: 0 fine; 1 something went wrong; 2 the command line is wrong; 3 settings that cannot be used.
`;

const options = {
  stack: { type: "string", short: "s", multiple: true },
  format: { type: "string" },
  cwd: { type: "string", short: "C" },
  help: { type: "boolean", short: "h" },
} as const;

/** Runs the command; never throws. */
export function whoCanRead(args: readonly string[], surroundings: Surroundings): Promise<Outcome> {
  return outcomeOf("who-can-read", async () => ({ code: 0, stdout: await told(args, surroundings), stderr: "" }));
}

async function told(args: readonly string[], { folder, environment }: Surroundings): Promise<string> {
  const { values, positionals } = flags(args, options, true);
  if (values.help === true) return help;
  const format = choice("--format", values.format ?? "text", ["text", "json", "csv"]);
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0)
    throw new UsageError("Reading the command line: name one account, as the declaration does.");
  const stacks = stackSettings(resolve(folder, values.cwd ?? "."), values.stack);
  const found = stacks.flatMap(({ stack, settings }) =>
    settings.accounts.filter((account) => account.name === name).map((account) => ({ stack, account })),
  );
  const [one, other] = found;
  if (one === undefined) {
    const known = stacks.flatMap(({ settings }) => settings.accounts.map((account) => account.name));
    const left = stacks.flatMap(({ leftOut }) => (leftOut === undefined ? [] : ` ${leftOut}`)).join("");
    throw new UsageError(`Looking for account "${name}": not declared; there are ${known.join(", ")}.${left}`);
  }
  if (other !== undefined)
    throw new UsageError(`Looking for account "${name}": ${one.stack} and ${other.stack} declare it. Say --stack.`);
  const readers = new Readers(GitLab.fromEnvironment(environment), vaultsFromEnvironment(environment));
  const places = await readers.placesOf(one.account);
  if (format === "csv") return csvOf(columns, rowsOf(places));
  if (format === "json") return `${JSON.stringify({ stack: one.stack, account: name, places }, shown, 2)}\n`;
  return text(places);
}

interface Row extends ReadablePlace {
  /** Absent where the servers name nobody. */
  readonly reader: Reader | undefined;
}

const columns: Readonly<Record<string, Column<Row>>> = {
  place: ({ place }) => plain(place),
  can: ({ can }) => can,
  attributes: ({ attributes }) => attributes.join(" "),
  username: ({ reader }) => reader?.username,
  name: ({ reader }) => reader && plain(reader.name),
  kind: ({ reader }) => reader?.kind,
  role: ({ reader }) => reader?.role,
  until: ({ reader }) => reader?.until,
  untold: ({ untold }) => plain(untold.join(" ")),
};

function rowsOf(places: readonly ReadablePlace[]): Row[] {
  return places.flatMap((place) => {
    const readers = place.readers.length === 0 ? [undefined] : place.readers;
    return readers.map((reader) => ({ ...place, reader }));
  });
}

function text(places: readonly ReadablePlace[]): string {
  const table = new Table({
    head: ["Who", "Kind", "Role"],
    style: { head: [], border: [] },
    // 80 columns in all: a table cannot be read where the terminal breaks its lines.
    colWidths: [46, 17, 13],
    wordWrap: true,
  });
  for (const { place, can, attributes, readers } of places) {
    const known = attributes.length === 0 ? "" : ` (${attributes.join(", ")})`;
    table.push([{ content: breakable(`${plain(place)}${known}: can ${can}`, 76), colSpan: 3 }]);
    if (readers.length === 0) table.push([{ content: "  nobody is named", colSpan: 3 }]);
    for (const { username, name, kind, role, until } of readers)
      table.push([
        `· ${breakable(plain(`${username} (${name})`), 42)}`,
        kind,
        until === undefined ? role : `${role} until ${until}`,
      ]);
  }
  const untold = places.flatMap(({ place, untold }) => untold.map((sentence) => ({ place, sentence })));
  const sentences = [...new Set(untold.map(({ sentence }) => sentence))].map((sentence) => {
    const of = untold.filter((one) => one.sentence === sentence).map(({ place }) => plain(place));
    return `${of.length === places.length ? "" : `${of.join("; ")}: `}${sentence}`;
  });
  const always =
    "The state of the stack holds the token, encrypted: whoever has the stack's passphrase or key can read it.";
  const below = new Writer(80, (_style, words) => words);
  for (const sentence of [...sentences, always]) below.item(sentence, 0);
  return `${table.toString()}\n\nWhat this table does not show:\n${below.end()}`;
}

if (require.main === module) {
  void main(whoCanRead);
}
