import { generations } from "../../../rotation/calendar/generations";
import { type Reading, readSettings, SettingsError } from "../../../rotation/declaration/settings";
import { type AccountBlock, type Declaration, placesOf, rawOf, titleOf } from "../fleet/declaration";
import { type Chance, judgeDeadPlace } from "../judges/deadPlace";
import { judgeHealthy } from "../judges/healthy";
import { judgeLeak } from "../judges/leak";
import { judgeOrphans } from "../judges/orphan";
import { judgeRevocation } from "../judges/revocation";
import { judgeUntried } from "../judges/untried";
import type { Verdict, Violation } from "../judges/violation";
import { dayOf, days } from "../time";
import type { Eyes } from "./eyes";
import { Facts } from "./facts";
import { keyOf, Ledger } from "./ledger";
import { Lines } from "./lines";

/**
 * What an account has that is not the product's doing. `red`: its pipeline fails; `locked`: a place of its may not be
 * written; `gave up`: a pipeline was red until no attempt was left; `declared`: its declaration cannot be carried out;
 * `rewritten`: an edit took a living generation out of its calendar; `by hand`: somebody did something that is seen by a refresh alone.
 */
export type Fault = "red" | "locked" | "gave up" | "declared" | "rewritten" | "by hand";

/** A run that has ended. */
export interface Ended {
  readonly begunAt: number;
  readonly command: "up" | "refresh";
  readonly code: number;
  /** Whether it was to see to this account. */
  readonly sees: (line: string) => boolean;
  /** Whether it was to see to all accounts. */
  readonly isWhole: boolean;
  /** Whether servers, machine and credential were well all the time. */
  readonly isClean: boolean;
  readonly printed: string;
  /** Texts of what was stored. */
  readonly stored: readonly string[];
  /** Every number in the state. */
  readonly inState: ReadonlySet<number>;
}

/** Judges what the product does, at each request and after each run. */
export class Watch {
  readonly violations: Violation[] = [];
  readonly lines = new Lines();
  readonly ledger: Ledger;
  readonly #facts: Facts;
  readonly #faults = new Map<string, Set<Fault>>();
  /** Clean runs in a row since an account was last disturbed. */
  readonly #calm = new Map<string, number>();
  /** When the first of them ended: what was interrupted before is done by then, and counts from there. */
  readonly #calmSince = new Map<string, number>();
  readonly #chances = new Map<string, Chance[]>();
  readonly #ahead = [0];
  readonly #judged = new Set<string>();
  /** What an account said before it was taken out. */
  readonly #last = new Map<string, AccountBlock>();

  constructor(
    private readonly eyes: Eyes,
    public declaration: Declaration,
  ) {
    this.ledger = new Ledger(eyes, this.lines);
    this.#facts = new Facts(eyes, this.ledger, this.lines);
    this.ledger.look(declaration, false);
    this.#remember();
  }

  /** The declaration has been edited. */
  declare(declaration: Declaration): void {
    this.declaration = declaration;
    this.#remember();
    this.ledger.look(declaration, false);
  }

  /** The block of an account, where it is declared now. */
  blockOf(line: string): AccountBlock | undefined {
    return this.declaration.accounts.find(({ name }) => this.lines.of(name) === line);
  }

  /** What an account has now that is not the product's doing. */
  faultsOf(line: string): Set<Fault> {
    const found = this.#faults.get(line) ?? new Set();
    this.#faults.set(line, found);
    return found;
  }

