import { Random } from "../random";
import { type Member, nameOf } from "./fleet";
import { hazards } from "./hazards";
import type { Edit, History, RunStep, Step } from "./steps";

/** How large a history is. */
export interface Size {
  readonly accounts: readonly [least: number, most: number];
  readonly rounds: number;
  /** Whether runs have the flags of `npm run up`. @default in three of ten histories */
  readonly wrapped?: boolean;
}

/** What happens to a fleet: the same for the same seed. Most rounds are ordinary: some days pass, and `up` runs. */
export function plot(seed: number, size: Size): History {
  const random = new Random(seed);
  const members = Array.from({ length: random.integer(...size.accounts) }, (_, at) => member(at, random));
  const health = random.chance(0.3);
  const isWrapped = random.chance(0.3);
  return {
    seed,
    startsAt: "2026-11-23T06:00:00Z",
    members,
    health,
    wrapped: size.wrapped ?? isWrapped,
    steps: new Plot(random, members).steps(size.rounds),
  };
}

function member(at: number, random: Random): Member {
  const overlapDays = random.integer(1, 7);
  const lifetimeDays = random.integer(30, 90);
  // Now and then a cadence that leaves the token in use near its end, but mostly one that makes for many rotations.
  const everyDays = random.chance(0.8) ? random.integer(8, 16) : random.integer(17, 40);
  return {
    at,
    overlapDays,
    lifetimeDays,
    everyDays,
    startsIn: random.chance(0.8) ? random.integer(0, 10) : random.integer(20, 60),
    proof: random.weighted({ schedule: 6, ref: 2, none: 3 }),
    spare: random.chance(0.4),
  };
}

const pass = (hours: number): Step => ({ do: "pass", hours });
const edit = (one: Edit): Step => ({ do: "edit", edit: one });
const up: RunStep = { do: "run", command: "up" };

/** What may happen in a round beside the ordinary, and how often among those. */
const events = {
  lifetime: 6,
  stretched: 4,
  cadence: 3,
  overlap: 3,
  proof: 5,
  move: 5,
  share: 3,
  rename: 4,
  "rename untold": 2,
  claim: 2,
  sections: 2,
  freeze: 2,
  remove: 2,
  "remove and revoke": 2,
  decommission: 1,
  compromised: 5,
  username: 4,
  red: 8,
  "red, proof dropped": 3,
  "red, refreshed": 3,
  "red near the end": 3,
  lock: 6,
  target: 4,
  exclude: 3,
  replace: 2,
  refresh: 4,
  hand: 5,
  missed: 6,
  hazard: 14,
  kill: 6,
  skew: 3,
  twice: 2,
  credential: 3,
  restore: 3,
  forget: 3,
  schedules: 6,
} as const;

/** Draws the rounds. What is broken on purpose is mended some rounds later. */
class Plot {
  readonly #later: { readonly round: number; readonly steps: readonly Step[] }[] = [];
  readonly #steps: Step[] = [];
  #round = 0;
  #hours = 0;
  #renames = 0;
  readonly #names = new Map<number, string>();

  constructor(
    private readonly random: Random,
    private readonly members: readonly Member[],
  ) {}

  steps(rounds: number): readonly Step[] {
    this.#steps.push(up);
    for (this.#round = 0; this.#round < rounds; this.#round += 1) {
      const { random } = this;
      this.#do(pass(24 * random.integer(2, 9) + random.integer(0, 23)));
      for (const due of this.#later.filter(({ round }) => round === this.#round)) this.#steps.push(...due.steps);
      const happening = random.chance(0.4);
      const run = happening ? this.#event(random.weighted(events)) : up;
      if (run !== undefined) this.#steps.push(run);
    }
    return this.#steps;
  }

  /** An account that does not rotate for some days yet. */
  get #unbegun(): number | undefined {
    const waiting = this.members.filter(({ startsIn }) => startsIn * 24 > this.#hours + 48);
    return waiting[this.#round % Math.max(1, waiting.length)]?.at;
  }

  get #at(): number {
    return this.random.pick(this.members).at;
  }

  #do(...steps: readonly Step[]): void {
    this.#steps.push(...steps);
    for (const step of steps) if (step.do === "pass") this.#hours += step.hours;
  }

