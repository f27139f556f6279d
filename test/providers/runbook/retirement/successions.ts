import type { PersonalAccessTokenInputs } from "../../../../contract/personalAccessToken";
import type { Retire, RetirementInputs, RetirementOutputs } from "../../../../contract/retirement";
import type { Consumer } from "../../../../contract/types/places";
import { retirement } from "../../../../providers/runbook/retirement/resource";
import { type Bench, generationInputs, inventory, variable } from "../bench";
import { type State, tokens } from "../tokens";

/** A retirement as a run left it. */
export interface Ended {
  readonly id: string;
  readonly inputs: RetirementInputs;
  readonly outputs: RetirementOutputs;
}

/** A retirement that has a successor. */
export type Succeeded = RetirementInputs & { readonly retire: Retire };

/** What the tests of a token's end do, on the bench of each. */
export function successions(bench: () => Bench) {
  const { created, live, revokeByHand } = tokens(bench);
  const minted = (changes: Partial<PersonalAccessTokenInputs> = {}): Promise<State> =>
    created(generationInputs(changes));

  /** A token, and the one that takes over from it: in the variable, and proven a day later. */
  async function succession({ consumers = [variable], ...more }: Partial<Retire & RetirementInputs> = {}) {
    const { sandbox, tick } = bench();
    const old = await minted();
    tick({ days: 1 });
    const fresh = await minted({ generation: "2026-11-24", expiresAt: "2027-11-24" });
    setVariable(fresh.outputs.token);
    const provedAt = sandbox.clock.now().toISOString();
    const { generation, tokenId = 0, token = "" } = fresh.outputs;
    const { overlapDays = 7, quietHours = 0, external, ...others } = more;
    const retire: Retire = {
      successor: { generation, tokenId, token, provedAt },
      overlapDays,
      quietHours,
      knownTokenIds: [tokenId],
      ...(external === undefined ? {} : { external }),
    };
    return { old, fresh, inputs: endOf(old, { consumers, retire, ...others }) as Succeeded };
  }

  /** A hand-made token whose value no place showed, and the one that took over from it. */
  async function blindSuccession() {
    const scanner = generationInputs({ account: "scanner", userId: 202, expiresAt: "2026-12-14" });
    const adopted = { ...scanner, generation: "adopted", lifecycle: "previous", adoptTokenId: 1202 } as const;
    const before = await minted({ ...adopted, consumers: [] });
    const fresh = await minted(scanner);
    const { tokenId = 0, token = "" } = fresh.outputs;
    const provedAt = bench().sandbox.clock.now().toISOString();
    return { before, fresh, tokenId, successor: { generation: "2026-11-23", tokenId, token, provedAt } };
  }

  /** The first run in which its end is due. */
  async function begun(inputs: RetirementInputs): Promise<Ended> {
    return { inputs, ...(await retirement.create(inputs, bench().context)) };
  }

  /** A later run. */
  async function again(before: Ended, inputs = before.inputs): Promise<Ended> {
    const outputs = await retirement.update?.(before, inputs, bench().context);
    if (outputs === undefined) throw new Error("there is no update");
    return { id: before.id, inputs, outputs };
  }

  function setVariable(value: string | undefined): void {
    const held = heldVariable();
    if (value !== undefined) held.value = value;
  }

  /** The variable as the sandbox holds it. */
  function heldVariable() {
    const held = bench().sandbox.gitlab.state.projects.get(inventory.project)?.variables[0];
    if (held === undefined) throw new Error("the sandbox has no such variable");
    return held;
  }

  /** Has somebody work with a token. */
  async function use(token: string | undefined): Promise<void> {
    await fetch(`${bench().sandbox.gitlab.url}/api/v4/user`, { headers: { "PRIVATE-TOKEN": token ?? "" } });
  }

  /** Has whoever holds a token make another one of it. */
  async function steal(token: string | undefined): Promise<{ readonly id: number; readonly token: string }> {
    const url = `${bench().sandbox.gitlab.url}/api/v4/personal_access_tokens/self/rotate`;
    const stolen = await fetch(url, { method: "POST", headers: { "PRIVATE-TOKEN": token ?? "" } });
    return (await stolen.json()) as { id: number; token: string };
  }

  return {
    minted,
    succession,
    blindSuccession,
    begun,
    again,
    setVariable,
    heldVariable,
    live,
    revokeByHand,
    use,
    steal,
  };
}

/** What the end of a token is told of it. */
export function endOf({ outputs }: State, more: Partial<RetirementInputs> = {}): RetirementInputs {
  const { account, fleet, group, generation, userId, tokenId, token, expiresAt, status, adoptTokenId } = outputs;
  return {
    account,
    fleet,
    ...(group === undefined ? {} : { group }),
    generation,
    userId,
    ...(tokenId === undefined ? {} : { tokenId }),
    ...(token === undefined ? {} : { token }),
    expiresAt,
    status,
    ...(adoptTokenId === undefined ? {} : { adoptTokenId }),
    ...more,
  };
}

/** What the next run would change. */
export function changes(before: Ended, inputs = before.inputs): string[] {
  return Object.keys(retirement.diff?.(before, inputs).changes ?? {});
}

/** The place of an item's field in 1Password. */
export function itemPlace({ sandbox }: Bench, fieldId: string): Consumer {
  const [item] = sandbox.onepassword.items("Security", inventory.title);
  return { kind: "item", vaultUuid: item?.vault.id ?? "", itemUuid: item?.id ?? "", fieldId };
}