  /** Something went on that a run or two may need to mend. */
  disturb(lines: readonly string[] = [...this.#last.keys()]): void {
    for (const line of lines) this.#calm.set(line, 0);
  }

  /** Somebody did something by hand. */
  byHand(made: readonly number[]): void {
    this.ledger.look(this.declaration, false);
    for (const id of made) this.ledger.of(id).byHand = true;
  }

  /** A run goes by a clock that is so far ahead. */
  goesBy(ahead: number): void {
    this.#ahead.push(ahead);
  }

  get #clocksDiffer(): number {
    return Math.max(...this.#ahead) - Math.min(...this.#ahead);
  }

  /** The product's request was carried out, or not. */
  requested(method: string): void {
    if (method === "GET") return;
    const revoked = this.ledger.look(this.declaration, true);
    for (const token of revoked) {
      const seen = this.#facts.revocation(token, this.declaration, (line) => this.#last.get(line));
      this.#say("early revocation", seen.line, judgeRevocation({ ...seen, clocksDiffer: this.#clocksDiffer }));
    }
    for (const block of this.declaration.accounts)
      for (const place of placesOf(block))
        if (this.ledger.held.get(keyOf(block, place))?.writtenDead) this.#judgePlaces(block);
  }

  /** Time has passed. */
  passed(): void {
    this.ledger.look(this.declaration, false);
    for (const block of this.declaration.accounts) this.#judgePlaces(block);
  }

  /** A run has ended. */
  ended(run: Ended): void {
    this.ledger.look(this.declaration, true);
    this.#say("leak", "", judgeLeak("what was printed", run.printed));
    for (const text of run.stored) this.#say("leak", "", judgeLeak("what was stored", text));
    for (const block of this.declaration.accounts) this.#judgePlaces(block);
    if (run.isClean) this.#judgeClean(run);
    else this.disturb();
  }

  /** What a run comes to in which only the product could fail. */
  #judgeClean(run: Ended): void {
    const reading = readingOf(this.declaration);
    // Where no account can be used, nothing is done.
    if (reading === undefined) return;
    const seen = this.declaration.accounts.filter(({ name }) => run.sees(this.lines.of(name)));
    if (run.command === "refresh") {
      for (const block of seen) this.faultsOf(this.lines.of(block.name)).delete("by hand");
      return;
    }
    const others = run.code !== 0 ? "held up" : "late";
    for (const block of seen) {
      const line = this.lines.of(block.name);
      const faults = this.faultsOf(line);
      const account = reading.settings.accounts.find(({ name }) => name === block.name);
      const isStopped = faults.has("declared") || faults.has("rewritten") || faults.has("by hand");
      if (account === undefined || isStopped || block.decommission) {
        this.#calm.set(line, 0);
        continue;
      }
      const calm = (this.#calm.get(line) ?? 0) + 1;
      this.#calm.set(line, calm);
      if (calm === 1) this.#calmSince.set(line, this.eyes.now());
      const { overlapDays, marginDays } = account.rotation;
      const isSoft = faults.size > 0;
      const all = generations(account, reading.settings.freezes, dayOf(run.begunAt));
      const current = all.find(({ lifecycle }) => lifecycle === "current");
      if (calm >= 2 && !faults.has("locked")) {
        const chances = this.#chances.get(line) ?? [];
        chances.push({
          at: this.eyes.now(),
          windowDays: isSoft ? marginDays : overlapDays + marginDays,
          warnedBeforeFirst: current?.date === undefined && run.code !== 0,
        });
        this.#chances.set(line, chances);
      }
      if (calm < 2) continue;
      if (!isSoft) this.#judgeHealthy(block, others, current?.date, overlapDays);
      this.#judgeUntried(block, marginDays, run.begunAt);
    }
    if (run.isWhole && run.code === 0) this.#judgeOrphans(run.inState);
  }

  /** An account that has nothing of its own that would stop it. `due`: the day of the generation that is to be in use. */
  #judgeHealthy(block: AccountBlock, judge: "held up" | "late", due: string | undefined, overlapDays: number): void {
    // Before its first rotation its places are left as they are.
    if (due === undefined) return;
    const line = this.lines.of(block.name);
    const older = this.#facts.older(block, this.declaration.fleet, this.#calmSince.get(line) ?? 0);
    const standing = this.#facts.standing(block);
    const now = this.eyes.now();
    this.#say(judge, line, judgeHealthy({ now, standing, wantedSince: Date.parse(due), older, overlapDays }));
    for (const place of placesOf(block)) {
      const held = this.ledger.held.get(keyOf(block, place));
      if (held?.tokenId !== undefined && !this.ledger.isAlive(held.tokenId))
        this.#say("dead place", line, {
          what: "a declared place holds a dead token after a run that saw to it",
          detail: `token ${held.tokenId} in ${titleOf(place)}`,
        });
    }
  }

  #judgePlaces(block: AccountBlock): void {
    const line = this.lines.of(block.name);
    if (block.decommission !== undefined || this.faultsOf(line).has("by hand")) return;
    for (const place of placesOf(block)) {
      const held = this.ledger.held.get(keyOf(block, place));
      if (held?.tokenId === undefined || this.ledger.isAlive(held.tokenId)) continue;
      if (this.ledger.of(held.tokenId).endedByHand && !held.writtenDead) continue;
      const once = `${line} ${titleOf(place)} ${held.tokenId}`;
      if (this.#judged.has(once)) continue;
      this.#judged.add(once);
      const verdict = judgeDeadPlace({
        place: titleOf(place),
        tokenId: held.tokenId,
        diedAt: this.ledger.diedAt(held.tokenId),
        now: this.eyes.now(),
        since: held.since,
        wasWrittenDead: held.writtenDead,
        isAnothers: this.#facts.tokensOf(block, this.declaration.fleet).every(({ id }) => id !== held.tokenId),
        chances: this.#chances.get(line) ?? [],
      });
      this.#say("dead place", line, verdict);
    }
  }

  #judgeUntried(block: AccountBlock, marginDays: number, begunAt: number): void {
    if (block.proof.length === 0) return;
    const places = placesOf(block).flatMap((place) => {
      const tokenId = this.ledger.held.get(keyOf(block, place))?.tokenId;
      if (tokenId === undefined) return [];
      const token = this.ledger.tokens.get(tokenId);
      const isOurs = token !== undefined && token.mark !== undefined;
      const isProven = !isOurs || this.ledger.of(tokenId).provenAt !== undefined;
      const wasTried = block.proof.every((proof) => this.eyes.beganSince(proof, begunAt));
      return [{ place: titleOf(place), tokenId, isProven, wasTried }];
    });
    const proven = this.#facts
      .tokensOf(block, this.declaration.fleet)
      .filter(
        ({ id, mark }) => this.ledger.isAlive(id) && (mark === undefined || this.ledger.of(id).provenAt !== undefined),
      );
    const provenDiesAt = proven.length === 0 ? undefined : Math.max(...proven.map(({ expiresAt }) => expiresAt));
    this.#say(
      "untried",
      this.lines.of(block.name),
      judgeUntried({ now: this.eyes.now(), marginDays, places, provenDiesAt }),
    );
  }

  #judgeOrphans(inState: ReadonlySet<number>): void {
    const inPlaces = this.#facts.inPlaces();
    for (const line of this.#last.keys()) {
      const last = this.#last.get(line);
      const block = this.blockOf(line) ?? last;
      if (block === undefined || last?.onRemoval === "release" || this.faultsOf(line).size > 0) continue;
      if ((this.#calm.get(line) ?? 0) < 2) continue;
      const living = this.#facts.tokensOf(block, this.declaration.fleet).filter(({ id }) => this.ledger.isAlive(id));
      const tokens = living.map((token) => ({
        id: token.id,
        hasOurMark: token.mark !== undefined,
        byHand: this.#facts.isByHand(token),
        isInState: inState.has(token.id),
        isInPlace: inPlaces.has(token.id),
      }));
      // What a lost answer left is swept when its generation's overlap is over, with a day for the hours that days do not tell.
      const since = Math.max(this.#calmSince.get(line) ?? 0, ...living.map(({ createdAt }) => createdAt));
      const isOver = this.eyes.now() >= since + days(block.rotation.overlapDays + 1);
      // One that is in the state and in no place waits for its retirement.
      const isWaiting = !isOver || tokens.some((one) => one.isInState && !one.isInPlace);
      this.#say("orphan", line, judgeOrphans({ tokens, isWaiting }));
    }
  }

  #remember(): void {
    for (const block of this.declaration.accounts) this.#last.set(this.lines.of(block.name), block);
  }

  #say(judge: Violation["judge"], account: string, verdict: Verdict): void {
    if (verdict === undefined) return;
    this.violations.push({ judge, account, at: new Date(this.eyes.now()).toISOString(), ...verdict });
  }
}

function readingOf(declaration: Declaration): Reading | undefined {
  try {
    return readSettings(rawOf(declaration));
  } catch (error) {
    if (error instanceof SettingsError) return undefined;
    throw error;
  }
}