  #mend(rounds: number, ...steps: readonly Step[]): void {
    this.#later.push({ round: this.#round + rounds, steps });
  }

  #nameOf(at: number): string {
    return this.#names.get(at) ?? nameOf(at);
  }

  #renamed(at: number): string {
    this.#renames += 1;
    const name = `r${this.#renames}-${nameOf(at)}`;
    this.#names.set(at, name);
    return name;
  }

  /** Later it would be a dead token that is shared. */
  #share(at: number | undefined): RunStep {
    const startsIn = this.random.integer(5, 25);
    if (at !== undefined) {
      this.#do(edit({ kind: "share", at, startsIn }));
      this.#mend(this.random.integer(4, 8), edit({ kind: "unshare", at }));
    }
    return up;
  }

  /** What happens before the round's run; answers the run. */
  #event(kind: keyof typeof events): RunStep | undefined {
    const { random } = this;
    const at = this.#at;
    const soon = random.integer(1, 3);
    switch (kind) {
      case "lifetime":
        this.#do(edit({ kind, at, days: random.chance(0.5) ? random.integer(20, 60) : random.integer(90, 300) }));
        return up;
      case "stretched":
        // So rare rotations that its lifetime alone asks for more; then a longer lifetime, which the token in use does not have.
        this.#do(edit({ kind: "cadence", at, days: random.integer(60, 150) }));
        this.#mend(random.integer(2, 6), edit({ kind: "lifetime", at, days: random.integer(200, 350) }));
        this.#mend(random.integer(16, 22), edit({ kind: "lifetime", at, days: random.integer(40, 90) }));
        this.#mend(23, edit({ kind: "cadence", at, days: random.integer(8, 16) }));
        return up;
      case "cadence":
        this.#do(edit({ kind, at, days: random.integer(8, 40) }));
        return up;
      case "overlap":
        this.#do(edit({ kind, at, days: random.integer(1, 9) }));
        return up;
      case "proof":
        this.#do(edit({ kind, at, proof: random.pick(["schedule", "ref", "none"]) }));
        return up;
      case "move":
        this.#do(edit({ kind, at, to: random.chance(0.5) ? (this.#unbegun ?? this.#at) : this.#at }));
        return up;
      case "share":
        return this.#share(this.#unbegun);
      case "rename":
      case "rename untold": {
        const tells = kind === "rename";
        if (!tells && random.chance(0.5)) this.#do(edit({ kind: "removal", at, does: "revoke" }), up, pass(26));
        // One that was renamed properly before would not become what it was.
        if (!tells && this.#names.has(at)) return up;
        this.#do(edit({ kind: "rename", at, to: tells ? this.#renamed(at) : `u-${nameOf(at)}`, tells }));
        if (!tells) this.#mend(soon, edit({ kind: "rename", at, to: nameOf(at), tells: false }));
        return up;
      }
      case "claim": {
        // Two accounts are renamed, and both are said to have been the first of them.
        const other = this.#at;
        const [was, otherWas] = [this.#nameOf(at), this.#nameOf(other)];
        this.#do(edit({ kind: "rename", at, to: this.#renamed(at), tells: true }));
        if (other === at) return up;
        const to = this.#renamed(other);
        this.#do(edit({ kind, at: other, to, formerly: was, wrong: true }));
        this.#mend(soon, edit({ kind, at: other, to, formerly: otherWas, wrong: false }));
        return up;
      }
      case "sections":
        this.#do(edit({ kind, at, on: true }));
        this.#mend(soon, edit({ kind, at, on: false }));
        return up;
      case "freeze":
        this.#do(edit({ kind, fromDays: -random.integer(0, 20), toDays: random.integer(0, 8) }));
        this.#mend(soon, edit({ kind: "thaw" }));
        return up;
      case "remove":
        this.#do(edit({ kind, at }), up, pass(24), edit({ kind: "return", at }));
        return up;
      case "remove and revoke":
        this.#do(edit({ kind: "removal", at, does: "revoke" }), up, pass(24), edit({ kind: "remove", at }));
        return up;
      case "decommission":
        this.#do(edit({ kind, at }));
        return up;
      case "compromised":
        this.#do(edit({ kind, at }));
        return random.chance(0.6) ? { ...up, target: [at] } : up;
      case "username":
        this.#do(edit({ kind, at, wrong: true }));
        this.#mend(soon, edit({ kind, at, wrong: false }));
        return up;
      case "red":
        this.#do({ do: "pipeline", at, red: true });
        this.#mend(random.chance(0.8) ? soon : 6, { do: "pipeline", at, red: false });
        return up;
      case "red, proof dropped":
        this.#do({ do: "pipeline", at, red: true });
        this.#mend(random.integer(1, 3), edit({ kind: "proof", at, proof: "none" }), {
          do: "pipeline",
          at,
          red: false,
        });
        return up;
      case "red, refreshed":
        // Until no attempt is left, and once more.
        this.#do({ do: "pipeline", at, red: true });
        for (let time = 0; time < 7; time += 1) this.#do(up, pass(40));
        this.#do({ ...up, command: "refresh" });
        this.#mend(1, { do: "pipeline", at, red: false });
        return up;
      case "red near the end":
        // Nothing runs until the hand-made token, or the one in use, is about to die.
        this.#do(
          { do: "pipeline", at, red: true },
          pass(24 * random.integer(5, 20)),
          up,
          pass(24 * random.integer(2, 6)),
        );
        this.#mend(1, { do: "pipeline", at, red: false });
        return up;
      case "lock": {
        const place = random.pick(["item", "variable"]);
        this.#do({ do: "lock", at, place, locked: true });
        this.#mend(random.integer(1, 4), { do: "lock", at, place, locked: false });
        return up;
      }
      case "target":
        return { ...up, target: random.chance(0.7) ? [at] : [at, this.#at] };
      case "exclude":
        return { ...up, exclude: [at] };
      case "replace":
        if (random.chance(0.5)) {
          this.#do(edit({ kind: "removal", at, does: "revoke" }), up, pass(30));
          this.#mend(1, edit({ kind: "removal", at, does: "refuse" }));
        }
        return { ...up, replace: { at, flag: random.pick(["--replace", "--target-replace"]) } };
      case "refresh":
        this.#do({ ...up, command: "refresh" });
        return up;
      case "hand": {
        const act = random.pick(["rotate", "edit", "delete", "revoke old"]);
        this.#do({ do: "hand", at, act });
        if (random.chance(0.5)) this.#do({ ...up, command: "refresh" });
        else this.#mend(soon, { ...up, command: "refresh" });
        return up;
      }
      case "missed":
        this.#do(pass(24 * random.integer(5, 45)));
        return up;
      case "hazard":
        return { ...up, hazards: hazards(random) };
      case "kill":
        this.#do({ ...up, kill: random.chance(0.6) ? random.integer(1, 60) : random.integer(61, 400) });
        return up;
      case "skew":
        return { ...up, skewHours: random.integer(-11, 11) };
      case "twice":
        return { ...up, twice: true };
      case "credential":
        this.#do({ ...up, deadCredential: true });
        return up;
      case "restore":
        this.#do({ do: "backup" });
        this.#mend(soon, { do: "restore" }, { ...up, command: "refresh" });
        return up;
      case "forget":
        this.#do({ do: "forget", nth: random.integer(0, 200) });
        return up;
      case "schedules":
        this.#do({ do: "schedules" });
        return up;
    }
  }
}
