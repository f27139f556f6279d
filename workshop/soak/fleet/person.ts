import { adopted, generations } from "../../../rotation/calendar/generations";
import { type Rewrite, rewrites } from "../../../rotation/calendar/history";
import { readSettings, type Settings } from "../../../rotation/declaration/settings";
import type { Clock } from "../../sandbox/clock";
import type { Watch } from "../watching/watch";
import { type AccountBlock, type Declaration, rawOf } from "./declaration";
import { edited, sharerOf } from "./edits";
import { handTokenOf, nameOf } from "./fleet";
import type { Edit } from "./steps";

/** Who edits the declaration: reads what plan says first, and knows what cannot be carried out. */
export class Person {
  readonly #last = new Map<string, AccountBlock>();
  /** The generations that an edit took out of an account's calendar, and none has brought back. */
  readonly #missing = new Map<string, Set<string>>();

  constructor(
    public declaration: Declaration,
    private readonly watch: Watch,
    private readonly clock: Clock,
  ) {
    this.#remember();
  }

  /** The number of the account that a block is. */
  readonly numberOf = (block: AccountBlock): number =>
    Number(/^a(\d+)/.exec(this.watch.lines.of(block.name))?.[1] ?? Number.NaN);

  /** The generation whose token an account is to use. */
  currentOf(name: string): string | undefined {
    const settings = settingsOf(this.declaration);
    const account = settings?.accounts.find((one) => one.name === name);
    if (settings === undefined || account === undefined) return undefined;
    const all = generations(account, settings.freezes, this.clock.today());
    return all.find(({ lifecycle }) => lifecycle === "current")?.name;
  }

  /** Makes an edit, or leaves it; says whether the declaration is another one now. */
  edit(edit: Edit): boolean {
    const { watch, declaration: before } = this;
    const today = this.clock.today();
    const wanted = edited(before, edit, {
      numberOf: this.numberOf,
      currentOf: (block) => this.currentOf(block.name),
      lastOf: (at) => this.#last.get(nameOf(at)),
      now: this.clock.now().getTime(),
    });
    if (wanted === before) return false;
    if (edit.kind === "rename" || edit.kind === "claim") {
      const found = before.accounts.find(({ name }) => watch.lines.of(name) === nameOf(edit.at));
      if (found !== undefined) watch.lines.rename(found.name, edit.to, edit.kind === "claim" || edit.tells);
    }
    // What plan says is to be kept is kept; what it refuses all the same is not merged, but for a freeze, which is taken back.
    const isKept = edit.kind === "cadence" || edit.kind === "thaw";
    const after = isKept ? keeping(wanted, lost(before, wanted, today)) : wanted;
    const gone = lost(before, after, today);
    if (["lifetime", "cadence", "overlap", "thaw"].includes(edit.kind) && gone.length > 0) return false;
    this.#note(edit, after);
    this.#rewritten(gone, after);
    this.declaration = after;
    this.#remember();
    watch.declare(after);
    return true;
  }

  /** Which accounts an edit leaves with something that cannot be carried out, and which it disturbs. */
  #note(edit: Edit, { accounts }: Declaration): void {
    const { watch } = this;
    const line = "at" in edit ? nameOf(edit.at) : "";
    // Of two that say the same, nobody can say which one is right.
    if (edit.kind === "claim")
      for (const { name, formerly } of accounts)
        if (edit.wrong && formerly === edit.formerly) watch.faultsOf(watch.lines.of(name)).add("declared");
        else if (!edit.wrong && formerly !== undefined) this.#mended(watch.lines.of(name));
    // Without a pipeline no attempt is counted.
    if (edit.kind === "proof" && edit.proof === "none") watch.faultsOf(line).delete("gave up");
    const broken = isBroken(edit, line);
    if (broken === true) watch.faultsOf(line).add("declared");
    if (broken === false) watch.faultsOf(line).delete("declared");
    // Other pipelines prove a token anew, and the overlap counts from then.
    const disturbs = ["return", "removal", "share", "unshare", "rename", "move", "proof"].includes(edit.kind);
    if (broken !== undefined || disturbs) watch.disturb([line, sharerOf("at" in edit ? edit.at : 0)]);
    if (edit.kind === "move") watch.disturb([nameOf(edit.to)]);
  }

  /** An account whose history an edit rewrote does nothing until its calendar has it again, or its tokens are dead. */
  #rewritten(gone: readonly Rewrite[], after: Declaration): void {
    const { watch } = this;
    for (const { account, generation } of gone) {
      const line = watch.lines.of(account);
      this.#missing.set(line, new Set([...(this.#missing.get(line) ?? []), generation]));
      watch.faultsOf(line).add("rewritten");
    }
    for (const [line, missing] of this.#missing) {
      const block = after.accounts.find(({ name }) => watch.lines.of(name) === line);
      const declared = block === undefined ? [] : this.#generationsOf(block, after);
      for (const generation of missing)
        if (declared.includes(generation) || !this.#lives(line, generation)) missing.delete(generation);
      if (missing.size > 0) continue;
      this.#missing.delete(line);
      watch.faultsOf(line).delete("rewritten");
      watch.disturb([line]);
    }
  }

  #generationsOf({ name }: AccountBlock, declaration: Declaration): readonly string[] {
    const settings = settingsOf(declaration);
    const account = settings?.accounts.find((one) => one.name === name);
    if (settings === undefined || account === undefined) return [];
    return generations(account, settings.freezes, this.clock.today()).map((one) => one.name);
  }

  #lives(line: string, generation: string): boolean {
    const { ledger, lines } = this.watch;
    return [...ledger.tokens.values()].some(
      ({ id, mark }) =>
        ledger.isAlive(id) &&
        (mark === undefined
          ? generation === adopted && line.startsWith(nameOf(id - handTokenOf(0)))
          : lines.of(mark.account) === line && mark.generation === generation),
    );
  }

  #mended(line: string): void {
    this.watch.faultsOf(line).delete("declared");
    this.watch.disturb([line]);
  }

  #remember(): void {
    for (const block of this.declaration.accounts) this.#last.set(this.watch.lines.of(block.name), block);
  }
}

/** Whether an edit makes an account's declaration one that cannot be carried out; `false` where it mends that. */
function isBroken(edit: Edit, line: string): boolean | undefined {
  if (edit.kind === "username") return edit.wrong;
  if (edit.kind === "sections") return edit.on;
  if (edit.kind === "claim") return edit.wrong;
  return edit.kind === "rename" && !edit.tells ? edit.to !== line : undefined;
}

function settingsOf(declaration: Declaration): Settings | undefined {
  try {
    return readSettings(rawOf(declaration)).settings;
  } catch {
    return undefined;
  }
}

/** The living generations that an edit takes out of the calendar. */
function lost(before: Declaration, after: Declaration, today: string): readonly Rewrite[] {
  const [one, other] = [settingsOf(before), settingsOf(after)];
  return one === undefined || other === undefined ? [] : rewrites(one, other, today);
}

/** The same with the dates of living generations kept, as plan advises. */
function keeping(declaration: Declaration, gone: readonly Rewrite[]): Declaration {
  const accounts = declaration.accounts.map((block) => {
    const dates = gone.flatMap(({ account, generation }) =>
      account === block.name && /^\d/.test(generation) ? [{ date: generation.slice(0, 10), reason: "it lives" }] : [],
    );
    if (dates.length === 0) return block;
    return { ...block, rotation: { ...block.rotation, extraDates: [...(block.rotation.extraDates ?? []), ...dates] } };
  });
  return { ...declaration, accounts };
}
