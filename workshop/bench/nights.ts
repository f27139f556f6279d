// `npm run bench:nights`: a year of nights of fleets of any size, by the product's calendar and what was measured of one stack.
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { addDays, type Day } from "../../ground/day";
import { spread } from "../../rotation/calendar/spread";
import type { AccountDeclaration } from "../../rotation/declaration/declaration";
import { type Measured, type Night, nights, worst } from "./night";

const help = `npm run bench:nights -- [flags]

  --accounts <list>   numbers of accounts (default: 10,100,1000,10000)
  --stack <n>         accounts of one stack, which has a user of its own at GitLab (default: 500)
  --runners <n>       stacks that CI runs side by side (default: 20)
  --idle <a,b>        seconds of a run with nothing due: without an account, and more for each (default: 8.6,0.097)
  --rotation <a,b>    seconds of a rotation, and of a write to its vault (default: 3.2,0.1)
  --look <n>          seconds of the look at an account's health (default: 0.085)
  --requests <a,b,c>  to GitLab: of a rotation, of a retirement, of an account's health (default: 16,9,2)
`;

const from = "2026-11-23" as Day;
const freezes = [{ from: "2026-12-19" as Day, to: "2027-01-04" as Day }];

/** Accounts whose hand-made tokens die on days all over the year, declared as `npm run inventory` declares them. */
function accounts(count: number): AccountDeclaration[] {
  const tokens = Array.from({ length: count }, (_, at) => ({
    key: `robot-${String(at).padStart(5, "0")}`,
    // Every day of the year has its share, in no order.
    expiresAt: addDays(from, 1 + ((at * 149) % 365)),
  }));
  const days = spread(tokens, { today: from, freezes, taken: [] });
  return tokens.map(({ key, expiresAt }, at) => ({
    name: key,
    account: { group: "security", username: `gl-${key}` },
    token: { name: key, description: "", scopes: ["read_api"] },
    rotation: {
      startsOn: days.get(key) ?? from,
      everyDays: 336,
      weekday: "monday",
      overlapDays: 7,
      lifetimeDays: 365,
      marginDays: 14,
      quietHours: 24,
      extraDates: [],
    },
    adopt: { tokenId: at + 1, expiresAt },
    compromised: [],
    retries: [],
    onePassword: [],
    variables: [],
    openBao: [],
    external: [],
    proof: [],
    onRemoval: "refuse",
  }));
}

function main(): void {
  const { values } = parseArgs({
    options: {
      accounts: { type: "string", default: "10,100,1000,10000" },
      stack: { type: "string", default: "500" },
      runners: { type: "string", default: "20" },
      idle: { type: "string", default: "8.6,0.097" },
      rotation: { type: "string", default: "3.2,0.1" },
      look: { type: "string", default: "0.085" },
      requests: { type: "string", default: "16,9,2" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help === true) {
    process.stdout.write(help);
    return;
  }
  const numbers = (text: string) => text.split(",").map(Number);
  const [run = 0, account = 0] = numbers(values.idle);
  const [seconds = 0, write = 0] = numbers(values.rotation);
  const [rotation = 0, retirement = 0, health = 0] = numbers(values.requests);
  const measured: Measured = {
    idle: { run, account },
    rotation: { seconds, write },
    look: Number(values.look),
    requests: { rotation, retirement, health },
    perMinute: 2_000,
    usersInTen: 300,
  };
  const table = new Table({
    style: { head: [], border: [], compact: true },
    head: ["accounts", "stacks", "night", "rotate", "minutes", "busiest minute of a user", "requests", "minutes of CI"],
  });
  for (const count of numbers(values.accounts)) {
    const all = accounts(count);
    const size = Number(values.stack);
    const stacks = Array.from({ length: Math.ceil(count / size) }, (_, at) => all.slice(at * size, (at + 1) * size));
    const year = nights(stacks, freezes, from, Number(values.runners), measured);
    const sorted = [...year].sort((a, b) => a.minutes - b.minutes || a.requests - b.requests);
    const rows: [string, Night | undefined][] = [
      ["median of a year", sorted[Math.floor(sorted.length / 2)]],
      ["busiest of a year", sorted.at(-1)],
      [
        "all rotate",
        worst(
          stacks.map(({ length }) => length),
          from,
          Number(values.runners),
          measured,
        ),
      ],
    ];
    for (const [name, night] of rows)
      if (night !== undefined)
        table.push([
          count,
          stacks.length,
          name,
          night.rotations,
          night.minutes.toFixed(1),
          night.busiest,
          night.requests,
          night.jobs.toFixed(1),
        ]);
    table.push([
      count,
      stacks.length,
      "a month",
      "",
      "",
      "",
      Math.round(year.reduce((sum, { requests }) => sum + requests, 0) / 12),
      Math.round(year.reduce((sum, { jobs }) => sum + jobs, 0) / 12),
    ]);
  }
  console.log(table.toString());
}

main();
