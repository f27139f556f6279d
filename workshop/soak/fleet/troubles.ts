import type { Sandbox } from "../../sandbox/controls";
import type { Exchange } from "../../sandbox/traffic";
import { variableKey } from "../../sandbox/worlds/fleet";
import type { Watch } from "../watching/watch";
import { nameOf, projectOf, usernameOf, vault } from "./fleet";
import type { Step } from "./steps";

/** What is not the product's doing: pipelines that fail, places that may not be written, people who act by hand. */
export class Troubles {
  readonly #locks = new Map<string, { readonly path: RegExp; readonly disarm: () => void }>();
  /** Runs with a red pipeline, by account. */
  readonly #redRuns = new Map<number, number>();

  constructor(
    private readonly sandbox: Sandbox,
    private readonly watch: Watch,
  ) {}

  /** Whether a refusal is that of a locked place. */
  isLock({ method, path }: Exchange): boolean {
    return method !== "GET" && [...this.#locks.values()].some((lock) => lock.path.test(decodeURIComponent(path)));
  }

  /** Makes an account's pipelines fail, or lets them be. */
  pipeline(at: number, red: boolean): void {
    const { gitlab } = this.sandbox;
    const faults = this.watch.faultsOf(nameOf(at));
    if (red) {
      gitlab.armJob(projectOf(at), "work", { does: "fail" });
      faults.add("red");
      this.#redRuns.set(at, 0);
    } else {
      gitlab.disarmJob(projectOf(at), "work");
      faults.delete("red");
      this.watch.disturb([nameOf(at)]);
    }
  }

  /** A run has ended. After three with a red pipeline no attempt is left until the next rotation. */
  countRed(sees: (line: string) => boolean): void {
    for (const [at, count] of this.#redRuns) {
      if (!sees(nameOf(at))) continue;
      const faults = this.watch.faultsOf(nameOf(at));
      if (faults.has("red")) {
        this.#redRuns.set(at, count + 1);
        if (count + 1 >= 2) faults.add("gave up");
      } else if (this.#isProven(at)) faults.delete("gave up");
    }
  }

  /** Has writes of a place refused, or lets them through again. */
  lock({ at, place, locked }: Step & { do: "lock" }): void {
    const key = `${at} ${place}`;
    this.#locks.get(key)?.disarm();
    this.#locks.delete(key);
    const faults = this.watch.faultsOf(nameOf(at));
    if (!locked) {
      if (![...this.#locks.keys()].some((other) => other.startsWith(`${at} `))) faults.delete("locked");
      this.watch.disturb([nameOf(at)]);
      return;
    }
    const item = this.sandbox.onepassword.items(vault, nameOf(at))[0]?.id ?? "none";
    const path =
      place === "item"
        ? new RegExp(`/items/${item}$`)
        : new RegExp(`/projects/${projectOf(at).replace("/", "(?:/|%2F)")}/variables(/${variableKey})?$`);
    const fault = { kind: "server-error", status: 403 } as const;
    const times = Number.POSITIVE_INFINITY;
    const disarm = (["PUT", "PATCH", "POST"] as const).map((method) =>
      this.sandbox.traffic.inject({ fault, method, path, times }),
    );
    this.#locks.set(key, {
      path,
      disarm: () => {
        for (const one of disarm) one();
      },
    });
    faults.add("locked");
  }

  /** What somebody does by hand. */
  hand({ at, act }: Step & { do: "hand" }): void {
    const line = nameOf(at);
    const made: number[] = [];
    const { state } = this.sandbox.gitlab;
    const variables = state.projects.get(projectOf(at))?.variables ?? [];
    const own = variables.findIndex(({ key }) => key === variableKey);
    if (act === "edit" && variables[own]) variables[own].value = "pasted-by-hand";
    if (act === "delete" && own >= 0) variables.splice(own, 1);
    if (act === "rotate") made.push(...this.#rotate(line));
    if (act === "revoke old") this.#revokeOld(at);
    else this.watch.faultsOf(line).add("by hand");
    this.watch.disturb([line]);
    this.watch.byHand(made);
  }

  /** As GitLab's own button does it: the old token is dead at once, and nobody stores the new one. */
  #rotate(line: string): readonly number[] {
    const { tokens, nextId } = this.#state;
    const block = this.watch.blockOf(line);
    const standing = block && this.watch.ledger.standing(block);
    const token = standing === undefined ? undefined : tokens.byId(standing);
    if (token === undefined) return [];
    token.revoked = true;
    const { userId, name, description, scopes, expiresAt } = token;
    const id = nextId("token", 1001);
    return [tokens.issue({ id, userId, name, description, scopes, expiresAt, rotatedFrom: token.id }).id];
  }

  #revokeOld(at: number): void {
    const inPlace = new Set([...this.watch.ledger.held.values()].map(({ tokenId }) => tokenId));
    const old = this.sandbox.gitlab.liveTokens(usernameOf(at)).find(({ id }) => !inPlace.has(id));
    if (old !== undefined) old.revoked = true;
  }

  /** Whether its places hold its newest token, and that is proven. */
  #isProven(at: number): boolean {
    const { ledger, lines, declaration } = this.watch;
    const block = this.watch.blockOf(nameOf(at));
    const standing = block && ledger.standing(block);
    if (standing === undefined || ledger.of(standing).provenAt === undefined) return false;
    const own = [...ledger.tokens.values()].filter((token) => lines.ofToken(token, declaration.fleet) === nameOf(at));
    return Math.max(...own.map(({ id }) => id)) === standing;
  }

  get #state() {
    const { state } = this.sandbox.gitlab;
    return { tokens: state.tokens, nextId: (kind: string, first: number) => state.nextId(kind, first) };
  }
}
